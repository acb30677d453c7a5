"""An upload taken in while it arrives: as the raw body or as a form, straight into intake, with nothing kept and nothing on disk."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from anyio import to_thread
from fastapi import Request
from pydantic import ValidationError
from pydantic_core import from_json
from python_multipart.multipart import parse_options_header

from trdpgx.calling.outside_calls.files import read_outside_calls
from trdpgx.calling.outside_calls.problems import OUTSIDE_CALLS_TOO_LARGE
from trdpgx.http.problems.kinds import BAD_CONTEXT, BAD_REQUEST, CONTENT_ENCODING, MULTIPART_TYPE
from trdpgx.http.state import upload_threads
from trdpgx.http.upload.body import RequestBody
from trdpgx.http.upload.form import MultipartForm
from trdpgx.http.upload.read_ahead import read_ahead
from trdpgx.intake.evidence.assay_targets import read_targets
from trdpgx.intake.problems import TARGETS_TOO_LARGE, TOO_MANY_BYTES
from trdpgx.model.context import Context
from trdpgx.model.input import IntakeResult
from trdpgx.model.limits import Limits
from trdpgx.model.naming import json_path, unknown_field
from trdpgx.model.options import Options
from trdpgx.model.outside import OutsideCall
from trdpgx.model.problem import InputError
from trdpgx.model.region import Interval
from trdpgx.pipeline import Service

_CURL_D = b"application/x-www-form-urlencoded"
"""The Content-Type of curl's `-d` and `--data-binary` where no other is given."""
_MANGLED = frozenset({"/problems/corrupt", "/problems/truncated", "/problems/unsupported_format", "/problems/bad_fileformat"})
"""What a file looks like from which `-d` has taken newlines and NUL bytes."""
_DATA_BINARY = "If it was sent with curl `-d @FILE`, use `--data-binary @FILE`: `-d` drops newlines and NUL bytes."
_AT_SIGN = "If it was sent with curl `-F`, write `vcf=@FILE`: without `@` the name is sent, not the file."
_FORM_OVERHEAD = 64 * 1024
_CONTEXT_BYTES = 16 * 1024


class Upload(NamedTuple):
    """What a request brought: the genome, calls of another tool, and the regions that were meant to be read (``None``: not said)."""

    result: IntakeResult
    outside: Sequence[OutsideCall] = ()
    targets: Sequence[Interval] | None = None
    context: Context = Context()


class UploadReader(Protocol):
    """What takes the bytes of a body."""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""

    def finish(self) -> Upload:
        """Say that the body has ended, and return what it held."""

    def close(self) -> None:
        """Release everything; can be called at any time."""


def check_headers(request: Request, limits: Limits) -> None:
    """Refuse what the headers alone show to be unusable, before a byte of the body is asked for. Raises ``InputError``."""
    if request.headers.get("content-encoding", "identity").strip().lower() not in {"identity", ""}:
        raise InputError(CONTENT_ENCODING, "The Content-Encoding header says that the body is encoded for transport.")
    kind, _ = _content_type(request)
    if kind.startswith(b"multipart/") and kind != b"multipart/form-data":
        raise InputError(MULTIPART_TYPE, "The Content-Type is multipart, and not multipart/form-data.")
    declared = request.headers.get("content-length")
    if declared is None:
        return
    if not (declared.isascii() and declared.isdigit()):
        raise InputError(BAD_REQUEST, "The Content-Length is not a number.")
    allowed = limits.max_bytes + (
        limits.max_outside_bytes + limits.max_targets_bytes + _FORM_OVERHEAD if kind.startswith(b"multipart/") else 0
    )
    if int(declared) > allowed:
        raise InputError(TOO_MANY_BYTES, f"The Content-Length is over the cap of {limits.max_bytes} bytes.")


async def read_upload(request: Request, body: RequestBody, service: Service, options: Options) -> Upload:
    """Read the body to its end. The work on the bytes is done in a thread, so that other requests go on, and so does reading.

    Raises ``InputError``, or ``ClientDisconnect`` when the sender goes away; either way nothing of the upload is left.
    """
    try:
        return await _read_upload(request, body, service, options)
    except InputError as error:
        if _content_type(request)[0] == _CURL_D and error.problem.type in _MANGLED:
            error.problem = error.problem.copy_with(remedy=f"{error.problem.remedy} {_DATA_BINARY}")
        if _content_type(request)[0] == b"multipart/form-data" and error.problem.type == "/problems/unsupported_format":
            error.problem = error.problem.copy_with(remedy=f"{error.problem.remedy} {_AT_SIGN}")
        raise


async def _read_upload(request: Request, body: RequestBody, service: Service, options: Options) -> Upload:
    threads = upload_threads(request)
    kind, parameters = _content_type(request)
    reader: UploadReader
    if kind == b"multipart/form-data":
        reader = _FormUploadReader(service, options, parameters.get(b"boundary", b""))
    else:
        reader = _RawUploadReader(service, options)
    chunks = body.chunks()
    try:
        first = await anext(chunks, b"")
        if body.ended:
            return await to_thread.run_sync(_take_all, reader, first, limiter=threads)
        await to_thread.run_sync(reader.feed, first, limiter=threads)
        await read_ahead(chunks, lambda chunk: to_thread.run_sync(reader.feed, chunk, limiter=threads))
        return await to_thread.run_sync(reader.finish, limiter=threads)
    finally:
        reader.close()
        await chunks.aclose()


def _take_all(reader: UploadReader, body: bytes) -> Upload:
    """Take a small body, without going back to the event loop in between."""
    reader.feed(body)
    return reader.finish()


class _RawUploadReader:
    """Takes a body that is the file itself."""

    def __init__(self, service: Service, options: Options) -> None:
        self._intake = service.intake(options)
        self.feed = self._intake.feed
        self.close = self._intake.close

    def finish(self) -> Upload:
        return Upload(self._intake.finish())


class _FormUploadReader:
    """Takes a body that is a form with the file as one of its parts."""

    def __init__(self, service: Service, options: Options, boundary: bytes) -> None:
        self._intake = service.intake(options)
        self._outside: bytearray | None = None
        self._targets: bytearray | None = None
        self._context = bytearray()
        self._limits = service.limits
        sinks = {
            "vcf": self._intake.feed,
            "outside_calls": self._take_outside,
            "targets": self._take_targets,
            "context": self._take_context,
        }
        self._form = MultipartForm(boundary, sinks, required="vcf")
        self.feed = self._form.feed
        self.close = self._intake.close

    def finish(self) -> Upload:
        self._form.finish()
        outside = () if self._outside is None else read_outside_calls(bytes(self._outside), self._limits)
        targets = None if self._targets is None else read_targets(bytes(self._targets), self._limits)
        return Upload(self._intake.finish(), outside, targets, _read_context(bytes(self._context)))

    def _take_outside(self, chunk: bytes) -> None:
        self._outside = self._outside or bytearray()
        self._outside += chunk
        allowed = self._limits.max_outside_bytes
        if len(self._outside) > allowed:
            raise InputError(OUTSIDE_CALLS_TOO_LARGE, f"The outside calls have more than {allowed} bytes.")

    def _take_targets(self, chunk: bytes) -> None:
        self._targets = self._targets or bytearray()
        self._targets += chunk
        if len(self._targets) > self._limits.max_targets_bytes:
            raise InputError(TARGETS_TOO_LARGE, f"The cap is {self._limits.max_targets_bytes} bytes.")

    def _take_context(self, chunk: bytes) -> None:
        self._context += chunk
        if len(self._context) > _CONTEXT_BYTES:
            raise InputError(BAD_CONTEXT, f"It has more than {_CONTEXT_BYTES} bytes.")


def _read_context(data: bytes) -> Context:
    """Read the part ``context``; a part that was not sent or not filled in says nothing. Raises ``InputError``."""
    if not data:
        return Context()
    try:
        return Context.model_validate_json(data)
    except ValidationError as error:
        detail = error.errors(include_url=False, include_context=False, include_input=False)[0]
        if detail["type"] == "json_invalid":
            raise InputError(BAD_CONTEXT, "It does not parse as JSON.") from None
        if detail["type"] == "extra_forbidden":
            raise InputError(BAD_CONTEXT, unknown_field(detail["loc"], from_json(data), Context.model_fields)) from None
        place = f"`{json_path(detail['loc'])}`: " if detail["loc"] else ""
        raise InputError(BAD_CONTEXT, f"{place}{detail['msg']}.") from None


def _content_type(request: Request) -> tuple[bytes, dict[bytes, bytes]]:
    kind, parameters = parse_options_header(request.headers.get("content-type", ""))
    return kind, dict(parameters)
