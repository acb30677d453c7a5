"""The last position of a line's record (VCF 4.5): that of REF, END or SVLEN in INFO, or the length of a block in FORMAT (LEN)."""

import re
from collections.abc import Iterable, Iterator

from trdpgx.intake.vcf.alleles import record_end

COPY_KEYS = frozenset({b"CN", b"RD_CN", b"CNF", b"RDCN"})
"""FORMAT keys of a number of copies, or of an estimate of it."""
_KIND = re.compile(rb"(?:^|;)SVTYPE=")
_DIGITS = re.compile(rb"[0-9]{0,10}")
_LENGTHS = re.compile(rb"[-0-9,]*")
_LONGEST = 9
"""Digits of the longest length that is read."""


def line_end(pos: int, columns: list[bytes]) -> int:
    """Return the last position (1-based) that a record at ``pos`` reaches; ``columns`` are those of its line.

    What is no number counts for nothing here; a record over the panel is refused for it later.
    """
    reference, alt, fields = columns[3], columns[4], columns[7].split(b";")
    lengths: list[int] = []
    if b"<" in alt:
        lengths = [length for field in fields if field.startswith(b"SVLEN=") for length in _lengths(field[6:])]
    end = record_end(pos, len(reference), stated_ends(fields), lengths)
    block = max(block_lengths(columns[8], columns[9:]), default=0) if b"<*>" in alt.split(b",") else 0
    return max(end, pos + block - 1)


def stated_ends(fields: list[bytes]) -> list[int]:
    """Return the value of each END among the fields of INFO: the digits that it begins with, 0 where there are none."""
    return [int(_digits(field[4:]) or b"0") for field in fields if field.startswith(b"END=")]


def is_segment(info: bytes, keys: bytes) -> bool:
    """Whether a record without ALT is an interval that a copy-number caller states, by its INFO and FORMAT; others are gVCF blocks."""
    return not COPY_KEYS.isdisjoint(keys.split(b":")) or _KIND.search(info) is not None


def _digits(text: bytes) -> bytes:
    match = _DIGITS.match(text)
    return match[0] if match else b""


def _lengths(text: bytes) -> Iterator[int]:
    """Yield the whole numbers of a list, without their signs."""
    match = _LENGTHS.match(text)
    for part in match[0].split(b",") if match else ():
        if _is_length(part.removeprefix(b"-")):
            yield int(part.removeprefix(b"-"))


def block_lengths(keys: bytes, samples: Iterable[bytes]) -> Iterator[int]:
    """Yield the length of a ``<*>`` block (LEN, VCF 4.5) of each sample that states it; ``keys`` is FORMAT."""
    names = keys.split(b":")
    if b"LEN" in names:
        index = names.index(b"LEN")
        rows = (column.split(b":") for column in samples)
        yield from (int(row[index]) for row in rows if len(row) > index and _is_length(row[index]))


def _is_length(text: bytes) -> bool:
    return text.isdigit() and len(text) <= _LONGEST
