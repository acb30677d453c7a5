"""Activity scores and phenotypes from allele names, as CPIC and DPWG read them."""

import pytest

from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.reference.phenotype import (
    UnknownAlleleError,
    activity_score,
    diplotype_haplotypes,
    haplotype,
    phenotype_of,
)
from trdpgx.model.activity import ActivityRange
from trdpgx.model.gene import ActivityBand, GeneDefinition, NamedAllele, Phenotype, PhenotypeTable, Scheme

CPIC = PhenotypeTable(
    Scheme.CPIC,
    (
        ActivityBand(Phenotype.PM, ActivityRange.exactly(0)),
        ActivityBand(Phenotype.IM, ActivityRange(over=0, below=1.25)),
        ActivityBand(Phenotype.NM, ActivityRange(at_least=1.25, up_to=2.25)),
        ActivityBand(Phenotype.UM, ActivityRange(over=2.25)),
    ),
    {},
    "test",
)
DPWG = PhenotypeTable(
    Scheme.DPWG,
    (
        ActivityBand(Phenotype.PM, ActivityRange.exactly(0)),
        ActivityBand(Phenotype.IM, ActivityRange(over=0, below=1.25)),
        ActivityBand(Phenotype.NM, ActivityRange(at_least=1.25, up_to=2.5)),
        ActivityBand(Phenotype.UM, ActivityRange(over=2.5)),
    ),
    {},
    "test",
)
VALUES: dict[str, float | None] = {
    "*1": 1, "*2": 1, "*4": 0, "*5": 0, "*9": 0.25, "*10": 0.25, "*17": 0.5, "*22": None, "*36": 0, "*41": 0.25, "*68": 0
}  # fmt: skip
CYP2D6 = GeneDefinition(
    gene="CYP2D6",
    sites=(),
    alleles=(
        *(NamedAllele(name, {}, "Uncertain function" if value is None else "given", value) for name, value in VALUES.items()),
        NamedAllele("*36 + *10", {}, "Decreased function", 0.25, callable=False, copies=2),
        NamedAllele("*1x≥3", {}, "Increased function", 3.0, callable=False, copies=3, activity_is_lower_bound=True),
    ),
    phenotypes={Scheme.CPIC: CPIC, Scheme.DPWG: DPWG},
    copy_number_matters=True,
)
FUNCTIONS = {
    "*1": "Normal function",
    "*2": "No function",
    "*9": "Decreased function",
    "*12": "Uncertain function",
    "*17": "Increased function",
}
CYP2C19 = GeneDefinition(
    gene="CYP2C19",
    sites=(),
    alleles=tuple(NamedAllele(name, {}, function, None) for name, function in FUNCTIONS.items()),
    phenotypes={
        Scheme.CPIC: PhenotypeTable(
            Scheme.CPIC,
            (),
            {
                ("Normal function", "Normal function"): Phenotype.NM,
                ("No function", "No function"): Phenotype.PM,
                ("Increased function", "Normal function"): Phenotype.RM,
                ("Decreased function", "No function"): Phenotype.LIKELY_PM,
            },
            "test",
        )
    },
)


@pytest.mark.parametrize(
    ("diplotype", "score", "bound", "cpic", "dpwg"),
    [
        ("*1/*1", 2, False, "NM", "NM"),
        ("*4/*5", 0, False, "PM", "PM"),
        ("*10/*10", 0.5, False, "IM", "IM"),
        ("*1/*4", 1, False, "IM", "IM"),
        ("*1/*41", 1.25, False, "NM", "NM"),
        ("*1/*2x2", 3, False, "UM", "UM"),
        ("*1x2/*9", 2.25, False, "NM", "NM"),
        ("*1x2/*17", 2.5, False, "UM", "NM"),
        ("*2x2/*10x3", 2.75, False, "UM", "UM"),
        ("*4x2/*4", 0, False, "PM", "PM"),
        ("*36+*10/*1", 1.25, False, "NM", "NM"),
        ("*36 + *10/*36+*10", 0.5, False, "IM", "IM"),
        ("*36x2+*10/*5", 0.25, False, "IM", "IM"),
        ("*36+*10x2/*10", 0.75, False, "IM", "IM"),
        ("*68+*4/*4", 0, False, "PM", "PM"),
        ("*1x≥3/*4", 3, True, "UM", "UM"),
        ("*1x>=3/*1", 4, True, "UM", "UM"),
        ("*2x≥3/*4", 3, True, "UM", "UM"),
        ("*10x≥3/*4", 0.75, True, "IM", "IM"),
        ("*2xN/*1", 3, True, "UM", "UM"),
        ("*4xN/*1", 1, False, "IM", "IM"),
        ("*4x≥3/*4", 0, False, "PM", "PM"),
    ],
)
def test_scores_and_both_schemes(diplotype: str, score: float, bound: bool, cpic: str, dpwg: str) -> None:
    found = activity_score(CYP2D6, diplotype_haplotypes(CYP2D6, diplotype))
    assert found is not None
    assert (found.value, found.is_lower_bound) == (score, bound)
    assert phenotype_of(CYP2D6, diplotype) == {Scheme.CPIC: cpic, Scheme.DPWG: dpwg}


@pytest.mark.parametrize("diplotype", ["*1/*22", "*22/*22", "*22x2/*1", "*36+*22/*1"])
def test_an_allele_without_a_value_makes_it_indeterminate(diplotype: str) -> None:
    assert activity_score(CYP2D6, diplotype_haplotypes(CYP2D6, diplotype)) is None
    assert set(phenotype_of(CYP2D6, diplotype).values()) == {Phenotype.INDETERMINATE}


def test_the_sum_does_not_depend_on_the_order() -> None:
    assert phenotype_of(CYP2D6, "*4/*1x2") == phenotype_of(CYP2D6, "*1x2/*4")


@pytest.mark.parametrize(
    ("name", "copies", "function"),
    [("*10x2", 2, "Decreased function"), ("*17x2", 2, "Normal function"), ("*2x3", 3, "Increased function"), ("*68+*4", 2, "No function")],
)
def test_composed_haplotypes_carry_copies_and_function(name: str, copies: int, function: str) -> None:
    allele = haplotype(CYP2D6, name)
    assert (allele.copies, allele.function, allele.callable) == (copies, function, False)


@pytest.mark.parametrize("name", ["*999", "", "1", "*1x", "*1x0", "*1+", "*1xM", "*1x2x2", "*999x2", "*4+*999"])
def test_an_unknown_name_is_an_error_that_does_not_repeat_it(name: str) -> None:
    with pytest.raises(UnknownAlleleError) as caught:
        haplotype(CYP2D6, name)
    assert caught.value.name == name
    assert str(caught.value) == "CYP2D6: no such allele"


@pytest.mark.parametrize("diplotype", ["*1", "*1/*1/*1", "/"])
def test_a_diplotype_is_two_haplotypes(diplotype: str) -> None:
    with pytest.raises(UnknownAlleleError):
        phenotype_of(CYP2D6, diplotype)


@pytest.mark.parametrize(
    ("diplotype", "code"),
    [
        ("*1/*1", "NM"),
        ("*17/*1", "RM"),
        ("*1/*17", "RM"),
        ("*2/*9", "Likely PM"),
        ("*1/*12", "Indeterminate"),
        ("*17/*17", "Indeterminate"),
        ("No result", "No result"),
    ],
)
def test_function_pairs(diplotype: str, code: str) -> None:
    assert phenotype_of(CYP2C19, diplotype) == {Scheme.CPIC: code}


def test_copies_have_no_meaning_where_copy_number_does_not_matter() -> None:
    with pytest.raises(UnknownAlleleError):
        phenotype_of(CYP2C19, "*1x2/*1")


def test_no_result_holds_for_every_scheme() -> None:
    assert phenotype_of(CYP2D6, "No result") == {Scheme.CPIC: Phenotype.NO_RESULT, Scheme.DPWG: Phenotype.NO_RESULT}


@pytest.mark.parametrize(
    ("gene", "diplotype", "cpic", "dpwg"),
    [
        ("CYP2D6", "*1/*1", "NM", "NM"),
        ("CYP2D6", "*1/*1x2", "UM", "UM"),
        ("CYP2D6", "*1x2/*17", "UM", "NM"),
        ("CYP2D6", "*1x≥3/*4", "UM", "UM"),
        ("CYP2D6", "*36+*10/*1", "NM", "NM"),
        ("CYP2D6", "*68+*4/*5", "PM", "PM"),
        ("CYP2D6", "*1/*22", "Indeterminate", "Indeterminate"),
        ("CYP2C19", "*1/*17", "RM", "NM"),
        ("CYP2C19", "*17/*17", "UM", "UM"),
        ("CYP2C19", "*2/*9", "Likely PM", "PM"),
        ("CYP2C19", "*1/*9", "Likely IM", "IM"),
        ("CYP2C19", "*38/*2", "IM", "IM"),
    ],
)
def test_on_the_bundled_reference(gene: str, diplotype: str, cpic: str, dpwg: str) -> None:
    assert phenotype_of(load_reference().genes[gene], diplotype) == {Scheme.CPIC: cpic, Scheme.DPWG: dpwg}


@pytest.mark.parametrize(
    ("gene", "diplotype", "cpic"),
    [("CYP2B6", "*6/*6", "PM"), ("CYP2B6", "*1/*4", "RM"), ("CYP2C9", "*1/*2", "IM"), ("CYP2C9", "*3/*3", "PM"), ("CYP3A5", "*1/*3", "IM")],
)
def test_on_the_bundled_reference_by_cpic(gene: str, diplotype: str, cpic: str) -> None:
    assert phenotype_of(load_reference().genes[gene], diplotype)[Scheme.CPIC] == cpic
