"""The alleles of a gene sorted by function, and what two functions make: worked out once for each table, from the reference alone."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from trdpgx.calling.star_alleles.diplotypes import read
from trdpgx.calling.star_alleles.table import AlleleTable, bits
from trdpgx.model.gene import NamedAllele, Phenotype, Scheme

Codes = tuple[Phenotype | None, ...]
"""The phenotype by each scheme of a gene, in the order of its tables."""


class Made(NamedTuple):
    """What two alleles make: the phenotypes, and the activity score where the gene has scores and both alleles have one."""

    codes: Codes
    score: float | None


class Functions(Struct, frozen=True, eq=False):
    """Kinds of alleles: those of one function and one activity value are of one kind, and no phenotype tells them apart.

    ``kind[i]`` is the kind of allele ``i``, ``members[c]`` the set of alleles of kind ``c`` and ``examples[c]`` one of them. ``known`` is
    the set of alleles whose function is neither uncertain nor unknown. ``made[c][d]`` is what two kinds make. ``matrix`` has a row for
    each kind and a column for each allele: one where the allele is of that kind.
    """

    schemes: tuple[Scheme, ...]
    kind: tuple[int, ...]
    members: tuple[int, ...]
    examples: tuple[NamedAllele, ...]
    known: int
    made: tuple[tuple[Made, ...], ...]
    matrix: NDArray[np.float64]


def is_known(function: str) -> bool:
    """Return whether the source names a function: neither ``Uncertain function`` nor ``Unknown function``."""
    return not function.startswith(("Uncertain", "Unknown"))


@lru_cache(maxsize=256)
def functions_of(table: AlleleTable) -> Functions:
    """Return the kinds of alleles of a table."""
    schemes = tuple(table.definition.phenotypes)
    kind = table.kind
    members = [0] * len(set(kind))
    for i, number in enumerate(kind):
        members[number] |= 1 << i
    examples = tuple(table.alleles[next(bits(group))] for group in members)
    made = tuple(tuple(make(table, schemes, (one, other)) for other in examples) for one in examples)
    return Functions(
        schemes=schemes,
        kind=kind,
        members=tuple(members),
        examples=examples,
        known=sum(1 << i for i, allele in enumerate(table.alleles) if is_known(allele.function)),
        made=made,
        matrix=np.array([[float(number == group) for number in kind] for group in range(len(members))]),
    )


def make(table: AlleleTable, schemes: Sequence[Scheme], alleles: tuple[NamedAllele, NamedAllele]) -> Made:
    """Return what two alleles make."""
    reading = read(table.definition, alleles)
    return Made(tuple(reading.phenotypes.get(scheme) for scheme in schemes), reading.activity.value if reading.activity else None)
