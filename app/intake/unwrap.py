"""From the bytes as received to the bytes inside: sniff, then decompress."""

from collections.abc import Iterator

from app.intake.inflate import Decoder, make_decoder
from app.intake.meter import Meter
from app.intake.sniff import ENOUGH, Wrapping, sniff_wrapping

_CHUNK = 2**20


class Unwrapper:
    """Takes chunks of any size and yields decompressed pieces. ``wrapping`` is known as soon as the first piece is out."""

    def __init__(self, meter: Meter) -> None:
        self.wrapping = Wrapping.PLAIN
        self._meter = meter
        self._head = b""
        self._decoder: Decoder | None = None

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
        yield from self._decode(self._decoder, chunk)

    def finish(self) -> Iterator[bytes]:
        """Yield what is left of a short input, and check that nothing is missing. Raises ``InputError``."""
        if self._decoder is None:
            self._decoder = self._open()
            yield from self._decode(self._decoder, self._head)
        self._decoder.finish()

    def _open(self) -> Decoder:
        self.wrapping = sniff_wrapping(self._head)
        return make_decoder(self.wrapping, self._meter)

    def _decode(self, decoder: Decoder, chunk: bytes) -> Iterator[bytes]:
        for start in range(0, len(chunk), _CHUNK):
            for piece in decoder.feed(chunk[start : start + _CHUNK]):
                self._meter.check_time()
                yield piece
