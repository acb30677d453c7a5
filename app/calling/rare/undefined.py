"""Variants of a pharmacogene that no named allele is defined by, and that may still change its function.

A ``*1`` that was called because nothing else was seen may not be normal then: the gene gets a caveat, never another phenotype.
"""

from collections.abc import Iterable, Sequence

from app.calling.consequence.edit import Edit, Placed, place
from app.calling.consequence.track import Track, track_of
from app.calling.rare.observe import Observed
from app.calling.rare.qualify import rarity_of
from app.model.consequence import Impact
from app.model.genome import PanelSite
from app.model.rare import QualifyingRule, Rarity
from app.model.transcript import Transcript


def undefined_variants(
    transcript: Transcript, observed: Sequence[Observed], sites: Iterable[PanelSite], rule: QualifyingRule
) -> tuple[Observed, ...]:
    """Return the variants of HIGH impact, and the rare ones of MODERATE impact, that no site of the gene knows.

    Rare is what the rule's cut-off says; a MODERATE variant of unknown frequency is left out, a HIGH one of any frequency is kept.
    """
    found = [variant for variant in observed if _counts(variant, rule)]
    if not found:
        return ()
    track = track_of(transcript)
    defined = {edits for site in sites for alt in site.alts if (edits := _placements(track, site.pos, site.ref, alt))}
    records = ((variant, variant.call.record) for variant in found)
    return tuple(variant for variant, record in records if _placements(track, record.pos, record.ref, variant.alt) not in defined)


def _counts(variant: Observed, rule: QualifyingRule) -> bool:
    impacts = variant.consequence.impacts
    return Impact.HIGH in impacts or (Impact.MODERATE in impacts and rarity_of(variant.frequency, rule) is Rarity.RARE)


def _placements(track: Track, pos: int, ref: str, alt: str) -> tuple[Edit, ...] | None:
    """Return every equivalent placement of an allele: equal for two spellings of one change."""
    placed = place(track, pos, ref, alt)
    return placed.placements if isinstance(placed, Placed) else None
