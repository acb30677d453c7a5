"""Who calls, and what that caller may do."""

from dataclasses import dataclass

from trdpgx.model.access import SCOPES


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. ``id`` goes into logs and counters, ``name`` into the audit alone."""

    id: str
    name: str
    scopes: frozenset[str]


EVERYBODY = Caller("-", "-", frozenset(SCOPES))
