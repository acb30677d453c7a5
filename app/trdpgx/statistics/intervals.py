"""Intervals, tests and corrections for counts, by statsmodels and scipy, and the exact test of Hardy-Weinberg proportions."""

import math
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

LEVEL = 0.95
"""Confidence level of every interval."""


def wilson(count: float, total: float) -> tuple[float | None, float | None]:
    """Return Wilson's 95 % interval of a proportion (Wilson 1927, doi 10.1080/01621459.1927.10502953); ``None`` of nothing counted."""
    if total <= 0:
        return None, None
    low, high = proportion_confint(count, total, alpha=1 - LEVEL, method="wilson")
    return float(low), float(high)


def proportions(frame: pl.DataFrame) -> tuple[pl.Expr, pl.Series, pl.Series]:
    """Return ``frequency``, ``low`` and ``high`` of the columns ``count`` and ``total``; null where nothing is counted."""
    intervals = [(None, None) if None in pair else wilson(*pair) for pair in frame.select("count", "total").iter_rows()]
    low, high = (pl.Series(name, [pair[at] for pair in intervals], pl.Float64) for at, name in enumerate(("low", "high")))
    return pl.when(pl.col("total") > 0).then(pl.col("count") / pl.col("total")).alias("frequency"), low, high


def hardy_weinberg(reference: int, heterozygous: int, alternate: int) -> float | None:
    """Return the exact p value of Hardy-Weinberg proportions for the people with each genotype of a variant with two alleles.

    The sum of the probabilities of all numbers of heterozygotes, given the alleles, that are no more probable than the one seen
    (Wigginton, Cutler and Abecasis 2005, PMID 15789306, doi 10.1086/429864). ``None`` where one allele alone was seen.
    """
    people = reference + heterozygous + alternate
    rare = 2 * min(reference, alternate) + heterozygous
    if people == 0 or rare == 0:
        return None
    numbers = np.arange(rare % 2, rare + 1, 2)
    homozygous = (rare - numbers) // 2
    others = people - numbers - homozygous
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, people + 1)))])
    logs = numbers * math.log(2) - log_factorial[numbers] - log_factorial[homozygous] - log_factorial[others]
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    seen = chances[numbers == heterozygous][0]
    return float(min(1.0, chances[chances <= seen * (1 + 1e-9)].sum()))


def corrected(p_values: Sequence[float | None]) -> tuple[list[float | None], list[float | None]]:
    """Return p values corrected over all tests that were made: by Bonferroni, and by Benjamini and Hochberg (false discovery rate)."""
    made = [p for p in p_values if p is not None]
    if not made:
        return [None] * len(p_values), [None] * len(p_values)
    columns = []
    for method in ("bonferroni", "fdr_bh"):
        values: NDArray[np.float64] = multipletests(made, method=method)[1]
        left = iter(values.tolist())
        columns.append([None if p is None else next(left) for p in p_values])
    return columns[0], columns[1]


def detectable(standard_error: float, tests: int) -> float:
    """Return the least effect, on the scale of the model, that a sample with this standard error shows with a power of 80 %.

    Two-sided, at 5 % over the number of tests, by the normal approximation.
    """
    return float((norm.ppf(1 - 0.05 / (2 * max(tests, 1))) + norm.ppf(0.8)) * standard_error)
