"""CPU time of starting commands and imports, as ratios to ``import numpy``: ``python -m performance.start [--rounds 11] [--write]``.

Each is a whole process; all of them run in turn.
"""

import argparse
import os
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = Path(__file__).with_name("start.md")
GENOME = ROOT / "examples" / "synthetic.vcf"
COMMAND = str(Path(sys.executable).with_name("trdpgx"))
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Without the variable that keeps Python from caching compiled modules."""
WAYS = {
    "`python -c 'import numpy'`": [sys.executable, "-c", "import numpy"],
    "`python -c pass`": [sys.executable, "-c", "pass"],
    "`import trdpgx`": [sys.executable, "-c", "import trdpgx"],
    "`from trdpgx import annotate`": [sys.executable, "-c", "from trdpgx import annotate"],
    "`trdpgx --help`": [COMMAND, "--help"],
    "`trdpgx annotate` of the example genome": [COMMAND, "annotate", str(GENOME)],
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m performance.start")
    parser.add_argument("--rounds", type=int, default=11, help="times that each is run")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name}")
    arguments = parser.parse_args()
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    for command in WAYS.values():
        used(command)
    for _ in range(arguments.rounds):
        for name, command in WAYS.items():
            seconds[name].append(used(command))
    table = report({name: min(taken) for name, taken in seconds.items()}, arguments.rounds)
    print(table)
    if arguments.write:
        TABLE.write_text(table, "utf-8")


def used(command: list[str]) -> float:
    """Return the CPU seconds of a process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=_ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def report(least: dict[str, float], rounds: int) -> str:
    """Return the table in Markdown."""
    base = next(iter(least.values()))
    lines = [
        "# What a start costs",
        "",
        f"Made by `python -m performance.start --rounds {rounds} --write`: the least CPU time of each,",
        "child processes included.",
        "Only the ratios carry over to another machine.",
        "",
        "| process | CPU ms | ratio |",
        "| --- | ---: | ---: |",
        *(f"| {name} | {seconds * 1000:.0f} | {seconds / base:.1f} |" for name, seconds in least.items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
