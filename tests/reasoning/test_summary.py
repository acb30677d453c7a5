"""The summary repeats the report: every drug in exactly one group, and nothing that was not seen under "no change"."""

import re

import pytest

from tests.golden.cases import cases
from tests.golden.summaries import drug_texts
from trdpgx import Service
from trdpgx.model.clinical_report import ExposureReport, InteractionReport, TreatmentHistory
from trdpgx.model.drug_report import Certainty
from trdpgx.model.evidence import Verification, VerificationState
from trdpgx.model.input import InputWarning
from trdpgx.model.rule import Source
from trdpgx.model.summary import DrugGroups, SummaryDrug
from trdpgx.reasoning.certainty import copies_change
from trdpgx.reasoning.summary.attention import attention
from trdpgx.reasoning.summary.considered import ConsideredDrugs
from trdpgx.reasoning.summary.current import of_current_drugs
from trdpgx.reasoning.summary.ruling import ruling
from trdpgx.reasoning.summary.summary import summarise
from trdpgx.report.grouping import beside_taken

CASES = {case.name: case for case in cases()}
UNSURE = {Certainty.OPEN, Certainty.ASSUMED, Certainty.DISPUTED, Certainty.UNTESTED}
RULING_OUT = {"contraindicated", "avoid"}


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_drug_is_in_one_group_and_no_change_is_sure(name: str, service: Service) -> None:
    report = CASES[name].reports(service)[0]
    assert report.summary is not None
    groups = {group: [drug.name for drug in drugs] for group, drugs in report.summary.drugs}
    listed = [drug for drugs in groups.values() for drug in drugs]
    assert sorted(listed) == sorted(drug.name for drug in service.knowledge.rulebook.drugs.values())
    certainty = {drug.name: drug.certainty for drug in report.drugs}
    assert [drug for drug in groups["no_change"] if certainty[drug] in UNSURE] == []


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_contraindication_is_never_under_no_change(name: str, service: Service) -> None:
    report = CASES[name].reports(service)[0]
    assert report.summary is not None
    ruled = {
        drug
        for one in report.considerations
        if RULING_OUT.intersection(one.action.codes) and one.source.name != "research"
        for drug in one.drugs
    }
    certain = {
        drug
        for one in report.considerations
        if RULING_OUT.intersection(one.action.codes)
        and one.source.name != "research"
        and one.basis.holds_for == "all"
        and one.conversion is None
        for drug in one.drugs
    }
    groups = {group: {drug.name for drug in drugs} for group, drugs in report.summary.drugs}
    assert certain == groups["ruled_out"]
    assert ruled <= groups["ruled_out"] | groups["change_considered"] | groups["sources_differ"]


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_it_rests_on_is_in_the_report(name: str, service: Service) -> None:
    report = CASES[name].reports(service)[0]
    assert report.summary is not None
    ids = {one.id for one in report.considerations}
    named = [*report.summary.attention, *report.summary.resistance, *(drug for _, drugs in report.summary.drugs for drug in drugs)]
    assert {identity for one in named for identity in one.considerations} <= ids
    assert len(report.summary.attention) <= 6
    assert [gene.gene for gene in report.summary.genes] == [gene.gene for gene in report.genes]


def test_the_order_is_of_importance(service: Service) -> None:
    poor, conflict, nothing = (CASES[name].reports(service)[0].summary for name in ("poor", "outside-conflicts", "nothing"))
    assert poor is not None
    assert "Ruled out for what was seen: thioridazine (FDA, QT interval)." in poor.attention[0].text
    assert conflict is not None
    assert "contradict each other for CYP2D6" in conflict.attention[0].text
    assert nothing is not None
    assert nothing.attention[0].text.startswith("THE FILE HAS NO RECORD")


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_drug_that_a_source_rules_out_stands_out_by_name(name: str, service: Service) -> None:
    report = CASES[name].reports(service)[0]
    assert report.summary is not None
    ruling = {
        drug
        for one in report.considerations
        if {*RULING_OUT, "may_be_contraindicated"}.intersection(one.action.codes) and one.source.name != "research"
        for drug in one.drugs
    }
    sentences = " ".join(one.text for one in report.summary.attention if re.search("(?i)ruled out|advised against", one.text))
    assert [drug for drug in sorted(ruling) if drug not in sentences] == []


def test_a_disputed_gene_is_called_so_and_has_what_would_settle_it(service: Service) -> None:
    summary = CASES["outside-conflicts"].reports(service)[0].summary
    assert summary is not None
    (gene,) = [gene for gene in summary.genes if gene.gene == "CYP2D6"]
    assert "disputed" in gene.text
    assert "Which result of CYP2D6 is right?" in [settle.question for settle in summary.settle]
    assert any("If the disputed result that is reported is right" in one.text for one in summary.attention)


def test_what_is_open_names_what_would_settle_it(service: Service) -> None:
    summary = CASES["open"].reports(service)[0].summary
    assert summary is not None
    questions = {settle.gene: settle for settle in summary.settle if settle.question.startswith("Which phenotype")}
    assert {"CYP2C19", "CYP2D6", "CYP2B6"} <= questions.keys()
    assert "rs" in questions["CYP2C19"].test
    assert questions["CYP2C19"].drugs
    assert {gene.certainty for gene in summary.genes if gene.gene in questions} == {"open"}


def test_what_no_file_shows_clears_no_drug(service: Service) -> None:
    summary = CASES["poor"].reports(service)[0].summary
    assert summary is not None
    (hla,) = [one for one in summary.not_seen if one.code == "hla_not_tested"]
    assert {"carbamazepine", "oxcarbazepine", "lamotrigine"} <= set(hla.drugs)
    not_covered = {drug.name: drug.text for drug in summary.drugs.not_covered}
    assert not_covered["carbamazepine"] == (
        "Not cleared: nothing is known of HLA-A*31:01, HLA-B*15:02 and HLA-B*15:11. For carriers the drug is ruled out or advised against "
        "by CPIC, DPWG and FDA because of severe reactions of the skin and hypersensitivity to the drug."
    )
    assert "For carriers DPWG warns of severe reactions of the skin." in not_covered["lamotrigine"]


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_drug_on_which_sources_oppose_each_other_is_named_as_such(name: str, service: Service) -> None:
    report = CASES[name].reports(service)[0]
    assert report.summary is not None
    opposed = {drug.name: drug.disagreement for drug in report.drugs if (drug.disagreement or "").startswith("The sources differ:")}
    texts = drug_texts(report)
    assert {drug for drug, text in opposed.items() if text not in texts[drug] and "The sources differ." not in texts[drug]} == set()
    assert {drug.name for drug in report.summary.drugs.sources_differ if opposed[drug.name] not in drug.text} == set()


def test_a_drug_that_is_ruled_out_beside_what_is_taken_states_it(service: Service) -> None:
    report = CASES["clinical"].reports(service)[0]
    assert report.summary is not None
    texts = drug_texts(report)
    assert "Together with paroxetine, which is taken: contraindicated" in texts["moclobemide"]
    assert "contraindicated" in texts["phenelzine"]
    (sentence,) = [one.text for one in report.summary.attention if "drugs that are not taken" in one.text]
    assert {"moclobemide", "phenelzine", "tranylcypromine"} <= {word.strip(",;") for word in sentence.split()}


def test_a_sentence_on_other_doses_points_back_to_what_is_ruled_out_beside_what_is_taken(service: Service) -> None:
    report = CASES["clinical"].reports(service)[0]
    assert report.summary is not None
    restricted = {drug for drugs, *_ in beside_taken(report) for drug in drugs}
    sentences = [one.text for one in report.summary.attention if "considers another dose" in one.text]
    assert sentences
    for text in sentences:
        before, _, after = text.partition("Of these a source rules out or advises against")
        after, _, _ = after.partition(" A change is also considered for pimozide")
        named = {drug for drug in restricted if re.search(rf"(?<![\w-]){re.escape(drug)}(?![\w-])", before)}
        assert named
        assert {drug for drug in restricted if re.search(rf"(?<![\w-]){re.escape(drug)}(?![\w-])", after)} == named


def test_a_change_that_hangs_on_the_course_of_treatment_is_named_as_such(service: Service) -> None:
    report = CASES["met"].reports(service)[0]
    assert report.summary is not None
    (sentence,) = [one.text for one in report.summary.attention if "atomoxetine" in one.text]
    assert sentence.startswith("Only if the course of treatment asks for it")


def test_a_counted_allele_is_named_with_its_residue(service: Service) -> None:
    triggers = " ".join(one.trigger for one in CASES["met"].reports(service)[0].considerations)
    assert "BDNF rs6265 T/T (2 copies of T = Met, the counted allele)" in triggers
    assert "COMT rs4680 A/A (2 copies of A = Met, the counted allele)" in triggers


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_drug_on_which_sources_oppose_each_other_stands_out_by_name(name: str, service: Service) -> None:
    report = CASES[name].reports(service)[0]
    assert report.summary is not None
    opposed = [drug.name for drug in report.drugs if (drug.disagreement or "").startswith("The sources differ:")]
    degree = [drug.name for drug in report.drugs if drug.disagreement is not None and drug.name not in opposed]
    sentences = [one.text for one in report.summary.attention if re.search("Sources differ (on|in how far)", one.text)]
    assert len(sentences) == bool(opposed or degree)
    assert all(drug in sentences[0] for drug in opposed)
    in_degree = sentences[0].partition("in how far they go on ")[2].partition(".")[0].partition("; in figures")[0] if degree else ""
    assert all(drug in in_degree for drug in degree)
    assert all("and 1 more" not in sentence.partition("ources differ on")[2] for sentence in sentences)


def test_what_is_ruled_out_is_never_cut_off(service: Service) -> None:
    disputed = next(gene for gene in CASES["outside-conflicts"].reports(service)[0].genes if gene.gene == "CYP2D6")
    grave = [
        InteractionReport(
            kind="drug_pair",
            drugs=("a", "b"),
            severity="contraindicated",
            text=f"T{number}.",
            source=Source(name="label"),
            verification=Verification(state=VerificationState.VERIFIED, where="here"),
        )
        for number in range(9)
    ]
    history = TreatmentHistory(current_drugs=("a", "b"))
    far = ExposureReport.model_validate({"drug": "a", "cause": "with b", "kind": "word", "word": "much higher", "text": "Text."})
    current = tuple(of_current_drugs(history, [far], grave))
    poor = CASES["poor"].reports(service)[0]
    behind = {one.id: one for one in poor.considerations if "venlafaxine" in one.drugs and one.action.against}
    ruled_out = (SummaryDrug(name="venlafaxine", text="x", considerations=tuple(behind)),)
    groups = DrugGroups(ruled_out=ruled_out, sources_differ=(SummaryDrug(name="paroxetine", text="x"),))
    loud = [InputWarning(code="no_genome", text="No genome.")]
    ruled = tuple(ruling(groups, behind, {gene.gene: gene for gene in poor.genes}, (), ()))
    found = attention(loud, [disputed], (), groups, ConsideredDrugs(), not_seen=(), history=history, current=current, ruling=ruled)
    assert len(found) <= 6
    assert ["No genome" in found[0].text, "CYP2D6" in found[1].text] == [True, True]
    assert "Advised against for what was seen: venlafaxine (DPWG)." in found[-1].text
    assert "Sources differ on paroxetine." in found[-1].text


@pytest.mark.parametrize("name", ["poor", "met", "nothing", "clinical"])
def test_a_diagnosis_that_no_file_shows_clears_no_drug(name: str, service: Service) -> None:
    summary = CASES[name].reports(service)[0].summary
    assert summary is not None
    (unseen,) = [one for one in summary.not_seen if one.code == "diagnosis_not_looked_for"]
    assert unseen.drugs == ("valproic acid",)
    assert "POLG" in unseen.text
    assert [one.drugs for one in summary.settle if "POLG" in one.question] == [("valproic acid",)]


@pytest.mark.parametrize("name", sorted(CASES))
def test_uncounted_copies_of_a_called_gene_are_open_where_rules_need_it(name: str, service: Service) -> None:
    for report in CASES[name].reports(service):
        assert report.summary is not None
        texts = " ".join(one.text for one in report.summary.not_seen if one.code == "copy_number_not_assessed")
        questions = " ".join(one.question for one in report.summary.settle if one.question.startswith("How many copies"))
        for gene in report.genes:
            if gene.gene in {"CYP2C19", "CYP2D6", "CYP2B6"} and gene.diplotypes and gene.copy_number.status == "not_assessed":
                assert gene.gene in texts
                assert (gene.gene in questions) == copies_change(gene)


def test_a_seen_genotype_that_a_study_ties_to_resistance_is_named(service: Service) -> None:
    summary = CASES["met"].reports(service)[0].summary
    assert summary is not None
    assert [next(gene for gene in ("BDNF", "COMT") if gene in one.text) for one in summary.resistance] == ["COMT", "BDNF"]


def test_that_resistance_was_not_examined_is_no_negative_result(service: Service) -> None:
    report = CASES["poor"].reports(service)[0]
    unseen = [one for one in report.variants if one.id in service.rules.untreated.of_resistance]
    assert len(unseen) > 1
    seen = [unseen[0].copy_with(genotype="C/T"), *unseen[1:]]
    for variants, examined in ((unseen, False), (seen, True)):
        summary = summarise(service.knowledge.rulebook, (), (), (), (), asked={}, silent=(), of_resistance=variants)
        texts = [one.text for one in summary.not_seen if one.code == "resistance_not_examined"]
        assert bool(texts) is not examined
        assert all("this is no negative result." in text for text in texts)


def test_what_stands_out_begins_with_phenotypes_that_guidance_is_about(service: Service) -> None:
    poor, conflict, met = (CASES[name].reports(service)[0].summary for name in ("poor", "outside-conflicts", "met"))
    assert poor is not None
    assert poor.attention[0].text.startswith(
        "Called, 4 of 11 genes: Poor Metabolizer of CYP2C19, CYP2D6 and CYP2B6. Presumed: two copies of CYP2B6. Ruled out"
    )
    assert conflict is not None
    assert not any("Metabolizer of CYP2D6" in one.text for one in conflict.attention if one.text.startswith("Called"))
    assert met is not None
    assert met.attention[0].lines == (
        "Called, 1 of 11 genes: Normal Metabolizer of CYP2D6. Presumed: two copies of CYP2D6.",
        "For what was seen no source rules a drug out or advises against one; that clears no drug.",
    )


def test_summary_and_limits_name_the_same_genes_without_a_count_of_copies(service: Service) -> None:
    for case in cases():
        for report in case.reports(service):
            assert report.summary is not None
            unseen = [one.text for one in report.summary.not_seen if one.code == "copy_number_not_assessed"]
            limits = [one.text for one in report.limitations if one.code == "copy_number_not_assessed"]
            assert len(unseen) == len(limits)
            uncounted = {gene.gene for gene in report.genes if gene.copy_number.status in {"not_assessed", "suspected"}}
            for text in (*unseen, *limits):
                assert {gene.gene for gene in report.genes if gene.gene in text} == uncounted


def test_a_reading_that_is_open_and_what_the_sender_can_state_are_asked(service: Service) -> None:
    reports = {case.name: case.reports(service)[0] for case in cases() if case.name in {"bcf", "met", "clinical", "nothing"}}
    asked = {name: {one.question: one.drugs for one in report.summary.settle} for name, report in reports.items() if report.summary}
    reading = "Does FDA rule out thioridazine by genotype?"
    assert asked["bcf"][reading] == ("thioridazine",)
    assert not any("thioridazine" in question for question in asked["met"])
    context = {name: [question for question in questions if "taken" in question] for name, questions in asked.items()}
    taken = "Which drugs are taken? They can change what is stated of any drug here."
    assert context["bcf"] == [taken]
    assert asked["bcf"]["How old is the person?"] == ("pimozide",)
    assert context["nothing"] == [taken]
    assert not any("How old" in question for question in asked["clinical"])


@pytest.mark.parametrize(
    ("case", "gene", "words"),
    [
        (
            "met",
            "CYP2D6",
            "(one copy less would make it Intermediate Metabolizer; one more copy could make it Ultrarapid Metabolizer; a hybrid",
        ),
        (
            "bcf",
            "CYP2D6",
            "(one more copy could make it Normal Metabolizer; one copy less does not fit two different alleles; a hybrid without",
        ),
        ("bcf", "CYP2B6", "an unseen deletion or hybrid could change this"),
        ("poor", "CYP2D6", "which would change nothing here"),
        ("poor", "CYP2C19", "which would change nothing here"),
    ],
)
def test_a_gene_in_words_states_what_an_unseen_copy_could_make_of_it(service: Service, case: str, gene: str, words: str) -> None:
    report = CASES[case].reports(service)[0]
    assert report.summary is not None
    (row,) = (one.text for one in report.summary.genes if one.gene == gene)
    assert words in row
