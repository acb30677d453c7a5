"""What the summary states of each drug that is taken: under current drugs, by genotype, or that it is not cleared."""

import json
import re

import pytest

from tests.golden.cases import cases
from trdpgx import Service, annotate
from trdpgx.model.composed import PartKind, TextPart
from trdpgx.model.report import Report
from trdpgx.model.summary import DrugGroups, SummaryDrug
from trdpgx.reasoning.summary.not_cleared import NotCleared
from trdpgx.reasoning.summary.taken_drugs import Gravity, Line, of_taken_drugs

SOURCES = {case.name: case.source for case in cases()}
NO_CHANGE = "no source considers a change"


def reported(service: Service, *taken: str, calls: str = "", genome: str | None = None, **context: object) -> Report:
    stopped = context.pop("stopped", {})
    assert isinstance(stopped, dict)
    drugs = [{"drug": name} for name in taken] + [{"drug": name, "stopped_on": day} for name, day in stopped.items()]
    sent = json.dumps({"as_of": "2026-11-01", "current_drugs": drugs, **context}).encode()
    source = SOURCES[genome] if genome else None
    outside = f"gene\tdiplotype\tphenotype\n{calls}".encode() if calls else None
    (report,) = annotate(source, outside_calls=outside, context=sent, service=service)
    return report


def lines_of(report: Report) -> list[str]:
    assert report.summary is not None
    return [line for one in report.summary.attention for line in one.lines]


def about(report: Report, drug: str) -> list[str]:
    named = re.compile(rf"(?<![\w-]){re.escape(drug)}(?![\w-])", re.IGNORECASE)
    starts = (f"{drug[:1].upper()}{drug[1:]}, taken now", "By genotype", "Sources state", "No rule", "Not covered", "Nothing was")
    starts = (*starts, "Taken now and not", "The result")
    return [line for line in lines_of(report) if line.startswith(starts) and named.search(line)]


@pytest.mark.parametrize(
    ("calls", "taken", "drug", "stated"),
    [
        ("CYP2D6\t*1/*1\t\n", ("quinidine", "clozapine"), "clozapine", "FDA, Section 1 (CYP2D6) points to a lower dose. "),
        ("CYP2D6\t*1/*1\t\n", ("bupropion", "amphetamine"), "amphetamine", "points to another drug or to a lower starting dose. "),
        ("CYP2D6\t*1/*1\t\n", ("paroxetine", "risperidone"), "risperidone", "DPWG 2023 (CYP2D6) points to a lower dose. "),
    ],
)
def test_what_holds_under_current_drugs_stands_before_that_no_rule_applies_by_genotype(
    calls: str, taken: tuple[str, ...], drug: str, stated: str, service: Service
) -> None:
    (line,) = about(reported(service, *taken, calls=calls), drug)
    start = f"{drug.capitalize()}, taken now: Under current drugs (CYP2D6 under {taken[0]} by a convention, no guideline advice): "
    assert line.startswith(start)
    assert stated in line
    first, _, figures = line.partition(" By genotype no rule applies.")
    assert "no rule applies" not in first
    assert not figures or figures.startswith(" The sources' figures, carried over")


@pytest.mark.parametrize(
    ("calls", "taken", "drug", "stated"),
    [
        ("CYP2C19\t*1/*17\t\n", ("carbamazepine", "citalopram"), "citalopram", "CPIC 2023, Strong (CYP2C19) points to another drug."),
        ("CYP2C19\t*1/*1\t\n", ("fluvoxamine", "citalopram"), "citalopram", "points to another drug or to a lower dose; "),
        ("CYP2D6\t*1/*1\t\n", ("bupropion", "vortioxetine"), "vortioxetine", "Beside bupropion FDA itself asks for a change: "),
    ],
)
def test_what_holds_under_current_drugs_stands_before_what_does_by_genotype_and_before_its_figures(
    calls: str, taken: tuple[str, ...], drug: str, stated: str, service: Service
) -> None:
    first, second = about(reported(service, *taken, calls=calls), drug)
    assert first.startswith(f"{drug.capitalize()}, taken now: ")
    assert stated in first
    assert second.startswith(f"{drug.capitalize()}, taken now, by genotype: ")
    assert "carried over" not in second
    assert "own figures" not in second
    assert "by genotype: CPIC" not in first


@pytest.mark.parametrize(
    ("genome", "calls", "taken"),
    [
        (None, "CYP2D6\t*1/*1\t\n", ("quinidine", "clozapine", "aripiprazole", "fluoxetine")),
        (None, "", ("bupropion", "isocarboxazid", "citalopram", "fluoxetine", "quetiapine")),
        (None, "CYP2C19\t*1/*1\t\n", ("fluvoxamine", "citalopram", "clozapine", "sertraline")),
        ("met", "", ("sertraline", "duloxetine", "venlafaxine", "omeprazole")),
        ("poor", "", ("carbamazepine", "quetiapine", "paroxetine", "thioridazine")),
        ("open", "", ("terbinafine", "nortriptyline", "viloxazine", "valproic acid")),
        ("cnv", "CYP2D6\t*10/*41\t\nCYP3A4\t*1/*20\t\n", ("carbamazepine", "amitriptyline", "bupropion")),
    ],
)
def test_every_drug_that_is_taken_is_named_with_all_that_holds_under_current_drugs(
    genome: str | None, calls: str, taken: tuple[str, ...], service: Service
) -> None:
    report = reported(service, *taken, genome=genome, calls=calls)
    text = "\n".join(lines_of(report))
    assert report.treatment_history is not None
    current = report.treatment_history.current_drugs
    assert all(about(report, drug) for drug in current)
    assert "by genotype: By genotype" not in text
    entries = {drug.name: drug for drug in report.drugs}
    for name in current:
        converted = [part.text for part in entries[name].parts if part.kind is PartKind.CONVERTED] if name in entries else []
        assert all(text.count(part) == 1 for part in converted)
        if converted or any(one.holds_now(current) and name in one.drugs for one in report.interactions):
            assert not any(NO_CHANGE in line for line in about(report, name))
        if name in entries and entries[name].disagreement_under_current_drugs:
            (of_name, *_) = [line for line in about(report, name) if "Under current drugs" in line or "itself asks" in line]
            assert "The sources differ" in of_name


def test_no_change_is_stated_of_no_drug_of_which_a_gene_was_not_seen_or_a_test_not_made(service: Service) -> None:
    without = reported(service, "paroxetine", "nortriptyline", "carbamazepine", "valproic acid")
    assert not any(NO_CHANGE in line for line in lines_of(without))
    assert about(without, "paroxetine") == [
        "Nothing was seen of CYP2D6, on which advice of guidelines or labels on paroxetine, taken now, rests."
    ]
    assert about(without, "carbamazepine") == [
        "Taken now and not cleared: carbamazepine. Nothing is known of HLA-A*31:01, HLA-B*15:02 and HLA-B*15:11, "
        "for which a rule on this drug asks."
    ]
    (of_diagnosis,) = about(without, "valproic acid")
    assert of_diagnosis.startswith("Taken now and not cleared: valproic acid. A label rules this drug out in known disorders of POLG,")
    (nortriptyline,) = [line for line in about(without, "nortriptyline") if line.startswith("Nortriptyline, taken now: ")]
    stated = nortriptyline.partition(" A grade such")[0]
    assert stated.endswith("Not seen: CYP2D6, on which advice of guidelines or labels on this drug also rests.")
    (sertraline,) = about(reported(service, "sertraline", genome="met"), "sertraline")
    assert sertraline == "Nothing was seen of CYP2C19 and CYP2B6, on which advice of guidelines or labels on sertraline, taken now, rests."


def test_no_change_is_stated_of_no_drug_whose_result_is_not_settled(service: Service) -> None:
    (line,) = about(reported(service, "paroxetine", calls="CYP2D6\t*1/*22\t\n"), "paroxetine")
    assert line == "The result of CYP2D6 is not settled, and advice of guidelines or labels on paroxetine, taken now, rests on it."


def test_no_change_is_stated_of_no_drug_that_a_source_rules_out_beside_what_is_taken(service: Service) -> None:
    report = reported(service, "atomoxetine", "vortioxetine", "tranylcypromine", genome="met")
    assert not any(NO_CHANGE in line for line in lines_of(report))
    assert about(report, "vortioxetine") == [
        "Sources state interactions of vortioxetine, taken now: see the interactions. "
        "What was seen of the genes adds no advice to these; that clears nothing."
    ]
    assert about(report, "tranylcypromine") == [
        "No rule by genotype here is about tranylcypromine, taken now; that does not mean that no source has advice."
    ]


def test_of_a_drug_that_is_not_covered_it_is_stated_that_its_guidelines_were_not_read(service: Service) -> None:
    assert about(reported(service, "omeprazole", genome="poor"), "omeprazole") == [
        "Not covered here: omeprazole, taken now. "
        "Guidelines on it were not read, so nothing is stated of its own level or dose by genotype. "
        "As far as a list here names it, what it does to other drugs stands with the exposure and the interactions."
    ]


def test_all_that_is_taken_is_named_where_no_change_is_considered_of_any(service: Service) -> None:
    assert about(reported(service, "duloxetine", "olanzapine", genome="poor"), "olanzapine") == [
        "By genotype no source considers a change for duloxetine and olanzapine, taken now, for what was seen; that clears nothing."
    ]
    assert not any("also taken" in line for line in lines_of(reported(service, "omeprazole", genome="met")))


def test_statements_that_are_cut_name_their_drugs(service: Service) -> None:
    lines = lines_of(reported(service, "bupropion", "isocarboxazid", "citalopram", "fluoxetine", "quetiapine"))
    assert "One more such statement on drugs that are taken stands among the interactions: bupropion and quetiapine (major)." in lines


def test_sources_that_differ_under_current_drugs_are_named_with_what_is_taken(service: Service) -> None:
    first, *_ = about(reported(service, "bupropion", "paroxetine", calls="CYP2D6\t*1/*1\t\n"), "paroxetine")
    assert first.startswith("Paroxetine, taken now: Under current drugs (CYP2D6 under bupropion")
    assert "The sources differ; besides, DPWG 2022 (CYP2D6) asks for no change." in first
    assert first.count("CPIC 2023, Moderate (CYP2D6) points to a lower dose") == 1


def test_a_drug_that_is_taken_too_soon_after_another_stands_out(service: Service) -> None:
    report = reported(service, "phenelzine", stopped={"fluoxetine": "2026-10-20"})
    assert any(line.startswith("Taken now, phenelzine after fluoxetine, which was stopped: contraindicated (") for line in lines_of(report))


def test_a_severity_that_a_source_states_of_one_drug_names_it_in_words(service: Service) -> None:
    report = reported(service, "haloperidol", genome="poor")
    assert report.summary is not None
    texts = [*lines_of(report), *(drug.text for _, drugs in report.summary.drugs for drug in drugs)]
    assert not any("not recommended (citalopram)" in text for text in texts)
    assert any("not recommended, as stated of citalopram: citalopram and escitalopram" in text for text in texts)
    assert any("not recommended, as stated of citalopram (FDA, revision of citalopram)" in text for text in texts)


def test_a_drug_that_a_rule_is_about_under_current_drugs_alone_is_not_cleared_of_a_test() -> None:
    converted = TextPart(PartKind.CONVERTED, "Under current drugs: no change is asked for.")
    nothing = TextPart(PartKind.NOTHING, "By genotype no rule applies.")
    limited = TextPart(PartKind.LIMIT, "HLA-B was not tested.")
    groups = DrugGroups(
        change_considered=(SummaryDrug(name="b", text="").with_parts([limited, converted]),),
        no_change=(SummaryDrug(name="a", text="").with_parts([nothing, converted]),),
    )
    missing = NotCleared(untested={"a": ("HLA-B*15:02",), "b": ("HLA-B*15:02",)})
    assert list(of_taken_drugs(["a", "b"], groups, (), (), concerned=frozenset(), missing=missing)) == [
        Line(Gravity.CHANGE, "B, taken now: Under current drugs: no change is asked for."),
        Line(Gravity.CHANGE, "B, taken now, by genotype: HLA-B was not tested."),
        Line(Gravity.CHANGE, "A, taken now: Under current drugs: no change is asked for. By genotype no rule applies."),
        Line(Gravity.NOT_CLEARED, "Taken now and not cleared: a. Nothing is known of HLA-B*15:02, for which a rule on this drug asks."),
    ]


def test_what_is_presumed_of_several_drugs_stands_once() -> None:
    presumed = TextPart(PartKind.PRESUMED, "Presumes two copies.", ("two copies",))
    entries = (
        SummaryDrug(name=name, text="").with_parts([TextPart(PartKind.STATED, f"Lower for {name}."), presumed]) for name in ("a", "b")
    )
    groups = DrugGroups(change_considered=tuple(entries))
    lines = [line.text for line in of_taken_drugs(["a", "b"], groups, (), (), concerned=frozenset(), missing=NotCleared())]
    assert lines == [
        "A, taken now, by genotype: Lower for a.",
        "B, taken now, by genotype: Lower for b. What is stated by genotype of a and b presumes two copies.",
    ]


def test_what_speaks_against_a_drug_that_is_taken_goes_before_its_level_and_nothing_stands_twice(service: Service) -> None:
    report = next(case for case in cases() if case.name == "clinical").reports(service)[0]
    assert report.summary is not None
    lines = report.summary.attention[0].lines
    assert len(lines) == 8
    assert lines[0].startswith("Nortriptyline, taken now: Under current drugs")
    assert "CPIC 2016, Strong (CYP2D6) advises against the drug" in lines[0]
    assert "The sources differ in how far they go. A grade such as Strong is" in lines[0]
    assert lines[1].startswith("Nortriptyline, taken now, measured in trial fourth: nortriptyline 210 ng/mL. Above")
    assert "over 250 ng/mL is toxic" in lines[1]
    assert lines[2].startswith("Nortriptyline, taken now, by genotype: CPIC 2016, Optional")
    assert "DPWG 2026 (CYP2D6): the same direction as under current drugs." in lines[2]
    assert lines[3].startswith("Paroxetine, taken now, by genotype: The sources differ")
    text = " ".join(lines)
    for statement in ("DPWG 2026 (CYP2D6) points to a lower dose", "advises against the drug", "Presumes two", "presumes two ordinary"):
        assert text.count(statement) <= 1
    sentences = [sentence for line in lines for sentence in line.split(". ") if "See the interactions" not in sentence]
    assert len(sentences) == len(set(sentences))
