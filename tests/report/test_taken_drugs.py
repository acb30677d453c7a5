"""What a psychiatrist reads first of the drugs that a person takes, in the report of a full context."""

import re
from html import unescape

import pytest

from tests.golden.cases import cases
from tests.report.facts import flat
from tests.report.pages import page_of
from trdpgx import Report, Service, annotate
from trdpgx.model.clinical_report import ExposureReport, InteractionReport
from trdpgx.model.options import DetailOption
from trdpgx.report.grouping import beside_taken, contradictions
from trdpgx.report.text.report import to_text
from trdpgx.report.wording import exposure_words, taken_first


@pytest.fixture(scope="module")
def report(service: Service) -> Report:
    (one,) = next(case for case in cases() if case.name == "clinical").reports(service)
    return one


def standing_out(report: Report) -> tuple[str, ...]:
    assert report.summary is not None
    return tuple(line for one in report.summary.attention for line in one.lines or (one.text,))


def test_the_figures_of_sources_stand_out_of_each_drug_that_is_taken(report: Report) -> None:
    lines = standing_out(report)
    (by_genotype,) = [line for line in lines if line.startswith("Nortriptyline, taken now, by genotype: ")]
    (converted,) = [line for line in lines if line.startswith("Nortriptyline, taken now: ")]
    assert "no guideline advice" in converted
    assert converted.endswith(
        "The sources' figures, carried over to the phenotype under current drugs: "
        "CPIC 2016 (CYP2D6): maintenance dose 50% of the usual dose, if used, as the steady dose aimed for, which CPIC calls the starting "
        "dose. DPWG 2026 (CYP2D6): maintenance dose 40% of the usual dose."
    )
    assert by_genotype.endswith(
        "The sources' figures by genotype: CPIC 2016 (CYP2D6): maintenance dose 75% of the usual dose, as the steady dose aimed for, which "
        "CPIC calls the starting dose. DPWG 2026 (CYP2D6): maintenance dose 60% of the usual dose."
    )
    # a figure without a number states no more than that the dose is lower
    assert not any("no figure given" in line for line in lines)
    assert not any("itself" not in line and "citalopram, taken now" in line for line in lines)


def test_figures_that_a_source_states_itself_stand_apart_from_those_carried_over(service: Service) -> None:
    taken = {"current_drugs": [{"drug": "vortioxetine"}, {"drug": "bupropion"}]}
    case = next(case for case in cases() if case.name == "clinical")
    (report,) = annotate(case.source, context=taken, service=service)
    lines = standing_out(report)
    (line,) = [line for line in lines if line.startswith("Vortioxetine, taken now: ")]
    carried, _, own = line.partition(" The sources' own figures beside what is taken: ")
    assert own == "FDA, Section 1 (CYP2D6): highest dose 10 mg a day."
    carried = carried.partition("The sources' figures, ")[2]
    assert carried.startswith(
        "carried over to the phenotype under current drugs: CPIC 2023 (CYP2D6): starting dose 50% of the usual dose, such as 5 mg"
    )
    assert "FDA" not in carried


def test_a_stated_qtc_names_the_drugs_of_considerations_interactions_and_limits_each_once(report: Report) -> None:
    assert report.treatment_history is not None
    (stated,) = [one for one in report.treatment_history.understood if one.startswith("QTc")]
    for drug in ("pimozide", "citalopram", "haloperidol", "ziprasidone", "gepirone"):
        assert len(re.findall(rf"\b{drug}\b", stated)) == 1, drug
    assert stated.count("nortriptyline") == 1
    assert "omeprazole" not in stated
    assert stated.endswith("concern the QT interval; other drugs may prolong it too)")


def test_the_trials_that_show_no_resistance_are_named_with_the_reason_and_no_drug_is_called_resistant(report: Report) -> None:
    lines = standing_out(report)
    assert "Trial first (escitalopram) may not show resistance: stopped for intolerance. See the treatment history." in lines
    assert (
        "Past trials that no list counts as adequate, and so no failures of an adequate trial, 2 of 4: "
        "first (escitalopram: too short for the lists) and second (venlafaxine: dose too low for the lists)."
    ) in lines
    assert not any("resistance of" in line for line in lines)


def interaction(kind: str, *drugs: str) -> InteractionReport:
    read = {"verification": {"state": "verified", "where": "here"}, "source": {"name": "label"}}
    return InteractionReport.model_validate({"kind": kind, "drugs": drugs, "severity": "avoid", "text": "Text.", **read})


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (interaction("drug_pair", "a", "b"), "Taken: a, b."),
        (interaction("drug_pair", "a", "x", "y"), "Taken: a. Not taken, and stated of each together with it: x, y."),
        (interaction("washout", "a", "x"), "Taken: a. Not taken: x."),
        (interaction("washout", "gone", "a", "x"), "Taken: a. Stopped: gone. Not taken: x."),
        (interaction("washout", "gone", "x"), "Stopped: gone. Not taken: x."),
        (interaction("comorbidity", "x"), "Not taken: x."),
        (interaction("age", "a", "x"), "Taken: a. Not taken: x."),
        (interaction("comorbidity"), ""),
    ],
    ids=str,
)
def test_an_interaction_begins_with_what_is_taken(one: InteractionReport, words: str) -> None:
    assert taken_first(one, ("a", "b")) == words


def test_where_others_are_counted_what_is_taken_is_still_named() -> None:
    assert taken_first(interaction("age", "a", "x", "y"), ("a",), named=False) == "Taken: a. Not taken: 2 other drugs."
    assert taken_first(interaction("age", "x", "y"), ("a",), named=False) == "Not taken: x, y."


def test_page_full_and_short_text_name_what_is_taken_first(report: Report) -> None:
    page = " ".join(re.sub("<[^>]+>", " ", page_of([report])).split())
    for text in (page, *(flat(to_text(report, detail)) for detail in DetailOption)):
        words = r"Taken: paroxetine\. Not taken, and stated of both together: moclobemide\. A reversible"
        assert re.search(rf"contraindicated\]? (drug pair\. )?{words}", text)
        assert "contraindicated paroxetine" not in text
        assert "contraindicated: paroxetine" not in text


def test_smoking_stands_with_the_exposure_once(report: Report) -> None:
    words = "Smoking was stated: lower levels were observed with it for fluvoxamine, duloxetine, mirtazapine, clozapine and olanzapine."
    page = " ".join(re.sub("<[^>]+>", " ", page_of([report])).split())
    for text in (page, *(flat(to_text(report, detail)) for detail in DetailOption)):
        assert text.count(words) == 1
    assert not any("Smoking was stated" in line for line in standing_out(report))  # none of them is taken


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"kind": "word", "word": "higher"}, "higher (a direction, without a figure)"),
        ({"kind": "word", "word": "not known"}, "not known"),
        ({"kind": "observed", "word": "lower", "ratio": 0.7, "n": 1094}, "lower (observed, ratio 0.7, N = 1,094)"),
        ({"kind": "ceiling", "word": "much higher"}, "much higher (at most, as without the enzyme)"),
        ({"kind": "measured", "word": "higher"}, "higher (measured)"),
        ({"kind": "measured", "word": "not known"}, "not known"),
    ],
)
def test_what_an_exposure_rests_on_is_stated_in_words(stated: dict[str, object], words: str) -> None:
    one = ExposureReport.model_validate({"drug": "a", "cause": "smoking", "text": "Text.", **stated})
    assert exposure_words(one) == words


def test_the_page_has_no_code_of_a_kind_of_exposure(report: Report) -> None:
    page = page_of([report])
    assert "(word" not in page
    assert "<td>not known</td>" in page
    assert all(exposure_words(one) in page for one in report.exposure)


def test_a_grade_that_is_carried_over_is_stated_as_one_by_genotype(report: Report) -> None:
    words = "That is the source's word on people with this phenotype by genotype; it is none on the phenotype under current drugs."
    carried = [one for one in report.considerations if one.authority and one.conversion and not one.conversion.guideline]
    assert carried
    page = " ".join(unescape(page_of([report])).split())
    assert page.count(words) == flat(to_text(report, DetailOption.FULL)).count(words) == len(carried)
    (line,) = [line for line in standing_out(report) if line.startswith("Nortriptyline, taken now: ")]
    assert "A grade such as Strong is for people who have this phenotype by genotype." in line
    for text in (page, flat(to_text(report, DetailOption.SUMMARY)), flat(to_text(report, DetailOption.FULL))):
        assert "A grade in it, such as Strong, is the source's for people with this phenotype by genotype." in text


def test_what_is_without_advice_keeps_what_restricts_it_and_that_it_is_not_cleared(report: Report) -> None:
    heading = f"Drugs, genes, variants and tests without advice here, each with the reason ({len(report.looked_at)})"
    page = " ".join(re.sub("<[^>]+>", " ", unescape(page_of([report]))).split())
    full = flat(to_text(report, DetailOption.FULL))
    assert heading in page
    assert heading.upper() in full
    for text in (page, full):
        assert "of which nothing follows" not in text
        assert "NOTHING FOLLOWS" not in text
        assert "drugs phenelzine!, tranylcypromine!, isocarboxazid!, selegiline (transdermal)!: No guideline" in text
        assert "drug valproic acid (not cleared): FDA's label rules valproate out" in text
        assert "! A source rules" in text
        assert "drug trazodone!" not in text


def test_what_restricts_a_drug_goes_before_its_headline(report: Report) -> None:
    page = " ".join(re.sub("<[^>]+>", " ", unescape(page_of([report]))).split())
    headlines = page[page.index("Headline of every drug") :]
    pimozide = headlines[headlines.index("pimozide") :]
    assert 0 < pimozide.index("contraindicated") < pimozide.index("names a highest dose")


def test_figures_of_interactions_and_ranges_that_differ_are_contradictions(report: Report) -> None:
    found = {subject: text for subject, text, _ in contradictions(report)}
    assert found["nortriptyline"] == (
        "The reference ranges that sources state differ: "
        "70 to 170 ng/mL of nortriptyline (AGNP 2017); 50 to 150 ng/mL of nortriptyline (ACNP 2000)."
    )
    (washout,) = [subject for subject in found if subject.startswith("paroxetine, phenelzine")]
    assert found[washout].startswith("Sources differ on the days before an MAO inhibitor: 14 by labels")
    assert any(text.startswith("FDA names at most 20 mg a day above 60 years; one page") for text in found.values())
    page = page_of([report])
    for subject, _, ids in contradictions(report):
        for identity in ids:
            assert f'id="{identity}"' in page, subject
    full = flat(to_text(report, DetailOption.FULL))
    assert "WHAT SOURCES STATE DIFFERENTLY OF RANGES AND INTERACTIONS" in full
    assert "- nortriptyline: The reference ranges that sources state differ" in full


def test_days_between_two_drugs_that_sources_state_differently_are_contradictions(service: Service) -> None:
    stopped = {"current_drugs": [{"drug": "phenelzine", "stopped_on": "2026-10-30"}, {"drug": "venlafaxine"}], "as_of": "2026-11-01"}
    (one,) = annotate(None, outside_calls=b"gene\tdiplotype\nCYP2D6\t*1/*1\n", context=stopped, service=service)
    found = {subject: text for subject, text, _ in contradictions(one)}
    assert found["phenelzine, venlafaxine"].startswith("The days that sources ask for between the end of one and the beginning")
    assert {"14 (", "70 ("} <= {part + "(" for part in re.findall(r"\d+ (?=\()", found["phenelzine, venlafaxine"])}


def test_a_drug_links_every_interaction_that_restricts_it(report: Report) -> None:
    lines = {drug: numbers for drugs, _, numbers in beside_taken(report) for drug in drugs}
    concerned = [number for number, one in enumerate(report.interactions, 1) if "phenelzine" in one.drugs]
    assert len(concerned) == 3
    assert list(lines["phenelzine"]) == concerned
    texts = {drug: text for drugs, text, _ in beside_taken(report) for drug in drugs}
    assert texts["sertraline"].startswith("Together with paroxetine, which is taken, not instead of it: not recommended")
    assert texts["phenelzine"].startswith("Together with paroxetine and nortriptyline, each of which is taken, or too few days after")


def test_an_observation_as_a_metabolite_is_referred_to_at_the_drug_that_is_taken(report: Report) -> None:
    (line,) = [one.text for one in report.exposure if one.drug == "nortriptyline" and one.cause.startswith("with paroxetine")]
    assert line.endswith(
        "Nortriptyline was observed with paroxetine as the metabolite of amitriptyline: "
        "2 times the exposure of others (Leucht 2000); see amitriptyline."
    )


def test_a_trial_that_is_not_adequate_begins_with_what_it_lacks_and_a_score_states_when_an_augmentation_counts(report: Report) -> None:
    history = report.treatment_history
    assert history is not None
    lacking = [one for trial in history.trials for one in trial.adequacy if one.not_met]
    assert lacking
    assert all(one.reasons[0].startswith("Not adequate by") for one in lacking)
    page = unescape(page_of([report]))
    assert ".;" not in page[page.index('<table class="trials">') : page.index("Staging, method beside method")]
    assert history.staging.mgh_s is not None
    assert "An augmentation counts only beside the failed trial that it was added to, as read here." in history.staging.mgh_s.detail
