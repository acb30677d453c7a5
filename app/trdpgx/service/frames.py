"""The messages of one request between the HTTP process and a worker: frames of a kind, a length and that many bytes.

The HTTP process sends ``HEAD`` (JSON: the task and what it needs), any number of ``BODY``, and ``END``. The worker answers with
``STATUS`` (JSON), any number of ``PIECE`` and ``DONE``, or at any time with ``PROBLEM`` (JSON), which ends the answer.
"""

import struct
from collections.abc import Iterator
from enum import IntEnum

PIECE_BYTES = 256 * 1024
"""The most bytes of a body or an answer in one frame."""
MAX_BYTES = 16 * 2**20
"""The most bytes in one frame; a header that states more is an error."""
_HEADER = struct.Struct("<BI")


class Kind(IntEnum):
    """What a frame holds."""

    HEAD = 1
    BODY = 2
    END = 3
    STATUS = 4
    PIECE = 5
    DONE = 6
    PROBLEM = 7


class FrameError(Exception):
    """The bytes are no frames."""


def frame(kind: Kind, content: bytes = b"") -> bytes:
    """Return the bytes of a frame."""
    return _HEADER.pack(kind, len(content)) + content


class FrameReader:
    """Splits bytes that arrive in any pieces into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes | memoryview) -> Iterator[tuple[Kind, bytes]]:
        """Add bytes, and yield each frame that they complete. Raises ``FrameError``."""
        self._buffer += data
        start = 0
        while len(self._buffer) - start >= _HEADER.size:
            number, size = _HEADER.unpack_from(self._buffer, start)
            if size > MAX_BYTES or not Kind.HEAD <= number <= Kind.PROBLEM:
                raise FrameError
            end = start + _HEADER.size + size
            if len(self._buffer) < end:
                break
            content = bytes(memoryview(self._buffer)[start + _HEADER.size : end])
            start = end
            yield Kind(number), content
        if start:
            del self._buffer[:start]
