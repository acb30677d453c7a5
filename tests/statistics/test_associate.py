"""Associations: planted effects are seen, what cannot be tested is listed with its reason, and figures are those of plain formulas."""

import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import fisher_exact, ttest_ind

from tests.statistics.people import binary, sheet, tables
from trdpgx.pipeline import Service
from trdpgx.statistics.associate import LIMITS, AssociationTables, associate
from trdpgx.statistics.export import carrier_table, write_regenie
from trdpgx.statistics.masks import with_masks
from trdpgx.statistics.outcome import OutcomeError, read_outcome
from trdpgx.statistics.page import association_page

LIBRARY = Service().knowledge.rulebook
PEOPLE = 3000


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[AssociationTables, dict[str, pl.DataFrame]]:
    rng = np.random.default_rng(7)
    made, known = tables(rng, PEOPLE, carriers=0.05)
    age = rng.normal(50, 10, PEOPLE)
    log_odds = -1 + 0.5 * known["score"] + 1.2 * known["carrier"] + 0.03 * (age - 50)
    path = sheet(tmp_path_factory.mktemp("sheet"), response=binary(rng, log_odds), age=age, pc1=rng.normal(size=PEOPLE))
    outcome = read_outcome(path, made["samples"]["sample"].to_list(), "response", ["age", "pc1"])
    return associate(made, outcome, LIBRARY), made


def row(frame: pl.DataFrame, **wanted: str) -> dict[str, object]:
    (found,) = frame.filter(*(pl.col(name) == value for name, value in wanted.items())).to_dicts()
    return found


def test_planted_effects_lie_in_their_intervals(planted: tuple[AssociationTables, dict[str, pl.DataFrame]]) -> None:
    made, _ = planted
    score = row(made.associations, predictor="CYP2D6 activity score")
    assert score["low"] < 0.5 < score["high"]  # type: ignore[operator]
    assert score["p_bonferroni"] < 0.001  # type: ignore[operator]
    assert score["odds_ratio"] == pytest.approx(math.exp(score["effect"]))  # type: ignore[arg-type]
    carrier = row(made.burden, gene_set="PRKRA", mask="qualifying")
    assert carrier["low"] < 1.2 < carrier["high"]  # type: ignore[operator]
    assert carrier["fisher_p"] < 0.001  # type: ignore[operator]
    assert row(made.burden, gene_set="PRKRA", mask="synonymous")["fisher_p"] > 0.01  # type: ignore[operator]


def test_each_row_has_its_counts_the_tests_of_the_run_and_what_was_published(
    planted: tuple[AssociationTables, dict[str, pl.DataFrame]],
) -> None:
    made, _ = planted
    variant = row(made.associations, predictor="rs6265")
    numbers = [int(number) for part in str(variant["counts"]).split(", ") for number in part.split()[1].split(":")]
    assert sum(numbers) == PEOPLE == variant["n"]
    assert variant["tests"] == made.associations["p"].is_not_null().sum()
    assert "research-bdnf-rs6265-ketamine-met" in variant["published_rules"]  # type: ignore[operator]
    assert "Laje 2012" in str(variant["published"])
    pair = row(made.associations, kind="interaction")
    assert pair["predictor"] == "rs6311 x rs6265"
    assert variant["detectable_effect"] > 1  # type: ignore[operator]


def test_limits_come_with_every_result_and_principal_components_are_asked_for(
    planted: tuple[AssociationTables, dict[str, pl.DataFrame]],
) -> None:
    made, cohort = planted
    assert made.notes[: len(LIMITS)] == LIMITS
    assert not any("No principal component" in note for note in made.notes)
    page = association_page(made)
    assert all(note in page for note in ("Most associations of candidate genes", "CYP2D6 activity score"))
    assert "<script" not in page
    del cohort


def test_the_burden_table_is_fishers(planted: tuple[AssociationTables, dict[str, pl.DataFrame]]) -> None:
    made, _ = planted
    found = row(made.burden, gene_set="PRKRA", mask="qualifying")
    a, n1, b, n0 = (int(found[name]) for name in ("carriers_cases", "cases", "carriers_controls", "controls"))  # type: ignore[call-overload]
    assert found["fisher_p"] == pytest.approx(fisher_exact([[a, n1 - a], [b, n0 - b]])[1])


def test_without_covariates_the_odds_ratio_is_that_of_the_two_by_two_table(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    made, known = tables(rng, 800)
    response = binary(rng, -0.5 + 0.8 * known["pm"])
    outcome = read_outcome(sheet(tmp_path, response=response), made["samples"]["sample"].to_list(), "response")
    found = row(associate(made, outcome, LIBRARY).associations, predictor="CYP2C19 PM against NM")
    poor = known["pm"] == 1
    a, b, c, d = (int(((response == y) & (poor == x)).sum()) for y, x in ((1, True), (0, True), (1, False), (0, False)))
    assert found["odds_ratio"] == pytest.approx(a * d / (b * c), rel=1e-5)
    assert found["standard_error"] == pytest.approx(math.sqrt(1 / a + 1 / b + 1 / c + 1 / d), rel=1e-4)
    assert any("No principal component" in note for note in associate(made, outcome, LIBRARY).notes)


def test_a_continuous_outcome_is_linear(tmp_path: Path) -> None:
    rng = np.random.default_rng(9)
    made, known = tables(rng, 1000)
    score = 20 - 2 * known["rs6265"] + rng.normal(0, 5, 1000)
    outcome = read_outcome(sheet(tmp_path, change=score), made["samples"]["sample"].to_list(), "change")
    result = associate(made, outcome, LIBRARY)
    found = row(result.associations, predictor="rs6265")
    assert found["low"] < -2 < found["high"]  # type: ignore[operator]
    assert (found["model"], found["odds_ratio"], found["cases"]) == ("linear", None, None)
    assert association_page(result)


def test_what_cannot_be_tested_is_listed_with_its_reason(tmp_path: Path) -> None:
    rng = np.random.default_rng(10)
    made, known = tables(rng, 300, carriers=0.004)
    separated = known["pm"].astype(int)
    outcome = read_outcome(sheet(tmp_path, response=separated), made["samples"]["sample"].to_list(), "response")
    result = associate(made, outcome, LIBRARY)
    found = row(result.associations, predictor="CYP2C19 PM against NM")
    assert found["p"] is None
    assert "separates" in str(found["note"])
    assert "fewer than 5" in str(row(result.burden, gene_set="ZNF248", mask="qualifying")["note"])
    assert association_page(result)


@pytest.mark.parametrize(
    ("columns", "covariates", "words"),
    [
        ({"response": ["1"] * 50}, [], "the same"),
        ({"response": ["good", "bad"] * 25}, [], "neither a number nor a word"),
        ({"other": ["1", "0"] * 25}, [], "no column 'response'"),
        ({"response": ["1", "0"] * 25}, ["age"], "no column 'age'"),
        ({"response": ["NA"] * 50}, [], "no sample of the cohort"),
        ({"response": ["1", "0", "1,5", "2"] + ["1"] * 46}, [], "1 value of 'response' is neither .* the first in line 4"),
        ({"response": ["1", "2"] * 25}, [], "two values, and they are not 0 and 1"),
        ({"response": ["1", "0", "-9", "0", "1"] * 10}, [], "PLINK"),
        ({"response": ["1", "0"] * 25, "age": [40] * 50}, ["age"], "'age' is the same in everybody"),
        (
            {"response": ["1", "0"] * 25, "age": range(50), "born": range(50, 0, -1)},
            ["age", "born"],
            "'born' follows from those before",
        ),
        ({"response": ["1", "0"] * 25, "site": ["a"] * 49 + ["b"]}, ["site"], "'site=b', or everybody else, has the same outcome: join"),
        ({"response": ["1", "0"] * 25, "site": [f"s{number}" for number in range(50)]}, ["site"], "same outcome: join"),
        (
            {"response": ["1", "0"] * 25, "age": ["n/a", *map(str, range(49))]},
            ["age"],
            "1 value of 'age' is no number, .* line 2",
        ),
        (
            {"response": ["1", "0"] * 25, "age": ["inf", *map(str, range(49))]},
            ["age"],
            "1 value of 'age' is no number, .* line 2",
        ),
        ({"response": ["1", "0"] * 25}, ["response"], "'response' cannot be a covariate"),
        ({"response": ["1", "0"] * 25}, ["sample"], "'sample' cannot be a covariate"),
    ],
)
def test_a_sheet_that_cannot_be_used_names_the_column(
    columns: dict[str, list[str]], covariates: list[str], words: str, tmp_path: Path
) -> None:
    with pytest.raises(OutcomeError, match=words):
        read_outcome(sheet(tmp_path, **columns), [f"P{number}" for number in range(50)], "response", covariates)


def test_words_categories_and_people_without_an_outcome(tmp_path: Path) -> None:
    names = [f"P{number}" for number in range(10)]
    response = ["yes", "no", "Yes", "NO", "", "case", "control", "1", "control", "true"]
    path = sheet(tmp_path, response=response, site=["a", "a", "a", "b", "b", "c", "c", "", "a", "b"])
    outcome = read_outcome(path, [*names, "unknown"], "response", ["site"])
    assert outcome.kind == "binary"
    assert outcome.values.tolist() == [1, 0, 1, 0, 1, 0, 0, 1]
    assert set(outcome.covariate_names) == {"site=b", "site=c"}
    assert outcome.left_out == 3


def test_regenie_gets_each_variant_once_and_every_carrier_is_in_the_long_table(
    planted: tuple[AssociationTables, dict[str, pl.DataFrame]], tmp_path: Path
) -> None:
    _, cohort = planted
    sets = {"PRKRA": ("PRKRA",), "ZNF248": ("ZNF248",)}
    masked = with_masks(cohort["rare_variants"], LIBRARY)
    sets |= {"both": ("PRKRA", "ZNF248")}
    annotations, setlist, masks = write_regenie(tmp_path, masked, sets)
    assert annotations.read_text() == "".join(
        f"2:178000000:A:G\t{name}\tsynonymous\n2:178000001:A:G\t{name}\tqualifying\n" for name in ("PRKRA", "both")
    )
    assert setlist.read_text() == "".join(f"{name}\t2\t178000000\t2:178000000:A:G,2:178000001:A:G\n" for name in ("PRKRA", "both"))
    assert masks.read_text() == "qualifying\tqualifying\nsynonymous\tsynonymous\n"
    long = carrier_table(masked, cohort["samples"]["sample"].to_list(), sets)
    assert len(long) == PEOPLE * 6
    assert long.filter("carrier")["sample"].n_unique() == cohort["rare_variants"]["sample"].n_unique()


def test_more_categories_than_a_model_takes(tmp_path: Path) -> None:
    path = sheet(tmp_path, response=["1", "0"] * 60, site=[f"s{number}" for number in range(120)])
    with pytest.raises(OutcomeError, match="'site' has 120 categories, and the cap is 50"):
        read_outcome(path, [f"P{number}" for number in range(120)], "response", ["site"])


def test_a_sample_in_two_rows_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "sheet.tsv"
    path.write_text("sample\tresponse\nA\t1\nB\t0\nA\t0\n")
    with pytest.raises(OutcomeError, match="the first of them line 2"):
        read_outcome(path, ["A", "B"], "response")


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_the_unit_of_a_covariate_changes_no_other_estimate(tmp_path: Path, scale: float) -> None:
    rng = np.random.default_rng(11)
    made, known = tables(rng, 400)
    age = rng.normal(50, 10, 400)
    response = binary(rng, -0.5 + 0.8 * known["pm"] + 0.05 * (age - 50))
    found = []
    for values in (age, (age + 1000) * scale):
        outcome = read_outcome(
            sheet(tmp_path, response=response, age=values), made["samples"]["sample"].to_list(), "response", ["age", "age"]
        )
        found.append(row(associate(made, outcome, LIBRARY).associations, predictor="CYP2C19 PM against NM"))
    assert found[0]["effect"] == pytest.approx(found[1]["effect"], rel=1e-5)
    assert found[0]["p"] == pytest.approx(found[1]["p"], rel=1e-4)


def test_the_linear_p_value_of_carriers_is_students(tmp_path: Path) -> None:
    rng = np.random.default_rng(12)
    made, known = tables(rng, 600, carriers=0.03)
    change = rng.normal(size=600)
    outcome = read_outcome(sheet(tmp_path, change=change), made["samples"]["sample"].to_list(), "change")
    found = row(associate(made, outcome, LIBRARY).burden, gene_set="PRKRA", mask="qualifying")
    carrier = known["carrier"] == 1
    assert found["p"] == pytest.approx(ttest_ind(change[carrier], change[~carrier]).pvalue, rel=1e-9)
