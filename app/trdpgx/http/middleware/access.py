"""Access control: host, key, scope and quotas, checked by the head of a request before its body is read."""

from collections.abc import Mapping
from contextlib import ExitStack

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trdpgx.http.auth.callers import (
    PROBES,
    Authenticator,
    RefusedError,
    UnknowableError,
    bearer_token,
    check_scope,
    find_caller,
    scope_of,
)
from trdpgx.http.problems.handlers import ProblemResponse
from trdpgx.http.problems.kinds import NOT_READY, WRONG_HOST
from trdpgx.http.public import Hosts, Proxies, route_path
from trdpgx.http.rates.limiter import Allowance, RateLimiter
from trdpgx.http.rates.quota import OverQuotaError
from trdpgx.http.record import EVERYBODY, record_of
from trdpgx.intake.problems import TOO_MANY_BYTES
from trdpgx.model.problem import InputError, Problem, problem_of
from trdpgx.service.problems import BAD_QUERY

_MOST_PARAMETERS = 100
"""Names of query parameters in one request. No address has as many, and checking thousands takes longer than a report."""


class AccessControl:
    """An ASGI layer that passes a request on, or refuses it with 400, 401, 403, 413, 421, 429 or 503."""

    def __init__(self, app: ASGIApp, authenticator: Authenticator | None, limiter: RateLimiter, hosts: Hosts, proxies: Proxies) -> None:
        """Wrap an application. Without an authenticator everybody may do everything."""
        self._app = app
        self._authenticator = authenticator
        self._limiter = limiter
        self._hosts = hosts
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limited = _LimitedRequest(self._limiter, scope, receive, send)
        try:
            with ExitStack() as uploads:
                await self._admit(scope, limited, uploads)
                await self._app(scope, limited.receive, limited.send)
        except RefusedError as error:
            await limited.refuse(error.problem, error.headers)
        except OverQuotaError as error:
            record_of(scope).limit = error.quota.name
            await limited.refuse(error.quota.problem(), {"Retry-After": str(error.seconds)})
        except UnknowableError:
            await limited.refuse(problem_of(NOT_READY, "Who may call cannot be found out now."), {})

    async def _admit(self, scope: Scope, limited: "_LimitedRequest", uploads: ExitStack) -> None:
        """Check host, quotas of the address, key, scope and quotas of the key, in this order; ``uploads`` counts one until it ends."""
        headers, path, record = Headers(scope=scope), route_path(scope), record_of(scope)
        record.scope = scope_of(path, scope["method"])
        if path not in PROBES and not self._hosts.allow(headers.getlist("host")):
            raise RefusedError(problem_of(WRONG_HOST, "The Host header names another host."), {})
        # Keys can be guessed at `/metrics` as well, so that its requests count where it needs one.
        if path not in PROBES or (record.scope is not None and self._authenticator is not None):
            peer = scope["client"][0] if scope.get("client") else ""
            await limited.charge(self._limiter.of("address", self._proxies.client(peer, headers.getlist("x-forwarded-for"))), uploads)
        query: bytes = scope.get("query_string", b"")
        if len({piece.partition(b"=")[0] for piece in query.split(b"&")}) > _MOST_PARAMETERS:
            raise RefusedError(problem_of(BAD_QUERY, f"It has over {_MOST_PARAMETERS} parameters."), {})
        if record.scope is None:
            return
        if self._authenticator is None:
            record.caller = EVERYBODY
            return
        record.caller = await find_caller(self._authenticator, bearer_token(headers.getlist("authorization")))
        check_scope(record.caller, record.scope)
        if path not in PROBES:
            await limited.charge(self._limiter.of("key", record.caller.id), uploads)


class _LimitedRequest:
    """One request, limited by the quotas of its address and its key."""

    def __init__(self, limiter: RateLimiter, scope: Scope, receive: Receive, send: Send) -> None:
        self._policy = limiter.policy
        self._scope = scope
        self._receive = receive
        self._send = send
        self._allowances: list[Allowance] = []
        self._rest = ""
        self._started = False
        declared = Headers(scope=scope).get("content-length", "")
        self._declared = int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 20 else None

    async def charge(self, allowance: Allowance, uploads: ExitStack) -> None:
        """Charge the quotas with what the head states of the request. Raises ``OverQuotaError`` and ``RefusedError``."""
        self._allowances.append(allowance)
        await allowance.take_request()
        if self._scope["method"] == "POST":
            uploads.enter_context(allowance.upload())
        if self._declared:
            quota = allowance.byte_quota()
            if quota is not None and self._declared > quota.amount:
                raise RefusedError(
                    problem_of(TOO_MANY_BYTES, f"The quota `{quota.name}` is {quota.amount} bytes in {quota.seconds} seconds."), {}
                )
            await allowance.take_bytes(self._declared)

    async def receive(self) -> Message:
        """Pass a piece of the body on; the bytes of one whose length was not declared are counted as they come."""
        message = await self._receive()
        if self._declared is None and message["type"] == "http.request":
            for allowance in self._allowances:
                await allowance.take_bytes(len(message.get("body", b"")), last=not message.get("more_body", False))
        return message

    async def send(self, message: Message) -> None:
        """Pass a piece of the answer on, with what is left of the quotas in the headers."""
        if message["type"] == "http.response.start":
            self._started = True
            if self._policy and self._allowances:
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Policy"] = self._policy
                headers["RateLimit"] = ", ".join([item for allowance in self._allowances for item in await allowance.remaining()])
        await self._send(message)

    async def refuse(self, problem: Problem, headers: Mapping[str, str]) -> None:
        """Answer with a problem, unless an answer has begun."""
        if self._started:
            raise InputError(NOT_READY, problem.detail)
        await ProblemResponse(problem, self._scope, headers)(self._scope, self._receive, self.send)
