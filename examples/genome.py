"""Writes examples/synthetic.vcf: the genome of a person who does not exist, made from the allele definitions in reference/.

Run ``python examples/genome.py`` after a change of reference/; a test compares the file with what this writes.
"""

from collections.abc import Iterator
from pathlib import Path

from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.gene import GeneDefinition
from trdpgx.model.genome import Assembly, PanelSite
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.nucleotides import IUPAC

SAMPLE = "SYNTHETIC-1"
DIPLOTYPES = {"CYP2C19": ("*2", "*2"), "CYP2D6": ("*1", "*4"), "CYP2B6": ("*1", "*6"), "CYP3A5": ("*3", "*3")}
GENOTYPES = {
    "rs6265": "C/T",
    "rs2032583": "A/G",
    "rs2235015": "C/A",
    "rs2235040": "C/T",
    "rs1045642": "A/G",
    "rs4680": "G/A",
    "rs7997012": "A/A",
}
PATH = Path(__file__).with_name("synthetic.vcf")

_HEADER = """\
##fileformat=VCFv4.2
##source=trdpgx examples/genome.py
##comment=A person who does not exist: all sites of CYP2C19, CYP2D6, CYP2B6 and CYP3A5, and a few single variants
##FILTER=<ID=PASS,Description="All filters passed">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Read depth">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Genotype quality">
"""


def genome(reference: ReferenceLibrary) -> str:
    """Return the VCF, sorted, on GRCh38."""
    panel = reference.panels[Assembly.GRCH38]
    records = dict(_records(reference))
    chosen = sorted((site for site in panel.sites if site.id in records), key=lambda site: (_rank(site.chrom), site.pos))
    contigs = dict.fromkeys(site.chrom for site in chosen)
    lines = [f"##contig=<ID=chr{chrom},length={panel.contig_lengths[chrom]},assembly=GRCh38>" for chrom in contigs]
    lines.append("\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", SAMPLE)))
    lines += [_line(number, site, records[site.id]) for number, site in enumerate(chosen)]
    return _HEADER + "\n".join(lines) + "\n"


def _records(reference: ReferenceLibrary) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each site and its two alleles."""
    sites = reference.sites[Assembly.GRCH38]
    for gene, (first, second) in DIPLOTYPES.items():
        definition = reference.genes[gene]
        for site in definition.sites:
            yield site, (_base(definition, first, sites[site]), _base(definition, second, sites[site]))
    for variant, genotype in GENOTYPES.items():
        first, _, second = genotype.partition("/")
        yield variant, (first, second)


def _base(definition: GeneDefinition, name: str, site: PanelSite) -> str:
    """Return the base of a named allele at a site; if its definition allows several, that of the assembly if it is among them."""
    allele = next(allele for allele in definition.alleles if allele.name == name)
    base = allele.bases.get(site.id, definition.reference.bases[site.id])
    allowed = IUPAC.get(base, base) if len(base) == 1 else base
    return site.ref if site.ref in allowed and len(base) == 1 else base


def _line(number: int, site: PanelSite, alleles: tuple[str, str]) -> str:
    alts = [alt for alt in site.alts if alt in alleles] or [site.alts[0]]
    spelled = [site.ref, *alts]
    first, second = sorted(spelled.index(allele) for allele in alleles)
    call = f"{first}/{second}:{30 + number * 7 % 11}:99"
    return "\t".join((f"chr{site.chrom}", str(site.pos), site.rsid or ".", site.ref, ",".join(alts), ".", "PASS", ".", "GT:DP:GQ", call))


def _rank(chrom: str) -> int:
    return int(chrom) if chrom.isdigit() else 99


if __name__ == "__main__":
    PATH.write_text(genome(load_reference()), "utf-8")
