"""A change of sequence: trimmed to what differs, and slid along the repeat in which it is the same change.

A variant has many spellings in VCF and one meaning (Tan et al. 2015, doi:10.1093/bioinformatics/btv112).
"""

from collections.abc import Callable, Iterator

from msgspec import Struct

Bases = Callable[[int], str]
"""The base at a position; empty, or another letter than ACGT, where it is not known."""


class Edit(Struct, frozen=True):
    """The bases ``ref`` from ``start`` on become ``alt``. An insertion has an empty ``ref`` and stands before ``start``.

    ``start`` counts in whatever coordinates its owner uses (a chromosome from 1, a track along a gene).
    """

    start: int
    ref: str
    alt: str

    @property
    def end(self) -> int:
        """The position behind the last replaced base; ``start`` for an insertion."""
        return self.start + len(self.ref)

    @property
    def is_substitution(self) -> bool:
        """Whether one base becomes another."""
        return len(self.ref) == 1 == len(self.alt)

    @property
    def is_insertion(self) -> bool:
        """Whether bases are only added."""
        return not self.ref

    @property
    def is_deletion(self) -> bool:
        """Whether bases are only taken away."""
        return not self.alt

    def runs(self) -> list["Edit"]:
        """Return the intervals that change, without the bases between them that stay: itself, unless REF and ALT are equally long."""
        if len(self.ref) != len(self.alt) or len(self.ref) == 1:
            return [self]
        changed = [self.start + at for at, (old, new) in enumerate(zip(self.ref, self.alt, strict=True)) if old != new]
        firsts = [at for at in changed if at - 1 not in changed]
        lasts = [at for at in changed if at + 1 not in changed]
        return [self.part(first, last + 1) for first, last in zip(firsts, lasts, strict=True)]

    def part(self, start: int, end: int) -> "Edit":
        """Return the part of an edit of equal length that lies in ``[start, end)``."""
        low, high = start - self.start, end - self.start
        return Edit(start, self.ref[low:high], self.alt[low:high])

    def touches(self, start: int, end: int) -> bool:
        """Whether a base of ``[start, end)`` is changed, or bases are put between two of them."""
        return start < self.start < end if self.is_insertion else start < end and self.start < end and self.end > start

    def to_left(self, bases: Bases) -> Iterator["Edit"]:
        """Yield the same change one base further left at a time, while the bases there allow it; nothing unless it is an indel."""
        start, moving = self.start, self.ref or self.alt
        while moving and not (self.ref and self.alt) and bases(start - 1) == moving[-1]:
            start, moving = start - 1, moving[-1] + moving[:-1]
            yield self._slid(start, moving)

    def to_right(self, bases: Bases) -> Iterator["Edit"]:
        """Yield the same change one base further right at a time, while the bases there allow it; nothing unless it is an indel."""
        start, moving = self.start, self.ref or self.alt
        while moving and not (self.ref and self.alt) and bases(start + len(self.ref)) == moving[0]:
            start, moving = start + 1, moving[1:] + moving[0]
            yield self._slid(start, moving)

    def _slid(self, start: int, moving: str) -> "Edit":
        return Edit(start, moving, "") if self.ref else Edit(start, "", moving)


def trim(start: int, ref: str, alt: str) -> Edit:
    """Take off the bases that REF and ALT share at their ends, those at the end first, so that an indel in a repeat stands left."""
    behind = shared(ref[::-1], alt[::-1])
    ref, alt = ref[: len(ref) - behind], alt[: len(alt) - behind]
    before = shared(ref, alt)
    return Edit(start + before, ref[before:], alt[before:])


def shared(one: str, other: str) -> int:
    """Return how many letters two texts begin with in common, found by halves: a long allele costs no loop over its bases."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one.startswith(other[low:middle], low):
            low = middle
        else:
            high = middle - 1
    return low
