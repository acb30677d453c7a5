"""The HTTP process's end of a request: frames to a worker and from it, at the same time, and the seconds that the worker takes."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast

from trdpgx.model.problem import InputError
from trdpgx.service.frames import PIECE_BYTES, FrameError, FrameReader, Kind, frame
from trdpgx.service.problems import WORKER_DIED, WORKER_TIMEOUT

_MOST_FRAMES = 2
"""Frames of an answer that are held in memory; when there are more, the worker has to wait."""
_LAST = (Kind.DONE, Kind.PROBLEM)
"""The frames that end an answer."""


class ReaderGoneError(Exception):
    """The client has closed its connection, and nothing waits for the answer."""


class DisplacedError(Exception):
    """The request took long and kept small ones waiting: it has to start again, as a large one."""


class Exchange(asyncio.Protocol):
    """One request. ``seconds`` is the time that the worker (``pid``) may take; ``kill`` is called when it has taken more.

    The worker's time is counted while it has to act: once it has the whole body, or does not take more of it, and as long as no frame of
    its answer waits to be passed on. ``begun``: whether an answer has begun; ``ended``: whether its last frame was passed on.
    """

    _transport: asyncio.Transport

    def __init__(self, pid: int, seconds: float, kill: Callable[[], None]) -> None:
        self.pid = pid
        self.begun = False
        self.ended = False
        self.closed = False
        self._cap = self._left = seconds
        self._kill = kill
        self._loop = asyncio.get_running_loop()
        self._reader = FrameReader()
        self._frames: deque[tuple[Kind, bytes]] = deque()
        self._changed: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._complete = False
        self._failure: Exception | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport, with no buffer: ``send`` waits for whatever the worker does not take at once."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=0)

    def data_received(self, data: bytes) -> None:
        """Read frames of the worker's answer."""
        self.begun = True
        try:
            self._frames.extend(self._reader.feed(data))
        except FrameError:
            self._fail(InputError(WORKER_DIED, "The worker sent an invalid answer."))
            self._kill()
        if len(self._frames) > _MOST_FRAMES:
            self._transport.pause_reading()
        self._notify()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (asyncio's signature)
        """Note that nothing more will come."""
        self._fail(InputError(WORKER_DIED, "The worker ended without an answer."))

    def pause_writing(self) -> None:
        """Wait for the worker to take more."""
        self._writable.clear()
        self._count_time()

    def resume_writing(self) -> None:
        """Go on."""
        self._writable.set()
        self._count_time()

    async def send(self, content: bytes) -> None:
        """Send a piece of the body, and wait until the worker has taken it. Sends nothing where the answer has begun or the worker died."""
        view = memoryview(content)
        for start in range(0, len(view), PIECE_BYTES):
            if self._failure is not None or self._frames:
                return
            self._write(Kind.BODY, bytes(view[start : start + PIECE_BYTES]))
            if not self._writable.is_set():
                await self._writable.wait()

    def start(self, head: bytes) -> None:
        """Send the head."""
        self._write(Kind.HEAD, head)

    def end(self) -> None:
        """Send that the body is complete; the worker's time counts from now on."""
        self._write(Kind.END)
        self._complete = True
        self._count_time()

    async def receive(self) -> tuple[Kind, bytes]:
        """Return the next frame of the answer. Raises ``InputError`` where the worker has ended or has taken too long."""
        while not self._frames:
            if self._failure is not None:
                raise self._failure
            self._changed = self._loop.create_future()
            await self._changed
        received = self._frames.popleft()
        if len(self._frames) == _MOST_FRAMES:
            self._transport.resume_reading()
        self._count_time()
        self.ended = received[0] in _LAST
        return received

    async def answered(self) -> None:
        """Wait until an answer has begun, or none will."""
        while not self._frames and self._failure is None:
            self._changed = self._loop.create_future()
            await self._changed

    def watch(self, disconnected: "asyncio.Future[None]") -> None:
        """End the request when ``disconnected`` is done: the client has closed its connection."""
        disconnected.add_done_callback(self._leave)

    def _leave(self, disconnected: "asyncio.Future[None]") -> None:
        if not disconnected.cancelled():
            self._fail(ReaderGoneError())
            self.close()

    def displace(self) -> None:
        """End the request so that it can start again."""
        self._fail(DisplacedError())

    def close(self) -> None:
        """Close this end; a worker that still answers meets a closed socket."""
        self.closed = True
        self._stop_clock()
        self._writable.set()
        self._transport.abort()

    def _write(self, kind: Kind, content: bytes = b"") -> None:
        """Write a frame, unless the worker has ended meanwhile."""
        if not self._transport.is_closing():
            self._transport.write(frame(kind, content))

    def _fail(self, failure: Exception) -> None:
        if self._failure is None:
            self._failure = failure
        self._writable.set()
        self._notify()

    def _notify(self) -> None:
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)
        self._count_time()

    def _count_time(self) -> None:
        """Start or stop counting the worker's time."""
        turn = (self._complete or not self._writable.is_set()) and not self._frames and self._failure is None and not self.closed
        if turn and self._timer is None:
            self._since = self._loop.time()
            self._timer = self._loop.call_later(max(self._left, 0.0), self._expire)
        elif not turn:
            self._stop_clock()

    def _stop_clock(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._left -= self._loop.time() - self._since

    def _expire(self) -> None:
        self._fail(InputError(WORKER_TIMEOUT, f"The cap is {self._cap:g} seconds."))
        self._kill()
