"""Results as frames: the rows of distinct items are made once, and gathered for the samples that have them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from trdpgx.cohort.sample_results import SampleResults, outline
from trdpgx.cohort.tables import COLUMNS, CONSIDERATIONS, DIPLOTYPES, frame_of, report_table, schema_of
from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import DiplotypeReport
from trdpgx.reasoning.considerations import consideration_id
from trdpgx.report.tables.column import SAMPLE

_SAMPLE = {SAMPLE: pl.String()}


def results_frames(
    results: SampleResults, names: Sequence[str], kept: NDArray[np.bool_], rule_texts: Mapping[str, str]
) -> dict[str, pl.DataFrame]:
    """Return the tables of some results, with the samples under these names.

    ``kept`` tells which samples get rows, ``rule_texts`` has the text of each rule.
    """
    calls, shown = results.calls, pl.Series(SAMPLE, names, pl.String)
    samples = np.flatnonzero(kept)
    return {
        "samples": _samples(shown, results, samples),
        "genes": _gathered(shown, frame_of(COLUMNS["genes"], calls.genes), calls.gene_index, samples),
        "variants": _gathered(shown, frame_of(COLUMNS["variants"], calls.variants), calls.variant_index, samples),
        "rare_variants": _rare_variants(shown, results, samples),
        "considerations": _considerations(shown, results, kept, rule_texts),
        "diplotypes": _diplotypes(results, samples),
    }


def _samples(names: pl.Series, results: SampleResults, samples: NDArray[np.int64]) -> pl.DataFrame:
    columns = [column for column in COLUMNS["samples"] if column in report_table("samples").columns]
    frame = frame_of(columns, results.outlines)
    return _rows(frame, results.outline_index[samples]).insert_column(0, names.gather(samples))


def _gathered(names: pl.Series, rows: pl.DataFrame, index: NDArray[np.int32], samples: NDArray[np.int64]) -> pl.DataFrame:
    """Return a row for each sample and column of the index that holds one, sample by sample."""
    own = index[samples]
    there = own >= 0
    sample = np.repeat(samples, there.sum(axis=1))
    return _rows(rows, own[there]).insert_column(0, names.gather(sample))


def _rows(frame: pl.DataFrame, numbers: NDArray[Any]) -> pl.DataFrame:
    """Return some rows of a frame, by their numbers."""
    return frame.select(pl.all().gather(pl.Series(numbers.astype(np.uint32))))


def _rare_variants(names: pl.Series, results: SampleResults, samples: NDArray[np.int64]) -> pl.DataFrame:
    table, calls = report_table("rare_variants"), results.calls
    undefined = np.array([bool(gene.undefined_variants) for gene in calls.genes], dtype=np.bool_)
    carriers = {*results.rare_variants, *np.flatnonzero(np.any((calls.gene_index >= 0) & undefined[calls.gene_index], axis=1)).tolist()}
    rows = []
    for sample in sorted(carriers & set(samples.tolist())):
        genes = [calls.genes[number] for number in calls.gene_index[sample].tolist() if number >= 0]
        items = table.items(outline(genes=genes, rare_variants=results.rare_variants.get(sample, ())))
        rows += [(sample, item) for item in items]
    frame = frame_of(table.columns, [item for _, item in rows])
    return frame.insert_column(0, names.gather([sample for sample, _ in rows]))


def _considerations(names: pl.Series, results: SampleResults, kept: NDArray[np.bool_], rule_texts: Mapping[str, str]) -> pl.DataFrame:
    """Return the considerations of all samples: those of whole reports come from these, each with the id that it has there."""
    considered = results.considered
    own = [(sample, one) for sample, report in results.reports.items() for one in report.considerations]
    distinct = [*considered.distinct, *(one for _, one in own)]
    rows = frame_of(CONSIDERATIONS, distinct).with_columns(_texts(distinct, rule_texts))
    item = np.concatenate([considered.item, np.arange(len(own)) + len(considered.distinct)])
    sample = np.concatenate([considered.sample, np.array([sample for sample, _ in own], dtype=np.int64)])
    number = np.concatenate([considered.number, np.array([int(one.id[1:]) for _, one in own], dtype=np.int64)])
    order = np.lexsort((number, sample))
    order = order[kept[sample[order]]]
    ids = pl.Series("id", [consideration_id(one) for one in range(1, int(number.max(initial=0)) + 1)], pl.String)
    frame = _rows(rows, item[order]).with_columns(ids.gather(number[order] - 1).alias("id"))
    return frame.insert_column(0, names.gather(sample[order]))


def _texts(distinct: Sequence[Consideration], rule_texts: Mapping[str, str]) -> pl.Series:
    return pl.Series("text", [None if rule_texts.get(one.rule_id) == one.text else one.text for one in distinct], pl.String)


def _diplotypes(results: SampleResults, samples: NDArray[np.int64]) -> pl.DataFrame:
    """Return the diplotypes that any of the samples has, each once, in the order of their names."""
    calls = results.calls
    used = np.unique(calls.gene_index[samples])
    items: dict[object, tuple[str, DiplotypeReport]] = {}
    for report in (calls.genes[number] for number in used.tolist() if number >= 0):
        for one in report.diplotypes:
            item = (report.gene, one)
            items.setdefault(tuple(column.read(item) for column in DIPLOTYPES), item)
    return frame_of(DIPLOTYPES, list(items.values())).sort("gene", "diplotype", "activity_score", maintain_order=True)


def empty_frame(name: str) -> pl.DataFrame:
    """Return a table without a row."""
    own = {} if name in {"rules", "diplotypes", "errors"} else _SAMPLE
    return pl.DataFrame(schema={**own, **schema_of(COLUMNS[name])})
