"""Read a request body in large chunks, with idle and total timeouts."""

import asyncio
import time
from collections.abc import AsyncGenerator

from fastapi import Request
from starlette.requests import ClientDisconnect

from trdpgx.http.problems.kinds import STALLED_UPLOAD
from trdpgx.intake.problems import TOO_SLOW
from trdpgx.model.problem import InputError

_CHUNK = 256 * 1024


class RequestBody:
    """A request body that is read once. ``idle`` is the longest pause and ``total`` the longest time, both in seconds."""

    def __init__(self, request: Request, *, idle: float, total: float) -> None:
        """Read nothing yet, so that a request can be refused before its body is asked for."""
        self._receive = request.receive
        self._idle = idle
        self._total = total
        self._deadline = time.monotonic() + total
        self.ended = False

    async def chunks(self) -> AsyncGenerator[bytes]:
        """Yield the body in chunks of at least 256 KiB, the last one apart.

        Raises ``ClientDisconnect`` when the sender goes away and ``InputError`` when it is too slow.
        """
        waiting: list[bytes] = []
        size = 0
        while not self.ended:
            piece = await self._next()
            waiting.append(piece)
            size += len(piece)
            if size and (size >= _CHUNK or self.ended):
                yield waiting[0] if len(waiting) == 1 else b"".join(waiting)
                waiting, size = [], 0

    async def _next(self) -> bytes:
        left = self._deadline - time.monotonic()
        try:
            async with asyncio.timeout(min(self._idle, left)):
                message = await self._receive()
        except TimeoutError:
            if left <= self._idle:
                raise InputError(TOO_SLOW, f"The upload did not end within {self._total:g} seconds.") from None
            raise InputError(STALLED_UPLOAD, f"Nothing arrived for {self._idle:g} seconds.") from None
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        self.ended = not message.get("more_body", False)
        return message.get("body", b"")  # type: ignore[no-any-return]
