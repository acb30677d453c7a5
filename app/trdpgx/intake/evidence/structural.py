"""Copy-number and structural records over panel genes, for each sample."""

import re
from collections.abc import Sequence

from msgspec import Struct

from trdpgx.intake.genotypes.edits import is_sequence
from trdpgx.intake.genotypes.panel_genotypes import PanelGenotypes
from trdpgx.intake.validate.quality import Soundness
from trdpgx.intake.validate.record import UNREADABLE, Record
from trdpgx.intake.vcf.alleles import LONG_DELETION, UNSEEN_ALLELES, record_end
from trdpgx.model.edit import trim
from trdpgx.model.genome import NoCallReason, Panel, StructuralRecord
from trdpgx.model.region import GeneRegion

_NEAR = 0.25
"""A real number of copies (CN of VCF 4.4) that is at most so far from a whole one is that one."""
_UNSOUND = {Soundness.NO_READS: NoCallReason.NO_READS, Soundness.LOW_QUALITY: NoCallReason.LOW_QUALITY}
_INFO_CN = re.compile(rb"(?:^|;)CN=([0-9.,eE+-]{1,200})(?:;|$)")
_NUMBER = re.compile(rb"[0-9]{1,4}(?:\.[0-9]{0,9})?")


class _Event(Struct, frozen=True):
    """One allele of a record over one gene; ``allele`` is 0 where the record has a copy number and no allele."""

    record: int
    allele: int
    gene: str
    kind: str
    start: int
    end: int


class StructuralReader:
    """Finds structural records over the genes of a panel."""

    def __init__(self, panel: Panel, genotypes: PanelGenotypes) -> None:
        self._genotypes = genotypes
        self._events = [
            event
            for number, record in enumerate(genotypes.records)
            if _may_be_structural(record)
            for event in _events(panel, number, record)
        ]
        self._known: list[dict[object, StructuralRecord | None]] = [{} for _ in self._events]

    def records(self, sample: int) -> tuple[StructuralRecord, ...]:
        """Return the structural records of one sample: all of the only one, else those with GT or CN, missing ones included."""
        found = [self._of(number, event, sample) for number, event in enumerate(self._events)]
        return tuple([record for record in found if record is not None])

    def _of(self, number: int, event: _Event, sample: int) -> StructuralRecord | None:
        """Return an event as a sample has it; of a cohort most samples have the same."""
        if self._genotypes.samples == 1:
            return self._record(event, sample)
        known, key = self._known[number], self._genotypes.signature(event.record, sample)
        if key not in known:
            known[key] = self._record(event, sample)
        return known[key]

    def _record(self, event: _Event, sample: int) -> StructuralRecord | None:
        genotypes = self._genotypes
        alleles = genotypes.alleles(event.record, sample)
        copies = genotypes.real("CN", event.record, sample)
        estimated = genotypes.real("RD_CN", event.record, sample)
        record = genotypes.records[event.record]
        stated = _stated(record, event.allele)
        if genotypes.samples > 1 and alleles is None and copies is None and estimated is None and not record.copy_number:
            return None
        known = alleles is not None and any(allele >= 0 for allele in alleles[0])
        failed = [name for name in record.filters if name != "PASS"]
        own = genotypes.filter(event.record, sample)
        if own is not None and own != "PASS":
            failed.append(own)
        whole = None if copies is None or abs(copies - round(copies)) > _NEAR else round(copies)
        return StructuralRecord(
            gene=event.gene,
            kind=event.kind,
            chrom=record.chrom,
            start=event.start,
            end=event.end,
            copy_number=whole,
            genotype=_text(alleles),
            alt_count=alleles[0].count(event.allele) if alleles is not None and known and event.allele else None,
            filter=";".join(failed) or None,
            estimate=copies if whole is None else None,
            stated=stated if known or genotypes.samples == 1 else None,
            read_depth=estimated,
            unsound=_UNSOUND.get(genotypes.soundness(event.record, sample)),
        )


def _stated(record: Record, allele: int) -> float | None:
    """Return INFO/CN of an allele: one number for each ALT (VCF 4.4), or one for the record (before)."""
    found = _INFO_CN.search(record.info) if b"CN=" in record.info else None
    if found is None:
        return None
    numbers = found[1].split(b",")
    text = numbers[allele - 1] if 0 < allele <= len(numbers) > 1 else numbers[0]
    return float(text) if _NUMBER.fullmatch(text) else None


def _text(alleles: tuple[tuple[int, ...], bool] | None) -> str | None:
    if alleles is None:
        return None
    return ("|" if alleles[1] else "/").join("." if allele < 0 else str(allele) for allele in alleles[0])


def _may_be_structural(record: Record) -> bool:
    """Whether an allele may be structural: most records spell all of theirs, and short ones."""
    return not record.spelled or len(record.ref) > LONG_DELETION


def _events(panel: Panel, number: int, record: Record) -> list[_Event]:
    events = []
    for allele, alt in enumerate(record.alts, start=1):
        span = _span(record, allele, alt)
        if span is not None:
            kind, start, end = span
            events += [_Event(number, allele, region.gene, kind, start, end) for region in _regions(panel, record.chrom, start, end)]
    if not events and (record.kind is not None or record.copy_number) and not any(is_sequence(alt) for alt in record.alts):
        kind, start = record.kind or "CNV", record.pos + (record.end > record.pos)
        events = [_Event(number, 0, region.gene, kind, start, record.end) for region in _regions(panel, record.chrom, start, record.end)]
    return events


def _span(record: Record, allele: int, alt: str) -> tuple[str, int, int] | None:
    """Return kind, first and last base of a structural allele; ``None`` for any other. POS of a symbolic one is the base before it."""
    if alt in UNSEEN_ALLELES or alt in {"*", UNREADABLE}:
        return None
    if alt.startswith("<"):
        lengths = record.lengths[allele - 1 : allele] or record.lengths[:1]
        end = record.end
        if end <= record.pos and lengths:
            end = record_end(record.pos, 1, lengths=() if alt.startswith("<INS") else lengths)
        return alt.strip("<>"), min(record.pos + 1, max(end, record.pos)), max(end, record.pos)
    if not is_sequence(alt):
        return "BND", record.pos, record.pos
    if len(record.ref) - len(alt) < LONG_DELETION:
        return None
    deletion = trim(record.pos, record.ref, alt)
    return "DEL", deletion.start, deletion.end - 1


def _regions(panel: Panel, chrom: str, start: int, end: int) -> Sequence[GeneRegion]:
    return [region for region in panel.regions if region.chrom == chrom and region.start <= end and start <= region.end]
