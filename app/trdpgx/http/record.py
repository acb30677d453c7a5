"""What is noted of a request while it is done, for the log, the audit and the metrics: numbers and names of ours, never a word of it."""

from msgspec import Struct
from starlette.types import Scope

from trdpgx.http.caller import Caller
from trdpgx.http.public import PublicAddress

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
"""Methods by name; every other counts as ``other``."""


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


def record_of(scope: Scope) -> RequestRecord:
    """Return the record of a request."""
    record: RequestRecord = scope["record"]
    return record
