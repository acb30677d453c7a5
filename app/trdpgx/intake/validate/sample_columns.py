"""The sample columns of records over the panel, packed key by key: genotypes, numbers, FT, and whether a genotype is sound."""

from array import array
from collections.abc import Mapping, Sequence
from itertools import accumulate, chain, compress, repeat
from typing import Any, NamedTuple, TypeVar

import numpy as np
from msgspec import Struct
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
_Value = TypeVar("_Value")
_TYPES = {"GT": "h", "PS": "i", "DP": "i", "MIN_DP": "i", "AD": "i", "GQ": "f", "CN": "f", "RD_CN": "f", "SOUND": "b"}
"""Type codes of ``array``: of GT, then of the keys of FORMAT, then of the judgement on each genotype."""


class SampleColumn(Struct, frozen=True):
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
    starts = list(accumulate(map(samples.__mul__, widths), initial=0))
    return SampleColumn(packed, widths, starts, packed.tolist() if samples < _MANY else None)


class SampleText(NamedTuple):
    """The sample columns of one record as text, with the number of its ``line`` and of its ``alts``.

    ``legible``: whether REF can be read. If not, nobody knows what allele 0 is; the others are carried, whatever they are.
    """

    line: int | None
    text: bytes
    alts: int
    marker: Marker
    legible: bool


class _Genotypes(dict[bytes, Genotype]):
    """The genotypes of one input by their text, each read once."""

    def __missing__(self, text: bytes) -> Genotype:
        genotype = self[text] = read_genotype(text)
        return genotype


class SampleColumns:
    """Takes the sample columns of the records in their order. ``wanted`` are the columns that are kept, in order, of ``samples``.

    The attribute ``samples`` is how many are kept, ``filters`` are FT of each record (``None``: it has none). Other text than a number
    counts as missing.
    """

    def __init__(self, limits: Limits, wanted: Sequence[int], samples: int, names: FilterNames, judge: Judge) -> None:
        self.filters: list[list[str] | None] = []
        self._limits = limits
        self._wanted = wanted
        self._all = len(wanted) == samples
        self._names = names
        self._judge = judge
        self._padding = 0
        self.samples = len(wanted)
        self._columns = samples
        self._genotypes = _Genotypes()
        self._phase_sets = PhaseSets()
        self._values: dict[str, array[Any]] = {key: array(code) for key, code in _TYPES.items()}
        self._forms: list[FormatColumn] = []
        self._widths: dict[str, list[int]] = {"GT": [], "AD": [], "SOUND": []}
        """Values a sample of each record; all other keys have one where FORMAT has the key."""

    def add(self, form: FormatColumn, records: Sequence[SampleText]) -> None:
        """Take the sample columns of some records in a row with this FORMAT; every one is checked.

        Raises ``FieldError`` where any of them is wrong. The columns must not be read after that; the same records can be added one by one
        to find the first that is wrong.
        """
        columns = [column for record in records for column in record.text.split(b"\t")]
        rows: Sequence[Sequence[bytes]] = () if form.genotypes_alone else form.rows(columns)
        genotypes = self._read_genotypes(form, columns, rows, records)
        if not self._all:
            rows, genotypes = self._wanted_of(rows), self._wanted_of(genotypes)
        texts = dict(zip(form.indexes, zip(*rows, strict=True), strict=True)) if rows and form.indexes else {}
        padding = self._add_numbers(form, texts, records)
        self._add_filters(texts.get("FT"), len(records))
        self._add_genotypes(genotypes, records)
        self._judge_all(form, rows, genotypes, records)
        self._forms.extend([form] * len(records))
        self._padding = padding

    def columns(self) -> dict[str, SampleColumn]:
        """Return the columns of all records: GT, the numbers by key, and the judgement on each genotype (``SOUND``)."""
        order = [id(form) for form in self._forms]
        numbers = {name: form.numbers for name, form in {id(form): form for form in self._forms}.items()}
        widths = dict(self._widths)
        for key in _TYPES.keys() - widths.keys():
            has = {name: int(key in keys) for name, keys in numbers.items()}
            widths[key] = [has[name] for name in order]
        return {key: _column(values, widths[key], self.samples) for key, values in self._values.items()}

    def _wanted_of(self, values: Sequence[_Value]) -> list[_Value]:
        """Return those of the samples that are kept, of records in a row."""
        return [values[start + column] for start in range(0, len(values), self._columns) for column in self._wanted]

    def _read_genotypes(
        self, form: FormatColumn, columns: Sequence[bytes], rows: Sequence[Sequence[bytes]], records: Sequence[SampleText]
    ) -> Sequence[Genotype]:
        """Return the genotypes of all samples, of which a cohort has few distinct ones."""
        index = form.indexes.get("GT")
        if index is None:
            return [MISSING_GENOTYPE] * len(columns)
        texts = columns if form.genotypes_alone else [row[index] for row in rows]
        if max([self._genotypes[text].highest for text in set(texts)]) > min(*[record.alts for record in records], LARGEST):
            for start, record in zip(range(0, len(texts), self._columns), records, strict=True):
                if max([self._genotypes[text].highest for text in texts[start : start + self._columns]]) > min(record.alts, LARGEST):
                    raise FieldError(ALLELE_OUT_OF_RANGE, f"The record has {record.alts} alternate alleles.")
        return list(map(self._genotypes.__getitem__, texts))

    def _add_genotypes(self, genotypes: Sequence[Genotype], records: Sequence[SampleText]) -> None:
        """Take the genotypes, those of one record as long as its longest."""
        for number, record in enumerate(records) if not all(record.legible for record in records) else ():
            if not record.legible:
                first, stop = number * self.samples, (number + 1) * self.samples
                genotypes = [*genotypes[:first], *(one.without_reference() for one in genotypes[first:stop]), *genotypes[stop:]]
        packed = [genotype.packed for genotype in genotypes]
        sizes = list(map(len, packed))
        if min(sizes) == max(sizes):
            widest = [sizes[0]] * len(records)
        else:
            widest = [max(sizes[start : start + self.samples]) for start in range(0, len(sizes), self.samples)]
            packed = [genotype.padded(widest[at // self.samples] // 2 - 1) for at, genotype in enumerate(genotypes)]
        self._values["GT"].frombytes(b"".join(packed))
        self._widths["GT"].extend([size // 2 for size in widest])

    def _add_filters(self, texts: Sequence[bytes] | None, records: int) -> None:
        if texts is None:
            self.filters.extend([None] * records)
        else:
            names = list(map(self._names.of_sample, texts))
            self.filters.extend([names[start : start + self.samples] for start in range(0, len(names), self.samples)])

    def _add_numbers(self, form: FormatColumn, texts: Mapping[str, Sequence[bytes]], records: Sequence[SampleText]) -> int:
        """Take the numbers of each key; return how much padding there is by now."""
        values = self._values
        for key, read in form.readers:
            values[key].extend(map(read, texts[key]))
        if form.phase_keys:
            values["PS"].extend(self._phase_sets.numbers({key: texts[key] for key in form.phase_keys}, self.samples))
        if not (form.reads or "AD" in texts):
            self._widths["AD"].extend([0] * len(records))
            return self._padding
        alts = [record.alts for record in records for _ in range(self.samples)]
        reads = list(map(self._depths, texts["AD"], alts)) if "AD" in texts else []
        if form.reads:
            keys = [texts[key] for key in form.reads]
            others = [allele_reads(dict(zip(form.reads, one, strict=True)), most) for *one, most in zip(*keys, alts, strict=True)]
            reads = [one if other is UNKNOWN or len(one) > 1 else other for one, other in zip(reads or others, others, strict=True)]
        return self._add_depths(reads)

    def _add_depths(self, rows: Sequence[Sequence[int]]) -> int:
        """Take the reads of each allele, short rows filled up to the longest of their record; return how much padding there is by now."""
        values, padding, samples = self._values["AD"], self._padding, self.samples
        sizes = list(map(len, rows))
        widest = [max(sizes[start : start + samples]) for start in range(0, len(rows), samples)]
        self._widths["AD"].extend(widest)
        if sum(sizes) == sum(widest) * samples:
            values.extend(chain.from_iterable(rows))
            return padding
        for start, width in zip(range(0, len(rows), samples), widest, strict=True):
            there = sum(sizes[start : start + samples])
            padding += max(samples * width - (1 + _PADDING_SHARE) * there, 0)
            if padding > self._limits.max_padded_values:
                raise FieldError(TOO_MANY_VALUES, f"The cap is {self._limits.max_padded_values} values that fill up short rows.")
            for row in rows[start : start + samples]:
                values.extend([*row, *[PADDING] * (width - len(row))])
        return padding

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
        depths = list(map(read_natural, parts))
        if MISSING in depths and any(depth == MISSING and part != b"." for depth, part in zip(depths, parts, strict=True)):
            return [MISSING]
        return depths

    def _judge_all(
        self, form: FormatColumn, rows: Sequence[Sequence[bytes]], genotypes: Sequence[Genotype], records: Sequence[SampleText]
    ) -> None:
        """Keep the judgement on each genotype; a record of genotypes alone in which nothing can be judged gets none."""
        judged = [not form.genotypes_alone or record.marker.judges for record in records]
        self._widths["SOUND"].extend(map(int, judged))
        if not any(judged):
            return
        texts = map(form.judged_texts, rows) if rows else repeat(())
        judgements = list(
            map(
                self._judge.judge,
                chain.from_iterable([repeat(record.marker, self.samples) for record in records]),
                [genotype.alleles for genotype in genotypes],
                repeat(form.judged),
                texts,
            )
        )
        self._values["SOUND"].extend(
            judgements if all(judged) else compress(judgements, [one for one in judged for _ in range(self.samples)])
        )
