"""What can be called from what: of a gene by its table, and of a sample by its seen sites."""

from random import Random

import pytest

from tests.calling.tables import EVERYWHERE, call, gene, haplotype_bases, library, real_table, sample_of, table
from trdpgx.calling.coverage import allele_sites, assembly_alleles, sample_coverage, showing
from trdpgx.model.coverage import AlleleSites, GeneCoverage
from trdpgx.model.genome import Assembly, SampleSites, SiteCall, SiteState
from trdpgx.model.options import AbsentOption, Options


def sites_of(gene_name: str, allele: str) -> AlleleSites:
    return next(one for one in allele_sites(library(), gene_name) if one.allele == allele)


def cover(gene_name: str, sample: SampleSites, options: Options | None = None) -> GeneCoverage:
    found = sample_coverage(library(), Assembly.GRCH38, sample, options or Options(), looked=EVERYWHERE)
    return next(one for one in found.genes if one.gene == gene_name)


@pytest.mark.parametrize(
    ("gene_name", "allele", "count", "among"),
    [
        ("CYP2C19", "*38", 0, None),
        ("CYP2C19", "*1", 1, "CYP2C19:94842866"),
        ("CYP2C19", "*17", 2, "CYP2C19:94761900"),
        ("UGT2B7", "*1", 1, "UGT2B7:69098620"),
        ("UGT2B7", "*2", 0, None),
        ("UGT1A1", "*80+*28", 2, "UGT1A1:233760233"),
    ],
)
def test_an_allele_is_called_from_the_sites_that_tell_it_from_the_reference_allele(
    gene_name: str, allele: str, count: int, among: str | None
) -> None:
    found = sites_of(gene_name, allele)
    assert found.callable
    assert len(found.defined_by) == count
    assert among is None or among in found.defined_by


def test_structural_alleles_are_called_from_no_site() -> None:
    assert sites_of("CYP2D6", "*5") == AlleleSites(allele="*5", callable=False, defined_by=(), same_bases=())


@pytest.mark.parametrize(
    ("gene_name", "grch37", "grch38"),
    [("CYP2C19", "*1", "*38"), ("CYP2D6", "*2", "*1"), ("CYP3A5", "*3", "*1"), ("UGT2B15", "*2", "*2"), ("CYP2C9", "*1", "*1")],
)
def test_what_the_bases_of_an_assembly_are(gene_name: str, grch37: str, grch38: str) -> None:
    assert assembly_alleles(library(), gene_name) == {Assembly.GRCH37: (grch37,), Assembly.GRCH38: (grch38,)}


def test_what_seen_sites_can_show() -> None:
    """*4 is *2 and more; *5 has a site to itself."""
    alleles = table(gene({"*1": {"a": "A", "b": "C", "c": "G"}, "*2": {"a": "T"}, "*4": {"a": "T", "b": "A"}, "*5": {"c": "T"}}))

    def stated(seen: int) -> tuple[tuple[str, ...], list[tuple[str, tuple[str, ...]]]]:
        shown, hidden = showing(alleles, seen)
        return shown, [(one.allele, one.looks_like) for one in hidden]

    assert stated(0b111) == (("*2", "*4", "*5"), [])
    assert stated(0b101) == (("*2", "*5"), [("*4", ("*2",))])
    assert stated(0b110) == (("*4", "*5"), [("*2", ("*1",))])
    assert stated(0b001) == (("*2",), [("*4", ("*2",)), ("*5", ("*1",))])
    assert stated(0b000) == ((), [("*2", ("*1",)), ("*4", ("*1",)), ("*5", ("*1",))])


@pytest.mark.parametrize("gene_name", list(library().genes))
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_hidden_is_what_a_report_calls_missing(gene_name: str, seed: int) -> None:
    rng, alleles = Random(seed), real_table(gene_name)
    whole = haplotype_bases(alleles, "*2" if gene_name.startswith("UGT2B") else alleles.alleles[0].name, alleles.alleles[1].name, rng)
    part = {site: bases for site, bases in whole.items() if rng.random() < 0.6}
    sample = sample_of(part, phased=False)
    found = cover(gene_name, sample)
    assert tuple(one.allele for one in found.hidden) == call(gene_name, sample).missing_alleles
    assert len(found.shown) + len(found.hidden) == len(alleles.alleles) - 1
    assert [one.site for one in found.unseen_sites] == [site for site in alleles.sites if site not in part]


def test_it_does_not_depend_on_the_genotypes() -> None:
    alleles = real_table("CYP2C9")
    reports = [
        cover("CYP2C9", sample_of(haplotype_bases(alleles, *pair, Random(1)), phased=False)) for pair in (("*1", "*1"), ("*2", "*3"))
    ]
    assert reports[0] == reports[1]
    assert reports[0].hidden == ()
    assert len(reports[0].shown) == 87


def test_absent_sites_count_as_seen_only_where_the_caller_asked_for_it() -> None:
    empty = SampleSites("sample", {})
    nothing, everything = cover("CYP2D6", empty), cover("CYP2D6", empty, Options(absent=AbsentOption.REFERENCE))
    assert (nothing.seen, nothing.assumed, len(nothing.shown)) == (0, 0, 0)
    assert (everything.seen, everything.assumed, len(everything.hidden)) == (157, 157, 0)
    assert "*5" in nothing.structural


def test_variants_state_why_they_were_not_seen() -> None:
    calls = {
        "rs6265": SiteCall("rs6265", SiteState.CALLED, ("C", "T")),
        "rs4680": SiteCall("rs4680", SiteState.NO_CALL),
    }
    found = {one.id: one for one in sample_coverage(library(), Assembly.GRCH38, SampleSites("sample", calls), Options()).variants}
    assert (found["rs6265"].seen, found["rs6265"].reason) == (True, "called")
    assert (found["rs4680"].seen, found["rs4680"].reason) == (False, "no_call")
    assert (found["rs988748"].seen, found["rs988748"].reason) == (False, "absent")
