"""Names of contigs: which are read, on text and BCF and by both engines, and what is stated about the others."""

import pytest

from tests.bcftools import bcftools, needs_bcftools
from trdpgx.intake.scan.panel_index import panel_intervals
from trdpgx.intake.vcf.contigs import AUTOSOMES_AND_SEX, chromosome, named_assembly, names_of, unread_contigs
from trdpgx.model.genome import Assembly, SiteState

from .conftest import Read
from .engines import ENGINES
from .panel import HEADER, PANELS, vcf

PLAIN = ("##fileformat=VCFv4.2",)
TARGETS = panel_intervals(PANELS)
READ = {
    "10": None,
    "chr10": None,
    "CHR10": None,
    "Chromosome10": None,
    "chrom_10": None,
    "CM000672.1": Assembly.GRCH37,
    "CM000672.2": Assembly.GRCH38,
    "NC_000010.10": Assembly.GRCH37,
    "NC_000010.11": Assembly.GRCH38,
    "gb|CM000672.2|": Assembly.GRCH38,
    "GRCh38#0#chr10": Assembly.GRCH38,
    "GRCh38#chr10": Assembly.GRCH38,
    "GRCh38#0#NC_000010.11": Assembly.GRCH38,
    "grch37#0#10": Assembly.GRCH37,
    "hg19.chr10": Assembly.GRCH37,
    "hg38_chr10": Assembly.GRCH38,
}
NOT_READ = ("CHM13#0#chr10", "HG002#1#chr10", "CM000672.3", "NC_000010.9", "chr10_alt", "chr10_KI270825v1_alt", "chr110", "chr", "", "010")


@pytest.mark.parametrize("name", READ)
def test_a_name_that_is_read(name: str, read: Read) -> None:
    assert (chromosome(name.encode()), named_assembly(name.encode())) == ("10", READ[name])
    assembly = READ[name] or Assembly.GRCH38
    pos, alt = ("110", "A") if assembly is Assembly.GRCH38 else ("1110", "G")
    row = f"{name} {pos} {'G' if assembly is Assembly.GRCH38 else 'A'} {alt} PASS . GT 0/1"
    result = read(vcf(row, header=PLAIN))
    assert result.facts.assembly is assembly
    assert result.samples[0].calls["TRI"].state is SiteState.CALLED
    assert result.facts.warnings == ()


@pytest.mark.parametrize("name", NOT_READ)
def test_a_name_that_is_not_read(name: str) -> None:
    assert chromosome(name.encode()) is None


def test_every_name_leads_both_engines_to_its_chromosome() -> None:
    for chrom in TARGETS:
        lines = b"".join(name + b"\t100\t.\tA\tT\t.\t.\t.\tGT\t0/1\n" for name in names_of(chrom))
        for make in ENGINES.values():
            look = make(TARGETS, 10).look(lines, 0, len(lines))
            assert look is not None
            assert [hit.chrom for hit in look.hits] == ([chrom] * len(names_of(chrom)) if chrom == "10" else [])


def test_no_name_stands_for_two_chromosomes() -> None:
    names = [name for chrom in AUTOSOMES_AND_SEX for name in names_of(chrom)]
    assert len(set(names)) == len(names)


@needs_bcftools
@pytest.mark.parametrize("name", ["CM000672.2", "GRCh38#0#chr10"])
def test_bcf_too(name: str, read: Read) -> None:
    header = (*HEADER[:-4], f"##contig=<ID={name}>", "##contig=<ID=strange>")
    text = vcf(f"{name} 110 G A PASS . GT 0/1", "strange 110 G A PASS . GT 0/1", header=header)
    bcf = bcftools(text, "view", "-Ob")
    for data in (text, bcf):
        result = read(data)
        assert result.samples[0].calls["TRI"].state is SiteState.CALLED
        assert [warning.code for warning in result.facts.warnings] == ["unknown_contigs"]


@pytest.mark.parametrize(
    ("names", "count"),
    [
        ((), 0),
        ((b"10", b"chrUn_KI270302v1", b"chrM", b"MT", b"GL000207.1", b"hs37d5", b"HLA-A*01:01:01:01", b"chr22_KI270879v1_alt"), 0),
        ((b"chr1_KI270706v1_random", b"chrEBV", b"NC_012920.1", b"NC_007605", b"KN707606.1", b"chrUn_JTFH01000001v1_decoy", b"phix"), 0),
        ((b"10", b"ten", b"CHM13#0#chr22"), 2),
    ],
)
def test_strange_names_are_reported_and_usual_companions_are_not(names: tuple[bytes, ...], count: int) -> None:
    warnings = unread_contigs(names)
    assert [warning.code for warning in warnings] == ["unknown_contigs"] * bool(count)
    assert not count or f" {count} CONTIGS" in warnings[0].text


def test_a_file_that_has_nothing_of_the_panel_states_so_first(read: Read) -> None:
    for rows in ((), ("3 5 C T PASS . GT 0/1",)):
        warnings = read(vcf(*rows, "chrten 5 C T PASS . GT 0/1") if rows else vcf(), assembly="GRCh38").facts.warnings
        assert warnings[0].code == "nothing_over_panel"
    for row in ("10 100 C T PASS . GT 0/1", "22 4500 N <DEL> PASS SVTYPE=DEL;END=5500 GT 0/1", "10 90 A <NON_REF> PASS END=120 GT 0/0"):
        assert read(vcf(row), assembly="GRCh38").facts.warnings == ()
