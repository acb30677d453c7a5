"""Differences as one self-contained page of HTML."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from trdpgx.model.report import Report
from trdpgx.model.report_diff import ReportDiff
from trdpgx.model.rule import VocabularyEntry
from trdpgx.reannotation.diff import text
from trdpgx.report.html.page import PagePart, environment, page, report_part
from trdpgx.texts import phrase

if TYPE_CHECKING:
    from jinja2 import Template


def to_page(diffs: Iterable[ReportDiff]) -> str:
    """Return the page; several differences stand on one page with an index."""
    ones = list(diffs)
    parts = [_part(one, "" if len(ones) == 1 else f"s{number}-") for number, one in enumerate(ones, 1)]
    title = phrase("diff_page.title", sample=parts[0].sample) if len(parts) == 1 else phrase("diff_page.title_of_several", count=len(parts))
    return page(title, title, parts)


def page_with_reports(diffs: Sequence[ReportDiff], reports: Sequence[Report], actions: Mapping[str, VocabularyEntry]) -> str:
    """Return the page of differences, each before the newer one of its reports. ``actions`` are those of today's rules, by code."""
    title = phrase("diff_page.today", count=len(diffs), sample=diffs[0].sample)
    parts = []
    for number, (diff, report) in enumerate(zip(diffs, reports, strict=True), 1):
        before, after = _part(diff, f"d{number}-"), report_part(report, f"s{number}-", actions)
        parts.append(before._replace(sample=phrase("diff_page.title", sample=before.sample)))
        parts.append(after._replace(sample=phrase("diff_page.today", count=1, sample=after.sample)))
    return page(title, title, parts, heading=title)


@cache
def template() -> "Template":
    """Return the template, read once; a confined process reads it before it is confined."""
    return environment().from_string((files(__package__) / "templates" / "diff.html.j2").read_text("utf-8"))


def _part(diff: ReportDiff, prefix: str) -> PagePart:
    html = template().render(
        diff=diff,
        prefix=prefix,
        several=bool(prefix),
        software=text.software_words(diff),
        aspect_words=text.ASPECTS,
        part_words=text.PARTS,
        nothing=text.NOTHING,
        other_input=text.OTHER_INPUT,
    )
    return PagePart(diff.sample, prefix, html)
