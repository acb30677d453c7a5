"""A decompressed VCF in pieces: header, then records."""

from collections.abc import Iterator

from trdpgx.intake.body import FinishedBody
from trdpgx.intake.problems import TRUNCATED
from trdpgx.intake.scan.panel_index import PanelIntervals
from trdpgx.intake.scan.scanner import LineStore, RowSampler, Scanner, open_engine
from trdpgx.intake.vcf.header import Header, HeaderReader
from trdpgx.intake.vcf.lines import LineBuffer, LineCutter, check_text, line_buffer
from trdpgx.model.input import InputWarning
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError
from trdpgx.texts import phrase


class TextBody:
    """Takes the text of a VCF in pieces of any size."""

    def __init__(
        self, targets: PanelIntervals, limits: Limits, sampler: RowSampler | None = None, selected: LineStore | None = None
    ) -> None:
        """Look for ``targets``. ``selected`` takes the lines over them; ``sampler`` gets some rows of each chromosome."""
        self._selected: LineStore = [] if selected is None else selected
        self._sampler = sampler
        self._targets = targets
        self._limits = limits
        self._cutter = LineCutter(limits)
        self._reader = HeaderReader(limits)
        self._scanner: Scanner | None = None
        self._carriage_returns = False

    @property
    def header(self) -> Header:
        """The header, as far as it was read."""
        return self._reader.header

    def feed(self, piece: bytes) -> None:
        """Take a piece. Raises ``InputError``."""
        for buffer in self._cutter.feed(piece):
            self._read(buffer)

    def finish(self) -> FinishedBody:
        """Read what is left, and return what the body has. Raises ``InputError``."""
        rest = self._cutter.finish()
        final_newline = not rest or rest.endswith(b"\n")
        if final_newline:
            self._read(line_buffer(rest))
        else:
            self._read_cut(rest)
        header, scanner = self._reader.finish(), self._scanner or self._open_scanner()
        return FinishedBody(
            header=header,
            lines=scanner.line,
            records=scanner.records,
            sorted=scanner.sorted,
            blocks=scanner.blocks,
            chromosomes=scanner.chromosomes,
            contigs=scanner.contigs,
            selected=self._selected,
            warnings=tuple(self._warnings(scanner, final_newline=final_newline)),
        )

    def _read_cut(self, rest: bytes) -> None:
        """Read the last lines, of which the very last has no newline: if it has too few columns, the input was cut there."""
        last = (self._reader.line if self._scanner is None else self._scanner.line) + rest.count(b"\n") + 1
        try:
            self._read(line_buffer(rest + b"\n"))
        except InputError as error:
            if error.problem.line == last and self._scanner is not None:
                raise InputError(TRUNCATED, "The last line has no newline and is incomplete.", line=last) from None
            raise

    def _read(self, buffer: LineBuffer) -> None:
        if not self._reader.done:
            text = buffer.cut()
            clean = check_text(text, self._reader.line + 1)
            self._carriage_returns = self._carriage_returns or len(clean) < len(text)
            buffer = LineBuffer(clean, self._reader.feed(clean), len(clean))
        if self._reader.done:
            self._scanner = self._scanner or self._open_scanner()
            self._scanner.scan(buffer)

    def _open_scanner(self) -> Scanner:
        header = self._reader.header
        if self._sampler is not None:
            self._sampler.begin(header)
        engine = open_engine(self._targets, header.columns, self._limits)
        return Scanner(engine, header.columns, self._reader.line, self._limits, selected=self._selected, sampler=self._sampler)

    def _warnings(self, scanner: Scanner, *, final_newline: bool) -> Iterator[InputWarning]:
        """Yield what was unusual and was accepted."""
        if self._reader.byte_order_mark:
            yield InputWarning(code="byte_order_mark", text=phrase("warnings.byte_order_mark"), line=1)
        if self._carriage_returns or scanner.carriage_returns:
            yield InputWarning(code="carriage_returns", text=phrase("warnings.carriage_returns"))
        if not final_newline:
            yield InputWarning(code="no_final_newline", text=phrase("warnings.no_final_newline"), line=scanner.line)
        if scanner.blank_line is not None:
            yield InputWarning(code="blank_line_at_end", text=phrase("warnings.blank_line_at_end"), line=scanner.blank_line)
