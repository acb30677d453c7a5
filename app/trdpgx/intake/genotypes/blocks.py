"""Calls of gVCF blocks: the reference where good ones cover all bases of a site, a no-call with its reason where a bad one covers any."""

from collections.abc import Sequence
from typing import NamedTuple

from trdpgx.intake.genotypes.panel_genotypes import PanelGenotypes
from trdpgx.intake.genotypes.site_reading import SiteReading
from trdpgx.intake.genotypes.site_records import SiteRows
from trdpgx.model.genome import NoCallReason, SiteCall, SiteState


class Blocks(NamedTuple):
    """The blocks over a site in one sample. ``bad`` have their reason; ``carrying`` are those that pass and show "any other" allele."""

    good: tuple[int, ...]
    bad: tuple[tuple[int, NoCallReason], ...]
    carrying: tuple[int, ...]


def blocks_over(genotypes: PanelGenotypes, rows: SiteRows, sample: int) -> Blocks:
    """Return the blocks over a site, sorted by whether they show the reference."""
    good, bad, carrying = [], [], []
    for block in rows.blocks:
        reason = _reason(genotypes, block, sample)
        if reason is None:
            good.append(block)
            continue
        bad.append((block, reason))
        genotype = genotypes.alleles(block, sample)
        if genotype is not None and max(genotype[0]) > 0 and genotypes.usable(block, sample):
            carrying.append(block)
    return Blocks(tuple(good), tuple(bad), tuple(carrying))


def _reason(genotypes: PanelGenotypes, block: int, sample: int) -> NoCallReason | None:
    """Return why a block does not show the reference, or ``None`` if it does."""
    genotype = genotypes.alleles(block, sample)
    if genotype is None:
        return NoCallReason.NO_GENOTYPE
    alleles = genotype[0]
    if max(alleles) > 0 and genotypes.usable(block, sample):
        return NoCallReason.SYMBOLIC
    if set(alleles) != {0} or not genotypes.usable(block, sample):
        return NoCallReason.LOW_QUALITY_BLOCK
    return None if len(alleles) == 2 else NoCallReason.PLOIDY


def covers(genotypes: PanelGenotypes, rows: SiteRows, good: Sequence[int], beside: Sequence[SiteReading]) -> bool:
    """Whether good blocks, and the rows beside that show the reference, cover all of a site's REF."""
    site = rows.site
    missing = set(range(site.pos, site.pos + len(site.ref)))
    shown = [genotypes.records[block] for block in good]
    shown += [genotypes.records[one.row] for one in beside if one.complete and one.pair == (site.ref, site.ref)]
    for record in shown if good else ():
        missing = {pos for pos in missing if not record.pos <= pos <= max(record.end, record.ref_end)}
    return not missing


def covered_reference(genotypes: PanelGenotypes, rows: SiteRows, good: Sequence[int], sample: int) -> SiteCall:
    """Return the call that good blocks make, with their least depth and quality."""
    site = rows.site
    depths = [depth for block in good for key in ("MIN_DP", "DP") if (depth := genotypes.number(key, block, sample)) is not None]
    qualities = [quality for block in good if (quality := genotypes.quality(block, sample)) is not None]
    return SiteCall(
        site=site.id,
        state=SiteState.COVERED_REFERENCE,
        alleles=(site.ref, site.ref),
        phased=True,
        depth=min(depths, default=None),
        quality=min(qualities, default=None),
        filter=genotypes.filter_text(good[0], sample),
    )
