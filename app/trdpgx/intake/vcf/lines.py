"""Cut a stream of decompressed bytes into buffers of complete lines, and a line into the columns of samples."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trdpgx.intake.problems import LINE_TOO_LONG, NUL_BYTE, STRAY_CARRIAGE_RETURN
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

BUFFER = 2**20
"""Bytes that are gathered into a buffer: so many that the cost of a buffer does not matter, and few enough for a processor's cache."""
LARGE = BUFFER // 2
"""A piece of so many bytes is not copied: its lines are read where they are."""
_MANY_PIECES = 4_096
_GENOTYPE = 4
"""Bytes of a diploid genotype and its tab."""


class LineBuffer(NamedTuple):
    """Complete lines: ``text[start:end]``, which is empty or ends with a newline."""

    text: bytes
    start: int
    end: int

    def cut(self) -> bytes:
        """Return the lines alone."""
        return self.text[self.start : self.end]


def line_buffer(text: bytes) -> LineBuffer:
    """Return a buffer of all lines of ``text``."""
    return LineBuffer(text, 0, len(text))


class LineCutter:
    """Gathers pieces and returns whole lines, about ``BUFFER`` bytes at a time. A line may be longer than that."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pieces: list[bytes] = []
        self._size = 0
        self._open = 0

    def feed(self, piece: bytes) -> Sequence[LineBuffer]:
        """Take a piece; return buffers of complete lines when there is enough. Raises ``InputError`` for a line over the cap."""
        complete = piece.rfind(b"\n") + 1
        self._open = len(piece) - complete if complete else self._open + len(piece)
        if self._open > self._limits.max_line_bytes:
            raise InputError(LINE_TOO_LONG, f"The cap is {self._limits.max_line_bytes} bytes.")
        self._size += len(piece)
        if not complete or self._size < BUFFER:
            if len(self._pieces) > _MANY_PIECES:
                self._pieces = [b"".join(self._pieces)]
            self._pieces.append(piece)
            return ()
        copied = piece.index(b"\n") + 1 if len(piece) >= LARGE else complete
        gathered = b"".join((*self._pieces, memoryview(piece)[:copied]))
        self._pieces, self._size = [piece[complete:]], self._open
        return line_buffer(gathered), LineBuffer(piece, copied, complete)

    def finish(self) -> bytes:
        """Return what is left; its last line may lack a newline."""
        return b"".join(self._pieces)


def check_text(buffer: bytes, line: int) -> bytes:
    """Return the buffer with plain newlines. ``line`` is the number of its first line.

    Raises ``InputError`` for a NUL byte and for a carriage return that ends no line.
    """
    if b"\0" in buffer:
        raise InputError(NUL_BYTE, "The byte is inside a line.", line=_line_of(buffer, b"\0", line))
    if b"\r" in buffer:
        buffer = buffer.replace(b"\r\n", b"\n")
        if b"\r" in buffer:
            raise InputError(STRAY_CARRIAGE_RETURN, "The carriage return is not followed by a newline.", line=_line_of(buffer, b"\r", line))
    return buffer


def _line_of(buffer: bytes, wanted: bytes, first: int) -> int:
    return first + buffer.count(b"\n", 0, buffer.index(wanted))


def cut_columns(rest: bytes, ranges: Sequence[range], order: Sequence[int] | None = None) -> Iterator[bytes]:
    """Yield the columns of each range of samples. ``rest`` has all sample columns of a line; the ranges begin at 0 and have no gaps."""
    samples = ranges[-1].stop if ranges else 0
    if len(ranges) == 1 and order is None:
        yield rest
    elif order is None and len(rest) == _GENOTYPE * samples - 1 and rest[3::4] == b"\t" * (samples - 1):
        for one in ranges:
            yield rest[_GENOTYPE * one.start : _GENOTYPE * one.stop - 1]
    else:
        columns = rest.split(b"\t")
        if order is not None:
            columns = [columns[column] for column in order]
        for one in ranges:
            yield b"\t".join(columns[one.start : one.stop])
