"""An insertion or deletion site whose only record has another allele: without a genotype it is unseen, never filled in."""

import io

import pytest

from tests.pipeline.genefile import Writer
from trdpgx import AbsentOption, Options, Service, annotate
from trdpgx.model.genome import Assembly

HEAD = b"##fileformat=VCFv4.2\n##contig=<ID=chr22,length=50818468>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tperson\n"


@pytest.mark.parametrize(("filters", "genotype", "reason"), [(b"PASS", b"./.", "missing"), (b"low", b"0/1", "filtered")])
def test_it_is_unseen_and_never_taken_as_reference(filters: bytes, genotype: bytes, reason: str) -> None:
    other = b"chr22\t42128795\t.\tAG\tAGTTTTT\t.\t%b\t.\tGT\t%b\n" % (filters, genotype)
    rows = other + b"chr22\t42128945\t.\tC\tT\t.\tPASS\t.\tGT\t0/1\n"
    (report,) = annotate(io.BytesIO(HEAD + rows), options=Options(absent=AbsentOption.REFERENCE))
    gene = next(gene for gene in report.genes if gene.gene == "CYP2D6")
    assert [(unseen.site, unseen.reason) for unseen in gene.unseen_sites] == [("CYP2D6:42128795", reason)]


@pytest.mark.parametrize(
    ("site", "ref", "inserted", "called", "shown"),
    [
        ("rs4244285", "G", "GAA", "*38/*38", ["frameshift_variant"]),
        ("rs4244285", "G", "GCCC", "*38/*38", []),
        ("rs4244285", "G", "GAA,A", "", ["frameshift_variant"]),
        ("rs28399504", "A", "ACCC", "*38/*38", ["start_lost"]),
    ],
)
def test_an_insertion_beside_the_base_of_a_site_leaves_that_base_and_is_shown(
    site: str, ref: str, inserted: str, called: str, shown: list[str]
) -> None:
    """It changes none of the bases that a definition asks for: as an insertion anywhere else, it is an undefined variant of the gene."""
    with Service() as service:
        genotype = "1/2" if "," in inserted else "0/1"
        vcf = Writer(service, Assembly.GRCH38, "CYP2C19").vcf({"rows": [f"{site} {ref} {inserted} PASS . GT {genotype}"]})
        (report,) = annotate(io.BytesIO(vcf), service=service)
    gene = next(gene for gene in report.genes if gene.gene == "CYP2C19")
    assert "".join(diplotype.name for diplotype in gene.diplotypes) == called
    assert [variant.consequence for variant in gene.undefined_variants] == shown
    assert ("undefined_variants" in {caveat.code for caveat in gene.caveats}) is bool(shown)
