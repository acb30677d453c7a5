"""For what use a source states what it states, in the rows of the page and above the drugs of the short text."""

from tests.golden.cases import cases
from tests.report.facts import flat
from tests.report.pages import page_of
from trdpgx import Service
from trdpgx.report.text.report import to_text

LOW_DOSES = "higher initial doses, as for depression; not the low doses used for neuropathic pain."


def test_tricyclics_are_advised_against_at_the_doses_of_depression(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "poor").reports(service)
    short = flat(to_text(report)).partition("DRUGS, BY WHAT")[2].partition("GENES")[0]
    assert "CPIC 2016 on amitriptyline, " in short
    assert f": {LOW_DOSES}" in short
    page = flat(page_of([report])).partition("by what sources consider</h2>")[2]
    rows = [one for one in page.split("</tr>") if f"What CPIC 2016 states is for {LOW_DOSES}" in one]
    assert len(rows) >= 7


def test_only_what_has_a_limit_has_the_sentence(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "poor").reports(service)
    limited = {name for one in report.considerations if one.population not in {None, "general"} for name in one.drugs}
    assert {"amitriptyline", "atomoxetine"} <= limited
    page = flat(page_of([report])).partition("by what sources consider</h2>")[2].partition("Drugs by source")[0]
    rows = [row for row in page.split("</tr>") if "What CPIC" in row and " states is for " in row]
    named = {name for name in limited if any(f">{name}<" in row for row in rows)}
    assert named == limited
    assert len(rows) == len(limited)
