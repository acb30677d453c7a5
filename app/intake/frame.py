"""What the parser gave back, as records and arrays; nothing of it is believed before it is compared with what was sent."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from app.intake.problems import PARSER_FAILED
from app.intake.record import CleanRecord, Record
from app.model.problem import InputError

_KINDS = {"GT": "<i2", "PS": "<i4", "DP": "<i4", "MIN_DP": "<i4", "AD": "<i4", "CN": "<i4", "GQ": "<f4"}
_MISSING = -(2**31) + 1
"""htslib's two smallest integers stand for "missing" and "end of vector"."""

_MANY = 16
"""From so many samples on, values stay packed in arrays; for fewer, lists are faster to look into."""

Values = NDArray[Any] | list[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one FORMAT key: of each record in turn, a row a sample.

    ``widths`` are values a sample, ``starts`` where a record begins.
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


class Frame:
    """The records over the panel, with QUAL (``quals``) and the FORMAT values of every sample."""

    def __init__(
        self,
        records: Sequence[Record],
        samples: int,
        columns: Mapping[str, Column],
        filters: Sequence[Sequence[str] | None],
        *,
        quals: Sequence[float | None],
    ) -> None:
        self.records = records
        self.quals = quals
        self._samples = samples
        self._columns = columns
        self._filters = filters
        self._packed: dict[int, tuple[bytes, int]] = {}
        self._pairs = _pairs(columns["GT"]) if records else None

    def signature(self, record: int, sample: int) -> tuple[bytes, str | None]:
        """Return all that a record says about a sample, for comparing samples only."""
        if record not in self._packed:
            wide = [column.bytes(record, self._samples) for column in self._columns.values()]
            packed = np.concatenate([table for table in wide if table is not None], axis=1)
            self._packed[record] = packed.tobytes(), packed.shape[1]
        data, width = self._packed[record]
        return data[sample * width : (sample + 1) * width], self.filter(record, sample)

    def alleles(self, record: int, sample: int) -> tuple[tuple[int, ...], bool] | None:
        """Return allele numbers (-1: missing) and whether they are phased, or ``None`` where the record has no GT."""
        if self._pairs is not None:
            return self._pairs[record * self._samples + sample]
        row = self._columns["GT"].row(record, sample)
        if not row:
            return None
        *alleles, phased = row
        return tuple(allele for allele in alleles if allele > -2), bool(phased)

    def number(self, key: str, record: int, sample: int) -> int | None:
        """Return an integer of FORMAT (``PS``, ``DP``, ``MIN_DP``, ``CN``)."""
        row = self._columns[key].row(record, sample)
        return None if not row or row[0] <= _MISSING else int(row[0])

    def depths(self, record: int, sample: int) -> tuple[int, ...]:
        """Return AD, empty where there is none; a missing depth counts as 0."""
        row = self._columns["AD"].row(record, sample)
        if row and min(row) >= 0:
            return tuple(row)
        values = [value for value in row if value != _MISSING]
        return tuple(max(value, 0) for value in values) if any(value > _MISSING for value in values) else ()

    def quality(self, record: int, sample: int) -> float | None:
        """Return GQ, or else QUAL (Phred)."""
        row = self._columns["GQ"].row(record, sample)
        return float(row[0]) if row and math.isfinite(row[0]) else self.quals[record]

    def filter(self, record: int, sample: int) -> str | None:
        """Return FT, or ``None`` where there is none."""
        filters = self._filters[record]
        return None if filters is None or filters[sample] in {".", ""} else filters[sample]

    def filter_text(self, record: int, sample: int) -> str | None:
        """Return FILTER of the record and FT of the sample as the file names them."""
        filters, own = self.records[record].filters, self.filter(record, sample)
        if own is None and len(filters) < 2:
            return filters[0] if filters else None
        names = dict.fromkeys(filters if own is None else (*filters, own))
        failed = [name for name in names if name != "PASS"]
        return ";".join(failed) if failed else next(iter(names), None)


def _pairs(genotypes: Column) -> list[tuple[tuple[int, ...], bool]] | None:
    """Return all genotypes, read at once, where there are few and each has room for two alleles; else ``None``."""
    values = genotypes.values
    if not isinstance(values, list) or set(genotypes.widths) != {3}:
        return None
    triples = zip(values[::3], values[1::3], values[2::3], strict=True)
    return [((first, second) if second > -2 else (first,), phased == 1) for first, second, phased in triples]


def read_frame(meta: bytes, arrays: bytes, sent: Sequence[CleanRecord], samples: int, filter_names: Sequence[str]) -> Frame:
    """Decode the parser's answer about the records ``sent``, with the file's own filter names put back.

    Raises ``InputError`` where the answer does not fit.
    """
    try:
        answer = orjson.loads(meta)
        if answer["echo"].encode() != b"\n".join(clean.echo for clean in sent):
            raise ValueError
        quals = [None if qual is None or not math.isfinite(qual) else round(float(qual), 4) for qual in answer["quals"]]
        names = {"PASS": "PASS", ".": ".", **{f"f{number}": name for number, name in enumerate(filter_names)}}
        columns = _columns(answer["widths"], arrays, len(sent), samples)
        filters = [None if texts is None else [names[text] for text in texts] for texts in answer["sample_filters"]]
        if not len(filters) == len(quals) == len(sent):
            raise ValueError
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        raise InputError(PARSER_FAILED, "The parser's answer does not fit what it was asked.") from None
    return Frame([clean.record for clean in sent], samples, columns, filters, quals=quals)


def _columns(widths: dict[str, list[int]], arrays: bytes, records: int, samples: int) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    at = 0
    for key, kind in _KINDS.items():
        if len(widths[key]) != records:
            raise ValueError
        starts = list(accumulate((width * samples for width in widths[key]), initial=0))
        values = np.frombuffer(arrays, dtype=kind, count=starts[-1], offset=at)
        columns[key] = Column(values if samples >= _MANY else values.tolist(), widths[key], starts)
        at += values.nbytes
    if at != len(arrays):
        raise ValueError
    return columns
