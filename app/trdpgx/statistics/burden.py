"""Burden of rare variants: who carries one that counts by the rules, in a gene or a set of genes, and whether the groups differ.

``trdpgx.statistics.masks`` decides which variants are counted. Of whom a gene was not read, and who carries none in the others, it is not
known whether they carry one: they are in no count. Where synonymous ones, the control, differ between the groups as well,
sequencing or ancestry differs.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray
from scipy.stats import fisher_exact, ranksums

from trdpgx.statistics.masks import MASKS
from trdpgx.statistics.outcome import CohortOutcome
from trdpgx.statistics.regression import Fit, fit


class BurdenResult(Struct, frozen=True):
    """One set of genes by one mask. Of a continuous outcome the counts of groups and Fisher's test are ``None``."""

    gene_set: str
    genes: tuple[str, ...]
    mask: str
    carriers: int
    people: int
    carriers_cases: int | None
    cases: int | None
    carriers_controls: int | None
    controls: int | None
    fisher_odds_ratio: float | None
    fisher_p: float | None
    fit: Fit


def unread(samples: pl.DataFrame) -> dict[str, frozenset[str]]:
    """Return for each gene in whom it was not read (``rare_genes_not_read`` of the table ``samples``)."""
    if "rare_genes_not_read" not in samples.columns:
        return {}
    found: dict[str, set[str]] = {}
    for sample, genes in samples.select("sample", "rare_genes_not_read").filter(pl.col("rare_genes_not_read").list.len() > 0).iter_rows():
        for gene in genes:
            found.setdefault(gene, set()).add(sample)
    return {gene: frozenset(own) for gene, own in found.items()}


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
    if outcome.kind == "continuous":
        return BurdenResult(name, genes, mask, int(carried.sum()), len(carried), None, None, None, None, None, None, fitted)
    case = values == 1
    table = [[int(carried[case].sum()), int((1 - carried)[case].sum())], [int(carried[~case].sum()), int((1 - carried)[~case].sum())]]
    ratio, p = fisher_exact(table)
    return BurdenResult(
        name,
        genes,
        mask,
        int(carried.sum()),
        len(carried),
        table[0][0],
        sum(table[0]),
        table[1][0],
        sum(table[1]),
        float(ratio) if np.isfinite(ratio) else None,
        float(p),
        fitted,
    )


class CallRate(Struct, frozen=True):
    """How much of the panel was seen in the groups: where this differs, so may every count of rare variants."""

    cases: float
    controls: float
    p: float


def call_rate(samples: pl.DataFrame, outcome: CohortOutcome) -> CallRate | None:
    """Return the mean share of panel sites that were seen in both groups, with the rank-sum test; ``None`` of a continuous outcome."""
    if outcome.kind == "continuous":
        return None
    shares = dict(samples.select("sample", pl.col("sites_seen") / pl.col("sites_total")).iter_rows())
    own = np.array([shares[sample] for sample in outcome.samples], dtype=np.float64)
    case = outcome.values == 1
    p = 1.0 if np.ptp(own) == 0 else float(ranksums(own[case], own[~case]).pvalue)
    return CallRate(float(own[case].mean()), float(own[~case].mean()), p)
