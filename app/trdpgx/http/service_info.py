"""What the service says about itself, apart from HTTP: its limits and its GA4GH service-info."""

from importlib.metadata import metadata, version

from trdpgx.http.schemas import KnowledgeInfo, LimitAnswer, LimitList, Organization, SandboxInfo, ServiceInfo, ServiceType
from trdpgx.intake.scan.native import library
from trdpgx.model.base import field_texts
from trdpgx.model.environment import PREFIX
from trdpgx.model.limits import Limits
from trdpgx.model.settings import Settings
from trdpgx.pipeline import Service

_PATIENCE = ("upload_idle_seconds", "upload_linger_seconds")


def limits(service: Service) -> LimitList:
    """Return every cap and time limit, its value, and the setting behind it."""
    caps = tuple(_limit(service.limits, name) for name in type(service.limits).model_fields)
    return LimitList(limits=caps + tuple(_limit(service.settings, name) for name in _PATIENCE))


def service_info(service: Service, documentation_url: str) -> ServiceInfo:
    """Return what this service is, in the form of GA4GH service-info 1.0.0, and which knowledge it rests on."""
    knowledge, settings = service.knowledge, service.settings
    return ServiceInfo(
        id=settings.service_id,
        name="trdpgx",
        type=ServiceType(group="org.trdpgx", artifact="trdpgx", version="1.0"),
        description=str(metadata("trdpgx")["Summary"]),
        organization=Organization(name=settings.organization_name, url=settings.organization_url),
        documentation_url=documentation_url,
        version=version("trdpgx"),
        knowledge=KnowledgeInfo(
            rules_release=knowledge.rulebook.release,
            rules_digest=knowledge.rulebook.digest,
            reference_release=knowledge.reference.release,
            reference_digest=knowledge.reference.digest,
            evidence_policy=knowledge.rulebook.policy,
        ),
        sandbox=SandboxInfo(rlimits=True, landlock=service.parsers.landlock, seccomp=False),
        scanner="python" if library() is None else "compiled",
    )


def _limit(source: Limits | Settings, name: str) -> LimitAnswer:
    text = field_texts(type(source)).get(name, "")
    return LimitAnswer(name=name, value=getattr(source, name), setting=(PREFIX + name).upper(), text=" ".join(text.split()))
