"""What requests share: the pool of workers."""

from fastapi import Request
from starlette.exceptions import HTTPException

from trdpgx.service.pool import WorkerPool


def pool_of(request: Request) -> WorkerPool:
    """Return the pool of workers. Raises the 503 of a service that is not ready."""
    pool = getattr(request.app.state, "pool", None)
    if isinstance(pool, WorkerPool):
        return pool
    raise HTTPException(503)


def is_ready(request: Request) -> bool:
    """Whether a request would find a worker, and the service is not about to stop."""
    return pool_of(request).ready and not getattr(request.app.state, "draining", False)
