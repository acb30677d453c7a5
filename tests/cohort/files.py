"""Cohorts for tests: genotypes at and around the panel's sites, in the variety of real files."""

import gzip
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from trdpgx.model.genome import Assembly, PanelSite
from trdpgx.pipeline import Service

HEADER = "##fileformat=VCFv4.2\n" + "".join(
    f"##contig=<ID=chr{name},length={length}>\n"
    for name, length in (("1", 248956422), ("7", 159345973), ("10", 133797422), ("11", 135086622), ("19", 58617616), ("22", 50818468))
)
_GENOTYPES = ("0|0", "0|1", "1|0", "1|1", "0/1", "0/0", "1/1", "./.", "0|.", "1", ".")
_WEIGHTS = (60, 8, 8, 4, 4, 8, 2, 3, 1, 1, 1)


@cache
def service() -> Service:
    return Service()


def sites(chroms: Sequence[str] = ("1", "7", "10", "11", "19", "22")) -> list[PanelSite]:
    panel = service().knowledge.reference.panels[Assembly.GRCH38]
    return sorted((site for site in panel.sites if site.chrom in chroms), key=lambda site: (int(site.chrom), site.pos))


def lines(samples: int, *, seed: int = 1, rich: bool = False, chroms: Sequence[str] = ("1", "7", "10", "11", "19", "22")) -> list[str]:
    """Return records at the panel's sites, some of them filtered, unread or with an unknown allele, and some around exome genes."""
    chance = random.Random(seed)
    made = []
    for site in sites(chroms):
        alt = site.alts[0]
        fate = chance.random()
        if fate < 0.1:
            continue
        if fate < 0.14 and not site.is_indel:
            alt += "," + next(base for base in "ACGT" if base not in {site.ref, alt})
        made.append(_line(chance, (site.chrom, site.pos, site.ref, alt), samples, rich=rich, carriers=fate))
    for gene in ("DISC1", "ABCB1", "CYP2D6"):
        transcript = service().knowledge.reference.transcripts[Assembly.GRCH38].get(gene)
        if transcript is None or transcript.chrom not in chroms:
            continue
        start, end = transcript.span
        bases = {part.start + at: base for part in transcript.known for at, base in enumerate(part.bases)}
        loci = [pos for pos in bases if start <= pos <= end and bases[pos] in "ACGT"]
        for pos in sorted(chance.sample(loci, min(6, len(loci)))):
            alt = chance.choice([base for base in "ACGT" if base != bases[pos]])
            made.append(_line(chance, (transcript.chrom, pos, bases[pos], alt), samples, rich=rich, carriers=0.0))
    if "22" in chroms:
        genotypes = "\t".join(chance.choices(("0/0:2", "0/1:1", "0/1:3", "./.:."), (20, 2, 2, 1), k=samples))
        made.append(f"chr22\t42126000\t.\tN\t<CNV>\t.\tPASS\tEND=42132000;SVTYPE=CNV\tGT:CN\t{genotypes}")
    return sorted(made, key=lambda line: (int(line.split("\t")[0][3:]), int(line.split("\t")[1])))


def _line(chance: random.Random, locus: tuple[str, int, str, str], samples: int, *, rich: bool, carriers: float) -> str:
    chrom, pos, ref, alt = locus
    most = alt.count(",") + 1
    genotypes = chance.choices(_GENOTYPES, _WEIGHTS, k=samples)
    if most > 1:
        genotypes = [one.replace("1", "2") if chance.random() < 0.1 else one for one in genotypes]
    keys, columns = "GT", genotypes
    if rich:
        keys = "GT:DP:AD:GQ:PS:FT"
        columns = [f"{one}:{_fields(chance, one, most)}" for one in genotypes]
    filters = "LowQual" if 0.2 < carriers < 0.25 else "PASS"
    return f"chr{chrom}\t{pos}\t.\t{ref}\t{alt}\t50\t{filters}\tAF=0.0{chance.randrange(1, 9)}\t{keys}\t" + "\t".join(columns)


def _fields(chance: random.Random, genotype: str, alts: int) -> str:
    depth = chance.choice((0, 2, 12, 30, 31))
    other = depth if genotype.startswith("1") and genotype.endswith("1") else depth // 2 if "1" in genotype else 0
    reads = ",".join(map(str, (depth - other, other, *([0] * (alts - 1)))))
    phase_set = chance.choice((".", "100", "7")) if "|" in genotype else "."
    return f"{depth}:{reads}:{chance.choice((5, 40, 99))}:{phase_set}:{chance.choice(('PASS', 'PASS', 'PASS', 'bad'))}"


def names(count: int) -> list[str]:
    return [f"S{number:04d}" for number in range(count)]


def text(samples: Sequence[str], records: Sequence[str]) -> str:
    head = "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples))
    return HEADER + "\n".join((head, *records)) + "\n"


def write(path: Path, samples: Sequence[str], records: Sequence[str]) -> Path:
    data = text(samples, records).encode()
    path.write_bytes(gzip.compress(data, 1, mtime=0) if path.suffix == ".gz" else data)
    return path


def columns(record: str, wanted: Sequence[int]) -> str:
    """Return a record with some of its samples."""
    fields = record.split("\t")
    return "\t".join((*fields[:9], *(fields[9 + at] for at in wanted)))
