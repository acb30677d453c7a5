"""The study and its analysis (Procedures), with the regions that were studied, called and not called: "not seen" is then structural."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from trdpgx.model.gene_report import GeneReport
from trdpgx.model.report import Report
from trdpgx.model.variant_report import RareGeneReport, VariantReport
from trdpgx.report.fhir import coding
from trdpgx.report.fhir.coding import Json, concept, gene_concept, loinc, profile
from trdpgx.report.fhir.genotypes import called_genes
from trdpgx.report.fhir.ids import ResourceIds
from trdpgx.report.fhir.resources import DEVICE, PATIENT, SPECIMEN, NamedResource, has_genome, resource
from trdpgx.report.fhir.variants import is_seen
from trdpgx.texts import phrase

STUDY = "study"
_ANALYSIS = "analysis"
_DESCRIPTION = phrase("fhir_study.studied")
_UNSEEN: Mapping[str, str] = MappingProxyType(
    {
        "absent": phrase("fhir_study.file_does_not_mention"),
        "no_call": phrase("fhir_study.no_usable_genotype"),
        "assumed_reference": phrase("fhir_study.assumed_be_reference_not"),
        "not_assayable": phrase("fhir_study.small_variant_records_cannot"),
    }
)
"""The state of a variant that was not seen, in words that do not pass for the finding that it is absent."""


def study(report: Report, ids: ResourceIds) -> Iterator[NamedResource]:
    """Yield the study and its analysis."""
    shared = {
        "status": "completed",
        "category": concept(coding.CATEGORY, "laboratory"),
        "subject": ids.reference(PATIENT),
        "performedDateTime": report.created_at,
    }
    analyses = [{"url": profile("genomic-study-analysis-ext"), "valueReference": ids.reference(_ANALYSIS)}]
    about = {"text": phrase("fhir_study.of_genome") if has_genome(report) else phrase("fhir_study.of_calls")}
    yield resource("Procedure", ids, STUDY, "genomic-study", extension=analyses, code=about, **shared)
    yield resource("Procedure", ids, _ANALYSIS, "genomic-study-analysis", extension=[*_extensions(report, ids)], **shared)


def _extensions(report: Report, ids: ResourceIds) -> Iterator[Json]:
    yield _extension("title", valueString=phrase("fhir_study.title"))
    if has_genome(report):
        yield _extension("genome-build", valueCodeableConcept=loinc(coding.ASSEMBLIES[report.input.assembly]))
        yield _extension("specimen", valueReference=ids.reference(SPECIMEN))
    yield _extension("genomic-source-class", valueCodeableConcept=loinc(coding.GERMLINE))
    yield _extension("device", extension=[{"url": "device", "valueReference": ids.reference(DEVICE)}])
    yield _extension("regions", extension=[{"url": "description", "valueString": _DESCRIPTION}, *_regions(report)])


def _extension(name: str, **value: object) -> Json:
    return {"url": profile(f"genomic-study-analysis-{name}"), **value}


def _regions(report: Report) -> Iterator[Json]:
    """Yield the regions. Without a genome nothing was studied but what another tool called."""
    called = {gene.gene for gene in called_genes(report)}
    for gene in report.genes:
        studied = has_genome(report) or gene.gene in called
        yield from _gene_regions(gene, called=gene.gene in called) if studied else (_uncalled(gene),)
    for variant in report.variants if has_genome(report) else ():
        yield from _variant_regions(variant)
    for rare in report.rare_variant_genes if has_genome(report) else ():
        yield from _rare_regions(rare)


def _uncalled(gene: GeneReport) -> Json:
    return _region("uncalled", gene_concept(gene.gene, f"{gene.gene}: {gene.no_call_reason or phrase('fhir_study.not_called')}"))


def _gene_regions(gene: GeneReport, *, called: bool) -> Iterator[Json]:
    yield _region("studied", gene_concept(gene.gene))
    if not called:
        yield _uncalled(gene)
        return
    yield _region("called", gene_concept(gene.gene))
    if gene.unseen_sites:
        names = ", ".join(site.rsid or site.site for site in gene.unseen_sites)
        total = phrase("fhir_study.unseen_sites", unseen=len(gene.unseen_sites), total=gene.sites.total)
        yield _region("uncalled", {"text": f"{gene.gene}, {total}: {names}"})
    if gene.sites.assumed_reference:
        text = phrase("fhir_study.assumed_sites", gene=gene.gene, assumed=gene.sites.assumed_reference, total=gene.sites.total)
        yield _region("uncalled", {"text": text})


def _variant_regions(variant: VariantReport) -> Iterator[Json]:
    yield _region("studied", _variant(variant))
    if is_seen(variant):
        yield _region("called", _variant(variant))
    else:
        reason = f" ({variant.reason.replace('_', ' ')})" if variant.reason else ""
        yield _region("uncalled", _variant(variant, f": {_UNSEEN.get(variant.state, phrase('fhir_study.not_seen'))}{reason}"))


def _variant(variant: VariantReport, text: str = "") -> Json:
    name = f"{variant.id} ({variant.gene}){text}"
    return concept(coding.DBSNP, variant.id, text=name) if variant.id.startswith("rs") else {"text": name}


def _rare_regions(rare: RareGeneReport) -> Iterator[Json]:
    coded = phrase("fhir_study.coding_splice_site_bases", gene=rare.gene, transcript=rare.transcript)
    yield _region("studied", gene_concept(rare.gene, coded))
    if not rare.covered:
        state = phrase("fhir_study.not_known_how_much") if rare.covered is None else phrase("fhir_study.nothing_read")
        yield _region("uncalled", gene_concept(rare.gene, f"{coded}: {state}"))
        return
    by = phrase("fhir_study.read_file") if rare.covered_by == "file" else phrase("fhir_study.meant_be_read_targets")
    yield _region(
        "called", gene_concept(rare.gene, phrase("fhir_study.covered", region=coded, covered=rare.covered, total=rare.total, by=by))
    )
    if rare.covered < rare.total:
        yield _region(
            "uncalled", {"text": phrase("fhir_study.not_covered", region=coded, left=rare.total - rare.covered, total=rare.total, by=by)}
        )


def _region(kind: str, value: Json) -> Json:
    return {"url": kind, "valueCodeableConcept": value}
