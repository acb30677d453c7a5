"""Which of several diplotypes is likely: how common their alleles are, kept apart from evidence.

All diplotypes that the matcher reports explain the genotypes equally well, so only the prior tells them apart: the frequencies of
both alleles in a cohort, in Hardy-Weinberg proportions (a pair of different alleles counts twice). Nothing is inferred about the person.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from trdpgx.calling.star_alleles.diplotypes import Meaning
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.calling.star_alleles.pattern import Pattern
from trdpgx.calling.star_alleles.table import AlleleTable
from trdpgx.model.gene import FrequencyTable
from trdpgx.model.gene_report import DiplotypeReport, LikelyDiplotype
from trdpgx.texts import percent, phrase

Numbers = NDArray[np.float64]
Ranking = tuple[Meaning, LikelyDiplotype | None]


def rank(table: AlleleTable, pattern: Pattern, called: Meaning, frequencies: FrequencyTable | None, memo: Memo | None = None) -> Ranking:
    """Return the diplotypes with the likeliest first (then by name), and the text about it.

    There is no text where there is one diplotype, where the gene has no frequencies, where a diplotype has copies or hybrids (they are not
    counted in small-variant files), or where two are equally likely. ``memo`` is as in ``match``.
    """
    if frequencies is None or len(called.diplotypes) < 2 or not called.alleles <= {allele.name for allele in table.alleles}:
        return called, None
    memo = Memo() if memo is None else memo
    return memo.get(
        (_rank, table, pattern, called), lambda: _rank(table, pattern, called, frequencies), lambda _: 1 + len(called.diplotypes)
    )


def _rank(table: AlleleTable, pattern: Pattern, called: Meaning, frequencies: FrequencyTable) -> Ranking:
    index = table.index()
    pairs = np.array([[index[name] for name in diplotype.alleles] for diplotype in called.diplotypes])
    priors = _priors(table, frequencies)[pairs[:, 0], pairs[:, 1]]
    ranks = np.array(table.rank)[pairs]
    order = np.lexsort((ranks[:, 1], ranks[:, 0], -priors))
    ranked = replace(called, diplotypes=tuple(called.diplotypes[n] for n in order))
    pairs, priors = pairs[order], priors[order]
    if np.isclose(priors[0], priors[1], rtol=1e-9, atol=0):
        return ranked, None
    sites, undecided = _telling(table, pattern, pairs, priors)
    share = float(priors[0] / priors.sum())
    likely = LikelyDiplotype(
        diplotype=ranked.diplotypes[0].name,
        share=round(share, 4),
        cohort=frequencies.cohort,
        settled_by=sites,
        open=undecided,
        text=_text(ranked.diplotypes, share, frequencies.cohort, sites, undecided),
    )
    return ranked, likely


def _priors(table: AlleleTable, frequencies: FrequencyTable) -> Numbers:
    """Return how common each pair of alleles is in Hardy-Weinberg proportions: a row and a column for each allele of the table."""
    shares = np.array([frequencies.share(allele.name) for allele in table.alleles])
    priors: Numbers = 2 * np.outer(shares, shares)
    np.fill_diagonal(priors, shares**2)
    return priors


@lru_cache(maxsize=256)
def bases_by_site(table: AlleleTable) -> NDArray[np.int16]:
    """Return a number for the bases of each allele (column) at each site (row): equal numbers for equal bases."""
    rows = []
    for s in range(len(table.sites)):
        numbers: dict[frozenset[str], int] = {}
        rows.append([numbers.setdefault(table.bases(i, s), len(numbers)) for i in range(len(table.alleles))])
    return np.array(rows, dtype=np.int16)


def _telling(table: AlleleTable, pattern: Pattern, pairs: NDArray[np.int64], priors: Numbers) -> tuple[tuple[str, ...], int]:
    """Return unseen sites that together tell the first pair from as many others as can be, and how many none of them tells from it.

    Site by site, the one is taken that tells it from most of the probability that is left.
    """
    unseen = [s for s, genotype in enumerate(pattern) if genotype is None]
    bases = bases_by_site(table)[unseen]
    one, other = bases[:, pairs[:, 0]], bases[:, pairs[:, 1]]
    low, high = np.minimum(one, other), np.maximum(one, other)
    differs = (low != low[:, :1]) | (high != high[:, :1])
    left = np.ones(len(pairs), dtype=np.bool_)
    left[0] = False
    apart = differs @ priors
    taken: list[int] = []
    while unseen and left.any():
        best = int(apart.argmax())
        excluded = differs[best] & left
        if not excluded.any():
            break
        taken.append(best)
        left &= ~excluded
        apart = differs[:, left] @ priors[left] if left.sum() < excluded.sum() else apart - differs[:, excluded] @ priors[excluded]
        apart[taken] = 0
    return tuple(table.label(unseen[n]) for n in taken), int(left.sum())


def _text(ordered: Sequence[DiplotypeReport], share: float, cohort: str, sites: Sequence[str], undecided: int) -> str:
    text = phrase("prior.share", name=ordered[0].name, share=percent(share), count=len(ordered), cohort=cohort)
    if undecided and not sites:
        return text + phrase("prior.by_phase")
    return text + phrase("prior.by_sites_and_phase" if undecided else "prior.by_sites", sites=", ".join(sites))
