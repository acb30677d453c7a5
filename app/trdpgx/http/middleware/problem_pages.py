"""Problems as pages for those who ask for HTML rather than JSON: browsers that follow a link or send a form without script."""

import json

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trdpgx.http.accept import Accept
from trdpgx.http.problems.handlers import MEDIA_TYPE
from trdpgx.http.problems.page import POLICY, problem_page

_HTML = "text/html"


class ProblemPages:
    """An ASGI layer that writes a problem as a page where the Accept header prefers HTML to problem+json."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        prefers_page = scope["type"] == "http" and Accept(Headers(scope=scope).get("accept")).prefers(_HTML, MEDIA_TYPE)
        await self._app(scope, receive, _PageWriter(send).send if prefers_page else send)


class _PageWriter:
    """The response to one request: its first message waits where it begins a problem, which is small and comes in one piece."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        """Pass a message on, or keep what belongs to a problem until it is whole."""
        if message["type"] == "http.response.start" and Headers(raw=message["headers"]).get("content-type") == MEDIA_TYPE:
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_page(self._start)

    async def _send_page(self, start: Message) -> None:
        problem = json.loads(self._body)
        page = problem_page(code=problem.pop("type").rpartition("/")[2], **problem)
        headers = MutableHeaders(raw=start["headers"])
        headers["content-type"] = f"{_HTML}; charset=utf-8"
        headers["content-length"] = str(len(page))
        headers["content-security-policy"] = POLICY
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})
