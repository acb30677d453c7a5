"""Read depth at heterozygous sites: signs of an allele that is present more often than the other.

With two copies each allele has about half of the reads; with three, one of them has about a third. Reads of its pseudogene
CYP2D7 are aligned to CYP2D6 as well, so one site proves nothing: several sites must agree, and a likelihood ratio of 100 is asked for.
"""

from collections.abc import Mapping, Sequence
from math import exp, log, log1p

from msgspec import Struct, field

from trdpgx.model.gene_report import DiplotypeReport
from trdpgx.model.genome import SampleSites, SiteState
from trdpgx.texts import phrase

_LEAST_SITES = 3
_LEAST_DEPTH = 20
_CLEAR = log(100)
_MOST_SITES_COUNTED = 5
"""Sites share reads: beyond this number they are not counted as further evidence."""


class DepthEvidence(Struct, frozen=True):
    """Reads of each base at heterozygous sites: site id -> base -> reads. ``text`` is not empty where they suggest three copies."""

    reads: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    text: str = ""

    def of(self, diplotype: DiplotypeReport) -> tuple[int, int, int]:
        """Return reads of the first and of the second haplotype, and the number of sites that they come from."""
        first = second = sites = 0
        for matched in diplotype.matched_sites:
            reads = self.reads.get(matched.site)
            a, b = matched.alleles
            if reads and a != b and a in reads and b in reads:
                first, second, sites = first + reads[a], second + reads[b], sites + 1
        return first, second, sites

    def counts(self, diplotype: DiplotypeReport) -> str:
        """Return the reads of both haplotypes in words."""
        first, second, sites = self.of(diplotype)
        where = phrase("copy_depth.heterozygous_sites", count=sites)
        return phrase(
            "copy_depth.reads_over", one=diplotype.alleles[0], first=first, other=diplotype.alleles[1], second=second, where=where
        )


def depth_evidence(sample: SampleSites, site_ids: Sequence[str]) -> DepthEvidence:
    """Return the reads at heterozygous sites of a gene, and whether they suggest that one allele is present twice."""
    reads: dict[str, Mapping[str, int]] = {}
    for site in site_ids:
        call = sample.calls.get(site)
        if call is not None and call.is_heterozygous and call.state is SiteState.CALLED and len(call.allele_depths) == 2:
            reads[site] = dict(zip(call.alleles, call.allele_depths, strict=True))
    return DepthEvidence(reads, _suspicion(reads))


def _suspicion(reads: Mapping[str, Mapping[str, int]]) -> str:
    """Return the numbers in words where the sites together are much likelier at one to two than at one to one."""
    pairs = [sorted(bases.values()) for bases in reads.values() if sum(bases.values()) >= _LEAST_DEPTH]
    if len(pairs) < _LEAST_SITES:
        return ""
    fewer, total = sum(pair[0] for pair in pairs), sum(sum(pair) for pair in pairs)
    weight = min(len(pairs), _MOST_SITES_COUNTED) / len(pairs)
    ratio = weight * sum(_three_over_two(pair[0], pair[1]) for pair in pairs)
    share = fewer / total
    if ratio < _CLEAR or not 0.2 < share < 0.4:
        return ""
    return phrase("copy_depth.imbalance", sites=len(pairs), fewer=fewer, total=total, share=f"{share:.0%}")


def _three_over_two(fewer: int, more: int) -> float:
    """Return the log likelihood ratio of 1:2 against 1:1 at a site, where either allele may be the doubled one."""
    total = fewer + more
    as_seen, turned = fewer * log(1 / 3) + more * log(2 / 3), more * log(1 / 3) + fewer * log(2 / 3)
    return as_seen + log1p(exp(turned - as_seen)) + log(1 / 2) - total * log(1 / 2)


def favoured(depth: DepthEvidence, diplotype: DiplotypeReport, copies: int) -> int | None:
    """Return how many of the copies are the first haplotype's, where the reads show it clearly."""
    first, second, sites = depth.of(diplotype)
    if not sites or first + second < _LEAST_DEPTH * sites:
        return None
    weight = min(sites, _MOST_SITES_COUNTED) / sites
    scores = {n: weight * (first * log(n / copies) + second * log((copies - n) / copies)) for n in range(1, copies)}
    best = max(scores, key=lambda n: scores[n])
    runner_up = max((score for n, score in scores.items() if n != best), default=None)
    return best if runner_up is None or scores[best] - runner_up >= _CLEAR else None
