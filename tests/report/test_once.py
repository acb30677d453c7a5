"""What many lines would repeat stands once and is marked where it holds; what is bare elsewhere has its source."""

import re

import pytest

from tests.golden.cases import cases
from tests.report.pages import page_of
from trdpgx import Report, Service
from trdpgx.model.composed import PartKind
from trdpgx.model.options import DetailOption
from trdpgx.report.presumed import PresumedCopies, common_conversion, without_presumed
from trdpgx.report.text.report import to_text


@pytest.fixture(scope="module")
def made() -> dict[str, Report]:
    wanted = {"poor", "clinical", "met", "nothing"}
    with Service() as service:
        return {case.name: case.reports(service)[0] for case in cases() if case.name in wanted}


def prose(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", re.sub(r"</?a\b[^>]*>", "", text)))


@pytest.mark.parametrize("name", ["poor", "clinical", "met"])
def test_what_is_presumed_of_copies_stands_once_for_the_considerations(made: dict[str, Report], name: str) -> None:
    report = made[name]
    presuming = [one for one in report.considerations if any(part.kind is PartKind.PRESUMED for part in one.basis.parts)]
    assert presuming
    for text in (prose(page_of([report])), prose(to_text(report, DetailOption.FULL))):
        assert text.count("That presumes two ordinary copies of") == 1
        assert len(re.findall(r"\[\* CYP[\w, ]+\]", text)) >= len(presuming)


@pytest.mark.parametrize("name", ["met", "clinical"])
def test_each_drug_of_which_a_consideration_presumes_copies_has_the_mark_with_the_genes(made: dict[str, Report], name: str) -> None:
    report = made[name]
    assert report.summary is not None
    page, marks = prose(page_of([report])), PresumedCopies(report.considerations)
    by_id = {one.id: one for one in report.considerations}
    drugs = [drug for _, ones in report.summary.drugs for drug in ones]
    behind = {drug.name: [by_id[identity] for identity in drug.considerations] for drug in drugs}
    presuming = {
        (drug, gene)
        for drug, ones in behind.items()
        for one in ones
        if one.conversion is None
        for part in one.basis.parts
        if part.kind is PartKind.PRESUMED
        for gene in part.statements
    }
    assert presuming
    marked = {(drug.name, gene) for drug in drugs for gene in re.findall(r"[\w-]+", marks.of_drug(drug, behind[drug.name]))}
    assert marked == presuming
    for drug in drugs:
        kept = f"{without_presumed(drug, common_conversion(report.drugs))} {marks.of_drug(drug, behind[drug.name])}".strip()
        assert prose(f" {kept}") in page.replace("&#39;", "'")


def test_a_drug_whose_name_stands_alone_shows_that_it_is_ruled_out_beside_what_is_taken(made: dict[str, Report]) -> None:
    text = prose(to_text(made["clinical"], DetailOption.SUMMARY))
    for drug in ("moclobemide", "phenelzine", "tranylcypromine", "desvenlafaxine"):
        assert f"{drug}!" in text
    assert "! A source rules it out or advises against it beside what is taken" in text
    assert "! A source rules it out" not in to_text(made["met"], DetailOption.SUMMARY)


def test_a_severity_stands_with_the_source_that_has_the_word(made: dict[str, Report]) -> None:
    report = made["clinical"]
    page, text = prose(page_of([report])), prose(to_text(report, DetailOption.FULL))
    assert "[label of citalopram: not recommended]" in text
    for one in report.interactions:
        assert f": {one.severity}" in page
        assert f": {one.severity}] " in text


def test_a_statement_about_many_drugs_does_not_read_like_a_combination(made: dict[str, Report]) -> None:
    page = prose(page_of([made["clinical"]]))
    (about,) = [one for one in made["clinical"].interactions if one.kind == "age" and len(one.drugs) > 10]
    assert f"Taken: {', '.join(about.drugs[:2])}. Not taken: {', '.join(about.drugs[2:])}." in page
    assert " and ".join(about.drugs[:3]) not in page


def test_what_sources_do_under_current_drugs_is_one_verb_for_each_drug(made: dict[str, Report]) -> None:
    (sentence,) = [one.text for one in made["clinical"].summary.attention if "Advised against under current drugs" in one.text]
    assert "Ruled out under current drugs, by a convention and no guideline advice: thioridazine (FDA, QT interval)." in sentence
    assert "nortriptyline (CPIC, Strong); desipramine (CPIC, Optional)." in sentence


def test_a_genotype_of_a_changed_residue_has_it_in_the_short_text(made: dict[str, Report]) -> None:
    assert "BDNF rs6265 T/T (T = Met); COMT rs4680 A/A (A = Met)" in prose(to_text(made["met"], DetailOption.SUMMARY))


@pytest.mark.parametrize("name", ["poor", "clinical", "met", "nothing"])
def test_no_strength_reads_none(made: dict[str, Report], name: str) -> None:
    for text in (prose(page_of([made[name]])), prose(to_text(made[name], DetailOption.FULL))):
        assert re.findall(r"[Ee]vidence:? none(?! in support)", text) == []
