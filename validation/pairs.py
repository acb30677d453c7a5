"""Call back every pair of alleles of every gene, and random pairs in random representation; write ``validation/pairs.md``.

    python -m validation.pairs [--random 10000] [--seed 1] [--output validation/pairs.md]

A VCF is written for each pair (``validation.genomes``), read and called. For each person and gene two properties are required:

1. The diplotypes reported are exactly those that ``validation.brute``, which tries every pair and shares no code with the matcher, finds to
   explain the genotypes with the top score.
2. The true pair explains the genotypes; where it is not reported, another pair that explains them has a higher score.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement, islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from trdpgx.model.gene import NamedAllele
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import Assembly
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.options import AbsentOption, Options
from validation.brute import Brute
from validation.genomes import Genotype, Person, Representation, Rows, person, write
from validation.pipeline import Pipeline

Pairs = Mapping[str, tuple[NamedAllele, NamedAllele]]
_PEOPLE_A_FILE = 1_000
VERDICTS = ("alone", "among several", "outscored", "wrong")
_MEANING = {
    "alone": "the true pair is the one diplotype reported",
    "among several": "it is one of several with the same score",
    "outscored": "another pair explains the same genotypes with a higher score",
    "wrong": "the report differs from brute force, or the true pair does not explain its genotypes",
}


class Finding(NamedTuple):
    """One gene of one person: its true pair, what was reported, and the verdict. ``representation`` states how the file was written."""

    gene: str
    truth: str
    stated: str
    verdict: str
    representation: Representation


@dataclass(slots=True)
class Tally:
    """The number of pairs by heading, gene and verdict; the outscored pairs; and a description of the first wrong ones."""

    counts: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    outscored: dict[tuple[str, str], str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def add(self, heading: str, finding: Finding) -> None:
        """Count one pair."""
        self.counts.setdefault((heading, finding.gene), Counter())[finding.verdict] += 1
        if finding.verdict == "outscored":
            self.outscored[finding.gene, finding.truth] = finding.stated
        if finding.verdict == "wrong" and len(self.wrong) < 20:
            self.wrong.append(f"{heading}, {finding.gene}: {finding.truth} became {finding.stated} in {finding.representation}")

    def total(self, verdict: str | None = None) -> int:
        """Return the number of pairs, all of them or those of one verdict."""
        return sum(counts.total() if verdict is None else counts[verdict] for counts in self.counts.values())


@dataclass(frozen=True, slots=True)
class Expected:
    """The result of brute force for one gene of one person: the pairs to report, and whether the true pair explains the genotypes."""

    best: set[frozenset[str]]
    truth: str
    explained: bool

    def verdict(self, report: GeneReport) -> str:
        """Return the verdict on a call."""
        reported = {frozenset(diplotype.alleles) for diplotype in report.diplotypes}
        if reported != self.best or not self.explained:
            return "wrong"
        if frozenset(self.truth.split("/")) not in reported:
            return "outscored"
        return "alone" if len(reported) == 1 else "among several"


class Judge:
    """Computes the result to expect by brute force."""

    def __init__(self, library: ReferenceLibrary) -> None:
        grch38 = library.sites[Assembly.GRCH38]
        self._brutes = {gene: Brute(definition, grch38) for gene, definition in library.genes.items()}

    def expected(self, one: Person, pairs: Pairs) -> dict[str, Expected]:
        """Return the result to expect for each gene of a person."""
        found = {}
        for gene, pair in pairs.items():
            brute, truth = self._brutes[gene], [allele.name for allele in pair]
            scores = brute.scores(one)
            found[gene] = Expected(brute.best(scores), "/".join(truth), brute.explains(scores, truth))
        return found


def callable_alleles(library: ReferenceLibrary, gene: str) -> list[NamedAllele]:
    """Return the alleles of a gene that small variants define."""
    return [allele for allele in library.genes[gene].alleles if allele.callable]


def every_pair(library: ReferenceLibrary) -> Iterator[Pairs]:
    """Yield the pairs of people who together have every pair of every gene: the first pair of each gene, then the second, and so on."""
    queues = {gene: combinations_with_replacement(callable_alleles(library, gene), 2) for gene in library.genes}
    while queues:
        pairs = {gene: pair for gene, queue in queues.items() if (pair := next(queue, None)) is not None}
        queues = {gene: queues[gene] for gene in pairs}
        if pairs:
            yield pairs


def random_pairs(library: ReferenceLibrary, rng: Random) -> Pairs:
    """Return a random pair of alleles in each gene."""
    alleles = {gene: callable_alleles(library, gene) for gene in library.genes}
    return {gene: (rng.choice(own), rng.choice(own)) for gene, own in alleles.items()}


def random_representation(rng: Random) -> Representation:
    """Return a random representation. Dots for alleles of other rows are used only where a row has one ALT of one site."""
    all_rows: list[Rows] = ["all", "variants", "blocks"]
    split, dots, shifted, joined, stars, spare, lower, turned, shuffled = (rng.random() < 0.3 for _ in range(9))
    return Representation(
        assembly=rng.choice(list(Assembly)),
        rows=rng.choice(all_rows),
        prefix=rng.choice(["chr", ""]),
        split=split,
        dots=dots and not (joined or spare),
        shifted=shifted,
        joined=joined,
        stars=stars,
        spare=spare,
        lower=lower,
        turned=turned,
        shuffled=shuffled,
        others=rng.choice([0, 40]),
        seed=rng.randrange(10**6),
    )


def with_sets(one: Person, rng: Random) -> dict[str, Genotype]:
    """Return a person each of whose sites is in one of three phase sets or unphased."""
    turned = {number: rng.random() < 0.5 for number in (1, 2, 3)}
    made = {}
    for site, (first, second, _) in one.items():
        block = rng.choice([1, 2, 3, None])
        made[site] = Genotype(second, first, block) if block and turned[block] else Genotype(first, second, block)
    return made


def judge_file(
    pipeline: Pipeline, people: Sequence[Person], expected: Sequence[Mapping[str, Expected]], representation: Representation
) -> Iterator[Finding]:
    """Yield a finding for each gene of each person in one file."""
    absent = AbsentOption.REFERENCE if representation.rows == "variants" else AbsentOption.MISSING
    reports = pipeline.calls(write(pipeline.reference, people, representation), Options(absent=absent))
    for wanted, genes in zip(expected, reports, strict=True):
        for report in genes:
            if report.gene in wanted:
                stated = " or ".join(diplotype.name for diplotype in report.diplotypes[:6]) or f"no call ({report.no_call_reason})"
                yield Finding(report.gene, wanted[report.gene].truth, stated, wanted[report.gene].verdict(report), representation)


def complete(pipeline: Pipeline, tally: Tally) -> None:
    """Call every pair back: on both assemblies, phased and unphased, with a row for every site and with variant rows only."""
    judge = Judge(pipeline.reference)
    queue = every_pair(pipeline.reference)
    while pairs := list(islice(queue, _PEOPLE_A_FILE)):
        for phased in (True, False):
            people = [person(pipeline.reference, own, Random(1), phased=phased) for own in pairs]
            expected = [judge.expected(one, own) for one, own in zip(people, pairs, strict=True)]
            for representation in (Representation(Assembly.GRCH38, "all"), Representation(Assembly.GRCH37, "variants")):
                heading = f"{representation.assembly.value}, {'phased' if phased else 'unphased'}"
                for finding in judge_file(pipeline, people, expected, representation):
                    tally.add(heading, finding)


def randomly(pipeline: Pipeline, tally: Tally, pairs: int, rng: Random) -> None:
    """Call random pairs back in files of random representation, until ``pairs`` were called."""
    judge = Judge(pipeline.reference)
    while tally.total() < pairs:
        representation = random_representation(rng)
        own = [random_pairs(pipeline.reference, rng) for _ in range(rng.choice([1, 1, 2, 5, 40]))]
        phased = rng.random() < 0.5
        people: list[Person] = [person(pipeline.reference, one, rng, phased=phased) for one in own]
        if not representation.joined and rng.random() < 0.4:
            people = [with_sets(one, rng) for one in people]
        expected = [judge.expected(one, pairs_of_one) for one, pairs_of_one in zip(people, own, strict=True)]
        for finding in judge_file(pipeline, people, expected, representation):
            tally.add("random representation", finding)


def table(tallies: Sequence[Tally]) -> str:
    """Return the counts as Markdown."""
    lines = ["# Pairs of alleles, called back", "", "Made by `python -m validation.pairs`; not edited by hand.", ""]
    lines += [f"- **{verdict}**: {_MEANING[verdict]}." for verdict in VERDICTS]
    lines += ["", "| files | gene | pairs | " + " | ".join(VERDICTS) + " |", "|---|---|---|---|---|---|---|"]
    for tally in tallies:
        for (heading, gene), counts in tally.counts.items():
            entries = " | ".join(str(counts[verdict]) for verdict in VERDICTS)
            lines.append(f"| {heading} | {gene} | {counts.total()} | {entries} |")
    lines += [
        "",
        "## Outscored",
        "",
        "Unphased, these pairs cannot be distinguished from those reported;",
        "the convention prefers the pair whose alleles define more sites.",
        "",
    ]
    lines += ["| gene | true pair | reported |", "|---|---|---|"]
    lines += [f"| {gene} | {truth} | {stated} |" for (gene, truth), stated in tallies[0].outscored.items()]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the table; return 1 if a pair is wrong."""
    parser = argparse.ArgumentParser(description="Call back every pair of alleles, and random pairs in random representation.")
    parser.add_argument("--random", type=int, default=10_000, help="number of random pairs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only-random", action="store_true", help="leave out the complete part, and write no table")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("pairs.md"))
    arguments = parser.parse_args()
    start = time.monotonic()
    whole, represented = Tally(), Tally()
    with Pipeline() as pipeline:
        if not arguments.only_random:
            complete(pipeline, whole)
        randomly(pipeline, represented, arguments.random, Random(arguments.seed))
    if not arguments.only_random:
        arguments.output.write_text(table([whole, represented]), encoding="utf-8")
    wrong = whole.wrong + represented.wrong
    print(*wrong, sep="\n", end="\n" if wrong else "")
    faults, seconds = whole.total("wrong") + represented.total("wrong"), time.monotonic() - start
    print(f"{whole.total()} pairs in all, {represented.total()} random ones, {faults} wrong, {seconds:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
