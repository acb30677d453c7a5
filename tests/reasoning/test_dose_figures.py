"""Figures of doses: by age, of which that for the age of the context stands alone, and by single genes."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from trdpgx import Service, annotate
from trdpgx.model.dose import AmountByAge, Dose

EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"


def aged(*ranges: tuple[float, float | None]) -> tuple[AmountByAge, ...]:
    return tuple(AmountByAge(from_age=low, to_age=high, amount="10 mg a day") for low, high in ranges)


@pytest.mark.parametrize(
    "ages",
    [
        *(aged((0, 65)), aged((12, None)), aged((0, 60), (65, None)), aged((0, 70), (65, None)), aged((0, None), (65, None))),
        aged((0, 65), (65, 65), (65, None)),
    ],
    ids=str,
)
def test_ages_have_no_gap_and_no_overlap(ages: tuple[AmountByAge, ...]) -> None:
    with pytest.raises(ValidationError, match="gap or an overlap"):
        Dose(maximum_by_age=ages)


def test_a_highest_dose_stands_once() -> None:
    with pytest.raises(ValidationError, match="write one of them"):
        Dose(maximum="10 mg a day", maximum_by_age=aged((0, 65), (65, None)))


def test_no_rule_has_an_age_in_the_words_of_a_highest_dose(service: Service) -> None:
    doses = [rule.dose for rule in service.knowledge.rulebook.rules if rule.dose is not None]
    assert sum(bool(dose.maximum_by_age) for dose in doses) >= 6
    # that of risperidone is for ages and weights together, and stays in words
    assert {dose.maximum for dose in doses if "years" in (dose.maximum or "") and "kg" not in (dose.maximum or "")} == set()


@pytest.mark.parametrize(
    ("age", "drug", "expected"),
    [
        (70, "escitalopram", "highest dose of 5 mg a day at 70 years"),
        (65, "escitalopram", "highest dose of 5 mg a day at 65 years"),
        (40, "escitalopram", "highest dose of 10 mg a day (50% of the usual highest dose) at 40 years"),
        (None, "escitalopram", "highest dose of 10 mg a day (50% of the usual highest dose) under 65 years; 5 mg a day from 65 years on"),
        (9, "pimozide", "highest dose of 0.08 mg/kg a day and no more than 3 mg a day at 9 years"),
    ],
)
def test_a_figure_by_age_is_that_of_the_age_where_it_is_known(age: float | None, drug: str, expected: str, service: Service) -> None:
    (report,) = annotate(EXAMPLE, context=None if age is None else {"age_years": age}, service=service)
    (headline,) = [one.headline for one in report.drugs if one.name == drug]
    assert expected in headline
    figure = expected.partition("highest dose of ")[2]
    about = [one for one in report.considerations if drug in one.drugs]
    assert any(figure in one.text for one in about)
    if age is not None:
        by_rule = {one.rule_id: one for one in about}
        for rule in service.knowledge.rulebook.rules:
            others = [one.amount for one in rule.dose.maximum_by_age if not one.covers(age)] if rule.dose and rule.id in by_rule else []
            assert not [amount for amount in others if amount in by_rule[rule.id].text]


def test_figures_for_single_genes_are_named_as_such(service: Service) -> None:
    (report,) = annotate(EXAMPLE, service=service)
    headlines = {one.name: one.headline for one in report.drugs}
    limit = "maintenance dose are for each of CYP2D6 and CYP2C19 by itself (DPWG 2026); no source has one for these genes together"
    assert limit in headlines["imipramine"]
    assert not [name for name in ("citalopram", "nortriptyline", "sertraline") if "by itself (" in headlines[name]]
