"""Who calls, and what that caller may do."""

from trdpgx.model.access import SCOPES
from trdpgx.model.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. ``id`` goes into logs and counters, ``name`` into the audit alone."""

    id: str
    name: str
    scopes: frozenset[str]


EVERYBODY = Caller("-", "-", frozenset(SCOPES))
