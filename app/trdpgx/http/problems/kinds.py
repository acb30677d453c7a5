"""The kinds of problem that only HTTP has. Those of the workers arrive when the supervisor has started (``trdpgx.service.hello``)."""

from trdpgx.model.problem import ProblemKind


def _kind(code: str, title: str, remedy: str) -> ProblemKind:
    return ProblemKind(code=code, title=title, remedy=remedy)


BAD_REQUEST = _kind("bad_request", "The request is malformed.", "Compare the request with the examples at /docs.")
METHOD_NOT_ALLOWED = _kind(
    "method_not_allowed", "This URL does not take this method.", "Use one of the methods that the Allow header names."
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
CONTENT_DIGEST = _kind(
    "content_digest",
    "The Content-Digest does not fit the body.",
    "Send the body again; write the header as `sha-256=:BASE64:` of the bytes as they are sent, or leave it out.",
)
UNAUTHORIZED = _kind(
    "unauthorized",
    "The request has no valid key.",
    "Send the key in the header `Authorization: Bearer KEY`; the operator of the service gives keys out.",
)
FORBIDDEN = _kind("forbidden", "The key does not allow this.", "Ask the operator of the service for a key with the scope that is named.")
WRONG_HOST = _kind(
    "wrong_host",
    "The request is for another host.",
    "Use the address that the operator names; the operator sets the names with TRDPGX_ALLOWED_HOSTS.",
)
RATE_LIMITED = _kind(
    "rate_limited",
    "A quota is used up.",
    "Try again after the seconds that the Retry-After header states; the command line and Python have no quotas.",
)
NOT_READY = _kind("not_ready", "The service is not ready.", "Try again in a moment.")

HTTP: dict[str, ProblemKind] = {kind.code: kind for kind in list(globals().values()) if isinstance(kind, ProblemKind)}
"""The kinds of this module, by code."""
