"""One function decides how strong a headline may be, and the weakest input wins; headlines agree with the actions that they sum up."""

import re

import pytest

from tests.golden.cases import cases
from trdpgx import Service
from trdpgx.knowledge.load import load_knowledge
from trdpgx.model.composed import PartKind
from trdpgx.model.consideration import Basis, Consideration
from trdpgx.model.drug_report import Certainty
from trdpgx.model.evidence import Strength
from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import CopyNumber, GeneReport, HiddenAllele, LikelyDiplotype, PhenotypeReport, SiteCounts
from trdpgx.model.note import Note
from trdpgx.model.rule import Direction
from trdpgx.reasoning.certainty import copies_change, limits_of, weakest
from trdpgx.reasoning.drugs import summarise_drugs
from trdpgx.reasoning.prepared import prepare

KNOWLEDGE = load_knowledge(None, ())
RULEBOOK = KNOWLEDGE.rulebook
STATED = {stated.rule_id: stated for case in prepare(RULEBOOK).cases for _, stated in case.considerations}

NM = PhenotypeReport(term=Phenotype.NM.term, code=Phenotype.NM, basis="made")
LIKELY = LikelyDiplotype(diplotype="*1/*1", share=1, cohort="made", settled_by=(), open=0, text="made", phenotype=Phenotype.NM, chance=0.36)
POSSIBLE = (Note(code="made", text="made"),)


def gene(copies: str = "not_applicable", *, opened: bool = False, assumed: bool = False, name: str = "CYP2D6") -> GeneReport:
    return GeneReport.model_validate(
        {
            "gene": name,
            "status": "called",
            "diplotypes": [
                {"name": "*1/*1", "alleles": ("*1", "*1"), "functions": ("", ""), "phenotype": Phenotype.NM, "phased": False},
            ],
            "likely": LIKELY if opened else None,
            "hidden": (HiddenAllele(allele="*17", makes=Phenotype.RM, frequency=0.2),) if opened else (),
            "phenotype": None if opened else NM,
            "phenotype_open": opened,
            "assumed": assumed,
            "copy_number": CopyNumber.model_validate(
                {"status": copies, "evidence": "made", "structural_possibilities": POSSIBLE if copies != "not_applicable" else ()}
            ),
            "source": "vcf",
            "sites": SiteCounts(total=1, called=1, covered_reference=0, no_call=0, absent=0, assumed_reference=0),
        }
    )


def raised(
    drug: str, actions: tuple[str, ...], *, strength: Strength = Strength.STRONG, holds: str = "all", name: str = "CYP2D6"
) -> Consideration:
    model = next(iter(STATED.values()))
    return model.model_copy(
        update={
            "id": "C001",
            "drugs": (drug,),
            "genes": ("CYP2D6",),
            "action": model.action.model_copy(update={"code": actions[0], "codes": actions}),
            "source": model.source.model_copy(update={"name": "CPIC", "year": 2023}),
            "evidence": model.evidence.model_copy(update={"strength": strength, "source_grade": None}),
            "basis": Basis.model_validate({"holds_for": holds, "facts": ("made",), "text": "made"}),
        }
    )


@pytest.mark.parametrize(
    ("strength", "holds", "copies", "opened", "assumed", "untested", "certainty"),
    [
        ("strong", "all", "assessed", False, False, (), Certainty.STATED),
        ("moderate", "all", "not_applicable", False, False, (), Certainty.STATED),
        ("strong", "all", "not_assessed", False, False, (), Certainty.COPY_NUMBER),
        ("strong", "all", "suspected", False, False, (), Certainty.COPY_NUMBER),
        ("limited", "all", "not_applicable", False, False, (), Certainty.WEAK_EVIDENCE),
        ("conflicting", "all", "not_assessed", False, False, (), Certainty.WEAK_EVIDENCE),
        ("limited", "some", "not_assessed", False, False, (), Certainty.SOME),
        ("strong", "all", "not_assessed", False, True, (), Certainty.ASSUMED),
        ("strong", "some", "not_applicable", True, False, (), Certainty.OPEN),
        ("limited", "some", "not_assessed", True, True, (), Certainty.OPEN),
        ("strong", "all", "not_applicable", False, False, ("HLA-B",), Certainty.UNTESTED),
        ("none", "some", "suspected", True, True, ("HLA-A", "HLA-B"), Certainty.UNTESTED),
    ],
)
def test_the_weakest_input_wins(
    strength: str, holds: str, copies: str, *, opened: bool, assumed: bool, untested: tuple[str, ...], certainty: Certainty
) -> None:
    person = {"CYP2D6": gene(copies, opened=opened, assumed=assumed)}
    limits = limits_of([raised("citalopram", ("no_action",), strength=Strength(strength), holds=holds)], person, untested)
    assert weakest(limits) is certainty
    assert [limit.certainty for limit in limits] == sorted((limit.certainty for limit in limits), key=list(Certainty).index, reverse=True)


@pytest.mark.parametrize("code", ["outside_result_unreadable", "outside_phenotypes_differ"])
@pytest.mark.parametrize("source", ["vcf", "outside:T"])
def test_an_outside_result_that_was_not_read_limits_a_headline(code: str, source: str) -> None:
    doubted = gene().model_copy(update={"source": source, "caveats": (Note(code=code, text="made"),)})
    assert weakest(limits_of([raised("citalopram", ("no_action",))], {"CYP2D6": doubted})) is Certainty.DISPUTED
    (drug,) = summarise_drugs(RULEBOOK, [raised("citalopram", ("no_action",))], [doubted])
    assert drug.headline.startswith("Disputed: ")


@pytest.mark.parametrize("code", ["outside_call_conflict", "outside_tests_conflict", "outside_quality_flag"])
@pytest.mark.parametrize("opened", [True, False])
def test_a_disputed_outside_call_limits_a_headline(code: str, *, opened: bool) -> None:
    disputed = gene(opened=opened, assumed=True).model_copy(update={"source": "outside:T", "caveats": (Note(code=code, text="made"),)})
    limits = limits_of([raised("citalopram", ("no_action",))], {"CYP2D6": disputed})
    assert weakest(limits) is (Certainty.OPEN if opened else Certainty.DISPUTED)
    own = disputed.model_copy(update={"source": "vcf"})
    assert Certainty.DISPUTED not in {limit.certainty for limit in limits_of([raised("citalopram", ("no_action",))], {"CYP2D6": own})}


@pytest.mark.parametrize(
    ("person", "holds", "expected"),
    [
        (gene(), "all", "No change is asked for on account of these genes: CPIC 2023 (CYP2D6)."),
        (
            gene("not_assessed"),
            "all",
            "No change is asked for: CPIC 2023 (CYP2D6). All the same, CPIC 2023 (CYP2D6) expects lower levels. Presumes",
        ),
        (gene(assumed=True), "all", "No change is asked for if the assumption is right"),
        (gene(), "some", "No change is asked for: CPIC 2023 (CYP2D6, for some of the possible diplotypes)."),
        (
            gene(opened=True),
            "some",
            "CYP2D6 is open, likely Normal Metabolizer (chance 36 %). For part of what",
        ),
    ],
)
def test_no_change_is_stated_only_as_far_as_it_is_known(person: GeneReport, holds: str, expected: str) -> None:
    (drug,) = summarise_drugs(RULEBOOK, [raised("citalopram", ("no_action",), holds=holds)], [person])
    assert drug.headline.startswith(expected)


def test_a_drug_with_an_untested_hla_allele_is_never_cleared() -> None:
    (drug,) = summarise_drugs(RULEBOOK, [raised("carbamazepine", ("no_action",))], [gene()])
    assert drug.certainty is Certainty.UNTESTED
    assert drug.headline.startswith("Not cleared: HLA-A and HLA-B were not tested.")


@pytest.mark.parametrize("code", sorted(RULEBOOK.actions))
def test_a_headline_agrees_with_the_action(code: str) -> None:
    """Each code alone: ruled out is not "another drug", slower is not "lower", and what asks for nothing points nowhere."""
    (drug,) = summarise_drugs(RULEBOOK, [raised("citalopram", (code,))], [gene()])
    action = RULEBOOK.actions[code]
    telling = {
        "slow_titration": "points to a slower increase",
        "increase_probably_not_needed": "keeps the usual starting dose",
        "contraindicated": "rules the drug out",
        "avoid": "advises against",
        "cap_max_dose": "names a highest dose",
    }.get(code)
    if telling:
        assert f"CPIC 2023 (CYP2D6) {telling}" in drug.headline
    for word, direction in (("lower dose", Direction.LOWER), ("higher dose", Direction.HIGHER), ("another drug", Direction.AVOID)):
        if word in drug.headline:
            assert action.direction is direction or f"{word} if " in drug.headline
    if action.direction is Direction.STANDARD:
        assert drug.headline.startswith("No change")
    if action.direction is Direction.NONE:
        silent = code in {"informational", "no_recommendation", "no_advice"}
        assert drug.headline.startswith("No recommendation" if silent else "CPIC 2023 (CYP2D6) ")


def test_no_headline_of_any_rule_is_stronger_than_its_actions() -> None:
    """Every guideline rule alone: only a rule that rules the drug out states so, and every rule that does so states it."""
    for rule in RULEBOOK.rules:
        if rule.source.name == "research":
            continue
        stated = STATED[rule.id].model_copy(update={"id": "C001"})
        for drug in summarise_drugs(RULEBOOK, [stated]):
            assert ("rules the drug out" in drug.headline) is ("contraindicated" in rule.actions), rule.id
            directions = {RULEBOOK.actions[code].direction for code in rule.actions}
            firm = re.sub(r"\w+ (dose|drug) if ", "", drug.headline)
            assert ("lower dose" in firm) <= (Direction.LOWER in directions), rule.id
            assert ("another drug" in firm) <= (Direction.AVOID in directions), rule.id
            silent = set(rule.actions) <= {"informational", "no_recommendation", "no_advice"}
            assert ("No recommendation" in drug.headline) is silent, rule.id


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("increase_dose_if_inadequate_response",), "CPIC 2023 (CYP2D6) points to a higher dose if the response is inadequate."),
        (
            ("standard_dosing", "increase_maintenance_if_inadequate_response", "switch_if_inadequate_response"),
            "CPIC 2023 (CYP2D6) points to a higher maintenance dose or to another drug if the response is inadequate. "
            "Otherwise: No change is asked for on account of these genes: CPIC 2023 (CYP2D6). "
            "All the same, CPIC 2023 (CYP2D6) expects lower levels.",
        ),
        (
            ("standard_start", "increase_dose_if_inadequate_response", "tdm_if_inadequate_response"),
            "CPIC 2023 (CYP2D6) keeps the usual starting dose and points to a higher dose and suggests measuring the blood level if the "
            "response is inadequate.",
        ),
    ],
)
def test_what_hangs_on_the_course_of_treatment_is_in_the_headline(codes: tuple[str, ...], expected: str) -> None:
    (drug,) = summarise_drugs(RULEBOOK, [raised("sertraline", codes)], [gene()])
    assert drug.headline == expected


def test_copies_that_would_change_nothing_are_not_presumed(service: Service) -> None:
    (report,) = next(case for case in cases() if case.name == "poor").reports(service)
    unchanged = {gene.gene for gene in report.genes if gene.diplotypes and not copies_change(gene)}
    assert unchanged >= {"CYP2C19", "CYP2D6"}
    limits = [limit.text for drug in report.drugs for limit in drug.headline_limits if limit.certainty is Certainty.COPY_NUMBER]
    assert not [text for text in limits if any(gene in text for gene in unchanged)]
    presumed = [part for one in report.considerations for part in one.basis.parts if part.kind is PartKind.PRESUMED]
    assert not [part for part in presumed if unchanged & {*part.statements}]
    (note,) = [one.text for one in report.limitations if one.code == "copy_number_not_assessed"]
    assert "would not change the phenotype of CYP2C19 and CYP2D6" in note


def test_copies_change_nothing_under_a_multiplier_of_zero(service: Service) -> None:
    (report,) = next(case for case in cases() if case.name == "clinical").reports(service)
    texts = {gene.gene: gene.phenoconverted.text for gene in report.genes if gene.phenoconverted}
    assert "another number of copies of CYP2D6 would change nothing about the converted phenotype" in texts["CYP2D6"]
    assert not [gene for gene, text in texts.items() if "another number" in text and "(activity score 0)" not in text]


@pytest.mark.parametrize(
    ("functions", "opened", "change"),
    [
        (("No function", "No function"), False, False),
        (("No function", "No function"), True, True),
        (("No function", "Decreased function"), False, True),
        (("No function", "Unknown function"), False, True),
        (("No function",), False, True),
        ((), False, True),
    ],
)
def test_copies_change_nothing_where_no_allele_has_a_function(functions: tuple[str, ...], opened: bool, change: bool) -> None:
    one = gene("not_assessed", name="CYP2C19", opened=opened)
    diplotype = one.diplotypes[0].copy_with(name="*2/*2", alleles=("*2", "*2"), functions=functions)
    assert copies_change(one.copy_with(diplotypes=(diplotype,))) is change
