"""Every candidate of the review has a rule or an entry that states why it has none; what is uncertain is shown as uncertain."""

import csv
from collections.abc import Iterator
from itertools import product

import pytest
import yaml

from trdpgx.knowledge.location import reference_directory, rules_directory
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.conditions import holds
from trdpgx.knowledge.rules.evidence_policy import POLICY, policy_named
from trdpgx.knowledge.rules.examples import facts_of
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.model.evidence import Design, Stance, Strength
from trdpgx.model.rule import EffectAlleleCondition, Example, Reason
from trdpgx.reasoning.nothing_follows import RESISTANCE

grade = policy_named(POLICY).grade

REFERENCE = load_reference()
RULEBOOK = load_rulebook(None, REFERENCE)
RULES = {rule.id: rule for rule in RULEBOOK.rules}
ENTRIES = {entry.id: entry for entry in RULEBOOK.entries}
CANDIDATES = [
    "BDNF",
    "SLC6A4",
    "SLC6A2",
    "HTR2A",
    "HTR1A",
    "COMT",
    "GRIN2B",
    "GRIK4",
    "PPP3CC",
    "LTB4R",
    "CR1L",
    "SV2A",
    "C3",
    "ABCB1",
    "NTRK2",
    "GSK3B",
    "SLC12A5",
    "FKBP5",
    "TPH1",
    "TPH2",
    "GNB3",
    "MTHFR",
    "ANK3",
    "CACNA1C",
    "CREB1",
    "HTR7",
    "GADL1",
    "ABCG2",
    "KCNK2",
    "KCNJ5",
    "ZNF248",
    "PRKRA",
    "PYHIN1",
    "SLC7A8",
    "STK19",
    "ZDHHC3",
    "CYP2D6",
    "CYP2C19",
    "CYP2B6",
]
THERAPIES = ["ketamine", "esketamine", "psilocybin", "lithium", "olanzapine-fluoxetine", "ECT", "rTMS", "VNS", "DBS", "brexanolone"]


def strength(rule_id: str) -> Strength:
    rule = RULES[rule_id]
    return grade(rule.evidence, rule.verification, rule.grade)[0]


@pytest.mark.parametrize("gene", CANDIDATES)
def test_every_candidate_has_a_rule_or_an_entry(gene: str) -> None:
    assert any(gene in rule.genes for rule in RULEBOOK.rules) or any(gene in entry.genes for entry in RULEBOOK.entries)


def test_no_drug_is_without_a_rule_or_an_entry() -> None:
    spoken_of = {drug for rule in RULEBOOK.rules for drug in rule.drugs} | {drug for entry in ENTRIES.values() for drug in entry.drugs}
    assert set(RULEBOOK.drugs) - spoken_of == set()


def test_no_gene_of_the_review_or_of_the_reference_is_without_a_rule_or_an_entry() -> None:
    spoken_of = {gene for rule in RULEBOOK.rules for gene in rule.genes} | {gene for entry in ENTRIES.values() for gene in entry.genes}
    review = yaml.safe_load((rules_directory() / "review.yaml").read_text("utf-8"))
    words = {word.strip("(),.;:") for statement in review["statements"] for word in statement["text"].replace("/", " ").split()}
    with (reference_directory() / "genes.csv").open(encoding="utf-8") as file:
        known = {row["gene"] for row in csv.DictReader(file)}
    named = {word for word in words if word in known} | known | set(CANDIDATES) | {variant.gene for variant in REFERENCE.variants}
    assert len({word for word in words if word in known}) > 20
    assert named - spoken_of == set()


@pytest.mark.parametrize("drug", THERAPIES)
def test_every_therapy_has_a_rule_or_an_entry(drug: str) -> None:
    known = RULEBOOK.drugs[drug]
    assert known.role
    assert any(drug in rule.drugs for rule in RULEBOOK.rules) or any(drug in entry.drugs for entry in RULEBOOK.entries)


def asked() -> set[str]:
    return {condition.variant for rule in RULEBOOK.rules for condition in rule.when if isinstance(condition, EffectAlleleCondition)}


def test_every_variant_of_the_reference_is_asked_about_or_explained() -> None:
    explained = {variant for entry in RULEBOOK.entries for variant in entry.variants}
    spoken_of = " ".join(rule.text or "" for rule in RULEBOOK.rules)
    missing = [v.id for v in REFERENCE.variants if v.id not in asked() | explained and v.id not in spoken_of]
    assert missing == []


def genotypes(variant: str) -> Iterator[str]:
    (definition,) = (v for v in REFERENCE.variants if v.id == variant)
    assert definition.site is not None
    site = next(iter(REFERENCE.sites.values()))[definition.site]
    for pair in product((site.ref, *site.alts), repeat=2):
        yield "/".join(pair)


@pytest.mark.parametrize("variant", sorted(asked() & {one.id for one in REFERENCE.variants if one.site is not None}))
def test_every_genotype_of_a_variant_is_spoken_of_once_for_each_drug(variant: str) -> None:
    """Rules of one variant alone leave no genotype out and never state two things of it to one drug.

    What was reported of resistance is beside that: of one group, and of no drug's effect.
    """
    effects = [rule for rule in RULEBOOK.rules if RESISTANCE.isdisjoint(rule.implications)]
    alone = [rule for rule in effects if [getattr(condition, "variant", None) for condition in rule.when] == [variant]]
    for genotype in genotypes(variant):
        facts = facts_of(Example(given={variant: genotype}), REFERENCE)
        for drug in {drug for rule in alone for drug in rule.drugs}:
            found = [rule.id for rule in alone if drug in rule.drugs and all(holds(condition, facts) for condition in rule.when)]
            assert len(found) == 1, (genotype, drug, found)


@pytest.mark.parametrize(
    ("case", "rule_id"),
    [
        ("C01", "research-bdnf-rs6265-ketamine-met"),
        ("C02", "research-bdnf-rs6265-ssri-met"),
        ("C03", "research-slc6a4-5-httlpr"),
        ("C04", "research-htr2a-rs7997012"),
        ("C05", "research-fkbp5-rs1360780"),
        ("C06", "research-abcb1-rs2032583-carrier"),
        ("C07", "research-grik4-rs1954787-carrier"),
        ("C08", "research-slc6a2-rs2242446-venlafaxine-c-c"),
        ("C08", "research-slc6a2-rs2242446-milnacipran-t"),
        ("C11", "research-ketamine-cyp2b6-6"),
    ],
)
def test_a_known_contradiction_is_one_unless_one_side_outweighs_the_other(case: str, rule_id: str) -> None:
    """Policy 2 counts sides; policy 3 weighs them, and a side that is outweighed stays listed (docs/evidence-moves.md)."""
    rule = RULES[rule_id]
    assert policy_named("trdpgx-evidence-2").grade(rule.evidence, rule.verification, rule.grade)[0] is Strength.CONFLICTING, case
    assert strength(rule_id) in {Strength.CONFLICTING, Strength.PRELIMINARY, Strength.NONE}, case
    assert {Stance.SUPPORTS} < {item.stance for item in rule.evidence}, case


def test_one_study_beside_studies_of_other_variants_is_preliminary() -> None:
    """C09: the negative CREB1 studies typed other variants, so they are reported and not counted."""
    assert strength("research-creb1-rs7569963-carrier") is Strength.PRELIMINARY
    assert "found nothing" in (RULES["research-creb1-rs7569963-carrier"].note or "")
    assert {item.stance for item in RULES["research-creb1-rs7569963-carrier"].evidence} == {Stance.SUPPORTS}


def test_a_finding_of_one_ancestry_that_a_larger_study_does_not_name_states_so() -> None:
    """C10: GADL1 and lithium. A genome-wide study that does not name a variant is not read as a study without effect."""
    rule = RULES["research-gadl1-rs17026688-none"]
    assert {item.stance.value for item in rule.evidence} == {"supports", "not_read"}
    assert "Outside East Asia" in (rule.text or "")


def test_the_interaction_of_three_genes_states_why_it_has_no_rule() -> None:
    entry = ENTRIES["no-rule-ppp3cc-bdnf-htr2a"]
    assert set(entry.genes) == {"PPP3CC", "BDNF", "HTR2A"}
    assert entry.reason is Reason.NO_POSITION


def test_a_rule_on_two_variants_needs_both() -> None:
    rule = RULES["research-grik4-htr2a-together"]
    assert rule.genes == ("GRIK4", "HTR2A")
    assert len(rule.when) == 2
    assert strength(rule.id) is Strength.CONFLICTING


def test_the_reviews_misnamed_gene_is_not_annotated() -> None:
    assert ENTRIES["no-rule-kcnj5"].reason is Reason.MISNAMED
    assert not [rule for rule in RULEBOOK.rules if "KCNJ5" in rule.genes]


def test_preclinical_work_alone_is_never_more_than_preliminary() -> None:
    for rule in RULEBOOK.rules:
        people = [item for item in rule.evidence if item.design not in {Design.PRECLINICAL, Design.REVIEW}]
        if not people:
            assert strength(rule.id) in {Strength.PRELIMINARY, Strength.NONE}, rule.id


def test_drug_levels_by_genotype_carry_their_numbers() -> None:
    assert strength("research-escitalopram-cyp2c19-pm") is Strength.MODERATE
    assert "3.3 times" in (RULES["research-escitalopram-cyp2c19-pm"].text or "")


def test_entries_never_share_an_id_with_a_rule_and_name_their_line() -> None:
    assert not set(RULES) & set(ENTRIES)
    assert all(entry.line > 1 and entry.text.endswith(".") for entry in RULEBOOK.entries)


def test_every_note_names_the_number_of_people_where_it_is_known() -> None:
    """A text that names a study with a number of people states the number that the evidence item has."""
    for rule in RULEBOOK.rules:
        for item in rule.evidence:
            if rule.text and item.citation.label and item.n and f"{item.citation.label}, N=" in rule.text:
                assert f"{item.citation.label}, N={item.n}" in rule.text, rule.id
