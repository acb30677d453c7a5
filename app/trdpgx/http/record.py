"""The record of a request for the log, the audit and the metrics: counts, codes, the caller and the route, and nothing that was sent."""

import re
from collections.abc import Sequence

from fastapi.routing import iter_route_contexts
from msgspec import Struct
from starlette.routing import BaseRoute, compile_path
from starlette.types import Scope

from trdpgx.http.public import PublicAddress
from trdpgx.model.access import SCOPES

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
"""Methods by name; every other counts as ``other``."""
NO_ROUTE = "none"


class Caller(Struct, frozen=True):
    """Who calls. ``id`` goes into logs and counters, ``name`` into the audit alone."""

    id: str
    name: str
    scopes: frozenset[str]


EVERYBODY = Caller("-", "-", frozenset(SCOPES))
"""The caller where no key is needed."""


class RequestRecord(Struct):
    """One request. ``received`` and ``sent`` are bytes of bodies; ``worker`` is a process id; ``trace`` the id of a W3C trace."""

    id: str
    method: str
    public: PublicAddress
    caller: Caller | None = None
    scope: str | None = None
    status: int = 0
    problem: str | None = None
    limit: str | None = None
    received: int = 0
    sent: int = 0
    samples: int | None = None
    records: int | None = None
    worker: int | None = None
    trace: str | None = None

    def common_fields(self, route: str) -> dict[str, object]:
        """Return the fields that the log and the audit share."""
        return {
            "request": self.id,
            "key": None if self.caller is None else self.caller.id,
            "method": self.method,
            "route": route,
            "status": self.status,
            "problem": self.problem,
            "received": self.received,
            "sent": self.sent,
            "samples": self.samples,
        }


def record_of(scope: Scope) -> RequestRecord:
    """Return the record of a request."""
    record: RequestRecord = scope["record"]
    return record


class RouteNames:
    """The patterns of an application's routes. Logs and metrics have them instead of paths, which may name a person."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        paths = dict.fromkeys(context.path for context in iter_route_contexts(routes) if context.path is not None)
        self._patterns: list[tuple[re.Pattern[str], str]] = [(compile_path(path)[0], path) for path in paths]

    def of(self, path: str) -> str:
        """Return the pattern that a path matches, or ``none``."""
        return next((name for pattern, name in self._patterns if pattern.match(path)), NO_ROUTE)
