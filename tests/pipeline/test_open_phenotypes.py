"""What a file leaves open of a phenotype: tests/cases/accept/open_phenotypes.yaml, and real people in whom it was measured."""

import io
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.pipeline.genefile import Writer
from tests.pipeline.reports import gene_of
from trdpgx import Options, Service, annotate
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import Assembly
from trdpgx.report.text.report import to_text

CASES = Path(__file__).parents[1] / "cases" / "accept" / "open_phenotypes.yaml"
REAL = Path(os.environ.get("TRDPGX_REAL", Path(__file__).parents[3] / "shared" / "real"))


def cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(CASES.read_text("utf-8"))
    return found


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("case", cases(), ids=lambda case: str(case["case"]))
def test_case(service: Service, case: dict[str, Any], assembly: Assembly) -> None:
    if assembly not in case.get("assemblies", list(Assembly)):
        pytest.skip("the rows of the case are those of the other assembly")
    vcf = Writer(service, assembly, case["gene"]).vcf(case)
    (report,) = annotate(io.BytesIO(vcf), service=service)
    gene = gene_of(report, case["gene"])
    check(gene, case)
    if gene.phenotype_open:
        holds = [c for c in report.considerations if gene.gene in c.basis.open_genes]
        assert holds, "what may follow is shown"
        assert all(c.basis.holds_for == "some" for c in holds)
        drugs = [drug for drug in report.drugs if set(drug.considerations) & {c.id for c in holds}]
        assert not [drug.headline for drug in drugs if drug.headline.startswith("No change because")]
        assert "phenotype open" in to_text(report)
        order = [c.basis.only_if_hidden for c in report.considerations]
        assert order == sorted(order), "what holds only if an unseen allele is carried comes last"


def check(gene: GeneReport, case: dict[str, Any]) -> None:
    seen = gene.sites.called + gene.sites.covered_reference
    names = [hidden.allele for hidden in gene.hidden]
    assert case.get("seen", f"{seen} of {gene.sites.total}") == f"{seen} of {gene.sites.total}"
    assert case.get("diplotypes", " ".join(d.name for d in gene.diplotypes)) == " ".join(d.name for d in gene.diplotypes)
    assert (gene.phenotype.code if gene.phenotype else None) == case["phenotype"]
    assert case.get("hidden", names) == names
    assert set(case.get("hidden_among", ())) <= set(names)
    if "refused" in case:
        assert [hidden.allele for hidden in gene.hidden if hidden.refused] == case["refused"]
    if "chance" in case:
        assert (None if gene.hidden_chance is None else pytest.approx(100 * gene.hidden_chance, abs=0.5)) == case["chance"] or (
            gene.hidden_chance is not None and round(100 * gene.hidden_chance, 1 if case["chance"] < 10 else 0) == case["chance"]
        )
    if "at_most" in case:
        assert gene.hidden_chance_at_most is not None
        assert round(100 * gene.hidden_chance_at_most, 2) == case["at_most"]
    if "range" in case:
        assert list(gene.phenotype_range) == case["range"]
    assert set(case.get("range_among", ())) <= set(gene.phenotype_range)
    assert list(gene.settled_by) == case.get("settled_by", list(gene.settled_by))
    if "likely" in case:
        assert gene.likely is not None
        assert gene.likely.phenotype == case["likely"]
    for words in case.get("note", ()):
        assert words in str(gene.unseen_note)
    if seen == gene.sites.total:
        assert gene.unseen_note is None
    assert gene.phenotype_open == (case["phenotype"] is None and bool(names))
    assert not (gene.phenotype_open and gene.phenotypes)
    if gene.phenotype_open:
        assert {hidden.makes for hidden in gene.hidden} <= set(gene.phenotype_range)


# Two sites of CYP2D6 lie under the 0|0 deletion of another row and are not seen: 68 and 10 alleles, where 70 and 9 were counted with them.
MEASURED = [
    ("wgs30x_grch38_2samples.vcf.gz", "NA18526", "CYP2C19", "*1/*1", "19 of 35", 6, 0.00, 0.17, "NM"),
    ("1kgp_phased_GRCh38.vcf.gz", "NA12878", "CYP2D6", "*3/*4", "68 of 157", 0, 0.00, 0.00, "PM"),
    ("1kgp_phased_GRCh38.vcf.gz", "NA12717", "CYP2D6", "*1/*1", "68 of 157", 10, 0.00, 0.26, "NM"),
    ("1kgp_phased_GRCh38.vcf.gz", "NA19239", "CYP2C19", "*13/*17", "16 of 35", 0, 0.00, 0.00, "RM"),
    ("1kgp_phased_GRCh38.vcf.gz", "NA12878", "CYP2B6", "*1/*1", "26 of 48", 2, None, None, None),
    ("wgs30x_grch38_2samples.vcf.gz", "NA18526", "CYP2B6", "*1/*1", "30 of 48", 1, None, None, None),
]


@pytest.mark.skipif(not (REAL / "truth.tsv").exists(), reason="no real genomes here; set TRDPGX_REAL to their folder")
@pytest.mark.parametrize("measured", MEASURED, ids=lambda row: f"{row[1]} {row[2]}")
def test_real_people(service: Service, measured: tuple[str, str, str, str, str, int, float | None, float | None, str | None]) -> None:
    file, sample, name, diplotype, sites, hidden, chance, at_most, phenotype = measured
    (report,) = annotate(REAL / file, options=Options(sample=sample), service=service)
    gene = gene_of(report, name)
    assert [d.name for d in gene.diplotypes] == [diplotype]
    assert f"{gene.sites.called + gene.sites.covered_reference} of {gene.sites.total}" == sites
    assert len(gene.hidden) == hidden
    assert (gene.phenotype.code if gene.phenotype else None) == phenotype
    found = [None if value is None else round(100 * value, 2) for value in (gene.hidden_chance, gene.hidden_chance_at_most)]
    assert found == [chance, at_most]
    if phenotype is None:
        assert gene.settled_by[0] == "rs2279343"
        assert {"NM", "RM", "UM"} <= set(gene.phenotype_range)
