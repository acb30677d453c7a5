"""Which assembly an input is on, from each kind of evidence."""

import pytest

from trdpgx.model.genome import Assembly, SiteState

from .conftest import Read
from .panel import vcf

PLAIN = ("##fileformat=VCFv4.2",)


@pytest.mark.parametrize(
    ("header", "rows", "assembly", "kinds"),
    [
        (("##contig=<ID=10,length=133797422>",), (), "GRCh38", {"contig_length"}),
        (("##contig=<ID=chr10,length=135534747>",), (), "GRCh37", {"contig_length"}),
        (("##contig=<assembly=b37,length=135534747,ID=10>",), (), "GRCh37", {"contig_length", "header_line"}),
        (("##contig=<ID=NC_000010.11>",), (), "GRCh38", {"contig_name"}),
        (("##contig=<ID=NC_000010.10>",), (), "GRCh37", {"contig_name"}),
        (("##reference=file:///ref/GRCh38_full_analysis_set.fa",), (), "GRCh38", {"header_line"}),
        (("##reference=hs37d5.fa",), (), "GRCh37", {"header_line"}),
        (("##reference=/data/ucsc.hg19.fasta",), (), "GRCh37", {"header_line"}),
        (("##contig=<ID=10,assembly=hg38>",), (), "GRCh38", {"header_line"}),
        ((), ("10 110 G A PASS . GT 0/1",), "GRCh38", {"reference_bases"}),
        ((), ("10 1110 A G PASS . GT 0/1",), "GRCh37", {"reference_bases"}),
        ((), ("10 1098 AACGA A PASS . GT 0/1",), "GRCh37", {"reference_bases"}),
    ],
)
def test_evidence(header: tuple[str, ...], rows: tuple[str, ...], assembly: str, kinds: set[str], read: Read) -> None:
    result = read(vcf(*rows, header=PLAIN + header))
    assert result.facts.assembly.value == assembly
    assert {piece.kind for piece in result.facts.assembly_evidence} == kinds
    assert {piece.assembly for piece in result.facts.assembly_evidence} == {Assembly(assembly)}
    assert read(vcf(*rows, header=PLAIN + header), assembly=assembly).facts.assembly.value == assembly


def test_the_same_person_on_both_assemblies(read: Read) -> None:
    old = read(vcf("10 1100 C T PASS . GT 0/1", "10 1110 A G PASS . GT 0/1", "10 1400 C CAT PASS . GT 0/1", header=PLAIN))
    calls = old.samples[0].calls
    assert old.facts.assembly is Assembly.GRCH37
    assert [calls[site].alleles for site in ("SNV", "TRI", "TA")] == [("C", "T"), ("A", "G"), ("CAT", "CATAT")]


def test_a_request_decides_where_nothing_else_does(read: Read) -> None:
    result = read(vcf(header=PLAIN), assembly="GRCh37")
    assert result.facts.assembly is Assembly.GRCH37
    assert [piece.kind for piece in result.facts.assembly_evidence] == ["option"]


def test_a_stale_header_line_gives_a_warning(read: Read) -> None:
    result = read(vcf("10 110 G A PASS . GT 0/1", header=(*PLAIN, "##reference=hg19.fa", "##contig=<ID=10,length=133797422>")))
    assert result.facts.assembly is Assembly.GRCH38
    assert [warning.code for warning in result.facts.warnings] == ["assembly_header_disagrees"]


def test_accessions_as_chromosome_names(read: Read) -> None:
    result = read(vcf("NC_000010.11 110 G A PASS . GT 0/1", header=(*PLAIN, "##contig=<ID=NC_000010.11>")))
    assert result.samples[0].calls["TRI"].state is SiteState.CALLED
