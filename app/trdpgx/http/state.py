"""State of the application that requests share: the pool of workers, the settings about callers, the metrics."""

from fastapi import Request
from starlette.exceptions import HTTPException

from trdpgx.http.metrics import Metrics
from trdpgx.model.access import AccessSettings
from trdpgx.service.pool import WorkerPool


def pool_of(request: Request) -> WorkerPool:
    """Return the pool of workers. Raises the 503 of a service that is not ready."""
    pool = getattr(request.app.state, "pool", None)
    if isinstance(pool, WorkerPool):
        return pool
    raise HTTPException(503)


def access_of(request: Request) -> AccessSettings:
    """Return the settings about callers."""
    settings: AccessSettings = request.app.state.access
    return settings


def metrics_of(request: Request) -> Metrics:
    """Return the metrics."""
    metrics: Metrics = request.app.state.metrics
    return metrics


def is_ready(request: Request) -> bool:
    """Whether a request would get a worker, and the service is not about to stop."""
    return pool_of(request).ready and not getattr(request.app.state, "draining", False)
