"""Which format of a report, and which encoding of it, a request accepts (RFC 9110, section 12.5)."""

from collections.abc import Sequence

from trdpgx.service.encoding import ENCODINGS, Encoding
from trdpgx.service.hello import FormatInfo


class Accept:
    """A parsed Accept header. An empty one accepts everything."""

    def __init__(self, header: str | None) -> None:
        """Parse the header; a range with a malformed weight is ignored."""
        self._weights = _weights(header or "*/*")

    def choose(self, formats: Sequence[FormatInfo]) -> list[FormatInfo]:
        """Return the accepted formats: by weight, then by how exactly the header names them, then in the order given."""
        ranked = {one.name: self._rank(one.media_type) for one in formats}
        return [one for one in sorted(formats, key=lambda one: ranked[one.name], reverse=True) if ranked[one.name][0] > 0]

    def prefers(self, media_type: str, other: str) -> bool:
        """Return whether one media type is preferred to another: by weight, then by how exactly the header names it."""
        return self._rank(media_type) > self._rank(other)

    def _rank(self, media_type: str) -> tuple[float, int]:
        """Return the weight of the most exact range that matches, and how exact it is."""
        ranges = ("*/*", media_type.split("/", maxsplit=1)[0] + "/*", media_type)
        matches = [(exactness, self._weights[name]) for exactness, name in enumerate(ranges) if name in self._weights]
        if not matches:
            return 0.0, 0
        exactness, weight = max(matches)
        return weight, exactness


def choose_encoding(header: str | None, offered: Sequence[Encoding] = ENCODINGS) -> Encoding | None:
    """Return the encoding of a response, by the header Accept-Encoding (RFC 9110, section 12.5.3), or ``None``."""
    weights = _weights(header or "")
    ranked = {name: weights.get(name, weights.get("*", 0.0)) for name in offered}
    best = max(offered, key=lambda name: ranked[name])
    return best if ranked[best] > 0 and ranked[best] >= weights.get("identity", 0.0) else None


def _weights(header: str) -> dict[str, float]:
    """Return the weight of each name in a header; a name with a malformed weight is ignored."""
    weights: dict[str, float] = {}
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = _weight(parameters)
        if name and weight is not None:
            weights[name] = weight
    return weights


def _weight(parameters: list[str]) -> float | None:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return None
            return weight if 0 <= weight <= 1 else None
    return 1.0
