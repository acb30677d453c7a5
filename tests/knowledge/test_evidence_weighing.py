"""The policy 3, held to its decision table (tests/cases/evidence.tsv, docs/evidence.md), and what it makes of the bundled rules."""

import re
from pathlib import Path

import pytest

from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.evidence_policy import POLICIES, POLICY, policy_named
from trdpgx.knowledge.rules.evidence_weighing import decide, p_value
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.knowledge.rules.sources import read_sources
from trdpgx.model.authority import Verdict
from trdpgx.model.evidence import (
    Citation,
    Correction,
    Design,
    EvidenceItem,
    Measure,
    Stance,
    Strength,
    StudyResult,
    Verification,
    VerificationState,
)
from trdpgx.model.rule import Direction

grade = policy_named(POLICY).grade

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "evidence.md").read_text("utf-8")
KNOWN = {state.value: Verification(state=state, where="test") for state in VerificationState}
VERIFIED, UNVERIFIED = KNOWN["verified"], KNOWN["unverified"]
STANCES = {"+": Stance.SUPPORTS, "0": Stance.NULL, "-": Stance.CONTRADICTS}
S, N, C, THIN, UNREAD = Stance.SUPPORTS, Stance.NULL, Stance.CONTRADICTS, Stance.INSUFFICIENT, Stance.NOT_READ


def study(number: int, text: str) -> EvidenceItem:
    design, stance, *rest = text.split()
    n = int(rest.pop(0)) if rest and rest[0].isdigit() else None
    unverified = "unverified" in rest
    given = dict(part.split("=") for part in rest if "=" in part)
    figures: dict[str, object] = {}
    for name, measure in (("ratio", Measure.ODDS_RATIO), ("level", Measure.LEVEL_RATIO)):
        if name in given:
            match = re.fullmatch(r"([\d.]+)(?:\[([\d.]+)-([\d.]+)\])?", given[name])
            assert match is not None
            figures = {"measure": measure, "value": float(match[1])}
            if match[2]:
                figures |= {"low": float(match[2]), "high": float(match[3])}
    if "p" in given:
        figures["p"] = float(given["p"])
    if "correction" in given:
        figures["correction"] = Correction(given["correction"])
    return EvidenceItem(
        citation=Citation(id=f"study-{number}", label=f"Study {number}", text="x", year=2000 + number, pmid="1", verification=VERIFIED),
        design=Design(design),
        stance=STANCES[stance],
        n=n,
        sample=given.get("sample"),
        pools=tuple(given["pools"].split(",")) if "pools" in given else (),
        result=StudyResult.model_validate(figures) if figures else None,
        verification=UNVERIFIED if unverified else VERIFIED,
    )


CASES = [
    line.split("\t")
    for line in (ROOT / "tests" / "cases" / "evidence.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith(("#", "row\t"))
]
ROWS = [
    [entry.strip().strip("`") for entry in line.strip("|\n").split("|")]
    for line in DOC.split("| row |", 1)[1].splitlines()
    if re.match(r"\| \d+ \|", line)
]


@pytest.mark.parametrize(("row", "strength", "known", "studies", "about"), CASES, ids=[f"{case[0]}: {case[4]}" for case in CASES])
def test_the_decision_table(row: str, strength: str, known: str, studies: str, about: str) -> None:
    items = [study(number, text) for number, text in enumerate(studies.split("; "))]
    assert decide(items, KNOWN[known]) == (int(row), Strength(strength)), about
    assert decide(items[::-1], KNOWN[known])[1] == strength, "the order of the items does not matter"
    assert (grade(items, KNOWN[known], None)[0]) == strength


def test_every_row_of_the_document_has_a_case() -> None:
    assert [row[0] for row in ROWS] == sorted({case[0] for case in CASES}, key=int)
    for number, _, strength in ROWS:
        assert any(case[0] == number and case[1] == strength for case in CASES)


def test_the_document_names_the_policy_and_lists_every_policy() -> None:
    assert f"`{POLICY}`" in DOC.splitlines()[0]
    assert set(re.findall(r"^\| `(trdpgx-evidence-\d)` \|", DOC, re.MULTILINE)) == set(POLICIES)


@pytest.mark.parametrize(
    ("value", "low", "high", "p"),
    [(1.33, 1.05, 1.68, 0.018), (2.73, 1.78, 4.17, 4e-6), (1.22, 1.035, 1.445, 0.018), (0.49, 0.25, 0.94, 0.034)],
)
def test_p_values_from_intervals(value: float, low: float, high: float, p: float) -> None:
    """Two of them are also printed by their authors: 0.018 for Kawaguchi 2014."""
    worked_out = p_value(StudyResult(measure=Measure.ODDS_RATIO, value=value, low=low, high=high))
    assert worked_out == pytest.approx(p, rel=0.15)


def test_the_grade_of_a_source_is_no_evidence() -> None:
    source = EvidenceItem(
        citation=Citation(id="g", text="g", pmid="1", verification=VERIFIED), design=Design.GUIDELINE, stance=S, verification=VERIFIED
    )
    for word in ("Strong", "Optional", "Section 1", "No action", None):
        assert grade([source], VERIFIED, word) == (Strength.WEIGHED_BY_SOURCE, None)
    against = study(1, "cohort 0 1953")
    assert grade([source, against], VERIFIED, "Strong") == (Strength.WEIGHED_BY_SOURCE, "g supports; Study 1 (N=1953) found no effect")
    assert grade([source, study(1, "meta_analysis + 1262 level=2.63[2.40-2.89]")], VERIFIED, "Optional")[0] is Strength.MODERATE


@pytest.mark.parametrize("stance", [THIN, UNREAD])
def test_what_is_no_finding_counts_on_no_side(stance: Stance) -> None:
    beside = study(9, "meta_analysis + 9000 ratio=2[1.8-2.2]").copy_with(stance=stance)
    for text in ("cohort + 600", "cohort 0 600", "cohort - 600"):
        findings = [study(1, text)]
        assert grade([*findings, beside], VERIFIED, None) == grade(findings, VERIFIED, None)


RULEBOOK = load_rulebook(None, load_reference())
RESEARCH = {rule.id: rule for rule in RULEBOOK.rules if rule.source.name == "research"}


@pytest.mark.parametrize(
    ("name", "strength", "stances"),
    [
        ("comt-rs4680-ect-val-val", "conflicting", {"bousman-2015": N, "domschke-2010": UNREAD}),
        ("comt-rs4680-ect-met", "conflicting", {"bousman-2015": N, "anttila-2008": S}),
        ("comt-rs4680-antidepressants", "none", {"tang-2020": UNREAD}),
        ("gsk3b-rs334558-carrier", "conflicting", {"iwahashi-2014": C}),
        ("gsk3b-rs334558-none", "conflicting", {"iwahashi-2014": C}),
        ("htr2a-rs6311", "conflicting", {"bousman-2023": THIN}),
        ("htr2a-rs6313", "conflicting", {"bousman-2023": THIN}),
        ("htr2a-rs7997012", "conflicting", {"bousman-2023": THIN, "lohoff-2013": C}),
        ("slc6a4-rs25531-carrier", "none", {"bousman-2023": THIN}),
        ("slc6a4-rs25531-none", "none", {"bousman-2023": THIN}),
        ("slc6a4-5-httlpr", "conflicting", {"bousman-2023": THIN, "stein-2021": S}),
        ("bdnf-rs6265-ssri-met", "conflicting", {"tiongco-2025": N}),
        ("grik4-rs1954787-none", "preliminary", {"grik4-cohort-meta": UNREAD}),
        ("abcb1-rs2032583-carrier", "none", {"peters-2008": UNREAD}),
    ],
)
def test_the_findings_of_the_audit(name: str, strength: str, stances: dict[str, Stance]) -> None:
    rule = RESEARCH[f"research-{name}"]
    assert grade(rule.evidence, rule.verification, None)[0] == strength
    found = {one.citation.id: one.stance for one in rule.evidence}
    assert stances.items() <= found.items()


def test_no_guideline_contradicts_where_it_found_the_evidence_too_thin() -> None:
    against = [one for rule in RESEARCH.values() for one in rule.evidence if one.design is Design.GUIDELINE]
    assert {one.stance for one in against} == {THIN}


def test_a_genome_wide_study_without_a_hit_is_no_null_for_a_variant() -> None:
    (rule,) = (rule for rule in RULEBOOK.rules if rule.id == "research-htr2a-rs7997012")
    assert "uher-2013" not in {one.citation.id for one in rule.evidence}
    assert {one.citation.id: one.sample for one in rule.evidence if one.sample} == {
        "mcmahon-2006": "star-d",
        "horstmann-2010": "mars",
        "brunoni-2020": "elect-tdcs",
    }


def test_a_study_counts_the_people_in_whom_the_variant_was_looked_at() -> None:
    counted = {rule.id: one.n for rule in RESEARCH.values() for one in rule.evidence if one.citation.id == "horstmann-2010"}
    assert len(counted) == 4
    assert set(counted.values()) == {300}


def test_every_rule_of_a_guideline_has_its_authority_and_verdict() -> None:
    for rule in RULEBOOK.rules:
        assert (rule.authority is None) == (rule.source.name == "research"), rule.id
        if rule.authority:
            assert rule.authority.grade == rule.grade
            assert rule.authority == RULEBOOK.grades[rule.source.name][(rule.grade or "").casefold()]
            assert grade(rule.evidence, rule.verification, rule.grade)[0] is Strength.WEIGHED_BY_SOURCE, rule.id
        else:
            assert rule.verdict in {Verdict.FINDING, Verdict.NO_EFFECT}


@pytest.mark.parametrize(
    ("grade", "verdicts"),
    [
        ("No interaction", {Verdict.NO_INTERACTION}),
        ("No action", {Verdict.NO_CHANGE}),
        ("Section 1", {Verdict.ADVICE, Verdict.NO_RECOMMENDATION}),
        ("Strong", {Verdict.ADVICE, Verdict.NO_CHANGE}),
    ],
)
def test_verdicts_by_grade(grade: str, verdicts: set[Verdict]) -> None:
    assert {rule.verdict for rule in RULEBOOK.rules if rule.grade == grade} <= verdicts


def test_advice_that_hangs_on_the_course_of_treatment_is_no_change_at_its_start() -> None:
    """docs/decisions/0097-course-of-treatment.md names the two rules of DPWG."""
    conditional = {
        rule.id
        for rule in RULEBOOK.rules
        if rule.verdict is Verdict.NO_CHANGE
        and rule.grade != "No action"
        and all(RULEBOOK.actions[code].direction is Direction.NONE for code in rule.actions)
    }
    assert {name for name in conditional if name.startswith("dpwg-")} == {
        "dpwg-adhd-atomoxetine-cyp2d6-im",
        "dpwg-antipsychotics-zuclopenthixol-cyp2d6-um",
    }
    assert all("_if_" in code or code == "standard_start" for rule in RULEBOOK.rules if rule.id in conditional for code in rule.actions)


def test_the_older_policies_still_grade_as_they_did() -> None:
    """The numbers of rules by strength of policy 2 at the release before policy 3, research rules of which nobody changed a study."""
    second = policy_named("trdpgx-evidence-2")
    for name, strength in (("research-ntrk2-rs1565445-carrier", "limited"), ("research-grik4-rs1954787-none", "conflicting")):
        rule = RESEARCH[name]
        assert second.grade(rule.evidence, rule.verification, None)[0] == strength
    cpic = next(rule for rule in RULEBOOK.rules if rule.source.name == "CPIC" and rule.grade == "Strong")
    assert second.grade(cpic.evidence, cpic.verification, cpic.grade)[0] is Strength.STRONG


def document_rows(name: str, first: str) -> list[list[str]]:
    text = (ROOT / "docs" / name).read_text("utf-8")
    lines = text.split(f"| {first} |", 1)[1].split("\n\n")[0].splitlines()[2:]
    return [[entry.strip() for entry in line.strip("|").split("|")] for line in lines]


def test_the_list_of_what_moved_is_right() -> None:
    second = policy_named("trdpgx-evidence-2")
    listed = document_rows("evidence-moves.md", "rule")
    assert len(listed) > 10
    for name, before, now, row, _ in listed:
        rule = RESEARCH.get(name)
        if rule is not None:
            assert f"`{second.grade(rule.evidence, rule.verification, None)[0]}`" == before, name
            assert f"`{grade(rule.evidence, rule.verification, None)[0]}`" == now, name
            assert decide(rule.evidence, rule.verification)[0] == int(row), name


def test_the_comparison_with_clinpgx_names_what_the_rules_have() -> None:
    rows = document_rows("clinpgx-levels.md", "gene or variant")
    assert len({(row[0], row[1]) for row in rows}) >= 60
    for about, drug, _level, _where, ours, why in rows:
        gene, *variant = about.split()
        rules = [rule for rule in RULEBOOK.rules if gene in rule.genes and (variant or drug in rule.drugs)]
        words = {f"{rule.source.name} {rule.grade}" for rule in rules if rule.authority}
        strengths = {str(grade(rule.evidence, rule.verification, None)[0]) for rule in rules if not rule.authority}
        assert why, about
        for part in filter(None, ours.removeprefix("no rule").split("; ")):
            if part.startswith("evidence "):
                assert set(re.findall(r"`(\w+)`", part)) <= strengths, (about, drug)
            else:
                source, named = part.split(" ", 1)
                assert {f"{source} {word}" for word in named.split(", ")} <= words, (about, drug)
        assert not variant or all(part.startswith("evidence ") for part in ours.split("; "))


SAMPLES = {
    "star-d": r"STAR\*D",
    "mars": r"\bMARS\b",
    "gendep": "GENDEP",
    "newmeds": "NEWMEDS",
    "gsrd": r"\bGSRD\b",
    "elect-tdcs": "ELECT-TDCS",
}


def test_samples_that_recur_are_named_in_every_file() -> None:
    """A study of STAR*D that does not name its sample would count beside the others."""
    unnamed = []
    for name, file in read_sources(rules_directory()).files.items():
        for key, entry in file.studies.items():
            own = {entry.sample, *entry.pools}
            named = [sample for sample, pattern in SAMPLES.items() if re.search(pattern, entry.population or "")]
            unnamed += [(name, key, sample) for sample in named if sample not in own]
    assert unnamed == []


@pytest.mark.parametrize(
    ("rule", "study", "n"),
    [
        ("research-abcb1-rs2235015-carrier", "breitenstein-2015", 195),
        ("research-abcb1-rs2032583-carrier", "breitenstein-2015", 2037),
        ("research-abcb1-rs2235040-carrier", "breitenstein-2015", None),
        ("research-abcb1-rs1128503-carrier", "magarbeh-2023", 2526),
        ("research-htr2a-rs7997012", "htr2a-meta-2021", 1434),
        ("research-htr2a-rs6311", "htr2a-meta-2021", 1931),
    ],
)
def test_a_study_counts_with_the_people_in_whom_the_variant_was_looked_at(rule: str, study: str, n: int | None) -> None:
    (item,) = [item for item in RESEARCH[rule].evidence if item.citation.id == study]
    assert item.n == n
