"""The policies 1 and 2, held to the decision table of docs/evidence-2.md row by row."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import fields

from trdpgx.knowledge.rules.evidence_counting import CPIC, DPWG, FDA
from trdpgx.knowledge.rules.evidence_policy import POLICY, policy_named
from trdpgx.model.evidence import Citation, Design, EvidenceItem, Stance, Strength, Verification, VerificationState
from trdpgx.model.library import RuleLibrary
from trdpgx.model.settings import Settings

DOC = (Path(__file__).parents[2] / "docs" / "evidence-2.md").read_text("utf-8")
VERIFIED = Verification(state=VerificationState.VERIFIED, where="test")
UNVERIFIED = Verification(state=VerificationState.UNVERIFIED, where="test")
S, N, C = Stance.SUPPORTS, Stance.NULL, Stance.CONTRADICTS
THIN, UNREAD = Stance.INSUFFICIENT, Stance.NOT_READ
SECOND = policy_named("trdpgx-evidence-2")


def grade(items: Sequence[EvidenceItem], known: Verification, word: str | None) -> tuple[Strength, str | None]:
    return SECOND.grade(items, known, word)


def item(
    name: str,
    design: Design,
    stance: Stance,
    n: int | None = None,
    *,
    sample: str | None = None,
    known: Verification = VERIFIED,
    year: int = 2000,
) -> EvidenceItem:
    citation = Citation(id=name.lower(), label=name, text=name, year=year, pmid="1", verification=VERIFIED)
    return EvidenceItem(citation=citation, design=design, stance=stance, n=n, sample=sample, verification=known)


def rows(heading: str) -> list[list[str]]:
    """The entries of the first table under a heading of the document, without its two header lines."""
    section = DOC.split(heading, 1)[1]
    table = re.search(r"((?:^\|.*\n)+)", section, re.MULTILINE)
    assert table is not None
    return [[entry.strip().strip("`") for entry in line.strip("|\n").split("|")] for line in table[1].splitlines()[2:]]


def test_the_document_names_the_policy() -> None:
    assert "`trdpgx-evidence-2`" in DOC.splitlines()[0]


@pytest.mark.parametrize("row", rows("## First path"), ids=lambda row: row[0])
@pytest.mark.parametrize("design", [Design.GUIDELINE, Design.REGULATORY])
def test_first_path(row: list[str], design: Design) -> None:
    words = [None, "Level 4b"] if row[0].startswith("none given") else [row[0], row[0].upper()]
    for word in words:
        assert grade([item("Source", design, S)], VERIFIED, word) == (Strength(row[2]), None)
        assert grade([item("Source", design, S)], UNVERIFIED, word) == (Strength(row[3]), None)


def test_the_document_lists_every_word_of_the_policy() -> None:
    written = {row[0].casefold() for row in rows("## First path")}
    assert {word for word in written if not word.startswith("none given")} == {*CPIC, *DPWG, *FDA}


def test_policies_are_chosen_by_name() -> None:
    section = [item("Source", D.REGULATORY, S)]
    assert policy_named("trdpgx-evidence-1").grade(section, VERIFIED, "Section 1")[0] is Strength.LIMITED
    assert policy_named("trdpgx-evidence-2").grade(section, VERIFIED, "Section 1")[0] is Strength.STRONG
    assert policy_named("trdpgx-evidence-1").grade(section, VERIFIED, "Strong")[0] is Strength.STRONG
    with pytest.raises(ValueError, match="there are trdpgx-evidence-1, trdpgx-evidence-2, trdpgx-evidence-3"):
        policy_named("trdpgx-evidence-9")


def test_a_library_is_graded_by_the_usual_policy_where_no_other_is_chosen() -> None:
    usual = {f.name: f.default for f in fields(RuleLibrary)}["policy"]
    assert usual == Settings.model_fields["evidence_policy"].default == POLICY


D = Design
SECOND_PATH: list[tuple[int, list[EvidenceItem], Verification]] = [
    (1, [item("A", D.RCT, N, 100)], VERIFIED),
    (1, [item("A", D.COHORT, N, 100), item("B", D.META_ANALYSIS, C, 5000)], VERIFIED),
    (1, [item("Mice", D.PRECLINICAL, N)], VERIFIED),
    (1, [item("Guide", D.GUIDELINE, C)], VERIFIED),
    (2, [item("A", D.COHORT, S, 62), item("B", D.RCT, N, 71)], VERIFIED),
    (2, [item("A", D.COHORT, S, 62), item("B", D.RCT, C, 71)], VERIFIED),
    (2, [item("A", D.META_ANALYSIS, S, 9000), item("B", D.CASE_CONTROL, N, 20)], VERIFIED),
    (2, [item("A", D.COHORT, S, 62), item("Guide", D.GUIDELINE, C)], VERIFIED),
    (2, [item("A", D.COHORT, S, 62, known=UNVERIFIED), item("B", D.RCT, N, 71)], UNVERIFIED),
    (3, [item("Mice", D.PRECLINICAL, S), item("B", D.RCT, N, 71)], VERIFIED),
    (3, [item("Review", D.REVIEW, S), item("Guide", D.GUIDELINE, C)], VERIFIED),
    (4, [item("A", D.META_ANALYSIS, S, 9000), item("B", D.RCT, S, 900)], UNVERIFIED),
    (5, [item("A", D.META_ANALYSIS, S, 1000), item("B", D.RCT, S, 30)], VERIFIED),
    (6, [item("A", D.META_ANALYSIS, S, 1000)], VERIFIED),
    (6, [item("A", D.META_ANALYSIS, S, 1000), item("B", D.RCT, S, 30, known=UNVERIFIED)], VERIFIED),
    (7, [item("A", D.RCT, S, 400), item("B", D.GWAS, S, 600)], VERIFIED),
    (8, [item("A", D.META_ANALYSIS, S, 999)], VERIFIED),
    (8, [item("A", D.META_ANALYSIS, S)], VERIFIED),
    (8, [item("A", D.COHORT, S, 20), item("B", D.CASE_CONTROL, S, 20)], VERIFIED),
    (8, [item("A", D.RCT, S, 400), item("B", D.GWAS, S, 599)], VERIFIED),
    (8, [item("A", D.GWAS, S, 500)], VERIFIED),
    (8, [item("A", D.COHORT, S, 800), item("B", D.COHORT, S, 900)], VERIFIED),
    (9, [item("A", D.RCT, S, 499)], VERIFIED),
    (9, [item("A", D.EXOME, S, 149)], VERIFIED),
    (9, [item("A", D.COHORT, S)], VERIFIED),
    (10, [item("Mice", D.PRECLINICAL, S), item("Rats", D.PRECLINICAL, S), item("Review", D.REVIEW, S)], VERIFIED),
    (10, [item("A", D.META_ANALYSIS, S, 9000, known=UNVERIFIED)], VERIFIED),
]


@pytest.mark.parametrize(("number", "items", "known"), SECOND_PATH)
def test_second_path(number: int, items: list[EvidenceItem], known: Verification) -> None:
    row = next(row for row in rows("## Second path") if row[0] == str(number))
    expected = re.search(r"[a-z]+$", row[2])
    assert expected is not None
    strength, conflict = grade(items, known, None)
    assert strength == expected[0]
    assert (conflict is not None) == (strength is Strength.CONFLICTING)
    assert grade(items[::-1], known, None)[0] is strength, "the order of the items does not matter"


def test_every_row_of_the_second_path_is_tested() -> None:
    assert [row[0] for row in rows("## Second path")] == [str(number) for number in sorted({number for number, _, _ in SECOND_PATH})]


def test_a_reanalysis_is_not_independent_and_the_first_publication_speaks() -> None:
    trial = item("Su 2017", D.RCT, N, 71, sample="su", year=2017)
    again = item("Re-analysis 2021", D.RCT, S, 71, sample="su", year=2021)
    assert grade([again, trial], VERIFIED, None) == (Strength.NONE, None)
    other = item("Laje 2012", D.COHORT, S, 62, year=2012)
    assert grade([other, again, trial], VERIFIED, None) == (
        Strength.CONFLICTING,
        "Laje 2012 (N=62) supports; Su 2017 (N=71) found no effect",
    )


def test_two_papers_on_the_same_people_are_one_sample() -> None:
    first, second = item("A", D.COHORT, S, 300, sample="x"), item("B", D.COHORT, S, 300, sample="x")
    assert grade([first, second], VERIFIED, None)[0] is Strength.PRELIMINARY


def test_the_conflict_names_every_side() -> None:
    items = [
        item("Porcelli 2012", D.META_ANALYSIS, S),
        item("Uhr 2008", D.COHORT, S, 300),
        item("Third 2009", D.COHORT, S),
        item("Taylor 2010", D.META_ANALYSIS, N, 5408),
        item("CPIC 2023", D.GUIDELINE, C),
    ]
    assert grade(items, VERIFIED, None)[1] == (
        "Porcelli 2012, Uhr 2008 (N=300) and Third 2009 support; Taylor 2010 (N=5408) found no effect; CPIC 2023 contradicts"
    )


def test_a_guideline_stands_against_a_study_and_the_conflict_is_stated() -> None:
    items = [item("CPIC 2023", D.GUIDELINE, S), item("Peters 2008", D.COHORT, N, 1953)]
    assert grade(items, VERIFIED, "Strong") == (Strength.STRONG, "CPIC 2023 supports; Peters 2008 (N=1953) found no effect")


@pytest.mark.parametrize("stance", [THIN, UNREAD])
@pytest.mark.parametrize("design", [Design.GUIDELINE, Design.META_ANALYSIS, Design.GWAS])
def test_what_is_no_finding_counts_on_no_side(stance: Stance, design: Design) -> None:
    beside = item("Beside", design, stance, 9000, known=UNVERIFIED)
    for findings in ([], [item("One", Design.COHORT, S, 600)], [item("One", Design.COHORT, N, 600)], [item("One", Design.COHORT, C, 600)]):
        assert grade([*findings, beside], VERIFIED, None) == grade(findings, VERIFIED, None)


def test_who_found_the_evidence_too_thin_is_named_beside_a_conflict() -> None:
    one, other = item("One", Design.COHORT, S, 60), item("Other", Design.COHORT, N, 70)
    strength, conflict = grade([one, other, item("CPIC", Design.GUIDELINE, THIN), item("Later", Design.COHORT, UNREAD)], VERIFIED, None)
    assert strength is Strength.CONFLICTING
    assert conflict == "One (N=60) supports; Other (N=70) found no effect; CPIC finds the evidence too thin"


OUTCOMES: list[tuple[list[tuple[str, Stance, str | None]], str]] = [
    ([("A", S, None), ("B", N, None)], "A supports; B found no effect"),
    ([("A", S, "clearance"), ("B", N, "clearance")], "A supports an effect on clearance; B found no effect on clearance"),
    (
        [("A", S, "response"), ("B", S, "response"), ("C", N, "remission")],
        "A and B support an effect on response; C found no effect on remission",
    ),
    (
        [("A", S, "response"), ("B", N, "response"), ("C", N, "remission"), ("D", N, "remission")],
        "A supports an effect on response; B found no effect on response, C and D on remission",
    ),
    (
        [("A", S, None), ("B", S, "remission"), ("C", S, "levels"), ("D", S, None), ("E", C, "response"), ("F", C, "speed of response")],
        "B supports an effect on remission, C on levels; A and D support; E found the opposite for response, F for speed of response",
    ),
    (
        [("A", S, "response"), ("B", N, None), ("C", THIN, "response"), ("D", THIN, "levels")],
        "A supports an effect on response; B found no effect; "
        "C finds the evidence on response too thin, D finds the evidence on levels too thin",
    ),
]


@pytest.mark.parametrize(("studies", "sentence"), OUTCOMES)
def test_the_conflict_names_what_was_measured(studies: list[tuple[str, Stance, str | None]], sentence: str) -> None:
    items = [item(label, Design.COHORT, stance).copy_with(outcome=outcome) for label, stance, outcome in studies]
    strength, conflict = grade(items, VERIFIED, None)
    assert conflict == sentence
    assert strength is grade([one.copy_with(outcome=None) for one in items], VERIFIED, None)[0], "an outcome has no weight"
