"""Look at every line of the body and pick those that touch the panel.

The scanner takes buffers of complete lines. For every line it checks the shape (columns, first byte, CHROM, POS), counts it, and works out
how far its record reaches: over REF, to END, or over SVLEN. It keeps the lines that touch a panel window, and structural ones
that touch a gene. Nothing rests on the order of records. The work is done on whole buffers with numpy; a buffer in which something is wrong
is gone through again line by line, to say what and where. (docs/decisions/0010-scanner.md: why this way.)
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.intake.contigs import chromosome
from app.intake.problems import (
    BAD_CHROMOSOME,
    BAD_POSITION,
    BLANK_LINE,
    HEADER_IN_BODY,
    LEADING_TAB,
    LINE_TOO_LONG,
    NOT_TAB_SEPARATED,
    PANEL_TOO_LARGE,
    TOO_MANY_PANEL_RECORDS,
    TOO_MANY_RECORDS,
    WRONG_COLUMN_COUNT,
)
from app.intake.targets import Target
from app.model.limits import Limits
from app.model.problem import InputError, ProblemType

_TAB, _NEWLINE = 9, 10
_MAX_POSITION = 2**31 - 2
_LONG_DELETION = 50
"""A REF of at least so many bases over a gene is kept as structural evidence."""
_CHROM = re.compile(rb"[!-~\x80-\xff]{1,255}")
_SVLEN = re.compile(rb"[\t;]SVLEN=([-0-9,]+)")
_REFERENCE_ALTS = (b".", b"<NON_REF>", b"<*>")

Indices = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class SelectedLine:
    """A record that touches the panel, as a line. ``line`` is its 1-based number in the decompressed input (``None``: BCF has no lines)."""

    line: int | None
    chrom: str
    text: bytes


@dataclass(slots=True)
class _Table:
    """Where things are in one buffer: one row a line. ``tabs`` has a row a line and a column a tab."""

    buffer: bytes
    codes: Bytes
    starts: Indices
    ends: Indices
    tabs: Indices


class Scanner:
    """Scans one body. ``line`` is the number of the last line seen, ``records`` how many there were.

    ``sorted`` says whether POS never fell from one record to the next on the same contig and no contig came back. ``blocks`` says
    whether gVCF blocks were seen, anywhere.
    """

    def __init__(self, targets: Mapping[str, Target], columns: int, line: int, limits: Limits, *, block_lengths: bool = False) -> None:
        self.line = line
        self.records = 0
        self.sorted = True
        self.blocks = False
        self.selected: list[SelectedLine] = []
        self.blank_line: int | None = None
        self._targets = targets
        self._columns = columns
        self._limits = limits
        self._block_lengths = block_lengths
        self._selected_bytes = 0
        self._contig = b""
        self._position = 0
        self._contigs_seen: set[bytes] = set()

    def scan(self, buffer: bytes) -> None:
        """Look at the lines of ``buffer``, which ends with a newline. Raises ``InputError`` for the first line that is wrong."""
        if not buffer:
            return
        if self.blank_line is not None:
            raise InputError(BLANK_LINE, "Records follow it.", line=self.blank_line)
        if buffer == b"\n" or buffer.endswith(b"\n\n"):
            self.blank_line = self.line + buffer.count(b"\n")
            buffer = buffer[:-1]
            if not buffer:
                self.line += 1
                return
        table = self._table(buffer)
        if table is None:
            self._blame(buffer)
        else:
            positions = _numbers(table.codes, table.tabs[:, 0] + 1, table.tabs[:, 1])
            if positions is None:
                self._blame(buffer)
            else:
                self._select(table, positions)
        self.records += buffer.count(b"\n")
        self.line += buffer.count(b"\n") + (self.blank_line is not None)
        if self.records > self._limits.max_records:
            raise InputError(TOO_MANY_RECORDS, f"The cap is {self._limits.max_records} records.")

    def _table(self, buffer: bytes) -> _Table | None:
        """Return where the columns are, or ``None`` if any line is misshapen."""
        codes: Bytes = np.frombuffer(buffer, dtype=np.uint8)
        ends = np.flatnonzero(codes == _NEWLINE)
        starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1] + 1))
        tabs = np.flatnonzero(codes == _TAB)
        per_line = self._columns - 1
        if tabs.size != ends.size * per_line or int((ends - starts).max()) > self._limits.max_line_bytes:
            return None
        columns = tabs.reshape(ends.size, per_line)
        first = codes[starts]
        if not ((columns[:, 0] > starts) & (columns[:, -1] < ends) & (first != ord("#"))).all():
            return None
        return _Table(buffer, codes, starts, ends, columns)

    def _blame(self, buffer: bytes) -> None:
        """Raise the problem of the first line that has one."""
        for number, line in enumerate(buffer[:-1].split(b"\n"), start=self.line + 1):
            found = self._fault(line)
            if found is not None:
                kind, detail = found
                raise InputError(kind, detail, line=number)
        raise AssertionError("a buffer was found wrong and none of its lines was")

    def _fault(self, line: bytes) -> tuple[ProblemType, str] | None:
        columns = line.count(b"\t") + 1
        if not line:
            return BLANK_LINE, "The line is empty."
        if line.startswith(b"#"):
            return HEADER_IN_BODY, "The line comes after the `#CHROM` line."
        if columns == 1:
            return NOT_TAB_SEPARATED, "The line has spaces instead." if b" " in line else "The line has one column only."
        if line.startswith(b"\t"):
            return LEADING_TAB, "The line has no CHROM."
        return self._column_fault(line, columns)

    def _column_fault(self, line: bytes, columns: int) -> tuple[ProblemType, str] | None:
        if columns != self._columns:
            return WRONG_COLUMN_COUNT, f"The line has {columns} columns, the `#CHROM` line has {self._columns}."
        if len(line) > self._limits.max_line_bytes:
            return LINE_TOO_LONG, f"The cap is {self._limits.max_line_bytes} bytes."
        position = line.split(b"\t", 2)[1]
        if not (position.isdigit() and len(position) <= 10 and int(position) <= _MAX_POSITION):
            return BAD_POSITION, "The second column is something else."
        return None

    def _select(self, table: _Table, positions: Indices) -> None:
        reach = self._reach(table, positions)
        for first, last in _runs(table):
            name = table.buffer[table.starts[first] : table.tabs[first, 0]]
            self._check_order(name, positions[first:last], self.line + first + 1)
            chrom = chromosome(name)
            target = self._targets.get(chrom) if chrom is not None else None
            if chrom is None or target is None:
                continue
            here, there = positions[first:last], reach[first:last]
            in_window = target.windows.touched(here, there)
            for row in np.flatnonzero(in_window | target.regions.touched(here, there)).tolist():
                if in_window[row] or _is_structural(table, first + row):
                    self._keep(table, first + row, chrom)

    def _check_order(self, name: bytes, positions: Indices, line: int) -> None:
        if name != self._contig:
            if _CHROM.fullmatch(name) is None:
                raise InputError(BAD_CHROMOSOME, "It is too long, or has white space.", line=line)
            self.sorted = self.sorted and name not in self._contigs_seen
            if len(self._contigs_seen) < self._limits.max_contigs:
                self._contigs_seen.add(name)
            self._contig, self._position = name, 0
        if self.sorted:
            self.sorted = int(positions[0]) >= self._position and bool((positions[1:] >= positions[:-1]).all())
        self._position = int(positions[-1])

    def _reach(self, table: _Table, positions: Indices) -> Indices:
        """Return the last position that each record speaks of."""
        reach: Indices = positions + (table.tabs[:, 3] - table.tabs[:, 2] - 2)
        if not self.blocks and b"<" in table.buffer:
            self.blocks = b"<NON_REF>" in table.buffer or b"<*>" in table.buffer
        if b"END=" in table.buffer:
            rows, ends = _info_ends(table)
            np.maximum.at(reach, rows, ends)
            if not self.blocks:
                alts = table.codes[table.tabs[rows, 3] + 1]
                self.blocks = bool(((alts == ord(".")) & (table.tabs[rows, 4] - table.tabs[rows, 3] == 2)).any())
        if b"SVLEN=" in table.buffer:
            for found in _SVLEN.finditer(table.buffer):
                row = int(np.searchsorted(table.ends, found.start()))
                reach[row] = max(reach[row], positions[row] + max((abs(int(text)) for text in _whole(found[1])), default=0))
        if self._block_lengths and b"<*>" in table.buffer:
            for row, length in _format_lengths(table):
                reach[row] = max(reach[row], positions[row] + length - 1)
        return reach

    def _keep(self, table: _Table, row: int, chrom: str) -> None:
        text = table.buffer[table.starts[row] : table.ends[row]]
        self.selected.append(SelectedLine(self.line + row + 1, chrom, text))
        self._selected_bytes += len(text)
        if len(self.selected) > self._limits.max_panel_records:
            raise InputError(TOO_MANY_PANEL_RECORDS, f"The cap is {self._limits.max_panel_records} records.")
        if self._selected_bytes > self._limits.max_panel_bytes:
            raise InputError(PANEL_TOO_LARGE, f"The cap is {self._limits.max_panel_bytes} bytes.")


def _numbers(codes: Bytes, starts: Indices, ends: Indices) -> Indices | None:
    """Return the whole numbers that stand in the stretches, or ``None`` if anything else stands in one of them."""
    widths = ends - starts
    widest = int(widths.max())
    if int(widths.min()) < 1 or widest > 10:
        return None
    numbers = np.zeros(starts.size, dtype=np.int64)
    for place in range(widest):
        inside = widths > place
        digits = codes[np.maximum(ends - 1 - place, starts)].astype(np.int64) - ord("0")
        if bool((inside & ((digits < 0) | (digits > 9))).any()):
            return None
        numbers += np.where(inside, digits * 10**place, 0)
    return numbers if int(numbers.max()) <= _MAX_POSITION else None


def _runs(table: _Table) -> Iterator[tuple[int, int]]:
    """Yield the stretches of lines (first, one past the last) that have the same CHROM.

    Names are compared as numbers of up to eight bytes, more of them for longer names, so that equal numbers mean equal names.
    """
    widths = table.tabs[:, 0] - table.starts
    new = widths[1:] != widths[:-1]
    for offset in range(0, int(widths.max()), 8):
        words = _words(table, offset)
        left = np.clip(widths - offset, 0, 8)
        kept = np.where(left > 0, words << ((8 - left).astype(np.uint64) * np.uint64(8)), 0)
        new |= kept[1:] != kept[:-1]
    edges = [0, *(np.flatnonzero(new) + 1).tolist(), widths.size]
    yield from pairwise(edges)


def _words(table: _Table, offset: int) -> NDArray[np.uint64]:
    """Return the eight bytes of each line from ``offset`` on, as one number (short lines at the very end are read further left)."""
    last = table.codes.size - 8
    view = np.ndarray(shape=(last + 1,), dtype="<u8", buffer=table.buffer, strides=(1,))
    result: NDArray[np.uint64] = view[np.minimum(table.starts + offset, last)]
    return result


def _info_ends(table: _Table) -> tuple[Indices, Indices]:
    """Return the lines that have END in INFO, and its value (0 where it is not a number)."""
    codes = table.codes
    found = np.flatnonzero((codes[:-4] == ord("E")) & (codes[1:-3] == ord("N")) & (codes[2:-2] == ord("D")) & (codes[3:-1] == ord("=")))
    before = codes[found - 1]
    found = found[(before == _TAB) | (before == ord(";"))]
    rows: Indices = np.searchsorted(table.ends, found)
    inside = (found > table.tabs[rows, 6]) & (found < table.tabs[rows, 7])
    rows, found = rows[inside], found[inside]
    values = np.zeros(found.size, dtype=np.int64)
    going = np.ones(found.size, dtype=np.bool_)
    for place in range(10):
        digits = codes[np.minimum(found + 4 + place, codes.size - 1)].astype(np.int64) - ord("0")
        going &= (digits >= 0) & (digits <= 9)
        values = np.where(going, values * 10 + digits, values)
    return rows, values


def _format_lengths(table: _Table) -> Iterator[tuple[int, int]]:
    """Yield line and longest LEN of its samples, for lines whose FORMAT has LEN (VCF 4.5)."""
    for row in range(table.ends.size):
        keys = table.buffer[table.tabs[row, 7] + 1 : table.tabs[row, 8]].split(b":")
        if b"LEN" in keys:
            place = keys.index(b"LEN")
            samples = table.buffer[table.tabs[row, 8] + 1 : table.ends[row]].split(b"\t")
            fields = (sample.split(b":") for sample in samples)
            yield row, max((int(field[place]) for field in fields if len(field) > place and _is_length(field[place])), default=0)


def _is_length(text: bytes) -> bool:
    return text.isdigit() and len(text) <= 9


def _whole(numbers: bytes) -> list[bytes]:
    return [text for text in numbers.split(b",") if _is_length(text.removeprefix(b"-"))]


def _is_structural(table: _Table, row: int) -> bool:
    reference = int(table.tabs[row, 3] - table.tabs[row, 2]) - 1
    alt = table.buffer[table.tabs[row, 3] + 1 : table.tabs[row, 4]]
    return is_structural_alt(reference, alt, table.buffer[table.tabs[row, 7] + 1 : table.tabs[row, 8]])


def is_structural_alt(reference: int, alt: bytes, keys: bytes) -> bool:
    """Whether a record over a gene may be copy-number or structural evidence, by the length of REF, ALT and FORMAT."""
    if reference >= _LONG_DELETION or b"[" in alt or b"]" in alt:
        return True
    if alt in _REFERENCE_ALTS:
        return b"CN" in keys.split(b":")
    return b"<" in alt.replace(b"<NON_REF>", b"").replace(b"<*>", b"")
