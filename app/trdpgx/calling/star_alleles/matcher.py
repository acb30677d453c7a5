"""The exact matcher: every pair of alleles that explains the genotypes seen, without trying arrangements of heterozygous sites.

A block is a set of heterozygous sites whose phase is known: one unphased site, or all sites of one phase set. For each
block, A and B are the sets of alleles that agree with its two haplotypes at every site. Alleles ``i`` and ``j`` explain the sample
if both agree with all homozygous sites and, in every block, (i in A and j in B) or (i in B and j in A). For one ``i`` the set of all such
``j`` is the AND over the blocks of (B if i in A) | (A if i in B): the cost is alleles x blocks operations on sets of alleles, however many
sites are heterozygous. See docs/calling.md.
"""

from collections.abc import Iterator
from heapq import nsmallest

from msgspec import Struct

from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.calling.star_alleles.pattern import Pattern
from trdpgx.calling.star_alleles.table import AlleleTable, bits

OTHERS_NAMED = 3
"""So many pairs of the same kinds that are not called are kept by name."""


class Pair(Struct, frozen=True):
    """Two alleles, by their index in the table and in the order of the diplotype's name, and the score of the pair."""

    first: int
    second: int
    name: str
    score: int


class OtherPairs(Struct, frozen=True):
    """Pairs below the top score whose alleles are of the same two kinds: how many, and the first few of them, best first."""

    kinds: tuple[int, int]
    count: int
    pairs: tuple[Pair, ...]


class Match(Struct, frozen=True):
    """The diplotypes of the table that explain a pattern.

    ``pairs`` are those with the top score, in the numeric order of their names; ``explaining`` counts all pairs that explain the pattern,
    and ``others`` has those below the top score, those with the best pair first.
    ``missing`` names the alleles that cannot be distinguished from another one because a site of theirs was not seen. Where nothing
    explains the pattern, ``failing`` holds the sites (by index) whose combination no allele, or no pair of alleles, has. ``phased`` is true
    where phase is known over the whole gene. ``haplotypes`` is not empty only where every seen site is homozygous: the alleles with the
    top score that explain a single haplotype.
    """

    pairs: tuple[Pair, ...]
    explaining: int
    missing: tuple[str, ...]
    failing: tuple[int, ...]
    phased: bool
    haplotypes: tuple[int, ...]
    others: tuple[OtherPairs, ...] = ()


class PhaseBlock(Struct, frozen=True):
    """Two haplotypes: alleles that agree with each, sites on each whose base is not the reference base, and the sites of the block."""

    first: int
    second: int
    first_changed: int
    second_changed: int
    sites: int


class Evidence(Struct, frozen=True):
    """A pattern as sets: of sites, and of the alleles that agree with them."""

    seen: int
    changed: int
    agreeing: int
    possible: int
    blocks: tuple[PhaseBlock, ...]


def match(table: AlleleTable, pattern: Pattern, memo: Memo | None = None) -> Match:
    """Return the pairs with the top score. What the request's ``memo`` has is not computed again."""
    memo = Memo() if memo is None else memo
    return memo.get((_match, table, pattern), lambda: _match(table, pattern, memo), lambda found: 1 + len(found.pairs) + len(found.others))


def _match(table: AlleleTable, pattern: Pattern, memo: Memo) -> Match:
    evidence = evidence_of(table, pattern)
    missing = memo.get((missing_alleles, table, evidence.seen), lambda: missing_alleles(table, evidence.seen))
    phased = len(evidence.blocks) <= 1
    if not evidence.seen:
        return Match((), 0, missing, (), phased, ())
    scored = list(_scored(table, evidence))
    if not scored:
        return Match((), 0, missing, tuple(bits(_failing(evidence))), phased, ())
    top = max(score for score, _, _ in scored)
    pairs = _named(table, [pair for pair in scored if pair[0] == top])
    haplotypes = () if evidence.blocks else best_haplotypes(table, evidence)[0]
    others = _others(table, [pair for pair in scored if pair[0] != top]) if len(pairs) < len(scored) else ()
    return Match(pairs, len(scored), missing, (), phased, haplotypes, others)


def _others(table: AlleleTable, scored: list[tuple[int, int, int]]) -> tuple[OtherPairs, ...]:
    """Return pairs by the kinds of their alleles; their order is that of the best pair of each."""
    by_kinds: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    kind = table.kind
    for pair in scored:
        one, other = kind[pair[1]], kind[pair[2]]
        by_kinds.setdefault((one, other) if one <= other else (other, one), []).append(pair)

    def in_order(pair: tuple[int, int, int]) -> tuple[int, list[int]]:
        return -pair[0], sorted((table.rank[pair[1]], table.rank[pair[2]]))

    groups = [OtherPairs(kinds, len(ones), _named(table, nsmallest(OTHERS_NAMED, ones, key=in_order))) for kinds, ones in by_kinds.items()]
    return tuple(sorted(groups, key=lambda group: in_order((group.pairs[0].score, group.pairs[0].first, group.pairs[0].second))))


def all_pairs(table: AlleleTable, pattern: Pattern) -> tuple[Pair, ...]:
    """Return every pair that explains the pattern, best first. There can be thousands, so they are not remembered."""
    return _named(table, list(_scored(table, evidence_of(table, pattern))))


def missing_alleles(table: AlleleTable, seen: int) -> tuple[str, ...]:
    """Name the alleles that cannot be distinguished from another one because a site of theirs is not among the seen.

    Those are the alleles that differ from the reference allele at an unseen site and that the seen sites no longer tell from
    some allele that the whole table does tell them from.
    """
    unseen = ((1 << len(table.sites)) - 1) & ~seen
    missing = [i for i in range(len(table.alleles)) if table.own[i] & unseen and table.like(i, seen) & ~table.overlapping[i]]
    return tuple(table.alleles[i].name for i in sorted(missing, key=lambda i: table.rank[i]))


def evidence_of(table: AlleleTable, pattern: Pattern) -> Evidence:
    """Return the sets of sites and alleles that a pattern makes."""
    seen = changed = 0
    agreeing = (1 << len(table.alleles)) - 1
    blocks: dict[int, PhaseBlock] = {}
    for s, genotype in enumerate(pattern):
        if genotype is None:
            continue
        first, second, number = genotype
        site, carriers = 1 << s, table.carriers[s]
        seen |= site
        first_changed = site if first != table.reference_bases[s] else 0
        if number == 0:
            agreeing &= carriers.get(first, 0)
            changed |= first_changed
            continue
        second_changed = site if second != table.reference_bases[s] else 0
        block = blocks.get(number, PhaseBlock(-1, -1, 0, 0, 0))
        blocks[number] = PhaseBlock(
            block.first & carriers.get(first, 0),
            block.second & carriers.get(second, 0),
            block.first_changed | first_changed,
            block.second_changed | second_changed,
            block.sites | site,
        )
    possible = agreeing
    for block in blocks.values():
        possible &= block.first | block.second
    return Evidence(seen, changed, agreeing, possible, tuple(blocks.values()))


def _callable(table: AlleleTable, evidence: Evidence) -> int:
    """Return the possible alleles that still spell out a seen site; the others cannot be called from these sites."""
    spelled = 0
    for i in bits(evidence.possible):
        if (table.plain[i] | table.ambiguous[i]) & evidence.seen:
            spelled |= 1 << i
    return spelled


def _scored(table: AlleleTable, evidence: Evidence) -> Iterator[tuple[int, int, int]]:
    """Yield score, i and j of every pair with i <= j that explains the evidence."""
    candidates = _callable(table, evidence)
    fixed = {i: _fixed_score(table, evidence, i) for i in bits(candidates)}
    ambiguous = 0
    for i in fixed:
        ambiguous |= table.ambiguous[i]
    turning = [block for block in evidence.blocks if ambiguous & (block.first_changed | block.second_changed)]
    for i, score in fixed.items():
        partners = candidates >> i << i
        for block in evidence.blocks:
            partners &= (block.second if block.first >> i & 1 else 0) | (block.first if block.second >> i & 1 else 0)
            if not partners:
                break
        for j in bits(partners):
            yield score + fixed[j] + sum(_turning_score(table, block, i, j) for block in turning), i, j


def _fixed_score(table: AlleleTable, evidence: Evidence, allele: int) -> int:
    """Return how many seen sites the allele spells out, those apart whose IUPAC letter counts only on one haplotype of a block."""
    return (table.plain[allele] & evidence.seen).bit_count() + (table.ambiguous[allele] & evidence.changed).bit_count()


def _turning_score(table: AlleleTable, block: PhaseBlock, i: int, j: int) -> int:
    """Return what IUPAC letters add in a block: one for each that stands on a haplotype whose base is not the reference base."""
    scores = []
    if block.first >> i & 1 and block.second >> j & 1:
        scores.append((table.ambiguous[i] & block.first_changed).bit_count() + (table.ambiguous[j] & block.second_changed).bit_count())
    if block.second >> i & 1 and block.first >> j & 1:
        scores.append((table.ambiguous[i] & block.second_changed).bit_count() + (table.ambiguous[j] & block.first_changed).bit_count())
    return max(scores)


def _named(table: AlleleTable, scored: list[tuple[int, int, int]]) -> tuple[Pair, ...]:
    """Return the pairs with their names, best first and then in the numeric order of the names."""
    rank = table.rank
    ordered = [(-score, i, j) if rank[i] <= rank[j] else (-score, j, i) for score, i, j in scored]
    ordered.sort(key=lambda pair: (pair[0], rank[pair[1]], rank[pair[2]]))
    alleles = table.alleles
    return tuple(Pair(i, j, f"{alleles[i].name}/{alleles[j].name}", -score) for score, i, j in ordered)


def best_haplotypes(table: AlleleTable, evidence: Evidence) -> tuple[tuple[int, ...], int]:
    """Return the alleles with the top score that explain the homozygous sites as those of one haplotype, and that score."""
    scores = {i: _fixed_score(table, evidence, i) for i in bits(_callable(table, evidence))}
    top = max(scores.values(), default=0)
    return tuple(sorted((i for i, score in scores.items() if score == top), key=lambda i: table.rank[i])), top


def _failing(evidence: Evidence) -> int:
    """Return the sites to name: those at which the haplotypes that no allele has differ from the reference."""
    sites = evidence.changed
    lone = evidence.blocks[0] if len(evidence.blocks) == 1 else None
    for block in evidence.blocks:
        if lone is None or not lone.first & evidence.agreeing:
            sites |= block.first_changed
        if lone is None or not lone.second & evidence.agreeing:
            sites |= block.second_changed
    return sites
