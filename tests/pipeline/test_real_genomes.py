"""Real people with published truth. Their genomes are not in this repository: TRDPGX_REAL names the folder, or ../shared/real."""

import os
from pathlib import Path

import pytest

from trdpgx import AbsentOption, Options, Report, Service
from validation import copy_number
from validation.concordance import compare

REAL = Path(os.environ.get("TRDPGX_REAL", Path(__file__).parents[3] / "shared" / "real"))

pytestmark = pytest.mark.skipif(not (REAL / "truth.tsv").exists(), reason="no real genomes here; set TRDPGX_REAL to their folder")


def reports(service: Service, name: str, absent: AbsentOption) -> dict[str, Report]:
    options = Options(absent=absent)
    return {report.input.sample: report for report in service.reports(service.read(REAL / name, options), options)}


def test_every_difference_from_the_published_diplotypes_is_explained() -> None:
    rows = list(compare(REAL))
    assert len(rows) >= 60
    assert [row for row in rows if row.reason == "UNEXPLAINED"] == []
    others = [row for row in rows if row.gene in {"CYP2C19", "CYP2C9"} and row.verdict != "same"]
    assert {row.sample for row in others} <= {"HG01190"}


def test_a_whole_genome_states_what_it_covers_and_what_it_does_not(service: Service) -> None:
    found = reports(service, "wgs30x_grch38_2samples.vcf.gz", AbsentOption.MISSING)
    assert list(found) == ["NA18526", "NA18565"]
    for report in found.values():
        genes = {gene.gene: gene for gene in report.genes}
        for gene in ("CYP2C19", "CYP2C9"):
            assert [diplotype.name for diplotype in genes[gene].diplotypes] == ["*1/*1"]
        assert genes["CYP3A4"].status == genes["CYP2B6"].status == "called"
        assert genes["CYP2D6"].copy_number.status == "not_assessed"
        assert {v.state for v in report.variants if v.gene in {"BDNF", "SLC6A4"}} == {"absent", "not_assayable"}
        uncovered = next(note.text for note in report.limitations if note.code == "genes_not_covered")
        assert "BDNF" in uncovered
        assert "SLC6A4" in uncovered


def test_one_person_on_two_assemblies_is_one_person(service: Service) -> None:
    old = reports(service, "1kgp_phased_GRCh37.vcf.gz", AbsentOption.REFERENCE)
    new = reports(service, "1kgp_phased_GRCh38.vcf.gz", AbsentOption.REFERENCE)
    assert len(old) == 9
    for sample, report in old.items():
        calls = {gene.gene: [diplotype.name for diplotype in gene.diplotypes] for gene in report.genes}
        others = {gene.gene: [diplotype.name for diplotype in gene.diplotypes] for gene in new[sample].genes}
        assert calls["CYP2C19"] == others["CYP2C19"]
        assert report.input.assembly == "GRCh37"
    assert [d.name for g in old["NA12878"].genes if g.gene == "CYP2C19" for d in g.diplotypes] == ["*1/*2"]


@pytest.mark.parametrize("name", ["1kgp_phased_GRCh38.vcf.gz", "1kgp_phased_GRCh37.vcf.gz"])
def test_everybody_has_a_cyp1a2_diplotype(service: Service, name: str) -> None:
    found = reports(service, name, AbsentOption.REFERENCE)
    called = {sample: next(gene for gene in report.genes if gene.gene == "CYP1A2") for sample, report in found.items()}
    assert [sample for sample, gene in called.items() if gene.status == "no_call"] == []
    assert [diplotype.name for diplotype in called["NA18565"].diplotypes] == ["*1F/*1P"]
    assert [diplotype.name for diplotype in called["NA19207"].diplotypes] == ["*1A/*1W"]


def test_the_printed_range_holds_the_true_activity_score_or_it_is_stated_why_not(service: Service) -> None:
    rows = list(copy_number.compare(REAL, service))
    if not rows:
        pytest.skip("no cohort here")
    assert [row.sample for row in rows if not row.inside and not row.why] == []
    assert sum(row.inside for row in rows) >= 31
    assert len(rows) == 35
