"""The bundled rules: they load fast, state what they must, and every table_entry of a guideline stands in them once."""

import re
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from tests.yardstick import at_most
from trdpgx.knowledge.finding import RulesError
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.manifest import verify
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.clinical import clinical_files
from trdpgx.knowledge.rules.conditions import Facts, holds
from trdpgx.knowledge.rules.evidence_policy import POLICY, policy_named
from trdpgx.knowledge.rules.examples import facts_of, fires
from trdpgx.knowledge.rules.lint import axis, check_rules
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.model.activity import ActivityRange
from trdpgx.model.evidence import Strength, VerificationState
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.rule import ActivityCondition, Example, PhenotypeCondition, Rule

grade = policy_named(POLICY).grade

REFERENCE = load_reference()
RULEBOOK = load_rulebook(None, REFERENCE)
RULES = {rule.id: rule for rule in RULEBOOK.rules}
CPIC_2023 = {"citalopram", "escitalopram", "sertraline", "paroxetine", "fluvoxamine", "venlafaxine", "vortioxetine"}
TERTIARY = {"amitriptyline", "clomipramine", "doxepin", "imipramine", "trimipramine"}
CPIC_2016 = TERTIARY | {"nortriptyline", "desipramine"}
GENES = {
    **dict.fromkeys(("citalopram", "escitalopram"), ("CYP2C19",)),
    "sertraline": ("CYP2C19", "CYP2B6"),
    **dict.fromkeys(("paroxetine", "fluvoxamine", "venlafaxine", "vortioxetine", "nortriptyline", "desipramine"), ("CYP2D6",)),
    **dict.fromkeys(TERTIARY, ("CYP2C19", "CYP2D6")),
}


def guideline_rules(prefix: str, drug: str) -> list[Rule]:
    return [
        rule
        for rule in RULEBOOK.rules
        if rule.id.startswith(prefix)
        and drug in rule.drugs
        and all(isinstance(c, PhenotypeCondition | ActivityCondition) for c in rule.when)
    ]


def firing(given: dict[str, str], drug: str) -> list[Rule]:
    facts = facts_of(Example(given=given), REFERENCE)
    return [rule for rule in RULEBOOK.rules if drug in rule.drugs and all(holds(condition, facts) for condition in rule.when)]


def test_the_rules_are_as_released() -> None:
    """After a change of the rules, write rules/release.yaml anew (`trdpgx rules release`)."""
    assert verify(rules_directory()) == []


def test_lint_finds_nothing() -> None:
    assert check_rules(rules_directory(), REFERENCE) == []


def test_loading_is_fast() -> None:
    with at_most(36):
        for _ in range(3):
            load_rulebook(None, REFERENCE)


def test_the_library_names_its_release() -> None:
    written = (Path(__file__).parents[2] / "rules" / "release.yaml").read_text()
    assert f"release: '{RULEBOOK.release}'" in written
    assert re.fullmatch(r"[0-9a-f]{64}", RULEBOOK.digest)


@pytest.mark.parametrize(
    ("prefix", "drug"), [*(("cpic-2023-", d) for d in sorted(CPIC_2023)), *(("cpic-2016-", d) for d in sorted(CPIC_2016))]
)
def test_every_combination_of_phenotypes_has_one_rule(prefix: str, drug: str) -> None:
    rules = guideline_rules(prefix, drug)
    genes = GENES[drug]
    axes = [axis(gene, Scheme.CPIC, REFERENCE) for gene in genes]
    assert all({Phenotype.INDETERMINATE, Phenotype.NO_RESULT} <= set(codes) for codes in axes)
    for table_entry in product(*axes):
        bands = {gene: RULEBOOK.activity.get(gene, {}).get(code) for gene, code in zip(genes, table_entry, strict=True)}
        scores = {gene: ActivityRange.exactly(0 if scores.has(0) else scores.low[0] + 0.125) for gene, scores in bands.items() if scores}
        facts = Facts(phenotypes={(gene, Scheme.CPIC): code for gene, code in zip(genes, table_entry, strict=True)}, activity=scores)
        found = [rule.id for rule in rules if all(holds(condition, facts) for condition in rule.when)]
        expected = 0 if set(table_entry) == {Phenotype.NO_RESULT} else 1
        assert len(found) == expected, (drug, table_entry, found)


def test_the_axes_are_the_phenotypes_of_the_scheme() -> None:
    assert [code.value for code in axis("CYP2D6", Scheme.CPIC, REFERENCE)] == ["UM", "NM", "IM", "PM", "Indeterminate", "No result"]
    assert [code.value for code in axis("CYP2C19", Scheme.CPIC, REFERENCE)] == [
        "UM", "RM", "NM", "Likely IM", "IM", "Likely PM", "PM", "Indeterminate", "No result",
    ]  # fmt: skip


def test_every_example_fires_one_rule_of_its_guideline_and_no_counter_example_does() -> None:
    for rule in RULEBOOK.rules:
        assert rule.examples
        for example in rule.examples:
            assert fires(rule, example, REFERENCE), (rule.id, example)
            if rule.id.startswith(("cpic-2023-", "cpic-2016-")) and rule.when[0].kind == "phenotype":
                others = [r.id for r in guideline_rules(rule.id[:10], rule.drugs[0]) if fires(r, example, REFERENCE)]
                assert others == [rule.id]
        for example in rule.counter_examples:
            assert not fires(rule, example, REFERENCE), (rule.id, example)


def test_the_poor_metaboliser_on_citalopram() -> None:
    for drug in ("citalopram", "escitalopram"):
        (rule,) = firing({"CYP2C19": "*2/*3"}, drug)[:1]
        assert rule.id == f"cpic-2023-{drug}-cyp2c19-pm-or-likely-pm"
        assert rule.actions[0] == "consider_alternative"
        assert rule.dose is not None
        assert rule.dose.maintenance == "50% of the usual dose"
        assert (rule.source.name, rule.source.year, rule.grade) == ("CPIC", 2023, "Strong")
        assert rule.source.citation is not None
        assert rule.source.citation.pmid == "37032427"
        assert grade(rule.evidence, rule.verification, rule.grade) == (Strength.WEIGHED_BY_SOURCE, None)


def test_the_ultrarapid_metaboliser_on_nortriptyline() -> None:
    (rule,) = (r for r in firing({"CYP2D6": "*1/*1x2"}, "nortriptyline") if r.source.name == "CPIC")
    assert rule.actions == ("avoid", "consider_alternative", "increase_target_dose", "tdm")
    assert rule.grade == "Strong"


@pytest.mark.parametrize(("genotype", "rule_id"), [("C/T", "met"), ("T/T", "met"), ("C/C", "val-val")])
def test_bdnf_and_ketamine_show_both_sides_and_give_no_advice(genotype: str, rule_id: str) -> None:
    (rule,) = firing({"rs6265": genotype}, "ketamine")
    assert rule.id == f"research-bdnf-rs6265-ketamine-{rule_id}"
    assert rule.actions == ("no_advice",)
    assert rule.text is not None
    assert "Laje 2012" in rule.text
    assert "Su 2017" in rule.text
    assert grade(rule.evidence, rule.verification, rule.grade) == (
        Strength.CONFLICTING,
        "Laje 2012 (N=62) supports an effect on improvement; Su 2017 (N=71) found no effect on response",
    )


def test_bdnf_never_merges_drug_classes() -> None:
    bdnf = [rule for rule in RULEBOOK.rules if rule.genes == ("BDNF",)]
    groups = {rule.drugs for rule in bdnf}
    assert all(not set(a) & set(b) for a in groups for b in groups if a != b)
    assert {"ketamine", "rTMS", "sertraline"} <= {drug for group in groups for drug in group}


def test_slc6a4_is_research_with_cpics_verdict_beside_it() -> None:
    found = {rule.id: rule for rule in firing({"rs25531": "T/C"}, "sertraline")}
    assert found["cpic-2023-slc6a4-no-recommendation"].actions == ("no_recommendation",)
    repeat = found["research-slc6a4-5-httlpr"]
    assert repeat.actions == ("no_advice",)
    strength, conflict = grade(repeat.evidence, repeat.verification, repeat.grade)
    assert strength is Strength.CONFLICTING
    assert conflict is not None
    assert conflict.endswith("CPIC 2023 finds the evidence too thin")


def test_research_never_advises() -> None:
    for rule in RULEBOOK.rules:
        if rule.source.name == "research":
            assert rule.actions == ("no_advice",), rule.id
            assert rule.text, rule.id


def test_nobody_prescribes() -> None:
    texts = [term.text for term in (*RULEBOOK.actions.values(), *RULEBOOK.implications.values())]
    texts += [rule.text or "" for rule in RULEBOOK.rules] + [rule.note or "" for rule in RULEBOOK.rules]
    texts += [entry.text for entry in RULEBOOK.entries]
    for text in texts:
        assert not re.search(r"\b(must|prescribe|prescribes|should|shall|do not take|take|stop taking)\b", text, re.IGNORECASE), text
        assert text == "" or text[-1] == ".", text


def test_every_identifier_is_well_formed_and_every_citation_used() -> None:
    used = {item.citation.id for rule in RULEBOOK.rules for item in rule.evidence}
    used |= {item.citation.id for entry in RULEBOOK.entries for item in entry.evidence}
    used |= {row.citation for file in clinical_files(RULEBOOK) for _, row in file.every_row() if row.citation}
    assert used == set(RULEBOOK.citations)
    for citation in RULEBOOK.citations.values():
        assert citation.pmid or citation.doi or citation.pmcid or citation.url
        assert citation.pmid is None or re.fullmatch(r"[1-9]\d{4,7}", citation.pmid)
        assert citation.doi is None or re.fullmatch(r"10\.\d{4,9}/\S+", citation.doi)
        assert citation.verification.state is VerificationState.VERIFIED, f"{citation.id}: a bundled citation states where it was seen"
    pmids = Counter(citation.pmid for citation in RULEBOOK.citations.values() if citation.pmid)
    assert max(pmids.values()) == 1


def test_what_could_not_be_read_states_so() -> None:
    unverified = {rule.id for rule in RULEBOOK.rules if rule.verification.state is VerificationState.UNVERIFIED}
    assert "fda-label-dextromethorphan-quinidine-cyp2d6-pm" in unverified
    assert all(rule.verification.where for rule in RULEBOOK.rules)


def test_the_drugs_are_there() -> None:
    assert len(RULEBOOK.drugs) >= 74
    assert RULEBOOK.drugs["escitalopram"].rxnorm == "321988"
    assert RULEBOOK.drugs["escitalopram"].atc == ("N06AB10",)
    assert {"ECT", "rTMS", "VNS", "DBS", "lithium", "psilocybin", "esketamine"} <= set(RULEBOOK.drugs)


def test_ids_are_unique_and_readable_and_lines_are_known() -> None:
    assert len(RULES) == len(RULEBOOK.rules)
    for rule in RULEBOOK.rules:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)
        lines = (rules_directory() / rule.file).read_text("utf-8").splitlines()
        assert lines[rule.line - 1].lstrip().startswith("- "), rule.id


def test_the_library_cannot_be_changed() -> None:
    rule = RULEBOOK.rules[0]
    with pytest.raises(ValueError, match="frozen"):
        rule.grade = "Weak"
    with pytest.raises(AttributeError):
        RULEBOOK.release = "other"  # type: ignore[misc]


def test_a_missing_directory_states_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(RulesError) as caught:
        load_rulebook(tmp_path, REFERENCE)
    assert "citations.yaml:1: the file is missing" in str(caught.value)
