"""What stands out hangs each drug on the result that decides it: open, disputed, assumed, of some diplotypes, or by some methods."""

import json
import re
from collections.abc import Iterable

import pytest

from tests.golden.cases import cases
from trdpgx import Options, Report, Service, annotate
from trdpgx.model.summary import AttentionReport, DrugGroups, NotSeenReport, SummaryDrug
from trdpgx.reasoning.summary.attention import MOST, attention
from trdpgx.reasoning.summary.considered import ConsideredDrugs

CASES = {case.name: case for case in cases()}


def made(service: Service, name: str | None, outside: str = "", taken: Iterable[str] = (), **options: object) -> Report:
    """Return the report of the file of a golden case with outside calls and drugs that are taken."""
    context = {"as_of": "2026-11-01", "current_drugs": [{"drug": drug} for drug in taken]}
    (report,) = annotate(
        CASES[name].source if name else None,
        options=Options.model_validate(options),
        outside_calls=f"gene\tdiplotype\n{outside}".encode() if outside else None,
        context=json.dumps(context).encode() if taken else None,
        service=service,
    )
    return report


def sentences(report: Report) -> str:
    assert report.summary is not None
    return " ".join(line for one in report.summary.attention for line in one.lines)


def test_a_drug_depends_on_the_open_gene_alone_that_its_rules_are_about(service: Service) -> None:
    text = sentences(made(service, "exome", "CYP2D6\t*5/*41\n"))
    (depending,) = re.findall(r"What sources consider for ([^.]+) depends on", text)
    assert "citalopram" in depending
    for drug in ("nortriptyline", "desipramine", "atomoxetine", "pimozide", "zuclopenthixol"):
        assert drug not in depending
    (disputed,) = re.findall(r"If the disputed result that is reported is right, a source considers a change for ([^.]+): see", text)
    assert "zuclopenthixol" in disputed


def test_a_drug_whose_only_doubt_is_a_dispute_is_named(service: Service) -> None:
    text = sentences(made(service, "poor", "CYP2D6\t*1/*1x3\n"))
    assert re.search(
        r"If the disputed result that is reported is right, a source considers a change for [^.]*vortioxetine[^.]*risperidone", text
    )


def test_what_a_source_ties_to_a_risk_stands_before_more(service: Service) -> None:
    (report,) = CASES["poor"].reports(service)
    text = sentences(report)
    (named,) = re.findall(r"A source considers another dose, another drug or closer watching for ([^.]+) and \d+ more\.", text)
    assert named.startswith(
        "citalopram, escitalopram, pimozide, iloperidone, deutetrabenazine, valbenazine, fluoxetine, olanzapine-fluoxetine"
    )


def test_a_result_of_another_tool_is_named_as_such(service: Service) -> None:
    assert " By an outside tool: CYP2D6. " in sentences(CASES["outside-agrees"].reports(service)[0])
    assert "By an outside tool" not in sentences(CASES["poor"].reports(service)[0])


def test_a_disputed_allele_rules_nothing_out_for_what_was_seen(service: Service) -> None:
    text = sentences(made(service, None, "HLA-B\t*15:02 positive\nHLA-B\t*15:02 negative\n"))
    assert "for what was seen" not in text
    (named,) = re.findall(r"If the disputed result that is reported is right, advised against: ([^.]+)\.", text)
    assert {"carbamazepine", "oxcarbazepine"} <= set(re.findall(r"[a-z]{4,}", named))


def test_an_assumed_gene_rules_nothing_out_for_what_was_seen(service: Service) -> None:
    text = sentences(made(service, "open", absent="reference"))
    assert "If the sites that were assumed are as assumed, advised against: venlafaxine (DPWG)." in text
    assert "dvised against for what was seen" not in text


def test_a_conversion_by_some_methods_alone_is_named_as_such(service: Service) -> None:
    report = made(service, "met", taken=["sertraline"])
    (gene,) = [gene for gene in report.genes if gene.gene == "CYP2D6"]
    assert gene.phenoconverted is not None
    assert gene.phenoconverted.status == "not_converted"
    text = sentences(report)
    assert (
        "Advised against under current drugs by some methods or lists of conversion only, which are conventions and no guideline advice: "
        in text
    )
    assert "dvised against under current drugs, by a convention" not in text


def test_what_is_conditional_under_current_drugs_is_no_change_at_once(service: Service) -> None:
    report = made(service, "met", taken=["sertraline"])
    (drug,) = [drug for drug in report.drugs if drug.name == "atomoxetine"]
    assert "no change is asked for" not in drug.headline.partition("Under current drugs")[2]
    assert "if the response is inadequate" in drug.headline.partition("Under current drugs")[2]
    named = re.findall(r"by some methods or lists only for ([^.]+)\.|closer watching for ([^.]+)\.", sentences(report))
    assert named
    assert all("atomoxetine" not in names for pair in named for names in pair)


def test_drugs_considered_for_some_diplotypes_stand_apart(service: Service) -> None:
    text = sentences(CASES["cnv"].reports(service)[0])
    (for_all,) = re.findall(r"A source considers another dose, another drug or closer watching for ([^.]+)\.", text)
    (for_some,) = re.findall(r"For some of the possible diplotypes only: ([^.]+)\.", text)
    assert "amitriptyline" in for_all
    assert {"paroxetine", "nortriptyline"} <= set(re.split(r", | and ", for_some))


@pytest.mark.parametrize("name", ["open", "exome", "absent-reference", "variants-only"])
def test_a_drug_that_waits_points_back_to_what_is_ruled_out_beside_what_is_taken(name: str, service: Service) -> None:
    report = made(service, name, taken=["citalopram", "moclobemide"], **CASES[name].options)
    assert report.summary is not None
    waiting = [one for one in report.summary.attention if "What sources consider for" in one.text]
    assert waiting
    for one in waiting:
        assert "Of these a source rules out or advises against" in one.text


def test_a_dispute_names_the_results(service: Service) -> None:
    text = sentences(CASES["outside-conflicts"].reports(service)[0])
    assert "CYP2D6: Cyrius calls *1/*2x2; the genotypes of this file give *1/*4." in text


def test_what_exceeds_six_sentences_stands_with_the_last() -> None:
    current = [AttentionReport(text=f"Current {number}.") for number in range(6)]
    considered = ConsideredDrugs(at_once=(SummaryDrug(name="citalopram", text="x"),))
    unseen = [NotSeenReport(code="made", text="Not seen.")]
    found = attention((), (), (), DrugGroups(), considered, not_seen=unseen, history=None, current=current)
    assert len(found) == MOST == 6
    assert found[-1].lines[0] == "Current 5."
    assert "closer watching for citalopram." in found[-1].lines[1]
    (alone,) = attention((), (), (), DrugGroups(), ConsideredDrugs(), not_seen=unseen, history=None)
    assert alone.text == "Not seen."


def test_what_a_label_itself_asks_for_has_its_exception_and_whether_it_was_read_in_the_label(service: Service) -> None:
    text = sentences(CASES["clinical"].reports(service)[0])
    (read,) = re.findall(r"a label or guideline itself asks for a change for (.+?antidepressant\))\.", text)
    assert read == (
        "vortioxetine, dextromethorphan-bupropion and aripiprazole (lower dose, though not where it is added to an antidepressant)"
    )
    (unread,) = re.findall(r"not read in the label \(not verified\), for ([^.]+)\.", text)
    assert unread == "brexpiprazole, iloperidone, tetrabenazine, deutetrabenazine, valbenazine and atomoxetine"


def test_a_drug_that_is_contraindicated_beside_what_is_taken_is_in_no_list_of_changes(service: Service) -> None:
    text = sentences(CASES["clinical"].reports(service)[0])
    lists = re.findall(r"closer watching for ([^.]+)\.", text)
    assert lists
    assert not any("pimozide" in names for names in lists)
    (against,) = re.findall(r"Of these a source rules out or advises against ([^.]+) beside", text)
    assert "pimozide" not in against
    assert "A change is also considered for pimozide, which a source calls contraindicated beside what is taken" in text
