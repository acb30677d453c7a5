"""The report as tab-separated text, for `cut`, `grep`, R and a spreadsheet: one table with everything, or a file for each table."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from trdpgx.model.report import Report
from trdpgx.report.format_registry import ReportFormat

if TYPE_CHECKING:
    from trdpgx.report.tables.column import AnyTable, Value

_FORMULA = ("=", "+", "-", "@", '"')
"""What a spreadsheet takes for a formula at the start of a text, and a quotation mark, behind which a reader of CSV looks for the next."""
_CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029]+")
"""Tabs, ends of lines in any convention, and what else is not printed."""


def write(reports: Iterable[Report]) -> Iterator[bytes]:
    """Yield one table for all reports, its header first, and nothing for no report."""
    from trdpgx.report.tables.overview import OVERVIEW  # noqa: PLC0415 (as in formats/fhir.py)

    header = _line(OVERVIEW.names)
    for report in reports:
        yield header + _lines(OVERVIEW, report)
        header = b""


def write_files(reports: Iterable[Report]) -> Iterator[tuple[str, bytes]]:
    """Yield the pieces of a file for each table; a table without rows is a header."""
    from trdpgx.report.tables import TABLES  # noqa: PLC0415 (as in formats/fhir.py)

    begun = False
    for report in reports:
        for table in TABLES.values():
            yield f"{table.name}.tsv", (b"" if begun else _line(table.names)) + _lines(table, report)
        begun = True


def _lines(table: "AnyTable", report: Report) -> bytes:
    return b"".join(map(_line, table.rows(report)))


def _line(values: "Iterable[Value]") -> bytes:
    return ("\t".join(map(as_text, values)) + "\n").encode()


def as_text(value: "Value") -> str:
    """Return a value on one line, without a tab, and such that no spreadsheet computes it. Lists are joined with ``;``, null is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.10g}" if isinstance(value, float) else str(value)
    text = ";".join(one.replace(";", ",") for one in value) if isinstance(value, tuple) else value
    text = _CONTROL.sub(" ", text)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


FORMAT = ReportFormat(
    name="tsv",
    media_type="text/tab-separated-values",
    ending=".tsv",
    about="a table with a row for each statement; in a folder, a file for each table",
    many=True,
    write=write,
    write_files=write_files,
    schema={"type": "string", "description": "A header, and a row for each statement of each report."},
)
