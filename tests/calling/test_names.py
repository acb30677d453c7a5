"""Spellings of alleles, haplotypes and diplotypes."""

import pytest

from tests.calling.tables import library
from trdpgx.calling.outside_calls.hla import two_field_allele
from trdpgx.calling.outside_calls.names import gene_and_allele, without_gene
from trdpgx.calling.star_alleles.names import core_allele, haplotypes, member_alleles, natural_key, normal_haplotype
from trdpgx.calling.star_alleles.table import bases_of, is_ambiguous


def test_alleles_sort_by_number() -> None:
    names = ["*80+*28", "*10", "*2", "*1x2", "*1", "*80", "*4", "*36+*10", "*15:02", "*5"]
    assert sorted(names, key=natural_key) == ["*1", "*1x2", "*2", "*4", "*5", "*10", "*15:02", "*36+*10", "*80", "*80+*28"]
    assert sorted(("*17", "*2"), key=natural_key) == ["*2", "*17"]
    assert sorted(("*80+*28", "*1"), key=natural_key) == ["*1", "*80+*28"]


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
    hybrids = library().genes["CYP2D6"].hybrids
    assert normal_haplotype(given, hybrids) == one
    assert normal_haplotype(one, hybrids) == one


@pytest.mark.parametrize(
    ("given", "pair"),
    [
        ("*2/*1", ("*1", "*2")),
        ("*68+*4/*5", ("*5", "*68+*4")),
        ("*41+rs368858603/*1", ("*1", "*41+rs368858603")),
        ("[*1/*31]", ("*1", "*31")),
        ("*1|*4", ("*1", "*4")),
        ("*3A/*S1", ("*3A", "*S1")),
        ("*1", None),
        ("*1/*2/*3", None),
        ("*1/", None),
        ("", None),
        ("Reference/Reference", None),
        ("*Reference/*1", None),
        ("B (wildtype)/B (wildtype)", None),
        ("rs9923231 reference (C)/rs9923231 variant (T)", None),
        ("rs1/*1", None),
        ("A/G", None),
        ("1/4", None),
        ("CYP2C19*2/*1", None),
    ],
)
def test_a_diplotype_has_two_haplotypes(given: str, pair: tuple[str, str] | None) -> None:
    assert haplotypes(given, library().genes["CYP2D6"].hybrids) == pair


def test_members_and_cores() -> None:
    assert member_alleles("*36x2+*10") == ("*36", "*10")
    assert member_alleles("*1x≥3") == ("*1",)
    assert core_allele("*4.013/*2.001x2") == "*4/*2x2"


@pytest.mark.parametrize(
    ("given", "short"),
    [
        ("HLA-B*15:02:01", "*15:02"),
        ("B*15:02", "*15:02"),
        ("*15:02", "*15:02"),
        ("15:02:01:01", "*15:02"),
        ("HLA-B 15:02", "*15:02"),
        ("hla_b*15:02", "*15:02"),
        ("B*1502", "*15:02"),
        ("*15:02:01G", "*15:02"),
        ("*15:01:01:02N", "*15:01N"),
        ("*15", None),
        ("A*31:01", None),
        ("HLA-A*31:01", None),
        ("B75", None),
        ("Reference", None),
        ("", None),
    ],
)
def test_hla_alleles_have_two_fields_and_are_those_of_their_gene(given: str, short: str | None) -> None:
    assert two_field_allele("HLA-B", given) == short


@pytest.mark.parametrize(
    ("gene", "given", "plain"),
    [
        ("CYP2D6", "CYP2D6*3/CYP2D6*4", "*3/*4"),
        ("CYP2D6", "CYP2D6 *3/*4", "*3/*4"),
        ("CYP2D6", "CYP2D6*3/*4", "*3/*4"),
        ("CYP2D6", "cyp2d6: *3 / CYP2D6_*4", "*3 / *4"),
        ("CYP2D6", "CYP2D6*36+CYP2D6*10/CYP2D6*1", "*36+*10/*1"),
        ("CYP2D6", "CYP2C19*2/*4", "CYP2C19*2/*4"),
        ("CYP2D6", "XCYP2D6*2/*4", "XCYP2D6*2/*4"),
        ("HLA-B", "HLA-B*15:02/B*40:01", "*15:02/*40:01"),
        ("HLA-B", "HLA-B:15:02", "15:02"),
        ("HLA-B", "A*31:01/B*40:01", "A*31:01/*40:01"),
    ],
)
def test_the_genes_own_name_before_an_allele_goes(gene: str, given: str, plain: str) -> None:
    assert without_gene(gene, given) == plain


@pytest.mark.parametrize(
    ("given", "pair"),
    [
        ("hla-b", ("HLA-B", None)),
        ("HLA B", ("HLA-B", None)),
        ("HLA_B", ("HLA-B", None)),
        ("HLAB", ("HLA-B", None)),
        ("HLA-B*15:02", ("HLA-B", "*15:02")),
        ("B*15:02", ("HLA-B", "*15:02")),
        ("HLA-DRB1*04:05", ("HLA-DRB1", "*04:05")),
        ("cyp2d6", ("CYP2D6", None)),
        ("HLA", ("HLA", None)),
        ("CYP2D6*4", ("CYP2D6*4", None)),
    ],
)
def test_genes_are_written_as_their_symbol(given: str, pair: tuple[str, str | None]) -> None:
    assert gene_and_allele(given) == pair


def test_iupac_entries() -> None:
    assert bases_of("S") == {"C", "G"}
    assert bases_of("CAT") == {"CAT"}
    assert bases_of("CR") == {"CA", "CG"}
    assert is_ambiguous("S")
    assert not is_ambiguous("CATAT")
