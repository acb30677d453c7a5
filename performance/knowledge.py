"""``python -m performance.knowledge``: time and memory of loading the knowledge, and the time of reasoning from it.

Prints the table, and writes it to performance/knowledge.md with ``--write``. Times are CPU time, which a busy machine changes little.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import yaml

from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.model.genome import Assembly, Purpose
from trdpgx.model.options import Options
from trdpgx.pipeline import Service
from trdpgx.reasoning.considerations import consider
from trdpgx.reasoning.drugs import summarise_drugs
from trdpgx.reasoning.prepared import prepare

TABLE = Path(__file__).with_name("knowledge.md")
TARGET_MS = 5.0
"""Milliseconds that the reasoning of one report may take at the median."""
_PHASES = ("python and imports", "the reference", "the rules", "texts and grades of the rules")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m performance.knowledge")
    parser.add_argument("--rounds", type=int, default=300, help="reports to reason about, of each kind")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name}")
    parser.add_argument("--load", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.load:
        print(" ".join(f"{value:.6f}" for value in load()))
        return
    table = report(loaded(), reasoning(arguments.rounds), arguments.rounds)
    print(table)
    if arguments.write:
        TABLE.write_text(table, "utf-8")


def load() -> list[float]:
    """Load everything once; return seconds of CPU and peak MiB after each phase."""
    figures = [*_used()]
    reference = load_reference()
    figures += _used()
    rulebook = load_rulebook(None, reference)
    figures += _used()
    prepare(rulebook)
    figures += _used()
    return figures


def _used() -> tuple[float, float]:
    return time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def loaded(times: int = 5) -> list[list[float]]:
    """Load in fresh processes."""
    command = [sys.executable, "-m", "performance.knowledge", "--load"]
    return [
        [float(word) for word in subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()] for _ in range(times)
    ]


def reasoning(rounds: int) -> dict[str, tuple[int, int, list[float]]]:
    """Return for each kind of genome how many considerations and drugs it raises, and the seconds of CPU that each round took."""
    measured = {}
    with Service() as service:
        for name, content in {
            "the example genome": (Path(__file__).parents[1] / "examples" / "synthetic.vcf").read_bytes(),
            "every variant heterozygous, every gene called": genome(),
        }.items():
            result = service.read(BytesIO(content), Options())
            (made,) = service.reports(result, Options())

            def once(made: object = made) -> int:
                found = consider(service.rules, made.genes, made.variants, made.rare_variants)  # type: ignore[attr-defined]
                return len(found) + 0 * len(summarise_drugs(service.knowledge.rulebook, found))

            measured[name] = (len(made.considerations), len(made.drugs), _timed(once, rounds))
    return measured


def genome() -> bytes:
    """Return a VCF with every variant of the panel heterozygous and every site of a named allele homozygous for the reference."""
    panel = load_reference().panels[Assembly.GRCH38]
    lines = ["##fileformat=VCFv4.2", '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">']
    lines += [f"##contig=<ID=chr{chrom},length={length}>" for chrom, length in panel.contig_lengths.items()]
    lines.append("\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", "ALL-HETEROZYGOUS")))
    rows = {(site.chrom, site.pos): (site.ref, site.alts[0], "0/1" if site.purpose is Purpose.VARIANT else "0/0") for site in panel.sites}
    for (chrom, pos), (ref, alt, genotype) in sorted(rows.items()):
        lines.append("\t".join((f"chr{chrom}", str(pos), ".", ref, alt, "50", "PASS", ".", "GT", genotype)))
    return ("\n".join(lines) + "\n").encode()


def _timed(work: Callable[[], object], rounds: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return taken


def yardstick() -> float:
    """Return the seconds of CPU that PyYAML's C loader alone takes for the files of the rules."""
    texts = [path.read_bytes() for path in rules_directory().rglob("*.yaml")]
    return min(_timed(lambda: [yaml.load(text, Loader=yaml.CSafeLoader) for text in texts], 3))


def report(loads: Sequence[Sequence[float]], measured: dict[str, tuple[int, int, list[float]]], rounds: int) -> str:
    """Return the table in Markdown."""
    middle = [statistics.median(column) for column in zip(*loads, strict=True)]
    seconds, peaks = middle[::2], middle[1::2]
    yard = yardstick()
    lines = [
        "# What the knowledge costs",
        "",
        f"Made by `python -m performance.knowledge --rounds {rounds} --write`.",
        f"CPU milliseconds here; the ratio is to PyYAML's C loader reading the same files ({yard * 1000:.0f} ms).",
        "Loading happens once in the life of a process.",
        "",
        "| loading | CPU ms | ratio | peak MiB after |",
        "| --- | ---: | ---: | ---: |",
    ]
    before = 0.0
    for name, used, peak in zip(_PHASES, seconds, peaks, strict=True):
        lines.append(f"| {name} | {(used - before) * 1000:.0f} | {(used - before) / yard:.1f} | {peak:.0f} |")
        before = used
    lines += [
        "",
        f"| reasoning of one report (aim: {TARGET_MS:.0f} ms at the median) | considerations | drugs | p50 ms | p95 ms |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, (considerations, drugs, taken) in measured.items():
        high = statistics.quantiles(taken, n=20)[-1]
        lines.append(f"| {name} | {considerations} | {drugs} | {statistics.median(taken) * 1000:.2f} | {high * 1000:.2f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
