"""Answers of this process that do not change, compressed once for each encoding that requests accept."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders

from trdpgx.http.accept import choose_encoding
from trdpgx.service.encoding import ENCODINGS, Encoding, compress

_CACHED = 32
"""Answers in the cache, counted for each encoding."""


def accepted_encoding(request: Request) -> Encoding | None:
    """Return what the answer to a request may be compressed with, or ``None``."""
    return _encoding(request, ENCODINGS)


def _encoding(request: Request, offered: Sequence[Encoding]) -> Encoding | None:
    return choose_encoding(",".join(request.headers.getlist("accept-encoding")), offered)


def mark_encoding(headers: MutableHeaders, encoding: Encoding | None) -> None:
    """State the encoding of an answer, and that it depends on the request; each encoding has an ETag of its own (RFC 9110, 8.8.3)."""
    headers.add_vary_header("Accept-Encoding")
    if encoding is not None:
        headers["Content-Encoding"] = encoding
        if "etag" in headers:
            headers["ETag"] = f'{headers["etag"][:-1]}-{encoding}"'


_compressed = lru_cache(_CACHED)(compress)


def constant_response(request: Request, content: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """Return an answer that is the same for every request, in gzip where that is accepted: this process has no zstd."""
    sent, encoding = _compressed(content, _encoding(request, ("gzip",)))
    answer = Response(sent, media_type=media_type, headers=headers)
    mark_encoding(answer.headers, encoding)
    return answer
