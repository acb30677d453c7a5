"""Alleles that the sites seen do not exclude and that would change the phenotype, and how likely it is that one is carried.

An allele is hidden on a haplotype of a reported diplotype if it fits that haplotype at every seen site (``fitting``), its function is known
and another, and it would change the phenotype: beside the other allele as it was called, or beside one that fits there as well and alone
changes nothing (two alleles of decreased function may do together what neither does alone). The genotype decides, not the list of sites.

The chance is a prior over one cohort in Hardy-Weinberg proportions: of the chromosomes whose allele fits a haplotype, the share that has a
hidden one, for both haplotypes. It is not about a person's ancestry. See docs/calling.md and docs/decisions/0060-open-phenotypes.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from trdpgx.calling.star_alleles.fitting import Haplotype, Pair, fitting_pairs
from trdpgx.calling.star_alleles.functions import Functions, Made, functions_of, make
from trdpgx.calling.star_alleles.pattern import Pattern
from trdpgx.calling.star_alleles.table import AlleleTable, bits
from trdpgx.knowledge.reference.phenotype import haplotype
from trdpgx.model.gene import FrequencyTable, NamedAllele
from trdpgx.model.gene_report import DiplotypeReport

_RULE_OF_THREE = 3
"""What nobody of N chromosomes had is on fewer than 3 of N, with 95 % confidence."""

Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Side:
    """What is hidden on one haplotype of a diplotype: a set of alleles, and the kinds (``functions``) that they are of."""

    haplotype: Haplotype
    hidden: int
    kinds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely it is that a hidden allele is carried.

    ``counted`` is by what the cohort had. In ``smoothed`` the alleles that nobody there had count as one chromosome of it together, in
    ``at_most`` as three.
    """

    counted: float
    smoothed: float
    at_most: float


NO_CHANCE = Chance(0, 0, 0)
"""Where nothing is hidden."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """What the sites seen leave open about reported diplotypes.

    ``sides`` holds both haplotypes of each diplotype. ``hidden`` and ``uncertain`` (of no known function) are sets of alleles over all of
    them. ``chance`` is ``None`` where it is not known: without frequencies, or where a hidden allele was counted with another.
    ``readings`` gives the prior share of each reading over all alleles that fit; empty where that is not known.
    ``counted_with`` is the set of hidden alleles that have no frequency of their own.
    """

    sides: tuple[tuple[Side, Side], ...]
    hidden: int
    uncertain: int
    counted_with: int
    chance: Chance | None
    readings: Mapping[Made, float]


def look(
    table: AlleleTable,
    pattern: Pattern,
    diplotypes: Sequence[DiplotypeReport],
    frequencies: FrequencyTable | None,
    must_see: int,
    *,
    refused: Sequence[tuple[int, str]] = (),
) -> Unseen:
    """Return what a pattern leaves open about diplotypes. ``must_see`` is the set of alleles that a list names.

    ``refused`` holds sites and bases that only rows without a usable genotype show. Where no allele that fits has such a base, those that
    have it are hidden although other sites speak against them, and no chance is known. Of a gene without a phenotype table only the
    alleles of the list can be hidden.
    """
    functions = functions_of(table)
    fitting = fitting_pairs(table, pattern, diplotypes)
    unexplained = _unexplained(table, fitting, refused) & (functions.known if functions.schemes else -1)
    pairs = [(_or(one, unexplained), _or(other, unexplained)) for one, other in fitting]
    if functions.schemes:
        known: dict[object, _Kinds] = {}
        sides = tuple(_sides(table, functions, pair, known) for pair in pairs)
    else:
        sides = tuple((_listed(table, one, must_see), _listed(table, other, must_see)) for one, other in pairs)
    hidden = uncertain = 0
    for side in (side for both in sides for side in both):
        hidden |= side.hidden
        if side.haplotype.fixed is None:
            uncertain |= side.haplotype.fitting & ~functions.known & ~table.overlapping[side.haplotype.allele]
    prior = _Prior(table, functions, frequencies) if frequencies is not None and functions.schemes and not unexplained else None
    joint = hidden & prior.joint if prior else 0
    return Unseen(
        sides=sides,
        hidden=hidden,
        uncertain=uncertain,
        counted_with=joint,
        chance=prior.chance(sides) if prior and hidden else NO_CHANCE if not hidden else None,
        readings=prior.readings(table, sides) if prior and hidden else {},
    )


def _unexplained(table: AlleleTable, pairs: Sequence[Pair], refused: Sequence[tuple[int, str]]) -> int:
    """Return the alleles with a base that a refused row shows and that none of the alleles has which fit."""
    fitting = found = 0
    for one in (one for pair in pairs for one in pair):
        fitting |= one.fitting
    for site, base in refused:
        with_base = table.carriers[site].get(base, 0)
        found |= 0 if with_base & fitting else with_base
    return found


def _or(one: Haplotype, alleles: int) -> Haplotype:
    return one if one.fixed is not None or not alleles else replace(one, fitting=one.fitting | alleles)


def readings(table: AlleleTable, functions: Functions, sides: tuple[Side, Side]) -> Iterator[tuple[int, int, Made]]:
    """Yield the kinds of both alleles (-1: as called) and what they make, for every pair in which at least one is a hidden one."""
    for one, other in product((-1, *sides[0].kinds), (-1, *sides[1].kinds)):
        if (one, other) != (-1, -1):
            yield one, other, _made(table, functions, (sides[0].haplotype, one), (sides[1].haplotype, other))


def made_by(table: AlleleTable, functions: Functions, sides: tuple[Side, Side]) -> Made:
    """Return what a diplotype makes as it was called."""
    return _made(table, functions, (sides[0].haplotype, -1), (sides[1].haplotype, -1))


def share_of(table: AlleleTable, allele: int, frequencies: FrequencyTable | None) -> float | None:
    """Return the frequency of an allele in the cohort; ``None`` where nobody had it, or where it was counted with another."""
    name = table.alleles[allele].name
    if frequencies is None or name in frequencies.joint or name not in frequencies.counts:
        return None
    return frequencies.counts[name] / frequencies.total


_Kinds = tuple[tuple[int, ...], tuple[int, ...]]
"""The kinds of alleles that are hidden on each of two haplotypes."""


def _sides(table: AlleleTable, functions: Functions, pair: Pair, known: dict[object, _Kinds]) -> tuple[Side, Side]:
    """Return what is hidden on both haplotypes. ``known`` keeps the answer for diplotypes of which the same kinds of alleles ask."""
    one, other = pair
    mine, theirs = _known_kinds(table, functions, one), _known_kinds(table, functions, other)
    key = (slot(functions, one), slot(functions, other), mine, theirs)
    if key not in known:
        known[key] = _hidden_kinds(table, functions, pair, (mine, theirs))
    first, second = known[key]
    return _side(table, functions, one, first), _side(table, functions, other, second)


def slot(functions: Functions, one: Haplotype) -> object:
    """Return what of a haplotype a phenotype may rest on."""
    return one.fixed.name if one.fixed is not None else (functions.kind[one.allele], one.copies)


def _hidden_kinds(table: AlleleTable, functions: Functions, pair: Pair, fitting: _Kinds) -> _Kinds:
    (one, other), (mine, theirs) = pair, fitting
    base = _made(table, functions, (one, -1), (other, -1)).codes
    beside = [kind for kind in theirs if _made(table, functions, (one, -1), (other, kind)).codes == base]
    first = [kind for kind in mine if any(_made(table, functions, (one, kind), (other, by)).codes != base for by in (-1, *beside))]
    beside = [kind for kind in mine if _made(table, functions, (one, kind), (other, -1)).codes == base]
    second = [kind for kind in theirs if any(_made(table, functions, (one, by), (other, kind)).codes != base for by in (-1, *beside))]
    return tuple(first), tuple(second)


def _known_kinds(table: AlleleTable, functions: Functions, one: Haplotype) -> tuple[int, ...]:
    """Return the kinds of known function that fit a haplotype, but for that of the allele called."""
    if one.fixed is not None:
        return ()
    open_to = one.fitting & functions.known & ~table.overlapping[one.allele]
    own = functions.kind[one.allele]
    return tuple(kind for kind, members in enumerate(functions.members) if kind != own and members & open_to)


def _side(table: AlleleTable, functions: Functions, one: Haplotype, kinds: Sequence[int]) -> Side:
    hidden = 0
    for kind in kinds:
        hidden |= functions.members[kind] & one.fitting & ~table.overlapping[one.allele]
    return Side(one, hidden, tuple(kinds))


def _listed(table: AlleleTable, one: Haplotype, must_see: int) -> Side:
    hidden = 0 if one.fixed is not None else one.fitting & must_see & ~table.overlapping[one.allele]
    return Side(one, hidden, ())


def _made(table: AlleleTable, functions: Functions, first: tuple[Haplotype, int], second: tuple[Haplotype, int]) -> Made:
    """Return what two haplotypes make, each with an allele of the kind given in the place of that called (-1: as called)."""
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


class _Prior:
    """How common the alleles of a gene are in the cohort, as shares of its chromosomes.

    Alleles that were counted together have one share, which those of them that fit divide.
    """

    def __init__(self, table: AlleleTable, functions: Functions, frequencies: FrequencyTable) -> None:
        index = {allele.name: i for i, allele in enumerate(table.alleles)}
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
        found: dict[Made, float] = {}
        seen: set[tuple[object, object]] = set()
        for one, other in sides:
            first, second = sorted((side.haplotype.fitting, side.haplotype.copies) for side in (one, other))
            if (first, second) in seen and not (one.haplotype.fixed or other.haplotype.fixed):
                continue
            seen.add((first, second))
            twice = 1 if first[0] == second[0] else 2
            for (kind, share), (by, beside) in product(self._kinds(one), self._kinds(other)):
                made = _made(table, self._functions, (one.haplotype, kind), (other.haplotype, by))
                found[made] = found.get(made, 0.0) + twice * share * beside
        total = sum(found.values())
        return {made: share / total for made, share in found.items()}

    def _kinds(self, side: Side) -> list[tuple[int, float]]:
        """Return the kinds that fit a haplotype, each with its share of the cohort."""
        if side.haplotype.fixed is not None:
            return [(-1, 1.0)]
        by_kind = self._functions.matrix @ self._of(side.haplotype)
        return [(kind, share) for kind, share in enumerate(by_kind.tolist()) if share > 0]

    def _mass(self, side: Side) -> float:
        return 1.0 if side.haplotype.fixed is not None else float(self._of(side.haplotype).sum())

    def _share(self, side: Side, chromosomes: int) -> float:
        """Return the share of a haplotype's fitting alleles that is hidden; those that nobody had count as so many chromosomes together."""
        if not side.hidden:
            return 0.0
        shares = self._of(side.haplotype)
        hidden = float(shares[_indices(side.hidden)].sum())
        rest = chromosomes * self._one if side.hidden & ~self._counted else 0.0
        return (hidden + rest) / (float(shares.sum()) + rest)

    def _is_unknown(self, side: Side) -> bool:
        return any(side.hidden & group and group & ~side.hidden for group in self._groups)

    def _of(self, one: Haplotype) -> Shares:
        """Return the share of each allele that fits a haplotype, 0 for the others. What was called is at least one chromosome."""
        key = (one.allele, one.fitting)
        known = self._known.get(key)
        if known is not None:
            return known
        fits = np.zeros(len(self._shares))
        fits[_indices(one.fitting)] = 1
        shares: Shares = self._shares * fits
        for group in self._groups:
            inside = group & one.fitting
            if inside:
                shares[_indices(inside)] /= inside.bit_count()
        shares[one.allele] = max(shares[one.allele], self._one)
        self._known[key] = shares
        return shares


def _either(one: float, other: float) -> float:
    return 1 - (1 - one) * (1 - other)


def _indices(alleles: int) -> list[int]:
    return list(bits(alleles))
