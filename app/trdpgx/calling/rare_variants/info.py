"""INFO values of one allele: which of several values belongs to an ALT, and what number it is."""

from collections.abc import Iterable, Mapping

from trdpgx.model.region import InfoDefinition


def value_of(raw: str, definition: InfoDefinition | None, alt_index: int, alts: int) -> str | None:
    """Return the value of one ALT (0-based index); ``None`` where the number of values does not tell which it is, or it is missing."""
    values = raw.split(",")
    number = definition.number if definition is not None else "."
    if number == "R" and len(values) == alts + 1:
        value = values[alt_index + 1]
    elif len(values) == alts:
        value = values[alt_index]
    else:
        return None
    return None if value in {"", "."} else value


def numbers(
    info: Mapping[str, str], definitions: Mapping[str, InfoDefinition], keys: Iterable[str], alt_index: int, alts: int
) -> dict[str, float]:
    """Return the numbers that the keys hold for one ALT; what is no number is left out."""
    values = {}
    for key in keys:
        text = value_of(info[key], definitions.get(key), alt_index, alts) if key in info else None
        number = None if text is None else to_number(text)
        if number is not None:
            values[key] = number
    return values


def to_number(text: str) -> float | None:
    """Return a number, the highest of several joined with ``&`` (VEP and dbNSFP); ``None`` where there is none."""
    parsed = []
    for part in text.split("&"):
        try:
            parsed.append(float(part))
        except ValueError:
            continue
    return max(parsed, default=None)
