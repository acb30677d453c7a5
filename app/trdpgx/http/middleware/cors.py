"""CORS (the Fetch standard): pages of the origins that the operator names may use the service from a browser."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS = "GET, HEAD, POST"
_SENT = "Accept, Authorization, Content-Digest, Content-Type, If-None-Match, traceparent"
_SEEN = "Content-Digest, ETag, RateLimit, RateLimit-Policy, Retry-After, traceparent, WWW-Authenticate, X-Request-Id"
_SECONDS = "600"


class CrossOrigin:
    """An ASGI layer that lets pages of some origins read answers, without cookies. Requests of other origins are passed on unchanged."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a preflight request is answered here, without a key."""
        if scope["type"] != "http" or not self._origins:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        allowed = origin in self._origins

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(raw=message["headers"])
                answer.add_vary_header("Origin")
                if allowed:
                    answer["Access-Control-Allow-Origin"] = origin
                    answer["Access-Control-Expose-Headers"] = _SEEN
            await send(message)

        if allowed and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            permission = {
                "Access-Control-Allow-Methods": _METHODS,
                "Access-Control-Allow-Headers": _SENT,
                "Access-Control-Max-Age": _SECONDS,
            }
            await Response(status_code=204, headers=permission)(scope, receive, marked)
        else:
            await self._app(scope, receive, marked)
