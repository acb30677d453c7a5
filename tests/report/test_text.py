"""The text: short by default, everything at full detail, and at each gene what a reader has to know about the call."""

import re
from pathlib import Path

import pytest

from tests.golden.cases import Case, cases
from tests.report.facts import CONTEXT, clinical_facts, facts_of, flat
from tests.report.pages import page_of
from trdpgx import Report, Service, annotate
from trdpgx.model.evidence import Strength
from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import AssumptionReport, GeneReport, HiddenAllele, LikelyDiplotype
from trdpgx.model.options import DetailOption
from trdpgx.reasoning.certainty import nothing_seen
from trdpgx.reasoning.short_findings import finding_words
from trdpgx.reasoning.summary.current import GRAVE
from trdpgx.report.grouping import folded
from trdpgx.report.text.report import to_text
from trdpgx.report.wording import STAGING_NAMES, STRENGTH_WORDS, evidence_key, reading_key, trial_words
from trdpgx.texts import both

EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"
CYRIUS = b"Sample\tGenotype\tFilter\nSYNTHETIC-1\t*1/*2x2\tPASS\n"
SHORT_LINES = 120
"""Lines: two screens of 60."""
ELSEWHERE = frozenset({"reference_by_default", "sites_unseen", "copy_number_not_assessed"})
"""Caveats that a short text has once, or among what was not seen."""
FULL = DetailOption.FULL
CASES = cases()


def block(text: str, gene: str) -> str:
    """Return the lines of one gene."""
    match = re.search(rf"^  {gene} .*?(?=^  \S|^$)", text, re.MULTILINE | re.DOTALL)
    assert match is not None
    return match[0]


def changed_by_copies(gene: GeneReport) -> list[str]:
    """Return what one copy more or less would make of a gene, where that is another score than those of its diplotypes."""
    scores = {f"{diplotype.activity_score}" for diplotype in gene.diplotypes if diplotype.activity_score is not None}
    one_more_or_less = [note.text for note in gene.copy_number.structural_possibilities if "activity score" in note.text]
    made = [(text, set(re.findall(r"\d+\.\d+(?= \()", text))) for text in one_more_or_less]
    return [text for text, others in made if scores and others and (min(others) < min(scores) or max(others) > max(scores))]


@pytest.fixture(scope="module")
def plain(service: Service) -> Report:
    (report,) = annotate(EXAMPLE, service=service)
    return report


@pytest.fixture(scope="module")
def conflicting(service: Service) -> Report:
    (report,) = annotate(EXAMPLE, outside_calls=CYRIUS, service=service)
    return report


def changed(report: Report, name: str, **values: object) -> Report:
    genes = tuple(gene.model_copy(update=values) if gene.gene == name else gene for gene in report.genes)
    return report.model_copy(update={"genes": genes})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_everything_of_the_report_is_in_the_full_text(case: Case, service: Service) -> None:
    for report in case.reports(service)[:3]:
        text = flat(to_text(report, FULL))
        assert [fact for fact in facts_of(report) if flat(fact) not in text] == []


def test_the_patients_side_is_in_the_full_text(service: Service) -> None:
    (report,) = annotate(EXAMPLE, context=CONTEXT, service=service)
    assert report.treatment_history is not None
    assert report.interactions
    text = flat(to_text(report, FULL))
    assert [fact for fact in (*clinical_facts(report), *facts_of(report)) if fact and flat(fact) not in text] == []


def test_the_short_text_has_what_a_prescriber_must_not_miss_of_the_patients_side(service: Service) -> None:
    (report,) = annotate(EXAMPLE, context=CONTEXT, service=service)
    history = report.treatment_history
    assert history is not None
    text = flat(to_text(report))
    wanted = [one.text for one in report.interactions if one.severity in GRAVE] + [one.text for one in history.pseudo_resistance]
    wanted += [*history.understood, *(trial.level for trial in history.trials if trial.level)]
    wanted += [one.text for one in report.exposure if one.drug in history.current_drugs]
    assert [fact for fact in wanted if flat(fact) not in text] == []
    for trial in history.trials:
        assert f"{trial.id}: {trial.drug}" in text
        assert trial_words(trial) in text
    for key, name in STAGING_NAMES.items():
        assert getattr(history.staging, key) is None or f"{name}: " in text
    assert len(to_text(report).splitlines()) < len(to_text(report, FULL).splitlines()) / 5


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_short_text_keeps_the_summary_and_what_makes_a_call_doubtful(case: Case, service: Service) -> None:
    (report, *_) = case.reports(service)
    assert report.summary is not None
    text = flat(to_text(report))
    wanted = [one.text for one in (*report.summary.attention, *report.summary.not_seen)]
    wanted += [warning.text for warning in report.input.warnings]
    unseen, _, asked = text.partition("WHAT WAS NOT SEEN")[2].partition("DRUGS, BY WHAT")[0].partition("WHAT WOULD SETTLE")
    assert [one for one in report.summary.settle if one.drugs and (one.gene or one.question) not in asked] == []
    few = [one for one in report.summary.settle if 0 < len(one.drugs) <= 2]
    # the drugs that wait for an HLA test or a diagnosis stand with what was not tested
    sections = {one.question: asked if one.gene and not one.gene.startswith("HLA-") else f"{unseen} {asked}" for one in few}
    assert [one.drugs for one in few if not all(drug in sections[one.question] for drug in one.drugs)] == []
    resistance = {one for finding in report.summary.resistance for one in finding.considerations}
    wanted += [f"{both(one.genes)}: {finding_words(one)}" for one in report.considerations if one.id in resistance]
    bearing = text.partition("WHAT BEARS ON RESISTANCE ITSELF")[2].partition("DRUGS, BY WHAT")[0]
    strengths = {STRENGTH_WORDS[one.evidence.strength] for one in report.considerations if one.id in resistance}
    assert [strength for strength in strengths if f"evidence {strength}" not in bearing] == []
    wanted += [one.text for one in report.summary.resistance if not one.considerations]
    called = [gene for gene in report.genes if gene.status != "no_call"]
    wanted += [text for gene in called for text in changed_by_copies(gene)]
    wanted += [caveat.text for gene in called for caveat in gene.caveats if caveat.code not in ELSEWHERE]
    wanted += [caveat.text for gene in report.genes for caveat in gene.caveats if "conflict" in caveat.code]
    uncalled = [gene for gene in report.genes if gene.status == "no_call"]
    reasons = [] if all(map(nothing_seen, uncalled)) else [gene.no_call_reason for gene in uncalled if gene.no_call_reason]
    wanted += [*reasons, report.disclaimer]
    counted = {one.name for one in report.looked_at if one.reason in {"no_rule", "no_guideline", "no_genetic_claim", "no_rule_applies"}}
    shown = [drug for _, drugs in report.summary.drugs for drug in drugs if drug.name not in counted]
    wanted += [drug.name for drug in shown]
    assert [one for one in wanted if flat(one) not in text] == []


def test_a_duplication_that_changes_the_phenotype_stands_at_the_gene(plain: Report) -> None:
    text = flat(block(to_text(plain), "CYP2D6"))
    assert "1.0 (Intermediate Metabolizer) with *4x2 or 2.0 (Normal Metabolizer) with *1x2" in text


def test_the_key_of_marks_stands_before_the_drugs_that_have_them(plain: Report, service: Service) -> None:
    (unseen,) = next(case for case in CASES if case.name == "met").reports(service)
    for report, mark in ((plain, "* Presumes"), (unseen, "* Presumes"), (unseen, "^ A gene")):
        drugs = to_text(report).partition("DRUGS, BY WHAT")[2]
        assert (mark in drugs) is (re.search(rf"\w\{mark[0]}", drugs) is not None)
        assert not re.search(rf"\w\{mark[0]}", drugs.partition(mark)[0])


def test_the_example_is_short(plain: Report) -> None:
    assert len(to_text(plain).splitlines()) <= SHORT_LINES
    assert "--detail full" in to_text(plain)


def test_no_drug_that_a_label_rules_out_is_counted_only(plain: Report) -> None:
    assert plain.summary is not None
    (unseen,) = [one for one in plain.summary.not_seen if "valproic acid" in one.drugs]
    text = flat(to_text(plain))
    assert unseen.text in text
    assert "Not cleared by HLA or diagnosis (4): lamotrigine, valproic acid, carbamazepine, oxcarbazepine" in text


def test_the_references_are_numbered_and_cited(plain: Report) -> None:
    text = to_text(plain, FULL)
    body, references = text.split("\nREFERENCES\n")
    numbers = {int(number) for number in re.findall(r"^ {0,2}(\d{1,3})\. ", references, re.MULTILINE)}
    assert numbers == set(range(1, len(numbers) + 1))
    assert {int(number) for number in re.findall(r"\[(\d+)\]", body)} == numbers
    assert "PMID 30801677" in flat(references)


def test_the_key_explains_every_word_of_evidence(plain: Report) -> None:
    key = to_text(plain, FULL).split("\nKEY\n")[1]
    assert [strength for strength in Strength if f"evidence {STRENGTH_WORDS[strength]}:" not in key] == []
    assert [source for source in ("CPIC", "DPWG", "FDA") if f"authority of {source}, its own grades" not in key] == []


def test_findings_that_do_not_hold_make_one_paragraph(plain: Report) -> None:
    findings = [one for one in plain.considerations if one.source.name == "research"]
    groups = folded(findings)
    assert sorted(one.id for group in groups for one in group) == sorted(one.id for one in findings)
    folded_groups = [group for group in groups if len(group) > 1]
    assert folded_groups
    for several in folded_groups:
        (strength,) = {one.evidence.strength for one in several}
        assert strength in {Strength.CONFLICTING, Strength.NONE}
        assert len({(one.genes, one.drugs) for one in several}) == 1
        assert f"{several[0].genes[0]}, {len(several)} findings, evidence {strength}" in flat(to_text(plain, FULL))


def test_a_conflict_with_an_outside_call_comes_first(conflicting: Report) -> None:
    for detail in DetailOption:
        lines = block(to_text(conflicting, detail), "CYP2D6").splitlines()
        first = next(line for line in lines if re.match(r" {11}[!-] ", line))
        assert first.strip().startswith("! Cyrius calls *1/*2x2")


def test_an_open_phenotype_reads_plainly(plain: Report) -> None:
    likely = LikelyDiplotype(
        diplotype="*1/*1", share=1, cohort="made", settled_by=(), open=0, text="made", phenotype=Phenotype.NM, chance=0.58
    )
    hidden = (HiddenAllele(allele="*17", makes=Phenotype.RM, frequency=0.2), HiddenAllele(allele="*35", makes=Phenotype.IM, frequency=None))
    report = changed(
        plain,
        "CYP2C19",
        phenotype=None,
        phenotypes={},
        phenotype_open=True,
        phenotype_range=(Phenotype.RM, Phenotype.NM, Phenotype.IM),
        likely=likely,
        hidden=hidden,
        settled_by=("rs12248560",),
    )
    text = flat(block(to_text(report), "CYP2C19"))
    assert "*2/*2 phenotype open" in text
    assert "CYP2C19 is open, likely Normal Metabolizer (chance 58 %)" in text
    whole = flat(block(to_text(report, FULL), "CYP2C19"))
    assert "*17 (makes Rapid Metabolizer, 20 % of chromosomes), *35 (makes Intermediate Metabolizer)" in whole
    assert "would settle it: rs12248560" in whole
    assert "Poor Metabolizer" not in text


def test_what_is_assumed_stands_beside_the_phenotype(plain: Report) -> None:
    wrong = AssumptionReport(phenotype_range=(Phenotype.NM, Phenotype.PM), chance=0.4, text="any phenotype is possible.")
    text = to_text(changed(plain, "CYP2C19", assumed=True, if_assumption_wrong=wrong))
    assert "Poor Metabolizer (No function twice), read from the file; assumed, not observed" in flat(text)
    assert "if the assumption is wrong: any phenotype is possible." in flat(text)


def test_what_a_phenotype_rests_on_stands_at_the_gene(plain: Report) -> None:
    short, full = (to_text(plain, detail) for detail in (DetailOption.SUMMARY, FULL))
    assert "Poor Metabolizer (No function twice)" in flat(block(short, "CYP2C19"))
    assert "Intermediate Metabolizer (activity score 1.0)" in flat(block(short, "CYP2D6"))
    assert "Intermediate Metabolizer (Normal function + Decreased function)" in flat(block(short, "CYP2B6"))
    assert "by CPIC and DPWG table of function pairs: No function and No function" in flat(block(full, "CYP2C19"))
    assert "by CPIC and DPWG cut-offs of the activity score, here 1.0" in flat(block(full, "CYP2D6"))


def test_common_variants_do_not_stand_under_rare_ones(plain: Report) -> None:
    assert any(variant.id == "rs6265" and variant.genotype for variant in plain.variants)
    assert not [rare for rare in plain.rare_variants if rare.gene == "BDNF"]
    assert "RARE VARIANTS" not in to_text(plain, FULL)


def test_tests_of_several_hla_alleles_are_all_of_them_results(service: Service, plain: Report) -> None:
    tested = b"HLA-B\t*15:02 negative\nHLA-B\t*15:11 negative\nHLA-A\t*31:01 negative\n"
    (report,) = annotate(EXAMPLE, outside_calls=tested, service=service)
    assert "HLA-B    *15:02 negative, *15:11 negative" in to_text(report)
    assert "hla_not_tested" not in {note.code for note in report.limitations}
    (untested,) = [note.text for note in plain.limitations if note.code == "hla_not_tested"]
    assert flat(untested) in flat(to_text(plain, FULL))


def test_the_key_is_that_of_the_policy_that_graded() -> None:
    apart, as_one = reading_key("trdpgx-evidence-3"), reading_key("trdpgx-evidence-2")
    assert apart[1:] == as_one[1:]
    assert "graded by trdpgx-evidence-3. The one is no measure of the other." in apart[0]
    assert as_one[0].startswith("Evidence is graded by trdpgx-evidence-2, which takes a source's own grade")
    assert evidence_key("trdpgx-evidence-2")[Strength.STRONG].startswith("a guideline or label with its highest grade")
    assert evidence_key("trdpgx-evidence-3")[Strength.STRONG].startswith("a large meta-analysis")


def test_a_drug_that_waits_for_one_gene_of_many_is_named(service: Service) -> None:
    (report,) = next(case for case in CASES if case.name == "absent-reference").reports(service)
    text = flat(to_text(report))
    assert "46 drugs wait for it, among them celecoxib (CYP2C9) and quetiapine (CYP3A4)." in text


@pytest.mark.parametrize(
    ("results", "asked"),
    [
        ("HLA-B\t*15:02 positive\t\nHLA-B\t*15:02 negative\t\n", "Waiting: carbamazepine, oxcarbazepine, lamotrigine."),
        ("HLA-B\t*13:01/*07:02\t\nHLA-B\t*08:01/*07:02\t\n", ""),
    ],
)
def test_a_disputed_hla_result_stands_with_its_drugs_beside_what_was_not_tested(results: str, asked: str, service: Service) -> None:
    (report,) = annotate(outside_calls=f"gene\tdiplotype\tphenotype\n{results}".encode(), service=service)
    text = flat(to_text(report))
    none = "" if asked else "No advice on a drug here depends on it. "
    assert f"Which result of HLA-B is right? {none}An HLA typing, read beside the results that disagree. {asked}".strip() in text


def test_the_mark_of_a_restriction_names_what_was_stated_of_the_person(service: Service) -> None:
    (report,) = annotate(
        outside_calls=b"gene\tdiplotype\nCYP2D6\t*1/*1\n", context={"as_of": "2026-11-01", "liver": "severe"}, service=service
    )
    text = flat(to_text(report))
    assert "duloxetine!" in text
    key = "! A source rules it out or advises against it beside what is taken, or for what was stated of conditions, age or organs: see"
    assert key in text


def test_what_is_left_out_is_counted_in_whole_words(service: Service) -> None:
    (report,) = annotate(outside_calls=b"gene\tdiplotype\nCYP3A4\t*22/*22\n", service=service)
    assert len(report.considerations) == 1
    assert "Left out: 1 consideration with its evidence, figures of doses, 6 limits, a key" in flat(to_text(report))


@pytest.mark.parametrize("call", ["SLC6A4\tL/S", "HLA-B\t*15:02 negative"])
def test_a_gene_without_sites_of_a_definition_counts_none(call: str, service: Service) -> None:
    (report,) = annotate(outside_calls=f"gene\tdiplotype\n{call}\n".encode(), service=service)
    gene = call.partition("\t")[0]
    short, full = (block(to_text(report, detail), gene) for detail in (DetailOption.SUMMARY, FULL))
    assert "sites" not in short
    assert "sites" not in full
    assert "; copies not applicable" in full
    (page,) = re.findall(rf'<section id="[\w-]*gene-{gene}">.*?</section>', page_of([report]), re.DOTALL)
    assert "<dt>Sites</dt>" not in page
    assert "<dt>Copy number</dt>" in page
