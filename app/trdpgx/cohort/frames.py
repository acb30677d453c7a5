"""Results as rows: each distinct row is made once, and gathered for the samples that have it when a table is written."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from trdpgx.cohort.sample_results import SampleResults, outline
from trdpgx.cohort.tables import COLUMNS, DIPLOTYPES, NOT_READ, consideration_row, considerations_frame, frame_of, rows_frame
from trdpgx.reasoning.considerations import consideration_id
from trdpgx.report.tables import TABLES
from trdpgx.report.tables.column import SAMPLE, Value


class TableRows(Struct, frozen=True):
    """The rows of one table for some samples: ``distinct`` rows, and for each row the indexes of its distinct row and its sample.

    The considerations of 2,000 people take 30 MB as a frame and 3 MB in this form. ``frame`` returns the frame.
    """

    distinct: pl.DataFrame
    row: NDArray[np.uint32] | None = None
    names: pl.Series | None = None
    sample: NDArray[np.uint32] | None = None
    id: NDArray[np.uint32] | None = None
    """Of considerations: the number in the report, from 1."""

    def frame(self) -> pl.DataFrame:
        """Return the rows as a frame."""
        frame = self.distinct if self.row is None else self.distinct.select(pl.all().gather(pl.Series(self.row)))
        if self.id is not None:
            ids = pl.Series("id", [consideration_id(one) for one in range(1, int(self.id.max(initial=0)) + 1)], pl.String)
            frame = frame.with_columns(ids.gather(self.id - 1))
        return frame if self.names is None or self.sample is None else frame.insert_column(0, self.names.gather(self.sample))


def results_rows(
    results: SampleResults, names: Sequence[str], kept: NDArray[np.bool_], rule_texts: Mapping[str, str]
) -> dict[str, TableRows]:
    """Return the tables of some results, with these names of the samples.

    ``kept`` is true for the samples that get rows; ``rule_texts`` has the text of each rule.
    """
    calls, shown = results.calls, pl.Series(SAMPLE, names, pl.String)
    samples = np.flatnonzero(kept)
    return {
        "samples": _samples(shown, results, samples),
        "genes": _gathered(shown, frame_of(COLUMNS["genes"], calls.genes), calls.gene_index, samples),
        "variants": _gathered(shown, frame_of(COLUMNS["variants"], calls.variants), calls.variant_index, samples),
        "rare_variants": _rare_variants(shown, results, samples),
        "considerations": _considerations(shown, results, kept, rule_texts),
        "diplotypes": TableRows(_diplotypes(results, samples)),
    }


def _samples(names: pl.Series, results: SampleResults, samples: NDArray[np.int64]) -> TableRows:
    columns = [*(column for column in COLUMNS["samples"] if column in TABLES["samples"].columns), NOT_READ]
    return TableRows(frame_of(columns, results.outlines), _numbers(results.outline_index[samples]), names, _numbers(samples))


def _gathered(names: pl.Series, rows: pl.DataFrame, index: NDArray[np.int32], samples: NDArray[np.int64]) -> TableRows:
    """Return a row for each sample and column of the index that has an item, sample by sample."""
    own = index[samples]
    present = own >= 0
    return TableRows(rows, _numbers(own[present]), names, _numbers(np.repeat(samples, present.sum(axis=1))))


def _numbers(numbers: NDArray[Any] | Sequence[int]) -> NDArray[np.uint32]:
    return np.asarray(numbers, dtype=np.uint32)


def _rare_variants(names: pl.Series, results: SampleResults, samples: NDArray[np.int64]) -> TableRows:
    table, calls = TABLES["rare_variants"], results.calls
    undefined = np.array([bool(gene.undefined_variants) for gene in calls.genes], dtype=np.bool_)
    carriers = {*results.rare_variants, *np.flatnonzero(np.any((calls.gene_index >= 0) & undefined[calls.gene_index], axis=1)).tolist()}
    rows = []
    for sample in sorted(carriers & set(samples.tolist())):
        genes = [calls.genes[number] for number in calls.gene_index[sample].tolist() if number >= 0]
        items = table.items(outline(genes=genes, rare_variants=results.rare_variants.get(sample, ())))
        rows += [(sample, item) for item in items]
    distinct = frame_of(table.columns, [item for _, item in rows])
    return TableRows(distinct, names=names, sample=_numbers([sample for sample, _ in rows]))


def _considerations(names: pl.Series, results: SampleResults, kept: NDArray[np.bool_], rule_texts: Mapping[str, str]) -> TableRows:
    """Return the considerations of all samples, with their ids in the reports; those of a sample with a whole report are read from it."""
    considered = results.considered
    own = [(sample, one) for sample, report in results.reports.items() for one in report.considerations]
    rows = considerations_frame([*considered.distinct, *(consideration_row(one) for _, one in own)], rule_texts)
    item = np.concatenate([considered.item, np.arange(len(own)) + len(considered.distinct)])
    sample = np.concatenate([considered.sample, np.array([sample for sample, _ in own], dtype=np.int64)])
    number = np.concatenate([considered.number, np.array([int(one.id[1:]) for _, one in own], dtype=np.int64)])
    order = np.lexsort((number, sample))
    order = order[kept[sample[order]]]
    return TableRows(rows, _numbers(item[order]), names, _numbers(sample[order]), _numbers(number[order]))


def _diplotypes(results: SampleResults, samples: NDArray[np.int64]) -> pl.DataFrame:
    """Return the diplotypes that any of the samples has, each once, in the order of their names."""
    calls = results.calls
    used = np.unique(calls.gene_index[samples])
    rows: dict[tuple[Value, ...], None] = {}
    for report in (calls.genes[number] for number in used.tolist() if number >= 0):
        for one in report.diplotypes:
            rows[tuple([column.read((report.gene, one)) for column in DIPLOTYPES])] = None
    return rows_frame(DIPLOTYPES, list(rows)).sort("gene", "diplotype", "activity_score", maintain_order=True)
