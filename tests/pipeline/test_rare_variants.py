"""Rare variants through the whole pipeline: what a file carries in coding intervals, whether it counts, and what it does not mean."""

import io

import pytest

from trdpgx import Report, Service, annotate
from trdpgx.calling.consequence import consequence
from trdpgx.model.genome import Assembly

HEADER = """##fileformat=VCFv4.2
##contig=<ID=chr6,length=170805979>
##contig=<ID=chr10,length=133797422>
##contig=<ID=chr22,length=50818468>
##INFO=<ID=AF,Number=A,Type=Float,Description="Allele frequency in this cohort">
##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="gnomAD">
##INFO=<ID=CSQ,Number=.,Type=String,Description="From VEP. Format: Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
"""


def report(service: Service, *rows: str) -> Report:
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tperson\n"
    anchor = "chr10\t94781859\t.\tG\tA\t.\tPASS\t.\tGT\t0/0\nchr10\t94775367\t.\tA\tG\t.\tPASS\t.\tGT\t0/0\n"
    body = "".join("\t".join(row.split()) + "\n" for row in rows)
    (only,) = annotate(io.BytesIO((HEADER + columns + anchor + body).encode()), service=service)
    return only


def stop_in_stk19(service: Service) -> tuple[int, str, str]:
    """Return a single-base change of STK19 on GRCh38 that gains a stop, found in the reference itself."""

    transcript = service.knowledge.reference.transcripts[Assembly.GRCH38]["STK19"]
    known = transcript.known[0]
    start, end = transcript.coding_exons[1]
    for pos in range(start, end):
        ref = known.bases[pos - known.start]
        for alt in set("ACGT") - {ref}:
            found = consequence(transcript, pos, ref, alt)
            if found is not None and found.name == "stop_gained":
                return pos, ref, alt
    raise AssertionError("no stop can be gained in this exon")


@pytest.mark.parametrize(
    ("info", "counts", "state"),
    [
        ("gnomAD_AF=0.0004", True, "known"),
        ("gnomAD_AF=0.2", False, "known"),
        ("AF=0.0004", None, "unknown"),
        (".", None, "unknown"),
    ],
)
def test_a_stop_counts_by_its_population_frequency_only(service: Service, info: str, counts: bool | None, state: str) -> None:
    pos, ref, alt = stop_in_stk19(service)
    found = report(service, f"chr6 {pos} . {ref} {alt} 50 PASS {info} GT 0/1")
    (rare,) = found.rare_variants
    assert (rare.gene, rare.consequence, rare.impact, rare.zygosity) == ("STK19", "stop_gained", "HIGH", "heterozygous")
    assert (rare.qualifies, rare.frequency_state) == (counts, state)
    considered = [c for c in found.considerations if c.domain == "rare_variant"]
    assert bool(considered) is (counts is True)
    for consideration in considered:
        assert consideration.genes == ("STK19",)
        assert consideration.evidence.strength == "preliminary"
        assert consideration.action.code == "no_advice"
        assert "does not establish resistance" in consideration.text
        assert rare.hgvs_c is not None
        assert rare.hgvs_c in consideration.trigger


def test_what_another_tool_wrote_stands_beside_our_own(service: Service) -> None:
    pos, ref, alt = stop_in_stk19(service)
    feature = service.knowledge.reference.transcripts
    ensembl = next(iter(feature.values()))["STK19"].ensembl
    csq = f"CSQ={alt}|missense_variant|MODERATE|STK19|ENSG00000204344|Transcript|{ensembl}"
    (rare,) = report(service, f"chr6 {pos} . {ref} {alt} 50 PASS {csq} GT 0/1").rare_variants
    (stated,) = rare.annotations
    assert stated.tool == "VEP"
    assert "missense_variant" in stated.consequence
    assert stated.agreement != "agrees"


def test_a_gene_that_only_lists_variants_is_not_called_covered(service: Service) -> None:
    found = report(service)
    assert {gene.gene for gene in found.rare_variant_genes} >= {"ZNF248", "PRKRA", "PYHIN1", "SLC7A8", "STK19", "ZDHHC3"}
    assert {gene.covered for gene in found.rare_variant_genes} == {None}
    assert "rare_variants_cover_unknown" in {note.code for note in found.limitations}


def test_a_gvcf_states_how_much_of_a_gene_it_shows(service: Service) -> None:

    start, end = service.knowledge.reference.transcripts[Assembly.GRCH38]["STK19"].span
    block = f"chr6 {start - 50} . A <NON_REF> . . END={end + 50} GT:DP:GQ:MIN_DP 0/0:30:90:25"
    genes = {gene.gene: gene for gene in report(service, block).rare_variant_genes}
    assert genes["STK19"].covered == genes["STK19"].total
    assert genes["PRKRA"].covered == 0


def test_a_variant_that_no_allele_is_defined_by_is_named_and_changes_no_phenotype(service: Service) -> None:

    transcript = service.knowledge.reference.transcripts[Assembly.GRCH38]["CYP2D6"]
    known, (start, end) = transcript.known[0], transcript.coding_exons[2]
    defined = {site.pos for site in service.knowledge.reference.sites[Assembly.GRCH38].values() if site.gene == "CYP2D6"}
    pos, ref, alt = next(
        (pos, known.bases[pos - known.start], alt)
        for pos in range(start, end)
        for alt in "ACGT"
        if pos not in defined
        and alt != known.bases[pos - known.start]
        and (found := consequence(transcript, pos, known.bases[pos - known.start], alt)) is not None
        and found.name == "stop_gained"
    )
    site = "chr22 42128945 . C T . PASS . GT 0/0"
    plain = {gene.gene: gene for gene in report(service, site).genes}["CYP2D6"]
    gene = {gene.gene: gene for gene in report(service, site, f"chr22 {pos} . {ref} {alt} . PASS . GT 0/1").genes}["CYP2D6"]
    (undefined,) = gene.undefined_variants
    assert undefined.consequence == "stop_gained"
    assert "undefined_variants" in {caveat.code for caveat in gene.caveats}
    assert gene.phenotype == plain.phenotype
    assert [d.name for d in gene.diplotypes] == [d.name for d in plain.diplotypes]


def test_it_names_the_known_variant_that_it_may_share_a_codon_with(service: Service) -> None:
    """The known one, which has no row of its own among the undefined, is reported by its own position."""
    rows = ("chr10 94942254 . A T . PASS . GT 0/1", "chr10 94942255 . G A . PASS . GT 0/1")
    gene = {gene.gene: gene for gene in report(service, *rows).genes}["CYP2C9"]
    assert [(found.location, found.unphased_with) for found in gene.undefined_variants] == [("chr10:94942254", ("chr10:94942255",))]


def test_targets_state_what_a_file_of_variants_alone_had_looked_at(service: Service) -> None:
    exons = service.knowledge.reference.transcripts[Assembly.GRCH38]["STK19"].coding_exons
    bed = "track name=made\n" + "".join(f"chr6\t{start - 10}\t{end + 9}\n" for start, end in exons)
    text = HEADER + "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tperson\nchr10\t94781859\t.\tG\tA\t.\tPASS\t.\tGT\t0/0\n"
    (found,) = annotate(io.BytesIO(text.encode()), targets=bed.encode(), service=service)
    genes = {gene.gene: gene for gene in found.rare_variant_genes}
    assert (genes["STK19"].covered, genes["STK19"].covered_by) == (genes["STK19"].total, "targets")
    assert genes["PRKRA"].covered == 0
