"""The kinds of problem that only HTTP has, and all kinds together: what `/problems` answers and docs/problems.md explains."""

from trdpgx.calling.outside_calls.problems import PROBLEMS as CALLING
from trdpgx.intake.problems import PROBLEMS as INTAKE
from trdpgx.model.problem import ProblemKind
from trdpgx.report.format_registry import media_types


def _kind(code: str, title: str, remedy: str) -> ProblemKind:
    return ProblemKind(code=code, title=title, remedy=remedy)


BAD_REQUEST = _kind("bad_request", "The request is malformed.", "Compare the request with the examples at /docs.")
NOT_FOUND = _kind("not_found", "There is no resource at this URL.", "See /docs for the routes of this service.")
METHOD_NOT_ALLOWED = _kind(
    "method_not_allowed", "This URL does not take this method.", "Use one of the methods that the Allow header names."
)
NOT_ACCEPTABLE = _kind(
    "not_acceptable",
    "No report format matches what the request accepts.",
    f"Accept {media_types('or')}, ask with `?format=`, or leave the header out.",
)
STALLED_UPLOAD = _kind(
    "stalled_upload",
    "The upload paused for too long.",
    "Send it again over a steady connection; /v1/limits states the longest pause.",
)
CONTENT_ENCODING = _kind(
    "content_encoding",
    "The body has a Content-Encoding.",
    "Send a compressed file as it is, without a Content-Encoding header: gzip, BGZF and zstd are recognised by their bytes.",
)
MULTIPART_TYPE = _kind(
    "multipart_type", "This kind of multipart body is not supported.", "Send multipart/form-data, or the file itself as the body."
)
BAD_MULTIPART = _kind(
    "bad_multipart",
    "The multipart body is malformed.",
    "Let a client build the form: `curl -F vcf=@genome.vcf.gz`.",
)
MISSING_PART = _kind("missing_part", "The form has no part named `vcf`.", "Send the file as the part `vcf`: `curl -F vcf=@genome.vcf.gz`.")
DUPLICATE_PART = _kind("duplicate_part", "The form has the same part twice.", "Send each part once; each file is a request of its own.")
UNKNOWN_PART = _kind(
    "unknown_part",
    "The form has a part that this service does not know.",
    "Send the parts `vcf` and, if there are any, `outside_calls`, `targets` and `context`.",
)
BAD_CONTEXT = _kind(
    "bad_context",
    "The clinical context is not usable.",
    'Send JSON such as {"ancestry": "european"}; this release does not read current drugs or past treatment.',
)
BAD_QUERY = _kind("bad_query", "A query parameter is not usable.", "See /docs for the parameters of this address and their values.")
INTERNAL = _kind(
    "internal",
    "The service failed.",
    "The fault is the service's, not the input's. Send the X-Request-Id of the response to the operator.",
)
NOT_READY = _kind("not_ready", "The service is not ready.", "Try again in a moment.")

HTTP: dict[str, ProblemKind] = {kind.code: kind for kind in list(globals().values()) if isinstance(kind, ProblemKind)}
"""The kinds of this module, by code."""

PROBLEMS: dict[str, ProblemKind] = {**INTAKE, **CALLING, **HTTP}
"""Every kind that this service can answer with, by code."""
