"""What contradicts each other only on the course of treatment stands among what contradicts each other, as the figure marks it."""

import pytest

from tests.golden.cases import cases
from trdpgx import Service
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
