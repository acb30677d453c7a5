"""A headline states for which diplotypes a source states what it does, and that it holds for all where its statements together do."""

import re
from collections.abc import Mapping

import pytest

from tests.golden.cases import cases
from trdpgx import Service
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.report import Report
from trdpgx.report.html.page import how_sure

CASES = {case.name: case for case in cases()}


def headline(report: Report, name: str) -> str:
    (drug,) = [drug for drug in report.drugs if drug.name == name]
    return drug.headline


@pytest.fixture(scope="module")
def two(service: Service) -> Report:
    """A report whose file leaves *1/*4x2 and *1x2/*4 of CYP2D6."""
    return CASES["cnv"].reports(service)[0]


@pytest.mark.parametrize(
    ("drug", "stated"),
    [
        ("venlafaxine", "DPWG 2024 (CYP2D6, if *1/*4x2) advises against"),
        ("venlafaxine", "No change asked for by CPIC 2023 (CYP2D6, if *1x2/*4)."),
        ("amitriptyline", "CPIC 2016, Optional (CYP2C19, CYP2D6) points to another drug"),
        ("amitriptyline", "DPWG 2026 (CYP2D6, if *1/*4x2) points to a lower dose"),
        ("fluvoxamine", "No change asked for by CPIC 2023 (CYP2D6), DPWG 2022 (CYP2D6, if *1/*4x2)."),
        ("citalopram", "No change is asked for: CPIC 2023 (CYP2C19), DPWG 2022 (CYP2D6, if *1/*4x2)."),
        ("vortioxetine", "CPIC 2023 (CYP2D6, if *1/*4x2) expects higher levels"),
    ],
)
def test_a_headline_names_the_diplotypes_of_each_statement(drug: str, stated: str, two: Report) -> None:
    assert stated in headline(two, drug)


def test_a_statement_that_holds_for_both_diplotypes_limits_no_headline(two: Report) -> None:
    (drug,) = [drug for drug in two.drugs if drug.name == "vortioxetine"]
    assert drug.headline_limits == ()


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_source_is_named_without_what_its_statement_holds_for(name: str, service: Service) -> None:
    """That of a source which asks for no change for part of what is possible, and states nothing else of the drug and genes."""
    for report in CASES[name].reports(service):
        by_id = {one.id: one for one in report.considerations}
        for drug in report.drugs:
            assert unlimited(drug, by_id) == []


def unlimited(drug: DrugReport, by_id: Mapping[str, Consideration]) -> list[str]:
    mine: dict[str, list[Consideration]] = {}
    for one in (by_id[identity] for identity in drug.considerations):
        if one.conversion is None:
            mine.setdefault(f"{one.source.name} {one.source.year} ({', '.join(one.genes)})", []).append(one)
    named = re.search(r"No change asked for by ([^.]+)\.", drug.headline)
    listed = re.findall(r"\w+ \d{4} \([^)]*\)", named[1]) if named else []
    return [source for source in listed if len(mine.get(source, ())) == 1 and mine[source][0].basis.holds_for != "all"]


def test_a_gene_with_several_phenotypes_stands_out_as_not_settled(two: Report) -> None:
    assert two.summary is not None
    first = two.summary.attention[0].text
    assert first.startswith("Not settled: CYP2D6 (one of Normal Metabolizer and Intermediate Metabolizer).")
    (gene,) = [gene for gene in two.genes if gene.gene == "CYP2D6"]
    assert how_sure(gene, "stated") == "not settled: several phenotypes are possible"


def test_a_statement_on_a_disputed_call_states_the_dispute(service: Service) -> None:
    report = CASES["outside-conflicts"].reports(service)[0]
    on_cyp2d6 = [one for one in report.considerations if one.genes == ("CYP2D6",) and one.action.codes != ("no_recommendation",)]
    assert len(on_cyp2d6) > 20
    for one in on_cyp2d6:
        assert "Only if the reported call is right: CYP2D6 as another tool calls it" in one.basis.text
    assert all("Only if" not in one.basis.text for one in report.considerations if "CYP2D6" not in one.genes)


def test_a_named_drug_of_which_a_disputed_result_asks_no_change_is_not_one_with_a_change(service: Service) -> None:
    report = CASES["outside-conflicts"].reports(service)[0]
    (text,) = [one.text for one in report.considerations if one.drugs == ("haloperidol",) and "penfluridol" in one.text]
    assert "quetiapine, olanzapine and clozapine (no change asked for, by a result that is not settled)" in text
