"""The kinds of problem that only HTTP has, and all kinds together: what `/problems` answers and docs/problems.md explains."""

from trdpgx.calling.outside_calls.problems import PROBLEMS as CALLING
from trdpgx.intake.problems import PROBLEMS as INTAKE
from trdpgx.model.problem import Problem, ProblemType
from trdpgx.report.format_registry import media_types


def _kind(code: str, status: int, title: str, remedy: str) -> ProblemType:
    return ProblemType(code=code, status=status, title=title, remedy=remedy)


BAD_REQUEST = _kind("bad_request", 400, "The request is malformed.", "Compare the request with the examples at /docs.")
NOT_FOUND = _kind("not_found", 404, "There is nothing at this address.", "See /docs for the addresses of this service.")
METHOD_NOT_ALLOWED = _kind(
    "method_not_allowed", 405, "This address does not take this method.", "Use one of the methods that the Allow header names."
)
NOT_ACCEPTABLE = _kind(
    "not_acceptable",
    406,
    "A report cannot be had in any format that the request allows.",
    f"Accept {media_types('or')}, ask with `?format=`, or leave the header out.",
)
STALLED_UPLOAD = _kind(
    "stalled_upload",
    408,
    "The upload paused for too long.",
    "Send it again over a steady connection; /v1/limits tells the longest pause.",
)
CONTENT_ENCODING = _kind(
    "content_encoding",
    415,
    "The body has a Content-Encoding.",
    "Send a compressed file as it is, without a Content-Encoding header: gzip and BGZF are told by their bytes.",
)
MULTIPART_TYPE = _kind(
    "multipart_type", 415, "This kind of multipart body is not taken.", "Send multipart/form-data, or the file itself as the body."
)
BAD_MULTIPART = _kind(
    "bad_multipart",
    400,
    "The multipart body is malformed.",
    "Let a client build the form: `curl -F vcf=@genome.vcf.gz`.",
)
MISSING_PART = _kind(
    "missing_part", 422, "The form has no part named `vcf`.", "Send the file as the part `vcf`: `curl -F vcf=@genome.vcf.gz`."
)
DUPLICATE_PART = _kind(
    "duplicate_part", 422, "The form has the same part twice.", "Send each part once; each file is a request of its own."
)
UNKNOWN_PART = _kind(
    "unknown_part",
    422,
    "The form has a part that this service does not know.",
    "Send the parts `vcf` and, if there are any, `outside_calls`, `targets` and `context`.",
)
BAD_CONTEXT = _kind(
    "bad_context",
    422,
    "The clinical context is not usable.",
    'Send JSON such as {"ancestry": "european"}; this release does not read current drugs or past treatment.',
)
BAD_QUERY = _kind("bad_query", 422, "A query parameter is not usable.", "See /docs for the parameters of this address and their values.")
INTERNAL = _kind(
    "internal",
    500,
    "The service failed.",
    "The fault is the service's, not the input's. Tell the operator the X-Request-Id of the answer.",
)
NOT_READY = _kind("not_ready", 503, "The service is not ready.", "Try again in a moment.")

HTTP: dict[str, ProblemType] = {kind.code: kind for kind in list(globals().values()) if isinstance(kind, ProblemType)}
"""The kinds of this module, by code."""

PROBLEMS: dict[str, ProblemType] = {**INTAKE, **CALLING, **HTTP}
"""Every kind that this service can answer with, by code."""


def problem(kind: ProblemType, detail: str) -> Problem:
    """Return a problem of this kind; ``detail`` must not quote the request."""
    return Problem(type=f"/problems/{kind.code}", title=kind.title, status=kind.status, detail=detail, remedy=kind.remedy)
