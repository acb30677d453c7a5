"""How far records speak: over REF, to END or over SVLEN in INFO, or over the length of a block in FORMAT."""

import re
from collections.abc import Iterator

import numpy as np

from trdpgx.intake.scan.columns import Layout
from trdpgx.intake.scan.digits import Indices, numbers_from

_SVLEN = re.compile(rb"[\t;]SVLEN=([-0-9,]+)")
COPY_KEYS = frozenset({b"CN", b"RD_CN", b"CNF", b"RDCN"})
"""FORMAT keys of a number of copies, or of an estimate of it."""
_KIND = re.compile(rb"(?:^|;)SVTYPE=")


def find_reach(layout: Layout, positions: Indices, *, block_lengths: bool) -> tuple[Indices, bool]:
    """Return the last position that each record speaks of, and whether there are gVCF blocks that only END tells (ALT ``.``).

    ``block_lengths``: FORMAT may have LEN (VCF 4.5).
    """
    reach: Indices = positions + (layout.tabs[:, 3] - layout.tabs[:, 2] - 2)
    blocks = False
    if b"END=" in layout.buffer:
        rows, ends = _info_ends(layout)
        np.maximum.at(reach, rows, ends)
        alts = layout.codes[layout.tabs[rows, 3] + 1]
        plain = (alts == ord(".")) & (layout.tabs[rows, 4] - layout.tabs[rows, 3] == 2)
        blocks = any(not _is_segment(layout, row) for row in dict.fromkeys(rows[plain].tolist()))
    if b"<" in layout.buffer:
        done = 0
        for found in _SVLEN.finditer(layout.buffer) if b"SVLEN=" in layout.buffer else ():
            start = found.start()
            if start < done:  # a key comes once in a record: millions of it in one line must not cost seconds
                continue
            row = int(np.searchsorted(layout.ends, start))
            done = int(next(edge for edge in (layout.tabs[row, 6], layout.tabs[row, 7], layout.ends[row] + 1) if start < edge))
            if done == layout.tabs[row, 7] and b"<" in layout.column(row, 4):
                reach[row] = max(reach[row], positions[row] + max((abs(int(text)) for text in _whole(found[1])), default=0))
        for row, length in _format_lengths(layout) if block_lengths and b"<*>" in layout.buffer else ():
            reach[row] = max(reach[row], positions[row] + length - 1)
    return reach, blocks


def is_segment(info: bytes, keys: bytes) -> bool:
    """Whether a record without ALT is an interval that a copy-number caller states, by its INFO and FORMAT; others are gVCF blocks."""
    return not COPY_KEYS.isdisjoint(keys.split(b":")) or _KIND.search(info) is not None


def _is_segment(layout: Layout, row: int) -> bool:
    columns = layout.text(row).split(b"\t", 9)
    return is_segment(columns[7], columns[8])


def _info_ends(layout: Layout) -> tuple[Indices, Indices]:
    """Return the lines that have END in INFO, once for each END, and its value (0 where it is not a number)."""
    codes = layout.codes
    candidates = codes[3:-1] == ord("=")
    candidates &= codes[:-4] == ord("E")
    found = np.flatnonzero(candidates)
    found = found[(codes[found + 1] == ord("N")) & (codes[found + 2] == ord("D"))]
    before = codes[found - 1]
    found = found[(before == ord("\t")) | (before == ord(";"))]
    rows: Indices = np.searchsorted(layout.ends, found)
    inside = (found > layout.tabs[rows, 6]) & (found < layout.tabs[rows, 7])
    return rows[inside], numbers_from(layout.buffer, found[inside] + 4)


def _format_lengths(layout: Layout) -> Iterator[tuple[int, int]]:
    """Yield line and longest LEN of its samples, for lines whose FORMAT has LEN."""
    for row in range(layout.lines):
        keys = layout.column(row, 8).split(b":")
        if b"LEN" in keys:
            place = keys.index(b"LEN")
            fields = (sample.split(b":") for sample in layout.text(row).split(b"\t")[9:])
            yield row, max((int(field[place]) for field in fields if len(field) > place and _is_length(field[place])), default=0)


def _is_length(text: bytes) -> bool:
    return text.isdigit() and len(text) <= 9


def _whole(numbers: bytes) -> list[bytes]:
    return [text for text in numbers.split(b",") if _is_length(text.removeprefix(b"-"))]
