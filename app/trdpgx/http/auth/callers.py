"""Authentication and authorisation from the head of a request: who calls, which scope the request needs, and the refusals."""

from collections.abc import Mapping
from typing import Protocol

from trdpgx.http.problems.kinds import FORBIDDEN, UNAUTHORIZED
from trdpgx.http.record import Caller
from trdpgx.model.errors import TrdpgxError
from trdpgx.model.problem import Problem, problem_of

OPEN = frozenset({"/", "/page.css", "/page.js", "/livez", "/readyz"})
"""Addresses that need no key: the probes of health, and the page on which a key can be entered."""
PROBES = frozenset({"/livez", "/readyz", "/metrics"})
"""Addresses for orchestrators and Prometheus: no check of the host name, and no quota, except for ``/metrics`` where it needs a key."""
REALM = 'Bearer realm="trdpgx"'
_LONGEST = 16 * 1024
"""Characters of the longest token."""


class Authenticator(Protocol):
    """Finds the caller of a token."""

    async def caller(self, token: str) -> Caller | None:
        """Return who it is, or ``None`` where the token is not valid. Raises ``UnknowableError``."""


class UnknowableError(TrdpgxError):
    """Callers cannot be authenticated now, so that all are refused."""


class RefusedError(TrdpgxError):
    """The caller is not known, or may not do this. ``headers`` state how to ask (RFC 6750, section 3)."""

    def __init__(self, problem: Problem, headers: Mapping[str, str]) -> None:
        super().__init__(problem.type)
        self.problem = problem
        self.headers = headers


def scope_of(path: str, method: str) -> str | None:
    """Return the scope that a request needs: none, ``metrics``, ``report`` for a POST, otherwise ``read``."""
    if path in OPEN:
        return None
    if path == "/metrics":
        return "metrics"
    return "report" if method == "POST" else "read"


def bearer_token(authorization: list[str]) -> str | None:
    """Return the token of the Authorization header, or ``None`` without one. Raises ``RefusedError`` for several or a malformed one."""
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
