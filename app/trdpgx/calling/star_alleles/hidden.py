"""Alleles that the sites seen do not exclude and that would change the phenotype, and how likely it is that one is carried.

An allele is hidden on a haplotype of a reported diplotype if it fits that haplotype at every seen site (``fitting``), its function is known
and another, and it would change the phenotype: beside the other allele as it was called, or beside one that fits there as well and alone
changes nothing (two alleles of decreased function may do together what neither does alone). The genotype decides, not the list of sites.

The chance is a prior over one cohort in Hardy-Weinberg proportions: of the chromosomes whose allele fits a haplotype, the share that has a
hidden one, for both haplotypes. It is not about a person's ancestry. See docs/calling.md and docs/decisions/0060-open-phenotypes.md.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.calling.star_alleles.fitting import Haplotype, Pair, fitting_pairs
from trdpgx.calling.star_alleles.functions import Functions, Made, functions_of
from trdpgx.calling.star_alleles.hidden_chance import NO_CHANCE, Chance, Prior
from trdpgx.calling.star_alleles.pattern import Pattern
from trdpgx.calling.star_alleles.sides import Side, made_with, slot
from trdpgx.calling.star_alleles.table import AlleleTable
from trdpgx.model.gene import FrequencyTable
from trdpgx.model.gene_report import DiplotypeReport


class Unseen(Struct, frozen=True):
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
        kinds_of: dict[object, _Kinds] = {}
        sides = tuple(_sides(table, functions, pair, kinds_of) for pair in pairs)
    else:
        sides = tuple((_listed(table, one, must_see), _listed(table, other, must_see)) for one, other in pairs)
    hidden = uncertain = 0
    for side in (side for both in sides for side in both):
        hidden |= side.hidden
        if side.haplotype.fixed is None:
            uncertain |= side.haplotype.fitting & ~functions.known & ~table.overlapping[side.haplotype.allele]
    prior = Prior(table, functions, frequencies) if frequencies is not None and functions.schemes and not unexplained else None
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
    fitting = unexplained = 0
    for one in (one for pair in pairs for one in pair):
        fitting |= one.fitting
    for site, base in refused:
        with_base = table.carriers[site].get(base, 0)
        unexplained |= 0 if with_base & fitting else with_base
    return unexplained


def _or(one: Haplotype, alleles: int) -> Haplotype:
    return one if one.fixed is not None or not alleles else replace(one, fitting=one.fitting | alleles)


def share_of(table: AlleleTable, allele: int, frequencies: FrequencyTable | None) -> float | None:
    """Return the frequency of an allele in the cohort; ``None`` where nobody had it, or where it was counted with another."""
    name = table.alleles[allele].name
    if frequencies is None or name in frequencies.joint or name not in frequencies.counts:
        return None
    return frequencies.counts[name] / frequencies.total


_Kinds = tuple[tuple[int, ...], tuple[int, ...]]
"""The kinds of alleles that are hidden on each of two haplotypes."""


def _sides(table: AlleleTable, functions: Functions, pair: Pair, kinds_of: dict[object, _Kinds]) -> tuple[Side, Side]:
    """Return what is hidden on both haplotypes. ``kinds_of`` keeps the answer for other diplotypes of the same kinds of alleles."""
    one, other = pair
    mine, theirs = _known_kinds(table, functions, one), _known_kinds(table, functions, other)
    key = (slot(functions, one), slot(functions, other), mine, theirs)
    if key not in kinds_of:
        kinds_of[key] = _hidden_kinds(table, functions, pair, (mine, theirs))
    first, second = kinds_of[key]
    return _side(table, functions, one, first), _side(table, functions, other, second)


def _hidden_kinds(table: AlleleTable, functions: Functions, pair: Pair, fitting: _Kinds) -> _Kinds:
    (one, other), (mine, theirs) = pair, fitting
    base = made_with(table, functions, (one, -1), (other, -1)).codes
    beside = [kind for kind in theirs if made_with(table, functions, (one, -1), (other, kind)).codes == base]
    first = [kind for kind in mine if any(made_with(table, functions, (one, kind), (other, by)).codes != base for by in (-1, *beside))]
    beside = [kind for kind in mine if made_with(table, functions, (one, kind), (other, -1)).codes == base]
    second = [kind for kind in theirs if any(made_with(table, functions, (one, by), (other, kind)).codes != base for by in (-1, *beside))]
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
