"""Reports as lines of JSON, for cohorts and for programs that read a report at a time."""

from collections.abc import Iterable, Iterator

from trdpgx.model.report import Report
from trdpgx.report.format_registry import ReportFormat
from trdpgx.report.formats.json import to_json


def write(reports: Iterable[Report]) -> Iterator[bytes]:
    """Yield each report as one line."""
    for report in reports:
        yield to_json(report) + b"\n"


FORMAT = ReportFormat(
    name="ndjson",
    media_type="application/x-ndjson",
    ending=".ndjson",
    about="a report a line",
    many=True,
    write=write,
    schema={"type": "string", "description": "A report a line."},
)
