"""Pairs of real alleles, turned into genotypes and called back; and the matcher against a slow reading of the same conventions."""

from itertools import combinations_with_replacement
from random import Random

import pytest

from tests.calling import oracle
from tests.calling.tables import call, haplotype_bases, library, real_table, sample_of
from trdpgx.calling.looked_at import NOWHERE
from trdpgx.calling.star_alleles.matcher import all_pairs, match
from trdpgx.calling.star_alleles.pattern import observe
from trdpgx.model.genome import Assembly, SampleSites, SiteCall, SiteState
from trdpgx.model.options import AbsentOption, Options

pytestmark = pytest.mark.slow

GENES = list(library().genes)
SMALL = [gene for gene in GENES if len(real_table(gene).alleles) <= 50]
LARGE = [gene for gene in GENES if gene not in SMALL]


def pairs_of(gene: str) -> list[tuple[str, str]]:
    """Return every pair of a small gene, and the same sample of pairs in each run for a large one."""
    every = list(combinations_with_replacement([allele.name for allele in real_table(gene).alleles], 2))
    return every if gene in SMALL else Random(7).sample(every, 250)


@pytest.mark.parametrize("phased", [True, False], ids=["phased", "unphased"])
@pytest.mark.parametrize("gene", GENES)
def test_every_pair_is_called_back(gene: str, phased: bool) -> None:
    table, rng = real_table(gene), Random(11)
    for first, second in pairs_of(gene):
        sample = sample_of(haplotype_bases(table, first, second, rng), phased=phased)
        pattern = observe(table, library().sites[Assembly.GRCH38], sample, NOWHERE).pattern
        explaining = {frozenset(pair.name.split("/")): pair.score for pair in all_pairs(table, pattern)}
        top = match(table, pattern).pairs
        truth = frozenset({first, second})
        assert truth in explaining, (first, second)
        assert {pair.score for pair in top} == {max(explaining.values())}
        assert {frozenset(pair.name.split("/")) for pair in top} == {p for p, score in explaining.items() if score == top[0].score}


@pytest.mark.parametrize("gene", GENES)
def test_phase_leaves_only_alleles_with_the_same_bases(gene: str) -> None:
    table, rng = real_table(gene), Random(13)
    index = {allele.name: i for i, allele in enumerate(table.alleles)}
    for first, second in pairs_of(gene)[:200]:
        bases = haplotype_bases(table, first, second, rng)
        report = call(gene, sample_of(bases, phased=True))
        for diplotype in report.diplotypes:
            one, other = (index[name] for name in diplotype.alleles)
            straight = all(
                bases[site][0] in table.bases(one, s) and bases[site][1] in table.bases(other, s) for s, site in enumerate(table.sites)
            )
            turned = all(
                bases[site][1] in table.bases(one, s) and bases[site][0] in table.bases(other, s) for s, site in enumerate(table.sites)
            )
            assert straight or turned


@pytest.mark.parametrize("gene", GENES)
def test_the_matcher_agrees_with_the_slow_reading(gene: str) -> None:
    table, rng = real_table(gene), Random(17)
    names = [allele.name for allele in table.alleles]
    for _ in range(60 if gene in SMALL else 5):
        genotypes = haplotype_bases(table, rng.choice(names), rng.choice(names), rng)
        calls: dict[str, SiteCall] = {}
        share, loss = rng.random(), rng.choice([0, 0.1, 0.6, 0.95])
        for site, genotype in genotypes.items():
            if rng.random() < loss:
                continue
            phased = rng.random() < share
            calls[site] = SiteCall(site, SiteState.CALLED, genotype, phased=phased, phase_set=rng.choice([None, 1]) if phased else None)
        sample = SampleSites("sample", calls)
        pattern = observe(table, library().sites[Assembly.GRCH38], sample, NOWHERE).pattern
        expected = oracle.pairs(table, pattern) if calls else {}
        assert {frozenset(pair.name.split("/")): pair.score for pair in all_pairs(table, pattern)} == expected
        assert match(table, pattern).explaining == len(expected)


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("gene", GENES)
def test_variant_rows_alone_give_the_same_call_on_both_assemblies(gene: str, assembly: Assembly) -> None:
    """With ``absent=reference`` a file may leave out what equals the reference base of its own assembly."""
    table, rng, sites = real_table(gene), Random(19), library().sites[assembly]
    options = Options(absent=AbsentOption.REFERENCE)
    for first, second in Random(23).sample(pairs_of(gene), min(60, len(pairs_of(gene)))):
        genotypes = haplotype_bases(table, first, second, rng)
        variants = {site: genotype for site, genotype in genotypes.items() if set(genotype) != {sites[site].ref}}
        whole, rows = call(gene, sample_of(genotypes, phased=False)), call(gene, sample_of(variants, phased=False), options, assembly)
        assert rows.diplotypes == whole.diplotypes
        assert rows.phenotype == whole.phenotype
        assert rows.sites.assumed_reference == len(genotypes) - len(variants)
