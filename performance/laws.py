"""``python -m performance.laws FILE...``: CPU and memory of ``trdpgx cohort`` against the number of people, and ``performance/cohort.svg``.

``python -m performance.people`` makes cohorts of any size. CPU is that of the whole process tree.
"""

import argparse
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from performance.plot import Series, chart
from trdpgx.cohort.folder import read_run

PICTURE = Path(__file__).with_name("cohort.svg")


def main() -> None:
    """Measure each file, print a table, and draw it."""
    parser = argparse.ArgumentParser(prog="python -m performance.laws")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--one", action="store_true", help="measure the one file and print people, CPU seconds and MB")
    arguments = parser.parse_args()
    if arguments.one:
        print(*measured(arguments.files[0]))
        return
    rows = []
    for file in arguments.files:
        command = [sys.executable, "-m", "performance.laws", "--one", str(file)]
        people, cpu, memory = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        rows.append((int(people), float(cpu), float(memory)))
    rows.sort()
    print("| people | CPU s | ms a person | peak MB |\n| ---: | ---: | ---: | ---: |")
    print("\n".join(f"| {people:,} | {cpu:.1f} | {1000 * cpu / people:.2f} | {memory:.0f} |" for people, cpu, memory in rows))
    curves = [
        Series("people", "CPU s", [(people, cpu) for people, cpu, _ in rows]),
        Series("people", "peak MB", [(people, memory) for people, _, memory in rows]),
    ]
    PICTURE.write_text(chart(curves))


def measured(file: Path) -> tuple[int, float, float]:
    """Return the people, the CPU seconds and the peak MB of one run."""
    with TemporaryDirectory() as folder:
        tables = Path(folder) / "tables"
        subprocess.run([sys.executable, "-m", "trdpgx", "cohort", str(file), "-o", str(tables)], check=True, stderr=subprocess.DEVNULL)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        run = read_run(tables) or {}
        return int(run["tables"]["samples"]), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if __name__ == "__main__":
    main()
