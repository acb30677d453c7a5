"""Who calls, and what that caller may do."""

from msgspec import Struct

from trdpgx.model.access import SCOPES


class Caller(Struct, frozen=True):
    """Who calls. ``id`` goes into logs and counters, ``name`` into the audit alone."""

    id: str
    name: str
    scopes: frozenset[str]


EVERYBODY = Caller("-", "-", frozenset(SCOPES))
