"""The records over the panel with their sample columns: the genotype and its details by record and sample, each by its number from 0."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from trdpgx.intake.validate.filters import DESCRIBING, REFCALL
from trdpgx.intake.validate.genotype import ABSENT
from trdpgx.intake.validate.quality import Soundness
from trdpgx.intake.validate.record import Record
from trdpgx.intake.validate.sample_columns import SampleColumns
from trdpgx.intake.validate.values import PADDING

_ALL_PASSED = ((), ("PASS",))
_NO_FILTER = frozenset({".", ""})


class PanelGenotypes:
    """The records over the panel, with the values of all ``samples`` (their number). ``columns`` has them by key (``SampleColumns``)."""

    def __init__(self, records: Sequence[Record], packed: SampleColumns) -> None:
        self.records = records
        self.columns = packed.columns()
        self.samples = packed.samples
        self._filters = packed.filters
        self._packed: dict[int, tuple[bytes, int]] = {}

    def signature(self, record: int, sample: int) -> tuple[bytes, str | None]:
        """Return all that a record has of a sample, for comparing samples only."""
        if record not in self._packed:
            wide = [column.bytes(record, self.samples) for column in self.columns.values()]
            packed = np.concatenate([table for table in wide if table is not None], axis=1)
            self._packed[record] = packed.tobytes(), packed.shape[1]
        data, width = self._packed[record]
        return data[sample * width : (sample + 1) * width], self.filter(record, sample)

    def alleles(self, record: int, sample: int) -> tuple[tuple[int, ...], bool] | None:
        """Return allele numbers (-1: missing) and whether they are phased, or ``None`` where the record has no GT."""
        if not self.records[record].typed:
            return None
        *alleles, phased = self.columns["GT"].row(record, sample)
        return tuple([allele for allele in alleles if allele != ABSENT]), phased == 1

    def carriers(self, records: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield each of some records and each sample that carries an ALT of it, in the order of the records."""
        column = self.columns["GT"]
        starts, widths = np.array(column.starts), np.array(column.widths)
        at = np.flatnonzero(column.values > 0)
        record = np.searchsorted(starts, at, side="right") - 1
        sample, value = np.divmod(at - starts[record], widths[record])
        asked = np.zeros(widths.size, dtype=np.bool_)  # np.isin would import numpy.ma, which a confined worker cannot
        asked[list(records)] = True
        wanted = (value < widths[record] - 1) & asked[record]  # the last value of a genotype is its phase
        pairs = dict.fromkeys(zip(record[wanted].tolist(), sample[wanted].tolist(), strict=True))
        yield from pairs

    def number(self, key: str, record: int, sample: int) -> int | None:
        """Return an integer of FORMAT (``PS``, ``DP``, ``MIN_DP``)."""
        row = self.columns[key].row(record, sample)
        return None if not row or row[0] <= PADDING else int(row[0])

    def real(self, key: str, record: int, sample: int) -> float | None:
        """Return a real number of FORMAT (``CN``, ``RD_CN``), ``None`` where it is missing."""
        row = self.columns[key].row(record, sample)
        return float(row[0]) if row and math.isfinite(row[0]) else None

    def depths(self, record: int, sample: int) -> tuple[int, ...]:
        """Return AD, empty where there is none; a missing depth counts as 0."""
        row = self.columns["AD"].row(record, sample)
        if row and min(row) >= 0:
            return tuple(row)
        values = [value for value in row if value != PADDING]
        return tuple(max(value, 0) for value in values) if any(value > PADDING for value in values) else ()

    def quality(self, record: int, sample: int) -> float | None:
        """Return GQ, or else QUAL (Phred)."""
        row = self.columns["GQ"].row(record, sample)
        return float(row[0]) if row and math.isfinite(row[0]) else self.records[record].quality

    def filter(self, record: int, sample: int) -> str | None:
        """Return FT, or ``None`` where there is none."""
        filters = self._filters[record]
        return None if filters is None or filters[sample] in _NO_FILTER else filters[sample]

    def is_unfiltered(self, record: int) -> bool:
        """Whether FILTER and FT refuse and describe no genotype of a record."""
        own = self._filters[record]
        return self.records[record].filters in _ALL_PASSED and (own is None or _NO_FILTER.issuperset(own))

    def passed(self, record: int, sample: int) -> bool:
        """Whether neither FILTER nor FT (a list, as FILTER is) refuses a genotype. Names that only describe it refuse nothing."""
        filters, own = self.records[record].filters, self.filter(record, sample)
        if filters in _ALL_PASSED and own in {None, "PASS"}:
            return True
        names = {name.casefold() for name in (*filters, *(own.split(";") if own else ()))}
        if not names <= DESCRIBING:
            return False
        genotype = self.alleles(record, sample)
        return REFCALL not in names or genotype is None or max(genotype[0], default=0) <= 0

    def soundness(self, record: int, sample: int) -> Soundness:
        """Return the judgement on the quality of a genotype."""
        row = self.columns["SOUND"].row(record, sample)
        return Soundness(row[0]) if row else Soundness.SOUND

    def usable(self, record: int, sample: int) -> bool:
        """Whether neither a filter nor its quality refuses a genotype."""
        row = self.columns["SOUND"].row(record, sample)
        return not (row and row[0]) and self.passed(record, sample)

    def depth(self, record: int, sample: int) -> int | None:
        """Return DP, or else the sum of AD."""
        depth = self.number("DP", record, sample)
        return sum(self.depths(record, sample)) or None if depth is None else depth

    def filter_text(self, record: int, sample: int) -> str | None:
        """Return FILTER of the record and FT of the sample as the file names them."""
        filters, own = self.records[record].filters, self.filter(record, sample)
        if own is None and len(filters) < 2:
            return filters[0] if filters else None
        names = dict.fromkeys(filters if own is None else (*filters, own))
        failed = [name for name in names if name != "PASS"]
        return ";".join(failed) if failed else next(iter(names), None)
