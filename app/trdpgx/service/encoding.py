"""Answers compressed with gzip (RFC 1952) or zstd (RFC 8878), whole or in pieces that a client can read as soon as they are made.

Only workers import the library of zstd, which they have for uploads: the HTTP process loads nothing that could decode an upload.
A report holds no secret beside what its reader sent, so that its compressed length reveals none (the BREACH attack).
"""

import base64
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from typing import Literal

_GZIP = zlib.MAX_WBITS | 16
_GZIP_LEVEL, _ZSTD_LEVEL = 5, 3
_LEAST = 1024
"""Bytes of a whole answer below which it is not compressed."""

Encoding = Literal["zstd", "gzip"]
ENCODINGS: tuple[Encoding, ...] = ("zstd", "gzip")
"""What an answer can be compressed with, the best first."""


def compressed(pieces: Iterable[bytes], encoding: Encoding) -> Iterator[bytes]:
    """Yield each piece compressed and flushed, and the end of the stream."""
    if encoding == "gzip":
        packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP)
        for piece in pieces:
            yield packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
        yield packer.flush()
    else:
        from backports.zstd import ZstdCompressor  # noqa: PLC0415 (see above)

        stream = ZstdCompressor(_ZSTD_LEVEL)
        for piece in pieces:
            yield stream.compress(piece, ZstdCompressor.FLUSH_BLOCK)
        yield stream.flush(ZstdCompressor.FLUSH_FRAME)


def compress(content: bytes, encoding: Encoding | None) -> tuple[bytes, Encoding | None]:
    """Return a whole answer and its encoding: compressed, or as it is where ``encoding`` is none or the answer is small."""
    if encoding is None or len(content) < _LEAST:
        return content, None
    if encoding == "gzip":
        return zlib.compress(content, _GZIP_LEVEL, _GZIP), encoding
    from backports.zstd import compress as zstd  # noqa: PLC0415 (see above)

    # The frame states the size of the content, without which some libraries refuse it.
    return zstd(content, _ZSTD_LEVEL), encoding


def content_digest(content: bytes) -> str:
    """Return the header ``Content-Digest`` of bytes as they are sent (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"
