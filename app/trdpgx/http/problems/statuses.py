"""The HTTP status of each kind of problem, and the problem as it is sent (RFC 9457)."""

from collections.abc import Mapping

from pydantic import ConfigDict, Field

from trdpgx.model.base import Model
from trdpgx.model.problem import Problem, ProblemKind
from trdpgx.service.info_schemas import ProblemType

LISTED: Mapping[int, tuple[str, ...]] = {
    400: (
        "newlines_lost",
        "empty_input",
        "truncated",
        "corrupt",
        "bad_request",
        "bad_multipart",
        "content_digest",
    ),
    401: ("unauthorized",),
    403: ("forbidden",),
    404: ("not_found",),
    405: ("method_not_allowed",),
    406: ("not_acceptable",),
    408: (
        "too_slow",
        "stalled_upload",
    ),
    413: (
        "too_many_bytes",
        "too_many_inflated_bytes",
        "compression_ratio",
        "too_many_members",
        "header_too_long",
        "header_too_large",
        "line_too_long",
        "too_many_contigs",
        "too_many_samples",
        "too_many_reports",
        "too_many_alts",
        "too_many_info_fields",
        "too_many_filters",
        "too_many_records",
        "too_many_panel_records",
        "too_many_records_at_position",
        "too_many_site_alleles",
        "too_many_values",
        "panel_too_large",
        "targets_too_large",
        "outside_calls_too_large",
        "outside_calls_too_many",
        "context_too_large",
        "earlier_reports_too_large",
    ),
    415: (
        "consumer_genotypes",
        "unsupported_format",
        "content_encoding",
        "multipart_type",
        "not_a_report",
    ),
    421: ("wrong_host",),
    429: ("rate_limited",),
    500: ("internal",),
    503: (
        "busy",
        "not_ready",
        "worker_died",
        "worker_timeout",
    ),
}
"""Codes of problems by their HTTP status; that of every other code is 422."""
_STATUS: Mapping[str, int] = {code: status for status, codes in LISTED.items() for code in codes}


def status_of(code: str) -> int:
    """Return the HTTP status of a kind of problem: 422 (the content cannot be used) where none is listed."""
    return _STATUS.get(code, 422)


class HttpProblem(Model):
    """An RFC 9457 problem, as sent with `application/problem+json`."""

    model_config = ConfigDict(title="Problem")

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


def problem_type(kind: ProblemKind) -> ProblemType:
    """Return a kind of problem as `/problems` describes it."""
    return ProblemType(code=kind.code, status=status_of(kind.code), title=kind.title, remedy=kind.remedy)


def http_problem(problem: Problem, base: str = "") -> HttpProblem:
    """Return a problem with its status; its type leads to ``base``, the address that clients see the service at."""
    return HttpProblem(type=base + problem.type, status=status_of(problem.code), **problem.model_dump(exclude={"type"}))
