"""Which of several diplotypes is likely: a prior over what the genotypes leave open, and never more than that."""

from collections.abc import Mapping
from random import Random

import pytest

from tests.calling.tables import call, caveats, haplotype_bases, library, names, real_table, sample_of
from trdpgx.calling import call_genes
from trdpgx.model.gene import FrequencyTable
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import Assembly, SampleSites
from trdpgx.model.options import Options
from trdpgx.model.outside import OutsideCall

COMMON = FrequencyTable(cohort="a village", total=100, counts={"*1": 60, "*2": 20, "*4": 20}, joint={"*2": ("*4",), "*4": ("*2",)})


def seen(gene: str, first: str, second: str, *, without: frozenset[str] = frozenset(), phased: bool = False) -> SampleSites:
    """Return a person with two alleles, of whom the sites ``without`` (rsIDs) were not seen."""
    table = real_table(gene)
    genotypes = haplotype_bases(table, first, second, Random(1))
    return sample_of({site: bases for s, (site, bases) in enumerate(genotypes.items()) if table.rsids[s] not in without}, phased=phased)


def test_a_share_is_a_frequency() -> None:
    """*2 and *4 were counted together and share their count; *9 was not seen and counts as half a haplotype."""
    assert [COMMON.share(allele) for allele in ("*1", "*2", "*4", "*9")] == [0.6, 0.1, 0.1, 0.005]


def test_the_likeliest_comes_first_and_is_stated_to_be_a_prior() -> None:
    report = call("CYP2C19", seen("CYP2C19", "*1", "*2", without=frozenset({"rs3758581"})))
    assert names(report.diplotypes) == ["*1/*2", "*2/*38"]
    assert report.status == "ambiguous"
    assert report.likely is not None
    assert report.likely.diplotype == "*1/*2"
    assert report.likely.share == pytest.approx(3452 / (3452 + 292), abs=1e-4)
    assert report.likely.settled_by == ("rs3758581",)
    assert report.likely.open == 0
    assert "prior and no evidence" in report.likely.text
    assert "ancestry" not in report.likely.text


def test_a_common_diplotype_stands_before_one_with_a_lower_number() -> None:
    report = call("CYP2C19", seen("CYP2C19", "*1", "*38", without=frozenset({"rs3758581"})))
    assert names(report.diplotypes) == ["*1/*1", "*1/*38", "*38/*38"]
    shares = [library().frequencies["CYP2C19"].share(allele) for allele in ("*1", "*38")]
    assert report.likely is not None
    assert report.likely.share == pytest.approx(shares[0] ** 2 / sum(shares) ** 2, abs=1e-4)


def test_half_of_the_sites_of_cyp2d6_are_enough_to_state_what_is_likely() -> None:
    table = real_table("CYP2D6")
    lost = frozenset(Random(8).sample([rsid for rsid in table.rsids if rsid and rsid not in {"rs1065852", "rs1135840"}], 75))
    report = call("CYP2D6", seen("CYP2D6", "*1", "*10", without=lost))
    assert len(report.diplotypes) > 5
    assert report.diplotypes[0].name == "*1/*10"
    assert report.likely is not None
    assert report.likely.diplotype == "*1/*10"
    assert 0.5 < report.likely.share < 1
    assert set(report.likely.settled_by) <= lost


@pytest.mark.parametrize("seed", range(8))
def test_the_sites_that_are_named_do_tune_garbage_collection_it(seed: int) -> None:
    rng = Random(seed)
    gene = rng.choice(["CYP2D6", "CYP2B6", "CYP2C9", "CYP2C19"])
    table = real_table(gene)
    common = list(library().frequencies[gene].counts)[:8]
    whole = haplotype_bases(table, rng.choice(common), rng.choice(common), rng)
    part = {site: bases for site, bases in whole.items() if rng.random() < 0.4}
    report = call(gene, sample_of(part, phased=False))
    if report.likely is None:
        return
    index = {allele.name: i for i, allele in enumerate(table.alleles)}
    labels = [table.label(s) for s in range(len(table.sites))]
    reported = [labels.index(label) for label in report.likely.settled_by]

    def genotypes(alleles: tuple[str, ...]) -> list[list[list[str]]]:
        return [sorted(sorted(table.bases(index[name], s)) for name in alleles) for s in reported]

    first, *others = [diplotype.alleles for diplotype in report.diplotypes]
    assert sum(genotypes(other) == genotypes(first) for other in others) == report.likely.open
    assert not {table.sites[s] for s in reported} & part.keys()


def test_where_two_are_alike_nothing_is_stated() -> None:
    """Without rs2279343, *6 cannot be distinguished from *9, in the cohort no more than here."""
    report = call("CYP2B6", seen("CYP2B6", "*1", "*6", without=frozenset({"rs2279343"})))
    assert names(report.diplotypes) == ["*1/*6", "*1/*9"]
    assert report.likely is None


def test_where_there_is_one_diplotype_nothing_is_stated() -> None:
    assert call("CYP2C19", seen("CYP2C19", "*1", "*2")).likely is None


def test_without_frequencies_an_open_phenotype_is_likely_what_was_called_and_how_likely_is_not_known() -> None:
    """Without rs3064744 the repeat was not read, so UGT1A1*28 is not excluded."""
    report = call("UGT1A1", seen("UGT1A1", "*1", "*6", without=frozenset({"rs3064744"})))
    assert report.phenotype_open
    assert report.likely is not None
    assert (report.likely.diplotype, report.likely.phenotype) == (report.diplotypes[0].name, report.diplotypes[0].phenotype)
    assert (report.likely.cohort, report.likely.chance, report.hidden_chance) == (None, None, None)
    assert "*28" in {hidden.allele for hidden in report.hidden}


def test_nothing_is_stated_of_an_outside_call() -> None:
    sample = seen("CYP2C19", "*1", "*2", without=frozenset({"rs3758581"}))
    calls = [OutsideCall(gene="CYP2C19", diplotype=diplotype, tool="A") for diplotype in ("*1/*2", "*2/*38")]
    report = by_gene(call_genes(library(), Assembly.GRCH38, sample, Options(), calls, caveats=caveats()))["CYP2C19"]
    assert len(report.diplotypes) == 2
    assert report.likely is None


def by_gene(reports: tuple[GeneReport, ...]) -> Mapping[str, GeneReport]:
    return {report.gene: report for report in reports}
