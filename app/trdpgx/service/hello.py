"""What the supervisor sends when workers can make reports: everything that the HTTP process needs of the knowledge."""

from collections.abc import Sequence
from typing import Any, Literal

from trdpgx.model.base import Model
from trdpgx.model.problem import ProblemKind
from trdpgx.service.info_schemas import KnowledgeInfo, SandboxInfo


class FormatInfo(Model):
    """A format of reports: its name, its media type, its file ending, and whether one answer can hold several reports."""

    name: str
    media_type: str
    ending: str
    many: bool


class Hello(Model):
    """The knowledge by name and digest, the formats, the kinds of problem, and what confines the workers."""

    knowledge: KnowledgeInfo
    formats: Sequence[FormatInfo]
    local_formats: Sequence[str]
    """Names of the formats that the command line alone writes."""
    diff_formats: Sequence[FormatInfo]
    """The formats of what is different between an earlier report and today's."""
    kinds: Sequence[ProblemKind]
    sandbox: SandboxInfo
    context_schema: dict[str, Any]
    """JSON Schema of a clinical context."""
    scanner: Literal["compiled", "python"]
