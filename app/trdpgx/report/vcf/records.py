"""The records of an annotated VCF, gathered report by report and written in the order of the genome."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct, field

from trdpgx.model.basis import CarriedVariant, SiteDetails, SiteGenotype
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import Panel, PanelSite, SiteState
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.report import Report
from trdpgx.report.tables.rare_variants import RareVariant, rare_variants
from trdpgx.report.vcf.header import FORMAT, contig, encoded

_MISSING = "."
_BASES = re.compile("[ACGTNacgtn]+|\\*")
"""ALT that any reader of VCF takes; another spelling of a genotype is left missing."""


class Position(NamedTuple):
    """The key of a record; two records never have the same."""

    chrom: str
    pos: int
    ref: str


class VcfRecord(Struct):
    """One record with an entry for each sample that has something here."""

    alts: dict[str, int]
    ids: dict[str, None] = field(default_factory=dict)
    quality: str = _MISSING
    filters: dict[str, None] = field(default_factory=dict)
    info: dict[str, dict[str, None]] = field(default_factory=dict)
    entries: dict[int, str] = field(default_factory=dict)
    input_info: Mapping[str, str] = field(default_factory=dict)
    """INFO of the input, whose values are in the order of ``input_alts``."""
    input_alts: tuple[str, ...] = ()

    def number(self, allele: str, ref: str) -> int | None:
        """Return the number of an allele in GT, ``None`` for one that ALT cannot have; a new one is added to ALT."""
        if allele == ref:
            return 0
        if _BASES.fullmatch(allele) is None:
            return None
        return self.alts.setdefault(allele, len(self.alts) + 1)

    def note(self, key: str, *values: str | None) -> None:
        """Add values to a field of INFO, each once."""
        self.info.setdefault(key, {}).update(dict.fromkeys(value for value in values if value))


class VcfRecords:
    """The records of all samples of one input. ``add`` takes one report at a time, and ``lines`` then yields the records."""

    def __init__(self, reference: ReferenceLibrary, panel: Panel) -> None:
        """Make a record for each site of the panel, without samples."""
        self._panel = panel
        self._sites: dict[str, tuple[PanelSite, Position]] = {}
        self._records: dict[Position, VcfRecord] = {}
        self._entries: dict[str, str] = {}
        self.samples: list[str] = []
        for site in panel.sites:
            at = Position(site.chrom, site.pos, site.ref)
            self._sites[site.id] = site, at
            record = self._records.setdefault(at, VcfRecord({}))
            for alt in site.alts:
                record.number(alt, site.ref)
            if site.rsid:
                record.ids[site.rsid] = None
            record.note("TRDPGX_GENE", site.gene)
            record.note("TRDPGX_SITE", site.id)
        self._describe(reference)

    def _describe(self, reference: ReferenceLibrary) -> None:
        for gene in reference.genes.values():
            for allele in gene.alleles:
                for site, base in allele.bases.items() if allele.callable else ():
                    if site in self._sites and base != (self._sites[site][0].other_ref or self._sites[site][0].ref):
                        self._records[self._sites[site][1]].note("TRDPGX_DEFINES", f"{gene.gene}{allele.name}")
        for variant in reference.variants:
            if variant.site in self._sites:
                record = self._records[self._sites[variant.site][1]]
                record.note("TRDPGX_EFFECT_ALLELE", variant.effect_allele)
                record.note("TRDPGX_HGVS_C", variant.hgvs_c)
                record.note("TRDPGX_HGVS_P", variant.hgvs_p)

    def add(self, report: Report) -> None:
        """Add the next sample: the genotypes of its report, and what the report states of its rare variants."""
        number = len(self.samples)
        self.samples.append(report.input.sample or "no_sample")
        genes = {gene.gene: gene for gene in report.genes}
        details = {one.site: one for one in report.basis.details} if report.basis else {}
        for genotype in report.genotypes:
            if genotype.site not in self._sites:
                continue
            site, at = self._sites[genotype.site]
            written = self._site_entry(self._records[at], site.ref, genotype, details.get(site.id), genes.get(site.gene))
            if genotype.state is SiteState.ABSENT and number in self._records[at].entries:
                continue  # another site of the panel with this record was seen
            self._records[at].entries[number] = self._shared(written)
        for carried in report.basis.carried if report.basis else ():
            self._add_carried(carried, number)
        for variant in rare_variants(report):
            self._annotate(variant.report.location, variant.report.ref, variant.report.alt, variant)

    def _site_entry(
        self, record: VcfRecord, ref: str, genotype: SiteGenotype, details: SiteDetails | None, gene: GeneReport | None
    ) -> list[str]:
        numbers = (
            (0, 0)
            if genotype.state is SiteState.COVERED_REFERENCE
            else (*(record.number(one, ref) for one in genotype.alleles), None, None)
        )
        alleles = [_MISSING if one is None else str(one) for one in numbers[:2]]
        call = [encoded(one.name) for one in gene.diplotypes] if gene else []
        return [
            ("|" if genotype.phased else "/").join(alleles),
            _MISSING if genotype.phase_set is None else str(genotype.phase_set),
            _MISSING,
            genotype.state.value,
            details.reason.value if details and details.reason else _MISSING,
            ",".join(call) or _MISSING,
            encoded(gene.phenotype.code.value) if gene and gene.phenotype else _MISSING,
        ]

    def _add_carried(self, carried: CarriedVariant, number: int) -> None:
        at = Position(carried.chrom, carried.pos, carried.ref)
        record = self._records.setdefault(at, VcfRecord({}))
        numbers = {0: 0}
        for index, alt in enumerate(carried.alts, 1):
            number_in_record = record.number(alt, carried.ref)
            if number_in_record is not None:
                numbers[index] = number_in_record
        if carried.record_quality is not None:
            record.quality = f"{carried.record_quality:g}"
        record.filters.update(dict.fromkeys(carried.filters))
        if not record.input_info:
            record.input_info, record.input_alts = carried.info, carried.alts
        if number in record.entries:
            return  # a site of the panel, with its state and call
        genotype = [str(numbers[one]) if one in numbers else "." for one in carried.alleles]
        refused = "PASS" if carried.passed and carried.sound else "refused"
        phase_set = _MISSING if carried.phase_set is None else str(carried.phase_set)
        record.entries[number] = self._shared([("|" if carried.phased else "/").join(genotype), phase_set, refused])

    def _annotate(self, location: str, ref: str, alt: str, variant: RareVariant) -> None:
        chrom, _, pos = location.removeprefix("chr").partition(":")
        record = self._records.get(Position(chrom, int(pos), ref))
        if record is None or alt not in record.alts:
            return
        one = variant.report
        record.note("TRDPGX_GENE", one.gene)
        record.note("TRDPGX_HGVS_C", one.hgvs_c)
        record.note("TRDPGX_HGVS_P", one.hgvs_p)
        record.note("TRDPGX_CONSEQUENCE", *(one.consequences or (one.consequence,)))
        record.note("TRDPGX_IMPACT", one.impact)
        if variant.undefined:
            record.note("TRDPGX_UNDEFINED")

    def _shared(self, values: Sequence[str]) -> str:
        """Return an entry, one object for all samples that have the same: a cohort has few different ones."""
        text = ":".join(_without_missing_end(values))
        return self._entries.setdefault(text, text)

    def lines(self) -> Iterator[bytes]:
        """Yield the records in the order of the genome."""
        order = {chrom: number for number, chrom in enumerate(self._panel.contig_lengths)}
        for at in sorted(self._records, key=lambda at: (order.get(at.chrom, len(order)), at)):
            record = self._records[at]
            entries = (record.entries.get(number, "./.") for number in range(len(self.samples)))
            fields = (
                contig(self._panel.assembly, at.chrom),
                str(at.pos),
                ";".join(record.ids) or _MISSING,
                at.ref,
                ",".join(record.alts) or _MISSING,
                record.quality,
                ";".join(record.filters) or _MISSING,
                _info(record),
                ":".join(FORMAT),
                *entries,
            )
            yield ("\t".join(fields) + "\n").encode()


def _without_missing_end(values: Sequence[str]) -> Sequence[str]:
    """Return the values without the missing ones at the end, which a sample may leave out; GT stays."""
    end = len(values)
    while end > 1 and values[end - 1] == _MISSING:
        end -= 1
    return values[:end]


def _info(record: VcfRecord) -> str:
    """Return INFO: our own values encoded; those of the input as they were, unless the record has other ALT than the input's."""
    written = [_field(key, ",".join(map(encoded, values))) for key, values in record.info.items() if values or key == "TRDPGX_UNDEFINED"]
    if tuple(record.alts) == record.input_alts:
        written += (_field(key, value) for key, value in record.input_info.items())
    return ";".join(written) or _MISSING


def _field(key: str, text: str) -> str:
    return f"{key}={text}" if text else key
