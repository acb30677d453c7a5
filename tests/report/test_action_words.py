"""The table of drugs by source and the headlines agree: for every action code, and for every rule of this release."""

import re
from collections.abc import Iterator

import pytest

from tests.golden.cases import cases
from trdpgx import Service
from trdpgx.model.consideration import Consideration
from trdpgx.model.rule import Direction
from trdpgx.reasoning.directions import CHANGING, decisive
from trdpgx.reasoning.drugs import summarise_drugs
from trdpgx.report.action_words import BESIDE, LATER, OTHER_COURSE, OTHER_DRUG, QUIET, RULING_OUT, directions_of, words_of
from trdpgx.report.html.matrix_figure import MatrixRow, matrix_rows

CLAIMS = {
    "rules the drug out": r"(?<!be )ruled out",
    "may rule the drug out": "may be ruled out",
    "advises against the drug": "advised against",
    "another drug": "another drug",
    "lower dose": r"\blower (starting |maintenance )?dose",
    "slower increase": "slower increase",
    "highest dose": "highest dose",
    "added to an antidepressant": "added to an antidepressant",
    "little need to raise": "little need to raise",
    "higher dose": r"\bhigher (target |maintenance )?dose",
    "blood level": "blood level",
    "caution": "caution",
    "any rash": "any rash",
    "risk against benefit": "risk weighed against benefit",
    "lack of effect": "lack of effect",
    "more frequent checks": "more frequent checks",
    "if side effects occur": "if side effects occur",
    "if the response is inadequate": "if the response is inadequate",
}
"""What a headline claims, and the words of the table for it."""
UNDER_LOWER_DOSE = {"slower increase", "highest dose", "little need to raise"}
"""What a headline calls a lower dose where the same source states that too."""


def guidance(service: Service) -> Iterator[Consideration]:
    for case in service.rules.cases:
        for number, one in case.considerations:
            if one.source.name != "research":
                yield one.model_copy(update={"id": f"C{number}", "trigger": "made"})


def test_every_action_code_is_named_by_its_direction(service: Service) -> None:
    for code, action in service.knowledge.rulebook.actions.items():
        if code in RULING_OUT or code in OTHER_DRUG:
            assert action.direction is Direction.AVOID, code
        elif code in OTHER_COURSE:
            assert action.direction in CHANGING - {Direction.AVOID}, code
        elif code in LATER or code in BESIDE:
            assert action.direction is Direction.NONE, code
        else:
            assert code in QUIET, code
            assert action.direction in {Direction.STANDARD, Direction.NONE}, code


def test_headline_and_table_agree_on_every_rule(service: Service) -> None:
    wrong = []
    for one in guidance(service):
        words, at_once = "; ".join(words_of([one])), "; ".join(words_of([_at_once(one)]))
        (drug, *_) = summarise_drugs(service.knowledge.rulebook, [one])
        headline = drug.headline
        for claim, word in CLAIMS.items():
            if claim in headline and not re.search(word, words):
                wrong.append(f"{one.rule_id}: {claim} is not in: {words}")
            lower = claim in UNDER_LOWER_DOSE and "lower dose" in headline
            if re.search(word, at_once) and claim not in headline and not lower:
                wrong.append(f"{one.rule_id}: {word} is not in: {headline}")
        usual = headline.startswith("No change") or "no change is asked for" in headline
        assert usual == (directions_of([one]) == {Direction.STANDARD}) == words.startswith("no change"), one.rule_id
        silent = directions_of([one]) == {Direction.NONE} and not LATER.keys() & set(one.action.codes)
        assert ("No recommendation" in headline) == (words == "no advice") == silent, (one.rule_id, headline, words)
    assert wrong == []


def _at_once(one: Consideration) -> Consideration:
    """Return what does not hang on the course of treatment: a headline that has it leaves the others to the details."""
    codes = tuple(code for code in one.action.codes if code not in LATER and code not in BESIDE)
    return one.model_copy(update={"action": one.action.model_copy(update={"codes": codes})})


@pytest.mark.parametrize(
    ("pointed", "counting"),
    [
        pytest.param({Direction.NONE}, {Direction.NONE}, id="no-advice"),
        pytest.param({Direction.NONE, Direction.STANDARD}, {Direction.STANDARD}, id="no-change-outweighs-no-advice"),
        pytest.param({Direction.STANDARD, Direction.MONITOR}, {Direction.MONITOR}, id="watching-outweighs-no-change"),
        pytest.param({Direction.LOWER, Direction.AVOID, Direction.NONE}, {Direction.LOWER, Direction.AVOID}, id="every-change"),
    ],
)
def test_the_directions_that_count(pointed: set[Direction], counting: set[Direction]) -> None:
    assert decisive(pointed) == counting


@pytest.mark.parametrize(
    ("row", "words", "differ"),
    [
        pytest.param(
            ("met", "atomoxetine", "CPIC"), "no change; higher dose if the response is inadequate", "agreed", id="no-change-at-once"
        ),
        pytest.param(("clinical", "atomoxetine", "DPWG"), "lower dose if side effects occur", "agreed", id="hangs-on-the-course"),
        pytest.param(("poor", "atomoxetine", "DPWG"), "usual starting dose, little need to raise it", "figures", id="little-need-to-raise"),
        pytest.param(("poor", "atomoxetine", "FDA"), "slower increase of the dose; usual starting dose", "figures", id="slower"),
        pytest.param(("clinical", "thioridazine", "FDA"), "may be ruled out", "agreed", id="may-be-ruled-out"),
        pytest.param(("poor", "fluoxetine", "FDA"), "caution", "degree", id="watching-against-no-change"),
        pytest.param(("poor", "paroxetine", "DPWG"), "no change", "opposed", id="opposed"),
    ],
)
def test_the_table_of_golden_reports(service: Service, row: tuple[str, str, str], words: str, differ: str) -> None:
    case, drug, source = row
    made = row_of(service, case, drug)
    stated = dict(zip(("CPIC", "DPWG", "FDA", "research"), made.sources, strict=True))[source]
    assert stated is not None
    assert words in "; ".join(stated.words)
    assert made.differ == differ


def row_of(service: Service, case: str, drug: str) -> MatrixRow:
    (report,) = next(one for one in cases() if one.name == case).reports(service)
    (row,) = (row for row in matrix_rows(report) if row.drug == drug)
    return row
