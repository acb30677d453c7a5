"""``python -m performance.pages``: CPU of writing a report as a page, as a share of making the whole report as JSON.

The inputs are the example and golden ones. Both are measured in turns in one run, and the least of each counts: other work on the
machine only adds.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.golden.cases import cases
from trdpgx import Report, Service, annotate
from trdpgx.report.formats.json import to_json
from trdpgx.report.html.page import render

EXAMPLE = Path(__file__).parents[1] / "examples" / "synthetic.vcf"
SHOWN = ("poor", "met", "nothing", "outside-agrees", "clinical")
WANTED = 0.5
"""The most that a page may take."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m performance.pages")
    parser.add_argument("--rounds", type=int, default=60, help="how often each is made")
    rounds = parser.parse_args().rounds
    service = Service()
    print(f"| input | whole report as JSON, ms | page, ms | page : JSON (wanted {WANTED}) | kB |\n|---|---|---|---|---|")
    print(row("the example", lambda: annotate(EXAMPLE, service=service), service, rounds))
    for case in (case for case in cases() if case.name in SHOWN):
        print(row(f"`{case.name}`", partial(case.reports, service), service, rounds))


def row(name: str, made: Callable[[], list[Report]], service: Service, rounds: int) -> str:
    """Return one line of the table, for what makes the reports of an input."""
    reports = made()
    actions = service.knowledge.rulebook.actions
    makers: tuple[Callable[[], object], Callable[[], object]] = (
        lambda: [to_json(report) for report in made()],
        lambda: render(reports, actions),
    )
    least = [float("inf"), float("inf")]
    for _ in range(rounds):
        for number, make in enumerate(makers):
            began = time.process_time()
            make()
            least[number] = min(least[number], time.process_time() - began)
    whole, page = least
    size = len(render(reports, actions).encode()) / 1000
    return f"| {name} | {whole * 1000:.1f} | {page * 1000:.1f} | {page / whole:.2f} | {size:.0f} |"


if __name__ == "__main__":
    main()
