"""Which alleles are hidden, and how likely they are: properties over random people, and a slow oracle that must agree."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calling import open_oracle
from tests.calling.tables import call, haplotype_bases, library, panel, real_table, sample_of
from trdpgx.calling.looked_at import NOWHERE, looked_at
from trdpgx.calling.star_alleles.diplotypes import matched
from trdpgx.calling.star_alleles.hidden import look
from trdpgx.calling.star_alleles.matcher import match
from trdpgx.calling.star_alleles.open_phenotype import Question, opening
from trdpgx.calling.star_alleles.pattern import observe
from trdpgx.calling.star_alleles.table import AlleleTable, allele_table, bits
from trdpgx.model.gene import FrequencyTable, GeneDefinition, NamedAllele, Phenotype, PhenotypeTable, Scheme
from trdpgx.model.genome import Assembly, NoCallReason, SampleSites, SiteCall, SiteState
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.region import Interval

pytestmark = pytest.mark.slow

GENES = ("CYP2C19", "CYP2D6", "CYP2B6", "CYP2C9", "CYP3A5", "UGT1A1")
FUNCTIONS = ("Normal function", "Decreased function", "No function", "Increased function", "Uncertain function")
NUMBERS = {"Normal function": 2, "Decreased function": 1, "No function": 0, "Increased function": 4}
BY_SUM = {0: Phenotype.PM, 1: Phenotype.IM, 2: Phenotype.IM, 3: Phenotype.NM, 4: Phenotype.NM}


def by_functions() -> PhenotypeTable:
    """A scheme in which one decreased allele beside a normal one changes nothing, and two do."""
    pairs = {}
    for one in FUNCTIONS:
        for other in FUNCTIONS:
            known = one in NUMBERS and other in NUMBERS
            code = BY_SUM.get(NUMBERS[one] + NUMBERS[other], Phenotype.UM) if known else Phenotype.INDETERMINATE
            pairs[one, other] = code
    return PhenotypeTable(Scheme.CPIC, (), pairs, "made")


@st.composite
def small_genes(draw: st.DrawFn) -> tuple[AlleleTable, SampleSites, FrequencyTable]:
    """A made gene of at most five sites and seven alleles, a person with two of its alleles and lost sites, and frequencies."""
    rng = Random(draw(st.integers(0, 2**32)))
    sites = [f"s{n}" for n in range(rng.randint(1, 5))]
    alleles = [NamedAllele("*1", dict.fromkeys(sites, "A"), "Normal function", None, is_reference=True)]
    for number in range(2, rng.randint(3, 8)):
        entries = {site: rng.choice("GGGR") for site in sites if rng.random() < 0.4}
        alleles.append(NamedAllele(f"*{number}", entries, rng.choice(FUNCTIONS), None))
    gene = GeneDefinition("GENE1", tuple(sites), tuple(alleles), {Scheme.CPIC: by_functions()})
    table = allele_table(gene, panel(gene))
    names = [allele.name for allele in alleles]
    genotypes = haplotype_bases(table, rng.choice(names), rng.choice(names), rng)
    kept = {site: bases for site, bases in genotypes.items() if rng.random() < 0.6}
    counts = {name: rng.randint(1, 60) for name in names if rng.random() < 0.7}
    return table, sample_of(kept, phased=rng.random() < 0.5), FrequencyTable("a village", 400, counts, {})


@settings(max_examples=400, deadline=None)
@given(small_genes())
def test_the_oracle_agrees(case: tuple[AlleleTable, SampleSites, FrequencyTable]) -> None:
    table, sample, frequencies = case
    pattern = observe(table, panel(table.definition), sample, NOWHERE).pattern
    for pair, diplotype in zip(match(table, pattern).pairs, matched(table, pattern).diplotypes, strict=True):
        found = look(table, pattern, [diplotype], frequencies, 0)
        ((one, other),) = found.sides
        assert (set(bits(one.hidden)), set(bits(other.hidden))) == open_oracle.hidden(table, pattern, pair.first, pair.second)
        assert found.chance is not None
        assert found.chance.counted == pytest.approx(open_oracle.chance(table, pattern, pair.first, pair.second, frequencies), abs=1e-9)
        assert found.chance.counted <= found.chance.smoothed <= found.chance.at_most
        if found.hidden:
            assert sum(found.readings.values()) == pytest.approx(1)


@st.composite
def people(draw: st.DrawFn) -> tuple[str, SampleSites, SampleSites]:
    """A person with two alleles of a real gene: some of the sites seen, and some more of them."""
    gene = draw(st.sampled_from(GENES))
    table = real_table(gene)
    names = [allele.name for allele in table.alleles]
    rng = Random(draw(st.integers(0, 2**32)))
    genotypes = haplotype_bases(table, draw(st.sampled_from(names)), draw(st.sampled_from(names)), rng)
    phased = draw(st.booleans())
    few = {site: bases for site, bases in genotypes.items() if rng.random() < 0.6}
    more = {site: bases for site, bases in genotypes.items() if site in few or rng.random() < 0.5}
    return gene, sample_of(few, phased=phased), sample_of(more, phased=phased)


@settings(max_examples=60, deadline=None)
@given(people())
def test_seeing_more_sites_never_hides_more(case: tuple[str, SampleSites, SampleSites]) -> None:
    """As long as they name the same diplotypes: another call asks another question."""
    gene, few, more = case
    less, fuller = call(gene, few), call(gene, more)
    if [d.name for d in less.diplotypes] == [d.name for d in fuller.diplotypes]:
        assert {hidden.allele for hidden in fuller.hidden} <= {hidden.allele for hidden in less.hidden}
        assert less.phenotype_open or not fuller.phenotype_open or fuller.hidden_chance is None or fuller.hidden_chance >= 0.01


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(GENES), st.integers(0, 2**32), st.booleans())
def test_where_every_site_is_seen_nothing_is_hidden(gene: str, seed: int, phased: bool) -> None:
    table, rng = real_table(gene), Random(seed)
    names = [allele.name for allele in table.alleles]
    report = call(gene, sample_of(haplotype_bases(table, rng.choice(names), rng.choice(names), rng), phased=phased))
    assert not report.hidden
    assert not report.phenotype_open
    assert report.unseen_note is None
    assert not report.settled_by


@settings(max_examples=40, deadline=None)
@given(people())
def test_the_sites_that_are_named_do_tune_garbage_collection_it(case: tuple[str, SampleSites, SampleSites]) -> None:
    gene, sample, _ = case
    table, report = real_table(gene), call(gene, sample)
    pattern = observe(table, library().sites[Assembly.GRCH38], sample, NOWHERE).pattern
    labels = {table.label(s): s for s, genotype in enumerate(pattern) if genotype is None}
    reported = [labels[label] for label in report.settled_by]
    found = look(table, pattern, report.diplotypes, library().frequencies.get(gene), 0)
    assert {table.alleles[k].name for k in bits(found.hidden)} == {hidden.allele for hidden in report.hidden}
    for side in (side for both in found.sides for side in both):
        for k in bits(side.hidden):
            assert any(not table.bases(k, s) & table.bases(side.haplotype.allele, s) for s in reported)


def test_the_setting_decides_from_which_chance_on_a_phenotype_is_open() -> None:
    """*35 is on no list; beside *1/*1 of which its own site alone was not seen it is 3 in 100."""
    table = real_table("CYP2C19")
    genotypes = haplotype_bases(table, "*1", "*2", Random(1))
    unseen = {s for s, rsid in enumerate(table.rsids) if rsid == "rs12769205"}
    sample = sample_of({site: bases for s, (site, bases) in enumerate(genotypes.items()) if s not in unseen}, phased=False)
    pattern = observe(table, library().sites[Assembly.GRCH38], sample, NOWHERE).pattern
    called = matched(table, pattern)
    found = {
        chance: opening(table, pattern, called, Question(library().frequencies["CYP2C19"], {"*2": "made"}, chance))
        for chance in (0.01, 0.05)
    }
    assert [hidden.allele for hidden in found[0.01].hidden] == ["*35"]
    assert (found[0.01].open, found[0.05].open) == (True, False)
    assert (found[0.01].called.phenotype, found[0.05].called.phenotype is None) == (None, False)


def test_a_refused_allele_heads_the_list_and_opens_the_phenotype_whatever_the_chance() -> None:
    """*5 is on no list and nobody of the panel had it."""
    table = real_table("CYP2C19")
    site = dict(zip(table.rsids, table.sites, strict=True))["rs56337013"]
    whole = sample_of(haplotype_bases(table, "*1", "*1", Random(1)), phased=False)
    refused = SiteCall(site, SiteState.NO_CALL, reason=NoCallReason.FILTERED, refused=("T",))
    report = call("CYP2C19", SampleSites("sample", whole.calls | {site: refused}))
    assert [(hidden.allele, hidden.refused) for hidden in report.hidden] == [("*5", True)]
    assert report.phenotype is None
    assert report.likely is not None
    assert (report.likely.phenotype, report.settled_by) == (Phenotype.NM, ("rs56337013",))
    silent = call("CYP2C19", SampleSites("sample", whole.calls | {site: refused._replace(refused=())}))
    assert (silent.phenotype_open, [hidden.refused for hidden in silent.hidden]) == (False, [False])


def test_assumed_sites_count_as_seen_and_what_is_open_without_them_stands_beside() -> None:
    table = real_table("CYP2C19")
    seen = dict(zip(table.rsids, table.sites, strict=True))["rs28399504"]
    report = call("CYP2C19", sample_of({seen: ("A", "A")}, phased=False), Options(absent=AbsentOption.REFERENCE))
    assert report.assumed
    assert (report.phenotype.code if report.phenotype else None, report.phenotype_open, report.source) == ("NM", False, "vcf")
    assert report.if_assumption_wrong is not None
    assert (len(report.if_assumption_wrong.alleles), report.if_assumption_wrong.open) == (16, True)
    assert report.if_assumption_wrong.chance == pytest.approx(0.64, abs=0.005)
    assert "64 %" in report.if_assumption_wrong.text
    assert set(report.if_assumption_wrong.phenotype_range) > {Phenotype.NM, Phenotype.PM}


def test_nothing_is_assumed_where_the_file_does_not_show_that_it_looked() -> None:
    site = library().sites[Assembly.GRCH38]["CYP2C19:94781859"]
    assert looked_at(["10"]).shows(site)
    assert not looked_at(["22"]).shows(site)
    assert not NOWHERE.shows(site)
    around = [Interval("10", site.pos - 5, site.pos - 1), Interval("10", site.pos, site.pos + 4)]
    assert looked_at(["22"], around).shows(site)
    assert not looked_at(["10"], around[:1]).shows(site)
    assert not looked_at([], around).shows(site), "a file without records shows nothing"
