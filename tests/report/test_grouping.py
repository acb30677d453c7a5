"""What contradicts each other: figures of sources that differ."""

import pytest

from tests.golden.cases import cases
from trdpgx import Service
from trdpgx.report.grouping import alike, anything_seen, contradictions


@pytest.mark.parametrize(
    ("drug", "parts"),
    [
        ("pimozide", ["state the highest dose differently", "DPWG 2023: 10 mg a day", "FDA: 4 mg a day"]),
        ("atomoxetine", ["state the starting dose differently", "not before 2 weeks", "after 4 weeks"]),
        ("citalopram", ["state the highest dose differently", "8 mg as drops from 65 years on", "FDA: 20 mg a day"]),
        ("brexpiprazole", None),
    ],
)
def test_figures_that_differ_are_named_with_their_considerations(service: Service, drug: str, parts: list[str] | None) -> None:
    (report,) = next(one for one in cases() if one.name == "poor").reports(service)
    found = [(text, ids) for subject, text, ids in contradictions(report) if subject == drug and "differently" in text]
    if parts is None:
        assert found == []
        return
    ((text, ids),) = found
    assert all(part in text for part in parts)
    sources = {one.source.name for one in report.considerations if one.id in ids}
    assert len(sources) == len(ids) > 1


def test_drugs_with_the_same_text_stand_together_and_the_claim_before_its_studies(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "met").reports(service)
    assert report.summary is not None
    rows = alike(report.summary.drugs.not_covered)
    assert len({drug.text for _, drug in rows}) == len(rows)
    assert [name for names, _ in rows for name in names] != []
    assert sum(len(names) for names, _ in rows) == len(report.summary.drugs.not_covered)
    claims = [text for subject, text, _ in contradictions(report) if subject.startswith("Studies of BDNF") and "ketamine" in subject]
    assert claims
    assert all(text.startswith("Claim: A weaker response") and "supports" in text for text in claims)


def test_a_sentence_that_may_rule_a_drug_out_is_among_the_contradictions(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "outside-agrees").reports(service)
    assert any(subject == "thioridazine" and "ClinPGx" in text for subject, text, _ in contradictions(report))


def test_nothing_stands_out_only_where_something_was_seen(service: Service) -> None:
    seen = {case.name: [anything_seen(report) for report in case.reports(service)] for case in cases() if case.name in {"met", "nothing"}}
    assert seen == {"met": [True], "nothing": [False]}
