"""The addresses about the service itself: limits, GA4GH service-info, and whether it lives and is ready."""

from importlib.metadata import metadata, version

from fastapi import APIRouter, Request

from app.api.answers import KnowledgeInfo, LimitAnswer, LimitList, Organization, ServiceInfo, ServiceType, Status
from app.api.state import service_of
from app.knowledge.evidence import POLICY
from app.model.limits import Limits
from app.model.settings import PREFIX, Settings

router = APIRouter(tags=["service"])

_PATIENCE = ("upload_idle_seconds", "upload_linger_seconds")


@router.get("/v1/limits", operation_id="list_limits", summary="List the limits on an input")
def list_limits(request: Request) -> LimitList:
    """List every cap and time limit, its value here, and the setting behind it."""
    service = service_of(request)
    caps = tuple(_limit(service.limits, name) for name in type(service.limits).model_fields)
    return LimitList(limits=caps + tuple(_limit(service.settings, name) for name in _PATIENCE))


@router.get("/service-info", operation_id="get_service_info", summary="Say what this service is (GA4GH)", response_model_by_alias=True)
def get_service_info(request: Request) -> ServiceInfo:
    """Say what this service is, in the form of GA4GH service-info 1.0.0, and which knowledge it rests on."""
    service = service_of(request)
    knowledge, settings = service.knowledge, service.settings
    return ServiceInfo(
        id=settings.service_id,
        name="trdpgx",
        type=ServiceType(group="org.trdpgx", artifact="trdpgx", version="1.0"),
        description=str(metadata("trdpgx")["Summary"]),
        organization=Organization(name=settings.organization_name, url=settings.organization_url),
        documentation_url=str(request.url_for("docs_page")),
        version=version("trdpgx"),
        knowledge=KnowledgeInfo(
            rules_release=knowledge.rulebook.release,
            rules_digest=knowledge.rulebook.digest,
            reference_release=knowledge.reference.release,
            reference_digest=knowledge.reference.digest,
            evidence_policy=POLICY,
        ),
    )


@router.get("/livez", operation_id="live", summary="Say that the process lives")
async def live() -> Status:
    """Answer as long as the process does."""
    return Status(status="alive")


@router.get("/readyz", operation_id="ready", summary="Say that reports can be made")
async def ready(request: Request) -> Status:
    """Answer once the knowledge is loaded and the parser processes are started; 503 before that and while stopping."""
    service_of(request)
    return Status(status="ready")


def _limit(source: Limits | Settings, name: str) -> LimitAnswer:
    text = type(source).model_fields[name].description or ""
    return LimitAnswer(name=name, value=getattr(source, name), setting=(PREFIX + name).upper(), text=" ".join(text.split()))
