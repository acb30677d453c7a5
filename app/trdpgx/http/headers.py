"""Checks of an upload that need only its headers."""

from fastapi import Request

from trdpgx.http.problems.kinds import BAD_REQUEST, CONTENT_ENCODING, MULTIPART_TYPE
from trdpgx.intake.problems import TOO_MANY_BYTES
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

SIGNATURE = "Trdpgx-Signature"
"""The header with the detached signature of a body."""
_FORM_OVERHEAD = 64 * 1024


def check_headers(request: Request, limits: Limits) -> None:
    """Refuse an unusable upload before its body is read. Raises ``InputError``."""
    if request.headers.get("content-encoding", "identity").strip().lower() not in {"identity", ""}:
        raise InputError(CONTENT_ENCODING, "The Content-Encoding header states that the body is encoded for transport.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("multipart/") and kind != "multipart/form-data":
        raise InputError(MULTIPART_TYPE, "The Content-Type is multipart, and not multipart/form-data.")
    declared = request.headers.get("content-length")
    if declared is None:
        return
    if not (declared.isascii() and declared.isdigit()):
        raise InputError(BAD_REQUEST, "The Content-Length is not a number.")
    most = limits.max_bytes
    if kind.startswith("multipart/"):
        most += limits.max_outside_bytes + limits.max_targets_bytes + limits.max_context_bytes + _FORM_OVERHEAD
    if int(declared) > most:
        raise InputError(TOO_MANY_BYTES, f"The Content-Length is over the cap of {limits.max_bytes} bytes.")
