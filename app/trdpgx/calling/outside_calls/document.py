"""A file of outside calls, decoded once: its text, its lines and columns, and its JSON if it is JSON."""

import json
import re
from typing import Any

from msgspec import Struct

from trdpgx.calling.outside_calls.problems import (
    OUTSIDE_CALLS_INVALID,
    OUTSIDE_CALLS_NOT_TEXT,
    OUTSIDE_CALLS_TOO_LARGE,
    OUTSIDE_CALLS_TOO_MANY,
)
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

LINES_PER_CALL = 10
"""Aldy writes a line for each variant of each gene copy, so that a file has more lines than calls."""
_COLUMNS = 1_000
_OBJECTS_PER_CALL = 20
_VALUES_PER_CALL = 100
_NEWLINE = re.compile(r"\r\n|\r|\n")


class ResultRow(Struct, frozen=True):
    """The tab-separated values of one line, each without outer spaces, and its 1-based number."""

    number: int
    values: tuple[str, ...]

    def value(self, index: int) -> str | None:
        """Return a value, or ``None`` where it is empty or not there."""
        return (self.values[index] or None) if index < len(self.values) else None


class ResultFile(Struct, frozen=True):
    """A decoded file. ``json`` is ``None`` unless the file is a JSON object or list.

    ``comments`` are the ``##`` lines above the first other line, without the marks; ``rows`` leaves them and blank lines out, so that the
    first row is the header where the file has one. Other lines with ``#`` stay rows: many tools write their header so.
    """

    text: str
    json: Any
    rows: tuple[ResultRow, ...]
    comments: tuple[str, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        """The values of the first row, in lower case and without a leading ``#``; empty where there is no line."""
        return tuple(value.lstrip("#").strip().lower() for value in self.rows[0].values) if self.rows else ()

    def records(self) -> list[tuple[int, dict[str, str]]]:
        """Return every row after the header as its number and its non-empty values by the header's names; comment lines left out."""
        names = self.header
        return [
            (row.number, {name: value for name, value in zip(names, row.values, strict=False) if value})
            for row in self.rows[1:]
            if not row.values[0].startswith("#")
        ]


def read_result_file(data: bytes, limits: Limits) -> ResultFile:
    """Decode a file. Raises ``InputError`` if it is over a cap, not UTF-8 text, or JSON that does not parse.

    What may be taken apart is counted first, so that memory and time follow the caps and not the bytes.
    """
    if len(data) > limits.max_outside_bytes:
        raise InputError(OUTSIDE_CALLS_TOO_LARGE, f"The outside calls have more than {limits.max_outside_bytes} bytes.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(OUTSIDE_CALLS_NOT_TEXT, "The file holds bytes that are not UTF-8.") from None
    if "\x00" in text:
        raise InputError(OUTSIDE_CALLS_NOT_TEXT, "The file holds NUL bytes.")
    if text.lstrip()[:1] in {"{", "["}:
        return ResultFile(text, _json(text, limits), ())
    rows = _rows(text, limits)
    leading = next((at for at, row in enumerate(rows) if not row.values[0].startswith("##")), len(rows))
    comments = tuple("\t".join(row.values).lstrip("#").strip() for row in rows[:leading])
    return ResultFile(text, None, rows[leading:], comments)


def _rows(text: str, limits: Limits) -> tuple[ResultRow, ...]:
    lines = max(text.count("\n"), text.count("\r"))
    if lines > limits.max_outside_calls * LINES_PER_CALL:
        raise InputError(OUTSIDE_CALLS_TOO_MANY, f"The cap is {limits.max_outside_calls * LINES_PER_CALL} lines.")
    rows = []
    for number, line in enumerate(_NEWLINE.split(text), 1):
        if not line.strip():
            continue
        if line.count("\t") >= _COLUMNS:
            raise InputError(OUTSIDE_CALLS_INVALID, f"The line has more than {_COLUMNS} columns.", line=number)
        rows.append(ResultRow(number, tuple(_unquoted(value.strip()) for value in line.split("\t"))))
    return tuple(rows)


def _unquoted(value: str) -> str:
    """Return a value without the quotation marks that a spreadsheet puts around it."""
    return value[1:-1].strip() if len(value) > 2 and value[0] == value[-1] == '"' and '"' not in value[1:-1] else value


def _json(text: str, limits: Limits) -> Any:
    objects, values = limits.max_outside_calls * _OBJECTS_PER_CALL, limits.max_outside_calls * _VALUES_PER_CALL
    if text.count("{") + text.count("[") > objects:
        raise InputError(OUTSIDE_CALLS_TOO_MANY, f"The cap is {objects} JSON objects and lists.")
    if text.count(",") > values:
        raise InputError(OUTSIDE_CALLS_TOO_MANY, f"The cap is {values} JSON values.")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(OUTSIDE_CALLS_INVALID, "The file begins like JSON and is not valid JSON.", line=error.lineno) from None
    except RecursionError:
        raise InputError(OUTSIDE_CALLS_INVALID, "The JSON is nested too deeply.") from None
    except ValueError:
        raise InputError(OUTSIDE_CALLS_INVALID, "The JSON has a number with too many digits.") from None
