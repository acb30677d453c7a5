"""The reading of one row at one site in one sample, or the reason why there is none, with the alleles that the row shows even so."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from trdpgx.intake.genotypes.edits import is_sequence
from trdpgx.intake.genotypes.panel_genotypes import PanelGenotypes
from trdpgx.intake.genotypes.site_index import DELETED, STAR, SYMBOLIC
from trdpgx.intake.genotypes.site_reading import RecordPart, SiteReading
from trdpgx.intake.genotypes.site_records import SiteRecord
from trdpgx.intake.validate.quality import Soundness
from trdpgx.intake.validate.record import Record
from trdpgx.model.genome import NoCallReason, PanelSite

SPECIAL = frozenset({DELETED, STAR, SYMBOLIC})
"""Effects that are no bases."""
ALT_AS_REF = "ALT as REF"
"""What is shown by an allele whose ALT is spelled as REF."""
_PRINTABLE = re.compile(r"<[0-9A-Za-z_:*]{1,30}>")
_REFUSED = frozenset({NoCallReason.FILTERED, NoCallReason.NO_READS, NoCallReason.LOW_QUALITY})


class NoReading(NamedTuple):
    """Why a row gives no reading, the alleles other than the reference that it shows, and the one allele of a haploid genotype."""

    reason: NoCallReason
    shown: tuple[str, ...] = ()
    haploid: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the row's own filter or quality refuses what it shows."""
        return self.reason in _REFUSED


def read(genotypes: PanelGenotypes, site: PanelSite, row: SiteRecord, sample: int) -> SiteReading | NoReading:
    """Return what a row states."""
    genotype = genotypes.alleles(row.record, sample)
    if genotype is None:
        return NoReading(NoCallReason.REF_MISMATCH if row.mismatch else NoCallReason.NO_GENOTYPE)
    alleles, phased = genotype
    effects, record = row.effects, genotypes.records[row.record]
    reason = _reason(genotypes, row, alleles, sample)
    if reason is not None:
        haploid = (
            (effects[alleles[0]],) if reason is NoCallReason.PLOIDY and len(alleles) == 1 and effects[alleles[0]] not in SPECIAL else ()
        )
        return NoReading(reason, shown_alleles(site, record, row, alleles), haploid)
    first, second = (None if allele < 0 else effects[allele] for allele in alleles)
    same = sum(effects[allele] == effects[0] for allele in alleles if allele > 0)
    phase_set = genotypes.number("PS", row.record, sample)
    part = None
    if row.part_of is not None:
        one, other = (record.alts[allele - 1] if allele > 0 else None for allele in alleles)
        part = RecordPart(row.part_of, frozenset(record.alts), (one, other))
    return SiteReading(row.record, (first, second), phased, phase_set, row.expresses, row.universal, same, part)


def _reason(genotypes: PanelGenotypes, row: SiteRecord, alleles: Sequence[int], sample: int) -> NoCallReason | None:
    """Return why a genotype cannot be read; the first reason that holds."""
    soundness = genotypes.soundness(row.record, sample)
    void = bool(row.void) and (len(row.void) == len(genotypes.records[row.record].alts) or not row.void.isdisjoint(alleles))
    reasons = (
        (not genotypes.passed(row.record, sample), NoCallReason.FILTERED),
        (all(allele < 0 for allele in alleles), NoCallReason.REF_MISMATCH if row.mismatch else NoCallReason.MISSING),
        (soundness is Soundness.NO_READS, NoCallReason.NO_READS),
        (soundness is Soundness.LOW_QUALITY, NoCallReason.LOW_QUALITY),
        (row.mismatch, NoCallReason.REF_MISMATCH),
        (void, NoCallReason.CONFLICT),
        (len(alleles) != 2, NoCallReason.PLOIDY),
    )
    return next((reason for holds, reason in reasons if holds), None)


def shown_alleles(site: PanelSite, record: Record, row: SiteRecord, alleles: Sequence[int]) -> tuple[str, ...]:
    """Return the alleles other than the reference that a genotype shows at a site, each once."""
    if row.mismatch:
        found = [_mismatched(site, record, row, allele) for allele in alleles if allele >= 0]
    else:
        found = [
            ALT_AS_REF if allele in row.void else name_of(row.effects[allele], record.alts[allele - 1]) for allele in alleles if allele > 0
        ]
    return tuple(dict.fromkeys(name for name in found if name != site.ref))


def name_of(effect: str, alt: str) -> str:
    """Return how an effect is written in a report: ``*`` for a deletion, a symbolic ALT as it is unless it holds free text."""
    if effect == SYMBOLIC:
        return alt if _PRINTABLE.fullmatch(alt) else "<BND>" if "[" in alt or "]" in alt else "<OTHER>"
    return STAR if effect == DELETED else effect


def _mismatched(site: PanelSite, record: Record, row: SiteRecord, allele: int) -> str:
    """Return what an allele of a record whose REF is not the reference shows: the bases that it has at the site, where they are plain.

    Its REF is shown where it is a known variant of the site: a file may have REF and ALT the wrong way round. Any other REF is a fault of
    the file, and no allele of the person.
    """
    text = record.ref if allele == 0 else record.alts[allele - 1]
    start = site.pos - record.pos
    if not site.is_indel and start >= 0 and is_sequence(text) and len(text) == len(record.ref) >= start + len(site.ref):
        bases = text[start : start + len(site.ref)]
        return bases if allele or bases in site.alts else site.ref
    return name_of(row.effects[allele], text) if allele else site.ref
