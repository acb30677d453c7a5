"""Which of several diplotypes is likely: how common their alleles are, told apart from evidence.

All diplotypes that the matcher reports explain the genotypes equally well, so only the prior tells them apart: the frequencies of
both alleles in a cohort, in Hardy-Weinberg proportions (a pair of different alleles counts twice). Nothing is inferred about the person.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.calling.diplotypes import Meaning
from app.calling.memo import Memo
from app.calling.names import natural_key
from app.calling.pattern import Pattern
from app.calling.table import AlleleTable
from app.model.gene import FrequencyTable
from app.model.report import DiplotypeReport, LikelyDiplotype

_TEXT = (
    "{name} has {share} of the prior probability of the {count} diplotypes, by how common their alleles are among the people of {cohort}. "
    "That is a prior and no evidence about this genome."
)
_SITES = " Of the sites not seen, {sites} would tell it from the others."
_SITES_AND_PHASE = " Of the sites not seen, {sites} would tell it from most of the others, and phase from the rest."
_PHASE = " Only phase would tell it from the others."

Ranking = tuple[Meaning, LikelyDiplotype | None]


def _size(ranking: Ranking) -> int:
    return 1 + len(ranking[0].diplotypes)


_KNOWN: Memo[tuple[AlleleTable, Pattern, Meaning], Ranking] = Memo(capacity=50_000, weight=_size)


def forget() -> None:
    """Forget all rankings, so that the next one is computed: for measurements."""
    _KNOWN.clear()


def rank(table: AlleleTable, pattern: Pattern, called: Meaning, frequencies: FrequencyTable | None) -> Ranking:
    """Return the diplotypes with the likeliest first (then by name), and what to say of it.

    Nothing is said where there is one diplotype, where the gene has no frequencies, where a diplotype has copies or hybrids (they are not
    counted in small-variant files), or where two are equally likely.
    """
    names = {name for diplotype in called.diplotypes for name in diplotype.alleles}
    if frequencies is None or len(called.diplotypes) < 2 or not names <= {allele.name for allele in table.alleles}:
        return called, None
    return _KNOWN.get((table, pattern, called), lambda: _rank(table, pattern, called, frequencies))


def _rank(table: AlleleTable, pattern: Pattern, called: Meaning, frequencies: FrequencyTable) -> Ranking:
    priors = {diplotype.name: prior(diplotype.alleles, frequencies) for diplotype in called.diplotypes}
    ordered = sorted(called.diplotypes, key=lambda diplotype: (-priors[diplotype.name], natural_key(diplotype.name)))
    ranked = replace(called, diplotypes=tuple(ordered))
    first, second = (priors[diplotype.name] for diplotype in ordered[:2])
    if np.isclose(first, second, rtol=1e-9, atol=0):
        return ranked, None
    weights = np.array([priors[diplotype.name] for diplotype in ordered])
    sites, undecided = _telling(table, pattern, ordered, weights)
    share = float(weights[0] / weights.sum())
    likely = LikelyDiplotype(
        diplotype=ordered[0].name,
        share=round(share, 4),
        cohort=frequencies.cohort,
        settled_by=sites,
        open=undecided,
        text=_text(ordered, share, frequencies.cohort, sites, undecided),
    )
    return ranked, likely


def prior(alleles: Sequence[str], frequencies: FrequencyTable) -> float:
    """Return how common a pair of alleles is in Hardy-Weinberg proportions."""
    first, second = alleles
    return frequencies.share(first) * frequencies.share(second) * (1 if first == second else 2)


def _telling(
    table: AlleleTable, pattern: Pattern, ordered: Sequence[DiplotypeReport], weights: NDArray[np.float64]
) -> tuple[tuple[str, ...], int]:
    """Return unseen sites that together tell the first diplotype from as many others as can be, and how many none of them tells from it.

    Site by site, the one is taken that tells it from most of the probability that is left.
    """
    index = {allele.name: i for i, allele in enumerate(table.alleles)}
    pairs = np.array([[index[name] for name in diplotype.alleles] for diplotype in ordered])
    unseen = [s for s, genotype in enumerate(pattern) if genotype is None]
    differs = np.array([_differs(table, s, pairs) for s in unseen], dtype=np.bool_).reshape(len(unseen), len(ordered))
    left = np.ones(len(ordered), dtype=np.bool_)
    left[0] = False
    taken: list[int] = []
    while left.any() and unseen:
        told = differs[:, left] @ weights[left]
        best = int(told.argmax())
        if told[best] <= 0:
            break
        taken.append(best)
        left &= ~differs[best]
    return tuple(table.label(unseen[n]) for n in taken), int(left.sum())


def _differs(table: AlleleTable, site: int, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell of each pair whether its genotype at a site (strands aside) is another than the first pair's."""
    numbers: dict[frozenset[str], int] = {}
    cells = np.array([numbers.setdefault(table.bases(i, site), len(numbers)) for i in range(len(table.alleles))])
    genotypes = np.sort(cells[pairs], axis=1)
    other: NDArray[np.bool_] = (genotypes != genotypes[0]).any(axis=1)
    return other


def _text(ordered: Sequence[DiplotypeReport], share: float, cohort: str, sites: Sequence[str], undecided: int) -> str:
    shown = f"{share:.0%}" if 0.005 <= share < 0.995 else f"{share:.2%}"
    text = _TEXT.format(name=ordered[0].name, share=shown, count=len(ordered), cohort=cohort)
    how = _SITES if not undecided else _SITES_AND_PHASE if sites else _PHASE
    return text + how.format(sites=", ".join(sites))
