"""What two haplotypes of a diplotype make, as called and with alleles of other functions that fit them."""

from collections.abc import Iterator
from itertools import product

from msgspec import Struct

from trdpgx.calling.star_alleles.fitting import Haplotype
from trdpgx.calling.star_alleles.functions import Functions, Made, make
from trdpgx.calling.star_alleles.table import AlleleTable
from trdpgx.knowledge.reference.phenotype import haplotype
from trdpgx.model.gene import NamedAllele


class Side(Struct, frozen=True):
    """What is hidden on one haplotype of a diplotype: a set of alleles, and the kinds (``functions``) that they are of."""

    haplotype: Haplotype
    hidden: int
    kinds: tuple[int, ...]


def readings(table: AlleleTable, functions: Functions, sides: tuple[Side, Side]) -> Iterator[tuple[int, int, Made]]:
    """Yield the kinds of both alleles (-1: as called) and what they make, for every pair in which at least one is a hidden one."""
    for one, other in product((-1, *sides[0].kinds), (-1, *sides[1].kinds)):
        if (one, other) != (-1, -1):
            yield one, other, made_with(table, functions, (sides[0].haplotype, one), (sides[1].haplotype, other))


def made_by(table: AlleleTable, functions: Functions, sides: tuple[Side, Side]) -> Made:
    """Return what a diplotype makes as it was called."""
    return made_with(table, functions, (sides[0].haplotype, -1), (sides[1].haplotype, -1))


def slot(functions: Functions, one: Haplotype) -> object:
    """Return what of a haplotype a phenotype may rest on."""
    return one.fixed.name if one.fixed is not None else (functions.kind[one.allele], one.copies)


def made_with(table: AlleleTable, functions: Functions, first: tuple[Haplotype, int], second: tuple[Haplotype, int]) -> Made:
    """Return what two haplotypes make, each with an allele of the kind given instead of that called (-1: as called)."""
    (one, kind), (other, by) = first, second
    if one.fixed is None and other.fixed is None and one.copies == other.copies == 1:
        own = functions.kind[one.allele] if kind < 0 else kind
        return functions.made[own][functions.kind[other.allele] if by < 0 else by]
    alleles = (_allele(table, functions, one, kind), _allele(table, functions, other, by))
    return make(table, functions.schemes, alleles)


def _allele(table: AlleleTable, functions: Functions, one: Haplotype, kind: int) -> NamedAllele:
    if one.fixed is not None:
        return one.fixed
    allele = table.alleles[one.allele] if kind < 0 else functions.examples[kind]
    return allele if one.copies == 1 else haplotype(table.definition, f"{allele.name}x{one.copies}")
