"""The sample columns of records over the panel, packed key by key: genotypes, numbers, FT, and whether a genotype is sound."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trdpgx.intake.problems import ALLELE_OUT_OF_RANGE, TOO_MANY_VALUES
from trdpgx.intake.validate.allele_reads import UNKNOWN, allele_reads
from trdpgx.intake.validate.filters import FilterNames
from trdpgx.intake.validate.format_column import FormatColumn
from trdpgx.intake.validate.genotype import LARGEST, MISSING_GENOTYPE, Genotype, read_genotype
from trdpgx.intake.validate.phase_sets import PhaseSets
from trdpgx.intake.validate.quality import Judge, Marker
from trdpgx.intake.validate.refusal import FieldError
from trdpgx.intake.validate.values import MISSING, PADDING, read_natural
from trdpgx.model.limits import Limits

_MANY = 16
"""From so many samples on, values are looked up in arrays; for fewer, lists are faster to look into."""
_PADDING_SHARE = 4
"""So many values of padding are free for each value that is there."""
_TYPES = {"GT": "h", "PS": "i", "DP": "i", "MIN_DP": "i", "AD": "i", "GQ": "f", "CN": "f", "RD_CN": "f", "SOUND": "b"}
"""Type codes of ``array``: of GT, then of the keys of FORMAT, then of the judgement on each genotype."""


@dataclass(frozen=True, slots=True)
class SampleColumn:
    """The values of one key: of each record in turn, a row a sample.

    ``widths`` are values a sample, 0 where a record does not have the key; ``starts`` where a record begins.
    """

    values: NDArray[Any]
    widths: Sequence[int]
    starts: Sequence[int]
    listed: list[Any] | None
    """The values once more, where they are few."""

    def row(self, record: int, sample: int) -> list[Any]:
        """Return the values of one sample; empty where the record does not have the key."""
        width = self.widths[record]
        start = self.starts[record] + sample * width
        return self.values[start : start + width].tolist() if self.listed is None else self.listed[start : start + width]

    def block(self, records: NDArray[np.int64], first: int, stop: int, missing: float, width: int = 1) -> NDArray[Any]:
        """Return the values of some records and of the samples from ``first`` to before ``stop``: records x samples x ``width``.

        ``missing`` stands for what is not there.
        """
        shape = (len(records), stop - first, width)
        if not self.values.size:
            return np.full(shape, missing, dtype=self.values.dtype)
        starts = np.array(self.starts)[records, None, None]
        widths = np.array(self.widths)[records, None, None]
        at = starts + np.arange(first, stop)[None, :, None] * widths + np.arange(width)
        there = np.arange(width) < widths
        return np.where(there, self.values[np.where(there, at, 0)], self.values.dtype.type(missing))

    def bytes(self, record: int, samples: int) -> NDArray[np.uint8] | None:
        """Return the values of a record as bytes, a row a sample, or ``None`` where it does not have the key."""
        width, start = self.widths[record], self.starts[record]
        if not width:
            return None
        return np.ascontiguousarray(self.values[start : start + width * samples].reshape(samples, width)).view(np.uint8)


def _column(values: "array[Any]", widths: list[int], samples: int) -> SampleColumn:
    packed = np.frombuffer(values, dtype=values.typecode)
    starts = list(accumulate((width * samples for width in widths), initial=0))
    return SampleColumn(packed, widths, starts, packed.tolist() if samples < _MANY else None)


class SampleColumns:
    """Takes the sample columns of one record after the other. ``wanted`` are the columns that are kept, in order, of ``samples``.

    ``filters`` are FT of each record, ``None`` where it has none. What is no number counts as missing.
    """

    def __init__(self, limits: Limits, wanted: Sequence[int], samples: int, names: FilterNames, judge: Judge) -> None:
        self.filters: list[list[str] | None] = []
        self._limits = limits
        self._wanted = wanted
        self._all = len(wanted) == samples
        self._names = names
        self._judge = judge
        self._padding = 0
        self._genotypes: dict[bytes, Genotype] = {}
        self._phase_sets = PhaseSets()
        self._values: dict[str, array[Any]] = {key: array(code) for key, code in _TYPES.items()}
        self._forms: list[FormatColumn] = []
        self._widths: dict[str, list[int]] = {"GT": [], "AD": [], "SOUND": []}
        """Values a sample of each record; all other keys have one where FORMAT has the key."""

    @property
    def samples(self) -> int:
        """How many samples are kept."""
        return len(self._wanted)

    def add(self, form: FormatColumn, text: bytes, alts: int, marker: Marker, *, legible: bool) -> None:
        """Take the sample columns of a record of so many ALTs; every one is checked. Raises ``FieldError``.

        ``legible``: whether REF can be read. If not, nobody knows what allele 0 is; the others are carried, whatever they are.
        """
        columns = text.split(b"\t")
        if form.genotypes_alone:
            rows: Sequence[Sequence[bytes]] = ()
            genotypes = self._genotypes_alone(columns, alts)
        else:
            rows = form.rows(columns)
            genotypes = self._genotypes_of(form, rows, alts)
            if not self._all:
                rows = [rows[index] for index in self._wanted]
        self._add_numbers(form, rows, alts)
        self._add_genotypes(genotypes if legible else [genotype.without_reference() for genotype in genotypes])
        index = form.indexes.get("FT")
        self.filters.append(None if index is None else [self._names.of_sample(row[index]) for row in rows])
        self._judge_all(form, marker, genotypes, rows)
        self._forms.append(form)

    def columns(self) -> dict[str, SampleColumn]:
        """Return the columns of all records: GT, the numbers by key, and the judgement on each genotype (``SOUND``)."""
        order = [id(form) for form in self._forms]
        numbers = {name: form.numbers for name, form in {id(form): form for form in self._forms}.items()}
        widths = dict(self._widths)
        for key in _TYPES.keys() - widths.keys():
            has = {name: int(key in keys) for name, keys in numbers.items()}
            widths[key] = [has[name] for name in order]
        return {key: _column(values, widths[key], self.samples) for key, values in self._values.items()}

    def _genotypes_alone(self, columns: Sequence[bytes], alts: int) -> list[Genotype]:
        """Return the wanted genotypes of a FORMAT of GT alone, where a cohort has few distinct columns."""
        known = {text: self._genotype(text, alts) for text in set(columns)}
        return [known[text] for text in (columns if self._all else [columns[index] for index in self._wanted])]

    def _genotypes_of(self, form: FormatColumn, rows: Sequence[Sequence[bytes]], alts: int) -> list[Genotype]:
        """Return the wanted genotypes; those of the other samples are checked, too."""
        index = form.indexes.get("GT")
        if index is None:
            return [MISSING_GENOTYPE] * self.samples
        found = [self._genotype(row[index], alts) for row in rows]
        return found if self._all else [found[column] for column in self._wanted]

    def _genotype(self, text: bytes, alts: int) -> Genotype:
        genotype = self._genotypes.get(text)
        if genotype is None:
            genotype = self._genotypes[text] = read_genotype(text)
        if genotype.highest > alts or genotype.highest > LARGEST:
            raise FieldError(ALLELE_OUT_OF_RANGE, f"The record has {alts} alternate alleles.")
        return genotype

    def _add_genotypes(self, genotypes: Sequence[Genotype]) -> None:
        packed = [genotype.packed for genotype in genotypes]
        size = len(packed[0])
        if any(len(one) != size for one in packed):
            size = max(map(len, packed))
            packed = [genotype.padded(size // 2 - 1) for genotype in genotypes]
        self._values["GT"].frombytes(b"".join(packed))
        self._widths["GT"].append(size // 2)

    def _add_numbers(self, form: FormatColumn, rows: Sequence[Sequence[bytes]], alts: int) -> None:
        values = self._values
        for key, read, index in form.readers:
            values[key].extend([read(row[index]) for row in rows])
        if form.phase_keys:
            values["PS"].extend(self._phase_sets.numbers({key: [row[index] for row in rows] for key, index in form.phase_keys}))
        depths = form.indexes.get("AD")
        reads = [] if depths is None else [self._depths(row[depths], alts) for row in rows]
        if form.reads:
            others = [allele_reads({key: row[index] for key, index in form.reads}, alts) for row in rows]
            reads = [one if other is UNKNOWN or len(one) > 1 else other for one, other in zip(reads or others, others, strict=True)]
        self._widths["AD"].append(self._add_depths(values["AD"], reads) if reads else 0)

    def _add_depths(self, values: "array[Any]", rows: Sequence[Sequence[int]]) -> int:
        """Take the reads of each allele; return how many values each sample has, the short rows filled up."""
        width = max(map(len, rows))
        there = sum(map(len, rows))
        self._padding += max(len(rows) * width - (1 + _PADDING_SHARE) * there, 0)
        if self._padding > self._limits.max_padded_values:
            raise FieldError(TOO_MANY_VALUES, f"The cap is {self._limits.max_padded_values} values that fill up short rows.")
        for row in rows:
            values.extend(row)
            if len(row) < width:
                values.extend([PADDING] * (width - len(row)))
        return width

    def _depths(self, text: bytes, alts: int) -> list[int]:
        """Return the depths of one sample: one missing value where any of them is no number, or there are more than alleles.

        Nobody knows which alleles are meant by a surplus (`bcftools norm -m-` leaves one where AD is declared ``Number=.``).
        """
        surplus = text.count(b",") - alts
        if surplus > 0:
            if surplus > self._limits.max_alts:
                raise FieldError(TOO_MANY_VALUES, "AD has one for REF and one for each ALT (Number=R).")
            return [MISSING]
        parts = text.split(b",")
        depths = [read_natural(part) for part in parts]
        if MISSING in depths and any(depth == MISSING and part != b"." for depth, part in zip(depths, parts, strict=True)):
            return [MISSING]
        return depths

    def _judge_all(self, form: FormatColumn, marker: Marker, genotypes: Sequence[Genotype], rows: Sequence[Sequence[bytes]]) -> None:
        """Keep the judgement on each genotype; a record of genotypes alone in which nothing can be judged gets none."""
        if not rows and not marker.judges:
            self._widths["SOUND"].append(0)
            return
        judge, keys = self._judge.judge, form.judged
        texts = map(form.judged_texts, rows) if rows else repeat((), len(genotypes))
        self._values["SOUND"].extend([judge(marker, one.alleles, keys, row) for one, row in zip(genotypes, texts, strict=True)])
        self._widths["SOUND"].append(1)
