"""CPU time of calling one gene of one sample: ``python -m performance.calling [--write]``.

Measured are the first sample of a request and a later one with the same genotypes. Times are also given as ratios to the SHA-256 of 1 MiB
on the same machine, as only ratios carry over to another one.
"""

import argparse
import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from time import process_time_ns

from msgspec.structs import replace

from trdpgx.calling import call_genes
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.model.genome import Assembly, SampleSites, SiteCall, SiteState
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.options import Options
from validation.genomes import Person, person

TABLE = Path(__file__).with_name("calling.md")
_YARDSTICK = b"\0" * 2**20


def took(work: Callable[[], object], rounds: int) -> float:
    """Return the median CPU milliseconds of ``work``."""
    times = []
    for _ in range(rounds):
        began = process_time_ns()
        work()
        times.append(process_time_ns() - began)
    return median(times) / 1e6


def sample_of(one: Person) -> SampleSites:
    """Return a person as the sample that intake would return."""
    calls = {}
    for site, genotype in one.items():
        same = genotype.first == genotype.second
        calls[site] = SiteCall(site, SiteState.CALLED, genotype.haplotypes, phased=same or genotype.block is not None)
    return SampleSites("sample", calls)


def people(reference: ReferenceLibrary, gene: str) -> dict[str, Person]:
    """Return people of one gene, from the easiest genotypes to the hardest."""
    definition, sites, rng = reference.genes[gene], reference.sites[Assembly.GRCH38], Random(4)
    alleles = [allele for allele in definition.alleles if allele.callable]
    rarest = max(alleles[1:], key=lambda allele: len(allele.bases) if len(allele.bases) < len(definition.sites) else 0)
    usual = person(reference, {gene: (alleles[0], rarest)}, rng, phased=False)
    every = {
        site: genotype._replace(first=sites[site].ref, second=sites[site].alts[0], block=None)
        for site, genotype in person(reference, {gene: (alleles[0], alleles[0])}, rng, phased=False).items()
    }
    common = sorted(every, key=lambda site: -sum(allele.bases.get(site, sites[site].ref) != sites[site].ref for allele in alleles))[:2]
    return {
        "two alleles, unphased": usual,
        "two alleles, phased": {site: genotype._replace(block=0) for site, genotype in usual.items()},
        "half of the sites unseen": {site: genotype for n, (site, genotype) in enumerate(usual.items()) if n % 2},
        "every site heterozygous, unphased": every,
        "two sites seen, both variant": {site: every[site]._replace(first=every[site].second) for site in common},
    }


def only(reference: ReferenceLibrary, gene: str) -> ReferenceLibrary:
    """Return the reference with one gene."""
    return replace(reference, genes={gene: reference.genes[gene]})


def table(rounds: int) -> str:
    """Measure, and return the table as Markdown."""
    reference = load_reference()
    caveats = load_rulebook(None, reference).caveats
    yardstick = took(lambda: hashlib.sha256(_YARDSTICK).digest(), 200)
    lines = [
        "# What calling costs",
        "",
        f"Made by `python -m performance.calling --rounds {rounds} --write`.",
        "CPU milliseconds of the report of one gene of one sample (median), here;",
    ]
    lines += [f"in brackets as a ratio to the SHA-256 of 1 MiB ({yardstick:.2f} ms).", ""]
    lines += ["| gene | sites | alleles | genotypes | diplotypes | first | same genotypes again |", "|---|---:|---:|---|---:|---:|---:|"]
    for gene, definition in reference.genes.items():
        own = only(reference, gene)
        for kind, one in people(reference, gene).items():
            sample = sample_of(one)

            def work(own: ReferenceLibrary = own, sample: SampleSites = sample, memo: Memo | None = None) -> object:
                return call_genes(own, Assembly.GRCH38, sample, Options(), caveats=caveats, memo=memo)

            (report,) = call_genes(own, Assembly.GRCH38, sample, Options(), caveats=caveats)
            cold, warm = took(work, rounds), took(partial(work, memo=Memo()), rounds)
            entries = (gene, len(definition.sites), sum(a.callable for a in definition.alleles), kind, len(report.diplotypes))
            lines.append("| " + " | ".join(map(str, entries)) + f" | {_shown(cold, yardstick)} | {_shown(warm, yardstick)} |")
    whole = sample_of(
        {site: genotype for gene in reference.genes for site, genotype in people(reference, gene)["two alleles, unphased"].items()}
    )

    def everything(memo: Memo | None = None) -> object:
        return call_genes(reference, Assembly.GRCH38, whole, Options(), caveats=caveats, memo=memo)

    cold, warm = took(everything, rounds), took(partial(everything, Memo()), rounds)
    lines.append(f"| all {len(reference.genes)} | | | two alleles, unphased | | {_shown(cold, yardstick)} | {_shown(warm, yardstick)} |")
    return "\n".join(lines) + "\n"


def _shown(milliseconds: float, yardstick: float) -> str:
    return f"{milliseconds:.2f} ({milliseconds / yardstick:.2f})"


def main() -> None:
    """Measure, print the table, and write it with ``--write``."""
    parser = argparse.ArgumentParser(prog="python -m performance.calling")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name}")
    arguments = parser.parse_args()
    found = table(arguments.rounds)
    print(found)
    if arguments.write:
        TABLE.write_text(found, "utf-8")


if __name__ == "__main__":
    main()
