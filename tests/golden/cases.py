"""The golden reports: each folder of tests/cases/golden/ is one input, how it is asked, and the reports that it gives.

``python -m tests.golden.cases`` (``make golden``) writes ``report.json`` and ``report.txt`` anew. A change of them has its reason in
CHANGELOG.md. What differs between two runs of the same program (ids, times) and what names the release of the knowledge is left out, so
that a golden report changes only where a reader would read something else.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from trdpgx import Options, Report, Service, annotate
from trdpgx.model.options import DetailOption
from trdpgx.report.formats.json import to_json
from trdpgx.report.text.report import to_text

FOLDER = Path(__file__).parents[1] / "cases" / "golden"
FULL_TEXT = frozenset({"poor", "outside-conflicts"})
"""Cases of which the full text is kept too, as ``full.txt``."""
VOLATILE = ("report_id", "created_at", "software", "knowledge")


@dataclass(frozen=True)
class Case:
    """One input: the file, what comes with it, and the options of the request."""

    name: str
    folder: Path
    source: Path | None
    """``None``: outside calls or a context alone."""
    options: dict[str, Any]
    outside_calls: Path | None
    targets: Path | None
    context: Path | None

    def reports(self, service: Service) -> list[Report]:
        """Return the reports as Python gives them."""
        return annotate(
            self.source,
            options=Options.model_validate(self.options),
            outside_calls=self.outside_calls.read_bytes() if self.outside_calls else None,
            targets=self.targets.read_bytes() if self.targets else None,
            context=self.context.read_bytes() if self.context else None,
            service=service,
        )

    @property
    def form(self) -> dict[str, Path]:
        """Return the files by the name of their part in a form, besides the VCF."""
        parts = (("outside_calls", self.outside_calls), ("targets", self.targets), ("context", self.context))
        return {name: path for name, path in parts if path}


def cases() -> list[Case]:
    """Return every case, by name."""
    return [_case(path.parent) for path in sorted(FOLDER.glob("*/case.yaml"))]


def _case(folder: Path) -> Case:
    settings = yaml.safe_load((folder / "case.yaml").read_text("utf-8"))
    settings.pop("about")
    named = settings.pop("input")
    source = folder / named if named else None
    outside, targets, context = (
        path if path.exists() else None for path in (folder / n for n in ("outside.tsv", "targets.bed", "context.json"))
    )
    return Case(folder.name, folder, source, settings, outside, targets, context)


def steady(report: dict[str, Any]) -> dict[str, Any]:
    """Return a report without what differs from run to run."""
    return {key: value for key, value in report.items() if key not in VOLATILE}


def json_text(reports: list[dict[str, Any]]) -> str:
    """Return reports as JSON with one item of each list of theirs on a line, so that a difference can be read."""
    return "[" + ",\n".join(_one(steady(report)) for report in reports) + "]\n"


def _one(report: dict[str, Any]) -> str:
    parts = []
    for key, value in report.items():
        if isinstance(value, list) and value:
            items = ",\n ".join(json.dumps(item, ensure_ascii=False) for item in value)
            parts.append(f"{json.dumps(key)}: [\n {items}]")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{" + ",\n".join(parts) + "}"


def plain_text(reports: list[Report], detail: DetailOption = DetailOption.SUMMARY) -> str:
    """Return the text of reports without the two lines that name the program and the releases."""
    return "\n\n".join(_without_releases(to_text(report, detail)) for report in reports)


def _without_releases(text: str) -> str:
    first, _releases, rest = text.split("\n", 2)
    return f"{first.partition('  ')[2]}\n{rest}"


def main() -> None:
    """Write the reports of all cases, or of those that are named."""
    named = set(sys.argv[1:])
    known = cases()
    unknown = sorted(named.difference(case.name for case in known))
    if unknown:
        sys.exit(f"there is no case {', '.join(unknown)}; the cases are: {', '.join(case.name for case in known)}")
    with Service() as service:
        for case in known:
            if named and case.name not in named:
                continue
            reports = case.reports(service)
            (case.folder / "report.json").write_text(json_text([json.loads(to_json(report)) for report in reports]), "utf-8")
            (case.folder / "report.txt").write_text(plain_text(reports), "utf-8")
            if case.name in FULL_TEXT:
                (case.folder / "full.txt").write_text(plain_text(reports, DetailOption.FULL), "utf-8")
            print(f"{case.name}: {len(reports)} report{'' if len(reports) == 1 else 's'}")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
