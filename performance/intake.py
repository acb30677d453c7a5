"""``python -m performance.intake``: time of finding the panel in a genome, compared with other tools, and of uploading the genome.

All ways run in turn, several times, so that other load affects all of them; medians are reported, as ratios to ``bgzip -dc``.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from performance.__main__ import machine
from performance.generate import KINDS, panel, write
from performance.panel import RECORDS, panel_vcf
from performance.plot import Series, chart
from performance.service import service, yardstick
from performance.upload import GIGABIT, memory, throughput, upload
from trdpgx.model.options import Options
from trdpgx.pipeline import Service
from trdpgx.service.memory import keep_memory, lasting

TABLE = Path(__file__).with_name("baseline.md")
PLOT = Path(__file__).with_name("cost.svg")
SIZES = {"gvcf": 400_000, "exome": 60_000, "panel": 2_000, "cohort": 1_000}
GROWTH = {"records of a genome": ("genome", (25_000, 50_000, 100_000, 200_000)), "samples of a cohort": ("cohort", (10, 50, 200, 800))}
LOOP = "import sys; from cyvcf2 import VCF\nfor variant in VCF(sys.argv[1], threads=2): variant.POS"
SLOWER = 16
"""At 1 Gbit/s divided by this, the scan is faster than the upload also on a busy machine."""
COMMAND = Path(sys.executable).with_name("trdpgx")

Row = tuple[str, float, float, float, float]
"""What, seconds, CPU seconds, ratio of these, ratio of seconds."""


def main() -> None:
    """Measure, print, and write the table and the plot with ``--write``."""
    parser = argparse.ArgumentParser(prog="python -m performance.intake")
    parser.add_argument("--records", type=int, default=400_000, help="records of the genome (4,500,000 is a real one)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name} and {PLOT.name}")
    arguments = parser.parse_args()
    keep_memory()
    with lasting():
        prepared = Service()
    with TemporaryDirectory() as name, prepared as opened:
        folder = Path(name)
        genome = made(folder, "genome", arguments.records)
        text = [*heading(arguments), *table("A genome", files(opened, folder, genome, arguments.rounds))]
        for kind, size in SIZES.items():
            text += table(f"{kind}, {size:,}", kinds(opened, made(folder, kind, size), arguments.rounds))
        text += uploads(genome, arguments.rounds)
        text += small_requests()
        curves = [growth(opened, folder, axis, kind, sizes) for axis, (kind, sizes) in GROWTH.items()]
    print("\n".join(text))
    if arguments.write:
        TABLE.write_text("\n".join(text) + "\n", "utf-8")
        PLOT.write_text(chart(curves), "utf-8")


def heading(arguments: argparse.Namespace) -> list[str]:
    """Return the head of the report."""
    return [
        "# Baseline",
        "",
        f"Made by `python -m performance.intake --records {arguments.records} --rounds {arguments.rounds} --write`.",
        f"Machine: {machine()}, load {os.getloadavg()[0]:.1f} at the start.",
        "Medians of runs taken in turn; seconds are this machine's.",
        "Ratios are to the first row of each table.",
    ]


def made(folder: Path, kind: str, size: int) -> Path:
    """Return the file of a generated input."""
    path = folder / f"{kind}-{size}.vcf.gz"
    if not path.exists():
        write(KINDS[kind](size), path)
    return path


def files(opened: Service, folder: Path, genome: Path, rounds: int) -> list[Row]:
    """Measure all ways to the panel records of a file."""
    windows = folder / "windows.tsv"
    windows.write_text("".join(f"chr{site.chrom}\t{site.pos}\t{site.pos + len(site.ref) - 1}\n" for site in panel().sites))
    indexed = folder / "indexed.vcf.gz"
    indexed.write_bytes(genome.read_bytes())
    ready = folder / "ready.vcf.gz"
    ready.write_bytes(genome.read_bytes())
    run("bcftools", "index", "-f", ready)
    ways: dict[str, Callable[[], object]] = {
        "`bgzip -dc`": lambda: run("bgzip", "-dc", genome),
        "intake, every line scanned": lambda: opened.read(genome, Options()),
        "`trdpgx annotate`, whole process": lambda: run(COMMAND, "annotate", genome),
        "`bcftools view -T`": lambda: run("bcftools", "view", "-H", "-T", windows, genome),
        "`bcftools index`, then `view -R`": lambda: (
            run("bcftools", "index", "-f", indexed),
            run("bcftools", "view", "-H", "-R", windows, indexed),
        ),
        "`bcftools view -R` with an index": lambda: run("bcftools", "view", "-H", "-R", windows, ready),
        "cyvcf2's loop, two threads": lambda: run(sys.executable, "-c", LOOP, genome),
    }
    return measured(ways, rounds)


def kinds(opened: Service, path: Path, rounds: int) -> list[Row]:
    """Measure intake beside ``bgzip -dc`` alone."""
    ways: dict[str, Callable[[], object]] = {
        "`bgzip -dc`": lambda: run("bgzip", "-dc", path),
        "intake": lambda: opened.read(path, Options()),
    }
    return measured(ways, rounds)


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def measured(ways: dict[str, Callable[[], object]], rounds: int) -> list[Row]:
    """Run all ways in turn; return the median of each."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, act in ways.items():
            began, used = time.perf_counter(), cpu()
            act()
            taken[name].append((time.perf_counter() - began, cpu() - used))
    medians = {name: [statistics.median(values) for values in zip(*pairs, strict=True)] for name, pairs in taken.items()}
    yard = next(iter(medians.values()))
    return [(name, clock, used, used / max(yard[1], 1e-9), clock / yard[0]) for name, (clock, used) in medians.items()]


def cpu() -> float:
    """Return the CPU seconds of this process, its threads and the processes that it has waited for."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def table(title: str, rows: list[Row]) -> list[str]:
    """Return a table in Markdown."""
    lines = ["", f"## {title}", "", "| way | s | CPU s | CPU ratio | ratio |", "| --- | ---: | ---: | ---: | ---: |"]
    return [*lines, *(f"| {name} | {clock:.3f} | {used:.3f} | {share:.2f} | {ratio:.2f} |" for name, clock, used, share, ratio in rows)]


def uploads(genome: Path, rounds: int) -> list[str]:
    """Measure the time from the last byte of an upload to its report, and its memory, compared with an endpoint that discards."""
    data = genome.read_bytes()
    with yardstick() as empty, service() as server:
        panel_file = panel_vcf()
        upload(server, panel_file)
        idle = memory(server, "VmRSS")
        taken: dict[str, list[float]] = {"discarded": [], "report": []}
        after: list[float] = []
        slowly: list[float] = []
        small: list[float] = []
        for _ in range(rounds):
            small += [sum(upload(server, panel_file)) for _ in range(5)]
            taken["discarded"].append(sum(upload(empty, data, address="/")))
            sending, waiting = upload(server, data)
            taken["report"].append(sending + waiting)
            after.append(waiting)
            slowly.append(upload(server, data, rate=GIGABIT / SLOWER)[1])
        peak = memory(server, "VmHWM")
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    return [
        "",
        "## An upload of the genome at 1 Gbit/s",
        "",
        "| way | s | ratio |",
        "| --- | ---: | ---: |",
        *(f"| {name} | {seconds:.3f} | {seconds / medians['discarded']:.2f} |" for name, seconds in medians.items()),
        "",
        f"The report is there {statistics.median(after) * 1000:.1f} ms after the last byte,",
        f"{statistics.median(after) / statistics.median(small):.2f} times a request with the panel of {RECORDS:,} records,",
        f"and {statistics.median(slowly) / statistics.median(small):.2f} times at {GIGABIT * 8 // SLOWER // 10**6} Mbit/s,",
        "where the scan is faster than the upload.",
        f"The server process grows by {(peak - idle) / 2**20:.0f} MiB at most.",
    ]


def small_requests() -> list[str]:
    """Measure the number of panels a second with two workers."""
    data = panel_vcf()
    with service(workers=2) as server:
        throughput(server, data, clients=4, seconds=2)
        rate = throughput(server, data, clients=4, seconds=6)
    return ["", "## Small panels", "", f"Two workers, four clients: {rate:.0f} requests a second with {RECORDS:,} records each."]


def growth(opened: Service, folder: Path, axis: str, kind: str, sizes: tuple[int, ...]) -> Series:
    """Measure intake against size."""
    points = []
    for size in sizes:
        path = made(folder, kind, size)
        points.append((size, min(measured({"": lambda path=path: opened.read(path, Options())}, 3)[0][1] for _ in range(2))))
    return Series(axis, "seconds", points)


if __name__ == "__main__":
    main()
