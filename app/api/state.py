"""The one thing that requests share: the open service."""

from fastapi import Request
from starlette.exceptions import HTTPException

from app.pipeline import Service


def service_of(request: Request) -> Service:
    """Return the open service. Raises the 503 of a service that is not ready."""
    service = getattr(request.app.state, "service", None)
    if isinstance(service, Service):
        return service
    raise HTTPException(503)
