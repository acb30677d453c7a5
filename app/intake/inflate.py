"""Decompress in bounded steps, as the bytes come, with every checksum looked at.

Each decoder takes chunks of any size and yields pieces of decompressed bytes. What a step can put out is bounded, so that a
small chunk cannot fill the memory, and the meter is asked after each step.
"""

import struct
from collections.abc import Iterator
from typing import Protocol

from isal import isal_zlib

from app.intake.meter import Meter
from app.intake.problems import CORRUPT, TRUNCATED
from app.intake.sniff import Wrapping
from app.model.problem import InputError

_STEP_IN = 64 * 2**10
_STEP_OUT = 2**20
_BGZF_MAX = 2**16
_EOF_BLOCK = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_DAMAGED: type[Exception] = vars(isal_zlib)["error"]
"""isal's own stub gives this class the type of an instance."""
_BLOCK = struct.Struct("<4s6xH4sH")
_MAGIC = b"\x1f\x8b\x08\x04"
_SUBFIELD = b"BC\x02\x00"
_TRAILER = struct.Struct("<II")


class Decoder(Protocol):
    """What all decoders can do. ``verified`` and ``eof_marker`` are as in ``Integrity``."""

    verified: bool | None
    eof_marker: bool | None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what ``data`` decompresses to. Raises ``InputError`` where it is damaged or over a cap."""
        ...

    def finish(self) -> None:
        """Say that no more comes. Raises ``InputError`` if something is missing."""
        ...


class PlainDecoder:
    """Not compressed."""

    verified: bool | None = None
    eof_marker: bool | None = None

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the bytes as they are."""
        self._meter.inflate(len(data))
        yield data

    def finish(self) -> None:
        """Do nothing: plain text has no end of its own."""


class GzipDecoder:
    """Plain gzip, one member or several. The checksum and length of each member are verified."""

    verified: bool | None = True
    eof_marker: bool | None = None

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._inflater = isal_zlib.decompressobj(31)
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield decompressed pieces of at most 1 MiB."""
        for start in range(0, len(data), _STEP_IN):
            yield from self._feed(data[start : start + _STEP_IN])

    def _feed(self, rest: bytes) -> Iterator[bytes]:
        while rest:
            if not self._started and rest[0] != 0x1F:
                raise InputError(CORRUPT, "There is something after the end of the gzip data.")
            self._started = True
            try:
                piece = self._inflater.decompress(rest, _STEP_OUT)
            except (_DAMAGED, ValueError):
                raise InputError(CORRUPT, "The gzip data is damaged: it cannot be inflated, or its checksum is wrong.") from None
            self._meter.inflate(len(piece))
            if piece:
                yield piece
            if self._inflater.eof:
                rest = self._inflater.unused_data
                self._inflater = isal_zlib.decompressobj(31)
                self._started = False
            else:
                rest = self._inflater.unconsumed_tail

    def finish(self) -> None:
        """Check that the last member is complete."""
        if self._started:
            raise InputError(TRUNCATED, "The gzip data stops in the middle.")


class BgzfDecoder:
    """BGZF: gzip in blocks of at most 64 KiB (SAM specification, section 4.1). Each block's CRC and ISIZE are verified."""

    verified: bool | None = True

    def __init__(self, meter: Meter) -> None:
        self.eof_marker: bool | None = False
        self._meter = meter
        self._pending = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the contents of whole blocks."""
        if self._pending:
            data = self._pending + data
        view = memoryview(data)
        at = 0
        while (end := _block_end(data, at)) is not None:
            piece = self._inflate(view[at:end])
            at = end
            if piece:
                self._meter.inflate(len(piece))
                yield piece
        self._pending = data[at:]

    def _inflate(self, block: memoryview) -> bytes:
        self.eof_marker = block == _EOF_BLOCK
        if self.eof_marker:
            return b""
        extra = block[10] | block[11] << 8
        checksum, length = _TRAILER.unpack_from(block, len(block) - 8)
        if length > _BGZF_MAX:
            raise InputError(CORRUPT, "A BGZF block states an impossible length.")
        inflater = isal_zlib.decompressobj(-15)
        try:
            piece: bytes = inflater.decompress(block[12 + extra : -8], length + 1)
        except (_DAMAGED, ValueError):
            raise InputError(CORRUPT, "A BGZF block cannot be inflated.") from None
        if len(piece) != length or not inflater.eof or isal_zlib.crc32(piece) != checksum:
            raise InputError(CORRUPT, "The checksum or length of a BGZF block is wrong.")
        return piece

    def finish(self) -> None:
        """Check that nothing hangs over, and that the last block is the end-of-file marker."""
        if self._pending:
            raise InputError(TRUNCATED, "The input stops inside a BGZF block.")
        if not self.eof_marker:
            raise InputError(TRUNCATED, "The BGZF end-of-file block is missing, so records may be missing, too.")


def _block_end(data: bytes, at: int) -> int | None:
    """Return the end of the block that starts at ``at``, or ``None`` while it is not all there."""
    if len(data) < at + 18:
        return None
    magic, extra, subfield, rest = _BLOCK.unpack_from(data, at)
    if magic != _MAGIC or extra < 6:
        raise InputError(CORRUPT, "A BGZF block does not start as one.")
    if subfield == _SUBFIELD:
        size = rest + 1
    else:
        found = _find_size(data[at + 12 : at + 12 + extra], extra)
        if found is None:
            return None
        size = found
    if size < extra + 20:
        raise InputError(CORRUPT, "A BGZF block states an impossible size.")
    return at + size if len(data) >= at + size else None


def _find_size(field: bytes, extra: int) -> int | None:
    """Return the block's size from an extra field that has other subfields before ``BC``."""
    if len(field) < extra:
        return None
    here = 0
    while here + 4 <= extra:
        length = field[here + 2] | field[here + 3] << 8
        if field[here : here + 2] == b"BC" and length == 2 and here + 6 <= extra:
            return (field[here + 4] | field[here + 5] << 8) + 1
        here += 4 + length
    raise InputError(CORRUPT, "A gzip member among BGZF blocks is not a BGZF block.")


def make_decoder(wrapping: Wrapping, meter: Meter) -> Decoder:
    """Return the decoder for a compression."""
    if wrapping is Wrapping.BGZF:
        return BgzfDecoder(meter)
    return GzipDecoder(meter) if wrapping is Wrapping.GZIP else PlainDecoder(meter)
