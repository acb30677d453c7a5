"""The addresses about the service itself: limits, GA4GH service-info, and whether it lives and is ready."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException

from trdpgx.http import service_info as about
from trdpgx.http.state import is_ready, pool_of
from trdpgx.service.info_schemas import LimitList, ServiceInfo, Status

router = APIRouter(tags=["service"])


@router.get("/v1/limits", operation_id="list_limits", summary="List the limits on an input")
def list_limits(request: Request) -> LimitList:
    """List every cap and time limit, its value here, and the setting behind it."""
    return about.limits(pool_of(request))


@router.get("/service-info", operation_id="get_service_info", summary="Describe this service (GA4GH)")
def get_service_info(request: Request) -> ServiceInfo:
    """Describe this service in the form of GA4GH service-info 1.0.0, and which knowledge it rests on."""
    return about.service_info(pool_of(request), str(request.url_for("docs_page")))


@router.get("/livez", operation_id="live", summary="Answer while the process lives")
async def live() -> Status:
    """Answer as long as the process does."""
    return Status(status="alive")


@router.get("/readyz", operation_id="ready", summary="Answer whether reports can be made")
async def ready(request: Request) -> Status:
    """Answer while a worker is ready for requests; 503 before that, while there is none, and before the service stops."""
    if not is_ready(request):
        raise HTTPException(503)
    return Status(status="ready")
