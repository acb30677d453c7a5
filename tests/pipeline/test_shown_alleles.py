"""No row that shows a variant is lost, and no genotype without reads is one: kinds of rows x genes x assemblies x text and BCF."""

from collections.abc import Iterator, Sequence

import pytest
from msgspec.structs import replace

from tests.pipeline.conftest import Write
from trdpgx.calling import call_genes
from trdpgx.calling.looked_at import looked_at
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import Assembly, NoCallReason, PanelSite, SampleSites, SiteState
from trdpgx.model.options import AbsentOption, AssemblyOption, Options
from validation.pipeline import Pipeline

SITES = {"CYP2C19": "rs4244285", "CYP2D6": "rs3892097", "CYP2B6": "rs3745274"}
FORMATS = {
    "GT": "String", "FT": "String", "DP": "Integer", "MIN_DP": "Integer", "AD": "Integer", "GQ": "Integer", "RGQ": "Integer",
    "GQX": "Integer", "PL": "Integer", "GL": "Float", "GP": "Float", "DS": "Float", "HDS": "Float",
    **dict.fromkeys(("RO", "AO", "RD", "NR", "NV", "ADF", "ADR", "DP4", "COV", "NDP"), "Integer"), "VAF": "Float", "AF": "Float",
    "FREQ": "String",
}  # fmt: skip
HEADER = (
    "##fileformat=VCFv4.3",
    *(f'##FILTER=<ID={name},Description="f">' for name in ("q10", "MONOALLELIC", "RefCall")),
    '##INFO=<ID=END,Number=1,Type=Integer,Description="i">',
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="i">',
    '##INFO=<ID=SVLEN,Number=.,Type=Integer,Description="i">',
    *(f'##INFO=<ID={name},Number=A,Type=Float,Description="i">' for name in ("R2", "DR2", "INFO")),
    '##INFO=<ID=IMPUTED,Number=0,Type=Flag,Description="i">',
    *(f'##FORMAT=<ID={name},Number={"1" if kind == "String" else "."},Type={kind},Description="f">' for name, kind in FORMATS.items()),
)

# The row or rows that stand for the site's own. R and A are its REF and ALT, X another base, p its position, q the one before.
# QUAL is 50 where a row does not begin with it.
CARRIED = {
    "haploid": ["p R A PASS . GT 1"],
    "haploid, with reads": ["p R A PASS . GT:DP 1:30"],
    "three alleles": ["p R A PASS . GT 0/0/1"],
    "three alleles, phased in part": ["p R A PASS . GT 0/1|0"],
    "four alleles": ["p R A PASS . GT 1/1/1/1"],
    "half call": ["p R A PASS . GT 1/."],
    "haploid beside a reference row": ["p R A PASS . GT 0/0", "p R A PASS . GT 1"],
    "duplicates that disagree": ["p R A PASS . GT 0/1", "p R A PASS . GT 1/1"],
    "duplicates, reference and variant": ["p R A PASS . GT 0/0", "p R A PASS . GT 0/1"],
    "a row that excludes the other": ["p R . PASS . GT 0/0", "p R A PASS . GT 0/1"],
    "opposite a deletion": ["p R A,* PASS . GT:AD 1/2:0,14,15"],
    "opposite a deletion, phased": ["p R A,* PASS . GT 2|1"],
    "opposite a deletion, split": ["p R A PASS . GT 0/1", "p R * PASS . GT 0/1"],
    "opposite a deletion, split with dots": ["p R A PASS . GT 1/.", "p R * PASS . GT ./1"],
    "a deletion over it": ["p R * PASS . GT 0/1"],
    "too many bases beside it": ["q QR QA PASS . GT 1/1", "p R X PASS . GT 0/1"],
    "a change of two bases and another": ["q QR XA PASS . GT 0|1", "p R X PASS . GT 0|1"],
    "a deletion of its base": ["q QR Q PASS . GT 0/1"],
    "a repeat": ["p R <STR12> PASS . GT 0/1"],
    "repeats as VCF 4.4 has them": ["p R <CNV:TR>,<CNV:TR> PASS SVLEN=14,14 GT 1/2"],
    "a repeat before it": ["q Q <CNV:TR> PASS SVLEN=4 GT 0/1"],
    "a deletion without bases": ["p R A,<DEL> PASS . GT 1/2"],
    "a deletion without bases, split": ["p R A PASS . GT 0/0", "p R <DEL> PASS . GT 0/1"],
    "a deletion of a part of the gene": ["q Q <DEL> PASS SVLEN=-60 GT 0/1"],
    "any other allele": ["p R A,<NON_REF> PASS . GT 0/2"],
    "any other allele, alone": ["p R <NON_REF> PASS . GT:DP:GQ 0/1:30:50"],
    "any other allele, as bcftools": ["p R A,<*> PASS . GT 1/2"],
    "a breakend": ["p R R]22:20000000] PASS . GT 0/1"],
    "another REF": ["p X A PASS . GT 0/1"],
    "another REF, both copies": ["p X A PASS . GT 1/1"],
    "REF and ALT turned round": ["p A R PASS . GT 0/0"],
    "an ALT that is REF": ["p R R PASS . GT 0/1"],
    "described by its filter, haploid": ["p R A MONOALLELIC . GT 1"],
    "imputed well, haploid": ["p R A PASS IMPUTED;R2=0.9 GT:DS 1:1"],
}  # fmt: skip
REFUSED = {
    "a filter": (["p R A q10 . GT 0/1"], NoCallReason.FILTERED),
    "a filter of the sample": (["p R A PASS . GT:FT 1/1:q10"], NoCallReason.FILTERED),
    "one that describes and one that refuses": (["p R A MONOALLELIC;q10 . GT 1/1"], NoCallReason.FILTERED),
    "RefCall beside an ALT": (["p R A RefCall . GT:DP 0/1:30"], NoCallReason.FILTERED),
    "a haploid that is filtered": (["p R A q10 . GT 1"], NoCallReason.FILTERED),
    "no reads": (["p R A PASS . GT:AD:DP:GQ:PL 0/1:0,0:0:0:0,0,0"], NoCallReason.NO_READS),
    "no depth": (["p R A PASS . GT:DP 1/1:0"], NoCallReason.NO_READS),
    "low quality": (["p R A PASS . GT:DP:GQ 0/1:30:9"], NoCallReason.LOW_QUALITY),
    "few reads": (["p R A PASS . GT:DP:GQ 0/1:2:40"], NoCallReason.LOW_QUALITY),
    "few reads in AD": (["p R A PASS . GT:AD 0/1:1,1"], NoCallReason.LOW_QUALITY),
    "likelihoods close to each other": (["p R A PASS . GT:PL 0/1:9,0,40"], NoCallReason.LOW_QUALITY),
    "likelihoods as logarithms": (["p R A PASS . GT:GL 0/1:-0.5,0,-4"], NoCallReason.LOW_QUALITY),
    "QUAL alone": (["3 p R A PASS . GT 0/1"], NoCallReason.LOW_QUALITY),
    "imputed badly": (["p R A PASS IMPUTED;R2=0.1 GT:DS:HDS:GP 0|1:0.9:0.4,0.5:0.01,0.98,0.01"], NoCallReason.LOW_QUALITY),
    "imputed badly, no FORMAT": (["p R A PASS DR2=0.2 GT 1|1"], NoCallReason.LOW_QUALITY),
    "imputed with doubt": (["p R A PASS INFO=0.9 GT:GP 0|1:0.3,0.5,0.2"], NoCallReason.LOW_QUALITY),
}
USED = {
    "plain": ["p R A PASS . GT 0/1"],
    "described by its filter": ["p R A MONOALLELIC . GT:DP:GQ 0/1:30:50"],
    "described by the sample's": ["p R A . . GT:FT 0/1:MONOALLELIC"],
    "good enough": ["p R A PASS . GT:AD:DP:GQ:PL 0/1:1,2:3:10:10,0,10"],
    "imputed well": ["p R A PASS IMPUTED;R2=0.3 GT:DS:GP 0/1:1:0.05,0.9,0.05"],
    "imputed, with a depth of 0": ["p R A PASS . GT:DP:DS 0/1:0:1"],
    "Phred-scaled GP": ["p R A PASS . GT:DP:GQ:GP 0/1:30:40:41,0,43"],
    "split with dots": ["p R A PASS . GT 1/.", "p R X PASS . GT ./0"],
    "a deletion nobody has, opposite": ["p R A,* PASS . GT 0/1"],
    "refused once and read once": ["p R A q10 . GT 1/1", "p R A PASS . GT 0/1"],
}
NOTHING_READ = {
    "joint calling": "PASS . GT:AD:DP:GQ:PL 0/0:0,0:0:0:0,0,0",
    "depth": "PASS . GT:DP 0/0:0",
    "depths": "PASS . GT:AD 0/0:0,0",
    "quality": "PASS . GT:GQ 0/0:0",
    "quality of the reference": "PASS . GT:DP:RGQ 0/0:0:0",
    "flat": "PASS . GT:PL 0/0:0,0,0",
    "flat logarithms": "PASS . GT:GL 0/0:-0.48,-0.48,-0.48",
    "INFO": "PASS DP=0 GT 0/0",
    "phased": "PASS . GT:DP 0|0:0",
    "RefCall": "RefCall . GT:DP:GQ 0/0:0:0",
    "missing": "PASS . GT:DP ./.:0",
    "reads of REF and ALT": "PASS . GT:RO:AO 0/0:0:0",
    "reads of REF and ALT, VarScan": "PASS . GT:RD:AD 0/0:0:0",
    "coverage": "PASS . GT:COV 0/0:0,0",
    "coverage of all": "PASS . GT:COV 0/0:0",
    "number of reads": "PASS . GT:NDP 0/0:0",
    "by strand": "PASS . GT:DP4 0/0:0,0,0,0",
}


def lines(site: PanelSite, rows: Sequence[str]) -> Iterator[str]:
    ref, alt = site.ref, site.alts[0]
    other = next(base for base in "ACGT" if base not in {ref, *site.alts})
    for row in rows:
        qual, text = (row.split(" ", 1)) if row[0].isdigit() else ("50", row)
        locus, first, second, *rest = text.split(" ")
        letters = str.maketrans({"R": ref, "A": alt, "X": other, "Q": "N"})
        symbols = [part if "<" in part else part.translate(letters) for part in second.split(",")]
        pos = site.pos - (locus == "q")
        yield "\t".join((site.chrom, str(pos), ".", first.translate(letters), ",".join(symbols), qual, *rest))


def file(pipeline: Pipeline, assembly: Assembly, gene: str, rows: Sequence[str], *, alone: bool = False) -> str:
    """Return a VCF in which every site of a gene is the reference but one, which has ``rows``; ``alone``: that one only."""
    sites = [pipeline.reference.sites[assembly][site] for site in pipeline.reference.genes[gene].sites]
    body = []
    for site in sites:
        if site.rsid == SITES[gene]:
            body += lines(site, rows)
        elif not alone:
            body.append("\t".join((site.chrom, str(site.pos), ".", site.ref, ",".join(site.alts), "50", "PASS", ".", "GT", "0/0")))
    body.sort(key=lambda line: int(line.split("\t")[1]))
    lengths = pipeline.reference.panels[assembly].contig_lengths
    contigs = [f"##contig=<ID={chrom},length={lengths[chrom]}>" for chrom in ("7", "10", "19", "22")]
    return "\n".join(
        (*HEADER, *contigs, "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", "S"]), *body, "")
    )


def called(
    pipeline: Pipeline, data: bytes, assembly: Assembly, gene: str, absent: AbsentOption = AbsentOption.MISSING
) -> tuple[GeneReport, SampleSites]:
    options = Options(assembly=AssemblyOption(assembly.value), absent=absent)
    result = pipeline.read(data, options)
    (sample,) = result.samples
    reference, looked = replace(pipeline.reference, genes={gene: pipeline.reference.genes[gene]}), looked_at(sample.searched)
    (report,) = call_genes(reference, assembly, sample, options, caveats=pipeline.caveats, looked=looked)
    return report, sample


def site_of(pipeline: Pipeline, gene: str) -> str:
    sites = pipeline.reference.sites[Assembly.GRCH38]
    return next(site for site in pipeline.reference.genes[gene].sites if sites[site].rsid == SITES[gene])


@pytest.mark.parametrize("assembly", Assembly)
@pytest.mark.parametrize("gene", SITES)
def test_a_variant_that_no_genotype_holds_is_a_no_call(gene: str, assembly: Assembly, pipeline: Pipeline, written: Write) -> None:
    site = site_of(pipeline, gene)
    for name, rows in CARRIED.items():
        for alone in (False, True):
            absent = AbsentOption.REFERENCE if alone else AbsentOption.MISSING
            report, sample = called(pipeline, written(file(pipeline, assembly, gene, rows, alone=alone)), assembly, gene, absent)
            call = sample.calls[site]
            assert (report.status, report.phenotype, report.phenotype_range) == ("no_call", None, ()), (name, call)
            assert SITES[gene] in (report.no_call_reason or ""), name
            assert call.carried, (name, call)


@pytest.mark.parametrize("assembly", Assembly)
@pytest.mark.parametrize("gene", SITES)
def test_a_variant_that_its_own_row_refuses_is_unseen_and_named(gene: str, assembly: Assembly, pipeline: Pipeline, written: Write) -> None:
    site = site_of(pipeline, gene)
    alt = pipeline.reference.sites[assembly][site].alts[0]
    for name, (rows, reason) in REFUSED.items():
        report, sample = called(pipeline, written(file(pipeline, assembly, gene, rows)), assembly, gene, AbsentOption.REFERENCE)
        call = sample.calls[site]
        assert (call.state, call.reason, call.carried, call.refused) == (SiteState.NO_CALL, reason, (), (alt,)), name
        assert [unseen.site for unseen in report.unseen_sites] == [site], name


@pytest.mark.parametrize("assembly", Assembly)
@pytest.mark.parametrize("gene", SITES)
def test_a_variant_that_can_be_used_is_used(gene: str, assembly: Assembly, pipeline: Pipeline, written: Write) -> None:
    site = site_of(pipeline, gene)
    definition = pipeline.reference.sites[assembly][site]
    for name, rows in USED.items():
        report, sample = called(pipeline, written(file(pipeline, assembly, gene, rows)), assembly, gene)
        assert sample.calls[site].alleles == (definition.ref, definition.alts[0]), name
        assert report.sites.called == report.sites.total, name


@pytest.mark.parametrize("assembly", Assembly)
@pytest.mark.parametrize("gene", SITES)
def test_no_site_is_the_reference_without_reads(gene: str, assembly: Assembly, pipeline: Pipeline, written: Write) -> None:
    for name, ending in NOTHING_READ.items():
        text = file(pipeline, assembly, gene, ["p R A PASS . GT 0/0"]).replace("PASS\t.\tGT\t0/0", ending.replace(" ", "\t"))
        report, sample = called(pipeline, written(text), assembly, gene, AbsentOption.REFERENCE)
        assert (report.status, report.phenotype, report.sites.called, report.sites.assumed_reference) == ("no_call", None, 0, 0), name
        own = [sample.calls[site] for site in pipeline.reference.genes[gene].sites]
        assert {call.state for call in own} == {SiteState.NO_CALL}, name


@pytest.mark.parametrize("ploidy", ["0", "0/0/0"])
def test_a_block_of_another_ploidy_shows_nothing_anywhere(ploidy: str, pipeline: Pipeline) -> None:
    for gene in SITES:
        sites = [pipeline.reference.sites[Assembly.GRCH38][site] for site in pipeline.reference.genes[gene].sites]
        first, last = min(site.pos for site in sites) - 10, max(site.pos for site in sites) + 30
        text = file(pipeline, Assembly.GRCH38, gene, [], alone=True)
        text += f"{sites[0].chrom}\t{first}\t.\tN\t<NON_REF>\t.\tPASS\tEND={last}\tGT:DP:GQ\t{ploidy}:30:60\n"
        report, sample = called(pipeline, text.encode(), Assembly.GRCH38, gene)
        assert (report.status, report.sites.covered_reference, sample.covered) == ("no_call", 0, ())


def test_one_copy_makes_a_genotype_of_a_haploid_row(pipeline: Pipeline) -> None:
    text = file(pipeline, Assembly.GRCH38, "CYP2D6", ["p R A PASS . GT 1"])
    sites = [pipeline.reference.sites[Assembly.GRCH38][site].pos for site in pipeline.reference.genes["CYP2D6"].sites]
    text += f"22\t{min(sites) - 3_000}\t.\tN\t<DEL>\t500\tPASS\tEND={max(sites) + 3_000}\tGT\t0/1\n"
    report, _ = called(pipeline, text.encode(), Assembly.GRCH38, "CYP2D6")
    assert [diplotype.name for diplotype in report.diplotypes] == ["*4/*5"]


def test_a_gene_that_is_not_there_has_no_reads(pipeline: Pipeline) -> None:
    text = file(pipeline, Assembly.GRCH38, "CYP2D6", ["p R A PASS . GT 0/0"]).replace("PASS\t.\tGT\t0/0", "PASS\t.\tGT:DP\t0/0:0")
    sites = [pipeline.reference.sites[Assembly.GRCH38][site].pos for site in pipeline.reference.genes["CYP2D6"].sites]
    deletion = f"22\t{min(sites) - 3_000}\t.\tN\t<DEL>\t500\tPASS\tEND={max(sites) + 3_000}\tGT\t1/1\n"
    report, _ = called(pipeline, (text + deletion).encode(), Assembly.GRCH38, "CYP2D6")
    assert [diplotype.name for diplotype in report.diplotypes] == ["*5/*5"]
    shown = text.replace("0/0:0\n", "1:30\n", 1)
    report, _ = called(pipeline, (shown + deletion).encode(), Assembly.GRCH38, "CYP2D6")
    assert (report.status, report.diplotypes) == ("no_call", ())


@pytest.mark.parametrize(("genotype", "depths", "wrong"), [("0/1", "217,0", True), ("0/0", "2,30", True), ("1/1", "20,12", True),
    ("0/1", "20,12", False), ("0/1", "5,0", False), ("0/0", "30,1", False), ("1/1", "0,30", False), ("0/1", "30,14", False)])  # fmt: skip
def test_a_genotype_against_its_reads_has_a_caveat(genotype: str, depths: str, wrong: bool, pipeline: Pipeline, written: Write) -> None:
    ref, alt = map(int, depths.split(","))
    total = ref + alt
    spellings = {
        "GT:AD": depths, "GT:AD:DP": f"{depths}:{total}", "GT:RO:AO": f"{ref}:{alt}", "GT:DP:RO:AO": f"{total}:{ref}:{alt}",
        "GT:NR:NV": f"{total}:{alt}", "GT:DP:VAF": f"{total}:{alt / total:.4f}", "GT:DP:AF": f"{total}:{alt / total:.4f}",
        "GT:DP:FREQ": f"{total}:{alt / total:.2%}", "GT:DP:RD:AD": f"{total}:{ref}:{alt}", "GT:COV": depths,
        "GT:DP4": f"{ref - ref // 2},{ref // 2},{alt - alt // 2},{alt // 2}",
        "GT:ADF:ADR": f"{ref - ref // 2},{alt - alt // 2}:{ref // 2},{alt // 2}", "GT:AD:DP:VAF": f".:{total}:{alt / total:.4f}",
    }  # fmt: skip
    for keys, values in spellings.items():
        text = file(pipeline, Assembly.GRCH38, "CYP2D6", [f"p R A PASS . {keys} {genotype}:{values}"])
        report, sample = called(pipeline, written(text), Assembly.GRCH38, "CYP2D6")
        notes = [note.text for note in report.caveats if note.code == "genotype_against_reads"]
        assert bool(notes) is wrong, keys
        assert all("rs3892097" in note for note in notes)
        assert sample.calls[site_of(pipeline, "CYP2D6")].depth == total, keys


def test_the_reads_of_the_alt_alone_are_not_those_of_the_reference(pipeline: Pipeline) -> None:
    """VarScan's AD has one value, that of the ALT: with 30 of 30 reads of REF it is 0."""
    for genotype, reads, wrong in (
        ("0/0", "30:30:0", False),
        ("0/0", "30:2:28", True),
        ("0/1", "30:16:14", False),
        ("0/1", "30:30:0", True),
    ):
        text = file(pipeline, Assembly.GRCH38, "CYP2D6", [f"p R A PASS . GT:DP:RD:AD {genotype}:{reads}"])
        report, _ = called(pipeline, text.encode(), Assembly.GRCH38, "CYP2D6")
        assert ("genotype_against_reads" in {note.code for note in report.caveats}) is wrong


@pytest.mark.parametrize("gene", SITES)
@pytest.mark.parametrize(("genotype", "kind", "can_be_called"), [("0/1", "PASS", False), ("0/0", "PASS", True), ("0/1", "q10", True)])
def test_sites_read_under_a_deletion_of_a_part_of_the_gene_are_no_call(
    gene: str, genotype: str, kind: str, can_be_called: bool, pipeline: Pipeline
) -> None:
    """A row reads the copy that is left as ``0/0``."""
    for assembly in Assembly:
        site = pipeline.reference.sites[assembly][site_of(pipeline, gene)]
        text = file(pipeline, assembly, gene, ["p R A PASS . GT 0/0"])
        text += f"{site.chrom}\t{site.pos - 20}\t.\tN\t<DEL>\t500\t{kind}\tEND={site.pos + 20}\tGT\t{genotype}\n"
        report, _ = called(pipeline, text.encode(), assembly, gene)
        assert (report.status != "no_call") is can_be_called
        assert ("<DEL>" in (report.no_call_reason or "")) is not can_be_called


def test_a_site_inside_a_deletion_that_was_not_found_is_unseen(pipeline: Pipeline) -> None:
    """A row over a site without a row of its own: ``0|0`` there states nothing of the site."""
    for genotype in ("0|0", "0/0"):
        report, sample = called(
            pipeline, file(pipeline, Assembly.GRCH38, "CYP2D6", [f"q QR Q PASS . GT {genotype}"]).encode(), Assembly.GRCH38, "CYP2D6"
        )
        assert sample.calls[site_of(pipeline, "CYP2D6")].state is SiteState.ABSENT
        assert report.sites.absent == 1


@pytest.mark.parametrize("gene", ["CYP2C19", "CYP2D6", "CYP3A5"])
def test_a_refused_reference_base_of_grch37_that_is_a_variant_is_named(gene: str, pipeline: Pipeline, written: Write) -> None:
    on_37 = [pipeline.reference.sites[Assembly.GRCH37][site] for site in pipeline.reference.genes[gene].sites]
    turned = [site for site in on_37 if site.ref != pipeline.reference.sites[Assembly.GRCH38][site.id].ref]
    assert turned
    for site in turned:
        for genotype, shown in (("0/0", (site.ref,)), ("0/1", (site.ref,)), ("./.", ())):
            rows = [
                f"{one.chrom}\t{one.pos}\t.\t{one.ref}\t{','.join(one.alts)}\t50\tPASS\t.\tGT:DP:GQ\t"
                + (f"{genotype}:30:2" if one is site else "1/1:30:60" if one in turned else "0/0:30:60")
                for one in on_37
            ]
            text = (
                file(pipeline, Assembly.GRCH37, "CYP2D6", [], alone=True)
                + "\n".join(sorted(rows, key=lambda row: int(row.split("\t")[1])))
                + "\n"
            )
            report, sample = called(pipeline, written(text), Assembly.GRCH37, gene)
            assert (sample.calls[site.id].state, sample.calls[site.id].refused) == (SiteState.NO_CALL, shown), (site.id, genotype)
            if gene == "CYP3A5":
                assert report.phenotype_open
                assert [hidden.refused for hidden in report.hidden if hidden.allele == "*3"] == [bool(shown)]
