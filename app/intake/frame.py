"""What the parser gave back, as records and arrays; nothing of it is believed before it is compared with what was sent."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.intake.problems import PARSER_FAILED
from app.intake.record import CleanRecord, Record
from app.model.problem import InputError

_KINDS = {"GT": "<i2", "PS": "<i4", "DP": "<i4", "MIN_DP": "<i4", "AD": "<i4", "CN": "<i4", "GQ": "<f4"}
_MISSING = -(2**31) + 1
"""htslib's two smallest integers stand for "missing" and "end of vector"."""

Table = NDArray[Any]


class Frame:
    """The records over the panel, with the FORMAT values of every sample: ``tables[key][record]`` has a row a sample, or is ``None``."""

    def __init__(self, records: Sequence[Record], tables: dict[str, list[Table | None]], filters: list[list[str] | None]) -> None:
        self.records = records
        self._tables = tables
        self._filters = filters
        self._packed: dict[int, tuple[bytes, int]] = {}

    def signature(self, record: int, sample: int) -> tuple[bytes, str | None]:
        """Return all that a record says about a sample, for comparing samples only."""
        if record not in self._packed:
            tables = [column[record] for column in self._tables.values()]
            wide = [np.ascontiguousarray(table).view(np.uint8) for table in tables if table is not None]
            packed = np.concatenate(wide, axis=1)
            self._packed[record] = packed.tobytes(), packed.shape[1]
        data, width = self._packed[record]
        return data[sample * width : (sample + 1) * width], self.filter(record, sample)

    def alleles(self, record: int, sample: int) -> tuple[tuple[int, ...], bool] | None:
        """Return allele numbers (-1: missing) and whether they are phased, or ``None`` where the record has no GT."""
        table = self._tables["GT"][record]
        if table is None:
            return None
        *alleles, phased = table[sample].tolist()
        return tuple(allele for allele in alleles if allele > -2), bool(phased)

    def number(self, key: str, record: int, sample: int) -> int | None:
        """Return an integer of FORMAT (``PS``, ``DP``, ``MIN_DP``, ``CN``)."""
        table = self._tables[key][record]
        if table is None:
            return None
        value = int(table[sample, 0])
        return None if value <= _MISSING else value

    def depths(self, record: int, sample: int) -> tuple[int, ...]:
        """Return AD, empty where there is none; a missing depth counts as 0."""
        table = self._tables["AD"][record]
        if table is None:
            return ()
        values = [value for value in table[sample].tolist() if value != _MISSING]
        return tuple(max(value, 0) for value in values) if any(value > _MISSING for value in values) else ()

    def quality(self, record: int, sample: int) -> float | None:
        """Return GQ, or else QUAL (Phred)."""
        table = self._tables["GQ"][record]
        if table is not None and not np.isnan(table[sample, 0]):
            return float(table[sample, 0])
        return self.records[record].qual

    def filter(self, record: int, sample: int) -> str | None:
        """Return FT, or ``None`` where there is none."""
        filters = self._filters[record]
        return None if filters is None or filters[sample] in {".", ""} else filters[sample]


def read_frame(meta: bytes, arrays: bytes, sent: Sequence[CleanRecord], samples: int, filter_names: Sequence[str]) -> Frame:
    """Decode the parser's answer about the records ``sent``, with the file's own filter names put back.

    Raises ``InputError`` where the answer does not fit.
    """
    try:
        answer = json.loads(meta)
        if len(answer["records"]) != len(sent) or len(answer["filters"]) != len(sent):
            raise ValueError
        names = {"PASS": "PASS", ".": ".", **{f"f{number}": name for number, name in enumerate(filter_names)}}
        tables = _tables(answer["widths"], arrays, len(sent), samples)
        copies = [table is not None for table in tables["CN"]]
        fields = zip(sent, answer["records"], copies, strict=True)
        records = [_record(clean, record, copy_number, names) for clean, record, copy_number in fields]
        filters = [None if texts is None else [names[text] for text in texts] for texts in answer["filters"]]
    except (ValueError, KeyError, TypeError, IndexError):
        raise InputError(PARSER_FAILED, "The parser's answer does not fit what it was asked.") from None
    return Frame(records, tables, filters)


def _record(clean: CleanRecord, fields: list[Any], copy_number: bool, names: dict[str, str]) -> Record:
    pos, ref, alts, qual, filters, end = fields
    sent = (int(clean.pos), clean.ref.decode(), [alt.decode() for alt in clean.alts], list(clean.filters))
    if (pos, ref, alts, filters) != sent:
        raise ValueError
    if end is None and any(alt.startswith("<") and not alt.startswith("<INS") for alt in alts):
        end = pos + max(map(abs, clean.lengths), default=0)
    return Record(
        chrom=clean.chrom,
        pos=pos,
        ref=ref,
        alts=tuple(alts),
        qual=None if qual is None else round(float(qual), 4),
        filters=tuple(names[name] for name in filters),
        end=max(pos + len(ref) - 1, end or 0),
        kind=clean.kind,
        lengths=clean.lengths,
        copy_number=copy_number,
    )


def _tables(widths: dict[str, list[int]], arrays: bytes, records: int, samples: int) -> dict[str, list[Table | None]]:
    tables: dict[str, list[Table | None]] = {}
    at = 0
    for key, kind in _KINDS.items():
        if len(widths[key]) != records:
            raise ValueError
        tables[key] = []
        for width in widths[key]:
            count = samples * width
            table = np.frombuffer(arrays, dtype=kind, count=count, offset=at).reshape(samples, width) if width else None
            tables[key].append(table)
            at += count * np.dtype(kind).itemsize
    if at != len(arrays):
        raise ValueError
    return tables
