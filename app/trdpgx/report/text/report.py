"""One report as text. The short form has about 120 lines for an ordinary file; the full form has everything that is in the JSON."""

from collections.abc import Iterator

from trdpgx.model.input import InputFormat
from trdpgx.model.options import DetailOption
from trdpgx.model.report import Report
from trdpgx.reasoning.summary.current import restricted_drugs
from trdpgx.report import wording
from trdpgx.report.grouping import anything_seen, looked_at_groups
from trdpgx.report.references import References
from trdpgx.report.text.clinical import considered_lines, person_lines
from trdpgx.report.text.considerations import consideration_lines
from trdpgx.report.text.findings import variant_lines
from trdpgx.report.text.genes import gene_lines
from trdpgx.report.text.overview import drug_groups, overview, resistance
from trdpgx.report.text.wrapped import wrapped
from trdpgx.texts import phrase


def to_text(report: Report, detail: DetailOption | None = None) -> str:
    """Return the report as lines of at most 100 characters; ``detail`` takes precedence over that of the report's options."""
    full = (detail or report.options.detail) is DetailOption.FULL
    return "\n".join(_lines(report, full=full)) + "\n"


def _lines(report: Report, *, full: bool) -> Iterator[str]:
    yield from _head(report)
    if report.summary is not None:
        yield from overview(report.summary, {warning.text for warning in report.input.warnings}, full=full, seen=anything_seen(report))
        yield from resistance(report.summary, report.considerations, full=full)
    yield from person_lines(report, full=full)
    if report.summary is not None:
        yield from drug_groups(report, report.summary, full=full)
    considered = {gene for one in report.considerations for gene in one.genes}
    yield from gene_lines(report.genes, considered, full=full, summarised=report.summary is not None)
    yield from variant_lines(report.variants, report.rare_variants, full=full)
    yield from considered_lines(report, full=full)
    if full:
        references = References(report)
        yield from consideration_lines(report, references)
        yield from _limits(report, references)
        yield from _key(report)
        yield from _references(references)
    else:
        yield from _more(report)


def _head(report: Report) -> Iterator[str]:
    source = report.input
    about = (
        phrase("text_report.no_genome")
        if source.format is InputFormat.NONE
        else phrase("text_report.records", assembly=source.assembly, count=source.records)
    )
    knowledge = report.knowledge
    releases = phrase("text_report.releases", rules=knowledge.rules_release, reference=knowledge.reference_release)
    yield from wrapped(f"trdpgx {report.software.version}  sample {source.sample}  {about}  {releases}")
    if source.name is not None:
        yield from wrapped(phrase("text_report.input", name=source.name))
    yield from wrapped(report.disclaimer)
    if source.reannotated_from is not None:
        yield from wrapped(wording.made_again(source.reannotated_from))
    for warning in source.warnings:
        yield from wrapped(phrase("text_report.warning", text=warning.text))


def _more(report: Report) -> Iterator[str]:
    """Yield what a short text leaves out, as a list of what there is."""
    counts = phrase(
        "text_report.counts",
        considerations=phrase("text_report.considerations", count=len(report.considerations)),
        limits=phrase("text_report.limits", count=len(report.limitations)),
    )
    yield ""
    yield from wrapped(phrase("text_report.left_out", short_text=phrase("headings.short_text"), counts=counts))


def _limits(report: Report, references: References) -> Iterator[str]:
    yield from ("", phrase("text_headings.limits"))
    for limitation in report.limitations:
        cited = "".join(f" [{references.number(one)}]" for one in report.limitation_studies.get(limitation.code, ()))
        yield from wrapped(f"{limitation.text}{cited}", "  - ")
    if report.looked_at:
        yield from ("", phrase("headings.looked_at", count=len(report.looked_at)).upper())
        if restricted_drugs(report.treatment_history, report.interactions).intersection(one.name for one in report.looked_at):
            yield from wrapped(phrase("text_overview.beside"), "  ")
    for names, text, studies in looked_at_groups(report):
        cited = "".join(f" [{references.number(one)}]" for one in studies)
        yield from wrapped(f"{names}: {text}{cited}", "  - ")


def _key(report: Report) -> Iterator[str]:
    yield from ("", phrase("text_headings.key"))
    for line in wording.reading_key(report.knowledge.evidence_policy):
        yield from wrapped(line, "  - ")
    for strength, meaning in wording.evidence_key(report.knowledge.evidence_policy).items():
        yield from wrapped(phrase("text_report.evidence", strength=wording.STRENGTH_WORDS[strength], meaning=meaning), "  - ")
    for source, meaning in wording.GRADE_KEY.items():
        yield from wrapped(phrase("text_report.authority", source=source, meaning=meaning), "  - ")


def _references(references: References) -> Iterator[str]:
    ones = list(references)
    if ones:
        yield from ("", phrase("text_headings.references"))
    for number, citation, url in ones:
        page = f" {url}" if url and not (citation.pmid or citation.doi) else ""
        state = phrase("text_report.not_verified") if citation.verification.state == "unverified" else ""
        yield from wrapped(f"{citation.with_identifiers}{page}{state}", f"{number:3}. ")
