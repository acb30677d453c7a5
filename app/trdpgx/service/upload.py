"""An upload taken in while it arrives: as the raw body or as a form, straight into intake, with nothing kept and nothing on disk."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from pydantic import ValidationError
from pydantic_core import from_json
from python_multipart.multipart import parse_options_header

from trdpgx.calling.outside_calls.files import read_outside_calls
from trdpgx.calling.outside_calls.problems import OUTSIDE_CALLS_TOO_LARGE
from trdpgx.intake.evidence.assay_targets import read_targets
from trdpgx.intake.problems import TARGETS_TOO_LARGE
from trdpgx.model.context import Context
from trdpgx.model.input import IntakeResult
from trdpgx.model.naming import json_path, unknown_field
from trdpgx.model.options import Options
from trdpgx.model.outside import OutsideCall
from trdpgx.model.problem import InputError
from trdpgx.model.region import Interval
from trdpgx.pipeline import Service
from trdpgx.service.form import MultipartForm
from trdpgx.service.problems import BAD_CONTEXT

_CURL_D = b"application/x-www-form-urlencoded"
"""The Content-Type of curl's `-d` and `--data-binary` where no other is given."""
_MANGLED = frozenset({"/problems/corrupt", "/problems/truncated", "/problems/unsupported_format", "/problems/bad_fileformat"})
"""What a file looks like from which `-d` has taken newlines and NUL bytes."""
_DATA_BINARY = "If it was sent with curl `-d @FILE`, use `--data-binary @FILE`: `-d` drops newlines and NUL bytes."
_AT_SIGN = "If it was sent with curl `-F`, write `vcf=@FILE`: without `@` the name is sent, not the file."
_CONTEXT_BYTES = 16 * 1024


class Upload(NamedTuple):
    """What a request brought: the genome, calls of another tool, and the regions that were meant to be read (``None``: not stated)."""

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


def read_upload(body: Iterable[bytes], content_type: str, service: Service, options: Options) -> Upload:
    """Read the body to its end. Raises ``InputError``, or what ``body`` raises; either way nothing of the upload is left."""
    kind, parameters = parse_options_header(content_type)
    try:
        reader: UploadReader
        if kind == b"multipart/form-data":
            reader = _FormUploadReader(service, options, parameters.get(b"boundary", b""))
        else:
            reader = _RawUploadReader(service, options)
        try:
            for piece in body:
                reader.feed(piece)
            return reader.finish()
        finally:
            reader.close()
    except InputError as error:
        if kind == _CURL_D and error.problem.type in _MANGLED:
            error.problem = error.problem.copy_with(remedy=f"{error.problem.remedy} {_DATA_BINARY}")
        if kind == b"multipart/form-data" and error.problem.type == "/problems/unsupported_format":
            error.problem = error.problem.copy_with(remedy=f"{error.problem.remedy} {_AT_SIGN}")
        raise


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
        path = f"`{json_path(detail['loc'])}`: " if detail["loc"] else ""
        raise InputError(BAD_CONTEXT, f"{path}{detail['msg']}.") from None
