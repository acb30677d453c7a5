"""The report as plain text, for a person at a terminal."""

from collections.abc import Iterable, Iterator, Sequence

from trdpgx.knowledge.rules.outside_genes import single_allele_test
from trdpgx.model.consideration import Consideration, ConversionBasis
from trdpgx.model.gene_report import GeneReport, HiddenAllele
from trdpgx.model.report import Report
from trdpgx.model.variant_report import RareVariantReport, VariantReport
from trdpgx.reasoning.certainty import open_text, percent
from trdpgx.report.clinical_text import considered_lines, person_lines
from trdpgx.report.format_registry import ReportFormat
from trdpgx.report.wrapped import wrapped

RESEARCH = "research"
"""Name of the source of findings that no guideline carries."""
NO_RECOMMENDATION = "no_recommendation"
"""Code of the action where a source looked and states that nothing follows."""

_INDENT = " " * 11
_NAMED = 6
"""So many hidden alleles are named; JSON has them all."""


def to_text(report: Report) -> str:
    """Return a readable summary: what was called, what it raises, and what the file could not show."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    source = report.input
    yield f"trdpgx {report.software.version}  sample {source.sample}  {source.assembly}  {source.records} records"
    yield f"rules {report.knowledge.rules_release}  reference {report.knowledge.reference_release}"
    yield from wrapped(report.disclaimer)
    for warning in source.warnings:
        yield from wrapped(f"warning: {warning.text}")
    yield from person_lines(report)
    yield from ("", "GENES")
    for gene in report.genes:
        yield from _gene(gene)
    yield from ("", "VARIANTS SEEN")
    seen = [variant for variant in report.variants if variant.genotype is not None]
    for variant in seen:
        yield from _variant(variant)
    if not seen:
        yield "  none of the reported variants is covered by this file"
    yield from _rare_variants("RARE VARIANTS", [variant for variant in report.rare_variants if not _is_common(variant)])
    yield from _rare_variants(
        "OTHER VARIANTS OF THESE GENES, NOT RARE", [variant for variant in report.rare_variants if _is_common(variant)]
    )
    by_genotype = [c for c in report.considerations if c.conversion is None]
    yield from ("", "WHAT GUIDELINES CONSIDER, BY DRUG")
    yield from _guidance(report)
    yield from _converted([c for c in report.considerations if c.conversion is not None])
    yield from considered_lines(report)
    yield from _verdicts([c for c in by_genotype if c.source.name != RESEARCH and c.action.code == NO_RECOMMENDATION])
    yield from _research([c for c in by_genotype if c.source.name == RESEARCH])
    yield from ("", "WHAT THIS REPORT CANNOT SAY")
    for limitation in report.limitations:
        yield from wrapped(limitation.text, "  - ")


def _rare_variants(heading: str, variants: Sequence[RareVariantReport]) -> Iterator[str]:
    if variants:
        yield from ("", heading)
    for rare in variants:
        yield from _rare(rare)


def _is_common(variant: RareVariantReport) -> bool:
    """Whether every rule that was asked knows that the variant is not rare."""
    return bool(variant.qualifications) and all(judged.rarity in {"common", "uncommon"} for judged in variant.qualifications)


def _rare(rare: RareVariantReport) -> Iterator[str]:
    verdict = {True: "counts", False: "does not count", None: "not known whether it counts"}[rare.qualifies]
    named = " ".join(part for part in (rare.gene, rare.hgvs_c or rare.location, rare.hgvs_p, rare.zygosity, rare.consequence) if part)
    yield from wrapped(f"{named}: {verdict} ({'; '.join(rare.reasons)})", "  ")


def _guidance(report: Report) -> Iterator[str]:
    guidance = {
        c.id: c for c in report.considerations if c.source.name != RESEARCH and c.action.code != NO_RECOMMENDATION and c.conversion is None
    }
    for drug in report.drugs:
        mine = [guidance[identity] for identity in drug.considerations if identity in guidance]
        if mine or drug.disagreement:
            yield f"  {drug.name} ({drug.drug_class})"
            yield from wrapped(drug.headline, "    = ")
        for consideration in mine:
            yield from _consideration(consideration, f"{_by(consideration)}, {' and '.join(consideration.genes)}")
        if drug.disagreement:
            yield from wrapped(drug.disagreement, "      ! ")
    if not guidance:
        yield "  none for what was seen"


def _converted(considerations: Sequence[Consideration]) -> Iterator[str]:
    """Yield what sources state of a phenotype under current drugs, gathered by what makes it."""
    if considerations:
        yield from ("", "UNDER CURRENT DRUGS, BY A CONVENTION AND NOT GUIDELINE ADVICE")
    by_basis: dict[ConversionBasis, list[Consideration]] = {}
    for one in considerations:
        if one.conversion is not None:
            by_basis.setdefault(one.conversion, []).append(one)
    for basis, several in by_basis.items():
        yield from wrapped(f"{' and '.join(basis.genes)} under {' and '.join(basis.causes)}: {basis.text}", "  ")
        yield from wrapped(f"methods: {'; '.join(basis.methods)}. Of this phenotype state:", "  ")
        for one in several:
            some = f" [only for {'; '.join(one.basis.facts)}]" if one.basis.holds_for == "some" else ""
            yield from wrapped(f"{', '.join(one.drugs)}: {_by(one)}{some}: {one.action.text}", "    - ")


def _verdicts(verdicts: Sequence[Consideration]) -> Iterator[str]:
    if verdicts:
        yield from ("", "WHERE GUIDELINES MAKE NO RECOMMENDATION")
    for verdict in verdicts:
        yield from wrapped(f"{_by(verdict)}: {' and '.join(verdict.genes)} for {', '.join(verdict.drugs)}", "  - ")


def _research(findings: Sequence[Consideration]) -> Iterator[str]:
    if findings:
        yield from ("", "RESEARCH FINDINGS, NO ADVICE")
    for finding in findings:
        yield f"  {finding.trigger}"
        yield from _consideration(finding, ", ".join(finding.drugs))


def _gene(gene: GeneReport) -> Iterator[str]:
    if gene.status == "no_call":
        yield from wrapped(f"{gene.gene:8} not called: {gene.no_call_reason}", "  ")
        if gene.research_diplotypes:
            names = [diplotype.name for diplotype in gene.research_diplotypes]
            yield from wrapped(f"for research only: {_several(names)}", _INDENT)
    else:
        names = [diplotype.name for diplotype in gene.diplotypes]
        # tests of single alleles exclude none of each other: all of them hold
        shown = ", ".join(names) if all(map(single_allele_test, names)) else _several(names)
        source = f"{gene.source}; assumed, not observed" if gene.assumed else gene.source
        sites = gene.sites
        seen = f"{sites.called + sites.covered_reference} of {sites.total} sites seen"
        yield from wrapped(f"{gene.gene:8} {shown or '(phenotype only)'}  {_meaning(gene)}  [{source}]", "  ")
        yield f"{_INDENT}{seen}; copy number: {_plain(gene.copy_number.status)}"
        yield from _open(gene)
        if gene.likely and len(gene.diplotypes) > 1:
            yield from wrapped(gene.likely.text, _INDENT)
    if gene.phenoconverted and gene.phenoconverted.cause:
        yield from wrapped(f"under current drugs: {gene.phenoconverted.text}", _INDENT)
    for caveat in sorted(gene.caveats, key=lambda note: "conflict" not in note.code):
        yield from wrapped(caveat.text, f"{_INDENT}{'! ' if 'conflict' in caveat.code else '- '}")
    for unknown in gene.unknown_alleles:
        yield from wrapped(unknown.text, f"{_INDENT}- ")


def _meaning(gene: GeneReport) -> str:
    if gene.phenotype:
        return gene.phenotype.term
    if gene.phenotype_open:
        return "phenotype open"
    return "one of: " + ", ".join(phenotype.term for phenotype in gene.phenotype_range) if gene.phenotype_range else "no phenotype"


def _open(gene: GeneReport) -> Iterator[str]:
    """Yield what was not seen: what is likely and what is possible of an open phenotype, or in one line what a stated one rests on."""
    if gene.phenotype_open:
        possible = ", ".join(phenotype.term for phenotype in gene.phenotype_range)
        yield from wrapped(f"! {open_text(gene)}{f'; possible: {possible}' if possible else ''}.", _INDENT)
        named = [_hidden(hidden) for hidden in gene.hidden[:_NAMED]]
        more = f" and {len(gene.hidden) - _NAMED} more" if len(gene.hidden) > _NAMED else ""
        yield from wrapped(f"could be hidden: {', '.join(named)}{more}.", _INDENT)
        if gene.settled_by:
            yield from wrapped(f"would settle it: {', '.join(gene.settled_by)}.", _INDENT)
    if gene.unseen_note:
        yield from wrapped(gene.unseen_note, _INDENT)
    if gene.if_assumption_wrong:
        yield from wrapped(f"if the assumption is wrong: {gene.if_assumption_wrong.text}", _INDENT)


def _hidden(hidden: HiddenAllele) -> str:
    often = "" if hidden.frequency is None else f", {percent(hidden.frequency)} of chromosomes"
    makes = f"makes {hidden.makes.term}" if hidden.makes else "makes: not known"
    return f"{hidden.allele} ({makes}{often})"


def _several(names: Sequence[str]) -> str:
    return " or ".join(names[:6]) + (f" or {len(names) - 6} more" if len(names) > 6 else "")


def _variant(variant: VariantReport) -> Iterator[str]:
    count = "" if variant.effect_allele_count is None else f"  {variant.effect_allele_count} x {variant.effect_allele} (effect allele)"
    assumed = "  assumed, not observed" if variant.state == "assumed_reference" else ""
    yield f"  {variant.gene:8} {variant.id:12} {variant.genotype}{count}{assumed}"


def _consideration(consideration: Consideration, about: str) -> Iterator[str]:
    only = "only if an unseen allele is carried:" if consideration.basis.only_if_hidden else "only for"
    proviso = f" [{only} {'; '.join(consideration.basis.facts)}]" if consideration.basis.holds_for == "some" else ""
    limits = f" For: {consideration.population}." if consideration.population not in {None, "general"} else ""
    yield from wrapped(f"{about}; evidence {consideration.evidence.strength}{proviso}: {consideration.text}{limits}", "      ")
    if consideration.evidence.conflict:
        yield from wrapped(f"conflict: {consideration.evidence.conflict}", "        ")


def _by(consideration: Consideration) -> str:
    source = consideration.source
    grade = consideration.evidence.source_grade
    graded = f", {grade}" if grade and consideration.action.code != NO_RECOMMENDATION else ""
    return f"{source.name}{f' {source.year}' if source.year else ''}{graded}"


def _plain(code: str) -> str:
    return code.replace("_", " ")


def write(reports: Iterable[Report]) -> Iterator[bytes]:
    """Yield each report, with two blank lines between them."""
    for index, report in enumerate(reports):
        yield (b"\n\n" if index else b"") + to_text(report).encode()


FORMAT = ReportFormat(
    name="text",
    media_type="text/plain",
    ending=".txt",
    about="a summary to read",
    many=True,
    write=write,
    schema={"type": "string"},
)
