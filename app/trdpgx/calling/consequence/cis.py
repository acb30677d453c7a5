"""The combined consequence of several alleles of one haplotype, where the protein depends on all of them.

Two changes in one codon give a codon that neither gives alone, and a second indel can restore the frame that the first one shifted.
Such alleles are applied to the coding sequence together. Phase has to be known: callers pass the alleles of one haplotype.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec import Struct

from trdpgx.calling.consequence import nucleotide
from trdpgx.calling.consequence.engine import conclude, read
from trdpgx.calling.consequence.placement import Placed, locate
from trdpgx.calling.consequence.region import CodingEdit, Region, region_of
from trdpgx.calling.consequence.track import Track, track_of
from trdpgx.model.consequence import Consequence
from trdpgx.model.edit import Edit
from trdpgx.model.nucleotides import UNKNOWN_BASE
from trdpgx.model.transcript import Transcript


class Allele(NamedTuple):
    """A VCF allele: 1-based position, REF and ALT on the plus strand."""

    pos: int
    ref: str
    alt: str


class Together(Struct, frozen=True):
    """The combined consequence of alleles of one haplotype. ``members`` are their indices in the argument, in its order."""

    members: tuple[int, ...]
    consequence: Consequence


class _CodingAllele(Struct, frozen=True):
    """One allele: its index in the argument, and its edit of the coding sequence."""

    index: int
    placed: Placed
    region: Region
    edit: CodingEdit


def read_together(transcript: Transcript, alleles: Sequence[Allele]) -> tuple[Together, ...]:
    """Return the groups of alleles of one haplotype that have to be combined; an allele with an effect of its own is in no group."""
    if len(alleles) < 2:
        return ()
    track = track_of(transcript)
    members = sorted(_coding_members(track, alleles), key=lambda member: (member.edit.start, member.edit.end))
    combined = []
    for group in _groups(members):
        together = _combined(track, group)
        if together is not None:
            combined.append(Together(tuple(sorted(member.index for member in group)), together))
    return tuple(combined)


def _coding_members(track: Track, alleles: Sequence[Allele]) -> list[_CodingAllele]:
    """Return the alleles that change coding bases and keep start codon and splice sites."""
    members = []
    for index, allele in enumerate(alleles):
        placed = locate(track, *allele)
        region = region_of(track, placed.as_written) if isinstance(placed, Placed) else None
        if isinstance(placed, Placed) and region is not None and region.coding is not None and region.coding.start >= len("ATG"):
            members.append(_CodingAllele(index, placed, region, region.coding))
    return members


def _groups(members: Sequence[_CodingAllele]) -> list[list[_CodingAllele]]:
    """Return groups of neighbours that share a codon, or that together restore the frame; single alleles are left out."""
    groups: list[list[_CodingAllele]] = []
    at = 0
    while at < len(members):
        behind = _group_end(members, at)
        if behind - at > 1:
            groups.append(list(members[at:behind]))
        at = behind
    return groups


def _group_end(members: Sequence[_CodingAllele], first: int) -> int:
    """Return the index after the group that starts at ``first``."""
    shift, behind = members[first].edit.growth, first + 1
    for at in range(first + 1, len(members)):
        previous, edit = members[at - 1].edit, members[at].edit
        if edit.start < previous.end:
            return behind
        near = edit.start // 3 <= max(previous.end - 1, previous.start) // 3
        if not near and shift % 3 == 0:
            return behind
        shift += edit.growth
        if near or shift % 3 == 0:
            behind = at + 1
    return behind


def _combined(track: Track, group: Sequence[_CodingAllele]) -> Consequence | None:
    """Return a group as one edit; ``None`` if a base between its members is needed and unknown."""
    first, last = group[0].edit, group[-1].edit
    ref, alt, at = "", "", first.start
    for member in group:
        between = track.coding_bases[at : member.edit.start]
        ref += between + member.edit.ref
        alt += between + member.edit.alt
        at = member.edit.end
    if UNKNOWN_BASE in alt and len(ref) != len(alt):
        return None
    around = frozenset(term for member in group for term in member.region.terms)
    region = Region(around, CodingEdit(first.start, ref, alt, 0, last.trailer), group[0].region.exon, group[0].region.intron)
    limits = tuple(dict.fromkeys(limit for member in group for limit in member.placed.limits))
    edits, base = _described(track, group)
    return conclude(track, region, read(track, region), nucleotide.describe(track, edits, base), limits)


def _described(track: Track, group: Sequence[_CodingAllele]) -> tuple[list[Edit], Callable[[int], str]]:
    """Return the edits as a description names them: substitutions in one piece, an indel as far 3' as the next edit lets it."""

    def base(at: int) -> str:
        return next((letter for member in group if (letter := member.placed.base(at)) != UNKNOWN_BASE), UNKNOWN_BASE)

    first, last = group[0].placed.as_written, group[-1].placed.as_written
    substitutions = all(member.edit.growth == 0 for member in group) and track.exon(first.start) == track.exon(last.end - 1)
    between = "".join(base(at) for at in range(first.start, last.end)) if substitutions else UNKNOWN_BASE
    if UNKNOWN_BASE not in between:
        alt = list(between)
        for member in group:
            edit = member.placed.as_written
            alt[edit.start - first.start : edit.end - first.start] = edit.alt
        return [Edit(first.start, between, "".join(alt))], base
    edits = [group[-1].placed.most_3_prime]
    for member in reversed(group[:-1]):
        fitting = [edit for edit in member.placed.placements if edit.end < edits[0].start]
        edits.insert(0, fitting[-1] if fitting else member.placed.as_written)
    return edits, base
