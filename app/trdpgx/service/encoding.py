"""Answers compressed in the worker: gzip (RFC 1952) and zstd (RFC 8878), each piece flushed, so that a line can be read when it is made.

The library of zstd is imported by the worker alone, which has it for uploads: the HTTP process loads nothing that could decode one.
A report holds no secret beside what its reader sent, so that its length under compression (BREACH) tells nobody anything.
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
    """Return a whole answer compressed, or as it is where that is not asked for or not worth it, and how it is encoded."""
    if encoding is None or len(content) < _LEAST:
        return content, None
    if encoding == "gzip":
        packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP)
        return packer.compress(content) + packer.flush(), encoding
    from backports.zstd import ZstdCompressor  # noqa: PLC0415 (see above)

    return ZstdCompressor(_ZSTD_LEVEL).compress(content, ZstdCompressor.FLUSH_FRAME), encoding


def content_digest(content: bytes) -> str:
    """Return the header ``Content-Digest`` of bytes as they are sent (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"
