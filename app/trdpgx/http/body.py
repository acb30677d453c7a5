"""A request body read as it arrives, with bounds on pauses, on the whole time, and on the rate while a worker waits for it."""

import asyncio
import time

from fastapi import Request
from starlette.requests import ClientDisconnect

from trdpgx.http.digest import StatedDigest
from trdpgx.http.problems.kinds import STALLED_UPLOAD
from trdpgx.intake.problems import TOO_SLOW
from trdpgx.model.problem import InputError, ProblemKind
from trdpgx.model.settings import Settings


class RequestBody:
    """A request body that is read once. ``total`` is the longest time that it may take, in seconds. ``ended``: whether it was read whole.

    Reading starts with the first piece, so that a request can be refused before. Raises ``InputError`` for a malformed Content-Digest.
    """

    def __init__(self, request: Request, settings: Settings, *, total: float) -> None:
        self._receive = request.receive
        self._idle_seconds = settings.upload_idle_seconds
        self._least_rate = settings.upload_min_rate
        self._window = settings.upload_rate_seconds
        self._total = total
        self._first = settings.upload_first_seconds
        self._deadline = time.monotonic() + total
        self._first_deadline = time.monotonic() + self._first
        self._timeout: asyncio.Timeout | None = None
        self._is_too_slow = False
        self._waited = 0.0
        self._bytes = 0
        self._digest = StatedDigest(request.headers.getlist("content-digest"))
        self.ended = False

    async def first_piece(self) -> bytes:
        """Return the next bytes, before the upload has a worker.

        Raises ``ClientDisconnect`` when the sender disconnects and ``InputError`` when it pauses for too long or does not end in time.
        """
        left = self._first_deadline - time.monotonic()
        if left <= self._idle_seconds:
            return await self._next(left, TOO_SLOW, f"Its first bytes did not come within {self._first:g} seconds.")
        return await self._next(self._idle_seconds, STALLED_UPLOAD, f"Nothing arrived for {self._idle_seconds:g} seconds.")

    def end_slow(self) -> None:
        """End the read that waits for the sender, with the ``InputError`` of one that is too slow."""
        self._is_too_slow = True
        if self._timeout is not None:
            self._timeout.reschedule(asyncio.get_running_loop().time())

    async def steady_piece(self) -> bytes:
        """Return the next bytes, for which a worker waits: as ``first_piece``, but the bound is on the rate of the sender."""
        slow = f"The upload came at less than {self._least_rate} bytes a second over {self._window:g} seconds."
        began = time.monotonic()
        piece = await self._next(self._window - self._waited, TOO_SLOW, slow)
        self._waited += time.monotonic() - began
        self._bytes += len(piece)
        if self._waited >= self._window / 2 and self._bytes >= self._least_rate * self._waited:
            self._waited, self._bytes = 0.0, 0
        elif self._waited >= self._window:
            raise InputError(TOO_SLOW, slow)
        return piece

    async def _next(self, timeout: float, kind: ProblemKind, detail: str) -> bytes:
        left = self._deadline - time.monotonic()
        try:
            async with asyncio.timeout(min(timeout, left)) as self._timeout:
                message = await self._receive()
        except TimeoutError:
            if self._is_too_slow:
                slow = f"The upload came at less than {self._least_rate} bytes a second while there was no space for others."
                raise InputError(TOO_SLOW, slow) from None
            if left <= timeout:
                raise InputError(TOO_SLOW, f"The upload did not end within {self._total:g} seconds.") from None
            raise InputError(kind, detail) from None
        finally:
            self._timeout = None
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        self.ended = not message.get("more_body", False)
        piece: bytes = message.get("body", b"")
        self._digest.take(piece)
        if self.ended:
            self._digest.check()
        return piece

    async def disconnected(self) -> None:
        """Wait until the sender of a whole body disconnects."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
