"""The kinds of problem that only HTTP has. Those of the workers arrive when the supervisor has started (``trdpgx.service.hello``)."""

from trdpgx.model.problem import kinds_of, problem_kind

BAD_REQUEST = problem_kind("bad_request", "The request is malformed.", "Compare the request with the examples at /docs.")
METHOD_NOT_ALLOWED = problem_kind(
    "method_not_allowed", "This URL does not take this method.", "Use one of the methods that the Allow header names."
)
STALLED_UPLOAD = problem_kind(
    "stalled_upload",
    "The upload paused for too long.",
    "Send it again over a steady connection; /v1/limits states the longest pause.",
)
CONTENT_ENCODING = problem_kind(
    "content_encoding",
    "The body has a Content-Encoding.",
    "Send a compressed file as it is, without a Content-Encoding header: gzip, BGZF and zstd are recognised by their bytes.",
)
MULTIPART_TYPE = problem_kind(
    "multipart_type", "This kind of multipart body is not supported.", "Send multipart/form-data, or the file itself as the body."
)
CONTENT_DIGEST = problem_kind(
    "content_digest",
    "The Content-Digest does not match the body.",
    "Send the body again; write the header as `sha-256=:BASE64:` of the bytes as they are sent, or leave it out.",
)
UNAUTHORIZED = problem_kind(
    "unauthorized",
    "The request has no valid key.",
    "Send the key in the header `Authorization: Bearer KEY`; the operator of the service issues keys.",
)
FORBIDDEN = problem_kind(
    "forbidden", "The key does not allow this.", "Ask the operator of the service for a key with the scope that the detail names."
)
WRONG_HOST = problem_kind(
    "wrong_host",
    "The request is for another host.",
    "Use the host name that the operator published; the operator lists host names in TRDPGX_ALLOWED_HOSTS.",
)
RATE_LIMITED = problem_kind(
    "rate_limited",
    "A quota is used up.",
    "Try again after the seconds that the Retry-After header states; the command line and Python have no quotas.",
)
NOT_READY = problem_kind("not_ready", "The service is not ready.", "Try again in a moment.")

HTTP = kinds_of(globals())
"""The kinds of this module, by code."""
