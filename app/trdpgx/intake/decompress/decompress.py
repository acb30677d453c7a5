"""Detect the compression of the received bytes, then decompress them.

Once an input is long enough to be worth it, digesting and decompressing run in threads of their own, BGZF in three, so that they go on
while the lines before are being scanned (docs/decisions/0020-two-threads.md, 0023-compiled-scan.md).
"""

from collections.abc import Iterator, Sequence
from functools import partial

from trdpgx.intake.decompress.budget import InputBudget
from trdpgx.intake.decompress.inflate import Decoder, Task, make_decoder
from trdpgx.intake.decompress.sniff import ENOUGH, Wrapping, sniff_wrapping
from trdpgx.intake.decompress.worker_thread import WorkerThreads

_LONG = 2**20
"""An input with more bytes than this gets threads."""


class Decompressor:
    """Takes chunks of any size and yields decompressed pieces. ``wrapping`` is known as soon as the first piece is out.

    Close it when done; it may have threads.
    """

    def __init__(self, budget: InputBudget) -> None:
        self.wrapping = Wrapping.PLAIN
        self._budget = budget
        self._head = b""
        self._decoder: Decoder | None = None
        self._digests: WorkerThreads[None] = WorkerThreads(1)
        self._pieces: WorkerThreads[Sequence[bytes]] = WorkerThreads(1)

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
        self._budget.take(chunk)
        if self._decoder is None:
            self._head += chunk
            if len(self._head) < ENOUGH:
                return
            chunk, self._decoder = self._head, self._open()
        yield from self._take(self._decoder, chunk)

    def finish(self) -> Iterator[bytes]:
        """Yield what is left, and check that nothing is missing. Raises ``InputError``."""
        if self._decoder is None:
            self._decoder = self._open()
            yield from self._take(self._decoder, self._head)
        for pieces in self._pieces.finish():
            yield from self._timed(pieces)
        for task in self._decoder.finish():
            yield from self._timed(task())
        for _ in self._digests.finish():
            pass

    def close(self) -> None:
        """Release everything; can be called at any time."""
        self._pieces.close()
        self._digests.close()

    def _open(self) -> Decoder:
        self.wrapping = sniff_wrapping(self._head)
        decoder = make_decoder(self.wrapping, self._budget)
        self._pieces = WorkerThreads(max(1, decoder.threads))
        return decoder

    def _take(self, decoder: Decoder, part: bytes) -> Iterator[bytes]:
        if self._budget.received <= _LONG:
            self._budget.digest(part)
            for task in decoder.feed(part):
                yield from self._timed(task())
            return
        for _ in self._digests.feed(partial(self._budget.digest, part)):
            pass
        for task in decoder.feed(part):
            yield from self._work(task) if decoder.threads else self._timed(task())

    def _work(self, task: Task) -> Iterator[bytes]:
        for pieces in self._pieces.feed(task):
            yield from self._timed(pieces)

    def _timed(self, pieces: Sequence[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._budget.check_time()
            if piece:
                yield piece
