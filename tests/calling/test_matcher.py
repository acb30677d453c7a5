"""The matcher's conventions on tables small enough to check by hand."""

import pytest

from tests.calling.tables import called, gene, names, panel, table
from trdpgx.calling.looked_at import NOWHERE
from trdpgx.calling.star_alleles.matcher import all_pairs, match
from trdpgx.calling.star_alleles.pattern import Pattern, observe
from trdpgx.calling.star_alleles.table import AlleleTable

DOCUMENTED = gene(
    {
        "*1": {"s1": "C", "s2": "C", "s3": "T", "s4": "G", "s5": "A"},
        "*2": {"s1": "T", "s4": "A"},
        "*3": {"s4": "A"},
        "*4": {"s2": "T"},
        "*5": {"s1": "T"},
    }
)
"""The example of the field's reference matcher (PharmCAT, Named Allele Matcher 101)."""
SITES = panel(DOCUMENTED)


def pattern(genotypes: dict[str, str], sets: dict[str, int] | None = None) -> tuple[AlleleTable, Pattern]:
    alleles = table(DOCUMENTED)
    return alleles, observe(alleles, SITES, called(genotypes, sets), NOWHERE).pattern


FULL = {"s1": "C/T", "s2": "C/C", "s3": "T/T", "s4": "A/G", "s5": "A/A"}


@pytest.mark.parametrize(
    ("changes", "top", "score", "everything", "missing"),
    [
        ({}, ["*1/*2"], 7, ["*1/*2", "*3/*5"], ()),
        ({"s5": "."}, ["*1/*2"], 6, ["*1/*2", "*3/*5"], ()),
        ({"s1": "."}, ["*1/*2", "*1/*3"], 5, ["*1/*2", "*1/*3"], ("*2", "*5")),
        ({"s4": "."}, ["*1/*2", "*1/*5"], 5, ["*1/*2", "*1/*5"], ("*2", "*3")),
        ({"s1": "C|T", "s4": "G|A"}, ["*1/*2"], 7, ["*1/*2"], ()),
        ({"s1": "C|T", "s4": "A|G"}, ["*3/*5"], 2, ["*3/*5"], ()),
        ({"s1": "T|C", "s4": "G|A"}, ["*3/*5"], 2, ["*3/*5"], ()),
        ({"s1": "C|T", "s4": "A/G"}, ["*1/*2"], 7, ["*1/*2", "*3/*5"], ()),
        ({"s1": "C/C", "s4": "G/G"}, ["*1/*1"], 10, ["*1/*1"], ()),
    ],
)
def test_pairs_and_scores_are_as_documented(
    changes: dict[str, str], top: list[str], score: int, everything: list[str], missing: tuple[str, ...]
) -> None:
    alleles, seen = pattern(FULL | changes)
    found = match(alleles, seen)
    assert names(found.pairs) == top
    assert {pair.score for pair in found.pairs} == {score}
    assert found.missing == missing
    assert names(all_pairs(alleles, seen)) == everything
    assert found.explaining == len(everything)
    assert sum(group.count for group in found.others) == len(everything) - len(found.pairs)


def test_phase_sets_are_independent_of_each_other() -> None:
    genotypes = FULL | {"s1": "C|T", "s4": "A|G"}
    one_block, two_blocks = match(*pattern(genotypes, {"s1": 7, "s4": 7})), match(*pattern(genotypes, {"s1": 7, "s4": 9}))
    assert names(one_block.pairs) == ["*3/*5"]
    assert names(two_blocks.pairs) == ["*1/*2"]
    assert one_block.phased
    assert not two_blocks.phased


def test_a_haplotype_that_no_allele_has_is_named_by_its_sites() -> None:
    alleles, seen = pattern(FULL | {"s2": "C|T", "s1": "C|T", "s4": "G|A"})
    found = match(alleles, seen)
    assert found.pairs == ()
    assert [alleles.sites[s] for s in found.failing] == ["s1", "s2", "s4"]
