"""Compare the engine with ``bcftools csq`` on STK19 and CYP2D6 (GRCh38), SLC12A5 and COMT (GRCh37).

    python -m validation.consequence [--alleles 5000] [--seed 1] [--bcftools PATH] [--output validation/consequence/results.tsv]

It compares every SNV of the exons and around them, and ``--alleles`` random indels and multi-base changes of each gene. The exit code is 1
if a difference has no reason in ``differences.tsv``; each is listed.
"""

import argparse
import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.calling.rare.transcripts import all_transcripts
from trdpgx.calling.consequence import consequence
from trdpgx.model.genome import Assembly
from trdpgx.model.transcript import Transcript
from validation.consequence.alleles import random_alleles, snvs
from validation.consequence.explain import explain
from validation.consequence.oracle import Allele, csq

GENES = (("STK19", Assembly.GRCH38), ("CYP2D6", Assembly.GRCH38), ("SLC12A5", Assembly.GRCH37), ("COMT", Assembly.GRCH37))
FOLDER = Path(__file__).parent


def reasons() -> list[str]:
    """Return the ids that ``differences.tsv`` explains."""
    with (FOLDER / "differences.tsv").open(encoding="utf-8") as lines:
        return [row["reason"] for row in csv.DictReader(lines, delimiter="\t")]


def compare(transcript: Transcript, alleles: Sequence[Allele], bcftools: str | None = None) -> tuple[Counter[str], list[str]]:
    """Return how often each reason holds (``agree`` too), and a line for each difference that has none."""
    with tempfile.TemporaryDirectory() as folder:
        stated = csq(transcript, alleles, Path(folder), bcftools)
    counts: Counter[str] = Counter()
    unexplained = []
    for allele in alleles:
        found = consequence(transcript, *allele)
        reason = None if found is None else explain(transcript, allele, found, stated[allele])
        counts[reason or "unexplained"] += 1
        if reason is None:
            unexplained.append(f"{transcript.gene}\t{allele}\t{found}\t{stated[allele]}")
    return counts, unexplained


def main() -> int:
    """Run the comparison; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alleles", type=int, default=5000, help="random alleles of each gene")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bcftools", help="ask this bcftools instead of the one inside pysam")
    parser.add_argument("--output", type=Path, help="write the counts here as well")
    options = parser.parse_args()
    known, unexplained, lines = all_transcripts(), [], []
    columns = ["agree", *reasons(), "unexplained"]
    for gene, assembly in GENES:
        transcript = known[assembly][gene]
        for kind, alleles in (("SNV", snvs(transcript)), ("indel, MNV", random_alleles(transcript, options.alleles, options.seed))):
            counts, rest = compare(transcript, alleles, options.bcftools)
            unexplained += rest
            lines.append("\t".join([gene, assembly, kind, str(len(alleles)), *(str(counts[name]) for name in columns)]))
    table = "\n".join(["\t".join(["gene", "assembly", "kind", "alleles", *columns]), *lines]) + "\n"
    print(table, end="")
    if options.output:
        options.output.write_text(table, encoding="utf-8")
    print(*unexplained, sep="\n", file=sys.stderr)
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
