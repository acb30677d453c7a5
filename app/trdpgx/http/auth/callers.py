"""How a caller is found, what a request needs, and the two ways to be refused. Nothing here has seen a byte of a body."""

from collections.abc import Mapping
from typing import Protocol

from starlette.types import Scope

from trdpgx.http.caller import Caller
from trdpgx.http.problems.kinds import FORBIDDEN, UNAUTHORIZED
from trdpgx.http.public import route_path
from trdpgx.model.errors import TrdpgxError
from trdpgx.model.problem import Problem, problem_of

OPEN = frozenset({"/", "/page.css", "/page.js", "/livez", "/readyz"})
"""Addresses that need no key: whether the service is there, and the page on which a key can be entered."""
PROBES = frozenset({"/livez", "/readyz", "/metrics"})
"""Addresses that orchestrators and Prometheus ask by any name of the host, and as often as they like."""
REALM = 'Bearer realm="trdpgx"'
_LONGEST = 16 * 1024
"""Characters of a token that are looked at; a longer one is none."""


class Authenticator(Protocol):
    """Finds out who sends a token."""

    async def caller(self, token: str) -> Caller | None:
        """Return who it is, or ``None`` where the token is not good. Raises ``UnknowableError``."""


class UnknowableError(TrdpgxError):
    """It cannot be found out now who may call: nobody is let in."""


class RefusedError(TrdpgxError):
    """The caller is not known, or may not do this. ``headers`` state how to ask (RFC 6750, section 3)."""

    def __init__(self, problem: Problem, headers: Mapping[str, str]) -> None:
        super().__init__(problem.type)
        self.problem = problem
        self.headers = headers


def needed_scope(scope: Scope) -> str | None:
    """Return the scope that a request needs, or ``None``."""
    return scope_of(route_path(scope), scope["method"])


def scope_of(path: str, method: str) -> str | None:
    """Return what an address needs: nothing, ``metrics``, ``report`` for what sends something in, and ``read`` for all else."""
    if path in OPEN:
        return None
    if path == "/metrics":
        return "metrics"
    return "report" if method == "POST" else "read"


def bearer_token(authorization: list[str]) -> str | None:
    """Return the token of the one Authorization header, or ``None`` where there is none. Raises ``RefusedError`` for what is no token."""
    if not authorization:
        return None
    scheme, _, token = authorization[0].partition(" ")
    if len(authorization) > 1 or scheme.lower() != "bearer" or not 0 < len(token.strip(" \t")) <= _LONGEST:
        raise RefusedError(
            problem_of(UNAUTHORIZED, "The Authorization header is not one Bearer and its key."),
            {"WWW-Authenticate": f'{REALM}, error="invalid_request"'},
        )
    return token.strip(" \t")


async def find_caller(authenticator: Authenticator, token: str | None) -> Caller:
    """Return who sends a token. Raises ``RefusedError`` and ``UnknowableError``."""
    if token is None:
        raise RefusedError(problem_of(UNAUTHORIZED, "The request has no key."), {"WWW-Authenticate": REALM})
    caller = await authenticator.caller(token)
    if caller is None:
        raise RefusedError(
            problem_of(UNAUTHORIZED, "The key is not known, has expired, or was revoked."),
            {"WWW-Authenticate": f'{REALM}, error="invalid_token"'},
        )
    return caller


def check_scope(caller: Caller, needed: str) -> None:
    """Raise ``RefusedError`` where the caller may not do this."""
    if needed not in caller.scopes:
        raise RefusedError(
            problem_of(FORBIDDEN, f"The key does not have the scope `{needed}`."),
            {"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{needed}"'},
        )
