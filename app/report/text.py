"""The report as plain text, for a person at a terminal."""

from collections.abc import Iterator
from textwrap import fill

from app.model.report import Consideration, GeneReport, Report, VariantReport

_WIDTH = 100


def to_text(report: Report) -> str:
    """Return a readable summary: what was called, what it raises, and what the file could not show."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    given = report.input
    yield f"trdpgx {report.software.version}  sample {given.sample}  {given.assembly}  {given.records} records"
    yield f"rules {report.knowledge.rules_release}  reference {report.knowledge.reference_release}"
    yield from _wrapped(report.disclaimer)
    for warning in given.warnings:
        yield from _wrapped(f"warning: {warning.text}")
    yield from ("", "GENES")
    for gene in report.genes:
        yield from _gene(gene)
    yield from ("", "VARIANTS SEEN")
    seen = [variant for variant in report.variants if variant.genotype is not None]
    for variant in seen:
        yield from _variant(variant)
    if not seen:
        yield "  none of the reported variants is covered by this file"
    yield from ("", "CONSIDERATIONS BY DRUG")
    by_id = {consideration.id: consideration for consideration in report.considerations}
    for drug in report.drugs:
        yield f"  {drug.name} ({drug.drug_class})"
        for identity in drug.considerations:
            yield from _consideration(by_id[identity])
        if drug.disagreement:
            yield from _wrapped(drug.disagreement, "      ! ")
    if not report.drugs:
        yield "  none"
    yield from ("", "WHAT THIS REPORT CANNOT SAY")
    for limitation in report.limitations:
        yield from _wrapped(limitation.text, "  - ")


def _gene(gene: GeneReport) -> Iterator[str]:
    if gene.status == "no_call":
        yield from _wrapped(f"{gene.gene:8} not called: {gene.no_call_reason}", "  ")
        return
    names = [diplotype.name for diplotype in gene.diplotypes]
    shown = " or ".join(names[:6]) + (f" or {len(names) - 6} more" if len(names) > 6 else "")
    if gene.phenotype:
        meaning = gene.phenotype.term
    else:
        meaning = "one of: " + ", ".join(phenotype.term for phenotype in gene.phenotype_range) if gene.phenotype_range else "no phenotype"
    sites = gene.sites
    yield from _wrapped(f"{gene.gene:8} {shown or '(phenotype only)'}  {meaning}  [{gene.source}]", "  ")
    yield f"           {sites.called + sites.covered_reference} of {sites.total} sites seen; copy number: {_plain(gene.copy_number.status)}"


def _variant(variant: VariantReport) -> Iterator[str]:
    count = "" if variant.effect_allele_count is None else f"  {variant.effect_allele_count} x {variant.effect_allele} (effect allele)"
    assumed = "  assumed, not observed" if variant.state == "assumed_reference" else ""
    yield f"  {variant.gene:8} {variant.id:12} {variant.genotype}{count}{assumed}"


def _consideration(consideration: Consideration) -> Iterator[str]:
    source = consideration.source
    grade = f", {consideration.evidence.source_grade}" if consideration.evidence.source_grade else ""
    proviso = " [some diplotypes only]" if consideration.basis.holds_for == "some" else ""
    head = f"{source.name}{f' {source.year}' if source.year else ''}{grade}; evidence {consideration.evidence.strength}"
    yield from _wrapped(f"{head}{proviso}: {consideration.text}", "      ")
    if consideration.evidence.conflict:
        yield from _wrapped(consideration.evidence.conflict, "      conflict: ")


def _plain(code: str) -> str:
    return code.replace("_", " ")


def _wrapped(text: str, lead: str = "") -> Iterator[str]:
    yield fill(text, _WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead))
