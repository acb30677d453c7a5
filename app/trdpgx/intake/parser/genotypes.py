"""What the parser gave back, beside what the validator has kept; how it has read each record is compared with what was sent."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import orjson

from trdpgx.intake.problems import PARSER_FAILED
from trdpgx.intake.validate.quality import Soundness
from trdpgx.intake.validate.record import DESCRIBING, REFCALL, Record, SanitisedRecord
from trdpgx.intake.validate.sample_values import PADDING, SampleColumn, column
from trdpgx.intake.validate.validator import RecordValidator
from trdpgx.model.problem import InputError


class PanelGenotypes:
    """The records over the panel, with QUAL (``quals``) and the FORMAT values of every sample."""

    def __init__(
        self,
        records: Sequence[Record],
        samples: int,
        columns: Mapping[str, SampleColumn],
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
        self._pairs = _pairs(records, columns["GT"]) if records else None

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return self._samples

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
        if not self.records[record].typed:
            return None
        row = self._columns["GT"].row(record, sample)
        *alleles, phased = row
        return tuple(allele for allele in alleles if allele > -2), bool(phased)

    def number(self, key: str, record: int, sample: int) -> int | None:
        """Return an integer of FORMAT (``PS``, ``DP``, ``MIN_DP``)."""
        row = self._columns[key].row(record, sample)
        return None if not row or row[0] <= PADDING else int(row[0])

    def real(self, key: str, record: int, sample: int) -> float | None:
        """Return a real number of FORMAT (``CN``, ``RD_CN``), ``None`` where it is missing."""
        row = self._columns[key].row(record, sample)
        return float(row[0]) if row and math.isfinite(row[0]) else None

    def depths(self, record: int, sample: int) -> tuple[int, ...]:
        """Return AD, empty where there is none; a missing depth counts as 0."""
        row = self._columns["AD"].row(record, sample)
        if row and min(row) >= 0:
            return tuple(row)
        values = [value for value in row if value != PADDING]
        return tuple(max(value, 0) for value in values) if any(value > PADDING for value in values) else ()

    def quality(self, record: int, sample: int) -> float | None:
        """Return GQ, or else QUAL (Phred)."""
        row = self._columns["GQ"].row(record, sample)
        return float(row[0]) if row and math.isfinite(row[0]) else self.quals[record]

    def filter(self, record: int, sample: int) -> str | None:
        """Return FT, or ``None`` where there is none."""
        filters = self._filters[record]
        return None if filters is None or filters[sample] in {".", ""} else filters[sample]

    def passed(self, record: int, sample: int) -> bool:
        """Whether neither FILTER nor FT (a list, as FILTER is) refuses a genotype. Names that only describe it refuse nothing."""
        filters, own = self.records[record].filters, self.filter(record, sample)
        if filters in ((), ("PASS",)) and own in {None, "PASS"}:
            return True
        names = {name.casefold() for name in (*filters, *(own.split(";") if own else ()))}
        if not names <= DESCRIBING:
            return False
        genotype = self.alleles(record, sample)
        return REFCALL not in names or genotype is None or max(genotype[0], default=0) <= 0

    def soundness(self, record: int, sample: int) -> Soundness:
        """Return the judgement on the quality of a genotype."""
        row = self._columns["SOUND"].row(record, sample)
        return Soundness(row[0]) if row else Soundness.SOUND

    def usable(self, record: int, sample: int) -> bool:
        """Whether neither a filter nor its quality refuses a genotype."""
        row = self._columns["SOUND"].row(record, sample)
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


def _pairs(records: Sequence[Record], genotypes: SampleColumn) -> list[tuple[tuple[int, ...], bool]] | None:
    """Return all genotypes, read at once, where there are few and each has room for two alleles; else ``None``."""
    values = genotypes.values
    if not isinstance(values, list) or set(genotypes.widths) != {3} or not all(record.typed for record in records):
        return None
    triples = zip(values[::3], values[1::3], values[2::3], strict=True)
    return [((first, second) if second > -2 else (first,), phased == 1) for first, second, phased in triples]


def unpack_genotypes(meta: bytes, genotypes: bytes, sent: Sequence[SanitisedRecord], validator: RecordValidator) -> PanelGenotypes:
    """Put together what the parser has answered about the records ``sent``, and what the validator that admitted them has kept of them.

    Raises ``InputError`` where the answer does not fit.
    """
    columns = validator.columns()
    try:
        answer = orjson.loads(meta)
        if answer["echo"].encode() != b"\n".join(clean.echo for clean in sent):
            raise ValueError
        quals = [None if qual is None or not math.isfinite(qual) else round(float(qual), 4) for qual in answer["quals"]]
        if not len(answer["widths"]) == len(quals) == len(sent) or not all(type(width) is int and width > 0 for width in answer["widths"]):
            raise ValueError
        columns["GT"] = column(np.frombuffer(genotypes, dtype="<i2"), answer["widths"], validator.samples)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(PARSER_FAILED, "The parser's answer does not fit what it was asked.") from None
    return PanelGenotypes([clean.record for clean in sent], validator.samples, columns, validator.sample_filters, quals=quals)
