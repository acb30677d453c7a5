"""Published copy-number diplotypes as outside calls: tests/cases/accept/copy_number_truth.tsv (GeT-RM consensus, Gaedigk 2019).

`genotypes` are what a small-variant file shows of such a person, and `own` is what is called from them alone.
"""

import io
import os
from pathlib import Path

import pytest

from tests.pipeline.genefile import Writer
from tests.tables import rows_of
from trdpgx import Service, annotate
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import Assembly

TABLE = Path(__file__).parents[1] / "cases" / "accept" / "copy_number_truth.tsv"
REAL = Path(os.environ.get("TRDPGX_REAL", Path(__file__).parents[3] / "shared" / "real"))


def forms(row: dict[str, str]) -> dict[str, bytes]:
    """Return the call in our own TSV and JSON, PharmCAT's TSV and Cyrius's TSV, which may put the hybrid last."""
    name, truth = row["sample"], row["truth"]
    swapped = "/".join("+".join(reversed(part.split("+"))) for part in truth.split("/"))
    return {
        "own": f"gene\tdiplotype\tsample\ttool\nCYP2D6\t{truth}\t{name}\tSome caller\n".encode(),
        "json": f'{{"outside_calls": [{{"gene": "CYP2D6", "diplotype": "{truth}", "tool": "Some caller"}}]}}'.encode(),
        "pharmcat": f"CYP2D6\t{truth}\n".encode(),
        "cyrius": f"Sample\tGenotype\tFilter\n{name}\t{swapped}\tPASS\n".encode(),
    }


def check(gene: GeneReport, row: dict[str, str]) -> None:
    (diplotype,) = gene.diplotypes
    assert sorted(diplotype.alleles) == sorted(row["truth"].split("/"))
    assert diplotype.name.count("/") == 1
    assert gene.status == "called"
    assert gene.phenotype is not None
    assert gene.phenotype.code == row["phenotype"]
    assert diplotype.activity_score == (float(row["activity_score"]) if row["activity_score"] else None)
    assert (gene.copy_number.status, gene.copy_number.value) == ("assessed", int(row["copies"]))
    assert gene.source.startswith("outside:")


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("row", rows_of(TABLE), ids=lambda row: row["sample"])
def test_the_published_diplotype_is_met_when_it_is_given(service: Service, row: dict[str, str], assembly: Assembly) -> None:
    sites = dict(part.split("=") for part in row["genotypes"].split(";"))
    vcf = Writer(service, assembly, "CYP2D6").vcf({"sites": sites, "sample": row["sample"]})
    (alone,) = annotate(io.BytesIO(vcf), service=service)
    own = next(gene for gene in alone.genes if gene.gene == "CYP2D6")
    assert ";".join(diplotype.name for diplotype in own.diplotypes) == row["own"]
    assert own.copy_number.status == "not_assessed"
    for calls in forms(row).values():
        (report,) = annotate(io.BytesIO(vcf), outside_calls=calls, service=service)
        gene = next(gene for gene in report.genes if gene.gene == "CYP2D6")
        check(gene, row)
        assert row["caveat"] in {note.code for note in gene.caveats}
        about = [one for one in report.considerations if one.genes == ("CYP2D6",)]
        assert about
        assert not any("two ordinary copies" in one.basis.text for one in about)


@pytest.mark.skipif(not (REAL / "truth.tsv").exists(), reason="no real genomes here; set TRDPGX_REAL to their folder")
@pytest.mark.parametrize("name", ["1kgp_phased_GRCh38.vcf.gz", "1kgp_phased_GRCh37.vcf.gz"])
def test_real_people_with_their_published_diplotypes(service: Service, name: str) -> None:
    truth = {row["sample"]: row for row in rows_of(TABLE)}
    lines = ["gene\tdiplotype\tsample\ttool", *(f"CYP2D6\t{row['truth']}\t{sample}\tConsensus" for sample, row in truth.items())]
    reports = annotate(REAL / name, outside_calls="\n".join(lines).encode(), service=service)
    met = {report.input.sample: gene for report in reports for gene in report.genes if gene.gene == "CYP2D6"}
    assert len(set(truth) & set(met)) >= 7
    for sample in set(truth) & set(met):
        check(met[sample], truth[sample])
