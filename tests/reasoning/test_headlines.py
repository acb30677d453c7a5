"""Headlines agree with their actions: for every action code, and for every rule of this release."""

import re
from collections.abc import Iterator

import pytest

from tests.golden.cases import Case, cases
from trdpgx import Service
from trdpgx.model.composed import joined
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import Certainty
from trdpgx.model.rule import Direction, VocabularyEntry
from trdpgx.reasoning.disagreement import documents
from trdpgx.reasoning.drugs import summarise_drugs
from trdpgx.reasoning.summary.drug_groups import group_drugs
from trdpgx.texts import both, section

AGREE = {
    "rules the drug out": "rules the drug out",
    "may rule the drug out": "rules the drug out",
    "advises against": "advises against",
    "another drug": "alternative|another drug|rules the drug out",
    "lower dose": "lower",
    "lower starting dose": "lower starting dose",
    "lower target dose": "lower target dose",
    "higher dose": "higher",
    "highest dose": "highest dose",
    "higher maintenance dose": "higher maintenance dose",
    "slower increase": "[Ss]lower titration",
    "usual starting dose": "usual starting dose",
    "no change": "no change|no reason in this result to leave the usual",
    "measuring the blood level": "blood level",
    "caution": "caution",
    "rash": "rash",
    "risk against benefit": "risk against benefit",
    "lack of effect": "lack of effect",
    "if side effects occur": "side effects occur",
    "if the response is inadequate": "response( to standard maintenance doses)? is inadequate",
    "gives no advice": "[Nn]o advice|no recommendation",
}
"""What a headline claims, and what the text of its action states for it."""
NEEDED = {
    "rules the drug out": "rules? the drug out",
    "advises against": "advises against",
    "ower starting dose|ower maintenance dose|a lower dose": "lower (starting )?dose",
    "higher (target |maintenance )?dose": "higher",
    "[Aa]lternative that|another drug": "another drug|advises against|no alternative|rule the drug out",
    "highest dose": "highest dose",
    "[Ss]lower titration": "slower",
    "measuring (its|the) blood level": "blood level",
    "If side effects": "if side effects",
    "If the response": "if the response",
}
"""What the text of an action states, and what its headline must not leave out."""


def headline_of(service: Service, code: str) -> str:
    return words_of(service.knowledge.rulebook.actions[code])


def words_of(action: VocabularyEntry) -> str:
    headline = action.headline
    if headline is None:
        direction = action.direction or Direction.NONE
        to = section("pointing_to").get(direction.value)
        return f"points to {to}" if to else section("pointing")[direction.value]
    words = headline.states or f"points to {headline.points_to}"
    return f"{words} if {headline.condition}" if headline.condition else words


def test_every_action_has_a_direction_and_a_headline_that_its_text_bears_out(service: Service) -> None:
    wrong = []
    for code, action in service.knowledge.rulebook.actions.items():
        assert action.direction is not None, code
        headline = headline_of(service, code)
        wrong += [f"{code}: {claim}" for claim, basis in AGREE.items() if claim in headline and not re.search(basis, action.text)]
        for stated, need in NEEDED.items():
            if re.search(stated, action.text) and not re.search(need, headline):
                wrong.append(f"{code} lacks {need}")
        assert any(claim in headline for claim in AGREE) or re.search("watch|allows use|where there is one", headline), code
    assert wrong == []


def rules_of(service: Service) -> Iterator[Consideration]:
    for case in service.rules.cases:
        for number, consideration in case.considerations:
            yield consideration.model_copy(update={"id": f"C{number}", "trigger": "made"})


def test_the_headline_of_every_rule_agrees_with_its_actions(service: Service) -> None:
    rulebook = service.knowledge.rulebook
    wrong = []
    counted = 0
    for consideration in rules_of(service):
        actions = [rulebook.actions[code] for code in consideration.action.codes]
        directions = {action.direction for action in actions}
        conditional = " ".join(words_of(action) for action in actions if action.direction is Direction.NONE and action.headline)
        changing = directions - {Direction.NONE, Direction.STANDARD}
        for drug in summarise_drugs(rulebook, [consideration]):
            counted += 1
            headline = drug.headline
            if consideration.source.name == "research":
                assert drug.certainty in {Certainty.RESEARCH, Certainty.UNTESTED}
                continue
            for direction, words in ((Direction.LOWER, "lower dose"), (Direction.HIGHER, "higher dose"), (Direction.AVOID, "another drug")):
                if words in headline and direction not in directions and words not in conditional:
                    wrong.append(f"{consideration.rule_id}: {words}")
            if changing and re.match("No change|No recommendation", headline):
                wrong.append(f"{consideration.rule_id}: a change reads as none")
            if changing == set() and Direction.STANDARD in directions and "no change" not in headline.lower():
                wrong.append(f"{consideration.rule_id}: no change reads as one")
            for action in actions:
                if action.against and words_of(action) not in headline:
                    wrong.append(f"{consideration.rule_id}: {action.code} is understated")
            groups = group_drugs(rulebook, (), [drug], {consideration.id: consideration})
            group = next(name for name, ones in groups if any(one.name == drug.name for one in ones))
            expected = "ruled_out" if {"contraindicated", "avoid"} & set(consideration.action.codes) else group
            if group != expected or (changing and group in {"no_change", "not_covered", "research_only"}):
                wrong.append(f"{consideration.rule_id}: group {group}")
    assert wrong == []
    assert counted > 300


def test_a_ruling_out_is_not_called_by_a_weaker_word_beside_it(service: Service) -> None:
    rulebook = service.knowledge.rulebook
    consideration = next(one for one in rules_of(service) if one.action.codes[0] == "contraindicated")
    both = consideration.action.model_copy(update={"codes": ("consider_alternative", "contraindicated")})
    (drug, *_) = summarise_drugs(rulebook, [consideration.model_copy(update={"action": both})])
    assert "rules the drug out" in drug.headline


def test_what_rules_out_comes_first_whatever_the_order_of_the_rules(service: Service) -> None:
    rulebook = service.knowledge.rulebook
    ruling = next(one for one in rules_of(service) if "contraindicated" in one.action.codes)
    milder = next(one for one in rules_of(service) if one.action.codes == ("reduce_dose",) and one.source.name != "research")
    milder = milder.model_copy(update={"drugs": ruling.drugs})
    first, second = (summarise_drugs(rulebook, pair)[0].headline for pair in ([ruling, milder], [milder, ruling]))
    assert first == second
    assert first.index("rules the drug out") < first.index("lower dose")


def test_a_highest_dose_stands_with_its_figure_in_the_headline(service: Service) -> None:
    capping = [rule for rule in service.knowledge.rulebook.rules if "cap_max_dose" in rule.actions]
    assert capping
    assert [rule.id for rule in capping if not any(name.startswith("maximum") for name in rule.dose_words)] == []
    (report,) = next(one for one in cases() if one.name == "outside-agrees").reports(service)
    (drug,) = (one for one in report.drugs if one.name == "pimozide")
    assert "names a highest dose of 16 mg a day" in drug.headline
    assert "names a highest dose of 10 mg a day" in drug.headline


def test_a_grade_of_no_recommendation_is_never_no_change(service: Service) -> None:
    graded = [rule for rule in service.knowledge.rulebook.rules if rule.authority is not None and rule.authority.rank == "none"]
    assert graded
    assert {rule.verdict for rule in graded} == {"no_recommendation"}
    (report,) = next(one for one in cases() if one.name == "outside-agrees").reports(service)
    venlafaxine = next(one for one in report.drugs if one.name == "venlafaxine")
    assert "No recommendation by CPIC 2023 (CYP2D6)." in venlafaxine.headline
    assert venlafaxine.disagreement is not None
    assert venlafaxine.disagreement.startswith(
        "The sources differ in how far they go: CPIC 2023 (CYP2D6) makes no recommendation; DPWG 2024"
    )


def test_advice_against_a_drug_and_an_exception_differ_in_how_far_sources_go(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "poor").reports(service)
    apart = {drug.name: drug.disagreement or "" for drug in report.drugs}
    for name in ("imipramine", "clomipramine", "aripiprazole"):
        assert apart[name].startswith("The sources differ in how far they go: "), name
    assert "advises against the drug" in apart["imipramine"]
    assert "points to another drug or to a lower dose" in apart["imipramine"]
    assert "though not where it is added to an antidepressant" in apart["aripiprazole"]
    assert "names a highest dose of 10 mg a day" in apart["aripiprazole"]
    assert apart["escitalopram"] == ""


def test_documents_of_one_source_on_one_gene_are_compared_as_sources_are(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "poor").reports(service)
    apart = {drug.name: drug.disagreement or "" for drug in report.drugs}
    assert apart["venlafaxine"].startswith("The sources differ: ")
    assert "FDA, Section 1 (CYP2D6) points to a lower dose; FDA, Label (CYP2D6) asks for no change" in apart["venlafaxine"]
    venlafaxine = next(one for one in report.drugs if one.name == "venlafaxine")
    assert "No change asked for by FDA, Label (CYP2D6)." in venlafaxine.headline


def test_documents_of_one_source_on_different_genes_are_one_body_of_advice(service: Service) -> None:
    rules = {one.rule_id: one for one in rules_of(service)}
    of_two_genes = [rules["fda-venlafaxine-cyp2d6-pm"], rules["fda-label-oxcarbazepine-hla-b-15-02"]]
    assert {*documents(of_two_genes).values()} == {"FDA"}
    of_one_gene = [rules["fda-venlafaxine-cyp2d6-pm"], rules["fda-label-venlafaxine-cyp2d6-pm"]]
    assert [*documents(of_one_gene).values()] == ["FDA fda-table", "FDA fda-labels"]
    one_document = [one for one in rules.values() if one.source.name == "CPIC" and one.source.year == 2023]
    assert {*documents(one_document).values()} == {"CPIC"}


def test_every_statement_of_a_label_cites_labels(service: Service) -> None:
    labels = [rule for rule in service.knowledge.rulebook.rules if rule.grade == "Label"]
    assert labels
    assert [rule.id for rule in labels if rule.source.citation is None or rule.source.citation.id != "fda-labels"] == []


@pytest.mark.parametrize("case", [case for case in cases() if case.name in {"poor", "clinical"}], ids=lambda case: case.name)
def test_levels_that_a_source_expects_stand_where_it_changes_nothing(case: Case, service: Service) -> None:
    (report, *_) = case.reports(service)
    assert report.summary is not None
    by_id = {one.id: one for one in report.considerations}
    levels = section("levels")
    expected = [
        (drug, f"expects {both(words)}")
        for drug in (*report.summary.drugs.no_change, *report.summary.drugs.not_covered)
        for identity in drug.considerations
        if (words := [levels[code] for code in by_id[identity].implication.codes if code in levels])
    ]
    assert expected
    assert [(drug.name, words) for drug, words in expected if words not in drug.text] == []


def test_what_studies_found_stands_in_the_headline(service: Service) -> None:
    implications = {code for rule in service.knowledge.rulebook.rules if rule.source.name == "research" for code in rule.implications}
    assert implications <= {*section("levels"), *section("findings")}
    (report,) = next(case for case in cases() if case.name == "met").reports(service)
    assert report.summary is not None
    texts = {drug.name: drug.text for drug in report.summary.drugs.research_only}
    assert "BDNF, a weaker response reported" in texts["ketamine"]


def test_a_higher_dose_of_citalopram_never_stands_without_the_highest_dose_of_its_label(service: Service) -> None:
    raising = [
        one for one in rules_of(service) if "citalopram" in one.drugs and any(code.startswith("increase_") for code in one.action.codes)
    ]
    assert raising
    assert [one.rule_id for one in raising if "20 mg a day over 60 years" not in one.text or "QT" not in one.text] == []


@pytest.mark.parametrize(
    ("case", "drug", "part"),
    [
        (
            "outside-agrees",
            "citalopram",
            "Whatever the genotype, the FDA's label of citalopram, as it was reported, names at most 20 mg a day over 60 years",
        ),
        ("exome", "citalopram", "and 40 mg a day otherwise, because the QT interval lengthens with the dose."),
        ("open", "citalopram", "Whatever the genotype, the FDA's label of citalopram, as it was reported, names at most 20 mg a day"),
        ("poor", "citalopram", None),
        ("outside-agrees", "escitalopram", None),
    ],
)
def test_a_limit_that_holds_for_anybody_stands_beside_a_higher_dose(service: Service, case: str, drug: str, part: str | None) -> None:
    (report, *_) = next(one for one in cases() if one.name == case).reports(service)
    headline = next(one.headline for one in report.drugs if one.name == drug)
    if part is None:
        assert "hatever the genotype" not in headline
    else:
        assert part in headline


def test_a_higher_dose_of_escitalopram_states_that_no_highest_dose_was_read(service: Service) -> None:
    raising = [
        one for one in rules_of(service) if "escitalopram" in one.drugs and any(code.startswith("increase_") for code in one.action.codes)
    ]
    assert raising
    assert [one.rule_id for one in raising if "was not read in any source" not in one.text] == []


@pytest.mark.parametrize("case", ["outside-agrees", "clinical", "poor"])
def test_of_two_highest_doses_the_lower_stands_first(service: Service, case: str) -> None:
    (report,) = next(one for one in cases() if one.name == case).reports(service)
    (parts,) = (one.parts for one in report.drugs if one.name == "pimozide")
    named = [part.text for part in parts if "FDA, " in part.text and "DPWG 2023" in part.text]
    named = named or [joined(parts)]
    assert [text for text in named if text.index("FDA, ") > text.index("DPWG 2023")] == []
