"""The addresses about the service itself: limits, GA4GH service-info, metrics, liveness and readiness."""

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from trdpgx.http import service_info as about
from trdpgx.http.metrics import MEDIA_TYPE
from trdpgx.http.state import access_of, is_ready, metrics_of, pool_of
from trdpgx.service.info_schemas import LimitList, ServiceInfo, Status

_EXAMPLE = '# HELP trdpgx_workers Workers by what they do.\n# TYPE trdpgx_workers gauge\ntrdpgx_workers{state="idle"} 3.0\n'


class MetricsResponse(Response):
    """An answer in Prometheus' text format."""

    media_type = MEDIA_TYPE


router = APIRouter(tags=["service"])


@router.get("/v1/limits", operation_id="list_limits", summary="List the limits on an input")
def list_limits(request: Request) -> LimitList:
    """List every cap and time limit, its value here, and the setting behind it."""
    return about.limits(pool_of(request), access_of(request))


@router.get("/service-info", operation_id="get_service_info", summary="Describe this service (GA4GH)")
def get_service_info(request: Request) -> ServiceInfo:
    """Describe this service in the form of GA4GH service-info 1.0.0, with the releases of rules and reference."""
    return about.service_info(pool_of(request), access_of(request))


@router.get("/livez", operation_id="live", summary="Answer while the process lives")
async def live() -> Status:
    """Answer while the HTTP process lives."""
    return Status(status="alive")


@router.get("/readyz", operation_id="ready", summary="Answer whether reports can be made")
async def ready(request: Request) -> Status:
    """Answer while a worker is ready for requests; 503 before that, while there is none, and before the service stops."""
    if not is_ready(request):
        raise HTTPException(503)
    return Status(status="ready")


@router.get(
    "/metrics",
    operation_id="get_metrics",
    summary="Show the metrics (Prometheus)",
    response_class=MetricsResponse,
    responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}, "example": _EXAMPLE}}}},
)
def get_metrics(request: Request) -> Response:
    """Show the metrics in Prometheus' text format. 404 where the metrics have their own port (`TRDPGX_METRICS_PORT`)."""
    if access_of(request).metrics_port is not None:
        raise HTTPException(404)
    return MetricsResponse(metrics_of(request).text(), headers={"Cache-Control": "no-store"})
