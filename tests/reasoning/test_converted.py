"""Considerations by conversion: marked, apart from advice by genotype, and never about a drug that causes the conversion itself."""

import pytest

from tests.clinical.calls import called, knowledge, taking
from tests.golden.cases import cases
from trdpgx import Service, annotate
from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile
from trdpgx.model.composed import PartKind
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import Certainty, DrugReport
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.gene_report import CopyNumber, GeneReport, HiddenReading
from trdpgx.model.patient import Patient
from trdpgx.reasoning.considerations import consider
from trdpgx.reasoning.drugs import summarise_drugs
from trdpgx.reasoning.nothing_follows import untreated_subjects
from trdpgx.reasoning.patient_side import PatientSide, patient_side
from trdpgx.reasoning.prepared import prepare
from trdpgx.reasoning.summary.summary import summarise
from trdpgx.report.grouping import contradictions

KNOWLEDGE = knowledge()
RULES = prepare(KNOWLEDGE.rulebook)


def side(genes: list[GeneReport], patient: Patient | None) -> PatientSide:
    return patient_side(RULES, KNOWLEDGE, patient, genes, (), considerations=consider(RULES, genes, ()))


def converted(made: PatientSide, drug: str) -> list[Consideration]:
    return [one for one in made.considerations if one.conversion is not None and drug in one.drugs]


def drugs(made: PatientSide) -> dict[str, DrugReport]:
    return {one.name: one for one in summarise_drugs(KNOWLEDGE.rulebook, made.considerations, made.genes)}


def test_what_a_guideline_states_of_the_converted_phenotype_is_repeated_and_marked() -> None:
    made = side([called("CYP2D6", "*1/*1")], taking("paroxetine"))
    (cpic,) = [one for one in converted(made, "nortriptyline") if one.source.name == "CPIC"]
    assert cpic.rule_id == "cpic-2016-nortriptyline-cyp2d6-pm"
    assert cpic.conversion is not None
    assert (cpic.conversion.genes, cpic.conversion.causes, cpic.conversion.guideline) == (("CYP2D6",), ("paroxetine",), False)
    assert "a convention, and no guideline advice" in cpic.text
    assert cpic.basis.text.startswith("By conversion and not by genotype alone (CYP2D6 under paroxetine).")
    assert "Poor Metabolizer" in cpic.trigger
    ids = [one.id for one in made.considerations]
    assert ids == [f"C{number:03d}" for number in range(1, len(ids) + 1)]


def test_a_headline_keeps_conversion_apart_from_advice_by_genotype() -> None:
    report = drugs(side([called("CYP2D6", "*1/*1")], taking("paroxetine")))["nortriptyline"]
    by_genotype, _, converted = report.headline.partition(" Under current drugs (CYP2D6 under paroxetine")
    assert by_genotype == "No change is asked for on account of these genes: CPIC 2016 (CYP2D6)."
    assert converted
    assert "no guideline advice" in report.headline
    assert report.certainty is Certainty.CONVERTED
    assert report.headline_limits[-1].text == "CYP2D6 under paroxetine by a convention"


@pytest.mark.parametrize(
    ("drug", "asked"),
    [
        ("vortioxetine", "The label halves the dose with strong CYP2D6 inhibitors."),
        ("aripiprazole", "makes no change for adjunctive use in depression."),
        ("dextromethorphan-bupropion", "one tablet in the morning."),
    ],
)
def test_what_a_label_itself_asks_for_with_an_inhibitor_is_no_convention(drug: str, asked: str) -> None:
    made = side([called("CYP2D6", "*1/*4")], taking("paroxetine"))
    report = drugs(made)[drug]
    assert "Beside paroxetine FDA itself asks for a change: FDA, " in report.headline
    assert asked in report.headline
    (own, *carried_over) = [one.text for one in report.headline_limits if one.certainty is Certainty.CONVERTED]
    assert "convention" not in own
    assert bool(carried_over) == (drug != "dextromethorphan-bupropion")
    (fda,) = [one for one in converted(made, drug) if one.source.name == "FDA"]
    assert "convention" not in fda.text
    weaker = drugs(side([called("CYP2D6", "*1/*4")], taking("duloxetine")))
    assert drug not in weaker or "itself asks" not in weaker[drug].headline


def test_a_drug_is_not_considered_under_a_conversion_that_it_causes_itself() -> None:
    alone = side([called("CYP2D6", "*1/*1")], taking("paroxetine"))
    assert converted(alone, "paroxetine") == []
    assert drugs(alone)["paroxetine"].certainty is Certainty.STATED
    both = side([called("CYP2D6", "*1/*1")], taking("paroxetine", "bupropion"))
    assert {cause for one in converted(both, "paroxetine") for cause in (one.conversion.causes if one.conversion else ())} == {"bupropion"}
    assert {cause for one in converted(both, "venlafaxine") for cause in (one.conversion.causes if one.conversion else ())} == {
        "bupropion",
        "paroxetine",
    }


@pytest.mark.parametrize(
    ("gene", "diplotype", "taken"),
    [
        ("CYP2D6", "*4/*4", "paroxetine"),  # nothing is left
        ("CYP2D6", "*1/*1", "sertraline"),  # weak by the list that goes first; moderate by Lesche 2020 alone
        ("CYP2C19", "*1/*17", "omeprazole"),  # moderate by lists that were not read
        ("CYP2D6", "*1/*1", "lithium"),
    ],
)
def test_nothing_is_repeated_without_a_conversion_that_was_read(gene: str, diplotype: str, taken: str) -> None:
    made = side([called(gene, diplotype)], taking(taken))
    found = [one for one in made.considerations if one.conversion is not None]
    if taken == "sertraline":
        assert {one.basis.holds_for for one in found} == {"some"}
        assert all("Lesche 2020" in one.trigger for one in found)
    else:
        assert found == []


def test_where_methods_differ_both_are_named() -> None:
    made = side([called("CYP2D6", "*4/*41")], taking("duloxetine"))
    (poor,) = [one for one in converted(made, "nortriptyline") if one.rule_id == "cpic-2016-nortriptyline-cyp2d6-pm"]
    assert poor.basis.holds_for == "some"
    assert "converted by category-shift (Poor Metabolizer)" in poor.trigger


def test_what_holds_by_genotype_already_is_not_repeated() -> None:
    genes = [called("CYP2D6", "*4/*41")]
    by_genotype = {one.rule_id for one in consider(RULES, genes, ()) if one.basis.holds_for == "all"}
    made = side(genes, taking("duloxetine"))
    assert not by_genotype & {one.rule_id for one in made.considerations if one.conversion is not None}


def test_a_gene_that_was_not_called_is_poor_under_a_strong_inhibitor() -> None:
    made = side([called("CYP2D6")], taking("paroxetine"))
    report = drugs(made)["nortriptyline"]
    assert report.headline.startswith("By genotype no rule applies. Under current drugs")
    assert report.certainty is Certainty.CONVERTED
    assert all("any diplotype" in one.trigger for one in converted(made, "nortriptyline"))


def test_an_open_phenotype_is_settled_by_a_strong_inhibitor() -> None:
    hidden = HiddenReading(phenotypes={Scheme.CPIC: Phenotype.IM, Scheme.DPWG: Phenotype.IM}, activity_score=1, diplotypes=("*1/*4",))
    gene = called("CYP2D6", "*1/*1").copy_with(phenotype_open=True, hidden_readings=(hidden,))
    strong = converted(side([gene], taking("paroxetine")), "nortriptyline")
    assert {one.basis.holds_for for one in strong} == {"all"}
    moderate = converted(side([gene], taking("duloxetine")), "nortriptyline")
    assert {one.basis.holds_for for one in moderate} == {"some"}


def test_dpwg_reads_the_converted_score_by_its_own_bands() -> None:
    made = side([called("CYP2D6", "*1x2/*1x2")], taking("duloxetine"))  # 4 halves to 2
    assert {one.rule_id for one in made.considerations if one.conversion and one.source.name == "DPWG"} == set()


def test_the_summary_puts_no_converted_drug_under_no_change_and_rules_none_out() -> None:
    genes = [called("CYP2D6", "*1/*1")]
    made = side(genes, taking("paroxetine"))
    summary = summarise(
        KNOWLEDGE.rulebook,
        made.genes,
        (),
        made.considerations,
        list(drugs(made).values()),
        asked={},
        silent=untreated_subjects(KNOWLEDGE.rulebook).drugs,
        history=made.history,
        context_given=True,
    )
    assert "nortriptyline" in [one.name for one in summary.drugs.change_considered]
    assert "nortriptyline" not in [one.name for one in summary.drugs.no_change]
    assert [one.name for one in summary.drugs.ruled_out if one.name == "venlafaxine"] == []
    assert any("no guideline advice" in one.text and "nortriptyline" in one.text for one in summary.attention)


def test_without_a_patient_nothing_is_added() -> None:
    genes = [called("CYP2D6", "*1/*1")]
    made = side(genes, None)
    assert made.genes == genes
    assert (made.exposure, made.history, made.interactions) == ((), None, ())


def test_what_a_source_itself_asks_for_under_an_inhibitor_is_its_advice() -> None:
    made = side([called("CYP2D6", "*1/*1")], taking("paroxetine"))
    (label,) = [one for one in converted(made, "dextromethorphan-bupropion") if one.source.name == "FDA"]
    assert label.conversion is not None
    assert label.conversion.guideline
    assert "FDA itself asks for a change with such inhibitors" in label.text
    moderate = side([called("CYP2D6", "*1/*41")], taking("duloxetine"))
    assert not any(one.conversion.guideline for one in moderate.considerations if one.conversion)


def test_sources_differ_under_current_drugs_as_they_do_for_that_phenotype_by_genotype(service: Service) -> None:
    """Paroxetine makes a poor metabolizer of CYP2D6 by convention: the comparison is that of a report in which a tool called one."""
    (case,) = (case for case in cases() if case.name == "clinical")
    (report,) = case.reports(service)
    (called_poor,) = annotate(case.source, outside_calls=b"CYP2D6\t*4/*4\n", service=service)
    by_genotype = {drug.name: drug.disagreement for drug in called_poor.drugs}
    compared = {drug.name: drug for drug in report.drugs if drug.disagreement_under_current_drugs}
    assert {"venlafaxine", "nortriptyline", "clozapine", "aripiprazole", "fluvoxamine", "fluoxetine"} == compared.keys()
    for name, drug in compared.items():
        assert sides(drug.disagreement_under_current_drugs) == sides(by_genotype[name])
        assert sides(drug.disagreement_under_current_drugs) != sides(drug.disagreement)
    texts = {text for _, text, _ in contradictions(report)}
    assert {drug.disagreement_under_current_drugs for drug in compared.values()} <= texts


def sides(differ: str | None) -> set[str]:
    """Return what each source states in a sentence on how they differ; no recommendation is not carried over."""
    stated = (differ or "").partition(": ")[2].rstrip(".").split("; ")
    return {one for one in stated if "makes no recommendation" not in one}


ACTING_ON_CYP2D6 = sorted({row.drug for row in KNOWLEDGE.rulebook.clinical.of(EnzymeEffectFile).rows.values() if row.enzyme == "CYP2D6"})


@pytest.mark.parametrize("other", [drug for drug in ACTING_ON_CYP2D6 if drug != "paroxetine"])
def test_a_further_inhibitor_takes_nothing_away_of_what_a_strong_one_brings(other: str) -> None:
    """Not even where nobody has read its list (venlafaxine): that used to silence all that holds under paroxetine."""
    own = {other, *KNOWLEDGE.rulebook.patient_names.components.get(other, ())}

    def held(*taken: str) -> set[tuple[str, str]]:
        made = side([called("CYP2D6", "*1/*1")], taking(*taken)).considerations
        return {(one.rule_id, drug) for one in made if one.conversion for drug in one.drugs if not own & {drug, *components(drug)}}

    def components(drug: str) -> tuple[str, ...]:
        return tuple(KNOWLEDGE.rulebook.patient_names.components.get(drug, ()))

    alone = held("paroxetine")
    assert len(alone) > 30
    assert held("paroxetine", other) >= {pair for pair in alone if pair[1] != "paroxetine"}


@pytest.mark.parametrize(("taken", "presumed"), [("paroxetine", False), ("fluoxetine", False), ("duloxetine", True)])
def test_copies_are_presumed_where_they_would_change_the_converted_phenotype(taken: str, presumed: bool) -> None:
    copies = CopyNumber(status="not_assessed", evidence="none", activity_score_range=(1.0, 2.0))
    gene = called("CYP2D6", "*1/*4").copy_with(copy_number=copies)
    found = [one for one in side([gene], taking(taken)).considerations if one.conversion is not None and one.genes == ("CYP2D6",)]
    assert found
    assert {any(part.kind is PartKind.PRESUMED for part in one.basis.parts) for one in found} == {presumed}
    assert all(("presumes two ordinary copies" in one.basis.text) == presumed for one in found)
    by_genotype = [one for one in side([gene], taking(taken)).considerations if one.conversion is None and one.genes == ("CYP2D6",)]
    assert any("presumes two ordinary copies" in one.basis.text for one in by_genotype)
