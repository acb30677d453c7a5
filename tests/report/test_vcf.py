"""The annotated VCF: valid, of the calls of the report, and read again it gives them again."""

import io
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.bcftools import bcftools, needs_bcftools
from tests.golden.cases import Case, cases
from trdpgx import Options, Report, Service
from trdpgx.cli.main import main
from trdpgx.model.options import AbsentOption
from trdpgx.report.formats.vcf import FORMAT
from trdpgx.report.vcf.header import encoded

pytestmark = pytest.mark.slow

CASES = cases()
GENOMES = [case for case in CASES if case.source is not None]


def vcf_of(service: Service, reports: list[Report]) -> bytes:
    return b"".join(FORMAT.with_knowledge(service.knowledge).answer(reports))


def fixed_columns(text: bytes) -> list[list[bytes]]:
    """Return CHROM to INFO of each record; what samples leave out at their end, bcftools writes."""
    return [line.split(b"\t")[:8] for line in text.splitlines() if not line.startswith(b"#")]


@needs_bcftools
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bcftools_reads_it_and_has_nothing_to_remark(service: Service, case: Case) -> None:
    reports = case.reports(service)
    text = vcf_of(service, reports)
    done = subprocess.run(["bcftools", "view", "--no-version", "-"], input=text, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert fixed_columns(done.stdout) == fixed_columns(text)
    columns = r"[%SAMPLE\t%TRDPGX_GENE\t%TRDPGX_STATE\t%TRDPGX_CALL\t%TRDPGX_PHENOTYPE\n]"
    shown = bcftools(text, "query", "-f", columns).decode()
    rows = {tuple(line.split("\t")) for line in shown.splitlines()}
    for report in reports:
        for gene in report.genes:
            calls = {one[3] for one in rows if one[:2] == (report.input.sample or "no_sample", gene.gene) and one[2] != "."}
            expected = ",".join(encoded(one.name) for one in gene.diplotypes) or "."
            assert calls <= {expected}, gene.gene


@pytest.mark.parametrize("case", GENOMES, ids=lambda case: case.name)
def test_nothing_that_was_not_seen_has_a_genotype(service: Service, case: Case) -> None:
    for line in vcf_of(service, case.reports(service)).decode().splitlines():
        if line.startswith("#"):
            continue
        for entry in line.split("\t")[9:]:
            genotype, *more = entry.split(":")
            if len(more) > 2 and more[2] in {"absent", "no_call"}:
                assert "." in genotype, line


@pytest.mark.parametrize("case", GENOMES, ids=lambda case: case.name)
def test_read_again_it_gives_the_same_calls(service: Service, case: Case) -> None:
    reports = [report for report in case.reports(service) if report.options.absent is AbsentOption.MISSING]
    if not reports:
        pytest.skip("absent sites were assumed")
    options = Options(drug=reports[0].options.drug, gene=reports[0].options.gene, domain=reports[0].options.domain)
    again = service.reports(service.read(io.BytesIO(vcf_of(service, reports)), options), options)
    for old, new in zip(reports, again, strict=True):
        assert (new.input.sample, new.input.assembly) == (old.input.sample, old.input.assembly)
        genes = {gene.gene: gene for gene in new.genes}
        for gene in old.genes:
            if gene.source == "vcf" and not gene.copy_number.value:
                assert [one.name for one in genes[gene.gene].diplotypes] == [one.name for one in gene.diplotypes], gene.gene
        assert [(one.id, one.genotype) for one in new.variants] == [(one.id, one.genotype) for one in old.variants]
        shown = [(one.location, one.ref, one.alt, one.consequence) for one in old.rare_variants]
        assert [(one.location, one.ref, one.alt, one.consequence) for one in new.rare_variants] == shown


def test_info_of_the_input_stands_beside_its_own_alt_only(service: Service) -> None:
    lines = (Path(__file__).parents[2] / "examples" / "synthetic.vcf").read_text().splitlines()
    (number,) = (at for at, line in enumerate(lines) if line.startswith("#CHROM"))
    lines.insert(number, '##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="Frequency">')
    known = next(at for at, line in enumerate(lines) if "rs4244285" in line)
    fields = lines[known].split("\t")
    fields[7] = "gnomAD_AF=0.25"
    lines[known] = "\t".join(fields)
    (report,) = service.reports(service.read(io.BytesIO("\n".join([*lines, ""]).encode()), Options()), Options())
    (row,) = (line.split("\t") for line in vcf_of(service, [report]).decode().splitlines() if "rs4244285" in line)
    shown = "gnomAD_AF=0.25" in row[7]
    assert shown == (row[4] == fields[4])


def test_it_holds_one_input(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "synthetic.vcf"
    (tmp_path / "other.vcf").write_bytes(example.read_bytes() + b"")
    (tmp_path / "other.vcf").write_text(example.read_text().replace("SYNTHETIC-1", "OTHER"))
    done = CliRunner().invoke(main, ["annotate", str(example), str(tmp_path / "other.vcf"), "--format", "vcf"])
    assert (done.exit_code, "give one FILE" in done.stderr) == (2, True)


def test_nothing_for_no_report(service: Service) -> None:
    assert vcf_of(service, []) == b""


@pytest.mark.parametrize(("text", "written"), [("a;b=c,d:e%f g\th\n", "a%3Bb%3Dc%2Cd%3Ae%25f%20g%09h%0A"), ("*1/*2", "*1/*2")])
def test_what_separates_is_encoded(text: str, written: str) -> None:
    assert encoded(text) == written
