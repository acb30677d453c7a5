"""The report as one page of HTML that needs nothing else: for a browser, for paper, for an archive."""

from collections.abc import Iterable, Iterator

from trdpgx.model.library import Knowledge
from trdpgx.model.report import Report
from trdpgx.report.format_registry import ReportFormat


def write(reports: Iterable[Report], *, knowledge: Knowledge) -> Iterator[bytes]:
    """Yield the page; several reports stand on one page with an index. Nothing for no report."""
    from trdpgx.report.html.page import render  # noqa: PLC0415 (as in formats/fhir.py)

    ones = list(reports)
    if ones:
        yield render(ones, knowledge.rulebook.actions).encode()


FORMAT = ReportFormat(
    name="html",
    media_type="text/html",
    ending=".html",
    about="a page to read and print",
    many=True,
    write_with_knowledge=write,
    schema={"type": "string"},
)
