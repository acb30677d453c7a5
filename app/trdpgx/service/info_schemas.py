"""Responses of the endpoints about the service itself."""

from typing import Annotated, Literal

from pydantic import Field

from trdpgx.model.base import Model


class LimitAnswer(Model):
    """A cap or a time limit of this service."""

    name: str
    value: Annotated[float, Field(allow_inf_nan=False)] | int
    setting: str
    """Environment variable by which the operator sets it."""
    text: str


class LimitList(Model):
    """Every limit of this service. An input over one of them gets a problem that names it."""

    limits: tuple[LimitAnswer, ...]


class ProblemType(Model):
    """A kind of failure: its code, its HTTP status, and what the caller can do."""

    code: str
    """Stable identifier, in lower_snake_case; the last part of the problem's `type`."""
    status: int
    """HTTP status code."""
    title: str
    """What is wrong, in one short sentence that never changes."""
    remedy: str
    """What to do about it."""


class ProblemList(Model):
    """Every kind of problem that this service returns."""

    problems: tuple[ProblemType, ...]


class Status(Model):
    """State of the service: live or ready."""

    status: Literal["alive", "ready"]


class ServiceType(Model):
    """What kind of service this is (GA4GH service-info 1.0.0)."""

    group: str
    artifact: str
    version: str


class Organization(Model):
    """Who runs this service."""

    name: str
    url: str


class KnowledgeInfo(Model):
    """The releases of rules and reference that this service uses."""

    rules_release: str
    rules_digest: str
    reference_release: str
    reference_digest: str
    evidence_policy: str


class SandboxInfo(Model):
    """What confines the workers here (docs/limits.md)."""

    rlimits: bool
    """Memory, CPU time, descriptors and core dumps are limited by the kernel."""
    landlock: bool
    """The kernel denies them files, TCP ports and signals to other processes."""
    seccomp: bool
    """The kernel denies them sockets, programs and access to other processes."""


class ServiceInfo(Model):
    """GA4GH service-info 1.0.0, the knowledge, and what confines the workers."""

    id: str
    name: str
    type: ServiceType
    description: str
    organization: Organization
    documentation_url: str = Field(serialization_alias="documentationUrl")
    """Page for people; a relative URL where the operator has not set `TRDPGX_PUBLIC_URL`."""
    version: str
    knowledge: KnowledgeInfo
    authentication: Literal["none", "keys", "oidc"]
    """How a caller authenticates: not at all, by a key, or by a token of an OpenID Connect issuer."""
    sandbox: SandboxInfo
    scanner: Literal["compiled", "python"]
    """What scans the lines of an input: the compiled library, or much slower Python where the library could not be compiled."""
