"""An upload read while it arrives: as the raw body or as a form, straight into intake, with nothing written to disk."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from python_multipart.multipart import parse_options_header

from trdpgx.calling.outside_calls.files import read_outside_calls
from trdpgx.calling.outside_calls.problems import OUTSIDE_CALLS_TOO_LARGE
from trdpgx.clinical.document import read_context
from trdpgx.clinical.problems import CONTEXT_TOO_LARGE
from trdpgx.intake.evidence.assay_targets import read_targets
from trdpgx.intake.problems import TARGETS_TOO_LARGE
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.input_name import INPUT_NAME_RULE, LONGEST_INPUT_NAME, checked_input_name
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.limits import Limits
from trdpgx.model.options import Options
from trdpgx.model.outside import OutsideCall
from trdpgx.model.problem import InputError
from trdpgx.model.region import Interval
from trdpgx.pipeline import Service
from trdpgx.service.form import MultipartForm, PartBuffer, Sink
from trdpgx.service.problems import BAD_INPUT_NAME

_CURL_D = b"application/x-www-form-urlencoded"
"""The Content-Type of curl's `-d` and `--data-binary` where no other is given."""
_MANGLED = frozenset({"/problems/corrupt", "/problems/truncated", "/problems/unsupported_format", "/problems/bad_fileformat"})
"""Problems of a file from which `-d` has dropped newlines and NUL bytes."""
_DATA_BINARY = "If it was sent with curl `-d @FILE`, use `--data-binary @FILE`: `-d` drops newlines and NUL bytes."
_AT_SIGN = "If it was sent with curl `-F`, write `vcf=@FILE`: without `@` the name is sent, not the file."
_JSON = b"application/json"
_BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"
"""What may stand before the first brace: a byte order mark and white space."""
_MOST_NAME_BYTES = 4 * LONGEST_INPUT_NAME
_REQUIRED = ("vcf", "outside_calls", "context")
"""Parts of which a form has at least one."""


class Upload(NamedTuple):
    """What a request holds: the genome or none, calls of another tool, the regions that the assay targets, and the clinical context."""

    result: IntakeResult
    outside: Sequence[OutsideCall] = ()
    targets: Sequence[Interval] | None = None
    context: ClinicalContext = ClinicalContext()


def read_upload(body: Iterable[bytes], content_type: str, service: Service, options: Options) -> Upload:
    """Read the body to its end. Raises ``InputError``, or what ``body`` raises; either way nothing of the upload is left."""
    kind, parameters = parse_options_header(content_type)
    try:
        reader: _RawUploadReader | _JsonUploadReader | _FormUploadReader
        if kind == b"multipart/form-data":
            reader = _FormUploadReader(service, options, parameters.get(b"boundary", b""))
        elif kind == _JSON:
            reader = _JsonUploadReader(service, options)
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


class _JsonUploadReader:
    """Takes a body with the Content-Type of JSON: a context without a genome if it begins with ``{``, otherwise the file itself."""

    def __init__(self, service: Service, options: Options) -> None:
        self._service = service
        self._options = options
        self._context = _context_buffer(service.limits)
        self._raw: _RawUploadReader | None = None

    def feed(self, chunk: bytes) -> None:
        if self._raw is not None:
            self._raw.feed(chunk)
            return
        begun = bytes(self._context) + chunk
        start = begun.lstrip(_BEFORE_JSON)
        if start and not start.startswith(b"{"):
            self._raw = _RawUploadReader(self._service, self._options)
            self._raw.feed(begun)
            self._context.clear()
        else:
            self._context(chunk)

    def finish(self) -> Upload:
        if self._raw is not None:
            return self._raw.finish()
        if not self._context:
            return _RawUploadReader(self._service, self._options).finish()
        context = read_context(bytes(self._context), self._service.limits.max_context_bytes)
        return Upload(self._service.without_genome(self._options, ()), context=context)

    def close(self) -> None:
        if self._raw is not None:
            self._raw.close()


class _FormUploadReader:
    """Takes a body that is a form with the file as one of its parts, or with outside calls or a context alone."""

    def __init__(self, service: Service, options: Options, boundary: bytes) -> None:
        limits = service.limits
        over_outside = f"The outside calls have more than {limits.max_outside_bytes} bytes."
        self._intake = service.intake(options)
        self._outside = PartBuffer(limits.max_outside_bytes, OUTSIDE_CALLS_TOO_LARGE, over_outside)
        self._targets = PartBuffer(limits.max_targets_bytes, TARGETS_TOO_LARGE, f"The cap is {limits.max_targets_bytes} bytes.")
        self._context = _context_buffer(limits)
        self._name = PartBuffer(_MOST_NAME_BYTES, BAD_INPUT_NAME, INPUT_NAME_RULE)
        self._service = service
        self._options = options
        self._limits = limits
        sinks: dict[str, Sink] = {
            "vcf": self._intake.feed,
            "outside_calls": self._outside,
            "targets": self._targets,
            "context": self._context,
            "input_name": self._name,
        }
        self._form = MultipartForm(boundary, sinks, required=_REQUIRED)
        self.feed = self._form.feed
        self.close = self._intake.close

    def finish(self) -> Upload:
        self._form.finish()
        outside = read_outside_calls(bytes(self._outside), self._limits) if self._outside.begun else ()
        targets = read_targets(bytes(self._targets), self._limits) if self._targets.begun else None
        context = read_context(bytes(self._context), self._limits.max_context_bytes)
        genome = "vcf" in self._form.sent or not (self._outside.begun or self._context)
        result = self._intake.finish() if genome else self._service.without_genome(self._options, outside)
        return Upload(result.named(self._input_name()), outside, targets, context)

    def _input_name(self) -> str | None:
        try:
            return checked_input_name(self._name.decode("utf-8").strip())
        except ValueError:
            raise InputError(BAD_INPUT_NAME, INPUT_NAME_RULE) from None


def _context_buffer(limits: Limits) -> PartBuffer:
    return PartBuffer(limits.max_context_bytes, CONTEXT_TOO_LARGE, f"The cap is {limits.max_context_bytes} bytes.")
