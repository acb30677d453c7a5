"""An insertion or deletion site whose only record has another allele: without a genotype it is unseen, never filled in."""

import io

import pytest

from trdpgx import AbsentOption, Options, annotate

HEAD = b"##fileformat=VCFv4.2\n##contig=<ID=chr22,length=50818468>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tperson\n"


@pytest.mark.parametrize(("filters", "genotype", "reason"), [(b"PASS", b"./.", "missing"), (b"low", b"0/1", "filtered")])
def test_it_is_unseen_and_never_taken_as_reference(filters: bytes, genotype: bytes, reason: str) -> None:
    other = b"chr22\t42128795\t.\tAG\tAGTTTTT\t.\t%b\t.\tGT\t%b\n" % (filters, genotype)
    rows = other + b"chr22\t42128945\t.\tC\tT\t.\tPASS\t.\tGT\t0/1\n"
    (report,) = annotate(io.BytesIO(HEAD + rows), options=Options(absent=AbsentOption.REFERENCE))
    gene = next(gene for gene in report.genes if gene.gene == "CYP2D6")
    assert [(unseen.site, unseen.reason) for unseen in gene.unseen_sites] == [("CYP2D6:42128795", reason)]
