"""Decompress in bounded steps, as the bytes come in, and verify every checksum.

Each decoder takes chunks of any size and yields tasks, which return pieces of decompressed bytes. The output of a task is bounded, so that
a small chunk cannot fill the memory, and each step counts against the budget. BGZF tasks are independent and can run in parallel.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from io import BufferedReader, RawIOBase
from typing import Protocol

from isal import isal_zlib

from trdpgx.intake.decompress.budget import InputBudget
from trdpgx.intake.decompress.gzip_header import is_gzip_header
from trdpgx.intake.decompress.sniff import Wrapping
from trdpgx.intake.problems import CORRUPT, TRUNCATED
from trdpgx.model.problem import InputError

_STEP_IN = 64 * 2**10
_STEP_OUT = 2**20
_FIRST_GROUP, _GROUP = 2**16, 2**20
"""Decompressed bytes of the BGZF blocks that make one task; the first ones are smaller, so that a header is there soon."""
_BGZF_MAX = 2**16
_EOF_BLOCK = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_DAMAGED: type[Exception] = vars(isal_zlib)["error"]
"""isal's own stub gives this class the type of an instance."""
_READER: Callable[[memoryview], RawIOBase] = vars(isal_zlib)["_GzipReader"]
"""The reader of consecutive members in ``isal.igzip.decompress``, which has no bound; ``IGzipFile`` takes a tenth more time."""
_BLOCK = struct.Struct("<4sxxxxxxH4sH")
_MAGIC = b"\x1f\x8b\x08\x04"
_SUBFIELD = b"BC\x02\x00"
_LENGTH = struct.Struct("<I")

Task = Callable[[], Sequence[bytes]]


class Decoder(Protocol):
    """What all decoders can do. ``verified`` and ``eof_marker`` are as in ``Integrity``.

    ``threads``: how many tasks may be done at the same time; with 1 each goes on where the last one stopped, with 0 there is nothing to do.
    """

    threads: int
    verified: bool | None
    eof_marker: bool | None

    def feed(self, data: bytes) -> Iterator[Task]:
        """Yield the tasks that decompress ``data``. They raise, or this does, ``InputError`` where it is damaged or over a cap."""
        ...

    def finish(self) -> Iterable[Task]:
        """Note that no more comes, when all tasks are done; return those that are left. Raises ``InputError`` if something is missing."""
        ...


class PlainDecoder:
    """Not compressed."""

    threads = 0
    verified: bool | None = None
    eof_marker: bool | None = None

    def __init__(self, budget: InputBudget) -> None:
        self._budget = budget

    def feed(self, data: bytes) -> Iterator[Task]:
        """Yield a task that returns the bytes as they are."""
        self._budget.inflate(len(data))
        yield lambda: (data,)

    def finish(self) -> Iterable[Task]:
        """Do nothing: plain text has no end of its own."""
        return ()


class GzipDecoder:
    """Plain gzip, one member or several (RFC 1952). The checksum and length of each member are verified."""

    threads = 1
    verified: bool | None = True
    eof_marker: bool | None = None

    def __init__(self, budget: InputBudget) -> None:
        self._budget = budget
        self._member: isal_zlib.Decompress | None = None
        self._head = b""

    def feed(self, data: bytes) -> Iterator[Task]:
        """Yield a task for each 64 KiB; its pieces have at most 1 MiB."""
        for start in range(0, len(data), _STEP_IN):
            yield partial(self._inflate, data[start : start + _STEP_IN])

    def _inflate(self, rest: bytes) -> list[bytes]:
        pieces = []
        while rest:
            if self._member is None:
                self._head += rest
                # isal fails on a header that comes in two parts, so it gets one only when it is complete.
                if not is_gzip_header(self._head):
                    break
                self._budget.open_member()
                rest, self._head, self._member = self._head, b"", isal_zlib.decompressobj(31)
            try:
                piece = self._member.decompress(rest, _STEP_OUT)
            except (_DAMAGED, ValueError):
                raise InputError(CORRUPT, "The gzip data is damaged: it cannot be inflated, or its checksum is wrong.") from None
            self._budget.inflate(len(piece))
            pieces.append(piece)
            rest = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            if self._member.eof:
                self._member = None
        return pieces

    def finish(self) -> Iterable[Task]:
        """Check that the last member is complete."""
        if self._member is not None or self._head:
            raise InputError(TRUNCATED, "The gzip data stops in the middle.")
        return ()


class BgzfDecoder:
    """BGZF: gzip in blocks of at most 64 KiB (SAM specification, section 4.1). Each block's CRC and ISIZE are verified."""

    threads = 3
    verified: bool | None = True

    def __init__(self, budget: InputBudget) -> None:
        self.eof_marker: bool | None = False
        self._budget = budget
        self._pending = b""
        self._whole = 0
        """Bytes of ``_pending`` that are whole blocks."""
        self._length = 0
        """Decompressed bytes that these state."""
        self._enough = _FIRST_GROUP

    def feed(self, data: bytes) -> Iterator[Task]:
        """Yield a task for about each MiB of whole blocks. A block is held to the length that it states, so that is counted beforehand."""
        data, start, end = self._pending + data, 0, self._whole
        view = memoryview(data)
        try:
            while (after := _block_end(data, end)) is not None:
                (length,) = _LENGTH.unpack_from(data, after - _LENGTH.size)
                if length > _BGZF_MAX:
                    raise InputError(CORRUPT, "A BGZF block states an impossible length.")
                self._length += length
                self.eof_marker = after - end == len(_EOF_BLOCK) and data.startswith(_EOF_BLOCK, end)
                end = after
                if max(self._length, end - start) >= self._enough:
                    yield self._task(view[start:end])
                    start = end
        except InputError:
            yield self._task(view[start:end])
            raise
        self._pending, self._whole = data[start:], end - start

    def _task(self, blocks: memoryview) -> Task:
        """Return the task for whole blocks, which state ``_length``. Raises ``InputError`` over a cap."""
        self._budget.inflate(self._length)
        task = partial(_inflate_blocks, blocks, self._length)
        self._length = 0
        self._enough = min(2 * self._enough, _GROUP)
        return task

    def finish(self) -> Iterable[Task]:
        """Yield a task for the last blocks; check that nothing hangs over, and that the very last one is the end-of-file marker."""
        yield self._task(memoryview(self._pending)[: self._whole])
        if len(self._pending) > self._whole:
            raise InputError(TRUNCATED, "The input stops inside a BGZF block.")
        if not self.eof_marker:
            raise InputError(TRUNCATED, "The BGZF end-of-file block is missing, so records may be missing, too.")


def _inflate_blocks(blocks: memoryview, length: int) -> list[bytes]:
    """Return what blocks hold, ``length`` bytes. isal compares each with its checksum and its own length."""
    try:
        text = BufferedReader(_READER(blocks)).read(length + 1)
    except (_DAMAGED, EOFError, OSError, ValueError):
        raise InputError(CORRUPT, "A BGZF block cannot be inflated, or its checksum is wrong.") from None
    if len(text) != length:
        raise InputError(CORRUPT, "The length of a BGZF block is wrong.")
    return [text]


def _block_end(data: bytes, at: int) -> int | None:
    """Return the end of the block that starts at ``at``, or ``None`` while it is not all there."""
    if len(data) < at + 18:
        return None
    magic, extra, subfield, rest = _BLOCK.unpack_from(data, at)
    if magic != _MAGIC or extra < 6:
        raise InputError(CORRUPT, "A BGZF block does not start with the header of one.")
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


_DECODERS: dict[Wrapping, Callable[[InputBudget], Decoder]] = {
    Wrapping.PLAIN: PlainDecoder,
    Wrapping.GZIP: GzipDecoder,
    Wrapping.BGZF: BgzfDecoder,
}


def make_decoder(wrapping: Wrapping, budget: InputBudget) -> Decoder:
    """Return the decoder for a compression."""
    if wrapping is Wrapping.ZSTD:
        from trdpgx.intake.decompress.zstandard import ZstdDecoder  # noqa: PLC0415 (few inputs are packed so)

        return ZstdDecoder(budget)
    return _DECODERS[wrapping](budget)
