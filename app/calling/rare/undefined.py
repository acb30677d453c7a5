"""Variants of a pharmacogene that no named allele is defined by, and that may still change its function.

A ``*1`` that was called because nothing else was seen may not be normal then: the gene gets a caveat, never another phenotype.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from app.calling.consequence.edit import Edit, Placed, place
from app.calling.consequence.track import Track, track_of
from app.calling.rare.observe import Observed
from app.calling.rare.qualify import rarity_of
from app.model.consequence import Impact
from app.model.genome import PanelSite
from app.model.rare import QualifyingRule, Rarity
from app.model.transcript import Transcript

Change: TypeAlias = tuple[Edit, ...]
"""Every equivalent placement of an allele: equal for two spellings of one change."""


def defined_changes(transcript: Transcript, sites: Iterable[PanelSite]) -> frozenset[Change]:
    """Return the changes that sites of the gene know. They are the same for everybody, and take longer than a person's own variants."""
    track = track_of(transcript)
    return frozenset(change for site in sites for alt in site.alts if (change := _change(track, site.pos, site.ref, alt)))


def undefined_variants(
    transcript: Transcript, observed: Sequence[Observed], defined: frozenset[Change], rule: QualifyingRule
) -> tuple[Observed, ...]:
    """Return the variants of HIGH impact, and the rare ones of MODERATE impact, whose change is not ``defined``.

    Rare is what the rule's cut-off says; a MODERATE variant of unknown frequency is left out, a HIGH one of any frequency is kept.
    """
    found = [variant for variant in observed if _counts(variant, rule)]
    if not found:
        return ()
    track = track_of(transcript)
    records = ((variant, variant.call.record) for variant in found)
    return tuple(variant for variant, record in records if _change(track, record.pos, record.ref, variant.alt) not in defined)


def _counts(variant: Observed, rule: QualifyingRule) -> bool:
    impacts = variant.consequence.impacts
    return Impact.HIGH in impacts or (Impact.MODERATE in impacts and rarity_of(variant.frequency, rule) is Rarity.RARE)


def _change(track: Track, pos: int, ref: str, alt: str) -> Change | None:
    placed = place(track, pos, ref, alt)
    return placed.placements if isinstance(placed, Placed) else None
