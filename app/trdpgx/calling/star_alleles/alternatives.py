"""What a gene that could not be called would be if something were left out: for research only, as nothing shows that it may be.

Where a base at a defining site is in no definition, the sites with such bases are left out. Where phased haplotypes match no allele, the
phase is: what the same genotypes would allow without it. Where a structural record shows what no diplotype holds, the record is: what the
rows alone make. No phenotype and no consideration follows from any of them.
"""

from trdpgx.calling.star_alleles.combinations import MOST_LISTED
from trdpgx.calling.star_alleles.matcher import match
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.calling.star_alleles.pattern import Observation, Pattern
from trdpgx.calling.star_alleles.table import AlleleTable
from trdpgx.model.gene_report import ResearchDiplotype, ResearchHaplotype, ResearchReason


def alternatives(table: AlleleTable, seen: Observation, memo: Memo) -> tuple[ResearchDiplotype, ...]:
    """Return the diplotypes with the top score of the genotypes without unknown bases, and if need be without phase; at most 50."""
    pattern, reason = seen.pattern, ResearchReason.WITHOUT_PHASE
    if seen.unknown:
        unknown = {table.sites.index(one.site) for one in seen.unknown}
        pattern, reason = tuple(None if s in unknown else genotype for s, genotype in enumerate(pattern)), ResearchReason.WITHOUT_SITE
        diplotypes = _named(table, pattern, reason, memo)
        if diplotypes:
            return diplotypes
    return _named(table, _unphased(pattern), reason, memo) if _is_phased(pattern) else ()


def without_record(table: AlleleTable, seen: Observation, memo: Memo) -> tuple[ResearchDiplotype, ...]:
    """Return what the rows alone would be where a structural record keeps the gene from being called; at most 50.

    Nothing where something else does, too: a base that no definition knows, or a variant of which no genotype can be made.
    """
    others = any(not allele.startswith("<") for _, alleles in seen.carried for allele in alleles)
    if seen.unknown or seen.half or others or not seen.seen:
        return ()
    return _named(table, seen.pattern, ResearchReason.WITHOUT_RECORD, memo)


def _named(table: AlleleTable, pattern: Pattern, reason: ResearchReason, memo: Memo) -> tuple[ResearchDiplotype, ...]:
    matched = match(table, pattern, memo)
    names = [allele.name for allele in table.alleles]
    return tuple(
        ResearchDiplotype(
            name=pair.name,
            haplotypes=(_haplotype(names[pair.first]), _haplotype(names[pair.second])),
            phased=matched.phased,
            score=pair.score,
            reason=reason,
        )
        for pair in matched.pairs[:MOST_LISTED]
    )


def _haplotype(name: str) -> ResearchHaplotype:
    return ResearchHaplotype(name=name, alleles=(name,), variants=())


def _is_phased(pattern: Pattern) -> bool:
    blocks = [genotype[2] for genotype in pattern if genotype is not None and genotype[2]]
    return len(set(blocks)) < len(blocks)


def _unphased(pattern: Pattern) -> Pattern:
    """Return the genotypes with each heterozygous site in a block of its own, its bases in their order."""
    block, unphased = 0, list(pattern)
    for s, genotype in enumerate(pattern):
        if genotype is not None and genotype[2]:
            block += 1
            first, second = sorted(genotype[:2])
            unphased[s] = (first, second, block)
    return tuple(unphased)
