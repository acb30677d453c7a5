"""The inside of a VCF: header, then body, as decompressed pieces come."""

from collections.abc import Collection

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
        """Look for ``targets``, whose lines ``selected`` takes; ``sampler`` gets some rows of each chromosome beside."""
        self.selected: LineStore = [] if selected is None else selected
        self._sampler = sampler
        self._targets = targets
        self._limits = limits
        self._cutter = LineCutter(limits)
        self._reader = HeaderReader(limits)
        self._scanner: Scanner | None = None
        self._carriage_returns = False
        self._final_newline = True

    def feed(self, piece: bytes) -> None:
        """Take a piece. Raises ``InputError``."""
        for buffer in self._cutter.feed(piece):
            self._read(buffer)

    def finish(self) -> Header:
        """Read what is left, and return the header. Raises ``InputError``."""
        rest = self._cutter.finish()
        if rest:
            self._final_newline = rest.endswith(b"\n")
            self._read_rest(rest)
        return self._reader.finish()

    def _read_rest(self, rest: bytes) -> None:
        """Read the last lines. Where the very last one has no newline and too few columns, the input was cut there."""
        if self._final_newline:
            self._read(line_buffer(rest))
            return
        last = self.lines + rest.count(b"\n") + 1
        try:
            self._read(line_buffer(rest + b"\n"))
        except InputError as error:
            if error.problem.line == last and self._scanner is not None:
                raise InputError(TRUNCATED, "The last line has no newline and is incomplete.", line=last) from None
            raise

    def _read(self, buffer: LineBuffer) -> None:
        if not self._reader.done:
            text = buffer.cut()
            clean = check_text(text, self.lines + 1)
            self._carriage_returns = self._carriage_returns or len(clean) < len(text)
            buffer = LineBuffer(clean, self._reader.feed(clean), len(clean))
        if not self._reader.done:
            return
        if self._scanner is None:
            header = self._reader.header
            if self._sampler is not None:
                self._sampler.begin(header)
            engine = open_engine(self._targets, header.columns, self._limits)
            self._scanner = Scanner(engine, header.columns, self._reader.line, self._limits, self._sampler, selected=self.selected)
        self._scanner.scan(buffer)

    @property
    def header(self) -> Header:
        """The header, as far as it was read."""
        return self._reader.header

    @property
    def lines(self) -> int:
        """Number of lines read."""
        return self._reader.line if self._scanner is None else self._scanner.line

    @property
    def records(self) -> int:
        """Number of records read."""
        return 0 if self._scanner is None else self._scanner.records

    @property
    def sorted(self) -> bool:
        """Whether the records were in order."""
        return self._scanner is None or self._scanner.sorted

    @property
    def blocks(self) -> bool:
        """Whether there were gVCF blocks."""
        return self._scanner is not None and self._scanner.blocks

    @property
    def chromosomes(self) -> set[str]:
        """The chromosomes (no ``chr``) that any record is on."""
        return set() if self._scanner is None else self._scanner.chromosomes

    @property
    def contigs(self) -> Collection[bytes]:
        """The names of the contigs that have records."""
        return () if self._scanner is None else self._scanner.contigs

    @property
    def warnings(self) -> tuple[InputWarning, ...]:
        """What was odd and was accepted."""
        found = []
        if self._reader.byte_order_mark:
            found.append(InputWarning(code="byte_order_mark", text=phrase("warnings.byte_order_mark"), line=1))
        if self._carriage_returns or (self._scanner is not None and self._scanner.carriage_returns):
            found.append(InputWarning(code="carriage_returns", text=phrase("warnings.carriage_returns")))
        if not self._final_newline:
            found.append(InputWarning(code="no_final_newline", text=phrase("warnings.no_final_newline"), line=self.lines))
        if self._scanner is not None and self._scanner.blank_line is not None:
            text = phrase("warnings.blank_line_at_end")
            found.append(InputWarning(code="blank_line_at_end", text=text, line=self._scanner.blank_line))
        return tuple(found)
