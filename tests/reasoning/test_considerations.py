"""Reasoning over hand-made calls and rules: what holds everywhere, what holds for some diplotypes, and what is not known."""

from collections.abc import Sequence

import pytest

from tests.golden.cases import cases
from tests.reasoning.variants import bdnf
from trdpgx import Service
from trdpgx.model.evidence import Citation, Design, EvidenceItem, Stance, Strength, Verification, VerificationState
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.gene_report import CopyNumber, DiplotypeReport, GeneReport, PhenotypeReport, SiteCounts
from trdpgx.model.library import RuleLibrary
from trdpgx.model.rule import (
    AlleleCondition,
    Condition,
    Direction,
    Drug,
    EffectAlleleCondition,
    Example,
    GeneSeenCondition,
    PhenotypeCondition,
    Rule,
    Source,
    VocabularyEntry,
)
from trdpgx.reasoning.considerations import consider
from trdpgx.reasoning.drugs import summarise_drugs
from trdpgx.reasoning.prepared import prepare

SEEN = Verification(state=VerificationState.VERIFIED, where="hand-made for this test")
CITATION = Citation(id="maker-2020", label="Maker 2020", text="Maker 2020", year=2020, doi="10.1000/182", verification=SEEN)


def rule(
    name: str,
    when: Condition,
    *,
    source: str = "CPIC",
    actions: tuple[str, ...] = ("avoid",),
    stances: Sequence[Stance] = (Stance.SUPPORTS,),
) -> Rule:
    design = Design.GUIDELINE if source == "CPIC" else Design.COHORT
    return Rule(
        id=name,
        domain="pharmacokinetic",
        drugs=("citalopram",),
        genes=("CYP2C19",),
        when=(when,),
        implications=("increased_exposure",),
        actions=actions,
        source=Source(name=source, year=2023),
        grade="Strong" if source == "CPIC" else None,
        evidence=tuple(
            EvidenceItem(citation=CITATION, design=design, stance=stance, sample=f"sample {number}", n=60, verification=SEEN)
            for number, stance in enumerate(stances)
        ),
        verification=SEEN,
        examples=(Example(given={}),),
        file="made.yaml",
        line=1,
    )


def rulebook(*rules: Rule) -> RuleLibrary:
    words = {
        "avoid": ("Avoidance is considered.", Direction.AVOID),
        "standard_dosing": ("The usual dose is kept.", Direction.STANDARD),
        "no_advice": ("No advice follows.", Direction.NONE),
    }
    return RuleLibrary(
        release="test",
        digest="0",
        rules=rules,
        drugs={"citalopram": Drug(name="citalopram", drug_class="SSRI", category="antidepressant", verification=SEEN)},
        citations={},
        implications={"increased_exposure": VocabularyEntry(code="increased_exposure", text="Levels are expected to be higher.")},
        actions={code: VocabularyEntry(code=code, text=text, direction=direction) for code, (text, direction) in words.items()},
    )


def gene(*diplotypes: tuple[str, Phenotype], copy_number: str = "not_applicable") -> GeneReport:
    reports = tuple(
        DiplotypeReport(
            name=name, alleles=tuple(name.split("/")), functions=("", ""), phenotype=code, phenotypes={Scheme.CPIC: code}, phased=False
        )
        for name, code in diplotypes
    )
    codes = tuple(dict.fromkeys(code for _, code in diplotypes))
    agreed = PhenotypeReport(term=codes[0].term, code=codes[0], basis="made") if len(codes) == 1 else None
    return GeneReport.model_validate(
        {
            "gene": "CYP2C19",
            "status": "no_call" if not reports else "called" if len(reports) == 1 else "ambiguous",
            "diplotypes": reports,
            "phenotype": agreed,
            "copy_number": CopyNumber.model_validate({"status": copy_number, "evidence": "made"}),
            "source": "vcf",
            "sites": SiteCounts(total=1, called=1, covered_reference=0, no_call=0, absent=0, assumed_reference=0),
        }
    )


POOR = rule("poor", PhenotypeCondition(gene="CYP2C19", any_of=(Phenotype.PM,)))
UNKNOWN = rule("unknown", PhenotypeCondition(gene="CYP2C19", any_of=(Phenotype.NO_RESULT,)), actions=("standard_dosing",))
ONE = ("*2/*2", Phenotype.PM)
OTHER = ("*1/*2", Phenotype.IM)


def test_a_rule_that_holds_for_the_only_diplotype_holds_for_all() -> None:
    (found,) = consider(prepare(rulebook(POOR)), [gene(ONE)], [])
    assert (found.id, found.rule_id, found.basis.holds_for) == ("C001", "poor", "all")
    assert found.trigger == "CYP2C19 *2/*2 (Poor Metabolizer)"
    assert found.text == "Levels are expected to be higher. Avoidance is considered."
    assert found.evidence.strength is Strength.WEIGHED_BY_SOURCE


def test_a_rule_that_holds_for_one_of_two_diplotypes_names_it() -> None:
    (found,) = consider(prepare(rulebook(POOR)), [gene(ONE, OTHER)], [])
    assert found.basis.holds_for == "some"
    assert found.basis.facts == ("CYP2C19 *2/*2 (Poor Metabolizer)",)
    (drug,) = summarise_drugs(rulebook(POOR), [found])
    assert "(CYP2C19, if *2/*2) points to another drug" in drug.headline


def test_two_diplotypes_with_one_phenotype_hold_for_all() -> None:
    (found,) = consider(prepare(rulebook(POOR)), [gene(ONE, ("*2/*3", Phenotype.PM))], [])
    assert found.basis.holds_for == "all"


@pytest.mark.parametrize("calls", [[gene()], []], ids=["no call", "gene not on the panel"])
def test_a_gene_without_a_call_has_no_result_and_no_other_phenotype(calls: list[GeneReport]) -> None:
    assert [found.rule_id for found in consider(prepare(rulebook(POOR, UNKNOWN)), calls, [])] == ["unknown"]


@pytest.mark.parametrize(
    ("status", "stated"), [("not_assessed", True), ("suspected", True), ("assessed", False), ("not_applicable", False)]
)
def test_what_presumes_two_copies_states_so(status: str, *, stated: bool) -> None:
    (found,) = consider(prepare(rulebook(POOR)), [gene(ONE, copy_number=status)], [])
    assert ("presumes two ordinary copies of CYP2C19" in found.basis.text) is stated


@pytest.mark.parametrize(("genotype", "fires"), [("C/C", False), ("C/T", True), ("T/T", True), (None, False)])
def test_an_effect_allele_must_have_been_seen(genotype: str | None, *, fires: bool) -> None:
    met = rule("met", EffectAlleleCondition(variant="rs6265", any_of=(1, 2)), source="research")
    assert bool(consider(prepare(rulebook(met)), [], [bdnf(genotype)])) is fires


def test_support_beside_a_null_finding_is_conflicting_and_states_who() -> None:
    met = rule(
        "met",
        EffectAlleleCondition(variant="rs6265", any_of=(1,)),
        source="research",
        actions=("no_advice",),
        stances=(Stance.SUPPORTS, Stance.NULL),
    )
    (found,) = consider(prepare(rulebook(met)), [], [bdnf("C/T")])
    assert found.evidence.strength is Strength.CONFLICTING
    assert found.evidence.conflict == "Maker 2020 (N=60) supports; Maker 2020 (N=60) found no effect"
    (drug,) = summarise_drugs(rulebook(met), [found])
    assert drug.headline.startswith("Research findings only (evidence: conflicting)")


@pytest.mark.parametrize(("genotype", "fires"), [("C/C", True), (None, False)])
def test_a_verdict_on_a_gene_is_given_where_the_gene_was_seen(genotype: str | None, *, fires: bool) -> None:
    verdict = rule("verdict", GeneSeenCondition(gene="BDNF"))
    assert bool(consider(prepare(rulebook(verdict)), [], [bdnf(genotype)])) is fires


@pytest.mark.parametrize(("second", "differs"), [("avoid", False), ("standard_dosing", True)])
def test_sources_that_state_different_things_are_stated_to_differ(second: str, *, differs: bool) -> None:
    dpwg = rule("dpwg", PhenotypeCondition(gene="CYP2C19", any_of=(Phenotype.PM,)), actions=(second,)).model_copy(
        update={"source": Source(name="DPWG", year=2022)}
    )
    book = rulebook(POOR, dpwg)
    (drug,) = summarise_drugs(book, consider(prepare(book), [gene(ONE)], []))
    assert (drug.disagreement is not None) is differs
    assert len(drug.considerations) == 2


def hla(*names: str) -> GeneReport:
    reports = tuple(
        DiplotypeReport(
            name=name,
            alleles=tuple(name.split("/")) if "/" in name else (name.split()[0],) if name.endswith("positive") else (),
            functions=(),
            phenotype=None,
            phased=True,
        )
        for name in names
    )
    return gene().model_copy(update={"gene": "HLA-B", "status": "called", "diplotypes": reports})


CARRIER = rule("carrier", AlleleCondition(gene="HLA-B", any_of=("*15:02",)))
FREE = rule("free", AlleleCondition(gene="HLA-B", any_of=("*15:02",), present=False))


@pytest.mark.parametrize(
    ("results", "fired"),
    [
        (("*15:02/*40:01",), ["carrier"]),
        (("*07:02/*40:01",), ["free"]),
        (("*15:02 positive",), ["carrier"]),
        (("*15:02 negative",), ["free"]),
        (("*15:11 positive",), []),
        (("*15:11 negative",), []),
        (("*15:02 negative", "*15:11 positive"), ["free"]),
        ((), []),
    ],
    ids=" ".join,
)
def test_a_test_of_one_allele_states_nothing_of_the_others(results: tuple[str, ...], fired: list[str]) -> None:
    found = consider(prepare(rulebook(CARRIER, FREE)), [hla(*results)] if results else [], [])
    assert [c.rule_id for c in found] == fired
    assert all(c.basis.holds_for == "all" for c in found)


def test_where_the_schemes_read_a_diplotype_differently_both_are_stated() -> None:
    report = DiplotypeReport(
        name="*1x2/*17",
        alleles=("*1x2", "*17"),
        functions=("", ""),
        phenotype=Phenotype.UM,
        phenotypes={Scheme.CPIC: Phenotype.UM, Scheme.DPWG: Phenotype.NM},
        phased=False,
    )
    called = gene(ONE).model_copy(update={"diplotypes": (report,)})
    dpwg = rule("dpwg", PhenotypeCondition(gene="CYP2C19", scheme=Scheme.DPWG, any_of=(Phenotype.NM,)), actions=("standard_dosing",))
    cpic = rule("cpic", PhenotypeCondition(gene="CYP2C19", any_of=(Phenotype.UM,)))
    book = rulebook(cpic, dpwg.model_copy(update={"source": Source(name="DPWG", year=2022)}))
    found = consider(prepare(book), [called], [])
    assert found[0].trigger == "CYP2C19 *1x2/*17 (Ultrarapid Metabolizer by CPIC, Normal Metabolizer by DPWG)"
    (drug,) = summarise_drugs(book, found, [called])
    assert drug.disagreement == (
        "The sources differ: CPIC 2023, Strong (CYP2C19) points to another drug; DPWG 2022 (CYP2C19) asks for no change. They read the "
        "diplotype differently: CYP2C19 *1x2/*17 (Ultrarapid Metabolizer by CPIC, Normal Metabolizer by DPWG)."
    )


def test_thousands_of_diplotypes_are_asked_about_by_what_tells_them_apart() -> None:
    many = [(f"*1/*{number}", Phenotype.NM if number % 2 else Phenotype.IM) for number in range(2, 4000)]
    book = rulebook(*(rule(f"rule {code}", PhenotypeCondition(gene="CYP2C19", any_of=(code,))) for code in Phenotype))
    found = consider(prepare(book), [gene(*many)], [])
    assert [(one.rule_id, one.basis.holds_for) for one in found] == [("rule NM", "some"), ("rule IM", "some")]
    assert "or 1991 more (Normal Metabolizer)" in found[0].trigger
    assert len(found[0].model_dump_json()) < 3000


def test_a_statement_by_one_of_two_genes_names_the_one_without_a_result(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "met").reports(service)
    texts = {one.basis.text for one in report.considerations if one.genes == ("CYP2C19", "CYP2D6")}
    assert texts
    assert all("By CYP2D6 alone: CYP2C19 gave no result, and a result could change this." in text for text in texts)
    assert not any("alone:" in one.basis.text for one in report.considerations if len(one.genes) == 1)
