"""A file of outside calls, decoded once: its text, its lines and cells, and its JSON if it is JSON."""

import json
from dataclasses import dataclass
from typing import Any

from app.calling.problems import OUTSIDE_CALLS_INVALID, OUTSIDE_CALLS_NOT_TEXT, OUTSIDE_CALLS_TOO_LARGE
from app.model.problem import InputError

_MAX_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Row:
    """The tab-separated cells of one line, each without outer spaces, and its 1-based number."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str | None:
        """Return a cell, or ``None`` where it is empty or not there."""
        return (self.cells[index] or None) if index < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded file. ``json`` is ``None`` unless the file is a JSON object or list; ``rows`` leaves out blank lines."""

    text: str
    json: Any
    rows: tuple[Row, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The cells of the first line, in lower case and without a leading ``#``; empty where there is no line."""
        return tuple(cell.lstrip("#").strip().lower() for cell in self.rows[0].cells) if self.rows else ()

    def records(self) -> list[tuple[int, dict[str, str]]]:
        """Return every line after the header as its number and its non-empty cells by the header's names; comment lines left out."""
        names = self.header
        return [
            (row.number, {name: cell for name, cell in zip(names, row.cells, strict=False) if cell})
            for row in self.rows[1:]
            if not row.cells[0].startswith("#")
        ]


def read_document(data: bytes) -> Document:
    """Decode a file. Raises ``InputError`` if it is too large, not UTF-8 text, or JSON that does not parse."""
    if len(data) > _MAX_BYTES:
        raise InputError(OUTSIDE_CALLS_TOO_LARGE, f"It has {len(data)} bytes; {_MAX_BYTES} are allowed.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(OUTSIDE_CALLS_NOT_TEXT, "It holds bytes that are not UTF-8.") from None
    if "\x00" in text:
        raise InputError(OUTSIDE_CALLS_NOT_TEXT, "It holds zero bytes.")
    parsed: Any = None
    if text.lstrip()[:1] in {"{", "["}:
        parsed = _json(text)
    rows = tuple(Row(n, tuple(cell.strip() for cell in line.split("\t"))) for n, line in enumerate(text.splitlines(), 1) if line.strip())
    return Document(text, parsed, rows)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(OUTSIDE_CALLS_INVALID, "It begins like JSON and does not parse.", line=error.lineno) from None
    except RecursionError:
        raise InputError(OUTSIDE_CALLS_INVALID, "It is JSON nested too deeply.") from None
