"""An allele of VCF on a track: every placement at which it is the same change, and what is not known around it."""

from collections.abc import Mapping
from itertools import islice

from msgspec import Struct

from trdpgx.calling.consequence.track import Track
from trdpgx.model.consequence import Limit
from trdpgx.model.edit import Bases, Edit, trim
from trdpgx.model.nucleotides import UNKNOWN_BASE, reverse_complement

_LETTERS = frozenset("ACGT")
_LONGEST_SLIDE = 1_000


class Placed(Struct, frozen=True):
    """An allele on a track: as written, every equivalent placement from 5' to 3', the bases around, and what limits the answer."""

    as_written: Edit
    placements: tuple[Edit, ...]
    base: Bases
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

    placements, limited = _placements(edit, base)
    return Placed(edit, placements, base, (*limits, Limit.SHIFT_LIMITED) if limited else limits)


def _differences(track: Track) -> Mapping[int, str]:
    """Return the assembly's own bases by track position, on the track's strand."""
    strand = track.transcript.strand
    return {strand * position: base if strand == 1 else reverse_complement(base) for position, base in track.transcript.differences.items()}


def _placements(edit: Edit, base: Bases) -> tuple[tuple[Edit, ...], bool]:
    """Return each equivalent placement from 5' to 3', and whether a base that is not known ended the way 3'."""
    before = [*islice(edit.to_left(base), _LONGEST_SLIDE)]
    placements = (*reversed(before), edit, *islice(edit.to_right(base), _LONGEST_SLIDE))
    is_indel = edit.is_insertion or edit.is_deletion
    return placements, is_indel and base(placements[-1].end) == UNKNOWN_BASE
