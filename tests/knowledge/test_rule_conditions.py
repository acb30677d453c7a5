"""When a condition holds, and what is not known holds for nothing."""

import pytest

from trdpgx.knowledge.rules.conditions import Facts, holds
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.rule import AlleleCondition, Condition, EffectAlleleCondition, GeneSeenCondition, PhenotypeCondition

PERSON = Facts(
    phenotypes={("CYP2D6", Scheme.CPIC): Phenotype.UM, ("CYP2D6", Scheme.DPWG): Phenotype.NM},
    effect_alleles={"rs6265": 1, "rs25531": 0},
    seen=frozenset({"CYP2D6", "BDNF"}),
    alleles={"CYP2D6": frozenset({"*1x2", "*17"}), "HLA-A": frozenset({"*02:01", "*31:01"})},
    tested={("HLA-B", "*15:02"): False, ("HLA-B", "*15:11"): True},
)


def phenotype(gene: str, *codes: Phenotype, scheme: Scheme = Scheme.CPIC) -> PhenotypeCondition:
    return PhenotypeCondition(gene=gene, scheme=scheme, any_of=codes)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (phenotype("CYP2D6", Phenotype.UM), True),
        (phenotype("CYP2D6", Phenotype.UM, scheme=Scheme.DPWG), False),
        (phenotype("CYP2D6", Phenotype.NM, Phenotype.IM, scheme=Scheme.DPWG), True),
        (phenotype("CYP2C19", Phenotype.NM), False),
        (phenotype("CYP2C19", Phenotype.NO_RESULT), True),
        (EffectAlleleCondition(variant="rs6265", any_of=(1, 2)), True),
        (EffectAlleleCondition(variant="rs6265", any_of=(0,)), False),
        (EffectAlleleCondition(variant="rs25531", any_of=(0,)), True),
        (EffectAlleleCondition(variant="rs7997012", any_of=(0, 1, 2)), False),
        (GeneSeenCondition(gene="BDNF"), True),
        (GeneSeenCondition(gene="HTR2A"), False),
        (AlleleCondition(gene="CYP2D6", any_of=("*17", "*4")), True),
        (AlleleCondition(gene="CYP2D6", any_of=("*4",)), False),
        (AlleleCondition(gene="CYP2D6", any_of=("*4",), present=False), True),
        (AlleleCondition(gene="CYP2D6", any_of=("*17",), present=False), False),
        (AlleleCondition(gene="HLA-A", any_of=("*31:01",)), True),
        (AlleleCondition(gene="HLA-A", any_of=("*31:01",), present=False), False),
        (AlleleCondition(gene="HLA-A", any_of=("*24:02",), present=False), True),
        (AlleleCondition(gene="HLA-B", any_of=("*15:02",)), False),
        (AlleleCondition(gene="HLA-B", any_of=("*15:02",), present=False), True),
        (AlleleCondition(gene="HLA-B", any_of=("*15:02", "*15:11")), True),
        (AlleleCondition(gene="HLA-B", any_of=("*15:02", "*15:11"), present=False), False),
        (AlleleCondition(gene="HLA-B", any_of=("*58:01",)), False),
        (AlleleCondition(gene="HLA-B", any_of=("*58:01",), present=False), False),
        (AlleleCondition(gene="HLA-C", any_of=("*06:02",)), False),
        (AlleleCondition(gene="HLA-C", any_of=("*06:02",), present=False), False),
    ],
)
def test_holds(condition: Condition, expected: bool) -> None:
    assert holds(condition, PERSON) is expected


def test_nothing_is_known_of_nobody() -> None:
    assert holds(phenotype("CYP2D6", Phenotype.NO_RESULT), Facts())
    assert not holds(GeneSeenCondition(gene="CYP2D6"), Facts())
