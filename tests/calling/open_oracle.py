"""A slow oracle of hidden alleles: every orientation of every block, every allele at every site, every pair of alleles by its frequency."""

from collections.abc import Mapping
from itertools import product

from trdpgx.calling.star_alleles.pattern import Pattern
from trdpgx.calling.star_alleles.table import AlleleTable
from trdpgx.knowledge.reference.phenotype import phenotype
from trdpgx.model.gene import FrequencyTable, NamedAllele


def fitting(table: AlleleTable, pattern: Pattern, first: int, second: int) -> tuple[set[int], set[int]]:
    """Return the alleles that fit the haplotype of ``first``, and those that fit that of ``second``."""
    blocks: dict[int, list[int]] = {}
    for s, genotype in enumerate(pattern):
        if genotype is not None:
            blocks.setdefault(genotype[2], []).append(s)
    one, other = set(range(len(table.alleles))), set(range(len(table.alleles)))
    for number, sites in blocks.items():
        ways = []
        for turned in (False, True) if number else (False,):
            haplotype_bases = [(g[1], g[0]) if turned else (g[0], g[1]) for g in (pattern[s] for s in sites) if g is not None]
            if all(a in table.bases(first, s) and b in table.bases(second, s) for s, (a, b) in zip(sites, haplotype_bases, strict=True)):
                ways.append(haplotype_bases)
        for haplotype, fits in ((0, one), (1, other)):
            fits &= {
                k
                for k in range(len(table.alleles))
                if any(all(way[n][haplotype] in table.bases(k, s) for n, s in enumerate(sites)) for way in ways)
            }
    return one, other


def hidden(table: AlleleTable, pattern: Pattern, first: int, second: int) -> tuple[set[int], set[int]]:
    """Return the alleles that are hidden on each haplotype of a pair."""
    one, other = fitting(table, pattern, first, second)
    mine, theirs = _open_to(table, one, first), _open_to(table, other, second)
    base = _made(table, first, second)
    quiet_other = {second, *(k for k in theirs if _made(table, first, k) == base)}
    quiet_one = {first, *(k for k in mine if _made(table, k, second) == base)}
    return (
        {k for k in mine if any(_made(table, k, j) != base for j in quiet_other)},
        {k for k in theirs if any(_made(table, i, k) != base for i in quiet_one)},
    )


def chance(table: AlleleTable, pattern: Pattern, first: int, second: int, frequencies: FrequencyTable) -> float:
    """Return the chance that a hidden allele is carried on one of the two haplotypes, over all pairs of alleles that fit."""
    sets = fitting(table, pattern, first, second)
    covered = hidden(table, pattern, first, second)
    weights = [
        {k: _share(table.alleles[k], frequencies, floor=k == own) for k in fits} for fits, own in zip(sets, (first, second), strict=True)
    ]
    total = carried = 0.0
    for (i, a), (j, b) in product(weights[0].items(), weights[1].items()):
        total += a * b
        carried += a * b if i in covered[0] or j in covered[1] else 0.0
    return carried / total


def _share(allele: NamedAllele, frequencies: FrequencyTable, *, floor: bool) -> float:
    count = frequencies.counts.get(allele.name, 0)
    return max(count, 1 if floor else 0) / frequencies.total


def _open_to(table: AlleleTable, fits: set[int], own: int) -> set[int]:
    called = table.alleles[own]
    return {
        k
        for k in fits
        if not table.alleles[k].function.startswith(("Uncertain", "Unknown"))
        and (table.alleles[k].function, table.alleles[k].activity) != (called.function, called.activity)
        and any(not table.bases(k, s) & table.bases(own, s) for s in range(len(table.sites)))
    }


def _made(table: AlleleTable, first: int, second: int) -> Mapping[str, object]:
    alleles = (table.alleles[first], table.alleles[second])
    return {scheme: phenotype(table.definition, alleles, scheme) for scheme in table.definition.phenotypes}
