"""How many connections there may be, in all and from one address, and which of them are evicted for a new one.

At the bound, connections that wait for their client are evicted, the longest wait first: idle ones, ones whose head does not end, whose
answer is not read, or whose body comes too slowly. Where none waits, the head of a new connection is read: a probe of the service's
health gets its answer, and every other request is refused at once.
"""

import time
from collections import Counter
from collections.abc import Collection
from typing import Literal, Protocol, get_args

from trdpgx.http.auth.callers import PROBES
from trdpgx.http.problems.kinds import RATE_LIMITED
from trdpgx.http.problems.statuses import http_problem
from trdpgx.http.public import Proxies, PublicAddress
from trdpgx.intake.problems import TOO_SLOW
from trdpgx.model.access import AccessSettings
from trdpgx.model.problem import Problem, problem_of
from trdpgx.service.problems import BUSY

MOST_PROBING = 16
"""Connections beyond the bound whose head is read."""
_EVICTED_SHARE = 16
"""One of so many connections is evicted at a time, so that a flood of new ones does not cause a search for each."""
_PAUSE_SECONDS = 0.1
"""Seconds until the next search after one in which no connection waited."""
_RETRY_SECONDS = 5

Reason = Literal["all", "address"]
"""Why a connection is refused: there are too many in all, or from its address."""
REASONS: tuple[Reason, ...] = get_args(Reason)


class Held(Protocol):
    """A connection. ``is_refused``: its client has got the answer that there are too many."""

    is_refused: bool

    def waits_since(self, now: float) -> float | None:
        """Return since when it waits for its client and may be evicted (``time.monotonic``); none where it may not."""
        ...

    def evict(self) -> None:
        """Close it, with an answer where a request has none."""
        ...

    def refuse(self, answer: bytes) -> None:
        """Answer, and close it after the rest of the request has been discarded."""
        ...

    def drop(self, answer: bytes) -> None:
        """Answer, unless it is refused already, and close it at once."""
        ...


class Connections:
    """The connections of this process: at most ``most`` and ``settings.connections``, and ``rate_address_connections`` of one address."""

    def __init__(self, settings: AccessSettings, most: int = 2**20) -> None:
        public = PublicAddress.of(settings)
        self.most = min(most, settings.connections)
        self.refused: Counter[Reason] = Counter()
        self.evicted = 0
        self._of_address = settings.rate_address_connections
        self._proxies = Proxies(settings)
        self._probes = {prefix + path for path in PROBES for prefix in ("", public.prefix)}
        quota = f"The quota `address-connections` is {self._of_address} connections from one address at the same time."
        self._answers: dict[Reason, bytes] = {
            "all": _answer(problem_of(BUSY, "There are too many connections."), public.base),
            "address": _answer(problem_of(RATE_LIMITED, quota), public.base),
        }
        self.too_slow = _answer(problem_of(TOO_SLOW, "It came too slowly while all connections were taken."), public.base)
        self._open: dict[Held, str] = {}
        self._probing: dict[Held, Reason] = {}
        self._count: Counter[str] = Counter()
        self._not_before: dict[Reason, float] = {}

    @property
    def count(self) -> int:
        """Connections within the bounds."""
        return len(self._open)

    def add(self, connection: Held, peer: str) -> bool:
        """Register a new connection from an address; return whether it is within the bounds. One beyond them may only probe."""
        address, bound = self._proxies.client(peer, ()), self._of_address
        reason: Reason | None = None
        if bound and self._count[address] >= bound and not self._proxies.trusts(peer):
            own = [one for one, whose in self._open.items() if whose == address]
            reason = None if self._evict_waiting(own, "address") else "address"
        if reason is None and len(self._open) >= self.most:
            reason = None if self._evict_waiting(self._open, "all") else "all"
        if reason is None:
            self._open[connection] = address
            self._count[address] += 1
            return True
        self._probing[connection] = reason
        if len(self._probing) > MOST_PROBING:
            first, why = next(iter(self._probing.items()))
            self.remove(first)
            self.refused[why] += not first.is_refused
            first.drop(self._answers[why])
        return False

    def remove(self, connection: Held) -> None:
        """Remove a connection that has ended, or is about to."""
        address = self._open.pop(connection, None)
        if address is not None:
            self._count[address] -= 1
            if not self._count[address]:
                del self._count[address]
        self._probing.pop(connection, None)

    def is_probe(self, method: bytes, url: bytes, headers: Collection[tuple[bytes, bytes]]) -> bool:
        """Whether a request is a probe (``PROBES``) without a body."""
        bare = {name for name, _ in headers}.isdisjoint((b"content-length", b"transfer-encoding"))
        return bare and method in {b"GET", b"HEAD"} and url.partition(b"?")[0].decode("latin-1") in self._probes

    def refuse(self, connection: Held) -> None:
        """Answer a connection that is beyond the bounds, and close it."""
        reason = self._probing.get(connection, "all")
        self.refused[reason] += 1
        connection.refuse(self._answers[reason])

    def _evict_waiting(self, among: Collection[Held], reason: Reason) -> bool:
        """Evict some of these that wait for their client; return whether there were any."""
        now = time.monotonic()
        if now < self._not_before.get(reason, now):
            return False
        waiting = sorted((since, number, one) for number, one in enumerate(among) if (since := one.waits_since(now)) is not None)
        if not waiting:
            self._not_before[reason] = now + _PAUSE_SECONDS
        for _, _, one in waiting[: max(1, len(among) // _EVICTED_SHARE)]:
            self.remove(one)
            self.evicted += 1
            one.evict()
        return bool(waiting)


def _answer(problem: Problem, base: str) -> bytes:
    """Return the bytes of a whole response, for a connection that reaches no route."""
    sent = http_problem(problem, base)
    content = sent.model_dump_json(exclude_none=True).encode()
    reason = {408: "Request Timeout", 429: "Too Many Requests", 503: "Service Unavailable"}[sent.status]
    lines = (
        f"HTTP/1.1 {sent.status} {reason}",
        "content-type: application/problem+json",
        f"content-length: {len(content)}",
        "cache-control: no-store",
        f"retry-after: {_RETRY_SECONDS}",
        "connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode() + content
