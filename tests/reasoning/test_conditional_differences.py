"""What contradicts each other only on the course of treatment stands among what contradicts each other, as the figure marks it."""

import pytest

from tests.golden.cases import cases
from trdpgx import Service
from trdpgx.model.drug_report import DrugReport
from trdpgx.report.grouping import contradictions
from trdpgx.report.html.matrix_figure import matrix_rows

CASES = {case.name: case for case in cases()}
_LEAD = "Sources point in different directions, each only if the course of treatment asks for it: "


def test_atomoxetine_up_by_one_source_and_down_by_another(service: Service) -> None:
    (report,) = CASES["outside-agrees"].reports(service)
    ((text, ids),) = [(text, ids) for drug, text, ids in contradictions(report) if drug == "atomoxetine"]
    assert text == (
        f"{_LEAD}CPIC 2019 (CYP2D6) points to a higher dose and suggests measuring the blood level if the response is inadequate; "
        "DPWG 2023 (CYP2D6) points to a lower dose if side effects occur."
    )
    by_id = {one.id: one for one in report.considerations}
    assert {by_id[identity].source.name for identity in ids} == {"CPIC", "DPWG"}
    assert report.summary is not None
    assert all(_LEAD not in drug.text for _, drugs in report.summary.drugs for drug in drugs)


@pytest.mark.parametrize("case", sorted(CASES))
def test_the_list_has_what_the_figure_marks(case: str, service: Service) -> None:
    for report in CASES[case].reports(service)[:1]:
        rows = matrix_rows(report, service.knowledge.rulebook.actions)
        marked = {row.drug for row in rows if row.kind == "by_genotype" and "conditions" in row.differ}
        assert {drug for drug, text, _ in contradictions(report) if text.startswith(_LEAD)} == marked


def test_figures_that_differ_under_current_drugs_are_listed_apart(service: Service) -> None:
    (report,) = CASES["clinical"].reports(service)
    listed = {drug: text for drug, text, _ in contradictions(report) if text.startswith("Under current drugs: ")}
    assert listed.keys() == {"nortriptyline", "atomoxetine", "pimozide"}
    assert "DPWG 2023: 10 mg a day" in listed["pimozide"]
    assert listed["pimozide"].endswith("the lower of them is that of FDA, Section 1")
    assert "CPIC 2016: 50% of the usual dose" in listed["nortriptyline"]
    (without,) = CASES["poor"].reports(service)
    assert not any(text.startswith("Under current drugs: ") for _, text, _ in contradictions(without))


@pytest.mark.parametrize("case", sorted(CASES))
def test_each_link_leads_to_what_the_report_has(case: str, service: Service) -> None:
    for report in CASES[case].reports(service)[:1]:
        known = {one.id for one in report.considerations} | {f"interaction-{number}" for number, _ in enumerate(report.interactions, 1)}
        assert {identity for _, _, ids in contradictions(report) for identity in ids} <= known
        # of a report that holds one consideration less, as a filter makes it, too
        short = report.copy_with(considerations=report.considerations[1:], drugs=tuple(pruned(drug, known) for drug in report.drugs))
        left = {one.id for one in short.considerations} | {identity for identity in known if identity.startswith("interaction-")}
        assert {identity for _, _, ids in contradictions(short) for identity in ids} <= left


def pruned(drug: DrugReport, known: set[str]) -> DrugReport:
    first = min(known, default="")
    return drug.copy_with(considerations=tuple(one for one in drug.considerations if one != first))


def test_on_a_use_that_one_source_excepts_they_point_apart(service: Service) -> None:
    (report,) = CASES["poor"].reports(service)
    texts = {drug.name: drug.disagreement or "" for drug in report.drugs}
    sentence = "On the use that one of them excepts they point in different directions."
    assert "DPWG 2023 (CYP2D6) names a highest dose" in texts["aripiprazole"]
    assert texts["aripiprazole"].endswith(sentence)
    assert {name for name, text in texts.items() if sentence in text} == {"aripiprazole"}
