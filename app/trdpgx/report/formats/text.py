"""The report as plain text, for a person at a terminal."""

from collections.abc import Iterable, Iterator

from trdpgx.model.report import Report
from trdpgx.report.format_registry import ReportFormat


def write(reports: Iterable[Report]) -> Iterator[bytes]:
    """Yield each report, with two blank lines between them."""
    from trdpgx.report.text.report import to_text  # noqa: PLC0415 (as in formats/fhir.py)

    for index, report in enumerate(reports):
        yield (b"\n\n" if index else b"") + to_text(report).encode()


FORMAT = ReportFormat(
    name="text",
    media_type="text/plain",
    ending=".txt",
    about="a summary to read, or everything with `detail` full",
    many=True,
    write=write,
    schema={"type": "string"},
)
