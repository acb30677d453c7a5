"""Which form of a report the Accept header asks for (RFC 9110, section 12.5.1)."""

from enum import StrEnum


class Form(StrEnum):
    """A form that reports can be had in, by its media type."""

    JSON = "application/json"
    NDJSON = "application/x-ndjson"
    TEXT = "text/plain"


class Accept:
    """A parsed Accept header. An empty one accepts everything."""

    def __init__(self, header: str | None) -> None:
        """Parse the header; a range with a malformed weight counts as not given."""
        self._weights: dict[str, float] = {}
        for part in (header or "*/*").split(","):
            name, *parameters = (piece.strip().lower() for piece in part.split(";"))
            weight = _weight(parameters)
            if name and weight is not None:
                self._weights[name] = weight

    def forms(self) -> tuple[Form, ...]:
        """Return the forms that are accepted at all."""
        return tuple(form for form in Form if self._rank(form)[0] > 0)

    def choose(self) -> Form:
        """Return the best form: by weight, then by how exactly it was asked for, then JSON.

        Raises ``ValueError`` where none is accepted.
        """
        return max(self.forms(), key=self._rank)

    def _rank(self, form: Form) -> tuple[float, int]:
        """Return the weight of the most exact range that matches, and how exact it is."""
        ranges = ("*/*", form.value.split("/")[0] + "/*", form.value)
        matches = [(exactness, self._weights[name]) for exactness, name in enumerate(ranges) if name in self._weights]
        if not matches:
            return 0.0, 0
        exactness, weight = max(matches)
        return weight, exactness


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
