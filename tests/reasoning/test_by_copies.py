"""What another number of copies would rule out is what a report states when a tool has counted that number."""

import pytest

from tests.golden.cases import cases
from tests.golden.summaries import drug_texts
from tests.report.pages import page_of
from trdpgx import Report, Service, annotate
from trdpgx.model.gene import Phenotype
from trdpgx.reasoning.by_copies import ByCopies, against_by_copies
from trdpgx.reasoning.statements import drugs_by_sources

CASES = {case.name: case for case in cases()}
COUNTED = {False: "*1/*5", True: "*1/*1x2"}
"""The diplotypes that ``*1/*1`` may be where copies were not counted."""


def drugs_against(report: Report) -> set[str]:
    return {drug for one in report.considerations if one.action.against and one.conversion is None for drug in one.drugs}


def stated(report: Report, service: Service) -> list[ByCopies]:
    rules, definitions = service.rules, service.knowledge.reference.genes
    return list(against_by_copies(rules, definitions, report.genes, report.variants, report.considerations))


@pytest.mark.parametrize("more", [False, True])
def test_they_are_the_drugs_of_a_report_with_that_call(more: bool, service: Service) -> None:
    case = CASES["met"]
    (report,) = case.reports(service)
    (counted,) = annotate(case.source, outside_calls=f"CYP2D6\t{COUNTED[more]}\n".encode(), service=service)
    (one,) = [one for one in stated(report, service) if one.more is more]
    assert (one.gene, one.phenotype) == ("CYP2D6", Phenotype.UM if more else Phenotype.IM)
    assert set(one.drugs) == drugs_against(counted) - drugs_against(report) != set()


def test_they_stand_with_what_was_not_seen(service: Service) -> None:
    (report,) = CASES["met"].reports(service)
    assert report.summary is not None
    (copies,) = [one for one in report.summary.not_seen if one.code == "copy_number_not_assessed"]
    found = stated(report, service)
    assert [one.more for one in found] == [False, True]
    for one in found:
        number = "more" if one.more else "less"
        assert f"With one copy of CYP2D6 {number} ({one.phenotype.term}): {drugs_by_sources(one.named)}." in copies.text
        assert set(one.drugs) <= set(copies.drugs)


@pytest.mark.parametrize("name", ["poor", "cnv", "outside-agrees", "open"])
def test_nothing_is_stated_where_copies_were_counted_change_nothing_or_make_nothing_worse(name: str, service: Service) -> None:
    (report, *_) = CASES[name].reports(service)
    assert report.summary is not None
    assert stated(report, service) == []
    assert not [one.text for one in report.summary.not_seen if "With another number of copies" in one.text]


def test_each_drug_states_it_with_the_sources(service: Service) -> None:
    (report,) = CASES["met"].reports(service)
    assert report.summary is not None
    texts = drug_texts(report)
    lead = "A source would, or might, rule the drug out or advise against it"
    assert f"{lead} with one copy of CYP2D6 less (Intermediate Metabolizer): DPWG." in texts["venlafaxine"]
    assert f"{lead} with one copy of CYP2D6 less (Intermediate Metabolizer): FDA." in texts["thioridazine"]
    assert f"{lead} with one copy of CYP2D6 more (Ultrarapid Metabolizer): CPIC." in texts["nortriptyline"]
    concerned = {drug for one in stated(report, service) for drug in one.drugs}
    assert {name for name, text in texts.items() if lead in text} == concerned


def test_closed_lists_of_the_page_name_them(service: Service) -> None:
    (report,) = CASES["met"].reports(service)
    page = " ".join(page_of([report]).split())
    lead = "Of these a source would, or might, rule out or advise against with another number of copies: "
    no_change, not_covered = (part.partition("</summary>")[0] for part in page.split(lead)[1:])
    assert no_change == (
        "paroxetine, venlafaxine, amitriptyline, nortriptyline, imipramine, desipramine, clomipramine, doxepin, trimipramine"
    )
    assert not_covered == "thioridazine"
