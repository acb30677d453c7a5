"""Frequencies of a cohort and its groups: counted by hand, and of the cohort that our reference was counted from."""

import numpy as np
import polars as pl
import pytest

from tests.statistics.people import GENE, SCORED, tables
from trdpgx.statistics.frequencies import COPIES_UNKNOWN, COPY_CAVEATS, frequencies


def one(frame: pl.DataFrame, **wanted: str) -> dict[str, object]:
    rows = frame.filter(*(pl.col(name) == value for name, value in wanted.items()))
    assert len(rows) == 1
    return dict(rows.row(0, named=True))


def test_counts_by_hand() -> None:
    made, known = tables(np.random.default_rng(1), 200)
    poor = int(known["pm"].sum())
    counted = frequencies(made)
    row = one(counted["phenotypes"], group="all", gene=GENE, item="PM")
    assert (row["count"], row["total"], row["people"], row["not_called"]) == (poor, 200, 200, 0)
    assert row["frequency"] == pytest.approx(poor / 200)
    assert one(counted["alleles"], group="all", gene=GENE, item="*2")["count"] == 2 * poor
    assert one(counted["diplotypes"], group="all", gene=GENE, item="*1/*1")["count"] == 200 - poor
    assert one(counted["activity_scores"], group="all", gene=SCORED, item="2.0")["count"] == int((known["score"] == 2).sum())
    variant = one(counted["variants"], group="all", item="rs6265")
    assert (variant["count"], variant["total"], variant["allele"]) == (int(known["rs6265"].sum()), 400, "T")
    assert variant["homozygous"] == int((known["rs6265"] == 2).sum())


def test_who_was_not_called_is_in_each_row_and_in_no_frequency() -> None:
    made, _ = tables(np.random.default_rng(2), 100)
    lost = pl.col("sample").is_in([f"P{number}" for number in range(30)]) & (pl.col("gene") == GENE)
    none = {"status": "no_call", "phenotype": None}
    made["genes"] = made["genes"].with_columns(
        *(pl.when(lost).then(pl.lit(value)).otherwise(pl.col(name)).alias(name) for name, value in none.items()),
        pl.when(lost).then(pl.lit([], pl.List(pl.String))).otherwise(pl.col("diplotypes")).alias("diplotypes"),
    )
    for name in ("alleles", "diplotypes", "phenotypes"):
        rows = frequencies(made)[name].filter(pl.col("gene") == GENE)
        assert rows["not_called"].to_list() == [30] * len(rows)
        assert rows["frequency"].sum() == pytest.approx(1)


def test_groups_are_counted_beside_everybody() -> None:
    made, _ = tables(np.random.default_rng(3), 100)
    by = frequencies(made, by="group")["phenotypes"].filter(pl.col("gene") == GENE)
    sums = by.group_by("group").agg(pl.col("count").sum())
    assert dict(sums.iter_rows()) == {"all": 100, "a": 50, "b": 50}
    with pytest.raises(KeyError):
        frequencies(made, by="nowhere")


def test_a_group_that_is_called_as_everybody_is_counted_by_itself() -> None:
    made, _ = tables(np.random.default_rng(3), 40)
    made["samples"] = made["samples"].with_columns(pl.Series("group", ["all"] * 10 + [None] * 30))
    rows = frequencies(made, by="group")["calls"].filter(pl.col("gene") == GENE)
    assert dict(rows.select("group", "people").iter_rows()) == {"all": 40, '"all"': 10, "not stated": 30}


def test_a_gene_that_few_people_have_a_row_of_is_not_called_in_the_others() -> None:
    made, _ = tables(np.random.default_rng(3), 40)
    outside = made["genes"].filter(pl.col("gene") == GENE).head(10).with_columns(pl.lit("HLA-B").alias("gene"))
    made["genes"] = pl.concat([made["genes"], outside])
    row = frequencies(made)["calls"].filter(pl.col("gene") == "HLA-B").to_dicts()[0]
    assert (row["item"], row["count"], row["people"], row["not_called"]) == ("called", 10, 40, 30)


def test_a_gene_without_copy_number_is_always_marked() -> None:
    made, _ = tables(np.random.default_rng(5), 50)
    for name in ("alleles", "diplotypes", "phenotypes", "activity_scores"):
        frame = frequencies(made)[name]
        assert set(frame.filter(pl.col("gene") == SCORED)["note"]) == {COPIES_UNKNOWN}
        assert set(frame.filter(pl.col("gene") == GENE)["note"]) <= {None}


@pytest.mark.parametrize("caveat", sorted(COPY_CAVEATS))
def test_copies_that_are_open_or_suspected_are_marked_as_well(caveat: str) -> None:
    made, _ = tables(np.random.default_rng(5), 50)
    one = (pl.col("gene") == SCORED) & (pl.col("sample") == "P7")
    none = pl.lit([], pl.List(pl.String))
    made["genes"] = made["genes"].with_columns(pl.when(one).then(pl.lit([caveat])).otherwise(none).alias("caveats"))
    assert set(frequencies(made)["alleles"].filter(pl.col("gene") == SCORED)["note"]) == {COPIES_UNKNOWN}
