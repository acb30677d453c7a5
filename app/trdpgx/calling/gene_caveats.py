"""The caveats of a gene: what a reader has to know about its sites, its alleles and its reads."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from trdpgx.calling.caveats import Caveats, RaisedCaveat, caveat, holding
from trdpgx.calling.reads import against_reads
from trdpgx.calling.star_alleles.combinations import MOST_BLOCKS, MOST_STEPS, Combinations
from trdpgx.calling.star_alleles.diplotypes import Meaning
from trdpgx.calling.star_alleles.functions import is_known
from trdpgx.calling.star_alleles.matcher import Match
from trdpgx.calling.star_alleles.other_pairs import other_pairs_text
from trdpgx.calling.star_alleles.pattern import Observation
from trdpgx.calling.star_alleles.table import AlleleTable
from trdpgx.calling.uncalled import labels, unknown_labels
from trdpgx.model.gene_report import ResearchDiplotype
from trdpgx.model.genome import SampleSites
from trdpgx.texts import either

_MOST_NAMED = 6
"""The most diplotypes that a caveat names."""


def research_notes(research: Combinations) -> Iterator[RaisedCaveat]:
    """Yield what there is to know of combinations of alleles."""
    if research.stopped:
        yield caveat("research_combinations_not_tried", blocks=MOST_BLOCKS, steps=MOST_STEPS)
    elif research.diplotypes:
        yield caveat("research_combinations", listed=len(research.diplotypes), equal=research.equal)


def research_without(table: AlleleTable, seen: Observation, others: Sequence[ResearchDiplotype]) -> Iterator[RaisedCaveat]:
    """Yield what a gene without a call would be called if the base, phase or record that forbids a call were left out (``others``)."""
    if others:
        names = either((diplotype.name for diplotype in others), _MOST_NAMED)
        yield caveat(f"research_{others[0].reason}", names=names, sites=unknown_labels(table, seen))


@lru_cache(maxsize=256)
def default_alleles(table: AlleleTable) -> frozenset[str]:
    """Return the alleles that spell out every site: those that are called where no variant is found."""
    return frozenset(allele.name for allele in table.definition.alleles if len(allele.bases) == len(table.definition.sites))


def unknown_bases(table: AlleleTable, seen: Observation) -> Iterator[RaisedCaveat]:
    """Yield each base at a defining site that no definition has."""
    for unknown in seen.unknown:
        label = table.label(table.sites.index(unknown.site))
        yield caveat("unknown_allele", bases=", ".join(unknown.bases), label=label, site=unknown.site)


def of_call(table: AlleleTable, seen: Observation, matched: Match, called: Meaning) -> Iterator[RaisedCaveat]:
    """Yield what a call rests on and what it leaves out."""
    total = len(table.sites)
    observed = seen.seen - seen.assumed
    for default in sorted(called.alleles & default_alleles(table)) if observed else ():
        yield caveat("reference_by_default", allele=default, seen=observed)
    if seen.seen and seen.seen < total:
        yield caveat("sites_unseen", unseen=total - seen.seen, total=total)
    if seen.assumed:
        yield caveat("absent_as_reference", assumed=seen.assumed, total=total)
    if called.diplotypes and matched.others:
        yield caveat("other_pairs_possible", others=other_pairs_text(table, matched, called))
    if not table.definition.has_cpic_function:
        yield caveat("no_function_assigned")
    elif unclear := _unclear(called):
        yield caveat("unknown_function", alleles=", ".join(unclear))


def of_rules(table: AlleleTable, seen: Observation, called: Meaning, caveats: Caveats) -> Iterator[RaisedCaveat]:
    """Return the caveats that the rules have for the alleles of this gene."""
    unseen = {table.rsids[s] for s, genotype in enumerate(seen.pattern) if genotype is None}
    return (caveat(key) for key, _ in holding(caveats, table.definition.gene, called.alleles, unseen=unseen))


def of_reads(table: AlleleTable, sample: SampleSites) -> Iterator[RaisedCaveat]:
    """Yield the sites whose genotypes the file's own reads contradict, in one caveat."""
    calls = sample.calls
    contradicted = [s for s, site in enumerate(table.sites) if site in calls and against_reads(calls[site])]
    if contradicted:
        yield caveat("genotype_against_reads", sites=labels(table, contradicted))


def _unclear(called: Meaning) -> list[str]:
    """Return the alleles whose function the source calls uncertain or unknown."""
    pairs = (pair for diplotype in called.diplotypes for pair in zip(diplotype.alleles, diplotype.functions, strict=True))
    return list(dict.fromkeys(name for name, function in pairs if not is_known(function)))
