"""Burden of rare variants: carriers of a variant that counts by the rules, in a gene or a set of genes, compared between the groups.

``trdpgx.statistics.masks`` decides which variants are counted. A person of whom a gene was not read, and who has no variant in the other
genes, is in no count. Where synonymous variants, the control, differ between the groups too, sequencing or ancestry differs.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray
from scipy.stats import fisher_exact, ranksums

from trdpgx.statistics.masks import MASKS
from trdpgx.statistics.outcome import CohortOutcome
from trdpgx.statistics.regression import Fit, fit


class BurdenResult(Struct, frozen=True):
    """One set of genes by one mask. Counts of groups and Fisher's test are ``None`` for a continuous outcome."""

    gene_set: str
    genes: tuple[str, ...]
    mask: str
    fit: Fit
    carriers: int
    people: int
    carriers_cases: int | None = None
    cases: int | None = None
    carriers_controls: int | None = None
    controls: int | None = None
    fisher_odds_ratio: float | None = None
    fisher_p: float | None = None


def unread(samples: pl.DataFrame) -> dict[str, frozenset[str]]:
    """Return for each gene the samples in which it was not read (``rare_genes_not_read`` of the table ``samples``)."""
    if "rare_genes_not_read" not in samples.columns:
        return {}
    unread_in: dict[str, set[str]] = {}
    for sample, genes in samples.select("sample", "rare_genes_not_read").filter(pl.col("rare_genes_not_read").list.len() > 0).iter_rows():
        for gene in genes:
            unread_in.setdefault(gene, set()).add(sample)
    return {gene: frozenset(own) for gene, own in unread_in.items()}


def carriers(
    masked: pl.DataFrame, samples: Sequence[str], genes: Sequence[str], mask: str, not_read: Mapping[str, frozenset[str]] | None = None
) -> NDArray[np.float64]:
    """Return 1 for each of the samples with a variant in one of the genes that the mask takes, and 0 for the others.

    It is NaN where a gene was ``not_read`` (``unread``) and no variant was found in the others.
    """
    own = set(masked.filter(pl.col("gene").is_in(list(genes)), pl.col("mask") == mask)["sample"].to_list())
    unknown = frozenset().union(*((not_read or {}).get(gene, frozenset()) for gene in genes))
    return np.array([1.0 if sample in own else np.nan if sample in unknown else 0.0 for sample in samples])


def burden(
    masked: pl.DataFrame,
    outcome: CohortOutcome,
    sets: Mapping[str, Sequence[str]],
    *,
    not_read: Mapping[str, frozenset[str]] | None = None,
    least: int = 5,
) -> list[BurdenResult]:
    """Return Fisher's exact test and a regression with the covariates, for each set and mask. ``masked`` comes from ``with_masks``."""
    return [
        _one(outcome, name, tuple(genes), mask, carriers(masked, outcome.samples, genes, mask, not_read), least=least)
        for name, genes in sets.items()
        for mask in MASKS
    ]


def _one(outcome: CohortOutcome, name: str, genes: tuple[str, ...], mask: str, carried: NDArray[np.float64], *, least: int) -> BurdenResult:
    fitted = fit(outcome, carried, least=least)
    known = np.isfinite(carried)
    carried, values = carried[known], outcome.values[known]
    result = BurdenResult(name, genes, mask, fitted, int(carried.sum()), len(carried))
    if outcome.kind == "continuous":
        return result
    case = values == 1
    table = [[int(carried[case].sum()), int((1 - carried)[case].sum())], [int(carried[~case].sum()), int((1 - carried)[~case].sum())]]
    ratio, p = fisher_exact(table)
    return replace(
        result,
        carriers_cases=table[0][0],
        cases=sum(table[0]),
        carriers_controls=table[1][0],
        controls=sum(table[1]),
        fisher_odds_ratio=float(ratio) if np.isfinite(ratio) else None,
        fisher_p=float(p),
    )


class CallRate(Struct, frozen=True):
    """Mean share of the panel that was seen in each group: where it differs, every count of rare variants may differ too."""

    cases: float
    controls: float
    p: float


def call_rate(samples: pl.DataFrame, outcome: CohortOutcome) -> CallRate | None:
    """Return the mean share of panel sites that were seen in both groups, with the rank-sum test; ``None`` for a continuous outcome."""
    if outcome.kind == "continuous":
        return None
    shares = dict(samples.select("sample", pl.col("sites_seen") / pl.col("sites_total")).iter_rows())
    own = np.array([shares[sample] for sample in outcome.samples], dtype=np.float64)
    case = outcome.values == 1
    p = 1.0 if np.ptp(own) == 0 else float(ranksums(own[case], own[~case]).pvalue)
    return CallRate(float(own[case].mean()), float(own[~case].mean()), p)
