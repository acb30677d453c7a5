"""The numbers that records over the panel state of each sample (phase set, DP, MIN_DP, AD, GQ, CN, RD_CN), packed key by key."""

import math
import re
from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trdpgx.intake.problems import TOO_MANY_VALUES
from trdpgx.intake.validate.refusal import FieldError
from trdpgx.model.limits import Limits

MISSING, PADDING = -(2**31), -(2**31) + 1
"""What stands for a missing integer, and for the end of a row that is shorter than others of its record (as in htslib)."""
_MANY = 16
"""From so many samples on, values stay packed in arrays; for fewer, lists are faster to look into."""
_DIGITS = 10
"""An integer with so many digits may be too large."""
REAL = re.compile(rb"[-+]?(?:[0-9]{1,20}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,3})?")
"""A number as VCF writes it, without infinities and NaN."""

_PHASE_KEYS = ("PS", "PSL", "PID")
_PADDING_SHARE = 4
"""So many values of padding are free for each value that is there."""

Values = NDArray[Any] | list[Any]


@dataclass(frozen=True, slots=True)
class SampleColumn:
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


def column(values: NDArray[Any], widths: Sequence[int], samples: int) -> SampleColumn:
    """Return a column of packed values. Raises ``ValueError`` if there are not as many as the widths say."""
    starts = list(accumulate((width * samples for width in widths), initial=0))
    if starts[-1] != values.size:
        raise ValueError
    return SampleColumn(values if samples >= _MANY else values.tolist(), widths, starts)


class SampleNumbers:
    """Takes the numbers of one record after the other. What is no number counts as missing.

    A phase set is named by PS; where that is missing by PSL (VCF 4.4), or by PID of GATK. Names get negative numbers. Where PS and PSL
    contradict each other, records are in phase only if they agree in both.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._phase_sets: dict[tuple[str, bytes], int] = {}
        self._pairs: dict[tuple[int, str, int | bytes], int | bytes] = {}
        self._sets, self._set_widths = array("i"), list[int]()
        self._integers = [(key, array("i"), list[int]()) for key in ("DP", "MIN_DP")]
        self._padding = 0
        self._depths, self._depth_widths = array("i"), list[int]()
        self._reals = [(key, array("f"), list[int]()) for key in ("GQ", "CN", "RD_CN")]

    def add(self, keys: Collection[str], fields: Mapping[str, Sequence[bytes]], alts: int) -> None:
        """Take a record of so many ALTs that has ``keys``; ``fields`` are the texts of each of them, one a sample.

        Raises ``FieldError`` for too many values.
        """
        for key, values, widths in self._integers:
            if key in keys:
                values.extend(map(_natural, fields[key]))
                widths.append(1)
            else:
                widths.append(0)
        named = [(key, fields[key]) for key in _PHASE_KEYS if key in keys]
        if len(named) == 1 and named[0][0] == "PS":
            self._sets.extend(map(self._phase_set, fields["PS"]))
        elif named:
            names, texts = zip(*named, strict=True)
            self._sets.extend(self._first_set(names, row, sample) for sample, row in enumerate(zip(*texts, strict=True)))
        self._set_widths.append(int(bool(named)))
        width = 0
        if "AD" in keys:
            rows = [self._depths_of(text, alts) for text in fields["AD"]]
            width = max(map(len, rows))
            self._pad(len(rows) * width, sum(map(len, rows)))
            for row in rows:
                self._depths.extend(row)
                self._depths.extend([PADDING] * (width - len(row)))
        self._depth_widths.append(width)
        for key, reals, widths in self._reals:
            if key in keys:
                reals.extend(map(_real, fields[key]))
            widths.append(int(key in keys))

    def add_one(self, keys: Collection[str], field: Callable[[str], bytes], alts: int) -> None:
        """Do the same for a single sample, whose text of each key ``field`` returns."""
        for key, values, widths in self._integers:
            if key in keys:
                values.append(_natural(field(key)))
                widths.append(1)
            else:
                widths.append(0)
        named = [key for key in _PHASE_KEYS if key in keys]
        if named:
            self._sets.append(self._first_set(named, [field(key) for key in named], 0))
        self._set_widths.append(int(bool(named)))
        depths = self._depths_of(field("AD"), alts) if "AD" in keys else []
        self._depths.extend(depths)
        self._depth_widths.append(len(depths))
        for key, reals, widths in self._reals:
            if key in keys:
                reals.append(_real(field(key)))
            widths.append(int(key in keys))

    def columns(self, samples: int) -> dict[str, SampleColumn]:
        """Return all columns."""
        found = {key: column(np.frombuffer(values, dtype="i4"), widths, samples) for key, values, widths in self._integers}
        found["PS"] = column(np.frombuffer(self._sets, dtype="i4"), self._set_widths, samples)
        found["AD"] = column(np.frombuffer(self._depths, dtype="i4"), self._depth_widths, samples)
        for key, reals, widths in self._reals:
            found[key] = column(np.frombuffer(reals, dtype="f4"), widths, samples)
        return found

    def _phase_set(self, text: bytes) -> int:
        """Return a number for a phase set: its own if it is one, else a negative one for its name."""
        if text in {b"", b"."}:
            return MISSING
        number = _natural(text)
        return number if number != MISSING else self._named_set("PS", text)

    def _first_set(self, keys: Sequence[str], texts: Sequence[bytes], sample: int) -> int:
        """Return the phase set of a sample, from the first of the keys that names one."""
        if tuple(keys[:2]) == _PHASE_KEYS[:2]:
            number, names = self._phase_set(texts[0]), texts[1]
            if number != MISSING and names not in {b"", b"."} and self._contradict(sample, number, names):
                return self._named_set("PS and PSL", b"%d=%b" % (number, names))
        for key, text in zip(keys, texts, strict=True):
            number = self._phase_set(text) if key == "PS" else self._listed_set(text) if key == "PSL" else self._read_set(text)
            if number != MISSING:
                return number
        return MISSING

    def _contradict(self, sample: int, number: int, names: bytes) -> bool:
        """Whether a record of a sample with this PS had another PSL, or one with this PSL another PS."""
        by_number = self._pairs.setdefault((sample, "PS", number), names)
        return by_number != names or self._pairs.setdefault((sample, "PSL", names), number) != number

    def _read_set(self, text: bytes) -> int:
        """Return the number of the set that PID names."""
        return MISSING if text in {b"", b"."} else self._named_set("PID", text)

    def _listed_set(self, text: bytes) -> int:
        """Return the number of the set that PSL names: a name an allele, ``.`` for an allele that is not phased.

        Records with one list are in phase with each other. A list with a dot is a set of its own: it orders nothing.
        """
        if text in {b"", b"."}:
            return MISSING
        if b"." in text.split(b","):
            return self._named_set("PSL", b"%d" % len(self._phase_sets))
        return self._named_set("PSL", b"=" + text)

    def _named_set(self, key: str, text: bytes) -> int:
        return self._phase_sets.setdefault((key, text), -len(self._phase_sets) - 1)

    def _depths_of(self, text: bytes, alts: int) -> list[int]:
        """Return the depths of one sample: one missing value where any of them is no number, or there are more than alleles.

        Nobody knows which alleles are meant by a surplus (`bcftools norm -m-` leaves one where AD is declared ``Number=.``).
        """
        surplus = text.count(b",") - alts
        if surplus <= 0:
            return _depths(text)
        if surplus > self._limits.max_alts:
            raise FieldError(TOO_MANY_VALUES, "AD has one for REF and one for each ALT (Number=R).")
        return [MISSING]

    def _pad(self, padded: int, there: int) -> None:
        """Count the padding of a record beyond the share that is free. Raises ``FieldError`` over the cap."""
        self._padding += max(padded - (1 + _PADDING_SHARE) * there, 0)
        if self._padding > self._limits.max_padded_values:
            raise FieldError(TOO_MANY_VALUES, f"The cap is {self._limits.max_padded_values} values that fill up short rows.")


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
