"""Research mode: where no pair of named alleles explains the genotypes, haplotypes as combinations of alleles and as partial alleles.

A haplotype that is no named allele is described by named alleles whose defining variants it carries, no variant counted twice, and by the
known variants of the table that are left: ``[*2 + *3]``, ``[*17 + g.94781859G>A]``, or ``g.94781859G>A`` where no allele is
carried. The descriptions with the fewest variants left, and then with the fewest alleles, are kept. Variants that no allele of the table
has are never considered. See docs/calling.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product

from msgspec import Struct

from trdpgx.calling.star_alleles.genomic import genomic_name
from trdpgx.calling.star_alleles.matcher import best_haplotypes, evidence_of
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.calling.star_alleles.names import natural_key
from trdpgx.calling.star_alleles.pattern import Pattern
from trdpgx.calling.star_alleles.table import AlleleTable, bits
from trdpgx.model.gene_report import ResearchDiplotype, ResearchHaplotype
from trdpgx.model.genome import PanelSite

MOST_BLOCKS = 8
"""Independent heterozygous blocks whose arrangements are tried: at most ``2 ** (MOST_BLOCKS - 1)``."""
MOST_STEPS = 5_000
"""Steps of the search over one gene."""
MOST_LISTED = 50
"""Diplotypes that are listed of those that are equally good."""


class Combinations(Struct, frozen=True):
    """The best descriptions of a pattern that no pair of named alleles explains.

    ``equal`` counts them, listed or not. ``stopped`` is true where there was more to try than is tried; then nothing is listed.
    """

    diplotypes: tuple[ResearchDiplotype, ...] = ()
    equal: int = 0
    stopped: bool = False


class _Rank(Struct, frozen=True, order=True):
    """What makes a description better, the lowest first: the sites that it spells out (negated), variants left, alleles."""

    spelled: int
    left: int
    alleles: int

    def __add__(self, other: "_Rank") -> "_Rank":
        return _Rank(self.spelled + other.spelled, self.left + other.left, self.alleles + other.alleles)


class _Descriptions(Struct, frozen=True):
    """The best descriptions of one haplotype: the alleles of each, and the variants left as (site, base). All have the same rank."""

    rank: _Rank
    descriptions: tuple[tuple[tuple[int, ...], tuple[tuple[int, str], ...]], ...]


class _Cores(Struct, frozen=True):
    """The variants that define the alleles, as sets of sites.

    At the sites of ``core[i]`` allele ``i`` cannot have the base of the reference allele; at those of ``open[i]`` it may have it or
    another (IUPAC). ``defining[s]`` is the set of alleles with site ``s`` in either.
    """

    core: tuple[int, ...]
    open: tuple[int, ...]
    defining: tuple[int, ...]


class _TooMuchError(Exception):
    """The search has more steps than ``MOST_STEPS``."""


def combine(table: AlleleTable, pattern: Pattern, grch38: Mapping[str, PanelSite], memo: Memo | None = None) -> Combinations:
    """Return the best descriptions of a pattern that no pair of named alleles explains. ``grch38`` holds the gene's sites there.

    Unphased blocks are arranged in every way, up to ``MOST_BLOCKS`` of them. A diplotype with more sites spelled out comes first, as in the
    matcher, so that variants of unknown phase are grouped on one haplotype. ``memo`` is as in ``match``.
    """
    memo = Memo() if memo is None else memo
    return memo.get((_combined, table, pattern), lambda: _combined(table, pattern, grch38), lambda combined: 1 + len(combined.diplotypes))


def _combined(table: AlleleTable, pattern: Pattern, grch38: Mapping[str, PanelSite]) -> Combinations:
    blocks = sorted({genotype[2] for genotype in pattern if genotype and genotype[2]})
    if len(blocks) > MOST_BLOCKS:
        return Combinations(stopped=True)
    search = _DescriptionSearch(table)
    best: list[tuple[_Descriptions, _Descriptions]] = []
    try:
        for turns in product((False, True), repeat=max(0, len(blocks) - 1)):
            turned = {block for block, turn in zip(blocks[1:], turns, strict=True) if turn}
            pair = (search.descriptions_of(_bases(pattern, turned, 0)), search.descriptions_of(_bases(pattern, turned, 1)))
            if not best or _rank(pair) < _rank(best[0]):
                best = [pair]
            elif _rank(pair) == _rank(best[0]):
                best.append(pair)
    except _TooMuchError:
        return Combinations(stopped=True)
    return _named(table, best, grch38, phased=len(blocks) <= 1)


def _bases(pattern: Pattern, turned: set[int], haplotype: int) -> tuple[str | None, ...]:
    return tuple(genotype and str(genotype[1 - haplotype if genotype[2] in turned else haplotype]) for genotype in pattern)


def _rank(pair: tuple[_Descriptions, _Descriptions]) -> _Rank:
    return pair[0].rank + pair[1].rank


def _named(
    table: AlleleTable, pairs: Sequence[tuple[_Descriptions, _Descriptions]], grch38: Mapping[str, PanelSite], *, phased: bool
) -> Combinations:
    by_name: dict[str, ResearchDiplotype] = {}
    for first, second in pairs:
        ours, theirs = (
            [_haplotype(table, *description, grch38) for description in haplotype.descriptions] for haplotype in (first, second)
        )
        for pair in product(ours, theirs):
            one, other = sorted(pair, key=lambda haplotype: natural_key(haplotype.name.lstrip("[")))
            name = f"{one.name}/{other.name}"
            by_name[name] = ResearchDiplotype(name=name, haplotypes=(one, other), phased=phased, score=-_rank((first, second)).spelled)
    listed = sorted(by_name, key=lambda name: natural_key(name.replace("[", "")))[:MOST_LISTED]
    return Combinations(tuple(by_name[name] for name in listed), len(by_name))


def _haplotype(
    table: AlleleTable, alleles: tuple[int, ...], left: tuple[tuple[int, str], ...], grch38: Mapping[str, PanelSite]
) -> ResearchHaplotype:
    names = tuple(table.alleles[i].name for i in sorted(alleles, key=lambda i: table.rank[i]))
    variants = tuple(genomic_name(grch38[table.sites[s]], base) for s, base in left)
    parts = (*names, *variants)
    return ResearchHaplotype(name=parts[0] if len(parts) == 1 else f"[{' + '.join(parts)}]", alleles=names, variants=variants)


class _DescriptionSearch:
    """Describes the haplotypes of one pattern, each of them once, within the steps that one gene may take."""

    def __init__(self, table: AlleleTable) -> None:
        self._table = table
        self._cores = cores_of(table)
        self._known: dict[tuple[str | None, ...], _Descriptions] = {}
        self._steps = 0

    def descriptions_of(self, bases: tuple[str | None, ...]) -> _Descriptions:
        """Return the best descriptions of a haplotype: one base a site, ``None`` where nothing was seen."""
        if bases not in self._known:
            self._known[bases] = self._exact(bases) or self._described(bases)
        return self._known[bases]

    def _exact(self, bases: Sequence[str | None]) -> _Descriptions | None:
        """Return the named alleles that the haplotype is, with the top score; ``None`` where it is none."""
        evidence = evidence_of(self._table, tuple(None if base is None else (base, base, 0) for base in bases))
        alleles, top = best_haplotypes(self._table, evidence)
        return _Descriptions(_Rank(-top, 0, 1), tuple(((i,), ()) for i in alleles)) if alleles else None

    def _described(self, bases: Sequence[str | None]) -> _Descriptions:
        """Return the best ways to divide the haplotype's variants among alleles that it carries and variants that are left."""
        table, cores = self._table, self._cores
        seen = variants = lacking = 0
        for s, base in enumerate(bases):
            if base is not None:
                seen |= 1 << s
                variants |= (base not in table.bases(0, s)) << s
                lacking |= cores.defining[s] & ~table.carriers[s].get(base, 0)
        carried = {i: cores.core[i] & seen for i in range(1, len(table.alleles)) if cores.core[i] & seen and not lacking >> i & 1}
        best: tuple[int, int] = (len(bases) + 1, 0)
        descriptions: list[tuple[tuple[int, ...], int]] = []
        for alleles, left in self._divisions(variants, carried):
            size = (left.bit_count(), len(alleles))
            if size < best:
                best, descriptions = size, []
            if size == best:
                descriptions.append((alleles, left))
        return _Descriptions(
            _Rank(-variants.bit_count(), *best),
            tuple((alleles, tuple((s, str(bases[s])) for s in bits(left))) for alleles, left in descriptions),
        )

    def _divisions(self, variants: int, carried: Mapping[int, int]) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yield sets of alleles whose defining variants do not overlap, with the variants left; those that cannot be the best are cut."""
        opened, anyhow, claimed = self._cores.open, 0, 0
        for i, core in carried.items():
            claimed |= core
            anyhow |= opened[i]
        fewest = variants.bit_count() + 1
        waiting: list[tuple[int, int, tuple[int, ...]]] = [(variants & claimed, variants & ~claimed, ())]
        while waiting:
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise _TooMuchError
            free, left, alleles = waiting.pop()
            if (left & ~anyhow).bit_count() > fewest:
                continue
            if not free:
                for i in alleles:
                    left &= ~opened[i]
                fewest = min(fewest, left.bit_count())
                yield alleles, left
                continue
            site = free & -free
            waiting.append((free ^ site, left | site, alleles))
            waiting.extend((free & ~core, left, (*alleles, i)) for i, core in carried.items() if core & site and not core & ~free)


@lru_cache(maxsize=256)
def cores_of(table: AlleleTable) -> _Cores:
    """Return the variants that define the alleles; made once for each table."""
    cores, opened, defining = [], [], [0] * len(table.sites)
    for i, own in enumerate(table.own):
        core = sum(1 << s for s in bits(own) if not table.bases(i, s) & table.bases(0, s))
        cores.append(core)
        opened.append(own & ~core)
        for s in bits(own):
            defining[s] |= 1 << i
    return _Cores(tuple(cores), tuple(opened), tuple(defining))
