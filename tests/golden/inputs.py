"""Make the inputs of the golden reports: synthetic people, from the allele definitions in reference/.

``python -m tests.golden.inputs`` writes them to tests/cases/golden/. They are committed, and made anew only when a definition has to
change, as a golden report needs an input that stays the same.
"""

import gzip
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import backports.zstd
import yaml

from tests.bcftools import bcftools
from trdpgx.calling.consequence import consequence
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.gene import GeneDefinition
from trdpgx.model.genome import Assembly, PanelSite
from trdpgx.model.library import ReferenceLibrary

FOLDER = Path(__file__).parents[1] / "cases" / "golden"
_IUPAC = {"R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC", "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT"}
_HEADER = """\
##fileformat=VCFv4.2
##FILTER=<ID=PASS,Description="All filters passed">
##ALT=<ID=CNV,Description="Copy-number variant">
##INFO=<ID=END,Number=1,Type=Integer,Description="End">
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant">
##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="gnomAD">
##INFO=<ID=CSQ,Number=.,Type=String,Description="From VEP. Format: Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Read depth">
##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Least depth">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Genotype quality">
##FORMAT=<ID=PS,Number=1,Type=Integer,Description="Phase set">
##FORMAT=<ID=CN,Number=1,Type=Integer,Description="Copy number">
"""
_MET = {"rs6265": "T/T", "rs4680": "A/A"}
Row = tuple[str, int, str, str, str, str, tuple[str, ...]]
"""CHROM without ``chr``, POS, REF, ALT, INFO, FORMAT, and the value of each sample."""


class Maker:
    """Writes records of people with named diplotypes on one assembly."""

    def __init__(self, reference: ReferenceLibrary, assembly: Assembly = Assembly.GRCH38) -> None:
        self.reference = reference
        self.assembly = assembly
        self.sites = reference.sites[assembly]
        self._panel = reference.panels[assembly]

    def rows(
        self, *people: Mapping[str, str], mark: str = "/", keep: Callable[[PanelSite, set[str]], bool] = lambda _site, _alleles: True
    ) -> Iterator[Row]:
        """Yield a row for each site of the genes and variants that the first person names, with every person's genotype.

        ``keep`` gets the site and every allele that somebody carries, and returns whether the row is written.
        """
        for name in people[0]:
            sites = self.reference.genes[name].sites if name in self.reference.genes else (name,)
            for key in sites:
                site = self.sites[key]
                pairs = [self._alleles(name, person[name], site) for person in people]
                carried = {allele for pair in pairs for allele in pair}
                if not keep(site, carried):
                    continue
                alts = [alt for alt in site.alts if alt in carried] or [site.alts[0]]
                spelled = [site.ref, *alts]
                calls = (mark.join(map(str, self._numbers(pair, spelled, phased=mark == "|"))) for pair in pairs)
                yield site.chrom, site.pos, site.ref, ",".join(alts), ".", "GT:DP:GQ", tuple(f"{call}:30:99" for call in calls)

    def _numbers(self, pair: tuple[str, str], spelled: list[str], *, phased: bool) -> list[int]:
        numbers = [spelled.index(allele) for allele in pair]
        return numbers if phased else sorted(numbers)

    def _alleles(self, name: str, value: str, site: PanelSite) -> tuple[str, str]:
        first, second = value.split("/")
        if name not in self.reference.genes:
            return first, second
        definition = self.reference.genes[name]
        return self._base(definition, first, site), self._base(definition, second, site)

    def _base(self, definition: GeneDefinition, name: str, site: PanelSite) -> str:
        """Return the base of a named allele at a site; where an IUPAC code allows several, that of the assembly if it is one of them."""
        allele = next(allele for allele in definition.alleles if allele.name == name)
        base = allele.bases.get(site.id, definition.reference.bases[site.id])
        allowed = _IUPAC.get(base, base) if len(base) == 1 else base
        return site.ref if site.ref in allowed and len(base) == 1 else base

    def text(self, rows: Iterator[Row] | list[Row], samples: list[str], header: str = "") -> bytes:
        """Return the sorted VCF."""
        prefix = "chr" if self.assembly is Assembly.GRCH38 else ""
        ordered = sorted(rows, key=lambda row: (_rank(row[0]), row[1]))
        contigs = dict.fromkeys(row[0] for row in ordered) or {"1": None}
        lines = [f"##contig=<ID={prefix}{chrom},length={self._panel.contig_lengths[chrom]}>" for chrom in contigs]
        lines.append("\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples)))
        for chrom, pos, ref, alt, info, form, values in ordered:
            lines.append("\t".join((prefix + chrom, str(pos), ".", ref, alt, "60", "PASS", info, form, *values)))
        return (_HEADER + header + "\n".join(lines) + "\n").encode()

    def stop_in_stk19(self) -> tuple[int, str, str]:
        """Return POS, REF and ALT of a single-base change of STK19 that gains a stop, computed from its transcript."""
        transcript = self.reference.transcripts[self.assembly]["STK19"]
        known = transcript.known[0]
        start, end = transcript.coding_exons[1]
        for pos in range(start, end):
            ref = known.bases[pos - known.start]
            for alt in sorted(set("ACGT") - {ref}):
                made = consequence(transcript, pos, ref, alt)
                if made is not None and made.name == "stop_gained":
                    return pos, ref, alt
        raise AssertionError("no stop can be gained in this exon")


def _rank(chrom: str) -> int:
    return int(chrom) if chrom.isdigit() else 99


def bcf(text: bytes) -> bytes:
    """Return the same file as BCF, written by bcftools."""
    return bcftools(text, "view", "--no-version", "-Ob")


def inputs() -> Iterator[tuple[str, str, bytes, dict[str, bytes], dict[str, object]]]:
    """Yield name, file name, content, further files and the case (options, what it shows) of each golden report."""
    reference = load_reference(None)
    maker = Maker(reference)
    poor = {"CYP2C19": "*2/*2", "CYP2D6": "*4/*4", "CYP2B6": "*6/*6", "CYP3A5": "*3/*3"}
    usual = {"CYP2C19": "*1/*1", "CYP2D6": "*1/*1", "CYP2B6": "*1/*1", "CYP3A5": "*1/*1"}
    mixed = {"CYP2C19": "*1/*17", "CYP2D6": "*1/*4", "CYP2B6": "*1/*6", "CYP3A5": "*1/*3"}
    one = ["GOLDEN-1"]
    plain = maker.text(maker.rows(mixed), one)

    yield "poor", "input.vcf", maker.text(maker.rows(poor), one), {}, {"about": "a poor metaboliser by CYP2C19, CYP2D6 and CYP2B6"}
    yield "met", "input.vcf", maker.text(maker.rows({"CYP2D6": "*1/*1", **_MET}), one), {}, {"about": "a carrier of BDNF Met and COMT Met"}
    yield "phased", "input.vcf.gz", gzip.compress(maker.text(maker.rows(mixed, mark="|"), one), mtime=0), {}, {"about": "phased, gzip"}
    yield "bcf", "input.bcf", bcf(plain), {}, {"about": "BCF"}
    yield "zstd", "input.vcf.zst", backports.zstd.compress(plain), {}, {"about": "zstd"}
    older = Maker(reference, Assembly.GRCH37)
    yield "grch37", "input.vcf", older.text(older.rows(mixed), one), {}, {"about": "GRCh37, contigs without chr"}

    wanted = {"CYP2C19": "*1/*2", "CYP2D6": "*2/*4", "CYP2B6": "*1/*6"}
    tagging = {"rs12248560", "rs4244285", "rs3892097", "rs16947", "rs3745274"}
    few = maker.rows(wanted, keep=lambda site, _alleles: site.rsid in tagging)
    yield "open", "input.vcf", maker.text(few, one), {}, {"about": "a chip with five sites: many diplotypes, open phenotypes"}
    sparse = maker.rows(usual, keep=lambda site, _alleles: site.rsid not in {"rs12248560", "rs1135840", "rs2279343"})
    yield (
        "exome",
        "input.vcf",
        maker.text(sparse, one),
        {},
        {"about": "one site of each gene is not covered"},
    )

    carried = maker.rows(mixed, keep=lambda site, alleles: alleles != {site.ref})
    variants_only = maker.text(carried, one)
    yield "variants-only", "input.vcf", variants_only, {}, {"about": "variants only: what is absent is unknown"}
    yield "absent-reference", "input.vcf", variants_only, {}, {
        "about": "the same file, absent sites taken as reference on request", "absent": "reference",
    }  # fmt: skip

    region = next(region for region in reference.panels[Assembly.GRCH38].regions if region.gene == "CYP2D6")
    copies: Row = (region.chrom, region.start - 500, "N", "<CNV>", f"END={region.end + 500};SVTYPE=CNV", "GT:CN", ("0/1:3",))
    yield "cnv", "input.vcf", maker.text([*maker.rows(mixed), copies], one), {}, {"about": "three copies of CYP2D6 by a structural record"}
    agreeing = b"Sample\tGenotype\tFilter\nGOLDEN-1\t*1/*4\tPASS\n"
    yield "outside-agrees", "input.vcf", plain, {"outside.tsv": agreeing}, {"about": "Cyrius calls what the file shows"}
    against = b"Sample\tGenotype\tFilter\nGOLDEN-1\t*1/*2x2\tPASS\n"
    yield "outside-conflicts", "input.vcf", plain, {"outside.tsv": against}, {"about": "Cyrius calls something else"}

    three = maker.text(maker.rows(poor, usual, mixed), ["GOLDEN-1", "GOLDEN-2", "GOLDEN-3"])
    yield "three-samples", "input.vcf", three, {}, {"about": "three samples in one file"}
    names = ["*1", "*2", "*3", "*17", "*8"]
    pairs = [f"{names[i % 5]}/{names[(i * 3 + 1) % 5]}" for i in range(20)]
    twenty = [{"CYP2C19": pair} for pair in pairs]
    yield "twenty-samples", "input.vcf", maker.text(maker.rows(*twenty), [f"GOLDEN-{i + 1}" for i in range(20)]), {}, {
        "about": "twenty samples, CYP2C19 only",
    }  # fmt: skip

    yield "gvcf", "input.vcf", gvcf(maker, mixed), {}, {"about": "a gVCF: blocks of reference, one of them of low quality"}
    pos, ref, alt = maker.stop_in_stk19()
    stop: Row = ("6", pos, ref, alt, "gnomAD_AF=0.0004", "GT:DP:GQ", ("0/1:30:99",))
    exome = maker.text([*maker.rows({"CYP2C19": "*1/*1"}), stop], one)
    exons = reference.transcripts[Assembly.GRCH38]["STK19"].coding_exons
    bed = "".join(f"chr6\t{start - 10}\t{end + 9}\n" for start, end in exons).encode()
    yield "rare", "input.vcf", exome, {"targets.bed": bed}, {"about": "a rare stop in STK19, with the targets of the assay"}
    feature = reference.transcripts[Assembly.GRCH38]["STK19"].ensembl
    csq = f"CSQ={alt}|missense_variant|MODERATE|STK19|ENSG00000204344|Transcript|{feature}"
    row: Row = ("6", pos, ref, alt, csq, "GT:DP:GQ", ("0/1:30:99",))
    yield "vep", "input.vcf", maker.text([*maker.rows({"CYP2C19": "*1/*1"}), row], one), {}, {"about": "annotated by VEP, which disagrees"}
    elsewhere: Row = ("1", 1_000_000, "A", "G", ".", "GT:DP:GQ", ("0/1:30:99",))
    yield "nothing", "input.vcf", maker.text([elsewhere], one), {}, {"about": "no record of the panel"}
    vague = maker.rows({"CYP2D6": "*1/*4", "CYP2C19": "*2/*17"}, keep=lambda site, alleles: alleles != {site.ref})
    yield "many-candidates", "input.vcf", maker.text(vague, one), {}, {"about": "all candidates asked for", "all_candidates": True}


def gvcf(maker: Maker, person: Mapping[str, str]) -> bytes:
    """Return a gVCF: variants as rows, blocks of reference between them, and one block of low quality."""
    variants = list(maker.rows(person, keep=lambda site, alleles: alleles != {site.ref}))
    rows: list[Row] = [(chrom, pos, ref, f"{alt},<NON_REF>", info, form, values) for chrom, pos, ref, alt, info, form, values in variants]
    for gene in person:
        sites = [maker.sites[site] for site in maker.reference.genes[gene].sites]
        carried = {row[1] for row in variants if row[0] == sites[0].chrom}
        lows = sorted(site.pos for site in sites)[-2:]
        for site in sites:
            if site.pos in carried:
                continue
            value = "0/0:1:3:0" if gene == "CYP2C19" and site.pos in lows else "0/0:30:90:25"
            end = site.pos + len(site.context) - 1
            if any(site.pos < other <= end for other in carried):
                end = site.pos + len(site.ref) - 1
            rows.append((site.chrom, site.pos, site.ref[0], "<NON_REF>", f"END={end}", "GT:DP:GQ:MIN_DP", (value,)))
    return maker.text(rows, ["GOLDEN-1"])


def main() -> None:
    """Write every input and its case."""
    for name, file, content, more, case in inputs():
        folder = FOLDER / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)
        for other, bytes_ in more.items():
            (folder / other).write_bytes(bytes_)
        (folder / "case.yaml").write_text(yaml.safe_dump({**case, "input": file}, sort_keys=False, width=100), "utf-8")
        print(name)  # noqa: T201 - a command


if __name__ == "__main__":
    sys.exit(main())
