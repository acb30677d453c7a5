"""The HTML page: templates filled with reports. All values from a report are escaped; figures escape their own texts."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.report import Report
from trdpgx.model.rule import VocabularyEntry
from trdpgx.reasoning.certainty import copies_change
from trdpgx.reasoning.summary.current import of_smoking
from trdpgx.report import wording
from trdpgx.report.grouping import (
    GRAVE_SECTIONS,
    anything_seen,
    beside_taken,
    consideration_groups,
    contradictions,
    drug_sections,
    folded,
    looked_at_groups,
    noted,
    rare_groups,
    restrictions,
    rules_nothing_out,
)
from trdpgx.report.html import activity_figure, matrix_figure, protein_figure, sites_figure, studies_figure, trials_figure
from trdpgx.report.html.drug_lines import DrugLines
from trdpgx.report.html.links import PageLinks
from trdpgx.report.names_apart import going_further, no_change_names, restricted_apart
from trdpgx.report.presumed import PresumedCopies, common_conversion
from trdpgx.report.references import References, is_web_address
from trdpgx.report.stated_fields import in_plain_words
from trdpgx.texts import both, in_words, percent, phrase

if TYPE_CHECKING:
    from jinja2 import Environment


class PagePart(NamedTuple):
    """One report on the page: its sample, the prefix of its ids, and its HTML."""

    sample: str
    prefix: str
    html: str


def preload() -> None:
    """Read templates, style and figure data, for a process that may not read files later."""
    made = environment()
    for name in made.list_templates():
        if name.endswith(".j2"):
            made.get_template(name)
    _style()
    activity_figure.preload()


def render(reports: Iterable[Report], actions: Mapping[str, VocabularyEntry]) -> str:
    """Return one self-contained page for one or several reports. ``actions`` are those of the rules that made them, by code."""
    ones = list(reports)
    single = len(ones) == 1
    parts = [report_part(report, "" if single else f"s{number}-", actions) for number, report in enumerate(ones, 1)]
    title = phrase("page.title", sample=parts[0].sample) if single else phrase("page.title_of_several", count=len(parts))
    footer = phrase("page.rules", rules=ones[0].knowledge.rules_release) if ones else "trdpgx"
    return page(title, f"{parts[0].sample if single else phrase('page.samples', count=len(parts))}; {footer}", parts)


def page(title: str, footer: str, parts: Iterable[PagePart], heading: str | None = None) -> str:
    """Return a self-contained page of parts that templates of ``environment`` have made.

    ``footer`` stands on printed sheets, and ``heading`` over the index of several parts.
    """
    from markupsafe import Markup  # noqa: PLC0415 (only this format needs it)

    style = _style().replace("__FOOTER__", _css_text(footer))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    safe = [part._replace(html=Markup(part.html)) for part in parts]  # noqa: S704 (made by the templates below)
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            title=title,
            style=Markup(style),  # noqa: S704 (our style sheet; the sample in it is made safe)
            style_hash=f"sha256-{digest}",
            parts=safe,
            heading=heading or phrase("page.reports", count=len(safe)),
        )
    )


def report_part(report: Report, prefix: str, actions: Mapping[str, VocabularyEntry]) -> PagePart:
    """Return a report as a part of a page, every id in it after ``prefix``. ``actions`` are as in ``render``."""
    from markupsafe import Markup, escape  # noqa: PLC0415 (only this format needs it)

    sample = report.input.sample
    references = References(report)
    within = PageLinks(report, prefix)
    presumed = PresumedCopies(report.considerations)
    conversion = common_conversion(report.drugs)
    links = {
        one.citation.id: Markup(f'<a href="#{prefix}ref-{one.number}">[{one.number}]</a>')  # noqa: S704 (a number, and a prefix of ours)
        for one in references
    }
    named_links = {
        one.citation.id: Markup(f"{escape(one.citation.label or one.citation.id)} {links[one.citation.id]}")  # noqa: S704 (escaped)
        for one in references
    }
    html = (
        environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            prefix=prefix,
            of_sample="" if not prefix else phrase("page.of_sample", sample=sample),
            references=references,
            links=links,
            named_links=named_links,
            linked=within.sentence,
            drug_links=within.drugs,
            drug_rows=DrugLines(report, within, presumed, conversion).rows,
            conversion=conversion,
            presumed=presumed,
            matrix=matrix_figure.matrix_rows(report, actions),
            rare_groups=rare_groups(report.rare_variants),
            consideration_groups=consideration_groups(report.considerations),
        )
    )
    return PagePart(sample, prefix, html)


def _day(moment: date) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _heading(one: Consideration) -> str:
    year = f" {one.source.year}" if one.source.year else ""
    return f"{one.source.name}{year}: {both(one.genes)}"


def _source_named(one: Consideration) -> str:
    return " ".join(filter(None, (one.source.name, one.source.id, f"({one.id})")))


def how_sure(gene: GeneReport, certainty: str) -> str:
    """Return how sure the result of a gene is, in words."""
    if certainty == "stated" and not gene.phenotype and len(gene.phenotype_range) > 1:
        certainty = "several"
    copies = gene.copy_number.is_uncounted and bool(gene.diplotypes) and copies_change(gene)
    return wording.how_sure(certainty, disputed=gene.is_disputed, presumes_copies=copies, outside=gene.source != "vcf")


def _css_text(text: str) -> str:
    """Return text as the inside of a CSS string in a style element: anything that could end either is written as a code point."""
    return "".join(letter if letter.isalnum() or letter in " .,;-_" else f"\\{ord(letter):06x} " for letter in text[:80])


@cache
def _style() -> str:
    return (files(__package__) / "templates" / "report.css").read_text("utf-8").replace("\n", "")


@cache
def environment() -> "Environment":
    """Return the environment: autoescape for every template, and nothing that a template could read from disk by itself."""
    from jinja2 import DictLoader, Environment, StrictUndefined  # noqa: PLC0415 (only this format needs it)
    from markupsafe import Markup  # noqa: PLC0415

    folder = files(__package__) / "templates"
    sources = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".j2")}
    environment = Environment(
        loader=DictLoader(sources), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )

    def drawn(figure: Any) -> Any:
        def draw(*arguments: Any) -> Markup | None:
            svg = figure(*arguments)
            return None if svg is None else Markup(svg)  # noqa: S704 (figures escape their texts)

        return draw

    environment.filters.update(both=both, plain=in_words, heading=_heading, study_words=wording.study_words, source_named=_source_named)
    environment.tests.update(web_address=is_web_address)
    environment.globals.update(
        day=_day,
        anything_seen=anything_seen,
        folded=folded,
        beside_taken=beside_taken,
        contradictions=contradictions,
        looked_at_lines=lambda report: [(f"{names}: {text}", studies) for names, text, studies in looked_at_groups(report)],
        no_change_names=lambda report, drugs: no_change_names(report, noted(drugs, report.considerations)),
        rules_nothing_out=rules_nothing_out,
        caller_words=wording.caller_words,
        percent=percent,
        how_sure=how_sure,
        drug_sections=drug_sections,
        grave=GRAVE_SECTIONS,
        restricted_apart=restricted_apart,
        going_further=going_further,
        restrictions=restrictions,
        protein_figure=drawn(protein_figure.protein_figure),
        trials_figure=drawn(trials_figure.trials_figure),
        trial_words=wording.trial_words,
        of_smoking=of_smoking,
        taken_first=wording.taken_first,
        exposure_words=wording.exposure_words,
        failure_lines=wording.failure_lines,
        in_plain_words=in_plain_words,
        staging_names=wording.STAGING_NAMES,
        activity_figure=drawn(activity_figure.activity_figure),
        has_whisker=activity_figure.has_whisker,
        current_words=activity_figure.current_words,
        band_rows=activity_figure.band_rows,
        score_words=activity_figure.score_words,
        sites_figure=drawn(sites_figure.sites_figure),
        no_site_seen=sites_figure.no_site_seen,
        site_counts=sites_figure.site_counts,
        unseen_sites=wording.unseen_sites,
        site_states=sites_figure.STATES,
        matrix_figure=drawn(matrix_figure.matrix_figure),
        matrix_words=matrix_figure.matrix_words,
        matrix_legend=lambda rows: [(Markup(one.icon), one.words) for one in matrix_figure.matrix_legend(rows)],  # noqa: S704 (icons of ours)
        matrix_left_out=matrix_figure.left_out,
        matrix_caption=matrix_figure.matrix_caption,
        sources=matrix_figure.SOURCES,
        studies_figure=drawn(studies_figure.studies_figure),
        evidence_key=wording.evidence_key,
        strength_words=wording.STRENGTH_WORDS,
        authority_words=wording.AUTHORITY_WORDS,
        verdict_words=wording.VERDICT_WORDS,
        grade_key=wording.GRADE_KEY,
        reading_key=wording.reading_key,
        phrase=phrase,
        commas=", ".join,
        counts=wording.COUNTS,
        made_again=wording.made_again,
    )
    return environment
