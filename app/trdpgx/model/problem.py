"""One error shape for every door: RFC 9457 problem details, raised as ``InputError`` and never holding a genotype, position or name."""

from pydantic import Field

from trdpgx.model.base import Model
from trdpgx.model.errors import TrdpgxError


class ProblemType(Model):
    """A kind of failure: what it is called, how HTTP answers it, and what the caller can do."""

    code: str
    """Stable identifier, in lower_snake_case; the last part of the problem's `type`."""
    status: int
    """HTTP status code."""
    title: str
    """What is wrong, in one short sentence that never changes."""
    remedy: str
    """What to do about it."""


class Problem(Model):
    """An RFC 9457 problem, as sent with `application/problem+json` and printed on stderr by the command line."""

    type: str = Field(examples=["/problems/truncated"])
    """URI reference of the problem's kind; the service answers it with an explanation."""
    title: str
    """What is wrong, in one short sentence that is the same for every problem of this kind."""
    status: int
    """HTTP status code."""
    detail: str
    """What is wrong with this input. Never a genotype, a position or a sample name."""
    remedy: str
    """What to do about it."""
    line: int | None = None
    """1-based line of the (decompressed) input, where there is one."""


class InputError(TrdpgxError):
    """Input that cannot be read or used. Carries the problem that the caller is told."""

    def __init__(self, kind: ProblemType, detail: str, *, line: int | None = None) -> None:
        """Keep the problem; ``detail`` must not quote the input."""
        super().__init__(kind.code)
        self.problem = Problem(
            type=f"/problems/{kind.code}",
            title=kind.title,
            status=kind.status,
            detail=detail,
            remedy=kind.remedy,
            line=line,
        )
