"""A multipart form parsed while it arrives: each part goes straight to its sink, and nothing is written to disk."""

from collections.abc import Callable, Collection, Mapping

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from trdpgx.model.naming import known_names, listed, ordinal
from trdpgx.model.problem import InputError, ProblemKind
from trdpgx.service.problems import BAD_MULTIPART, DUPLICATE_PART, MISSING_PART, UNKNOWN_PART

Sink = Callable[[bytes], None]

_PLAIN = frozenset({b"7bit", b"8bit", b"binary"})
_MAX_HEADERS = 8
_MAX_HEADER_BYTES = 4096


class PartBuffer(bytearray):
    """A sink that keeps a part of at most ``most`` bytes; a larger one raises ``InputError``. ``begun``: whether the part has come."""

    def __init__(self, most: int, kind: ProblemKind, detail: str) -> None:
        super().__init__()
        self.begun = False
        self._most = most
        self._kind = kind
        self._detail = detail

    def __call__(self, piece: bytes) -> None:
        """Add bytes of the part."""
        self.begun = True
        self.extend(piece)
        if len(self) > self._most:
            raise InputError(self._kind, self._detail)


class MultipartForm:
    """Takes the body of a multipart/form-data request in chunks.

    ``sinks`` are keyed by the name of the part, and one of ``required`` must come.
    A sink is called with no bytes when a part with a file name starts, so that an empty file is still reported. An empty part without a
    file name is what forms send for a field that was not filled in, and counts as not sent.
    """

    def __init__(self, boundary: bytes, sinks: Mapping[str, Sink], required: Collection[str]) -> None:
        """Expect parts between lines of ``boundary``. Raises ``InputError`` where it is not usable."""
        self._sinks = sinks
        self._required = required
        self._seen: set[str] = set()
        self.sent: set[str] = set()
        """Parts that are a file or hold anything."""
        self._sink: Sink | None = None
        self._name = ""
        self._pieces: list[bytes] = []
        self._header = (bytearray(), bytearray())
        self._headers: dict[bytes, bytes] = {}
        self._begun = False
        self._ended = False
        if not boundary:
            raise InputError(BAD_MULTIPART, "The Content-Type header names no boundary.")
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._part_begin,
                    "on_header_begin": self._header_begin,
                    "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                    "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._headers_finished,
                    "on_part_data": lambda data, start, end: self._pieces.append(data[start:end]),
                    "on_part_end": self._part_end,
                    "on_end": self._end,
                },
                max_header_count=_MAX_HEADERS,
                max_header_size=_MAX_HEADER_BYTES,
            )
        except FormParserError:
            raise InputError(BAD_MULTIPART, "The boundary is too long.") from None

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the body. Raises ``InputError`` for a malformed form, for an unknown part, or from a sink.

        Newlines before the first boundary are passed over here, because the parser would go on from them to any hyphen in the same chunk.
        """
        if not self._begun:
            chunk = chunk.lstrip(b"\r\n")
            self._begun = bool(chunk)
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise InputError(BAD_MULTIPART, "The parts do not match the boundary and headers of the form.") from None
        self._flush()

    def finish(self) -> None:
        """Note that the body has ended. Raises ``InputError`` where the form has not, or a part is missing."""
        if not self._ended:
            raise InputError(BAD_MULTIPART, "The form ends before its closing boundary.")
        if self._seen.isdisjoint(self._required):
            raise InputError(MISSING_PART, f"The form ended without a part named {listed([f'`{name}`' for name in self._required], 'or')}.")

    def _part_begin(self) -> None:
        self._headers = {}

    def _header_begin(self) -> None:
        self._header = (bytearray(), bytearray())

    def _header_end(self) -> None:
        name, value = self._header
        self._headers[bytes(name).strip().lower()] = bytes(value).strip()

    def _headers_finished(self) -> None:
        disposition, parameters = parse_options_header(self._headers.get(b"content-disposition", b""))
        if disposition != b"form-data" or b"name" not in parameters:
            raise InputError(BAD_MULTIPART, "A part has no name.")
        if self._headers.get(b"content-transfer-encoding", b"binary").lower() not in _PLAIN:
            raise InputError(BAD_MULTIPART, "A part has a Content-Transfer-Encoding; send its bytes as they are.")
        name = parameters[b"name"].decode("utf-8", "replace")
        if name not in self._sinks:
            detail = f"The {ordinal(len(self._seen) + 1)} part is not known. {known_names(name, self._sinks)}"
            raise InputError(UNKNOWN_PART, detail)
        if name in self._seen:
            raise InputError(DUPLICATE_PART, f"The part `{name}` was sent twice.")
        self._seen.add(name)
        self._sink = self._sinks[name]
        self._name = name
        if parameters.get(b"filename"):
            self.sent.add(name)
            self._sink(b"")

    def _part_end(self) -> None:
        self._flush()
        self._sink = None

    def _end(self) -> None:
        self._ended = True

    def _flush(self) -> None:
        """Join the pieces of one chunk, so that the sink is called once a chunk."""
        if self._pieces and self._sink is not None:
            self.sent.add(self._name)
            self._sink(self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces))
        self._pieces.clear()
