"""Spellings of alleles, haplotypes and diplotypes."""

import pytest

from app.calling.bases import bases_of, is_ambiguous
from app.calling.names import core_allele, diplotype_name, haplotypes, member_alleles, natural_key, normal_haplotype, two_field_allele


def test_alleles_sort_by_number() -> None:
    names = ["*80+*28", "*10", "*2", "*1x2", "*1", "*80", "*4", "*36+*10", "*15:02", "*5"]
    assert sorted(names, key=natural_key) == ["*1", "*1x2", "*2", "*4", "*5", "*10", "*15:02", "*36+*10", "*80", "*80+*28"]
    assert diplotype_name("*17", "*2") == "*2/*17"
    assert diplotype_name("*80+*28", "*1") == "*1/*80+*28"


@pytest.mark.parametrize(
    ("given", "one"),
    [
        ("*1", "*1"),
        (" *36 + *10 ", "*36+*10"),
        ("*10+*36", "*36+*10"),
        ("(*68)+*4", "*68+*4"),
        ("*4+*68", "*68+*4"),
        ("*4+*13+*68x2", "*13+*68x2+*4"),
        ("*36+*36+*10", "*36x2+*10"),
        ("*1X2", "*1x2"),
        ("*1x>=3", "*1x≥3"),
        ("*1≥3", "*1x≥3"),
        ("*1xN", "*1xN"),
        ("*2.001", "*2"),
        ("*4.013+*68", "*68+*4"),
        ("*4.021.ALDY", "*4"),
        ("*4.ALDY_2", "*4"),
        ("*1x2+*1xN", "*1x2+*1xN"),
        ("Reference", "Reference"),
        ("*41+rs368858603", "*41+rs368858603"),
    ],
)
def test_one_spelling_for_a_haplotype(given: str, one: str) -> None:
    assert normal_haplotype(given) == one
    assert normal_haplotype(one) == one


@pytest.mark.parametrize(
    ("given", "pair"),
    [("*2/*1", ("*1", "*2")), ("*68+*4/*5", ("*5", "*68+*4")), ("*1", None), ("*1/*2/*3", None), ("*1/", None), ("", None)],
)
def test_a_diplotype_has_two_haplotypes(given: str, pair: tuple[str, str] | None) -> None:
    assert haplotypes(given) == pair


def test_members_and_cores() -> None:
    assert member_alleles("*36x2+*10") == ("*36", "*10")
    assert member_alleles("*1x≥3") == ("*1",)
    assert core_allele("*4.013/*2.001x2") == "*4/*2x2"


@pytest.mark.parametrize(
    ("given", "short"), [("HLA-B*15:02:01", "*15:02"), ("B*15:02", "*15:02"), ("*31:01", "*31:01"), ("31:01:02:01", "*31:01")]
)
def test_hla_alleles_have_two_fields(given: str, short: str) -> None:
    assert two_field_allele(given) == short


def test_iupac_cells() -> None:
    assert bases_of("S") == {"C", "G"}
    assert bases_of("CAT") == {"CAT"}
    assert bases_of("CR") == {"CA", "CG"}
    assert is_ambiguous("S")
    assert not is_ambiguous("CATAT")
