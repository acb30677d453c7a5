"""Compare calls with published diplotypes of real people, and write the table ``validation/concordance.md``.

    python -m validation.concordance ../shared/real [--output validation/concordance.md]

The folder has ``truth.tsv`` (columns sample, gene, consensus, source), VCFs and optionally ``files.tsv`` (columns file, absent). Without
``files.tsv`` every ``*.vcf.gz`` of at most 300 MB is read with ``absent=reference`` where its name has "phased" and with ``absent=missing``
elsewhere. Of several consensus rows for one sample and gene the newest is used. ``reasons.tsv`` states why a call differs.
"""

import argparse
import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trdpgx.calling.star_alleles.names import normal_haplotype
from trdpgx.model.options import AbsentOption, Options
from trdpgx.pipeline import Service
from validation import copy_number

REASONS = Path(__file__).with_name("reasons.tsv")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    file: str
    assembly: str
    gene: str
    sample: str
    truth: str
    call: str
    verdict: str
    reason: str


def truth_of(folder: Path) -> dict[tuple[str, str], str]:
    """Return (sample, gene) -> consensus diplotype, from the newest source of each."""
    newest: dict[tuple[str, str], tuple[int, str]] = {}
    with (folder / "truth.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", row["source"])] or [0]
            key = (row["sample"], row["gene"])
            if key not in newest or max(years) > newest[key][0]:
                newest[key] = (max(years), row["consensus"])
    return {key: consensus for key, (_, consensus) in newest.items()}


def files_of(folder: Path) -> list[tuple[Path, AbsentOption]]:
    """Return the files to read, each with its option for absent positions."""
    listed = folder / "files.tsv"
    if listed.exists():
        with listed.open(encoding="utf-8") as lines:
            return [(folder / row["file"], AbsentOption(row["absent"])) for row in csv.DictReader(lines, delimiter="\t")]
    small = sorted(path for path in folder.glob("*.vcf.gz") if path.stat().st_size < 300e6 and "cohort" not in path.name)
    return [(path, AbsentOption.REFERENCE if "phased" in path.name else AbsentOption.MISSING) for path in small]


def compare(folder: Path) -> Iterator[Row]:
    """Yield one row for each file, sample and gene with a published diplotype."""
    truth = truth_of(folder)
    with REASONS.open(encoding="utf-8") as lines:
        reasons = {(row["gene"], row["sample"], row["assembly"]): row["reason"] for row in csv.DictReader(lines, delimiter="\t")}
    with Service() as service:
        for path, absent in files_of(folder):
            options = Options(absent=absent)
            for report in service.reports(service.read(path, options), options):
                for gene in report.genes:
                    expected = truth.get((report.input.sample, gene.gene))
                    if expected is None:
                        continue
                    names = [diplotype.name for diplotype in gene.diplotypes]
                    call = " or ".join(names) or "no call"
                    verdict = _verdict(expected, names)
                    person, assembly = (gene.gene, report.input.sample), report.input.assembly
                    known = reasons.get((*person, assembly)) or reasons.get((*person, "*"), "UNEXPLAINED")
                    reason = "" if verdict == "same" else known
                    yield Row(path.name, report.input.assembly, gene.gene, report.input.sample, expected, call, verdict, reason)


def _verdict(expected: str, names: list[str]) -> str:
    wanted = _unordered(expected)
    called = [_unordered(name) for name in names]
    if not called:
        return "no call"
    if wanted not in called:
        return "differs"
    return "same" if len(called) == 1 else "among several"


def _unordered(diplotype: str) -> tuple[str, ...]:
    return tuple(sorted(normal_haplotype(allele) for allele in diplotype.split("/")))


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table under a summary by gene."""
    lines = ["# Concordance with published diplotypes", "", "Made by `python -m validation.concordance`; not edited by hand.", ""]
    lines += ["| gene | file | same | among several | differs | no call |", "|---|---|---|---|---|---|"]
    for gene, file in dict.fromkeys((row.gene, row.file) for row in rows):
        counts = [sum(r.verdict == v and r.gene == gene and r.file == file for r in rows) for v in _VERDICTS]
        lines.append(f"| {gene} | {file} | " + " | ".join(str(count) for count in counts) + " |")
    lines += ["", "| gene | sample | assembly | file | truth | call | verdict | why |", "|---|---|---|---|---|---|---|---|"]
    lines += [f"| {r.gene} | {r.sample} | {r.assembly} | {r.file} | {r.truth} | {r.call} | {r.verdict} | {r.reason} |" for r in rows]
    return "\n".join(lines) + "\n"


_VERDICTS = ("same", "among several", "differs", "no call")


def main() -> int:
    """Write the table; return 1 if a difference has no reason in ``reasons.tsv``."""
    parser = argparse.ArgumentParser(description="Compare calls with published diplotypes.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("concordance.md"))
    arguments = parser.parse_args()
    rows = sorted(compare(arguments.folder), key=lambda row: (row.gene, row.file, row.sample))
    with Service() as service:
        ranged = sorted(copy_number.compare(arguments.folder, service), key=lambda row: row.sample)
    arguments.output.write_text(table(rows) + (copy_number.table(ranged) if ranged else ""), encoding="utf-8")
    unexplained = [row for row in rows if row.reason == "UNEXPLAINED"]
    outside = [row for row in ranged if not row.inside and not row.why]
    print(f"{len(rows)} rows, {sum(row.verdict == 'same' for row in rows)} the same, {len(unexplained)} unexplained")
    print(
        f"{sum(row.inside for row in ranged)} of {len(ranged)} true activity scores inside the reported range, {len(outside)} unexplained"
    )
    return 1 if unexplained or outside else 0


if __name__ == "__main__":
    sys.exit(main())
