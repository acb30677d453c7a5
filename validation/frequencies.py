"""Call a cohort with this program and count its alleles, which makes ``reference/frequencies.csv``.

    python -m validation.frequencies ../shared/real/1kgp_cohort3202_GRCh38.vcf.gz [--output reference/frequencies.csv] [--check]

The cohort's file has variant rows only, so absent sites count as reference. A sample counts, for a gene, if exactly one diplotype is
called; each of its alleles then counts once. Alleles that differ only at sites missing from the call set (``UNREADABLE``) are counted
together. With ``--check`` nothing is written; the exit code is 1 if the file would change. reference/SOURCES.md states the limits of the
numbers.
"""

import argparse
import csv
import io
import sys
from collections import Counter
from pathlib import Path

from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.manifest import identify
from trdpgx.knowledge.manifest import write as write_release
from trdpgx.knowledge.reference.allele_tables import FREQUENCY_COLUMNS
from trdpgx.model.gene import GeneDefinition, NamedAllele
from trdpgx.model.genome import Assembly, PanelSite
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.options import AbsentOption, Options
from validation.genomes import entry_bases
from validation.pipeline import Pipeline

COHORT = "the 1000 Genomes Project (3,202 samples, 30x)"
GENES = ("CYP2C19", "CYP2D6", "CYP2B6", "CYP2C9")
"""The genes that the cohort's file has."""
UNREADABLE = frozenset({"CYP2B6:41009358"})
"""rs2279343: short reads fail there, and the call set has no row for it."""


def count(pipeline: Pipeline, vcf: bytes) -> dict[str, Counter[str]]:
    """Return, for each gene, how many haplotypes of uniquely called samples have each allele."""
    counts: dict[str, Counter[str]] = {gene: Counter() for gene in GENES}
    for genes in pipeline.calls(vcf, Options(absent=AbsentOption.REFERENCE)):
        for report in genes:
            if report.gene in counts and len(report.diplotypes) == 1:
                counts[report.gene].update(report.diplotypes[0].alleles)
    return counts


def alike(library: ReferenceLibrary, gene: str) -> dict[str, list[str]]:
    """Return, for each callable allele, the others that differ from it at unreadable sites alone."""
    definition = library.genes[gene]
    sites = [library.sites[Assembly.GRCH38][site] for site in definition.sites if site not in UNREADABLE]
    groups: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for allele in definition.alleles:
        if allele.callable:
            groups.setdefault(_bases(definition, allele, sites), []).append(allele.name)
    return {name: [other for other in names if other != name] for names in groups.values() for name in names}


def _bases(definition: GeneDefinition, allele: NamedAllele, sites: list[PanelSite]) -> tuple[tuple[str, ...], ...]:
    return tuple(entry_bases(definition, allele, site) for site in sites)


def table(library: ReferenceLibrary, counts: dict[str, Counter[str]]) -> str:
    """Return the CSV."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(FREQUENCY_COLUMNS)
    for gene, own in counts.items():
        others, total = alike(library, gene), own.total()
        joint = {name: own[name] + sum(own[other] for other in others[name]) for name in others}
        for name in sorted((name for name in joint if joint[name]), key=lambda name: (-joint[name], list(others).index(name))):
            out.writerow((gene, name, ";".join(others[name]), joint[name], total, f"{joint[name] / total:.6f}", COHORT))
    return text.getvalue()


def main() -> int:
    """Write the table and the release of the reference, or with ``--check`` return 1 if the table would change."""
    parser = argparse.ArgumentParser(description="Count the alleles of a cohort.")
    parser.add_argument("cohort", type=Path)
    parser.add_argument("--output", type=Path, default=reference_directory() / "frequencies.csv")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    with Pipeline() as pipeline:
        counts = count(pipeline, arguments.cohort.read_bytes())
        made = table(pipeline.reference, counts)
    print(", ".join(f"{gene} {own.total()} haplotypes of {len(own)} alleles" for gene, own in counts.items()))
    if arguments.check:
        same = arguments.output.read_text(encoding="utf-8") == made
        print("frequencies: as committed" if same else "frequencies: differ from what is committed")
        return 0 if same else 1
    arguments.output.write_text(made, encoding="utf-8")
    if arguments.output.parent == reference_directory():
        write_release(reference_directory(), identify(reference_directory()).release.removesuffix("+modified"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
