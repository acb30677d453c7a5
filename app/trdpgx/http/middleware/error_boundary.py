"""The outermost layer: security headers on every answer, a request id, one log line, and the last answer when all else fails."""

import time
from collections.abc import Iterable
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trdpgx.http.problems.handlers import internal_error
from trdpgx.service.logs import ACCESS, FAULTS, location_of

_CLOSED = 499
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""Of a report as a page: its own policy inside it holds as well, and allows the one style by its hash."""


class ErrorBoundary:
    """An ASGI layer that lets nothing out: no exception, no cookie, no path or query in a log."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever goes wrong inside ends here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        answer = _Answer(send, headless=inner is not scope)
        inner["request_id"] = answer.request_id
        began = time.perf_counter()
        try:
            await self._app(inner, receive, answer.send)
        except ClientDisconnect:
            answer.status = _CLOSED
        except Exception as error:
            for fault in _leaves(error):
                FAULTS.error("request=%s %s", answer.request_id, location_of(fault))
            if not answer.started:
                await internal_error()(inner, receive, answer.send)
        finally:
            ACCESS.info(
                "request=%s method=%s route=%s status=%d ms=%.1f",
                answer.request_id,
                scope["method"] if scope["method"] in {"GET", "HEAD", "POST", "OPTIONS"} else "other",
                getattr(inner.get("route"), "path", "none"),
                answer.status,
                (time.perf_counter() - began) * 1000,
            )


class _Answer:
    """The response to one request, being sent."""

    def __init__(self, send: Send, *, headless: bool) -> None:
        self._send = send
        self._headless = headless
        self.request_id = str(uuid4())
        self.status = 0
        self.started = False

    async def send(self, message: Message) -> None:
        """Pass a message on, with our headers on the first."""
        if message["type"] == "http.response.start":
            self.started = True
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith("text/html"):
                headers.setdefault("Content-Security-Policy", _PAGE_POLICY)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers["X-Request-Id"] = self.request_id
        elif self._headless:
            message = {**message, "body": b""}
        await self._send(message)


def _leaves(error: Exception) -> Iterable[Exception]:
    """Return the exception, or the ones in the group that it is."""
    if not isinstance(error, ExceptionGroup):
        return (error,)
    return (leaf for member in error.exceptions for leaf in _leaves(member))
