"""What the service states about itself: its limits and its GA4GH service-info."""

from importlib.metadata import metadata, version

from trdpgx.http.public import PublicAddress
from trdpgx.model.access import AccessSettings
from trdpgx.model.base import field_texts
from trdpgx.model.environment import PREFIX
from trdpgx.model.limits import Limits
from trdpgx.model.settings import Settings
from trdpgx.service.info_schemas import LimitAnswer, LimitList, Organization, ServiceInfo, ServiceType
from trdpgx.service.pool import WorkerPool

_OF_THE_SERVICE = (
    "workers",
    "worker_requests",
    "upload_idle_seconds",
    "upload_drain_seconds",
    "upload_first_bytes",
    "upload_first_seconds",
    "upload_held_bytes",
    "upload_min_rate",
    "upload_rate_seconds",
    "queue_requests",
    "queue_seconds",
    "small_seconds",
)
"""The settings that are limits."""
_QUOTAS = (
    "connections",
    "rate_seconds",
    *(f"rate_{whose}{what}" for whose in ("", "address_") for what in ("requests", "bytes", "uploads")),
    "rate_address_connections",
)
"""The settings that are quotas; 0 is none."""


def limits(pool: WorkerPool, access: AccessSettings) -> LimitList:
    """Return every cap, time limit and quota, its value, and the setting behind it."""
    caps = tuple(_limit(pool.limits, name) for name in type(pool.limits).model_fields)
    service = tuple(_limit(pool.settings, name) for name in _OF_THE_SERVICE)
    return LimitList(limits=caps + service + tuple(_limit(access, name) for name in _QUOTAS))


def service_info(pool: WorkerPool, access: AccessSettings) -> ServiceInfo:
    """Return what this service is, in the form of GA4GH service-info 1.0.0, with the releases of rules and reference."""
    settings, hello = pool.settings, pool.hello
    return ServiceInfo(
        id=settings.service_id,
        name="trdpgx",
        type=ServiceType(group="org.trdpgx", artifact="trdpgx", version="1.0"),
        description=str(metadata("trdpgx")["Summary"]),
        organization=Organization(name=settings.organization_name, url=settings.organization_url),
        documentation_url=PublicAddress.of(access).documentation,
        version=version("trdpgx"),
        knowledge=hello.knowledge,
        authentication=access.auth or "none",
        sandbox=hello.sandbox,
        scanner=hello.scanner,
    )


def _limit(source: Limits | Settings | AccessSettings, name: str) -> LimitAnswer:
    text = field_texts(type(source)).get(name, "")
    return LimitAnswer(name=name, value=getattr(source, name), setting=(PREFIX + name).upper(), text=" ".join(text.split()))
