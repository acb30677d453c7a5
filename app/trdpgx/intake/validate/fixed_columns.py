"""QUAL and INFO of a record, and the length of a gVCF block in FORMAT. The functions raise ``FieldError``."""

import re

from trdpgx.intake.problems import BAD_INFO, BAD_QUALITY
from trdpgx.intake.validate.refusal import FieldError

_NATURAL = re.compile(rb"[0-9]{1,9}")
_NOT_FINITE = re.compile(rb"[-+]?(?:inf(?:inity)?|nan)", re.IGNORECASE)
"""QUAL without an end, or without a value (VCF 4.3, section 1.3), in every spelling."""
_INFO = re.compile(rb"(?:^|;)(END|SVTYPE|SVLEN)=([^;]*)")
_WORD = re.compile(rb"[0-9A-Za-z_:.<>+-]{1,50}")


def read_quality(text: bytes) -> bytes:
    """Return what the parser gets for a QUAL that is no plain number: the least for minus infinity, else that there is none."""
    if _NOT_FINITE.fullmatch(text) is None:
        raise FieldError(BAD_QUALITY, "QUAL is neither a number nor `.`.")
    return b"0" if text[:2].lower() == b"-i" else b"."


def read_info(text: bytes, most: int) -> tuple[int | None, str | None, tuple[int, ...]]:
    """Return END, SVTYPE and SVLEN of an INFO column."""
    end: int | None = None
    kind: str | None = None
    lengths: tuple[int, ...] = ()
    if b"END=" not in text and b"SV" not in text:
        return end, kind, lengths
    for key, value in _INFO.findall(text):
        if value in {b".", b""}:
            continue
        if key == b"SVTYPE":
            kind = value.decode() if _WORD.fullmatch(value) else None
        elif key == b"END":
            if _NATURAL.fullmatch(value) is None:
                raise FieldError(BAD_INFO, "END is not a whole number.")
            end = int(value)
        else:
            if value.count(b",") >= most:
                raise FieldError(BAD_INFO, "SVLEN has more values than there may be alleles.")
            sizes = [size for size in value.split(b",") if size != b"."]
            if any(_NATURAL.fullmatch(size.removeprefix(b"-")) is None for size in sizes):
                raise FieldError(BAD_INFO, "SVLEN is not a list of whole numbers.")
            lengths = tuple(int(size) for size in sizes)
    return end, kind, lengths


def block_end(pos: int, keys: bytes, samples: bytes) -> int | None:
    """Return the end of a ``<*>`` block whose samples state its length in LEN (VCF 4.5): the shortest, where they differ."""
    names = keys.split(b":")
    if b"LEN" not in names:
        return None
    place = names.index(b"LEN")
    rows = (column.split(b":") for column in samples.split(b"\t"))
    lengths = [int(row[place]) for row in rows if len(row) > place and _NATURAL.fullmatch(row[place])]
    return pos + min(lengths) - 1 if lengths else None
