"""From the bytes as received to the bytes inside: sniff, then decompress.

Digesting and decompressing run in a second thread as soon as an input is long enough to be worth one, so that they go on while the lines
before are being scanned (docs/decisions/0020-two-threads.md).
"""

from collections.abc import Iterator

from app.intake.ahead import Ahead
from app.intake.inflate import Decoder, make_decoder
from app.intake.meter import Meter
from app.intake.sniff import ENOUGH, Wrapping, sniff_wrapping

_CHUNK = 2**18
"""Bytes that are decompressed at a time."""
_LONG = 2**20
"""An input with more bytes than this gets a second thread."""


class Unwrapper:
    """Takes chunks of any size and yields decompressed pieces. ``wrapping`` is known as soon as the first piece is out.

    Close it when done; it may have a thread.
    """

    def __init__(self, meter: Meter) -> None:
        self.wrapping = Wrapping.PLAIN
        self._meter = meter
        self._head = b""
        self._decoder: Decoder | None = None
        self._ahead: Ahead[bytes, list[bytes]] = Ahead(self._inflate)

    @property
    def verified(self) -> bool | None:
        """Whether checksums were verified (``None``: not compressed)."""
        return None if self._decoder is None else self._decoder.verified

    @property
    def eof_marker(self) -> bool | None:
        """Whether the BGZF end-of-file block was there (``None``: not BGZF)."""
        return None if self._decoder is None else self._decoder.eof_marker

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what a chunk decompresses to. Raises ``InputError``."""
        self._meter.take(chunk)
        if self._decoder is None:
            self._head += chunk
            if len(self._head) < ENOUGH:
                return
            chunk, self._decoder = self._head, self._open()
        for start in range(0, len(chunk), _CHUNK):
            part = chunk[start : start + _CHUNK]
            if self._meter.received > _LONG:
                for pieces in self._ahead.feed(part):
                    yield from self._timed(pieces)
            else:
                yield from self._timed(self._inflate(part))

    def finish(self) -> Iterator[bytes]:
        """Yield what is left, and check that nothing is missing. Raises ``InputError``."""
        if self._decoder is None:
            self._decoder = self._open()
            yield from self._timed(self._inflate(self._head))
        for pieces in self._ahead.finish():
            yield from self._timed(pieces)
        self._decoder.finish()

    def close(self) -> None:
        """Let go of everything, at any time."""
        self._ahead.close()

    def _open(self) -> Decoder:
        self.wrapping = sniff_wrapping(self._head)
        return make_decoder(self.wrapping, self._meter)

    def _inflate(self, chunk: bytes) -> list[bytes]:
        self._meter.digest(chunk)
        return [] if self._decoder is None else list(self._decoder.feed(chunk))

    def _timed(self, pieces: list[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._meter.check_time()
            yield piece
