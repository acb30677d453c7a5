"""Where the columns are in a buffer of lines, found for all lines at once with numpy."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_TAB, _NEWLINE = 9, 10
MAX_POSITION = 2**31 - 2
"""The largest POS that htslib and BCF can hold."""

Indices = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@dataclass(slots=True)
class Layout:
    """A buffer of complete lines, and where they start and end; ``tabs`` has a row a line and a column a tab."""

    buffer: bytes
    codes: Bytes
    starts: Indices
    ends: Indices
    tabs: Indices

    @property
    def lines(self) -> int:
        """Number of lines."""
        return self.ends.size

    def text(self, row: int) -> bytes:
        """Return a line without its newline."""
        return self.buffer[self.starts[row] : self.ends[row]]

    def column(self, row: int, number: int) -> bytes:
        """Return a column of a line; ``number`` counts from 0 and is neither the first nor the last."""
        return self.buffer[self.tabs[row, number - 1] + 1 : self.tabs[row, number]]

    def name(self, row: int) -> bytes:
        """Return CHROM of a line."""
        return self.buffer[self.starts[row] : self.tabs[row, 0]]

    def positions(self) -> Indices | None:
        """Return POS of every line, or ``None`` if any is no whole number up to ``MAX_POSITION``."""
        return _numbers(self.codes, self.tabs[:, 0] + 1, self.tabs[:, 1])

    def runs(self) -> Iterator[tuple[int, int]]:
        """Yield the stretches of lines (first, one past the last) that have the same CHROM.

        Names are compared as numbers of up to eight bytes, more of them for longer names, so that equal numbers mean equal names.
        """
        widths = self.tabs[:, 0] - self.starts
        new = widths[1:] != widths[:-1]
        for offset in range(0, int(widths.max()), 8):
            words = self._words(offset)
            left = np.clip(widths - offset, 0, 8)
            kept = np.where(left > 0, words << ((8 - left).astype(np.uint64) * np.uint64(8)), 0)
            new |= kept[1:] != kept[:-1]
        yield from pairwise([0, *(np.flatnonzero(new) + 1).tolist(), widths.size])

    def _words(self, offset: int) -> NDArray[np.uint64]:
        """Return the eight bytes of each line from ``offset`` on, as one number; of no meaning for names that are shorter."""
        last = self.codes.size - 8
        view = np.ndarray(shape=(last + 1,), dtype="<u8", buffer=self.buffer, strides=(1,))
        result: NDArray[np.uint64] = view[np.minimum(self.starts + offset, last)]
        return result


def lay_out(buffer: bytes, columns: int, longest: int) -> Layout | None:
    """Return the layout of a buffer that ends with a newline, or ``None`` if a line of it is misshapen.

    Every line must have ``columns`` columns and at most ``longest`` bytes, and start with something else than a tab or ``#``.
    """
    codes: Bytes = np.frombuffer(buffer, dtype=np.uint8)
    ends = np.flatnonzero(codes == _NEWLINE)
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1] + 1))
    tabs = np.flatnonzero(codes == _TAB)
    if tabs.size != ends.size * (columns - 1) or int((ends - starts).max()) > longest:
        return None
    table = tabs.reshape(ends.size, columns - 1)
    if not ((table[:, 0] > starts) & (table[:, -1] < ends) & (codes[starts] != ord("#"))).all():
        return None
    return Layout(buffer, codes, starts, ends, table)


def _numbers(codes: Bytes, starts: Indices, ends: Indices) -> Indices | None:
    """Return the whole numbers that stand in the stretches, or ``None`` if anything else stands in one of them."""
    widths = ends - starts
    widest = int(widths.max())
    if int(widths.min()) < 1 or widest > 10:
        return None
    numbers = np.zeros(starts.size, dtype=np.int64)
    for place in range(widest):
        inside = widths > place
        digits = codes[np.maximum(ends - 1 - place, starts)].astype(np.int64) - ord("0")
        if bool((inside & ((digits < 0) | (digits > 9))).any()):
            return None
        numbers += np.where(inside, digits * 10**place, 0)
    return numbers if int(numbers.max()) <= MAX_POSITION else None
