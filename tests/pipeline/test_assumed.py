"""``absent=reference`` assumes only where the file shows that it looked, in every format, and marks what it assumed."""

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.bcftools import as_bcf
from tests.http.application import open_client
from trdpgx import AbsentOption, Options, Report, Service, annotate
from trdpgx.cli.main import main
from trdpgx.model.genome import Assembly
from trdpgx.report.text.report import to_text

ASSUME = Options(absent=AbsentOption.REFERENCE)
CHROM = {"CYP2C19": "10", "CYP2C9": "10", "CYP2D6": "22", "CYP2B6": "19", "CYP3A4": "7", "CYP3A5": "7", "UGT1A1": "2", "CYP1A2": "15",
         "UGT1A4": "2", "UGT2B7": "4", "UGT2B15": "4"}  # fmt: skip
DEFINITIONS = (
    '##FILTER=<ID=LowQual,Description="Refused">',
    '##ALT=<ID=NON_REF,Description="Any other">',
    '##ALT=<ID=DEL,Description="Deletion">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
    '##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Kind">',
    '##INFO=<ID=R2,Number=1,Type=Float,Description="Accuracy">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Reads">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads by allele">',
    '##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Likelihoods">',
    '##FORMAT=<ID=FT,Number=1,Type=String,Description="Filter">',
    '##FORMAT=<ID=CN,Number=1,Type=Integer,Description="Copies">',
    '##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Least reads">',
)


def vcf(service: Service, rows: Sequence[str] = (), *, assembly: Assembly = Assembly.GRCH38, samples: int = 1) -> bytes:
    """Return a file with rows such as ``10 94781859 G A``; each is 0/0 in every sample. The header has every contig.

    A row may go on with FILTER, INFO, FORMAT and the columns of its samples.
    """
    lengths = service.knowledge.reference.panels[assembly].contig_lengths
    prefix = "chr" if assembly is Assembly.GRCH38 else ""
    lines = [
        "##fileformat=VCFv4.2",
        *DEFINITIONS,
        *(f"##contig=<ID={prefix}{name},length={length}>" for name, length in lengths.items()),
        "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *(f"S{n}" for n in range(samples))]),
    ]
    for row in rows:
        chrom, pos, ref, alt, *rest = row.split(" ")
        rest = rest or ["PASS", ".", "GT", *["0/0"] * samples]
        lines.append("\t".join([prefix + chrom, pos, ".", ref, alt, ".", *rest]))
    return ("\n".join(lines) + "\n").encode()


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


SILENT = {
    "no genotype": "A G PASS . GT ./.",
    "half a genotype": "A G PASS . GT 0/.",
    "FORMAT without GT": "A G PASS . DP 30",
    "no reads by DP": "A G PASS . GT:DP 0/0:0",
    "no reads by AD": "A G PASS . GT:AD 0/0:0,0",
    "a flat PL": "A G PASS . GT:PL 0/0:0,0,0",
    "low quality": "A G PASS . GT:GQ:DP 0/1:3:30",
    "one read": "A G PASS . GT:GQ:DP 0/1:40:1",
    "poorly imputed": "A G PASS R2=0.1 GT 0|0",
    "FILTER": "A G LowQual . GT 0/1",
    "FT": "A G PASS . GT:FT 0/1:LowQual",
    "a haploid genotype": "A G PASS . GT 0",
    "a triploid genotype": "A G PASS . GT 0/0/0",
    "a deletion without bases": "A <DEL> PASS END={end};SVTYPE=DEL GT 0/0",
    "a breakend": "A A[chr3:1000[ PASS SVTYPE=BND GT 0/1",
    "a copy-number segment": "A . PASS END={end};SVTYPE=CNV GT:CN 0/0:2",
    "a gVCF block without reads": "A <NON_REF> PASS END={end} GT:DP:GQ:MIN_DP 0/0:0:0:0",
    "a gVCF block without a genotype": "A <NON_REF> PASS END={end} GT:DP ./.:30",
}  # fmt: skip
SPEAKING = {
    "a variant": "A G PASS . GT:GQ:DP 0/1:40:30",
    "no variant": "A G . . GT 0/0",
    "no ALT": "A . PASS . GT 0/0",
    "well imputed": "A G PASS R2=0.9 GT 0|0",
    "a filter that describes": "A G MONOALLELIC . GT 0/1",
    "a gVCF block with reads": "A <NON_REF> PASS END={end} GT:DP:GQ:MIN_DP 0/0:30:50:20",
    "a variant of a gVCF": "A G,<NON_REF> PASS . GT:DP:GQ 0/1:30:50",
}
ONLY = {"22": ("11000000", "42126938"), "10": ("1000", "94780653"), "7": ("1000", "99672916")}
"""A position of each chromosome away from the panel, and one over it."""


def rows_of(texts: Sequence[str], chrom: str, pos: str) -> list[str]:
    return [f"{chrom} {pos} {text.format(end=int(pos) + 99)}" for text in texts]


@pytest.mark.parametrize("form", ["text", "bcf"])
@pytest.mark.parametrize("chrom", ONLY)
@pytest.mark.parametrize("over", [False, True], ids=["away", "over the panel"])
def test_rows_that_show_no_reading_do_not_count(service: Service, chrom: str, over: bool, form: str, tmp_path: Path) -> None:
    for name, text in (SILENT | SPEAKING).items():
        if form == "bcf" and "MONOALLELIC" in text:
            continue
        data = vcf(service, rows_of([text], chrom, ONLY[chrom][over]))
        (report,) = annotate(io.BytesIO(as_bcf(data, tmp_path) if form == "bcf" else data), options=ASSUME, service=service)
        own = {gene for gene, on in CHROM.items() if on == chrom}
        marked = {gene.gene for gene in report.genes if gene.sites.assumed_reference}
        assert marked == (own if name in SPEAKING else set()), name
        assert bool(assumed(report)) == (name in SPEAKING), name


def test_all_rows_that_show_no_reading_together_do_not_count(service: Service) -> None:
    rows = [row for pos in range(1000, 200_000, 1000) for row in rows_of(list(SILENT.values()), "22", str(pos))]
    (report,) = annotate(io.BytesIO(vcf(service, rows)), options=ASSUME, service=service)
    assert not called(report)
    (report,) = annotate(io.BytesIO(vcf(service, [*rows, "22 42126938 C T"])), options=ASSUME, service=service)
    assert called(report) == {"CYP2D6"}, "a row over the panel counts wherever it stands"


@pytest.mark.parametrize("form", ["text", "bcf"])
@pytest.mark.parametrize("pos", ["1000", "94780653"])
def test_what_another_sample_has_does_not_count(service: Service, pos: str, form: str, tmp_path: Path) -> None:
    rows = [f"10 {pos} A G PASS . GT:GQ:DP 0/1:50:30 ./.:0:0 0/0:0:0", "22 1000 A G PASS . GT:GQ:DP ./.:0:0 0/0:50:30 0/1:40:1"]
    data = vcf(service, rows, samples=3)
    for options, names in ((ASSUME, "S0 S1 S2"), (ASSUME.model_copy(update={"sample": ("S2", "S0")}), "S0 S2")):
        source = io.BytesIO(as_bcf(data, tmp_path) if form == "bcf" else data)
        found = {report.input.sample: assumed(report) for report in annotate(source, options=options, service=service)}
        assert list(found) == names.split()
        assert found["S0"]
        assert found.get("S2") == set()


@pytest.mark.parametrize("assembly", list(Assembly))
def test_both_assemblies(service: Service, assembly: Assembly) -> None:
    (report,) = annotate(io.BytesIO(vcf(service, ("10 1000 A G",), assembly=assembly)), options=ASSUME, service=service)
    assert called(report) == {"CYP2C19", "CYP2C9"}


@pytest.mark.parametrize("targets", [None, b"chr22\t42000000\t43000000\n"], ids=["alone", "with targets"])
def test_an_empty_file_calls_nothing_and_states_so_first(service: Service, targets: bytes | None) -> None:
    (report,) = annotate(io.BytesIO(vcf(service)), options=ASSUME, targets=targets, service=service)
    assert not called(report)
    assert not assumed(report)
    assert report.input.warnings[0].code == "nothing_over_panel"
    assert not [drug.headline for drug in report.drugs if drug.headline.startswith("No change")]


@pytest.mark.parametrize("outside", [None, b"gene\tdiplotype\tphenotype\nCYP2D6\t*10/*41\t\n"], ids=["alone", "beside outside calls"])
def test_the_warning_of_an_empty_file_holds_beside_outside_calls_and_assumed_sites(service: Service, outside: bytes | None) -> None:
    (report,) = annotate(io.BytesIO(vcf(service, ("10 1000 A G",))), options=ASSUME, outside_calls=outside, service=service)
    assert called(report) == {"CYP2C19", "CYP2C9"} | ({"CYP2D6"} if outside else set())
    stated = "what this report states of genes is what outside calls state, or was assumed because the request asks for it."
    assert stated in report.summary.attention[0].text
    assert "nothing in this report" not in report.summary.attention[0].text


def test_a_file_with_a_record_over_the_panel_is_not_warned_of(service: Service) -> None:
    (report,) = annotate(io.BytesIO(vcf(service, ("10 94781859 G A",))), service=service)
    assert "nothing_over_panel" not in [warning.code for warning in report.input.warnings]
    (report,) = annotate(io.BytesIO(vcf(service, ("10 1000 A G",))), service=service)
    assert report.input.warnings[0].code == "nothing_over_panel"


def test_targets_state_where_the_assay_looked(service: Service) -> None:
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
    with open_client() as client:
        answer = client.post("/v1/reports?absent=reference", content=vcf(service, ("10 1000 A G",)))
        genes = {gene["gene"]: gene for gene in answer.json()["genes"]}
        assert genes["CYP2D6"]["status"] == "no_call"
        assert (genes["CYP2C19"]["assumed"], genes["CYP2C19"]["source"]) == (True, "vcf")
        assert genes["CYP2C19"]["if_assumption_wrong"]["phenotype_range"]
