"""The numbers that records over the panel state of each sample (PS, DP, MIN_DP, AD, GQ, CN, RD_CN), packed key by key."""

import math
import re
from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

MISSING, PADDING = -(2**31), -(2**31) + 1
"""What stands for a missing integer, and for the end of a row that is shorter than others of its record (as in htslib)."""
_MANY = 16
"""From so many samples on, values stay packed in arrays; for fewer, lists are faster to look into."""
_DIGITS = 10
"""An integer with so many digits may be too large."""
REAL = re.compile(rb"[-+]?(?:[0-9]{1,20}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,3})?")
"""A number as VCF writes it, without infinities and NaN."""

Values = NDArray[Any] | list[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one key: of each record in turn, a row a sample.

    ``widths`` are values a sample, 0 where a record does not have the key; ``starts`` where a record begins.
    """

    values: Values
    widths: Sequence[int]
    starts: Sequence[int]

    def row(self, record: int, sample: int) -> list[Any]:
        """Return the values of one sample; empty where the record does not have the key."""
        width = self.widths[record]
        start = self.starts[record] + sample * width
        found = self.values[start : start + width]
        return found if isinstance(found, list) else found.tolist()

    def bytes(self, record: int, samples: int) -> NDArray[np.uint8] | None:
        """Return the values of a record as bytes, a row a sample, or ``None`` where it does not have the key."""
        width, start = self.widths[record], self.starts[record]
        if not width:
            return None
        table = np.asarray(self.values[start : start + width * samples])
        return np.ascontiguousarray(table.reshape(samples, width)).view(np.uint8)


def column(values: NDArray[Any], widths: Sequence[int], samples: int) -> Column:
    """Return a column of packed values. Raises ``ValueError`` if there are not as many as the widths say."""
    starts = list(accumulate((width * samples for width in widths), initial=0))
    if starts[-1] != values.size:
        raise ValueError
    return Column(values if samples >= _MANY else values.tolist(), widths, starts)


class Numbers:
    """Takes the numbers of one record after the other. What is no number counts as missing."""

    def __init__(self) -> None:
        self._phase_sets: dict[bytes, int] = {}
        read: Mapping[str, Callable[[bytes], int]] = {"PS": self._phase_set, "DP": _natural, "MIN_DP": _natural}
        self._integers = [(key, convert, array("i"), list[int]()) for key, convert in read.items()]
        self._depths, self._depth_widths = array("i"), list[int]()
        self._reals = [(key, array("f"), list[int]()) for key in ("GQ", "CN", "RD_CN")]

    def add(self, keys: Collection[str], fields: Mapping[str, Sequence[bytes]]) -> None:
        """Take a record that has ``keys``; ``fields`` are the texts of each of them, one a sample."""
        for key, convert, values, widths in self._integers:
            if key in keys:
                values.extend(map(convert, fields[key]))
                widths.append(1)
            else:
                widths.append(0)
        width = 0
        if "AD" in keys:
            rows = [_depths(text) for text in fields["AD"]]
            width = max(map(len, rows))
            for row in rows:
                self._depths.extend(row)
                self._depths.extend([PADDING] * (width - len(row)))
        self._depth_widths.append(width)
        for key, reals, widths in self._reals:
            if key in keys:
                reals.extend(map(_real, fields[key]))
            widths.append(int(key in keys))

    def add_one(self, keys: Collection[str], field: Callable[[str], bytes]) -> None:
        """Do the same for a single sample, whose text of each key ``field`` returns."""
        for key, convert, values, widths in self._integers:
            if key in keys:
                values.append(convert(field(key)))
                widths.append(1)
            else:
                widths.append(0)
        depths = _depths(field("AD")) if "AD" in keys else []
        self._depths.extend(depths)
        self._depth_widths.append(len(depths))
        for key, reals, widths in self._reals:
            if key in keys:
                reals.append(_real(field(key)))
            widths.append(int(key in keys))

    def columns(self, samples: int) -> dict[str, Column]:
        """Return all columns."""
        found = {key: column(np.frombuffer(values, dtype="i4"), widths, samples) for key, _, values, widths in self._integers}
        found["AD"] = column(np.frombuffer(self._depths, dtype="i4"), self._depth_widths, samples)
        for key, reals, widths in self._reals:
            found[key] = column(np.frombuffer(reals, dtype="f4"), widths, samples)
        return found

    def _phase_set(self, text: bytes) -> int:
        """Return a number for a phase set: its own if it is one, else a negative one for its name."""
        if text in {b"", b"."}:
            return MISSING
        number = _natural(text)
        if number != MISSING:
            return number
        return self._phase_sets.setdefault(text, -len(self._phase_sets) - 1)


def _natural(text: bytes) -> int:
    return int(text) if text.isdigit() and len(text) < _DIGITS else MISSING


def _depths(text: bytes) -> list[int]:
    """Return the depths of one sample: one missing value where any of them is no number."""
    parts = text.split(b",")
    found = [_natural(part) for part in parts]
    if MISSING in found and any(number == MISSING and part != b"." for number, part in zip(found, parts, strict=True)):
        return [MISSING]
    return found


def _real(text: bytes) -> float:
    return float(text) if (text.isdigit() and len(text) < _DIGITS) or REAL.fullmatch(text) else math.nan
