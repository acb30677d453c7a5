"""Answers that this process has whole and that do not change: compressed once, by what the request accepts."""

from collections.abc import Mapping
from functools import lru_cache

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders

from trdpgx.http.accept import choose_encoding
from trdpgx.service.encoding import Encoding, compress

_KEPT = 32
"""Answers, each in each encoding, that are kept."""


def accepted_encoding(request: Request) -> Encoding | None:
    """Return what the answer to a request may be compressed with, or ``None``."""
    return choose_encoding(_header(request))


def _header(request: Request) -> str:
    return ",".join(request.headers.getlist("accept-encoding"))


def mark_encoding(headers: MutableHeaders, encoding: Encoding | None) -> None:
    """State how an answer is encoded, and that others would get it otherwise; each encoding has a version of its own (RFC 9110, 8.8.3)."""
    headers.add_vary_header("Accept-Encoding")
    if encoding is not None:
        headers["Content-Encoding"] = encoding
        if "etag" in headers:
            headers["ETag"] = f'{headers["etag"][:-1]}-{encoding}"'


def constant_response(request: Request, content: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """Return an answer whose content is the same for everybody, by gzip where that is accepted: this process has no other."""
    sent, encoding = _compressed(content, choose_encoding(_header(request), ("gzip",)))
    answer = Response(sent, media_type=media_type, headers=headers)
    mark_encoding(answer.headers, encoding)
    return answer


@lru_cache(_KEPT)
def _compressed(content: bytes, encoding: Encoding | None) -> tuple[bytes, Encoding | None]:
    return compress(content, encoding)
