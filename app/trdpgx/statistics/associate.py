"""All tests of one outcome as tables: associations, and burden of rare variants, with notes on both."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from msgspec import Struct
from msgspec.structs import asdict

from trdpgx.model.library import RuleLibrary
from trdpgx.statistics.burden import BurdenResult, CallRate, burden, call_rate, unread
from trdpgx.statistics.intervals import corrected, detectable
from trdpgx.statistics.masks import SYNONYMOUS, with_masks
from trdpgx.statistics.outcome import CohortOutcome
from trdpgx.statistics.predictors import TestedPredictor, predictors
from trdpgx.statistics.published import published_by_name, published_for
from trdpgx.statistics.regression import Fit, counts, fit

LIMITS = (
    "Most associations of candidate genes with depression and its treatment did not replicate: a small p value is a lead, not a finding.",
    "Ancestry confounds: without principal components among the covariates an association may be one of ancestry with the outcome.",
    "Every test is one of many looks: read p_bonferroni and p_fdr, corrected over the tests of this run, and count earlier runs too.",
    "Who has no rare variant listed counts as no carrier, unless gVCF blocks or targets show that the gene was not read: compare only "
    "people sequenced alike.",
    "A cohort that was chosen by treatment, response or consent shows what holds in it, and not in others.",
)
"""Notes on every result."""


class AssociationTables(Struct, frozen=True):
    """The results of ``associate``; docs/associate.md describes the columns."""

    associations: pl.DataFrame
    burden: pl.DataFrame
    outcome: CohortOutcome
    call_rate: CallRate | None
    notes: tuple[str, ...]


def associate(
    tables: Mapping[str, pl.DataFrame],
    outcome: CohortOutcome,
    library: RuleLibrary,
    *,
    gene_sets: Mapping[str, Sequence[str]] | None = None,
    least: int = 5,
    interactions: bool = True,
) -> AssociationTables:
    """Test every predictor of a cohort's tables, and every gene and set of genes, against an outcome.

    ``gene_sets`` are tested besides those of the rules. A predictor in which fewer than ``least`` people differ is listed and not fitted.
    """
    tested = list(predictors(tables, outcome.samples, interactions=interactions))
    fits = [fit(outcome, one.values, one.beside, least=least) for one in tested]
    sets = {**sets_of(library), **(gene_sets or {})}
    not_read = unread(tables["samples"])
    burdens = burden(with_masks(tables["rare_variants"], library), outcome, sets, not_read=not_read, least=least)
    rate = call_rate(tables["samples"], outcome)
    return AssociationTables(
        _associations(outcome, tested, fits, library), _burden_table(outcome, burdens), outcome, rate, _notes(outcome, rate, burdens)
    )


def sets_of(library: RuleLibrary) -> dict[str, tuple[str, ...]]:
    """Return the sets of genes in which the rules count rare variants, and each gene of a set with several."""
    sets: dict[str, tuple[str, ...]] = {}
    for name, criterion in library.criteria.items():
        genes = tuple(dict.fromkeys((*criterion.genes, *(gene for one in criterion.gene_sets for gene in library.gene_sets[one].genes))))
        sets[name] = genes
        sets |= {gene: (gene,) for gene in genes if len(genes) > 1}
    return sets


def _associations(outcome: CohortOutcome, tested: Sequence[TestedPredictor], fits: Sequence[Fit], library: RuleLibrary) -> pl.DataFrame:
    bonferroni, false_discovery = corrected([one.p for one in fits])
    tests = sum(one.p is not None for one in fits)
    findings = published_by_name(library)
    rows = []
    for predictor, one, p_bonferroni, p_fdr in zip(tested, fits, bonferroni, false_discovery, strict=True):
        rules = published_for(predictor, findings)
        rows.append(
            {
                "outcome": outcome.name,
                "model": _model(outcome),
                "kind": predictor.kind,
                "genes": list(predictor.genes),
                "predictor": predictor.name,
                "allele": predictor.allele,
                **_figures(outcome, one),
                "p_bonferroni": p_bonferroni,
                "p_fdr": p_fdr,
                "tests": tests,
                "counts": counts(outcome, predictor.values, predictor.labels),
                "not_known": int(np.isnan(predictor.values).sum()),
                "detectable_effect": _detectable(outcome, one, tests),
                "note": "; ".join(filter(None, (one.reason, predictor.note))) or None,
                "published_rules": [rule.id for rule in rules],
                "published": " ".join(dict.fromkeys(rule.text for rule in rules if rule.text)) or None,
            }
        )
    return pl.DataFrame(rows, schema=ASSOCIATIONS)


def _burden_table(outcome: CohortOutcome, results: Sequence[BurdenResult]) -> pl.DataFrame:
    tested = [one.fit.p if one.mask == "qualifying" else None for one in results]
    bonferroni, false_discovery = corrected(tested)
    tests = sum(p is not None for p in tested)
    rows = [
        {
            "outcome": outcome.name,
            "model": _model(outcome),
            **{name: value for name, value in _figures(outcome, one.fit).items() if name != "n"},
            **{name: value for name, value in asdict(one).items() if name != "fit"},
            "p_bonferroni": p_bonferroni,
            "p_fdr": p_fdr,
            "tests": tests,
            "detectable_effect": _detectable(outcome, one.fit, tests),
            "note": one.fit.reason,
        }
        for one, p_bonferroni, p_fdr in zip(results, bonferroni, false_discovery, strict=True)
    ]
    return pl.DataFrame(rows, schema=BURDEN)


def _model(outcome: CohortOutcome) -> str:
    return "logistic" if outcome.kind == "binary" else "linear"


def _figures(outcome: CohortOutcome, one: Fit) -> dict[str, float | int | None]:
    ratios = [None if value is None or outcome.kind == "continuous" else math.exp(value) for value in (one.effect, one.low, one.high)]
    figures = {name: value for name, value in asdict(one).items() if name != "reason"}
    return {**figures, **dict(zip(("odds_ratio", "odds_ratio_low", "odds_ratio_high"), ratios, strict=True))}


def _detectable(outcome: CohortOutcome, one: Fit, tests: int) -> float | None:
    """Return the least effect that this sample would show with a power of 80 % after correction, as an odds ratio or a difference."""
    if one.standard_error is None:
        return None
    least = detectable(one.standard_error, tests)
    return math.exp(least) if outcome.kind == "binary" else least


def _notes(outcome: CohortOutcome, rate: CallRate | None, results: Sequence[BurdenResult]) -> tuple[str, ...]:
    notes = list(LIMITS)
    if not any(name.lower().startswith("pc") for name in outcome.covariate_names):
        notes.append("No principal component is among the covariates (none is called pc1, PC2 ...).")
    if outcome.left_out:
        notes.append(f"{outcome.left_out} people of the cohort are left out: their outcome or a covariate is not known.")
    if rate is not None and rate.p < 0.05:
        notes.append(
            f"More of the star-allele sites was seen in one group ({rate.cases:.1%} of sites in cases, {rate.controls:.1%} in controls, "
            f"p = {rate.p:.2g}): differences between the groups may be differences of sequencing."
        )
    controls = [one.gene_set for one in results if one.mask == SYNONYMOUS and one.fisher_p is not None and one.fisher_p < 0.05]
    if controls:
        notes.append(
            f"Synonymous variants, the control, differ between the groups in {', '.join(controls)}: read the burden there with doubt."
        )
    return tuple(notes)


_FIGURES: dict[str, pl.DataType] = dict.fromkeys(
    ("effect", "standard_error", "low", "high", "odds_ratio", "odds_ratio_low", "odds_ratio_high", "p"), pl.Float64()
)
_CORRECTED: dict[str, pl.DataType] = {"p_bonferroni": pl.Float64(), "p_fdr": pl.Float64(), "tests": pl.Int64()}
ASSOCIATIONS: dict[str, pl.DataType] = {
    **dict.fromkeys(("outcome", "model", "kind"), pl.String()),
    "genes": pl.List(pl.String()),
    **dict.fromkeys(("predictor", "allele"), pl.String()),
    "n": pl.Int64(),
    "cases": pl.Int64(),
    **_FIGURES,
    **_CORRECTED,
    "counts": pl.String(),
    "not_known": pl.Int64(),
    "detectable_effect": pl.Float64(),
    "note": pl.String(),
    "published_rules": pl.List(pl.String()),
    "published": pl.String(),
}
BURDEN: dict[str, pl.DataType] = {
    **dict.fromkeys(("outcome", "model", "gene_set"), pl.String()),
    "genes": pl.List(pl.String()),
    "mask": pl.String(),
    **dict.fromkeys(("carriers", "people", "carriers_cases", "cases", "carriers_controls", "controls"), pl.Int64()),
    **dict.fromkeys(("fisher_odds_ratio", "fisher_p"), pl.Float64()),
    **_FIGURES,
    **_CORRECTED,
    "detectable_effect": pl.Float64(),
    "note": pl.String(),
}
