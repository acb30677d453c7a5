"""A slow, plain implementation of the conventions of docs/calling.md: every pair, every orientation of every phase block."""

from itertools import combinations_with_replacement

from trdpgx.calling.star_alleles.pattern import Pattern
from trdpgx.calling.star_alleles.table import AlleleTable, bases_of, is_ambiguous


def pairs(table: AlleleTable, pattern: Pattern) -> dict[frozenset[str], int]:
    """Return the score of every pair of alleles that explains the pattern, by the set of their names."""
    reference = table.alleles[0].bases
    seen = [s for s, genotype in enumerate(pattern) if genotype is not None]
    found: dict[frozenset[str], int] = {}
    blocks = sorted({genotype[2] for genotype in pattern if genotype is not None} - {0})
    callable_alleles = [allele for allele in table.alleles if any(table.sites[s] in allele.bases for s in seen)]
    for first, second in combinations_with_replacement(callable_alleles, 2):
        total = 0
        for block in [0, *blocks]:
            scores = []
            for turned in (False, True) if block else (False,):
                score = 0
                for s in seen:
                    genotype = pattern[s]
                    if genotype is None or genotype[2] != block:
                        continue
                    haplotype_bases = (genotype[1], genotype[0]) if turned else (genotype[0], genotype[1])
                    for allele, base in zip((first, second), haplotype_bases, strict=True):
                        entry = allele.bases.get(table.sites[s])
                        blank = table.reference_bases[s] if is_ambiguous(reference[table.sites[s]]) else reference[table.sites[s]]
                        if base not in bases_of(entry or blank):
                            break
                        if entry and (not is_ambiguous(entry) or base != table.reference_bases[s]):
                            score += 1
                    else:
                        continue
                    break
                else:
                    scores.append(score)
            if not scores:
                break
            total += max(scores)
        else:
            found[frozenset({first.name, second.name})] = total
    return found
