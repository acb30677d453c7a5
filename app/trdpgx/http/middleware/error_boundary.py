"""The outermost layer: security headers on every answer, a request id, one log line, and the last answer when all else fails."""

import re
import time
from collections.abc import Callable, Iterable
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trdpgx.http.problems.handlers import internal_error
from trdpgx.http.public import PublicAddress, route_path
from trdpgx.http.record import METHODS, RequestRecord
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
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
"""The header ``traceparent`` of W3C Trace Context (section 3.2), version 00."""

Observer = Callable[[RequestRecord, str, float], None]
"""Takes the record of a request that has ended, its path, and how many seconds it took."""


class ErrorBoundary:
    """An ASGI layer that no exception passes; it logs each request without its path and query."""

    def __init__(self, app: ASGIApp, public: PublicAddress, observe: Observer) -> None:
        self._app = app
        self._public = public
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; an exception becomes a problem and a line of the log without its message."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        record = RequestRecord(str(uuid4()), scope["method"] if scope["method"] in METHODS else "other", self._public)
        exchange = _ObservedExchange(record, Headers(scope=scope), receive, send)
        inner["record"], inner["root_path"] = record, self._public.prefix
        began = time.perf_counter()
        try:
            await self._app(inner, exchange.receive, exchange.send)
        except ClientDisconnect:
            record.status = _CLOSED
        except Exception as error:
            for fault in _leaves(error):
                FAULTS.error("request=%s %s", record.id, location_of(fault))
            if not exchange.started:
                await internal_error(inner)(inner, receive, exchange.send)
        finally:
            self._observe(record, route_path(inner), time.perf_counter() - began)


class _ObservedExchange:
    """A request and its answer, with their record."""

    def __init__(self, record: RequestRecord, headers: Headers, receive: Receive, send: Send) -> None:
        self._record = record
        self._receive = receive
        self._send = send
        self._headless = record.method == "HEAD"
        self._trace = headers.get("traceparent", "")
        match = _TRACEPARENT.fullmatch(self._trace)
        record.trace = match[1] if match else None
        self.started = False

    async def receive(self) -> Message:
        """Pass a piece of the body on."""
        message = await self._receive()
        self._record.received += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        """Pass a message on, with security headers and the request id on the first."""
        if message["type"] == "http.response.start":
            self.started = True
            self._record.status = message["status"]
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith("text/html"):
                headers.setdefault("Content-Security-Policy", _PAGE_POLICY)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers["X-Request-Id"] = self._record.id
            if self._record.trace is not None:
                headers["traceparent"] = self._trace
        else:
            if self._headless:
                message = {**message, "body": b""}
            self._record.sent += len(message.get("body", b""))
        await self._send(message)


def log_request(record: RequestRecord, route: str, seconds: float) -> None:
    """Write the line of a request that has ended."""
    own = {"ms": round(seconds * 1000, 1), "worker": record.worker, "trace": record.trace}
    ACCESS.info("", extra={"fields": {**record.common_fields(route), **own}})


def _leaves(error: Exception) -> Iterable[Exception]:
    """Return the exception, or the ones in the group that it is."""
    if not isinstance(error, ExceptionGroup):
        return (error,)
    return (leaf for member in error.exceptions for leaf in _leaves(member))
