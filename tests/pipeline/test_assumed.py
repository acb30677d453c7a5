"""``absent=reference`` assumes only where the file shows that it looked, in every format, and marks what it assumed."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from cyvcf2 import VCF, Writer

from tests.http.application import open_client
from trdpgx import AbsentOption, Options, Report, Service, annotate
from trdpgx.cli.main import main
from trdpgx.model.genome import Assembly
from trdpgx.model.settings import Settings
from trdpgx.report.formats.text import to_text

ASSUME = Options(absent=AbsentOption.REFERENCE)
CHROM = {"CYP2C19": "10", "CYP2C9": "10", "CYP2D6": "22", "CYP2B6": "19", "CYP3A4": "7", "CYP3A5": "7", "UGT1A1": "2", "CYP1A2": "15",
         "UGT1A4": "2", "UGT2B7": "4", "UGT2B15": "4"}  # fmt: skip


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with Service() as opened:
        yield opened


def vcf(service: Service, rows: tuple[str, ...] = (), *, assembly: Assembly = Assembly.GRCH38, samples: int = 1) -> bytes:
    """Return a file with rows such as ``10 94781859 G A``; each is 0/0 in every sample. The header has every contig."""
    lengths = service.knowledge.reference.panels[assembly].contig_lengths
    prefix = "chr" if assembly is Assembly.GRCH38 else ""
    lines = [
        "##fileformat=VCFv4.2",
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        *(f"##contig=<ID={prefix}{name},length={length}>" for name, length in lengths.items()),
        "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *(f"S{n}" for n in range(samples))]),
    ]
    for row in rows:
        chrom, pos, ref, alt = row.split(" ")
        lines.append("\t".join([prefix + chrom, pos, ".", ref, alt, ".", "PASS", ".", "GT", *["0/0"] * samples]))
    return ("\n".join(lines) + "\n").encode()


def as_bcf(data: bytes, folder: Path) -> bytes:
    source, target = folder / "a.vcf", folder / "a.bcf"
    source.write_bytes(data)
    reader = VCF(str(source))
    writer = Writer(str(target), reader, mode="wb")
    for record in reader:
        writer.write_record(record)
    writer.close()
    return target.read_bytes()


def called(report: Report) -> set[str]:
    return {gene.gene for gene in report.genes if gene.diplotypes}


def assumed(report: Report) -> set[str]:
    return {variant.gene for variant in report.variants if variant.state == "assumed_reference"}


ROWS = {
    "a site of CYP2C19": "10 94781859 G A",
    "anything of chromosome 10": "10 1000 A G",
    "anything of chromosome 22": "22 11000000 A G",
}


@pytest.mark.parametrize("form", ["text", "bcf"])
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_only_chromosomes_with_records_are_assumed(service: Service, row: str, form: str, tmp_path: Path) -> None:
    data = vcf(service, (row,))
    (report,) = annotate(io.BytesIO(as_bcf(data, tmp_path) if form == "bcf" else data), options=ASSUME, service=service)
    chrom = row.split(" ", maxsplit=1)[0]
    assert called(report) == {gene for gene, on in CHROM.items() if on == chrom}
    sites = service.knowledge.reference.sites[Assembly.GRCH38]
    own = {variant.gene for variant in service.knowledge.reference.variants if variant.site and sites[variant.site].chrom == chrom}
    assert assumed(report) == own
    for gene in report.genes:
        assert gene.assumed == bool(gene.diplotypes)
        assert (gene.if_assumption_wrong is not None) == bool(gene.diplotypes)
        assert gene.source == "vcf"
    assert [gene.gene for gene in report.genes if gene.phenotype and gene.phenotype.code == "NM" and not gene.assumed] == []
    assert "assumed, not observed" in to_text(report)


@pytest.mark.parametrize("assembly", list(Assembly))
def test_both_assemblies(service: Service, assembly: Assembly) -> None:
    (report,) = annotate(io.BytesIO(vcf(service, ("10 1000 A G",), assembly=assembly)), options=ASSUME, service=service)
    assert called(report) == {"CYP2C19", "CYP2C9"}


@pytest.mark.parametrize("targets", [None, b"chr22\t42000000\t43000000\n"], ids=["alone", "with targets"])
def test_an_empty_file_calls_nothing_and_says_so_first(service: Service, targets: bytes | None) -> None:
    (report,) = annotate(io.BytesIO(vcf(service)), options=ASSUME, targets=targets, service=service)
    assert not called(report)
    assert not assumed(report)
    assert report.input.warnings[0].code == "nothing_over_panel"
    assert not [drug.headline for drug in report.drugs if drug.headline.startswith("No change")]


def test_a_file_with_a_record_over_the_panel_is_not_warned_of(service: Service) -> None:
    (report,) = annotate(io.BytesIO(vcf(service, ("10 94781859 G A",))), service=service)
    assert "nothing_over_panel" not in [warning.code for warning in report.input.warnings]
    (report,) = annotate(io.BytesIO(vcf(service, ("10 1000 A G",))), service=service)
    assert report.input.warnings[0].code == "nothing_over_panel"


def test_targets_say_where_the_assay_looked(service: Service) -> None:
    """CYP2D6 lies within the targets though no record is on its chromosome; CYP2C19's promoter lies outside them."""
    targets = b"chr22\t42120000\t42140000\nchr10\t94762000\t94860000\n"
    (report,) = annotate(io.BytesIO(vcf(service, ("10 94781859 G A",))), options=ASSUME, targets=targets, service=service)
    assert called(report) == {"CYP2C19", "CYP2D6"}
    gene = next(gene for gene in report.genes if gene.gene == "CYP2C19")
    assert [site.rsid for site in gene.unseen_sites if site.rsid == "rs12248560"]
    assert (gene.sites.called, gene.sites.assumed_reference) == (1, 33)


def test_a_cohort(service: Service) -> None:
    reports = annotate(io.BytesIO(vcf(service, ("22 11000000 A G",), samples=3)), options=ASSUME, service=service)
    assert [called(report) for report in reports] == [{"CYP2D6"}] * 3


def test_the_command_line(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    path.write_bytes(vcf(service, ("10 1000 A G",)))
    done = CliRunner().invoke(main, ["annotate", str(path), "--absent", "reference", "--format", "json"])
    assert done.exit_code == 0
    (report,) = json.loads(done.stdout)
    genes = {gene["gene"]: gene for gene in report["genes"]}
    assert genes["CYP2D6"]["diplotypes"] == []
    assert genes["CYP2C19"]["assumed"]
    assert genes["CYP2C19"]["if_assumption_wrong"]["open"]
    done = CliRunner().invoke(main, ["coverage", str(path), "--absent", "reference", "--format", "json"])
    found = {gene["gene"]: gene["seen"] for gene in json.loads(done.stdout)["genes"]}
    assert (found["CYP2D6"], found["CYP2C19"]) == (0, 35)


def test_over_http(service: Service) -> None:
    with open_client(Settings(cells=1)) as client:
        answer = client.post("/v1/reports?absent=reference", content=vcf(service, ("10 1000 A G",)))
        genes = {gene["gene"]: gene for gene in answer.json()["genes"]}
        assert genes["CYP2D6"]["status"] == "no_call"
        assert (genes["CYP2C19"]["assumed"], genes["CYP2C19"]["source"]) == (True, "vcf")
        assert genes["CYP2C19"]["if_assumption_wrong"]["phenotype_range"]
