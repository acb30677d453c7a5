"""CPIC, DPWG and FDA side by side: every table complete, every known contradiction shown, agreement not called a disagreement."""

import re
from collections.abc import Mapping
from itertools import product

import pytest

from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.reference.phenotype import activity_score, diplotype_haplotypes, phenotype_of, phenotype_of_score
from trdpgx.knowledge.rules.conditions import Facts, holds
from trdpgx.knowledge.rules.examples import facts_of
from trdpgx.knowledge.rules.lint import axis
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.knowledge.rules.schema.rule_file import ActivityEntry
from trdpgx.knowledge.rules.sources import read_sources
from trdpgx.model.activity import ActivityRange
from trdpgx.model.composed import PartKind
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.evidence import VerificationState
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.gene_report import CopyNumber, DiplotypeReport, GeneReport, SiteCounts
from trdpgx.model.rule import ActivityCondition, Example, PhenotypeCondition
from trdpgx.reasoning.considerations import consider
from trdpgx.reasoning.drugs import summarise_drugs
from trdpgx.reasoning.prepared import prepare
from trdpgx.reasoning.summary.drug_groups import group_drugs

REFERENCE = load_reference()
RULEBOOK = load_rulebook(None, REFERENCE)
PREPARED = prepare(RULEBOOK)
SOURCES = read_sources(rules_directory())
TABLES = [(name, index) for name, file in SOURCES.files.items() for index in range(len(file.tables))]
NO_SITES = SiteCounts(total=1, called=1, covered_reference=0, no_call=0, absent=0, assumed_reference=0)


def called(gene: str, diplotype: str) -> GeneReport:
    """A gene as the pipeline would hand it on, for one diplotype; HLA results are taken as they stand."""
    if gene.startswith("HLA"):
        alleles = tuple(diplotype.split("/")) if "/" in diplotype else (diplotype.split(maxsplit=1)[0],) if "positive" in diplotype else ()
        report = DiplotypeReport(name=diplotype, alleles=alleles, functions=(), phenotype=None, phased=True)
    else:
        definition = REFERENCE.genes[gene]
        phenotypes = phenotype_of(definition, diplotype)
        score = activity_score(definition, diplotype_haplotypes(definition, diplotype))
        report = DiplotypeReport(
            name=diplotype,
            alleles=tuple(allele.name for allele in diplotype_haplotypes(definition, diplotype)),
            functions=(),
            phenotype=next(iter(phenotypes.values())),
            phenotypes=phenotypes,
            activity_score=score.value if score else None,
            phased=False,
        )
    copies = CopyNumber(status="not_applicable", evidence="made")
    return GeneReport(gene=gene, status="called", diplotypes=(report,), phenotype=None, copy_number=copies, source="vcf", sites=NO_SITES)


def report_for(**diplotypes: str) -> tuple[dict[str, DrugReport], tuple[Consideration, ...]]:
    genes = [called(gene.replace("_", "-"), diplotype) for gene, diplotype in diplotypes.items()]
    found = consider(PREPARED, genes, ())
    return {drug.name: drug for drug in summarise_drugs(RULEBOOK, found)}, found


@pytest.mark.parametrize(("name", "index"), TABLES, ids=[f"{name} {index}" for name, index in TABLES])
def test_no_gap_and_no_overlap_in_any_table(name: str, index: int) -> None:
    table = SOURCES.files[name].tables[index]
    genes = tuple(table.rows[0].when)
    scored = {gene for row in table.rows for gene, asked in row.when.items() if isinstance(asked, ActivityEntry)}
    axes = [possible(gene, table.scheme, by_score=gene in scored) for gene in genes]
    rules = [
        rule
        for rule in RULEBOOK.rules
        if rule.file == name
        and rule.genes == genes
        and all(isinstance(condition, PhenotypeCondition | ActivityCondition) for condition in rule.when)
    ]
    for drug, table_entry in product(table.drugs, product(*axes)):
        facts = Facts(
            phenotypes={(gene, table.scheme): code for gene, (code, _) in zip(genes, table_entry, strict=True)},
            activity={gene: ActivityRange.exactly(score) for gene, (_, score) in zip(genes, table_entry, strict=True) if score is not None},
        )
        found = [rule.id for rule in rules if drug in rule.drugs and all(holds(condition, facts) for condition in rule.when)]
        silent = any(code in table.silent.get(gene, ()) for gene, (code, _) in zip(genes, table_entry, strict=True))
        assert len(found) == (0 if silent or {code for code, _ in table_entry} == {Phenotype.NO_RESULT} else 1), (drug, table_entry, found)


def possible(gene: str, scheme: Scheme, *, by_score: bool) -> list[tuple[Phenotype, float | None]]:
    """Every phenotype of a gene, and for a table that asks about activity scores every multiple of 0.0625 with its phenotype."""
    codes = axis(gene, scheme, REFERENCE)
    if not by_score:
        return [(code, None) for code in codes]
    table = REFERENCE.genes[gene].phenotypes[scheme]
    scores = [number / 16 for number in range(97)]
    return [
        *((phenotype_of_score(table, score), score) for score in scores),
        *((code, None) for code in codes if code in {Phenotype.INDETERMINATE, Phenotype.NO_RESULT}),
    ]


@pytest.mark.parametrize(
    ("case", "drug", "diplotypes", "words"),
    [
        (
            "C12",
            "citalopram",
            {"CYP2C19": "*17/*17"},
            ("The sources differ: CPIC 2023 (CYP2C19) points to another drug", "DPWG 2022 (CYP2C19) asks for no change"),
        ),
        (
            "C13",
            "paroxetine",
            {"CYP2D6": "*4/*4"},
            ("The sources differ: CPIC 2023 (CYP2D6) points to a lower dose", "DPWG 2022 (CYP2D6) asks for no change"),
        ),
        (
            "C14",
            "venlafaxine",
            {"CYP2D6": "*1/*4"},
            (
                "The sources differ in how far they go: CPIC 2023 (CYP2D6) makes no recommendation",
                "DPWG 2024 (CYP2D6) advises against the drug",
            ),
        ),
        (
            "C15",
            "paroxetine",
            {"CYP2D6": "*17/*41"},
            (
                "The sources differ: CPIC 2023 (CYP2D6) points to a lower starting dose and a slower increase",
                "DPWG 2022 (CYP2D6) asks for no change",
            ),
        ),
    ],
)
def test_a_known_contradiction_is_shown_with_who_states_what(
    case: str, drug: str, diplotypes: Mapping[str, str], words: tuple[str, ...]
) -> None:
    drugs, _ = report_for(**diplotypes)
    stated = re.sub(r"(\d{4}|FDA), [^(]*\(", r"\1 (", drugs[drug].disagreement or "")
    assert stated.startswith(words[0]), stated
    assert all(word in stated for word in words), stated


@pytest.mark.parametrize(
    ("drug", "diplotypes"),
    [
        ("citalopram", {"CYP2C19": "*2/*2"}),  # C16: half the dose, a ceiling, another drug
        ("escitalopram", {"CYP2C19": "*2/*2"}),
        ("escitalopram", {"CYP2C19": "*1/*2"}),
        ("escitalopram", {"CYP2C19": "*17/*17"}),
        ("escitalopram", {"CYP2C19": "*1/*17"}),
        ("atomoxetine", {"CYP2D6": "*4/*4"}),
        ("vortioxetine", {"CYP2D6": "*4/*4"}),
        ("carbamazepine", {"HLA_B": "*15:02 positive"}),
    ],
)
def test_sources_that_point_the_same_way_do_not_disagree(drug: str, diplotypes: Mapping[str, str]) -> None:
    drugs, found = report_for(**diplotypes)
    assert drugs[drug].disagreement is None, drugs[drug].disagreement
    assert len({c.source.name for c in found if drug in c.drugs}) > 1


def test_another_drug_beside_closer_watching_is_a_difference_of_degree() -> None:
    drugs, _ = report_for(HLA_A="*02:01/*31:01")
    assert (drugs["carbamazepine"].disagreement or "").startswith("The sources differ in how far they go: ")


def test_another_drug_against_another_dose_is_a_difference_of_degree() -> None:
    drugs, _ = report_for(CYP2D6="*4/*4", CYP2C19="*2/*2")
    for drug in ("clomipramine", "nortriptyline"):
        stated = drugs[drug].disagreement
        assert stated is not None
        assert re.match(r"The sources differ in how far they go: CPIC 2016, \w+ \(.*CYP2D6\) advises against the drug", stated)
        assert stated.count("DPWG 2026") == 1
    drugs, _ = report_for(HLA_A="*02:01/*31:01")
    assert "FDA, Section 2 (HLA-A) asks to weigh risk" in (drugs["carbamazepine"].disagreement or "")
    drugs, _ = report_for(CYP2D6="*4/*4", CYP2C19="*2/*2")
    lower = (
        "advises against the drug and, if it is used, points to a lower target dose (the source's figure: maintenance dose 50% of the "
        "usual dose"
    )
    assert lower in drugs["nortriptyline"].headline
    assert lower in drugs["desipramine"].headline
    assert "calls the starting dose) and recommends measuring the blood level" in drugs["desipramine"].headline


def test_a_drug_on_which_sources_differ_keeps_what_limits_it_and_who_asks_for_no_change() -> None:
    drugs, found = report_for(CYP2D6="*4/*4")
    assert "No change asked for by DPWG 2022 (CYP2D6)." in drugs["fluoxetine"].headline
    groups = group_drugs(RULEBOOK, (), list(drugs.values()), {one.id: one for one in found})
    (clozapine,) = [one for one in groups.sources_differ if one.name == "clozapine"]
    assert "FDA, Section 1 (CYP2D6) points to a lower dose" in clozapine.text
    assert [part.text for part in clozapine.parts if part.kind is PartKind.PRESUMED] == [
        part.text for part in drugs["clozapine"].parts if part.kind is PartKind.PRESUMED
    ]


def test_what_was_not_read_in_the_source_is_stated_to_be_so_at_the_statement() -> None:
    drugs, found = report_for(CYP2D6="*4/*4", CYP2C19="*2/*2")
    unread = {drug for one in found if one.evidence.verification.state is VerificationState.UNVERIFIED for drug in one.drugs}
    assert {"dextromethorphan-quinidine", "duloxetine", "mirtazapine"} <= unread
    assert "FDA, Label, not verified (CYP2D6) points" in drugs["dextromethorphan-quinidine"].headline
    assert "not verified (CYP2C19)" in drugs["mirtazapine"].headline


def test_activity_values_are_those_of_current_cpic() -> None:
    """C17: *9 and *41 count 0.25."""
    alleles = {allele.name: allele.activity for allele in REFERENCE.genes["CYP2D6"].alleles}
    assert (alleles["*9"], alleles["*41"]) == (0.25, 0.25)


def test_every_source_and_drug_of_guidance_is_there() -> None:
    stated = {(rule.source.name, drug) for rule in RULEBOOK.rules for drug in rule.drugs}
    for name, drugs in {
        "CPIC": "atomoxetine carbamazepine oxcarbazepine citalopram paroxetine amitriptyline desipramine",
        "DPWG": "amitriptyline clomipramine doxepin imipramine nortriptyline venlafaxine paroxetine citalopram escitalopram sertraline "
        "fluoxetine fluvoxamine duloxetine mirtazapine moclobemide aripiprazole brexpiprazole risperidone quetiapine haloperidol "
        "zuclopenthixol pimozide clozapine olanzapine atomoxetine methylphenidate carbamazepine lamotrigine oxcarbazepine",
        "FDA": "citalopram escitalopram vortioxetine venlafaxine aripiprazole brexpiprazole clozapine iloperidone pimozide thioridazine "
        "perphenazine risperidone atomoxetine amphetamine amitriptyline amoxapine clomipramine desipramine doxepin imipramine "
        "nortriptyline protriptyline trimipramine paroxetine fluvoxamine viloxazine diazepam carbamazepine oxcarbazepine tetrabenazine "
        "deutetrabenazine valbenazine",
    }.items():
        assert {(name, drug) for drug in drugs.split()} <= stated
    silent = {drug for entry in RULEBOOK.entries if entry.reason == "no_guideline" for drug in entry.drugs}
    assert {
        "lithium",
        "ketamine",
        "esketamine",
        "psilocybin",
        "bupropion",
        "trazodone",
        "agomelatine",
        "zuranolone",
        "lamotrigine",
    } <= silent


def test_of_normal_metabolisers_cpic_speaks_and_dpwg_and_fda_do_not() -> None:
    drugs, found = report_for(CYP2D6="*1/*1", CYP2C19="*1/*1", CYP3A4="*1/*1")
    assert drugs["citalopram"].headline.startswith("No change is asked for on account of these genes: CPIC 2023 (CYP2C19)")
    assert not [c.rule_id for c in found if c.source.name in {"DPWG", "FDA"}]
    assert "haloperidol" not in drugs


def test_headlines_are_short_and_name_who_speaks() -> None:
    drugs, _ = report_for(CYP2C19="*2/*2", CYP2D6="*1/*1")
    assert drugs["escitalopram"].headline == (
        "CPIC 2023, Strong (CYP2C19) points to another drug or to a lower dose (the source's figure: maintenance dose 50% of the usual "
        "dose). DPWG 2022 (CYP2C19) names a highest dose of 10 mg a day (50% of the usual highest dose) "
        "under 65 years; 5 mg a day from 65 years on (QT interval)."
    )
    assert all(len(drug.headline) < 580 for drug in drugs.values())


@pytest.mark.parametrize(
    ("given", "drug", "expected"),
    [
        ({"HLA-B": "*15:02 negative"}, "oxcarbazepine", ["cpic-2017-oxcarbazepine-without"]),
        ({"HLA-B": "*15:02 negative"}, "carbamazepine", []),
        ({"HLA-A": "*31:01 negative"}, "carbamazepine", []),
        (
            {"HLA-B": "*15:02 positive"},
            "carbamazepine",
            ["cpic-2017-carbamazepine-hla-b-15-02", "dpwg-carbamazepine-hla-b-15-02", "fda-carbamazepine-hla-b-15-02"],
        ),
        ({"HLA-A": "*31:01 negative", "HLA-B": "*15:02 negative"}, "carbamazepine", ["cpic-2017-carbamazepine-neither"]),
        ({"HLA-B": "*15:11 positive"}, "carbamazepine", ["dpwg-carbamazepine-hla-b-15-11"]),
        (
            {"HLA-A": "*31:01 positive", "HLA-B": "*15:02 negative"},
            "carbamazepine",
            [
                "cpic-2017-carbamazepine-hla-a-31-01",
                "cpic-2017-carbamazepine-hla-a-31-01-without-hla-b-15-02",
                "dpwg-carbamazepine-hla-a-31-01",
                "fda-carbamazepine-hla-a-31-01",
            ],
        ),
    ],
)
def test_what_a_test_of_one_hla_allele_states(given: dict[str, str], drug: str, expected: list[str]) -> None:
    facts = facts_of(Example(given=given), REFERENCE)
    assert [rule.id for rule in RULEBOOK.rules if drug in rule.drugs and all(holds(c, facts) for c in rule.when)] == expected


def test_what_dpwg_reads_as_normal_and_cpic_does_not_gets_no_statement_of_dpwg() -> None:
    """DPWG has no rapid metabolizer of CYP2C19, and calls an activity score of 2.5 normal."""
    for drug, gene, diplotype, cpic in (
        ("escitalopram", "CYP2C19", "*1/*17", "cpic-2023-escitalopram-cyp2c19-rm"),
        ("paroxetine", "CYP2D6", "*1x2/*17", "cpic-2023-paroxetine-cyp2d6-um"),
    ):
        drugs, found = report_for(**{gene: diplotype})
        assert {c.rule_id for c in found if drug in c.drugs and c.genes == (gene,) and c.source.name in {"CPIC", "DPWG"}} == {cpic}
        assert drugs[drug].disagreement is None


@pytest.mark.parametrize(
    ("results", "excepted"),
    [
        ({"HLA_A": "*31:01 positive", "HLA_B": "*15:02 positive"}, False),
        ({"HLA_A": "*02:01/*31:01", "HLA_B": "*15:02/*40:01"}, False),
        ({"HLA_A": "*31:01 positive"}, False),
        ({"HLA_B": "*15:02 positive"}, False),
        ({"HLA_A": "*31:01 positive", "HLA_B": "*15:02 negative"}, True),
        ({"HLA_A": "*02:01/*31:01", "HLA_B": "*07:02/*08:01"}, True),
    ],
)
def test_cpic_excepts_only_people_without_hla_b_15_02_from_its_advice_against_carbamazepine(
    results: Mapping[str, str], *, excepted: bool
) -> None:
    drugs, found = report_for(**results)
    cpic = [c for c in found if c.source.name == "CPIC" and "carbamazepine" in c.drugs]
    assert any("no alternative is at hand" in c.text for c in cpic) is excepted
    assert next(c.evidence.source_grade for c in cpic if c.action.code == "avoid") == "Strong"
    assert "CPIC 2017, Strong" in drugs["carbamazepine"].headline
    assert "advises against the drug" in drugs["carbamazepine"].headline


def test_pimozide_has_both_ceilings_for_poor_metabolisers_side_by_side() -> None:
    _, found = report_for(CYP2D6="*4/*4")
    ceilings = {c.source.name: c.action.dose_change.maximum or "" for c in found if "pimozide" in c.drugs and c.action.dose_change}
    assert "4 mg a day in adults" in ceilings["FDA"]
    assert "10 mg a day" in ceilings["DPWG"]


def test_a_test_of_another_hla_allele_is_no_test_of_those_that_rules_ask_for() -> None:
    for result, stated in (("*57:01 negative", True), ("*15:02 negative", False)):
        genes = [called("HLA-A", "*31:01 positive"), called("HLA-B", result)]
        drugs = {drug.name: drug for drug in summarise_drugs(RULEBOOK, consider(PREPARED, genes, ()), genes)}
        assert ("HLA-B was not tested" in drugs["carbamazepine"].headline) is stated


def test_slow_metabolizers_of_atomoxetine_may_come_down_again() -> None:
    """CPIC 2019, adults: scores below 1 start slowly, and "unacceptable side effects at any time" ask for less; score 1 counts as usual."""
    rules = {rule.id: rule for rule in RULEBOOK.rules if rule.id.startswith("cpic-2019-atomoxetine")}
    for name in ("pm", "score-over-0-and-below-1"):
        slow = rules[f"cpic-2019-atomoxetine-cyp2d6-{name}"]
        assert slow.actions[-2:] == ("tdm_if_inadequate_response", "reduce_dose_if_side_effects")
        assert slow.dose is not None
        assert slow.dose.monitoring == (
            "after 2 weeks of too little response, level 2-4 hours after a dose; a level under 200 ng/mL supports an increase towards "
            "400 ng/mL; 200-1000 ng/mL has been proposed as the range, on limited data"
        )
    assert rules["cpic-2019-atomoxetine-cyp2d6-score-at-least-1-and-below-1-25"].implications == ("minor_change",)
