"""Small counts are left out, and cannot be worked out from the rows, groups and tables that are shown."""

from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, milp

from tests.statistics.people import GENE, tables
from trdpgx.statistics.frequencies import TABLES, frequencies
from trdpgx.statistics.multiqc import write_cohort_content
from trdpgx.statistics.page import frequency_page

LEAST = 5
DIPLOTYPES = {"*1/*1": "NM", "*1/*2": "IM", "*2/*2": "PM"}


def cohort(rng: np.random.Generator) -> dict[str, pl.DataFrame]:
    """Return a cohort in two groups, in which few people have two decreased alleles."""
    people = int(rng.integers(30, 90))
    made, _ = tables(rng, people)
    chosen = rng.choice(list(DIPLOTYPES), people, p=(0.7, 0.25, 0.05)).tolist()
    own = (
        made["genes"]
        .filter(pl.col("gene") == GENE)
        .with_columns(pl.Series("diplotypes", [[one] for one in chosen]), pl.Series("phenotype", [DIPLOTYPES[one] for one in chosen]))
    )
    known = [{"gene": GENE, "diplotype": one, "alleles": one.split("/")} for one in DIPLOTYPES]
    return {**made, "genes": own, "diplotypes": pl.DataFrame(known)}


def counted(table: str, item: str, diplotype: str) -> float:
    return {
        "calls": 1.0,
        "alleles": float(diplotype.split("/").count(item)),
        "diplotypes": float(diplotype == item),
        "phenotypes": float(DIPLOTYPES[diplotype] == item),
    }[table]


def limits(made: Mapping[str, pl.DataFrame]) -> list[LinearConstraint]:
    """Return what somebody who sees the tables knows of the people with each diplotype in both groups: six numbers."""
    groups = {"a": (1, 0), "b": (0, 1), "all": (1, 1)}
    known = []

    def add(row: NDArray[np.float64], value: int | None, unit: int) -> None:
        low, high = (0, unit - 1) if value is None else (max(unit, value - unit + 1), value + unit - 1)
        known.append(LinearConstraint(row, low, high))

    for table in ("calls", "alleles", "diplotypes", "phenotypes"):
        for row in made[table].filter(pl.col("gene") == GENE).to_dicts():
            unit = LEAST * 2 if table == "alleles" else LEAST
            own = np.array([counted(table, row["item"], one) for one in DIPLOTYPES])
            every = np.full(3, 2.0 if table == "alleles" else 1.0)
            for weights, value in ((own, row["count"]), (every, row["total"])):
                add(np.concatenate([weights * there for there in groups[row["group"]]]), value, unit)
    return known


@pytest.mark.parametrize("seed", range(25))
def test_no_small_count_can_be_worked_out_from_all_tables_and_groups(seed: int) -> None:
    made = frequencies(cohort(np.random.default_rng(seed)), by="group", suppress_below=LEAST)
    known = limits(made)
    hidden = made["diplotypes"].filter(pl.col("suppressed"), pl.col("group") != "all")
    for group, item in hidden.select("group", "item").iter_rows():
        cost = np.zeros(6)
        cost[("a", "b").index(group) * 3 + list(DIPLOTYPES).index(item)] = 1
        least, most = (sign * milp(sign * cost, constraints=known, integrality=np.ones(6)).fun for sign in (1, -1))
        assert round(most) > round(least), (group, item)


def test_shown_counts_are_multiples_near_the_counts_and_small_ones_are_left_out() -> None:
    made = cohort(np.random.default_rng(4))
    free, kept = frequencies(made, by="group"), frequencies(made, by="group", suppress_below=LEAST)
    hidden = 0
    for name in TABLES:
        keys, twice = ("group", "gene", "item"), name in {"alleles", "variants"}
        before = {tuple(row[key] for key in keys): row for row in free[name].to_dicts()}
        items = {key[1:] for key in before if key[2] is not None}
        assert {tuple(row) for row in kept[name].select(keys).rows()} >= {(group, *one) for group in ("all", "a", "b") for one in items}
        for after in kept[name].to_dicts():
            row = before.get(tuple(after[key] for key in keys), {"count": 0})
            for column in ("people", "not_called", "total", "count", "homozygous", "heterozygous"):
                if row.get(column) is None:
                    continue
                unit = LEAST * 2 if twice and column in {"total", "count"} else LEAST
                if row[column] < unit or (after["suppressed"] and column in {"count", "homozygous", "heterozygous"}):
                    hidden += 1
                    assert after[column] is None
                else:
                    assert after[column] % unit == 0
                    assert abs(after[column] - row[column]) < unit
            assert (after["frequency"] is None) is after["suppressed"]
        assert "hwe_p" not in kept[name].columns or kept[name]["hwe_p"].is_null().all()
    assert hidden


def test_rounding_is_the_same_in_a_second_run_and_keeps_the_mean() -> None:
    made, known = tables(np.random.default_rng(4), 200)
    shown = [frequencies(made, suppress_below=10)["variants"]["count"][0] for _ in range(2)]
    assert shown[0] == shown[1]
    made["variants"], counts = made["variants"].filter(pl.col("id") == "rs6265"), []
    for seed in range(200):
        own = {**made, "genes": made["genes"].head(1).with_columns(pl.lit(f"P{seed}").alias("sample"))}
        counts.append(frequencies(own, suppress_below=10)["variants"]["count"][0])
    true = int(known["rs6265"].sum())
    assert abs(np.mean(counts) - true) < 4 * np.std(counts) / np.sqrt(len(counts)) + 1e-9
    assert set(counts) <= {true // 20 * 20, true // 20 * 20 + 20}


def test_a_group_of_one_and_a_gene_that_is_never_called(tmp_path: object) -> None:
    made, _ = tables(np.random.default_rng(6), 40)
    names = ["=cmd()"] + ["<script>alert(1)</script>"] * 19 + [""] * 10 + ["Größe 組"] * 10
    made["samples"] = made["samples"].with_columns(pl.Series("group", names))
    made["genes"] = made["genes"].with_columns(
        pl.when(pl.col("gene") == GENE).then(pl.lit("no_call")).otherwise(pl.col("status")).alias("status"),
        pl.when(pl.col("gene") == GENE).then(None).otherwise(pl.col("phenotype")).alias("phenotype"),
    )
    for least in (0, LEAST):
        shown = frequencies(made, by="group", suppress_below=least)
        page = frequency_page(shown, made, suppress_below=least)
        assert "<script>alert" not in page
        assert "組" in page
        assert 0 < page.index("NM (Normal Metabolizer)") < page.index("IM (Intermediate Metabolizer)")
        never = shown["alleles"].filter(pl.col("gene") == GENE)
        assert never["frequency"].is_null().all()
        lonely = shown["calls"].filter(pl.col("group") == "=cmd()")
        assert lonely["people"].to_list() == ([1, 1] if least == 0 else [None, None])
        write_cohort_content(tmp_path, shown)  # type: ignore[arg-type]
