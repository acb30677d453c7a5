"""Variants of a pharmacogene that no named allele is defined by, and that may still change its function.

A ``*1`` that was called because nothing else was seen may not be normal then: the gene gets a caveat, never another phenotype.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct

from trdpgx.calling.consequence.placement import Placed, locate
from trdpgx.calling.consequence.region import FLANK
from trdpgx.calling.consequence.track import Track, track_of
from trdpgx.calling.rare_variants.observe import Observed
from trdpgx.calling.rare_variants.qualify import rarity_of
from trdpgx.model.consequence import Impact
from trdpgx.model.edit import Edit
from trdpgx.model.genome import PanelSite
from trdpgx.model.rare import QualifyingRule, Rarity
from trdpgx.model.region import Interval, RegionRecord
from trdpgx.model.transcript import Transcript

STRUCTURAL_LENGTH = 50
"""An insertion of this many bases is as large as a structural variant; no named allele is defined by the symbolic form of one."""

Change: TypeAlias = tuple[Edit, ...]
"""Every equivalent placement of an allele: equal for two spellings of one change."""


class Defined(Struct, frozen=True):
    """What the sites of a gene define: the changes, and how the sites themselves spell them (1-based position, REF, ALT).

    ``around`` is the interval within which an allele has a consequence on the gene.
    """

    around: Interval
    changes: frozenset[Change]
    spellings: frozenset[tuple[int, str, str]]


def defined_by(transcript: Transcript, sites: Iterable[PanelSite]) -> Defined:
    """Return what sites of the gene define: the same for every sample."""
    track = track_of(transcript)
    spelled = ((site.pos, site.ref, alt) for site in sites for alt in site.alts)
    changes = {spelling: change for spelling in spelled if (change := _change(track, *spelling))}
    start, end = transcript.span
    around = Interval(transcript.chrom, start - FLANK, end + FLANK)
    return Defined(around, frozenset(changes.values()), frozenset(changes))


def is_defined(record: RegionRecord, index: int, defined: Defined) -> bool:
    """Return whether an ALT (by its index, from 0) is away from the gene, or spelled as a site spells it.

    That holds for most alleles that people carry, and then no consequence has to be worked out to know that they are defined.
    """
    chrom, start, end = defined.around
    by_gene = record.chrom == chrom and record.pos <= end and record.pos + len(record.ref) >= start
    return not by_gene or (record.pos, record.ref, record.alts[index]) in defined.spellings


def undefined_variants(
    transcript: Transcript, observed: Sequence[Observed], defined: Defined, rule: QualifyingRule
) -> tuple[Observed, ...]:
    """Return the variants of HIGH impact, and the rare or long ones of MODERATE impact, whose change is not defined.

    Rare means below the rule's cut-off, long means of ``STRUCTURAL_LENGTH`` bases or more. A MODERATE variant of unknown frequency
    that is not long is left out; HIGH and long ones of any frequency are kept.
    """
    return not_defined(transcript, [variant for variant in observed if _counts(variant, rule)], defined)


def not_defined(transcript: Transcript, observed: Sequence[Observed], defined: Defined) -> tuple[Observed, ...]:
    """Return the variants whose change is not among the defined ones."""
    if not observed:
        return ()
    track = track_of(transcript)
    records = ((variant, variant.call.record) for variant in observed)
    return tuple(variant for variant, record in records if _change(track, record.pos, record.ref, variant.alt) not in defined.changes)


def _counts(variant: Observed, rule: QualifyingRule) -> bool:
    impacts = variant.consequence.impacts
    if Impact.HIGH in impacts:
        return True
    is_long = len(variant.alt) - len(variant.call.record.ref) >= STRUCTURAL_LENGTH
    return Impact.MODERATE in impacts and (is_long or rarity_of(variant.frequency, rule) is Rarity.RARE)


def _change(track: Track, pos: int, ref: str, alt: str) -> Change | None:
    placed = locate(track, pos, ref, alt)
    return placed.placements if isinstance(placed, Placed) else None
