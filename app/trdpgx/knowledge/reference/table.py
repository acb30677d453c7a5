"""One CSV table of ``reference/`` as rows that know their line. Every fault names the file and the line."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from trdpgx.knowledge.finding import Finding
from trdpgx.model.errors import TrdpgxError

_Word = TypeVar("_Word", bound=StrEnum)


def plain_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file as they are, each by the names of its header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows with a header of the names of the first one's fields; there is at least one row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


class ReferenceDataError(TrdpgxError, ValueError):
    """The reference cannot be used. ``finding`` holds where and why."""

    def __init__(self, file: str, line: int, message: str) -> None:
        """Keep the finding; the message is ``file:line: message``."""
        self.finding = Finding(file, line, message)
        super().__init__(str(self.finding))


class CsvRow:
    """One row of a table. ``line`` is 1-based; the header is line 1."""

    __slots__ = ("_fields", "file", "line")

    def __init__(self, file: str, line: int, fields: dict[str, str | None]) -> None:
        """Keep the fields; an empty one is ``None``."""
        self.file = file
        self.line = line
        self._fields = fields

    def fault(self, message: str) -> ReferenceDataError:
        """Return the error that names this row."""
        return ReferenceDataError(self.file, self.line, message)

    def optional(self, column: str) -> str | None:
        """Return the text of a field that may be empty."""
        return self._fields[column]

    def text(self, column: str) -> str:
        """Return the text of a field that must not be empty."""
        value = self._fields[column]
        if value is None:
            raise self.fault(f"'{column}' is empty")
        return value

    def integer(self, column: str) -> int:
        """Return a whole number of at least 0."""
        value = self.text(column)
        if not (value.isascii() and value.isdigit()):
            raise self.fault(f"'{column}' is not a whole number")
        return int(value)

    def number(self, column: str) -> float | None:
        """Return a decimal number of at least 0, ``None`` for an empty field."""
        value = self._fields[column]
        if value is None:
            return None
        if re.fullmatch(r"\d+(\.\d+)?", value, re.ASCII) is None:
            raise self.fault(f"'{column}' is not a number")
        return float(value)

    def flag(self, column: str) -> bool:
        """Return ``true`` or ``false``."""
        value = self.text(column)
        if value not in {"true", "false"}:
            raise self.fault(f"'{column}' is neither 'true' nor 'false'")
        return value == "true"

    def word(self, column: str, words: type[_Word]) -> _Word:
        """Return one of the words of an enumeration."""
        value = self.text(column)
        try:
            return words(value)
        except ValueError:
            raise self.fault(f"'{column}' is not one of: {', '.join(words)}") from None

    def verification(self) -> str:
        """Return how what the row states is known: ``verified: `` and where it was read, or ``unverified: `` and why it was not."""
        value = self.text("verification")
        if not value.startswith(("verified: ", "unverified: ")):
            raise self.fault("'verification' starts with 'verified: ' or 'unverified: '")
        return value

    def interval(self, prefix: str = "") -> tuple[int, int]:
        """Return the first and the last position (1-based) of the columns ``start`` and ``end`` with a prefix."""
        start, end = self.integer(f"{prefix}start"), self.integer(f"{prefix}end")
        if not 0 < start <= end:
            raise self.fault(f"the interval of '{prefix}start' and '{prefix}end' does not start before it ends")
        return start, end

    def parts(self, column: str) -> tuple[str, ...]:
        """Return the parts of a field that holds several values with ``;`` between them."""
        return tuple(self.text(column).split(";"))


def read_table(directory: Path, file: str, columns: Sequence[str]) -> list[CsvRow]:
    """Read one table, whose header must be ``columns``. The last column is never empty, so a row that is cut short is found.

    Raises ``ReferenceDataError``.
    """
    path = directory / file
    if not path.is_file():
        raise ReferenceDataError(file, 1, "the file is missing")
    data = path.read_bytes()
    header = data.partition(b"\n")[0].rstrip(b"\r").decode("utf-8", "replace")
    if header != ",".join(columns):
        raise ReferenceDataError(file, 1, f"the columns are not: {', '.join(columns)}")
    lines = data.splitlines(keepends=True)
    if not data.endswith(b"\n"):
        raise ReferenceDataError(file, len(lines), "the last line has no end")
    numbered = enumerate(_fields(file, lines, len(columns)), 1)
    _, *rows = [CsvRow(file, number, dict(zip(columns, fields, strict=True))) for number, fields in numbered]
    for row in rows:
        row.text(columns[-1])
    return rows


def _fields(file: str, lines: Sequence[bytes], width: int) -> Iterator[list[str | None]]:
    """Yield the fields of each line, ``None`` for what is empty or cut off."""
    reader = csv.reader((line.decode("utf-8") for line in lines), strict=True)
    for number in range(1, len(lines) + 1):
        try:
            fields = next(reader)
        except (UnicodeDecodeError, csv.Error):
            fields = None
        if fields == []:
            raise ReferenceDataError(file, number, "the line is empty")
        if fields is None or len(fields) > width or reader.line_num != number:
            raise ReferenceDataError(file, number, "the line cannot be read as CSV with these columns")
        yield [field or None for field in fields] + [None] * (width - len(fields))
