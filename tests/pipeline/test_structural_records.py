"""No phenotype stands beside a structural record that it does not contain: kinds x genes x assemblies x text and BCF."""

import io
from collections.abc import Sequence

import pytest

from tests.pipeline.conftest import Write
from tests.pipeline.test_shown_alleles import HEADER
from trdpgx import Service, annotate
from trdpgx.model.genome import Assembly
from trdpgx.model.options import AssemblyOption, Options
from trdpgx.model.report import Report

GENES = ("CYP2D6", "CYP2C19", "CYP2B6", "CYP2C9", "CYP3A4", "CYP3A5", "UGT1A1")
FIELDS = (
    *(f'##FILTER=<ID={name},Description="f">' for name in ("LowQual",)),
    '##INFO=<ID=CN,Number=.,Type=Float,Description="i">',
    *(f'##FORMAT=<ID={name},Number=1,Type=Float,Description="f">' for name in ("CN", "RD_CN")),
)

# Where it lies (whole, or from and to as shares of the gene), ALT, FILTER, INFO (. for END alone), FORMAT, sample.
NO_CALL = {
    "no copy beside rows": ["whole <DEL> PASS . GT 1/1"],
    "no copy by number": ["whole <CNV> PASS . CN 0"],
    "a haploid deletion": ["whole <DEL> PASS . GT 1"],
    "half a deletion": ["whole <DEL> PASS . GT ./1"],
    "between none and one": ["whole <CNV> PASS . CN 0.5"],
    "a carried allele without a number": ["whole <CNV> PASS . GT:CN 0/1:."],
    "a number that is not read": ["whole <CNV> PASS . CN 40"],
    "a deletion with two copies": ["whole <DEL> PASS . GT:CN 0/1:2"],
    "a duplication with two copies": ["whole <DUP> PASS . GT:CN 0/1:2"],
    "records that contradict each other": ["whole <CNV> PASS . CN 3", "whole <CNV> PASS . CN 1"],
    "an inversion of the gene": ["whole <INV> PASS . GT 0/1"],
    "an inversion inside": ["0.2,0.6 <INV> PASS . GT 0/1"],
    "a breakend inside": ["0.3,0.3 N]1:1000000] PASS . GT 0/1"],
    "some exons deleted": ["0.2,0.6 <DEL> PASS . GT 0/1"],
    "some exons copied": ["0.2,0.6 <DUP:TANDEM> PASS . GT 0/1"],
    "some exons by number": ["0.2,0.6 <CNV> PASS . CN 3"],
    "the end of the gene": ["-0.5,0.03 <DEL> PASS . GT 0/1"],
    "two copies, and some exons deleted": ["whole <CNV> PASS . CN 2", "0.2,0.6 <DEL> PASS . GT 0/1"],
}
OPEN = {
    "between two and three": ["whole <CNV> PASS . CN 2.5"],
    "between one and two": ["whole <CNV> PASS . CN 1.5"],
    "a missing number": ["whole <CNV> PASS . CN ."],
    "a missing genotype": ["whole <DEL> PASS . GT ./."],
    "one copy of the segment or the allele": ["whole <CNV> PASS CN=1 GT 0/1"],
    "a low GQ": ["whole <DEL> PASS . GT:GQ 0/1:2"],
    "a low DP": ["whole <DEL> PASS . GT:DP 0/1:1"],
    "a filter": ["whole <DEL> LowQual . GT 0/1"],
    "a filter of the sample": ["whole <DEL> PASS . GT:FT 0/1:LowQual"],
    "imputed badly": ["whole <DEL> PASS IMPUTED;R2=0.1 GT:DS 0/1:1"],
    "imputed with doubt": ["whole <DEL> PASS . GT:GP 0/1:0.3,0.5,0.2"],
    "a duplication of low quality": ["whole <DUP> PASS . GT:GQ 0/1:2"],
    "a number that is filtered": ["whole <CNV> LowQual . CN 1"],
    "some exons, low quality": ["0.2,0.6 <DEL> PASS . GT:GQ 0/1:2"],
}
EITHER = {
    "an insertion": ["0.2,0.2 <INS> PASS SVLEN=300 GT 0/1"],
    "a mobile element": ["0.2,0.2 <INS:ME:LINE1> PASS SVLEN=6000 GT 1/1"],
}
STATED = {
    "nothing": [],
    "two copies": ["whole <CNV> PASS . CN 2"],
    "a deletion that is not carried": ["whole <DEL> PASS . GT 0/0"],
    "low quality, and two copies": ["whole <DEL> PASS . GT:GQ 0/1:2", "whole <CNV> PASS . CN 2"],
    "a deletion beside the gene": ["-9,-8 <DEL> PASS . GT 0/1"],
}
NAMED = {
    "one deletion": (["whole <DEL> PASS . GT 0/1"], {"CYP2D6": "*5", "CYP2C19": "*36"}),
    "one copy": (["whole <CNV> PASS . CN 1"], {"CYP2D6": "*5", "CYP2C19": "*36"}),
    "three copies": (["whole <CNV> PASS . CN 3"], {"CYP2D6": "x"}),
    "a haploid duplication": (["whole <DUP> PASS . GT 1"], {"CYP2D6": "x"}),
}


def file(service: Service, assembly: Assembly, genes: Sequence[str], rows: Sequence[str], *, over: str | None = None) -> str:
    """Return a VCF in which every site of some genes has reads of the reference of GRCh38, with structural ``rows`` over one of them."""
    reference = service.knowledge.reference
    sites = [reference.sites[assembly][site] for gene in genes for site in reference.genes[gene].sites]
    body = []
    for one in sites:  # the reference of GRCh38, so that a gene is normal on both assemblies
        allele = one.alts.index(one.other_ref) + 1 if one.other_ref else 0
        row = (one.chrom, str(one.pos), ".", one.ref, ",".join(one.alts), "50", "PASS", ".", "GT:DP:GQ", f"{allele}/{allele}:30:60")
        body.append((one.pos, "\t".join(row)))
    region = next(one for one in reference.panels[assembly].regions if one.gene == (over or genes[0]))
    for row in rows:
        where, alt, filters, info, keys, values = row.split(" ")
        start, end = region.start - 3_000, region.end + 3_000
        if where != "whole":
            first, last = (float(share) * (region.end - region.start) for share in where.split(","))
            start, end = region.start + int(first), region.start + int(last)
        end = start if alt.startswith("<INS") else end
        parts = [*([] if alt.startswith("N") else [f"END={end}"]), *([] if info == "." else [info])]
        body.append((start, "\t".join((region.chrom, str(start), ".", "N", alt, "500", filters, ";".join(parts) or ".", keys, values))))
    lengths = reference.panels[assembly].contig_lengths
    contigs = [f"##contig=<ID={chrom},length={lengths[chrom]}>" for chrom in sorted({one.chrom for one in sites})]
    columns = "#CHROM POS ID REF ALT QUAL FILTER INFO FORMAT S".replace(" ", "\t")
    return "\n".join((*HEADER, *FIELDS, *contigs, columns, *(line for _, line in sorted(body)), ""))


def read(service: Service, data: bytes, assembly: Assembly) -> Report:
    (report,) = annotate(io.BytesIO(data), service=service, options=Options(assembly=AssemblyOption(assembly.value)))
    return report


def holding_for_all(report: Report, gene: str) -> list[str]:
    """Return the rules on a gene that hold for all, but for those that only ask whether it was seen."""
    about = [one for one in report.considerations if gene in one.genes and one.basis.holds_for == "all"]
    return [one.rule_id for one in about if one.basis.facts != (f"any result for {gene}",)]


@pytest.mark.parametrize("assembly", Assembly)
@pytest.mark.parametrize("gene", GENES)
def test_no_phenotype_stands_beside_a_change_that_it_does_not_contain(
    gene: str, assembly: Assembly, service: Service, written: Write
) -> None:
    for name, rows in (NO_CALL | OPEN | EITHER).items():
        report = read(service, written(file(service, assembly, [gene], rows)), assembly)
        found = next(one for one in report.genes if one.gene == gene)
        assert (found.phenotype, found.phenotypes, holding_for_all(report, gene)) == (None, {}, []), name
        kind = rows[-1].split(" ")[1].replace("N]1:1000000]", "<BND>")
        if name in NO_CALL:
            assert (found.status, found.phenotype_open) == ("no_call", False), name
            assert found.research_diplotypes, name
            assert kind in (found.no_call_reason or "") or "CN=" in (found.no_call_reason or ""), name
        elif name in OPEN or found.status == "called":
            assert (found.status, found.phenotype_open) == ("called", True), name
            assert found.hidden, name
            refused = any(word in " ".join(rows) for word in ("LowQual", "GQ", "DP", "R2", "GP"))
            assert found.hidden[0].refused is refused, name
            quality = refused and "LowQual" not in " ".join(rows)
            assert ("low_quality" in found.copy_number.evidence) is quality, name


@pytest.mark.parametrize("assembly", Assembly)
@pytest.mark.parametrize("gene", GENES)
def test_what_records_settle_is_called(gene: str, assembly: Assembly, service: Service, written: Write) -> None:
    for name, rows in STATED.items():
        report = read(service, written(file(service, assembly, [gene], rows)), assembly)
        found = next(one for one in report.genes if one.gene == gene)
        assert (found.status, found.phenotype_open) == ("called", False), name
        assert found.phenotype is not None, name
    for name, (rows, alleles) in NAMED.items():
        report = read(service, written(file(service, assembly, [gene], rows)), assembly)
        found = next(one for one in report.genes if one.gene == gene)
        assert (found.phenotype is not None) is (gene in alleles), name
        assert (found.status == "no_call") is (gene not in alleles), name
        assert all(alleles[gene] in diplotype.name for diplotype in found.diplotypes), name


@pytest.mark.parametrize("assembly", Assembly)
def test_a_record_over_several_genes_is_read_for_each(assembly: Assembly, service: Service) -> None:
    region = {one.gene: one for one in service.knowledge.reference.panels[assembly].regions}
    text = file(service, assembly, ["CYP2C19", "CYP2C9"], [])
    start, end = region["CYP2C19"].start - 9_000, region["CYP2C9"].end + 9_000
    text += f"10\t{start}\t.\tN\t<DEL>\t500\tPASS\tEND={end}\tGT\t0/1\n"
    genes = {one.gene: one for one in read(service, text.encode(), assembly).genes}
    assert "*36" in genes["CYP2C19"].diplotypes[0].name
    assert genes["CYP2C9"].status == "no_call"
    assert "<DEL>" in (genes["CYP2C9"].no_call_reason or "")


@pytest.mark.parametrize(("gene", "genotype"), [("ABCB1", "0/1"), ("COMT", "1/1"), ("SLC6A4", "0/1")])
def test_a_variant_under_a_deletion_has_no_genotype(gene: str, genotype: str, service: Service) -> None:
    sites = [one for one in service.knowledge.reference.sites[Assembly.GRCH38].values() if one.gene == gene]
    text = file(service, Assembly.GRCH38, ["CYP2D6"], [])
    lines = [f"{one.chrom}\t{one.pos}\t.\t{one.ref}\t{one.alts[0]}\t50\tPASS\t.\tGT:DP:GQ\t0/0:30:60\n" for one in sites]
    start, end = min(one.pos for one in sites) - 900, max(one.pos for one in sites) + 900
    text += f"{sites[0].chrom}\t{start}\t.\tN\t<DEL>\t500\tPASS\tEND={end}\tGT\t{genotype}\n" + "".join(sorted(lines))
    found = [one for one in read(service, text.encode(), Assembly.GRCH38).variants if one.gene == gene and one.ref]
    assert {(one.genotype, one.effect_allele_count, one.reason) for one in found} == {(None, None, "symbolic")}


def test_a_statement_on_a_gene_with_open_copies_presumes_no_number(service: Service) -> None:
    """Other numbers are among its readings, and records were looked at: neither "two ordinary copies" nor "not assessed" holds."""
    for assembly in Assembly:
        for name, rows in OPEN.items():
            report = read(service, file(service, assembly, ["CYP2D6"], rows).encode(), assembly)
            (gene,) = (one for one in report.genes if one.gene == "CYP2D6")
            about = [one.basis.text for one in report.considerations if "CYP2D6" in one.basis.open_genes]
            assert about
            assert not [text for text in about if "presumes" in text or "not assessed" in text], name
            assert all(("copies of CYP2D6 there are is open" in text) is (gene.copy_number.status == "suspected") for text in about), name
            assert not [
                limit.text for drug in report.drugs for limit in drug.headline_limits if "ordinary copies of CYP2D6" in limit.text
            ], name
