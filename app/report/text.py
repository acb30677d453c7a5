"""The report as plain text, for a person at a terminal."""

from collections.abc import Iterator, Sequence
from textwrap import fill

from app.model.report import Consideration, GeneReport, RareVariantReport, Report, VariantReport

RESEARCH = "research"
"""Name of the source of findings that no guideline carries."""
NO_RECOMMENDATION = "no_recommendation"
"""Code of the action where a source looked and says that nothing follows."""

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
    if report.rare_variants:
        yield from ("", "RARE VARIANTS")
    for rare in report.rare_variants:
        yield from _rare(rare)
    yield from ("", "WHAT GUIDELINES CONSIDER, BY DRUG")
    yield from _guidance(report)
    yield from _verdicts([c for c in report.considerations if c.source.name != RESEARCH and c.action.code == NO_RECOMMENDATION])
    yield from _research([c for c in report.considerations if c.source.name == RESEARCH])
    yield from ("", "WHAT THIS REPORT CANNOT SAY")
    for limitation in report.limitations:
        yield from _wrapped(limitation.text, "  - ")


def _rare(rare: RareVariantReport) -> Iterator[str]:
    said = {True: "counts", False: "does not count", None: "not known whether it counts"}[rare.qualifies]
    named = " ".join(part for part in (rare.gene, rare.hgvs_c or rare.location, rare.hgvs_p, rare.zygosity, rare.consequence) if part)
    yield from _wrapped(f"{named}: {said} ({'; '.join(rare.reasons)})", "  ")


def _guidance(report: Report) -> Iterator[str]:
    guidance = {c.id: c for c in report.considerations if c.source.name != RESEARCH and c.action.code != NO_RECOMMENDATION}
    for drug in report.drugs:
        mine = [guidance[identity] for identity in drug.considerations if identity in guidance]
        if mine or drug.disagreement:
            yield f"  {drug.name} ({drug.drug_class})"
        for consideration in mine:
            yield from _consideration(consideration, f"{_by(consideration)}, {' and '.join(consideration.genes)}")
        if drug.disagreement:
            yield from _wrapped(drug.disagreement, "      ! ")
    if not guidance:
        yield "  none for what was seen"


def _verdicts(verdicts: Sequence[Consideration]) -> Iterator[str]:
    if verdicts:
        yield from ("", "WHERE GUIDELINES MAKE NO RECOMMENDATION")
    for verdict in verdicts:
        yield from _wrapped(f"{_by(verdict)}: {' and '.join(verdict.genes)} for {', '.join(verdict.drugs)}", "  - ")


def _research(findings: Sequence[Consideration]) -> Iterator[str]:
    if findings:
        yield from ("", "RESEARCH FINDINGS, NO ADVICE")
    for finding in findings:
        yield f"  {finding.trigger}"
        yield from _consideration(finding, ", ".join(finding.drugs))


def _gene(gene: GeneReport) -> Iterator[str]:
    if gene.status == "no_call":
        yield from _wrapped(f"{gene.gene:8} not called: {gene.no_call_reason}", "  ")
        if gene.research_diplotypes:
            names = [diplotype.name for diplotype in gene.research_diplotypes]
            yield from _wrapped(f"for research only: {_several(names)}", "           ")
        return
    names = [diplotype.name for diplotype in gene.diplotypes]
    shown = _several(names)
    if gene.phenotype:
        meaning = gene.phenotype.term
    else:
        meaning = "one of: " + ", ".join(phenotype.term for phenotype in gene.phenotype_range) if gene.phenotype_range else "no phenotype"
    sites = gene.sites
    yield from _wrapped(f"{gene.gene:8} {shown or '(phenotype only)'}  {meaning}  [{gene.source}]", "  ")
    yield f"           {sites.called + sites.covered_reference} of {sites.total} sites seen; copy number: {_plain(gene.copy_number.status)}"
    if gene.likely:
        yield from _wrapped(gene.likely.text, "           ")


def _several(names: Sequence[str]) -> str:
    return " or ".join(names[:6]) + (f" or {len(names) - 6} more" if len(names) > 6 else "")


def _variant(variant: VariantReport) -> Iterator[str]:
    count = "" if variant.effect_allele_count is None else f"  {variant.effect_allele_count} x {variant.effect_allele} (effect allele)"
    assumed = "  assumed, not observed" if variant.state == "assumed_reference" else ""
    yield f"  {variant.gene:8} {variant.id:12} {variant.genotype}{count}{assumed}"


def _consideration(consideration: Consideration, about: str) -> Iterator[str]:
    proviso = " [some diplotypes only]" if consideration.basis.holds_for == "some" else ""
    yield from _wrapped(f"{about}; evidence {consideration.evidence.strength}{proviso}: {consideration.text}", "      ")
    if consideration.evidence.conflict:
        yield from _wrapped(f"conflict: {consideration.evidence.conflict}", "        ")


def _by(consideration: Consideration) -> str:
    source = consideration.source
    grade = consideration.evidence.source_grade
    graded = f", {grade}" if grade and consideration.action.code != NO_RECOMMENDATION else ""
    return f"{source.name}{f' {source.year}' if source.year else ''}{graded}"


def _plain(code: str) -> str:
    return code.replace("_", " ")


def _wrapped(text: str, lead: str = "") -> Iterator[str]:
    yield fill(text, _WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False, break_long_words=False)
