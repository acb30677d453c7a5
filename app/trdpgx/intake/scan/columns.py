"""Where the columns are in a buffer of lines, found for all lines at once with numpy."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from trdpgx.intake.scan.digits import Indices, Words, numbers_before, words_of

_TAB, _NEWLINE, _RETURN = 9, 10, 13
MAX_POSITION = 2**31 - 2
"""The largest POS that htslib and BCF can hold."""

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
        after_chrom, after_pos = self.tabs[:, 0], self.tabs[:, 1]
        numbers = numbers_before(self.buffer, after_pos, after_pos - after_chrom - 1)
        return None if numbers is None or int(numbers.max()) > MAX_POSITION else numbers

    def runs(self) -> Iterator[tuple[int, int]]:
        """Yield the runs of lines (first, one past the last) that have the same CHROM.

        Names are compared as numbers of up to eight bytes, more of them for longer names, so that equal numbers mean equal names.
        """
        widths = self.tabs[:, 0] - self.starts
        if self._one_name(int(widths[0])):
            yield 0, widths.size
            return
        new = widths[1:] != widths[:-1]
        for offset in range(0, int(widths.max()), 8):
            words = self._words(offset)
            left = np.clip(widths - offset, 0, 8)
            kept = np.where(left > 0, words << ((8 - left).astype(np.uint64) * np.uint64(8)), 0)
            new |= kept[1:] != kept[:-1]
        yield from pairwise([0, *(np.flatnonzero(new) + 1).tolist(), widths.size])

    def _one_name(self, width: int) -> bool:
        """Whether all lines start with the name of the first, which has ``width`` bytes, and a tab. Long names are not looked at."""
        if width > 7 or self.codes.size < 8:
            return False
        starts = self._words(0) << np.uint64(8 * (7 - width))
        return bool((starts == starts[0]).all())

    def _words(self, offset: int) -> Words:
        """Return the eight bytes of each line from ``offset`` on, as one number; of no meaning for names that are shorter."""
        words = words_of(self.buffer)
        return words[np.minimum(self.starts + offset, words.size - 1)]


class Shape:
    """What every line must be like: ``columns`` columns, at most ``longest`` bytes, and something else than a tab or ``#`` in front."""

    def __init__(self, columns: int, longest: int) -> None:
        self._columns = columns
        self._longest = longest
        self._pattern = np.zeros(0, dtype=np.uint8)
        self._room = np.zeros(0, dtype=np.bool_)

    def lay_out(self, buffer: bytes) -> Layout | None:
        """Return the layout of a buffer that ends with a newline, or ``None`` if a line of it is misshapen or has a NUL or a return."""
        codes: Bytes = np.frombuffer(buffer, dtype=np.uint8)
        if codes.size > self._room.size:
            self._room = np.empty(codes.size + codes.size // 4, dtype=np.bool_)
        marks = np.flatnonzero(np.less_equal(codes, _RETURN, out=self._room[: codes.size]))
        kinds = codes[marks]
        if not self._fits(kinds):
            harmless = (kinds != _TAB) & (kinds != _NEWLINE) & (kinds != _RETURN) & (kinds != 0)
            marks, kinds = marks[~harmless], kinds[~harmless]
            if not (harmless.any() and self._fits(kinds)):
                return None
        table = marks.reshape(-1, self._columns)
        ends = table[:, -1]
        starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1] + 1))
        if int((ends - starts).max()) > self._longest:
            return None
        if not ((table[:, 0] > starts) & (codes[starts] != ord("#"))).all():
            return None
        return Layout(buffer, codes, starts, ends, table[:, :-1])

    def _fits(self, kinds: Bytes) -> bool:
        """Whether tabs and newlines take turns as they should."""
        if kinds.size % self._columns:
            return False
        if kinds.size > self._pattern.size:
            line = np.array([_TAB] * (self._columns - 1) + [_NEWLINE], dtype=np.uint8)
            self._pattern = np.tile(line, kinds.size // self._columns)
        return bool((kinds == self._pattern[: kinds.size]).all())
