"""``python -m performance``: measure, print the table, and write it to performance/benchmarks.md with ``--write``."""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import httpx

from performance.panel import RECORDS, panel_vcf
from performance.service import Running, service, yardstick

TABLE = Path(__file__).with_name("benchmarks.md")
WARM_UP = 10


def main() -> None:
    """Measure reports of a panel and two requests to compare with, one of each in turn, so that other load affects all of them."""
    parser = argparse.ArgumentParser(prog="python -m performance")
    parser.add_argument("--rounds", type=int, default=200, help="requests of each kind")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name}")
    arguments = parser.parse_args()
    panel = panel_vcf()
    with service() as trdpgx, yardstick() as empty:
        kinds = {
            "discard the panel (the same server, no work)": Kind(empty, lambda client: client.post("/", content=panel)),
            "`GET /livez`": Kind(trdpgx, lambda client: client.get("/livez")),
            f"`POST /v1/reports`, a panel of {RECORDS:,} records": Kind(trdpgx, lambda client: client.post("/v1/reports", content=panel)),
        }
        table = report(measure(kinds, arguments.rounds), len(panel), arguments.rounds)
    print(table)
    if arguments.write:
        TABLE.write_text(table, "utf-8")


@dataclass
class Kind:
    """A kind of request, and what each one took: seconds by the clock, and of the server's CPU."""

    server: Running
    ask: Callable[[httpx.Client], httpx.Response]
    clock: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def measure(kinds: dict[str, Kind], rounds: int) -> dict[str, Kind]:
    """Fill in what each request took."""
    for turn in range(rounds + WARM_UP):
        for kind in kinds.values():
            used, began = kind.server.cpu_seconds(), time.perf_counter()
            kind.ask(kind.server.client).raise_for_status()
            ended = time.perf_counter()
            if turn >= WARM_UP:
                kind.clock.append(ended - began)
                kind.cpu.append(kind.server.cpu_seconds() - used)
    return kinds


def report(kinds: dict[str, Kind], size: int, rounds: int) -> str:
    """Return the table in Markdown. Only the ratios carry over to another machine.

    A ratio is the median over the rounds. Each round has one request of each kind, so that other load affects both of its sides.
    """
    yard = next(iter(kinds.values()))
    lines = [
        "# Benchmarks",
        "",
        f"Made by `python -m performance --rounds {rounds} --write`, trdpgx {version('trdpgx')}:",
        "requests one at a time over loopback, client and service on one machine, the kinds in turn;",
        f"the panel has {size:,} bytes.",
        "Milliseconds are this machine's.",
        "Ratios are to the first row, and are medians over the rounds;",
        "in each round all kinds are asked once.",
        "CPU is that of all processes of the service, and depends least on other load.",
        "",
        f"Machine: {machine()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} at the end.",
        "",
        "| what | p50 ms | p95 ms | ratio | CPU ms | CPU ratio |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, kind in kinds.items():
        middle, high = statistics.median(kind.clock), statistics.quantiles(kind.clock, n=20)[-1]
        cpu = statistics.median(kind.cpu)
        clock_ratio, cpu_ratio = paired(kind.clock, yard.clock), paired(kind.cpu, yard.cpu)
        lines.append(f"| {name} | {middle * 1000:.2f} | {high * 1000:.2f} | {clock_ratio:.1f} | {cpu * 1000:.2f} | {cpu_ratio:.1f} |")
    return "\n".join(lines) + "\n"


def paired(taken: list[float], yard: list[float]) -> float:
    """Return the median of the ratios of values that were taken in the same rounds."""
    return statistics.median(one / other for one, other in zip(taken, yard, strict=True))


def machine() -> str:
    """Return the processor's name and how many there are."""
    names = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return f"{os.cpu_count()} x {names[0] if names else platform.processor() or platform.machine()}"


if __name__ == "__main__":
    main()
