"""A change of sequence on a track: trimmed to what differs, and slid along the repeats in which it is the same change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trdpgx.calling.consequence.track import Track
from trdpgx.knowledge.reference.codon import UNKNOWN_BASE, reverse_complement
from trdpgx.model.consequence import Limit
from trdpgx.model.nucleotides import trimmed

_LETTERS = frozenset("ACGT")
_LONGEST_SLIDE = 1_000


@dataclass(frozen=True, slots=True)
class Edit:
    """The bases ``ref`` at ``[start, end)`` of a track become ``alt``. An insertion has ``start == end`` and stands before ``start``."""

    start: int
    end: int
    ref: str
    alt: str

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
        return Edit(start, end, self.ref[low:high], self.alt[low:high])

    def touches(self, start: int, end: int) -> bool:
        """Whether a base of ``[start, end)`` is changed, or bases are put between two of them."""
        return start < self.start < end if self.is_insertion else start < end and self.start < end and self.end > start


@dataclass(frozen=True, slots=True)
class Placed:
    """An allele on a track: as given, every equivalent placement from 5' to 3', the bases around, and what limits the answer."""

    given: Edit
    placements: tuple[Edit, ...]
    base: Callable[[int], str]
    limits: tuple[Limit, ...]

    @property
    def most_3_prime(self) -> Edit:
        """The placement that the nomenclature asks for."""
        return self.placements[-1]


def locate(track: Track, pos: int, ref: str, alt: str) -> Placed | Limit | None:
    """Locate a VCF allele (1-based ``pos``, plus strand) on a track.

    ``None`` where REF or ALT is not made of A, C, G and T (symbolic, ``*``, breakend, IUPAC) or they are equal; a ``Limit`` where REF
    contradicts the transcript, or where ALT is the transcript's own allele.
    """
    if not ref or not alt or ref == alt or not _LETTERS.issuperset(ref) or not _LETTERS.issuperset(alt):
        return None
    minus = track.transcript.strand == -1
    start = -(pos + len(ref) - 1) if minus else pos
    if minus:
        ref, alt = reverse_complement(ref), reverse_complement(alt)
    seen = {start + offset: base for offset, base in enumerate(ref)}
    others = _differences(track)
    if any(base not in (track.base(at), others.get(at)) and track.base(at) != UNKNOWN_BASE for at, base in seen.items()):
        return Limit.REFERENCE_MISMATCH
    edit = trim(start, ref, alt)
    changed = range(edit.start, edit.end)
    limits: tuple[Limit, ...] = ()
    if not others.keys().isdisjoint(changed):
        own = "".join(track.base(at) if at in others else seen[at] for at in changed)
        if own == edit.alt:
            return Limit.TRANSCRIPT_ALLELE
        edit, limits = trim(edit.start, own, edit.alt), (Limit.ASSEMBLY_DIFFERENCE,)

    def base(at: int) -> str:
        letter = track.base(at)
        return seen.get(at, UNKNOWN_BASE) if letter == UNKNOWN_BASE else letter

    placements, limited = slide(edit, base)
    return Placed(edit, placements, base, (*limits, Limit.SHIFT_LIMITED) if limited else limits)


def _differences(track: Track) -> Mapping[int, str]:
    """Return the assembly's own bases by track position, on the track's strand."""
    strand = track.transcript.strand
    return {strand * position: base if strand == 1 else reverse_complement(base) for position, base in track.transcript.differences.items()}


def trim(start: int, ref: str, alt: str) -> Edit:
    """Take off the bases that REF and ALT share at their ends, those at the 3' end first."""
    shared, ref, alt = trimmed(ref, alt)
    return Edit(start + shared, start + shared + len(ref), ref, alt)


def slide(edit: Edit, base: Callable[[int], str]) -> tuple[tuple[Edit, ...], bool]:
    """Return each equivalent placement from 5' to 3', and whether a base that is not known ended the way 3'."""
    if not (edit.is_insertion or edit.is_deletion):
        return (edit,), False
    placements = [edit]
    while len(placements) < _LONGEST_SLIDE:
        first = placements[0]
        moving = (first.ref or first.alt)[-1]
        if base(first.start - 1) != moving:
            break
        placements.insert(0, Edit(first.start - 1, first.end - 1, (moving + first.ref)[:-1], (moving + first.alt)[:-1]))
    limited = False
    while len(placements) < 2 * _LONGEST_SLIDE:
        last = placements[-1]
        moving, following = (last.ref or last.alt)[0], base(last.end)
        if following != moving:
            limited = following == UNKNOWN_BASE
            break
        placements.append(Edit(last.start + 1, last.end + 1, (last.ref + moving)[1:], (last.alt + moving)[1:]))
    return tuple(placements), limited
