"""The text says at each gene what a reader has to know about the call: caveats, conflicts, what is assumed and what is open."""

import re
from pathlib import Path

import pytest

from trdpgx import annotate
from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import AssumptionReport, GeneReport, HiddenAllele, LikelyDiplotype
from trdpgx.model.report import Report
from trdpgx.report.formats.text import to_text

EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"
CYRIUS = b"Sample\tGenotype\tFilter\nSYNTHETIC-1\t*1/*2x2\tPASS\n"


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def block(text: str, gene: str) -> str:
    """Return the lines of one gene."""
    match = re.search(rf"^  {gene} .*?(?=^  \S|^$)", text, re.MULTILINE | re.DOTALL)
    assert match is not None
    return match[0]


@pytest.fixture(scope="module")
def plain() -> Report:
    (report,) = annotate(EXAMPLE)
    return report


@pytest.fixture(scope="module")
def conflicting() -> Report:
    (report,) = annotate(EXAMPLE, outside_calls=CYRIUS)
    return report


def changed(report: Report, name: str, **values: object) -> Report:
    genes = tuple(gene.model_copy(update=values) if gene.gene == name else gene for gene in report.genes)
    return report.model_copy(update={"genes": genes})


@pytest.mark.parametrize("which", ["plain", "conflicting"])
def test_every_caveat_and_headline_is_in_the_text(which: str, request: pytest.FixtureRequest) -> None:
    report: Report = request.getfixturevalue(which)
    text = to_text(report)
    for gene in report.genes:
        for caveat in gene.caveats:
            assert flat(caveat.text) in flat(block(text, gene.gene))
    for drug in report.drugs:
        if any(consideration.source.name != "research" for consideration in report.considerations if drug.name in consideration.drugs):
            assert flat(drug.headline) in flat(text) or drug.certainty in {"none", "research"}


def test_a_conflict_with_an_outside_call_comes_first(conflicting: Report) -> None:
    lines = block(to_text(conflicting), "CYP2D6").splitlines()
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
        phenotype_open=True,
        phenotype_range=(Phenotype.RM, Phenotype.NM, Phenotype.IM),
        likely=likely,
        hidden=hidden,
        settled_by=("rs12248560",),
    )
    text = flat(block(to_text(report), "CYP2C19"))
    assert "*2/*2 phenotype open" in text
    assert "CYP2C19 is open, likely Normal Metabolizer (chance 58 %)" in text
    assert "*17 (makes Rapid Metabolizer, 20 % of chromosomes), *35 (makes Intermediate Metabolizer)" in text
    assert "would settle it: rs12248560" in text
    assert "Poor Metabolizer" not in text


def test_what_is_assumed_stands_beside_the_phenotype(plain: Report) -> None:
    wrong = AssumptionReport(phenotype_range=(Phenotype.NM, Phenotype.PM), chance=0.4, text="any phenotype is possible.")
    text = to_text(changed(plain, "CYP2C19", assumed=True, if_assumption_wrong=wrong))
    assert "Poor Metabolizer  [vcf; assumed, not observed]" in text
    assert "if the assumption is wrong: any phenotype is possible." in flat(text)


def test_common_variants_do_not_stand_under_rare_ones(plain: Report) -> None:
    assert any(variant.id == "rs6265" and variant.genotype for variant in plain.variants)
    assert not [rare for rare in plain.rare_variants if rare.gene == "BDNF"]
    assert "RARE VARIANTS" not in to_text(plain)


def test_a_gene_that_was_not_called_keeps_its_reason(plain: Report) -> None:
    gene = next(gene for gene in plain.genes if gene.status == "no_call")
    assert isinstance(gene, GeneReport)
    assert flat(gene.no_call_reason or "") in flat(to_text(plain))


def test_tests_of_several_hla_alleles_are_all_of_them_results() -> None:
    (report,) = annotate(EXAMPLE, outside_calls=b"HLA-B\t*15:02 negative\nHLA-B\t*15:11 negative\nHLA-A\t*31:01 negative\n")
    text = to_text(report)
    assert "HLA-B    *15:02 negative, *15:11 negative" in text
    assert "hla_not_tested" not in {note.code for note in report.limitations}
    (untested,) = annotate(EXAMPLE)
    (stated,) = [note.text for note in untested.limitations if note.code == "hla_not_tested"]
    assert flat(stated) in flat(to_text(untested))
