"""What requests share: the open service, and the threads in which uploads are worked on."""

from anyio import CapacityLimiter
from fastapi import Request
from starlette.exceptions import HTTPException

from trdpgx.pipeline import Service

_THREADS = 32


def service_of(request: Request) -> Service:
    """Return the open service. Raises the 503 of a service that is not ready."""
    service = getattr(request.app.state, "service", None)
    if isinstance(service, Service):
        return service
    raise HTTPException(503)


def upload_threads(request: Request) -> CapacityLimiter:
    """Return the bound on threads for uploads. It is their own, so that a rush of them does not hold up the read-only addresses."""
    state = request.app.state
    limiter: CapacityLimiter | None = getattr(state, "upload_threads", None)
    if limiter is None:
        limiter = state.upload_threads = CapacityLimiter(_THREADS)
    return limiter
