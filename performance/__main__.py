"""``python -m performance``: measure, print the table, and write it to performance/benchmarks.md with ``--write``."""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from performance.panel import RECORDS, panel_vcf
from performance.service import service, yardstick

TABLE = Path(__file__).with_name("benchmarks.md")
WARM_UP = 10


def main() -> None:
    """Measure the panel route beside its yardsticks, one request of each in turn, so that a busy moment hits all of them."""
    parser = argparse.ArgumentParser(prog="python -m performance")
    parser.add_argument("--rounds", type=int, default=200, help="requests of each kind")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name}")
    arguments = parser.parse_args()
    panel = panel_vcf()
    with service() as trdpgx, yardstick() as empty:
        kinds: dict[str, Callable[[], object]] = {
            "discard the panel (the same server, no work)": lambda: empty.post("/", content=panel).raise_for_status(),
            "`GET /livez`": lambda: trdpgx.get("/livez").raise_for_status(),
            f"`POST /v1/reports`, a panel of {RECORDS:,} records": lambda: trdpgx.post("/v1/reports", content=panel).raise_for_status(),
        }
        table = report(measure(kinds, arguments.rounds), len(panel), arguments.rounds)
    print(table)
    if arguments.write:
        TABLE.write_text(table, "utf-8")


def measure(kinds: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each request, by kind."""
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    for turn in range(rounds + WARM_UP):
        for name, ask in kinds.items():
            began = time.perf_counter()
            ask()
            if turn >= WARM_UP:
                taken[name].append(time.perf_counter() - began)
    return taken


def report(taken: dict[str, list[float]], size: int, rounds: int) -> str:
    """Return the table in Markdown. Only the ratios carry over to another machine."""
    yard = statistics.median(next(iter(taken.values())))
    lines = [
        "# Benchmarks",
        "",
        f"Made by `python -m performance --rounds {rounds} --write`, trdpgx {version('trdpgx')}: requests one at a time over loopback,",
        f"client and service on one machine, the kinds in turn; the panel has {size:,} bytes. Milliseconds are this machine's; ratios are",
        "to the median of the first row.",
        "",
        f"Machine: {machine()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} at the end.",
        "",
        "| what | p50 ms | p95 ms | p50 ratio | p95 ratio |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, seconds in taken.items():
        middle, high = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
        lines.append(f"| {name} | {middle * 1000:.2f} | {high * 1000:.2f} | {middle / yard:.1f} | {high / yard:.1f} |")
    return "\n".join(lines) + "\n"


def machine() -> str:
    """Return the processor's name and how many there are."""
    names = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return f"{os.cpu_count()} x {names[0] if names else platform.processor() or platform.machine()}"


if __name__ == "__main__":
    main()
