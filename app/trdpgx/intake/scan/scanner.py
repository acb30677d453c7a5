"""Scan every line of the body and select those that overlap the panel.

The scanner takes buffers of complete lines. For every line an engine checks the shape (columns, first byte, CHROM, POS) and finds the last
position of its record. The scanner counts lines, checks their order, and selects those that touch a panel window, and structural ones that
touch a gene. The order of records does not matter. A buffer with a fault is scanned again line by line, to find the line and the fault
(docs/decisions/0010-scanner.md and 0023-compiled-scan.md have the reasons).
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple, Protocol

from trdpgx.intake.problems import (
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
    TOO_MANY_RECORDS_AT_POSITION,
    WRONG_COLUMN_COUNT,
)
from trdpgx.intake.scan.engine import MAX_POSITION, ContigRun, ScanResult
from trdpgx.intake.scan.line_engine import LineEngine
from trdpgx.intake.scan.native import NativeEngine, library
from trdpgx.intake.scan.panel_index import PanelIntervals
from trdpgx.intake.scan.record_end import COPY_KEYS
from trdpgx.intake.vcf.alleles import LONG_DELETION, UNSEEN_SYMBOLS
from trdpgx.intake.vcf.contigs import chromosome
from trdpgx.intake.vcf.header import Header
from trdpgx.intake.vcf.lines import LineBuffer, check_text, line_buffer
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError, ProblemKind

Engine = LineEngine | NativeEngine
_CHROM = re.compile(rb"[!-~\x80-\xff]{1,255}")
_REFERENCE_ALTS = (b".", *UNSEEN_SYMBOLS)


class SelectedLine(NamedTuple):
    """A record that touches the panel, as a line. ``line`` is its 1-based number in the decompressed input (``None``: BCF has no lines)."""

    line: int | None
    chrom: str
    text: bytes


class SelectedLines(Protocol):
    """The selected lines of an input, which can be iterated over more than once."""

    def __iter__(self) -> Iterator[SelectedLine]: ...

    def __len__(self) -> int: ...


class LineStore(SelectedLines, Protocol):
    """Keeps the selected lines until the input ends, as a list does."""

    def append(self, line: SelectedLine, /) -> None:
        """Take one more."""


class RowSampler(Protocol):
    """Looks at some rows of each chromosome, over the panel or not; it chooses which."""

    def begin(self, header: Header) -> None:
        """Take the header, before any row."""

    def due(self, chrom: str, rows: int) -> Iterator[int]:
        """Count ``rows`` more on a chromosome; yield the number (from 0) of each among them that is to be looked at now."""

    def look(self, chrom: str, text: bytes) -> None:
        """Look at one of them, as a line of VCF."""


class LineSelection:
    """Puts the selected lines into ``lines``, within the caps on their number, on those at one position, and on their bytes."""

    def __init__(self, lines: LineStore, limits: Limits) -> None:
        self._lines = lines
        self._limits = limits
        self._records = 0
        self._bytes = 0
        self._at: dict[tuple[str, int], int] = {}

    def add(self, line: SelectedLine) -> None:
        """Take one more line. Raises ``InputError`` over a cap."""
        self._lines.append(line)
        limits, text = self._limits, line.text
        self._records += 1
        self._bytes += len(text)
        start = text.index(b"\t") + 1
        position = line.chrom, int(text[start : text.index(b"\t", start)])
        self._at[position] = here = self._at.get(position, 0) + 1
        if self._records > limits.max_panel_records:
            raise InputError(TOO_MANY_PANEL_RECORDS, f"The cap is {limits.max_panel_records} records.")
        if here > limits.max_records_at_position:
            raise InputError(TOO_MANY_RECORDS_AT_POSITION, f"The cap is {limits.max_records_at_position} records.")
        if self._bytes > limits.max_panel_bytes:
            raise InputError(PANEL_TOO_LARGE, f"The cap is {limits.max_panel_bytes} bytes.")


def open_engine(targets: PanelIntervals, columns: int, limits: Limits) -> Engine:
    """Return the compiled engine, or that in Python where there is none."""
    compiled = library()
    if compiled is None:
        return LineEngine(targets, columns, limits.max_line_bytes)
    return NativeEngine(compiled, targets, columns, limits.max_line_bytes)


class Scanner:
    """Scans one body with an engine. ``line`` is the number of the last line seen, ``records`` how many there were.

    ``sorted``: whether POS never fell from one record to the next on the same contig and no contig came back. ``blocks``:
    whether gVCF blocks were seen, anywhere. ``chromosomes`` (no ``chr``) are those that any record is on, ``contigs`` the names in CHROM,
    the first ones of very many.
    """

    def __init__(
        self,
        engine: Engine,
        columns: int,
        line: int,
        limits: Limits,
        *,
        selected: LineStore,
        sampler: RowSampler | None = None,
    ) -> None:
        """Scan the lines after number ``line``, which have ``columns``; ``selected`` takes those over the panel."""
        self.line = line
        self.records = 0
        self.sorted = True
        self.blocks = False
        self.chromosomes: set[str] = set()
        self.blank_line: int | None = None
        self.carriage_returns = False
        self._engine = engine
        self._columns = columns
        self._limits = limits
        self.contigs: set[bytes] = set()
        self._selection = LineSelection(selected, limits)
        self._contig = b""
        self._position = 0
        self._sampler = sampler

    def scan(self, buffer: LineBuffer) -> None:
        """Look at the lines of ``buffer``. Raises ``InputError`` for the first line that is wrong."""
        text, start, end = buffer
        if start == end:
            return
        if text.endswith(b"\r\n", start, end):
            text, start, end = self._clean(buffer)
        if self.blank_line is not None:
            raise InputError(BLANK_LINE, "Records follow the blank line.", line=self.blank_line)
        if end - start == 1 or text.endswith(b"\n\n", start, end):
            self.blank_line = self.line + text.count(b"\n", start, end)
            end -= 1
            if start == end:
                self.line += 1
                return
        buffer = LineBuffer(text, start, end)
        look = self._engine.look(*buffer)
        if look is None:
            buffer = self._clean(buffer)
            look = self._engine.look(*buffer)
        if look is None:
            self._blame(buffer.cut())
            return
        self._take(buffer, look)
        self.blocks = self.blocks or look.blocks
        self.records += look.lines
        self.line += look.lines + (self.blank_line is not None)
        if self.records > self._limits.max_records:
            raise InputError(TOO_MANY_RECORDS, f"The cap is {self._limits.max_records} records.")

    def _clean(self, buffer: LineBuffer) -> LineBuffer:
        text = buffer.cut()
        clean = check_text(text, self.line + 1)
        self.carriage_returns = self.carriage_returns or len(clean) < len(text)
        return line_buffer(clean)

    def _blame(self, buffer: bytes) -> None:
        """Raise the problem of the first line that has one."""
        for number, line in enumerate(buffer[:-1].split(b"\n"), start=self.line + 1):
            found = self._fault(line)
            if found is not None:
                kind, detail = found
                raise InputError(kind, detail, line=number)
        raise AssertionError("a buffer was found wrong and none of its lines was")

    def _fault(self, line: bytes) -> tuple[ProblemKind, str] | None:
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

    def _column_fault(self, line: bytes, columns: int) -> tuple[ProblemKind, str] | None:
        if columns != self._columns:
            return WRONG_COLUMN_COUNT, f"The line has {columns} columns, the `#CHROM` line has {self._columns}."
        if len(line) > self._limits.max_line_bytes:
            return LINE_TOO_LONG, f"The cap is {self._limits.max_line_bytes} bytes."
        position = line.split(b"\t", 2)[1]
        if not (position.isdigit() and len(position) <= 10 and int(position) <= MAX_POSITION):
            return BAD_POSITION, "POS is not a whole number in the allowed range."
        return None

    def _take(self, buffer: LineBuffer, look: ScanResult) -> None:
        for run in look.runs:
            self._check_order(run, self.line + run.line + 1)
        for hit in look.hits:
            text = buffer.text[hit.start : hit.end]
            if hit.in_window or _is_structural(text):
                self._selection.add(SelectedLine(self.line + hit.line + 1, hit.chrom, text))
        if self._sampler is not None:
            self._sample(buffer, look, self._sampler)

    def _sample(self, buffer: LineBuffer, look: ScanResult, sampler: RowSampler) -> None:
        """Pass some rows of each chromosome to the sampler."""
        lines: list[bytes] = []
        for (first, name), (end, _) in pairwise([*[(run.line, run.name) for run in look.runs], (look.lines, b"")]):
            chrom = chromosome(name)
            if chrom is None:
                continue
            for number in sampler.due(chrom, end - first):
                lines = lines or buffer.cut().split(b"\n")
                sampler.look(chrom, lines[first + number])

    def _check_order(self, run: ContigRun, line: int) -> None:
        if run.name != self._contig:
            if run.name in self.contigs:
                self.sorted = False
            else:
                self._meet(run.name, line)
            self._contig, self._position = run.name, 0
        self.sorted = self.sorted and run.ascending and run.first >= self._position
        self._position = run.last

    def _meet(self, name: bytes, line: int) -> None:
        """Record a contig at its first occurrence."""
        if _CHROM.fullmatch(name) is None:
            raise InputError(BAD_CHROMOSOME, "CHROM is too long, or has white space.", line=line)
        if len(self.contigs) < self._limits.max_contigs:
            self.contigs.add(name)
        chrom = chromosome(name)
        if chrom is not None:
            self.chromosomes.add(chrom)


def _is_structural(text: bytes) -> bool:
    _, _, _, reference, alt, _, _, _, keys, _ = text.split(b"\t", 9)
    return is_structural_alt(len(reference), alt, keys)


def is_structural_alt(reference: int, alt: bytes, keys: bytes) -> bool:
    """Whether a record over a gene may be copy-number or structural evidence, by the length of REF, ALT and FORMAT."""
    if reference >= LONG_DELETION or b"[" in alt or b"]" in alt:
        return True
    if alt in _REFERENCE_ALTS:
        return not COPY_KEYS.isdisjoint(keys.split(b":"))
    for symbol in UNSEEN_SYMBOLS:
        alt = alt.replace(symbol, b"")
    return b"<" in alt
