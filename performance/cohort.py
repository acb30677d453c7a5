"""``python -m performance.cohort FILE``: CPU of calling everybody in a cohort, beside that of reading all its genotypes with cyvcf2.

"Calls alone" is intake, the columns of all samples, each distinct pattern of each gene, and the variants of each sample, without rules and
reports. Without FILE a cohort is generated. Each figure is the least of several runs, each in a process of its own.
"""

import argparse
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from performance.generate import cohort, write
from trdpgx.model.options import Options
from trdpgx.pipeline import Service

SAMPLES = 1_000


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m performance.cohort")
    parser.add_argument("file", nargs="?", type=Path, help="a cohort, as a VCF or BCF")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", choices=WAYS, help="measure this alone, once, and print its seconds")
    arguments = parser.parse_args()
    if arguments.way:
        print(WAYS[arguments.way](arguments.file))
        return
    with TemporaryDirectory() as name:
        path = arguments.file or Path(name) / "cohort.vcf.gz"
        if arguments.file is None:
            write(cohort(2_000, SAMPLES), path)
        taken = {way: min(_measured(way, path) for _ in range(arguments.rounds)) for way in WAYS}
    yard = next(iter(taken.values()))
    print("| way | CPU s | ratio |\n| --- | ---: | ---: |")
    print("\n".join(f"| {way} | {seconds:.2f} | {seconds / yard:.2f} |" for way, seconds in taken.items()))


def _measured(way: str, path: Path) -> float:
    command = [sys.executable, "-m", "performance.cohort", "--way", way, str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def genotypes(path: Path) -> float:
    """Read all genotypes with cyvcf2."""
    from cyvcf2 import VCF  # noqa: PLC0415 (the other ways do not need it)

    began = cpu()
    for variant in VCF(str(path)):
        variant.genotype.array()
    return cpu() - began


def calls(path: Path) -> float:
    """Call the genes and variants of everybody."""
    options = Options()
    with Service() as service:
        began = cpu()
        result = service.read(path, options)
        caller = service.caller(result, options)
        for block in result.samples.blocks():
            caller.genes(block)
            caller.variants(block)
        return cpu() - began


def reports(path: Path) -> float:
    """Make the report of everybody."""
    options = Options()
    with Service() as service:
        began = cpu()
        for report in service.reports(service.read(path, options), options):
            report.model_dump_json()
        return cpu() - began


def cpu() -> float:
    """Return the CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


WAYS: dict[str, Callable[[Path], float]] = {
    "all genotypes read with cyvcf2": genotypes,
    "calls alone": calls,
    "all reports, as JSON": reports,
}

if __name__ == "__main__":
    main()
