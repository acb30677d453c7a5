"""CYP2D6 of people with a deletion, duplication or hybrid: whether the reported range of activity scores contains the true one.

A small-variant file does not show the change, so the diplotype cannot be right, but the range of activity scores over possible copy
numbers has to contain the true score. The people are those of ``copy_number_truth.tsv``, in the cohort file of the folder of real genomes.
"""

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from trdpgx.calling.star_alleles.diplotypes import named_diplotype
from trdpgx.model.genome import Assembly
from trdpgx.model.options import AbsentOption, Options
from trdpgx.pipeline import Service

TRUTH = Path(__file__).with_name("copy_number_truth.tsv")
COHORT = "1kgp_cohort3202_GRCh38.vcf.gz"
_WHY = {
    "HG00731": "One haplotype of the phased file has everything of *4 but its splice variant (rs3892097 is 1|0, its companions are 1|1), "
    "which no allele has: no call, and no range. The other copies are *4 and the hybrid *68.",
    "HG01190": "*68+*4 opposite a deletion: the second haplotype of the file is no real copy, and its bases spell *41. A range with "
    "the true score would have to begin at 0 for every carrier of *4.",
    "HG03225": "The panel has no row for rs72549347, the stop of *56; with absent sites as reference the copy reads as *10.",
    "NA19317": "Both copies are deleted; what the file shows are reads of CYP2D7. The range is that of one deletion. A record with CN=0 "
    "beside such genotypes is a conflict and is described as one.",
}


@dataclass(frozen=True, slots=True)
class Ranged:
    """One person: the true diplotype, the call, the true score, the reported range, and why the range does not contain the score."""

    sample: str
    truth: str
    call: str
    score: float | None
    reported: tuple[float, float] | None
    why: str

    @property
    def inside(self) -> bool:
        """Whether the range contains the true score."""
        return self.score is not None and self.reported is not None and self.reported[0] <= self.score <= self.reported[1]


def compare(folder: Path, service: Service) -> Iterator[Ranged]:
    """Yield one row for each person of the cohort file whose true diplotype has an activity score."""
    with TRUTH.open(encoding="utf-8") as lines:
        truth = {row["sample"]: row["consensus"] for row in csv.DictReader(lines, delimiter="\t")}
    options = Options(absent=AbsentOption.REFERENCE)
    definition = service.knowledge.reference.genes["CYP2D6"]
    if not (folder / COHORT).exists():
        return
    for report in service.reports(service.read(io.BytesIO(_excerpt(folder / COHORT, truth)), options), options):
        gene = next(gene for gene in report.genes if gene.gene == definition.gene)
        expected = truth[report.input.sample]
        first, second = expected.split("/")
        score = named_diplotype(definition, first, second, phased=False).activity_score
        if score is not None:
            call = " or ".join(diplotype.name for diplotype in gene.diplotypes) or "no call"
            row = Ranged(
                report.input.sample, expected, call, score, gene.copy_number.activity_score_range, _WHY.get(report.input.sample, "")
            )
            yield row if not row.inside else Ranged(row.sample, row.truth, row.call, row.score, row.reported, "")


def _excerpt(path: Path, wanted: Mapping[str, str]) -> bytes:
    """Return the records of chromosome 22 for the people that are wanted."""
    kept: list[str] = []
    columns: list[int] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("##"):
                kept.append(line)
                continue
            entries = line.rstrip("\n").split("\t")
            if line.startswith("#"):
                columns = [*range(9), *(number for number, name in enumerate(entries) if number > 8 and name in wanted)]
            elif entries[0] != "chr22":
                continue
            kept.append("\t".join(entries[number] for number in columns) + "\n")
    return "".join(kept).encode()


def table(rows: list[Ranged]) -> str:
    """Return the rows as a Markdown section."""
    lines = ["", "## CYP2D6 with a copy-number change: the true activity score and the reported range", ""]
    lines += [
        f"Inside the range: {sum(row.inside for row in rows)} of {len(rows)} ({COHORT}, {Assembly.GRCH38}, absent sites as reference).",
        "",
    ]
    lines += ["| sample | truth | true score | call | reported range | inside | why |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        reported = "none" if row.reported is None else f"{row.reported[0]:g} to {row.reported[1]:g}"
        lines.append(
            f"| {row.sample} | {row.truth} | {row.score:g} | {row.call} | {reported} | {'yes' if row.inside else 'no'} | {row.why} |"
        )
    return "\n".join(lines) + "\n"
