"""Figures of doses: by age, of which that for the age of the context stands alone, and by single genes."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.golden.cases import cases
from trdpgx import Service, annotate
from trdpgx.model.dose import AmountByAge, Dose
from trdpgx.model.drug_report import Certainty
from trdpgx.report.text.report import to_text
from trdpgx.texts import phrase

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


def headlines(service: Service, case: str) -> dict[str, str]:
    (report,) = next(one for one in cases() if one.name == case).reports(service)
    return {drug.name: drug.headline for drug in report.drugs}


@pytest.mark.parametrize(
    ("case", "drug", "stated"),
    [
        ("poor", "doxepin", "points to a lower dose (the source's figure: maintenance dose 40% of the usual dose) and asks"),
        (
            "poor",
            "risperidone",
            "(the source's figure: maintenance dose 67% of the usual dose; 50% of the usual dose where side effects",
        ),
        ("poor", "valbenazine", "points to a lower dose (the source's figure: maintenance dose 40 mg a day)"),
        ("poor", "vortioxetine", "starting dose 50% of the usual dose, such as 5 mg) and names a highest dose of 10 mg a day."),
        (
            "bcf",
            "nortriptyline",
            "CPIC 2016, Optional (CYP2D6) points to a lower target dose (the source's figure: maintenance dose 75% of the usual dose, as "
            "the steady dose aimed for, which CPIC calls the starting dose)",
        ),
        (
            "poor",
            "imipramine",
            "70% of the usual dose by DPWG's own text, but by the abstract of the paper a reduction by 70%",
        ),
        ("poor", "deutetrabenazine", "36 mg a day; by the older table, not by the current label, also 18 mg at one time"),
        ("poor", "pimozide", "Of these highest doses the lower is that of FDA, Section 1."),
        ("bcf", "pimozide", "Of these highest doses the lower is that of FDA, Label."),
        ("bcf", "escitalopram", "The highest dose on its label was not read here."),
    ],
)
def test_a_row_states_the_figure_behind_another_dose(case: str, drug: str, stated: str, service: Service) -> None:
    assert stated in headlines(service, case)[drug]


def test_a_row_names_no_figure_where_the_source_has_none(service: Service) -> None:
    poor = headlines(service, "poor")
    assert "figure" not in poor["clozapine"]
    assert "lower is that of" not in poor["citalopram"]
    # CPIC states itself how high the dose of atomoxetine went
    assert "not read here" not in headlines(service, "bcf")["atomoxetine"]


def test_the_short_text_leaves_figures_behind_a_direction_out(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "poor").reports(service)
    text = to_text(report)
    assert "points to a lower dose" in text
    assert "the source's figure" not in text
    assert "the lower is that of" not in text


def test_the_highest_dose_of_a_drug_stands_in_the_same_sentence_everywhere(service: Service) -> None:
    limit = service.knowledge.rulebook.drugs["citalopram"].highest_dose
    assert limit is not None
    sentence = phrase("highest_dose.limit", source=limit.source, text=limit.text)
    assert sentence in headlines(service, "bcf")["citalopram"]
    notes = [rule.note or "" for rule in service.knowledge.rulebook.rules if "citalopram" in rule.drugs]
    assert [note for note in notes if "label of citalopram" in note] == [sentence, sentence]


def test_a_row_under_current_drugs_has_no_share_of_the_dose_by_genotype(service: Service) -> None:
    for case in cases():
        for report in case.reports(service):
            for drug in report.drugs:
                if any(limit.certainty is Certainty.CONVERTED for limit in drug.headline_limits):
                    assert "% of the usual dose" not in drug.headline, (case.name, drug.name)
    headline = headlines(service, "outside-agrees")["nortriptyline"]
    assert "75% of the usual dose" in headline
