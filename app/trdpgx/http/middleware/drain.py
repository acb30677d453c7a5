"""The end of a request whose body was not read to its end.

A sender that is cut off in the middle of its upload may never read the answer. So the answer is sent in full, the rest of the body is
discarded for a few seconds, and then the connection is closed.
"""

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class DrainRefusedBody:
    """An ASGI layer that gives the sender of a refused body time to read the answer, at most so many seconds."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not _has_body(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        exchange = _DrainedRequest(receive, send, self._seconds)
        await self._app(scope, exchange.receive, exchange.send)


class _DrainedRequest:
    """One request with a body, and its answer."""

    def __init__(self, receive: Receive, send: Send, seconds: float) -> None:
        self._receive = receive
        self._send = send
        self._seconds = seconds
        self._ended = False
        self._closing = False

    async def receive(self) -> Message:
        """Pass the next piece of the body on."""
        message = await self._receive()
        self._ended = message["type"] == "http.disconnect" or not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Pass a piece of the answer on; before the end of an early answer, discard the rest of the body."""
        if message["type"] == "http.response.start" and not self._ended:
            self._closing = True
            MutableHeaders(scope=message)["Connection"] = "close"
        if self._closing and message["type"] == "http.response.body" and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            await self._discard()
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)

    async def _discard(self) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                while not self._ended:
                    await self.receive()
        except TimeoutError:
            return


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0").strip() != "0" or "transfer-encoding" in headers
