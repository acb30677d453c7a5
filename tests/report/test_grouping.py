"""What contradicts each other: figures of sources that differ."""

import pytest

from tests.golden.cases import cases
from trdpgx import Service
from trdpgx.report.grouping import contradictions


@pytest.mark.parametrize(
    ("drug", "parts"),
    [
        ("pimozide", ["for the highest dose differ", "DPWG 2023: 10 mg a day", "FDA: 4 mg a day"]),
        ("atomoxetine", ["for the starting dose differ", "not before 2 weeks", "after 4 weeks"]),
        ("citalopram", ["for the highest dose differ", "from 65 years on 10 mg or 8 mg", "FDA: 20 mg a day"]),
        ("brexpiprazole", None),
    ],
)
def test_figures_that_differ_are_named_with_their_considerations(service: Service, drug: str, parts: list[str] | None) -> None:
    (report,) = next(one for one in cases() if one.name == "poor").reports(service)
    found = [(text, ids) for subject, text, ids in contradictions(report) if subject == drug and "figures" in text]
    if parts is None:
        assert found == []
        return
    ((text, ids),) = found
    assert all(part in text for part in parts)
    sources = {one.source.name for one in report.considerations if one.id in ids}
    assert len(sources) == len(ids) > 1
