"""How likely it is that a hidden allele is carried: a prior over one cohort in Hardy-Weinberg proportions."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from trdpgx.calling.star_alleles.fitting import Haplotype
from trdpgx.calling.star_alleles.functions import Functions, Made
from trdpgx.calling.star_alleles.sides import Side, made_with
from trdpgx.calling.star_alleles.table import AlleleTable, bits
from trdpgx.model.gene import FrequencyTable

_RULE_OF_THREE = 3
"""What nobody of N chromosomes had is on fewer than 3 of N, with 95 % confidence."""

Shares = NDArray[np.float64]


class Chance(Struct, frozen=True):
    """How likely it is that a hidden allele is carried.

    ``counted`` is by what the cohort had. In ``smoothed`` the alleles that nobody there had count as one chromosome of it together, in
    ``at_most`` as three.
    """

    counted: float
    smoothed: float
    at_most: float


NO_CHANCE = Chance(0, 0, 0)
"""Where nothing is hidden."""


class Prior:
    """How common the alleles of a gene are in the cohort, as shares of its chromosomes.

    Alleles that were counted together have one share, which those of them that fit divide.
    """

    def __init__(self, table: AlleleTable, functions: Functions, frequencies: FrequencyTable) -> None:
        index = table.index()
        self._functions = functions
        self._one = 1 / frequencies.total
        self._shares = np.zeros(len(table.alleles))
        self._counted = 0
        for name, count in frequencies.counts.items():
            self._shares[index[name]] = count / frequencies.total
            self._counted |= 1 << index[name]
        groups = {frozenset({name, *others}) for name, others in frequencies.joint.items()}
        self._groups = [sum(1 << index[name] for name in group) for group in groups]
        self.joint = sum(self._groups)
        self._known: dict[tuple[int, int], Shares] = {}

    def chance(self, sides: Sequence[tuple[Side, Side]]) -> Chance | None:
        """Return the chance over all diplotypes, each weighed by how common the alleles are that fit it."""
        total = counted = smoothed = at_most = 0.0
        seen: set[tuple[tuple[int, int], tuple[int, int]]] = set()
        for both in sides:
            first, second = sorted((side.haplotype.fitting, side.hidden) for side in both)
            if (first, second) in seen:
                continue
            seen.add((first, second))
            if any(self._is_unknown(side) for side in both):
                return None
            one, other = both
            weight = self._mass(one) * self._mass(other) * (1 if first == second else 2)
            total += weight
            counted += weight * _either(self._share(one, 0), self._share(other, 0))
            smoothed += weight * _either(self._share(one, 1), self._share(other, 1))
            at_most += weight * _either(self._share(one, _RULE_OF_THREE), self._share(other, _RULE_OF_THREE))
        return Chance(counted / total, smoothed / total, at_most / total)

    def readings(self, table: AlleleTable, sides: Sequence[tuple[Side, Side]]) -> dict[Made, float]:
        """Return the share of each reading over all alleles that fit the diplotypes."""
        shares: dict[Made, float] = {}
        seen: set[tuple[object, object]] = set()
        for one, other in sides:
            first, second = sorted((side.haplotype.fitting, side.haplotype.copies) for side in (one, other))
            if (first, second) in seen and not (one.haplotype.fixed or other.haplotype.fixed):
                continue
            seen.add((first, second))
            twice = 1 if first[0] == second[0] else 2
            for (kind, share), (by, beside) in product(self._kinds(one), self._kinds(other)):
                made = made_with(table, self._functions, (one.haplotype, kind), (other.haplotype, by))
                shares[made] = shares.get(made, 0.0) + twice * share * beside
        total = sum(shares.values())
        return {made: share / total for made, share in shares.items()}

    def _kinds(self, side: Side) -> list[tuple[int, float]]:
        """Return the kinds that fit a haplotype, each with its share of the cohort."""
        if side.haplotype.fixed is not None:
            return [(-1, 1.0)]
        by_kind = self._functions.matrix @ self._of(side.haplotype)
        return [(kind, share) for kind, share in enumerate(by_kind.tolist()) if share > 0]

    def _mass(self, side: Side) -> float:
        return 1.0 if side.haplotype.fixed is not None else float(self._of(side.haplotype).sum())

    def _share(self, side: Side, chromosomes: int) -> float:
        """Return the share of a haplotype's fitting alleles that is hidden; those that nobody had count as ``chromosomes`` together."""
        if not side.hidden:
            return 0.0
        shares = self._of(side.haplotype)
        hidden = float(shares[list(bits(side.hidden))].sum())
        rest = chromosomes * self._one if side.hidden & ~self._counted else 0.0
        return (hidden + rest) / (float(shares.sum()) + rest)

    def _is_unknown(self, side: Side) -> bool:
        return any(side.hidden & group and group & ~side.hidden for group in self._groups)

    def _of(self, one: Haplotype) -> Shares:
        """Return the share of each allele that fits a haplotype, 0 for the others. What was called is at least one chromosome."""
        key = (one.allele, one.fitting)
        cached = self._known.get(key)
        if cached is not None:
            return cached
        fits = np.zeros(len(self._shares))
        fits[list(bits(one.fitting))] = 1
        shares: Shares = self._shares * fits
        for group in self._groups:
            inside = group & one.fitting
            if inside:
                shares[list(bits(inside))] /= inside.bit_count()
        shares[one.allele] = max(shares[one.allele], self._one)
        self._known[key] = shares
        return shares


def _either(one: float, other: float) -> float:
    return 1 - (1 - one) * (1 - other)
