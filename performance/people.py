"""``python -m performance.people COHORT SAMPLES PATH``: a cohort of any size, resampled from a phased one.

Each person gets two haplotypes of the cohort for each chromosome, drawn with replacement, so that genotypes are as common and as rare as
they are among real people, and no person of the output is one of the input. COHORT is a VCF whose FORMAT is GT; PATH ends in ``.gz``.
``--first N`` draws from the first N people alone, so that there are fewer patterns; ``--share S`` keeps that share of the records.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SEED = 20
_GENOTYPE = 4
"""Bytes of a genotype such as ``0|1`` and the tab behind it."""


def main() -> None:
    """Write the cohort."""
    parser = argparse.ArgumentParser(prog="python -m performance.people")
    parser.add_argument("cohort", type=Path)
    parser.add_argument("samples", type=int)
    parser.add_argument("path", type=Path)
    parser.add_argument("--first", type=int)
    parser.add_argument("--share", type=float, default=1.0)
    arguments = parser.parse_args()
    with arguments.path.open("wb") as file:
        with subprocess.Popen(["bgzip", "-c", "-l1", "-@2"], stdin=subprocess.PIPE, stdout=file) as packing:
            if packing.stdin is not None:
                packing.stdin.writelines(resampled(arguments.cohort, arguments.samples, first=arguments.first, share=arguments.share))
                packing.stdin.close()
        if packing.returncode:
            sys.exit("bgzip failed")


def resampled(cohort: Path, samples: int, *, first: int | None = None, share: float = 1.0) -> Iterator[bytes]:
    """Yield the lines of a VCF with so many people. Lines whose genotypes are not all of the form ``0|1`` are left out."""
    chance, kept = np.random.default_rng(SEED), np.random.default_rng(SEED + 1)
    chosen: dict[bytes, NDArray[np.int64]] = {}
    with subprocess.Popen(["bgzip", "-dc", str(cohort)], stdout=subprocess.PIPE) as reading:
        for line in reading.stdout or ():
            if line.startswith(b"##"):
                yield line
                continue
            fields = line.rstrip(b"\n").split(b"\t", 9)
            if line.startswith(b"#"):
                people = fields[9].count(b"\t") + 1
                yield b"\t".join((*fields[:9], *(b"P%07d" % number for number in range(samples)))) + b"\n"
                continue
            genotypes = np.frombuffer(fields[9] + b"\t", dtype=np.uint8)
            if genotypes.size != _GENOTYPE * people or fields[8] != b"GT" or kept.random() >= share:
                continue
            alleles = genotypes.reshape(people, _GENOTYPE)[:first, [0, 2]].reshape(-1)
            if fields[0] not in chosen:
                chosen[fields[0]] = chance.integers(0, alleles.size, (samples, 2))
            made = np.empty((samples, _GENOTYPE), dtype=np.uint8)
            made[:, [0, 2]] = alleles[chosen[fields[0]]]
            made[:, 1], made[:, 3] = ord("|"), ord("\t")
            yield b"\t".join(fields[:9]) + b"\t" + made.tobytes()[:-1] + b"\n"


if __name__ == "__main__":
    main()
