"""Phase sets as numbers: PS; where that is missing PSL (VCF 4.4), or PID of GATK. Names get negative numbers.

Where PS and PSL contradict each other, records are in phase only if they agree in both.
"""

from collections.abc import Iterator, Mapping, Sequence

from trdpgx.intake.validate.values import MISSING, read_natural

KEYS = ("PS", "PSL", "PID")
"""The FORMAT keys that name a phase set, the first that does so before the others."""
_NOTHING = frozenset({b"", b"."})


class PhaseSets:
    """The phase sets of one input."""

    def __init__(self) -> None:
        self._named: dict[tuple[str, bytes], int] = {}
        self._pairs: dict[tuple[int, str, int | bytes], int | bytes] = {}

    def numbers(self, fields: Mapping[str, Sequence[bytes]], samples: int) -> Iterator[int]:
        """Yield the phase set of each sample of each record, ``MISSING`` where no key names one.

        ``fields`` are texts by key, in the order of ``KEYS``.
        """
        keys = tuple(fields)
        for number_of_text, texts in enumerate(zip(*fields.values(), strict=True)):
            if keys[:2] == KEYS[:2] and _NOTHING.isdisjoint(texts[:2]):
                number = self._number("PS", texts[0])
                contradict = self._contradict(number_of_text % samples, number, texts[1])
                yield self._name("PS and PSL", b"%d=%b" % (number, texts[1])) if contradict else number
                continue
            numbers = (self._number(key, text) for key, text in zip(keys, texts, strict=True) if text not in _NOTHING)
            yield next(numbers, MISSING)

    def _contradict(self, sample: int, number: int, names: bytes) -> bool:
        """Whether a record of a sample with this PS had another PSL, or one with this PSL another PS."""
        by_number = self._pairs.setdefault((sample, "PS", number), names)
        return by_number != names or self._pairs.setdefault((sample, "PSL", names), number) != number

    def _number(self, key: str, text: bytes) -> int:
        """Return the number of a set: its own if it is one, else a negative one for its name.

        PSL has a name an allele, ``.`` for one that is not phased. Records with one list are in phase with each other; a list with a dot is
        a set of its own: it orders nothing.
        """
        if key == "PS":
            number = read_natural(text)
            return number if number != MISSING else self._name(key, text)
        if key == "PSL":
            return self._name(key, b"%d" % len(self._named) if b"." in text.split(b",") else b"=" + text)
        return self._name(key, text)

    def _name(self, key: str, text: bytes) -> int:
        return self._named.setdefault((key, text), -len(self._named) - 1)
