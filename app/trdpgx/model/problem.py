"""One error shape for every front end, raised as ``InputError`` and never holding a genotype, position or name."""

from collections.abc import Mapping, Sequence

from pydantic import Field

from trdpgx.model.base import Model
from trdpgx.model.errors import TrdpgxError


class ProblemKind(Model):
    """A kind of failure: what it is called, and what the caller can do. ``trdpgx.http.problems.statuses`` maps it to an HTTP status."""

    code: str
    """Stable identifier, in lower_snake_case; the last part of the problem's `type`."""
    title: str
    """What is wrong, in one short sentence that never changes."""
    remedy: str
    """What to do about it."""


def kinds_of(module: Mapping[str, object]) -> dict[str, ProblemKind]:
    """Return the kinds of a module by their codes; ``module`` is its ``globals()``."""
    return {kind.code: kind for kind in list(module.values()) if isinstance(kind, ProblemKind)}


def problem_kind(code: str, title: str, remedy: str) -> ProblemKind:
    """Return a kind of failure."""
    return ProblemKind(code=code, title=title, remedy=remedy)


class Problem(Model):
    """What is wrong with an input: HTTP sends it with a status, the command line prints it on standard error."""

    type: str = Field(examples=["/problems/truncated"])
    """URI reference of the problem's kind; the service answers it with an explanation."""
    title: str
    """What is wrong, in one short sentence that is the same for every problem of this kind."""
    detail: str
    """What is wrong with this input. Never a genotype, a position or a sample name."""
    remedy: str
    """What to do about it."""
    line: int | None = None
    """1-based line of the (decompressed) input, where there is one."""

    @property
    def code(self) -> str:
        """The code of its kind."""
        return self.type.rpartition("/")[2]

    @property
    def at_line(self) -> str:
        """`` (line 4)``, or nothing."""
        return "" if self.line is None else f" (line {self.line})"


def problem_of(kind: ProblemKind, detail: str, *, line: int | None = None, remedy: str = "") -> Problem:
    """Return a problem of this kind, with a remedy of its own or the kind's; neither text may quote the input."""
    return Problem(type=f"/problems/{kind.code}", title=kind.title, detail=detail, remedy=remedy or kind.remedy, line=line)


class InputError(TrdpgxError):
    """Input that cannot be read or used. Carries the problem that the caller gets."""

    def __init__(self, kind: ProblemKind, detail: str, *, line: int | None = None, remedy: str = "", samples: Sequence[str] = ()) -> None:
        """Keep the problem; ``detail`` and ``remedy`` (by default the kind's) must not quote the input.

        ``samples``: names to choose from, for a terminal alone.
        """
        super().__init__(kind.code)
        self.problem = problem_of(kind, detail, line=line, remedy=remedy)
        self.samples = samples
