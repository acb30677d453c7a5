"""The header of a gzip member (RFC 1952, section 2.3): whether it is one, and whether it is all there."""

from trdpgx.intake.problems import CORRUPT
from trdpgx.model.problem import InputError

_MAGIC = b"\x1f\x8b\x08"
_FIXED = 10
_CHECKSUM, _EXTRA, _NAME, _COMMENT, _RESERVED = 0x02, 0x04, 0x08, 0x10, 0xE0
"""Bits of FLG, the fourth byte."""
_LONGEST = 2**18
"""Bytes of the longest header that is read: an extra field of 64 KiB, a name and a comment."""


def is_gzip_header(data: bytes) -> bool:
    """Return whether the header that ``data`` begins with is all there. Raises ``InputError`` where it cannot be one, or is too long."""
    if not data.startswith(_MAGIC[: len(data)]):
        raise InputError(CORRUPT, "Data that is not gzip follows a gzip member.")
    flags = data[3] if len(data) > 3 else 0
    if flags & _RESERVED:
        raise InputError(CORRUPT, "A gzip header has bits set that have no meaning.")
    end = _FIXED
    if flags & _EXTRA:
        end += 2 + int.from_bytes(data[_FIXED : _FIXED + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag and end <= len(data):
            end = data.find(b"\0", end) + 1 or len(data) + 1
    whole = len(data) >= end + (2 if flags & _CHECKSUM else 0)
    if not whole and len(data) > _LONGEST:
        raise InputError(CORRUPT, "A gzip header does not end.")
    return whole
