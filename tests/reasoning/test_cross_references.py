"""A drug that a source names and that the same report restricts is followed by a note; highest doses of one drug name each other."""

import json

import pytest

from tests.golden.cases import cases
from trdpgx import Service
from trdpgx.model.consideration import Consideration
from trdpgx.reasoning.prepared import named_drugs

RESTRICTED = ("ruled_out", "change_considered", "sources_differ")


@pytest.mark.parametrize(
    ("case", "drug", "source", "note"),
    [
        pytest.param("poor", "venlafaxine", "DPWG", "citalopram and sertraline", id="less-dependent-on-the-other-gene"),
        pytest.param("poor", "clomipramine", "DPWG", "citalopram and sertraline", id="tricyclic"),
        pytest.param("poor", "imipramine", "DPWG", "nortriptyline (a source rules out or advises against)", id="ruled-out"),
        pytest.param("poor", "imipramine", "DPWG", "fluvoxamine (sources differ)", id="sources-differ"),
        pytest.param("clinical", "venlafaxine", "DPWG", "duloxetine, citalopram and sertraline (interaction", id="beside-what-is-taken"),
    ],
)
def test_a_named_drug_that_the_report_restricts_is_followed_by_a_note(
    service: Service, case: str, drug: str, source: str, note: str
) -> None:
    (report,) = next(one for one in cases() if one.name == case).reports(service)
    texts = [one.text for one in report.considerations if drug in one.drugs and one.source.name == source]
    (noted,) = {text.rpartition("considerations of its own on drugs named here: ")[2] for text in texts if note in text}
    assert note in noted


@pytest.mark.parametrize("case", ["poor", "clinical", "outside-agrees", "met", "nothing"])
def test_every_consideration_that_names_a_restricted_drug_has_the_note(service: Service, case: str) -> None:
    (report,) = next(one for one in cases() if one.name == case).reports(service)
    restricted = {drug.name for group in RESTRICTED for drug in getattr(report.summary.drugs, group)}
    for one in report.considerations:
        if one.source.name == "research":
            continue
        before, _, noted = one.text.partition("This report has considerations of its own on drugs named here: ")
        named = set(named_drugs(service.knowledge.rulebook, one.model_copy(update={"text": before})))
        assert all(drug in noted for drug in named & restricted), one.text


def test_a_drug_is_named_by_whole_words_and_never_the_own_one(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "poor").reports(service)
    text = "Turns into desvenlafaxine; fluoxetine inhibits CYP2D6; citalopramlike, sertraline."
    made = Consideration.model_validate({**json.loads(report.considerations[0].model_dump_json()), "drugs": ["sertraline"], "text": text})
    assert named_drugs(service.knowledge.rulebook, made) == ("desvenlafaxine", "fluoxetine")


def test_the_exception_of_an_addition_to_an_antidepressant_stands_in_the_headline(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "poor").reports(service)
    (drug,) = (one for one in report.drugs if one.name == "aripiprazole")
    assert "though not where it is added to an antidepressant" in drug.headline


def test_every_rule_that_excepts_the_addition_to_an_antidepressant_has_it_in_its_action(service: Service) -> None:
    excepting = [rule for rule in service.knowledge.rulebook.rules if "added to an antidepressant" in (rule.note or "")]
    assert excepting
    assert all("reduce_dose_but_not_as_adjunct" in rule.actions for rule in excepting)


def test_highest_doses_by_genotype_and_by_age_or_other_drugs_name_each_other(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "clinical").reports(service)
    capping = [one for one in report.considerations if "citalopram" in one.drugs and "cap_max_dose" in one.action.codes]
    capped = [one for one in report.interactions if "citalopram" in one.drugs and one.severity == "dose cap"]
    assert {one.source.name for one in capping} == {"DPWG", "FDA"}
    assert {one.kind for one in capped} == {"age", "qt"}
    assert all("Sources name another highest dose of citalopram" in one.text for one in capping)
    assert all(f"({one.id})" in cap.text for one in capping for cap in capped)


def test_without_a_context_no_highest_dose_names_another(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "poor").reports(service)
    assert not any("another highest dose" in one.text for one in report.considerations)


def test_every_named_drug_with_considerations_is_in_the_note_with_what_they_come_to(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "outside-agrees").reports(service)
    (text,) = (one.text for one in report.considerations if "venlafaxine" in one.drugs and one.source.name == "DPWG")
    noted = text.partition("on drugs named here: ")[2]
    assert "citalopram (a source considers a change, at once or in the course of treatment)" in noted
    assert "duloxetine, mirtazapine and sertraline (no change asked for)" in noted
