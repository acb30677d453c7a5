"""What must not change a call: the order of haplotype_bases and sites, unrelated records, the names of phase sets, the assembly."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calling.tables import call, haplotype_bases, library, real_table
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import Assembly, SampleSites, SiteCall, SiteState
from trdpgx.model.options import Options

pytestmark = pytest.mark.slow

GENES = ("CYP2C19", "CYP2D6", "CYP2B6", "UGT1A1")


@st.composite
def samples(draw: st.DrawFn) -> tuple[str, SampleSites]:
    """A gene and a sample that carries two of its alleles, with sites lost, phased and unphased, in one to three phase sets."""
    gene = draw(st.sampled_from(GENES))
    table = real_table(gene)
    names = [allele.name for allele in table.alleles]
    rng = Random(draw(st.integers(0, 2**32)))
    genotypes = haplotype_bases(table, draw(st.sampled_from(names)), draw(st.sampled_from(names)), rng)
    kept, phased = draw(st.sampled_from([0.2, 0.8, 1.0])), draw(st.sampled_from([0.0, 0.5, 1.0]))
    calls = {}
    for site, genotype in genotypes.items():
        if rng.random() < kept:
            known = rng.random() < phased
            block = rng.choice([None, 1, 2]) if known else None
            calls[site] = SiteCall(site, SiteState.CALLED, genotype, phased=known or genotype[0] == genotype[1], phase_set=block)
    return gene, SampleSites("sample", calls)


def same(one: GeneReport, other: GeneReport) -> bool:
    """Whether two reports make the same call: names, scores and meaning (the haplotype_bases of a site may be listed in either order)."""
    return one.model_dump(exclude={"diplotypes": {"__all__": {"matched_sites"}}}) == other.model_dump(
        exclude={"diplotypes": {"__all__": {"matched_sites"}}}
    )


def everything() -> Options:
    return Options(all_candidates=True)


@settings(max_examples=120, deadline=None)
@given(samples(), st.randoms(use_true_random=False))
def test_turning_a_whole_phase_set_does_not_matter(case: tuple[str, SampleSites], rng: Random) -> None:
    gene, sample = case
    turned = {block for block in (None, 1, 2) if rng.random() < 0.5}
    calls = {
        site: SiteCall(site, one.state, one.alleles[::-1], phased=one.phased, phase_set=one.phase_set)
        if (one.phase_set in turned if one.phased else rng.random() < 0.5)
        else one
        for site, one in sample.calls.items()
    }
    assert same(call(gene, sample, everything()), call(gene, SampleSites("sample", calls), everything()))


@settings(max_examples=60, deadline=None)
@given(samples(), st.randoms(use_true_random=False))
def test_the_order_of_sites_and_unrelated_sites_do_not_matter(case: tuple[str, SampleSites], rng: Random) -> None:
    gene, sample = case
    shuffled = list(sample.calls.items())
    rng.shuffle(shuffled)
    unrelated = {
        site: SiteCall(site, SiteState.CALLED, (panel.ref, panel.ref), phased=True)
        for site, panel in library().sites[Assembly.GRCH38].items()
        if panel.gene != gene and rng.random() < 0.3
    }
    assert same(call(gene, sample, everything()), call(gene, SampleSites("sample", dict(shuffled) | unrelated), everything()))


@settings(max_examples=60, deadline=None)
@given(samples())
def test_names_of_phase_sets_and_the_separator_of_homozygous_sites_do_not_matter(case: tuple[str, SampleSites]) -> None:
    gene, sample = case
    names = {None: 77, 1: 1_000_000, 2: None}
    calls = {
        site: SiteCall(
            site,
            one.state,
            one.alleles,
            phased=one.phased and one.alleles[0] != one.alleles[1],
            phase_set=names[one.phase_set] if one.phased else None,
        )
        for site, one in sample.calls.items()
    }
    assert same(call(gene, sample, everything()), call(gene, SampleSites("sample", calls), everything()))


@settings(max_examples=60, deadline=None)
@given(samples())
def test_the_same_bases_give_the_same_call_on_both_assemblies(case: tuple[str, SampleSites]) -> None:
    gene, sample = case
    assert same(call(gene, sample, everything()), call(gene, sample, everything(), Assembly.GRCH37))


@settings(max_examples=60, deadline=None)
@given(samples())
def test_more_phase_never_adds_a_candidate(case: tuple[str, SampleSites]) -> None:
    gene, sample = case
    unphased = {site: SiteCall(site, one.state, one.alleles, phased=one.alleles[0] == one.alleles[1]) for site, one in sample.calls.items()}
    with_phase, without = call(gene, sample, everything()), call(gene, SampleSites("sample", unphased), everything())
    assert set(with_phase.candidates or ()) <= set(without.candidates or ())
    assert {diplotype.name for diplotype in with_phase.diplotypes} <= set(with_phase.candidates or ())
