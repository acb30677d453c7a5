"""The genotypes of one sample and all else that calling took, as the report holds them; ``trdpgx.intake.earlier`` reads them back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from trdpgx.calling.looked_at import NOWHERE, SearchedRegions
from trdpgx.calling.rare_variants.kept_info import KeptInfo
from trdpgx.calling.rare_variants.observe import InfoFields
from trdpgx.model.basis import Bounds, CarriedVariant, InfoField, ReportBasis, SiteDetails, SiteGenotype, StructuralEvidence
from trdpgx.model.genome import Assembly, Purpose, SampleSites, SiteCall, SiteState, StructuralRecord
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.outside import OutsideCall
from trdpgx.model.patient import Patient
from trdpgx.model.region import CarriedRecord, InfoDefinition, Interval
from trdpgx.model.site_columns import SampleBlock
from trdpgx.model.span import Span, merged


class InputBasis(Struct, frozen=True):
    """What is the same for every sample of an input: the header's INFO lines, targets, the person, and what the operator has set."""

    definitions: Mapping[str, InfoDefinition]
    targets: Sequence[Interval] | None
    patient: Patient | None
    open_from: float
    frequency_file: bool


class BasisWriter:
    """Writes the genotypes and the basis of the samples of one input."""

    def __init__(self, reference: ReferenceLibrary, assembly: Assembly, shared: InputBasis) -> None:
        """Take the reference, the input's assembly, and what its samples share."""
        self._reference = reference
        self._assembly = assembly
        self._shared = shared
        self._kept = KeptInfo(InfoFields(shared.definitions), reference.transcripts[assembly].values())
        self._coding = coding_spans(reference, assembly)
        self._targets = None if shared.targets is None else within(shared.targets, self._coding)

    def write(
        self, block: SampleBlock, number: int, outside: Sequence[OutsideCall], assumed_where: SearchedRegions
    ) -> tuple[tuple[SiteGenotype, ...], ReportBasis]:
        """Return a row for each site of the panel, in its order, and all else that calling took of a sample.

        Absent sites were taken as reference within ``assumed_where``.
        """
        shown = block.calls(number)
        rows = absent_rows(self._reference, self._assembly)
        calls = {site: shown[site] for site in rows if site in shown}  # in the order of the panel
        homozygous = reference_rows(self._reference, self._assembly)
        genotypes = tuple(_genotype(calls[site], homozygous[site]) if site in calls else row for site, row in rows.items())
        return genotypes, self._basis(block.beside(number), calls, outside, assumed_where)

    def _basis(
        self, sample: SampleSites, calls: Mapping[str, SiteCall], outside: Sequence[OutsideCall], assumed_where: SearchedRegions
    ) -> ReportBasis:
        shared = self._shared
        sites = self._reference.sites[self._assembly]
        looked = () if assumed_where == NOWHERE else sites.items()
        carried = tuple(self._carried(one) for one in sample.carried)
        keys = dict.fromkeys(key for one in carried for key in one.info)
        return ReportBasis(
            details=tuple(_details(self._reference, self._assembly, calls.values())),
            looked_at=tuple(name for name, site in looked if _is_absent(calls.get(name)) and assumed_where.shows(site)),
            structural=tuple(_structural(record) for record in sample.structural),
            carried=carried,
            info={key: InfoField(**shared.definitions[key]._asdict()) for key in keys if key in shared.definitions},
            covered=self._targets if sample.covered is None else within(sample.covered, self._coding),
            covered_by=None if sample.covered is None and self._targets is None else "targets" if sample.covered is None else "file",
            outside_calls=tuple(outside),
            context=None if shared.patient is None else shared.patient.context,
            as_of=None if shared.patient is None else shared.patient.as_of,
            open_from=shared.open_from,
            frequency_file=shared.frequency_file,
        )

    def _carried(self, one: CarriedRecord) -> CarriedVariant:
        record = one.record
        return CarriedVariant(
            chrom=record.chrom,
            pos=record.pos,
            ref=record.ref,
            alts=record.alts,
            filters=record.filters,
            record_quality=record.quality,
            info=dict(self._kept.of(record)),
            alleles=one.alleles,
            phased=one.phased,
            phase_set=one.phase_set,
            passed=one.passed,
            sound=one.sound,
            depth=one.depth,
            quality=one.quality,
        )


@lru_cache(maxsize=8)
def absent_rows(reference: ReferenceLibrary, assembly: Assembly) -> Mapping[str, SiteGenotype]:
    """Return the row of each site of the panel where a file does not mention it; it has nothing of a person."""
    return {site.id: SiteGenotype(site=site.id, state=SiteState.ABSENT) for site in reference.panels[assembly].sites}


@lru_cache(maxsize=8)
def reference_rows(reference: ReferenceLibrary, assembly: Assembly) -> Mapping[str, SiteGenotype]:
    """Return the row of each site of the panel where both alleles are the reference's; it has nothing of a person."""
    return {
        site.id: SiteGenotype(site=site.id, state=SiteState.CALLED, alleles=(site.ref, site.ref), phased=True)
        for site in reference.panels[assembly].sites
    }


def within(intervals: Sequence[Interval], coding: Mapping[str, Sequence[Span]]) -> dict[str, tuple[Bounds, ...]]:
    """Return the parts of intervals that lie in coding intervals, in order, those that overlap or touch as one."""
    near: dict[str, list[Span]] = {}
    for interval in intervals:
        near.setdefault(interval.chrom, []).append(Span(interval.start, interval.end))
    parts: dict[str, list[Span]] = {}
    for chrom, wanted in coding.items():
        if chrom in near:
            parts[chrom] = list(_shared(wanted, merged(near[chrom])))
    return {chrom: tuple((span.start, span.end) for span in spans) for chrom, spans in parts.items() if spans}


@lru_cache(maxsize=8)
def coding_spans(reference: ReferenceLibrary, assembly: Assembly) -> dict[str, list[Span]]:
    """Return the coding intervals of a panel by chromosome, in order, those that overlap or touch as one."""
    spans: dict[str, list[Span]] = {}
    for region in reference.panels[assembly].coding:
        spans.setdefault(region.chrom, []).append(Span(region.start, region.end))
    return {chrom: merged(one) for chrom, one in spans.items()}


def _shared(wanted: Sequence[Span], spans: Sequence[Span]) -> Iterator[Span]:
    """Yield what two lists of intervals share, each in order and its intervals apart from each other."""
    at = other = 0
    while at < len(wanted) and other < len(spans):
        start, end = max(wanted[at].start, spans[other].start), min(wanted[at].end, spans[other].end)
        if start <= end:
            yield Span(start, end)
        if wanted[at].end < spans[other].end:
            at += 1
        else:
            other += 1


def _is_absent(call: SiteCall | None) -> bool:
    return call is None or call.state is SiteState.ABSENT


def _genotype(call: SiteCall, homozygous: SiteGenotype) -> SiteGenotype:
    """Return the row of a call: the ``homozygous`` one of the site where that is what was called, as it is of most people."""
    site, state, alleles, phased, phase_set = call.site, call.state, call.alleles, call.phased, call.phase_set
    if state is SiteState.CALLED and phased and phase_set is None and alleles == homozygous.alleles:
        return homozygous
    return SiteGenotype.unchecked({"site": site, "state": state, "alleles": alleles, "phased": phased, "phase_set": phase_set})


def _details(reference: ReferenceLibrary, assembly: Assembly, calls: Iterable[SiteCall]) -> Iterator[SiteDetails]:
    """Yield what calling looks at beside a genotype, and what a variant's row in the report states."""
    sites = reference.sites[assembly]
    for site, _, _, _, _, _, depth, reads, quality, refusal, reason, carried, refused in calls:
        variant = sites[site].purpose is Purpose.VARIANT
        looked_at = bool(reads or reason or carried or refused)
        if looked_at or (variant and (depth is not None or quality is not None or refusal is not None)):
            yield SiteDetails.unchecked(
                {
                    "site": site,
                    "reason": reason,
                    "depth": depth if variant or reads else None,
                    "allele_depths": reads,
                    "quality": quality if variant else None,
                    "filter": refusal if variant else None,
                    "carried": carried,
                    "refused": refused,
                }
            )


def _structural(record: StructuralRecord) -> StructuralEvidence:
    return StructuralEvidence(**{name: getattr(record, name) for name in StructuralEvidence.model_fields})
