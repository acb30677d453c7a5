"""Synthetic inputs, the same on every machine: genome, gVCF, exome, panel and cohort. None is data of a person.

``python -m performance.generate KIND SIZE PATH`` writes one, BGZF if PATH ends in ``.gz``. A line looks like that of a short-read caller:
about 250 bytes, and about 50 in BGZF. The records at panel sites have the reference's bases, so that the assembly is found.
"""

import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, cycle
from pathlib import Path

from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.genome import Assembly, Panel

SEED = 20
_LENGTHS = (
    *(248956422, 242193529, 198295559, 190214555, 181538259, 170805979, 159345973, 145138636, 138394717, 133797422, 135086622, 133275309),
    *(114364328, 107043718, 101991189, 90338345, 83257441, 80373285, 58617616, 64444167, 46709983, 50818468, 156040895),
)
"""GRCh38, chromosomes 1 to 22 and X."""
_CONTIGS = dict(zip([*map(str, range(1, 23)), "X"], _LENGTHS, strict=True))
_DECOYS = 3_300
_POOL = 4_099
_KEYS = "GT:AD:DP:GQ:PL"
_MOSTLY = 0.9
"""Share of the panel's sites at which a person has the reference; nobody has a variant at all of them."""


def panel() -> Panel:
    """Return the GRCh38 panel of the bundled reference."""
    return load_reference().panels[Assembly.GRCH38]


def header(samples: Iterable[str], *, decoys: int = _DECOYS) -> bytes:
    """Return a header with ``decoys`` contigs beyond the chromosomes, as an analysis set has them."""
    lines = ["##fileformat=VCFv4.2", '##FILTER=<ID=LowQual,Description="Low quality">']
    for key, number, kind in (("GT", "1", "String"), ("AD", "R", "Integer"), ("DP", "1", "Integer"), ("GQ", "1", "Integer")):
        lines.append(f'##FORMAT=<ID={key},Number={number},Type={kind},Description="{key}">')
    lines.append('##FORMAT=<ID=PL,Number=G,Type=Integer,Description="PL">')
    lines.append('##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="MIN_DP">')
    lines.append('##INFO=<ID=END,Number=1,Type=Integer,Description="End of the block">')
    for key in ("AC", "AN", "DP", "MLEAC"):
        lines.append(f'##INFO=<ID={key},Number=1,Type=Integer,Description="{key}">')
    for key in ("AF", "BaseQRankSum", "ExcessHet", "FS", "MLEAF", "MQ", "MQRankSum", "QD", "ReadPosRankSum", "SOR"):
        lines.append(f'##INFO=<ID={key},Number=1,Type=Float,Description="{key}">')
    lines += [f"##contig=<ID=chr{name},length={length},assembly=GRCh38>" for name, length in _CONTIGS.items()]
    lines += [f"##contig=<ID=chrUn_JTFH0{number:07d}v1_decoy,length={1000 + number}>" for number in range(decoys)]
    lines.append("\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples)))
    return "\n".join(lines).encode() + b"\n"


def genome(records: int) -> Iterator[bytes]:
    """Yield a whole genome of one sample: variants spread evenly, and a record at each panel site, most of them 0/0."""
    return chain((header(["SYNTHETIC"]),), _variants(_everywhere(records), 1))


def exome(records: int) -> Iterator[bytes]:
    """Yield an exome: the same lines, in tight groups."""
    chance = random.Random(SEED)
    loci = _everywhere(records // 5)
    grouped = ((name, pos + step, None) for name, pos, site in loci if site is None for step in sorted(chance.sample(range(150), 5)))
    return chain((header(["SYNTHETIC"]),), _variants(_merged(grouped), 1))


def small_panel(records: int) -> Iterator[bytes]:
    """Yield what a panel test writes: a record at each panel site and its neighbours, 0/0 for most."""
    wanted = [(site.chrom, site.pos) for site in panel().sites]
    chance = random.Random(SEED)
    while len(wanted) < records:
        chrom, pos = chance.choice(wanted[:400])
        wanted.append((chrom, pos + chance.randrange(1000, 60_000)))
    extra = sorted(set(wanted[len(panel().sites) :]), key=_order)
    return chain((header(["SYNTHETIC"], decoys=0),), _variants(_merged((name, pos, None) for name, pos in extra), 1, reference=0.9))


def cohort(records: int, samples: int) -> Iterator[bytes]:
    """Yield a cohort: genotypes only, ``samples`` of them in each record."""
    names = [f"S{number:05d}" for number in range(samples)]
    return chain((header(names, decoys=0),), _variants(_everywhere(records), samples))


def gvcf(records: int) -> Iterator[bytes]:
    """Yield a gVCF: reference blocks from end to end, with a variant after every fifth; panel sites are in blocks or variants."""
    chance = random.Random(SEED)
    yield header(["SYNTHETIC"])
    step = sum(_CONTIGS.values()) // records
    tails = [f"GT:DP:GQ:MIN_DP:PL\t0/0:{depth}:{depth * 3 % 99}:{depth - 4}:0,{depth * 3},{depth * 40}\n" for depth in range(18, 60)]
    variants = _tails(1, 0.0)
    number = 0
    for name, length in _CONTIGS.items():
        pos = 10_001
        while pos < length - 3 * step:
            end = pos + chance.randrange(step // 2, step * 3 // 2)
            base = "ACGT"[pos & 3]
            yield f"chr{name}\t{pos}\t.\t{base}\t<NON_REF>\t.\t.\tEND={end}\t{tails[pos % 42]}".encode()
            pos = end + 1
            number += 1
            if number % 5 == 0:
                yield f"chr{name}\t{pos}\t.\t{base}\t{'CGTA'[pos & 3]},<NON_REF>{next(variants)}".encode()
                pos += 1


def write(lines: Iterable[bytes], path: Path) -> None:
    """Write an input, through ``bgzip`` if its name ends in ``.gz``."""
    with path.open("wb") as file:
        if path.suffix != ".gz":
            file.writelines(_gathered(lines))
            return
        with subprocess.Popen(["bgzip", "-c", "-@2"], stdin=subprocess.PIPE, stdout=file) as process:
            if process.stdin is not None:
                process.stdin.writelines(_gathered(lines))
                process.stdin.close()
        if process.returncode:
            raise OSError("bgzip failed")


def _gathered(lines: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    for line in lines:
        held.append(line)
        if len(held) == 4096:
            yield b"".join(held)
            held = []
    yield b"".join(held)


Locus = tuple[str, int, str | None]
"""Chromosome, position, and "REF ALT" where it is a panel site."""


def _everywhere(records: int) -> Iterator[Locus]:
    chance = random.Random(SEED)
    step = max(2, sum(_CONTIGS.values()) // records)
    spread = ((name, pos + chance.randrange(step), None) for name, length in _CONTIGS.items() for pos in range(10_000, length - step, step))
    return _merged(spread)


def _merged(loci: Iterable[Locus]) -> Iterator[Locus]:
    """Yield the loci with the panel sites among them, in order, each locus once."""
    sites = sorted(((site.chrom, site.pos, f"{site.ref}\t{site.alts[0]}") for site in panel().sites), key=lambda site: _order(site[:2]))
    waiting = iter([*sites, None])
    site = next(waiting)
    last = ("", 0)
    for locus in loci:
        while site is not None and _order(site[:2]) <= _order(locus[:2]):
            yield site
            last = site[:2]
            site = next(waiting)
        if locus[:2] != last:
            yield locus
            last = locus[:2]
    while site is not None:
        yield site
        site = next(waiting)


def _order(locus: tuple[str, int]) -> tuple[int, int]:
    return list(_CONTIGS).index(locus[0]), locus[1]


def _variants(loci: Iterable[Locus], samples: int, reference: float = 0.0) -> Iterator[bytes]:
    tails, at_sites = _tails(samples, reference), _tails(samples, max(reference, _MOSTLY))
    bases = cycle(["A\tG", "C\tT", "G\tA", "T\tC", "A\tC", "CT\tC", "G\tGA"])
    for name, pos, site in loci:
        yield f"chr{name}\t{pos}\t.\t{site or next(bases)}{next(at_sites if site else tails)}".encode()


def _tails(samples: int, reference: float) -> Iterator[str]:
    """Return endless QUAL to sample columns, from a pool that is larger than the window of gzip."""
    chance = random.Random(SEED + samples)
    pool = [_tail(chance, samples, reference) for _ in range(_POOL if samples < 100 else 61)]
    return cycle(pool)


def _tail(chance: random.Random, samples: int, reference: float) -> str:
    if samples > 1:
        genotypes = "\t".join(chance.choices(("0|0", "0|1", "1|0", "1|1"), (80, 8, 8, 4), k=samples))
        return f"\t{chance.uniform(30, 9999):.2f}\tPASS\tAC={chance.randrange(samples)};AN={2 * samples}\tGT\t{genotypes}\n"
    depth, alternate = chance.randrange(18, 60), chance.randrange(8, 18)
    rank = [chance.gauss(0, 1) for _ in range(3)]
    info = (
        f"AC=1;AF=0.500;AN=2;BaseQRankSum={rank[0]:.3f};DP={depth};ExcessHet=3.0103;FS={chance.expovariate(0.5):.3f};MLEAC=1;MLEAF=0.500;"
        f"MQ=60.00;MQRankSum={rank[1]:.3f};QD={chance.uniform(2, 30):.2f};ReadPosRankSum={rank[2]:.3f};SOR={chance.expovariate(1):.3f}"
    )
    called = "0/0" if chance.random() < reference else chance.choice(("0/1", "0/1", "1/1"))
    likely = f"{chance.randrange(100, 900)},0,{chance.randrange(100, 900)}"
    return f"\t{chance.uniform(30, 2000):.2f}\tPASS\t{info}\t{_KEYS}\t{called}:{depth - alternate},{alternate}:{depth}:99:{likely}\n"


KINDS: dict[str, Callable[[int], Iterator[bytes]]] = {
    "genome": genome,
    "gvcf": gvcf,
    "exome": exome,
    "panel": small_panel,
    "cohort": lambda samples: cohort(2_000, samples),
}
"""The kinds by name. SIZE is the number of records; of a cohort, the number of samples."""


def main() -> None:
    """Write one input; the arguments are KIND, SIZE and PATH."""
    kind, size, path = sys.argv[1:]
    write(KINDS[kind](int(size)), Path(path))


if __name__ == "__main__":
    main()
