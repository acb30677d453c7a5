"""``Content-Digest`` (RFC 9530) on every answer that is sent in one piece; those of workers have it already."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trdpgx.service.encoding import content_digest


class AnswerDigest:
    """An ASGI layer that states the digest of an answer that comes in one piece."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._app(scope, receive, _DigestWriter(send).send if scope["type"] == "http" else send)


class _DigestWriter:
    """The response to one request: its first message waits for the second."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        """Pass messages on; add the digest where the first piece is the whole body."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            if "content-digest" not in headers and headers.get("content-length", "0") != "0":
                self._start = message
                return
        elif self._start is not None:
            headers, body = MutableHeaders(raw=self._start["headers"]), message.get("body", b"")
            if headers["content-length"] == str(len(body)):
                headers["Content-Digest"] = content_digest(body)
            start, self._start = self._start, None
            await self._send(start)
        await self._send(message)
