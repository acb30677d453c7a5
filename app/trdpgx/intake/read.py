"""Intake, from bytes to panel sites: the entry point for files and for HTTP."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from trdpgx.intake.body import Body, FinishedBody
from trdpgx.intake.body.bcf_body import BcfBody
from trdpgx.intake.body.text_body import TextBody
from trdpgx.intake.decompress.budget import InputBudget
from trdpgx.intake.decompress.decompress import Decompressor
from trdpgx.intake.decompress.sniff import ENOUGH, Content, Wrapping, sniff_content
from trdpgx.intake.evidence.searched import searched_chromosomes
from trdpgx.intake.panel import panel_index
from trdpgx.intake.problems import SAMPLE_UNKNOWN, TOO_MANY_REPORTS
from trdpgx.intake.read_ahead import ENOUGH_NEW, CheckedRecords
from trdpgx.intake.result import Received, make_result
from trdpgx.intake.scan.scanner import LineStore, SelectedLine
from trdpgx.intake.vcf.header import Header
from trdpgx.model.genome import Assembly, Panel
from trdpgx.model.input import InputFormat
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.limits import Limits
from trdpgx.model.options import Options
from trdpgx.model.problem import InputError

_CHUNK = 2**20
_HEADER_CHUNK = 2**15
_FORMATS = {
    Wrapping.PLAIN: InputFormat.VCF,
    Wrapping.GZIP: InputFormat.VCF_GZIP,
    Wrapping.BGZF: InputFormat.VCF_BGZF,
    Wrapping.ZSTD: InputFormat.VCF_ZSTD,
}


class Intake:
    """Takes one input in chunks: ``feed`` them, then ``finish``; or ``close`` to release it before its end.

    Nothing of the input is written anywhere, and of its records only those over the panel are kept, until ``finish``.
    """

    def __init__(
        self,
        options: Options,
        panels: Mapping[Assembly, Panel],
        limits: Limits,
        *,
        max_reports: int | None = None,
        selected: LineStore | None = None,
    ) -> None:
        """Prepare for an input. ``max_reports`` is how many samples may be chosen; ``selected`` takes the lines over the panel."""
        self._own: list[SelectedLine] = []
        """The lines over the panel, where nobody else takes them."""
        self._selected: LineStore = self._own if selected is None else selected
        self._checked: CheckedRecords | None = None
        self._max_reports = max_reports
        self._options = options
        self._sought = frozenset(options.samples)
        self._limits = limits
        self._panel_index = panel_index(panels)
        self._budget = InputBudget(limits)
        self._decompressor: Decompressor | None = Decompressor(self._budget)
        self._head = b""
        self._body: Body | None = None
        self.searched = searched_chromosomes(options, limits)

    def feed(self, chunk: bytes) -> None:
        """Take some bytes of the input. Raises ``InputError`` as soon as something is wrong with it."""
        for piece in self._open_decompressor().feed(chunk):
            self._take(piece)

    @property
    def header(self) -> Header:
        """The header, as far as it was read."""
        return Header() if self._body is None else self._body.header

    def finish(self) -> IntakeResult:
        """Return the result for the complete input. Raises ``InputError``."""
        body, received = self.finish_body()
        panels, limits = self._panel_index, self._limits
        checked, most, shown = self._checked, self._max_reports, None if self.searched is None else self.searched.shown
        return make_result(body, received, self._options, panels, limits, shown=shown, max_reports=most, checked=checked)

    def finish_body(self) -> tuple[FinishedBody, Received]:
        """Return the body of the complete input and its facts, before any record is read. Raises ``InputError``."""
        decompressor = self._open_decompressor()
        for piece in decompressor.finish():
            self._take(piece)
        if self._body is None:
            self._body = self._open_body()
        body = self._body.finish()
        self._check_sample(body.header.samples)
        received = Received(
            sha256=self._budget.sha256,
            bytes=self._budget.received,
            format=InputFormat.BCF if isinstance(self._body, BcfBody) else _FORMATS[decompressor.wrapping],
            compression_verified=decompressor.verified,
            eof_marker=decompressor.eof_marker,
        )
        return body, received

    def _open_decompressor(self) -> Decompressor:
        if self._decompressor is None:
            raise RuntimeError("the input has been closed")
        return self._decompressor

    def _take(self, piece: bytes) -> None:
        """Take a decompressed piece."""
        if self._body is None:
            self._head += piece
            if len(self._head) >= ENOUGH:
                self._body = self._open_body()
        else:
            self._body.feed(piece)
        if self._body is not None:
            self._check_sample(self._body.header.samples)
            self._read_ahead(self._body)

    def _read_ahead(self, body: Body) -> None:
        """Check records over the panel while the rest is still to come."""
        if self._checked is None and len(self._own) >= ENOUGH_NEW:
            self._checked = CheckedRecords(body.header, self._options, self._limits)
        if self._checked is not None:
            self._checked.look(self._own)

    def _open_body(self) -> Body:
        kind = BcfBody if sniff_content(self._head) is Content.BCF else TextBody
        body: Body = kind(self._panel_index.targets, self._limits, self.searched, self._selected)
        body.feed(self._head)
        self._head = b""
        return body

    def _check_sample(self, samples: Sequence[str]) -> None:
        """Raise ``InputError`` as soon as a requested sample is known to be missing, or too many are requested."""
        if samples and self._sought and not self._sought.issubset(samples):
            raise InputError(SAMPLE_UNKNOWN, f"The input has {len(samples)} samples.", samples=samples)
        chosen = len(self._sought or samples)
        if self._max_reports is not None and chosen > self._max_reports:
            named = f"{chosen} were named" if self._sought else "none was named"
            raise InputError(TOO_MANY_REPORTS, f"The cap is {self._max_reports} samples, and {named}.")

    def close(self) -> None:
        """Release everything."""
        if self._decompressor is not None:
            self._decompressor.close()
        self._decompressor = None
        self._body = self._checked = None
        self._selected = self._own = []
        self._head = b""


def read_input(source: Path | BinaryIO, options: Options, panels: Mapping[Assembly, Panel], limits: Limits) -> IntakeResult:
    """Take in a file, or a binary stream up to its end. Raises ``InputError``, and ``OSError`` where a file cannot be read."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return read_input(stream, options, panels, limits)
    intake = Intake(options, panels, limits)
    try:
        feed_stream(intake, source)
        return intake.finish()
    finally:
        intake.close()


def read_header(path: Path, panels: Mapping[Assembly, Panel], limits: Limits) -> Header:
    """Return the header of a file, and read no more of it than that takes. Raises ``InputError`` and ``OSError``."""
    intake = Intake(Options(), panels, limits)
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_HEADER_CHUNK):
                intake.feed(chunk)
                if intake.header.samples:
                    return intake.header
        return intake.finish_body()[0].header
    finally:
        intake.close()


def feed_stream(intake: Intake, stream: BinaryIO) -> None:
    """Feed a binary stream up to its end. Raises ``InputError`` and ``OSError``."""
    while chunk := stream.read(_CHUNK):
        intake.feed(chunk)
