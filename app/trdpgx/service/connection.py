"""The worker's end of a request. It reads while it writes, so that two full buffers never have both sides wait for each other."""

import select
import socket
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from trdpgx.service.frames import PIECE_BYTES, FrameError, FrameReader, Kind, frame

_RECEIVED = PIECE_BYTES + 64


class SenderGoneError(Exception):
    """The HTTP process has closed its end, and nothing waits for the answer."""


class Connection:
    """One request. Once an answer has begun, the rest of the body is dropped."""

    def __init__(self, channel: socket.socket) -> None:
        channel.setblocking(False)
        self._channel = channel
        self._reader = FrameReader()
        self._frames: deque[tuple[Kind, bytes]] = deque()
        self._buffer = memoryview(bytearray(_RECEIVED))
        self._poll = select.poll()

    def head(self) -> dict[str, Any]:
        """Return the task and what it needs."""
        kind, content = self._receive()
        if kind is not Kind.HEAD:
            raise SenderGoneError
        head: dict[str, Any] = orjson.loads(content)
        return head

    def body(self) -> Iterator[bytes]:
        """Yield the pieces of the body to its end. Raises ``SenderGoneError``."""
        while True:
            kind, content = self._receive()
            if kind is not Kind.BODY:
                return
            yield content

    def answer(self, status: dict[str, Any], pieces: Iterable[bytes]) -> None:
        """Send an answer, no piece larger than a frame may be. Raises ``SenderGoneError``, and what making a piece raises."""
        unsent = frame(Kind.STATUS, orjson.dumps(status))
        for piece in pieces:
            for start in range(0, len(piece), PIECE_BYTES):
                self._send(unsent + frame(Kind.PIECE, piece if len(piece) <= PIECE_BYTES else piece[start : start + PIECE_BYTES]))
                unsent = b""
        self._send(unsent + frame(Kind.DONE))

    def send(self, kind: Kind, content: bytes = b"") -> None:
        """Send a frame. Raises ``SenderGoneError``."""
        self._send(frame(kind, content))

    def _send(self, frames: bytes) -> None:
        """Send frames; while the other side does not take them, read and drop what it sends."""
        left = memoryview(frames)
        while left:
            try:
                left = left[self._channel.send(left) :]
            except BlockingIOError:
                if self._wait(select.POLLIN | select.POLLOUT) & select.POLLIN:
                    self._read()
                    self._frames.clear()
            except OSError:
                raise SenderGoneError from None

    def finish(self) -> None:
        """Wait until the other side has read the answer and closes; if this side closed first, the answer could be lost."""
        try:
            while True:
                self._read()
                self._frames.clear()
        except (SenderGoneError, FrameError):
            return

    def _receive(self) -> tuple[Kind, bytes]:
        while not self._frames:
            self._read()
        return self._frames.popleft()

    def _read(self) -> None:
        """Read what has come, or wait for it."""
        try:
            size = self._channel.recv_into(self._buffer)
        except BlockingIOError:
            self._wait(select.POLLIN)
            return
        except OSError:
            size = 0
        if not size:
            raise SenderGoneError
        self._frames.extend(self._reader.feed(self._buffer[:size]))

    def _wait(self, events: int) -> int:
        self._poll.register(self._channel, events)
        return self._poll.poll()[0][1]
