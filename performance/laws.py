"""``python -m performance.laws``: CPU time of ``trdpgx cohort`` by number of people, sites and patterns, and its memory over time.

``--people``, ``--sites`` and ``--patterns`` take cohorts that differ in these (``python -m performance.people`` makes them); each is run
once, and its row replaces the earlier one in ``cohort_laws.tsv``. ``--resample COHORT SIZE...`` makes cohorts of these many people from a
phased one, measures each as ``--people`` does, and removes it; the rows of docs/cohorts.md are made by it.
``cohort.svg`` is drawn from that file, also without any cohort.
CPU is that of the whole process tree, memory the resident set of all of its processes, read five times a second.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from performance.plot import Series, chart
from trdpgx.cohort.folder import read_run, scan

MEASURED = Path(__file__).with_name("cohort_laws.tsv")
PICTURE = Path(__file__).with_name("cohort.svg")
LAWS = ("people", "sites", "patterns")
_EVERY = 0.2
_SHOWN = 60
"""Number of points of memory over time that are kept."""


def main() -> None:
    """Measure the files of the arguments, and draw all rows of the table."""
    parser = argparse.ArgumentParser(prog="python -m performance.laws")
    for law in LAWS:
        parser.add_argument(f"--{law}", nargs="*", type=Path, default=[], metavar="FILE")
    parser.add_argument("--resample", nargs="+", default=[], metavar="COHORT SIZE", help="make and measure cohorts of so many people")
    parser.add_argument("--one", type=Path, help="measure one file and print its row")
    arguments = parser.parse_args()
    if arguments.one:
        print(*measured(arguments.one), sep="\n")
        return
    rows = {(row[0], float(row[1])): row for row in _kept()}
    cohort, *sizes = arguments.resample or [None]
    asked: list[tuple[Path | int, str]] = [(file, name) for name in LAWS for file in getattr(arguments, name)]
    for file, law in [*asked, *((int(size), "people") for size in sizes)]:
        with TemporaryDirectory() as folder:
            path = file if isinstance(file, Path) else Path(folder) / "people.vcf.gz"
            if not isinstance(file, Path):
                subprocess.run([sys.executable, "-m", "performance.people", str(cohort), str(file), str(path)], check=True)
            command = [sys.executable, "-m", "performance.laws", "--one", str(path)]
            shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        own = dict(zip(LAWS, map(float, shown[:3]), strict=True))
        rows[law, own[law]] = (law, f"{own[law]:.0f}", *shown[3:])
    MEASURED.write_text("".join("\t".join(rows[key]) + "\n" for key in sorted(rows)), "utf-8")
    print("| law | size | CPU s | peak MB | s by the clock |\n| --- | ---: | ---: | ---: | ---: |")
    for law, size, cpu, memory, _, *clock in (rows[key] for key in sorted(rows)):
        print(f"| {law} | {float(size):,.0f} | {cpu} | {memory} | {clock[0] if clock else ''} |")
    PICTURE.write_text(chart(list(_curves(list(rows.values()))), columns=2))


def measured(file: Path) -> tuple[int, int, int, str, str, str, str]:
    """Return people, sites and patterns of a cohort, CPU seconds, peak MB, MB over time, and seconds by the clock.

    MB over time is ``second:MB``, with spaces between.

    Sites are those of its genes that anybody has, patterns the distinct results of its genes.
    """
    with TemporaryDirectory() as folder:
        tables = Path(folder) / "tables"
        running = subprocess.Popen([sys.executable, "-m", "trdpgx", "cohort", str(file), "-o", str(tables)], stderr=subprocess.DEVNULL)
        began, series = time.monotonic(), [(0.0, 0.0)]
        while running.poll() is None:
            series.append((time.monotonic() - began, sum(map(_resident, _tree(running.pid)))))
            time.sleep(_EVERY)
        used, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - began
        if running.returncode:
            sys.exit(f"trdpgx cohort ended with {running.returncode}")
        people = int((read_run(tables) or {})["tables"]["samples"])
        genes = scan(tables, "genes").drop("sample")
        patterns = int(genes.unique().select(pl.len()).collect().item())
        sites = int(scan(tables, "samples").select(pl.col("sites_seen").max()).collect().item())
    peak = max(*(memory for _, memory in series), used.ru_maxrss / 1024)
    kept = series[:: max(1, len(series) // _SHOWN)]
    over_time = " ".join(f"{second:.1f}:{memory:.0f}" for second, memory in kept)
    return people, sites, patterns, f"{used.ru_utime + used.ru_stime:.1f}", f"{peak:.0f}", over_time, f"{clock:.0f}"


def _tree(process: int) -> Iterator[int]:
    """Yield a process and all that it started."""
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))


def _resident(process: int) -> float:
    """Return the resident set of a process in MB; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def _kept() -> Iterator[tuple[str, ...]]:
    for line in MEASURED.read_text("utf-8").splitlines() if MEASURED.exists() else ():
        yield tuple(line.split("\t"))


def _curves(rows: list[tuple[str, ...]]) -> Iterator[Series]:
    for law in LAWS:
        own = sorted((float(size), float(cpu), float(memory)) for name, size, cpu, memory, *_ in rows if name == law)
        if own:
            yield Series(law, "CPU s", [(size, cpu) for size, cpu, _ in own])
            yield Series(law, "peak MB", [(size, memory) for size, _, memory in own])
    largest = max((row for row in rows if row[0] == "people"), key=lambda row: float(row[1]), default=None)
    if largest is not None:
        points = [(float(second), float(memory)) for second, _, memory in (one.partition(":") for one in largest[4].split())]
        yield Series("seconds", f"MB over time, {float(largest[1]):,.0f} people", points, marks=False)


if __name__ == "__main__":
    main()
