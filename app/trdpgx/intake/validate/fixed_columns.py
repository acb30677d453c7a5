"""QUAL and INFO of a record. The functions raise ``FieldError``."""

import math
import re
import struct
from collections.abc import Mapping
from typing import NamedTuple

from trdpgx.intake.problems import BAD_INFO, BAD_QUALITY
from trdpgx.intake.validate.refusal import FieldError
from trdpgx.intake.validate.values import REAL

_MISSING = frozenset({b".", b""})
_NATURAL = re.compile(rb"[0-9]{1,9}")
_NOT_FINITE = re.compile(rb"[-+]?(?:inf(?:inity)?|nan)", re.IGNORECASE)
"""QUAL without an end, or without a value (VCF 4.3, section 1.3), in every spelling."""
_INFO = re.compile(
    rb"(?<![^;])(END|SVTYPE|SVLEN|IMP|IMPUTED|DR2|AR2|R2|Rsq|RSQ|INFO|INFO_SCORE|DP|MIN_DP)(?:=([^;]*))?(?=;|$)",
)
_SINGLE = struct.Struct("<f")
_LARGEST = 3.4028234e38
"""The largest number in single precision."""
_EXACT = 8
"""A whole number with fewer digits is the same in single precision."""
_WORD = re.compile(rb"[0-9A-Za-z_:.<>+-]{1,50}")


class Info(NamedTuple):
    """What is read of an INFO column: END, SVTYPE, SVLEN, and the values of the keys that a judgement rests on (``quality``)."""

    end: int | None = None
    kind: str | None = None
    lengths: tuple[int, ...] = ()
    judged: Mapping[bytes, bytes] = {}


NOTHING = Info()


def read_quality(text: bytes) -> tuple[float | None, float | None]:
    """Return QUAL as it is judged, and as it is reported: in single precision, as BCF and htslib keep it, with four decimals at most.

    Minus infinity and what is no number (``nan``) count as 0, as nobody can be sure of it; only the former is reported so.
    """
    if text.isdigit() and len(text) < _EXACT:
        return float(text), float(text)
    if REAL.fullmatch(text):
        quality = float(text)
        return quality, round(_SINGLE.unpack(_SINGLE.pack(quality))[0], 4) if abs(quality) < _LARGEST else None
    if text in _MISSING:
        return None, None
    if _NOT_FINITE.fullmatch(text) is None:
        raise FieldError(BAD_QUALITY, "QUAL is neither a number nor `.`.")
    if text.lower().startswith((b"inf", b"+inf")):
        return math.inf, None
    return 0.0, 0.0 if text[:2].lower() == b"-i" else None


def read_info(text: bytes, most: int) -> Info:
    """Return what is read of an INFO column. ``most``: so many lengths there may be in SVLEN."""
    fields = _INFO.findall(text) if len(text) > 1 else ()
    if not fields:
        return NOTHING
    end: int | None = None
    kind: str | None = None
    lengths: tuple[int, ...] = ()
    judged: dict[bytes, bytes] = {}
    for key, value in fields:
        if key not in {b"END", b"SVTYPE", b"SVLEN"}:
            judged[key] = value
        elif value in _MISSING:
            continue
        elif key == b"SVTYPE":
            kind = value.decode() if _WORD.fullmatch(value) else None
        elif key == b"END":
            if _NATURAL.fullmatch(value) is None:
                raise FieldError(BAD_INFO, "END is not a whole number.")
            end = int(value)
        else:
            lengths = _lengths(value, most)
    return Info(end, kind, lengths, judged)


def _lengths(value: bytes, most: int) -> tuple[int, ...]:
    if value.count(b",") >= most:
        raise FieldError(BAD_INFO, "SVLEN has more values than there may be alleles.")
    sizes = [size for size in value.split(b",") if size != b"."]
    if any(_NATURAL.fullmatch(size.removeprefix(b"-")) is None for size in sizes):
        raise FieldError(BAD_INFO, "SVLEN is not a list of whole numbers.")
    return tuple(map(int, sizes))
