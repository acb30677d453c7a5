"""Genotypes that the file's own reads contradict: two alleles with the reads of one, or one allele with few of the reads."""

from trdpgx.model.genome import SiteCall, SiteState

_LEAST_DEPTH = 10
"""With fewer reads an allele may be missed by chance."""
_LEAST_SHARE = 0.05
"""Of two alleles each has about half of the reads, and a third of them with three copies: fewer than this is an error rate."""
_MOST_OTHERS = 0.5
"""A genotype of one allele has nearly all reads; where others have this share of them, it is no such genotype."""


def against_reads(call: SiteCall) -> bool:
    """Whether AD and DP contradict a called genotype; ``False`` where they are unknown or too low to tell."""
    reads, alleles = call.allele_depths, call.alleles
    if len(reads) != 2 or len(alleles) != 2 or call.state is not SiteState.CALLED:
        return False
    first, second = reads
    if alleles[0] == alleles[1]:
        total = call.depth or 0
        return total >= _LEAST_DEPTH and total - first >= _MOST_OTHERS * total
    total = first + second
    return total >= _LEAST_DEPTH and min(first, second) < _LEAST_SHARE * total
