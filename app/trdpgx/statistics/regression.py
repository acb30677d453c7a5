"""One test: a logistic or linear model of the outcome, with the predictor, its further columns and the covariates."""

import math
import warnings
from typing import Any

import numpy as np
import statsmodels.api as sm
from msgspec import Struct
from numpy.typing import NDArray
from statsmodels.tools.sm_exceptions import ConvergenceWarning, HessianInversionWarning, PerfectSeparationError, PerfectSeparationWarning

from trdpgx.statistics.outcome import CohortOutcome

_FAILURES = (np.linalg.LinAlgError, PerfectSeparationError, FloatingPointError)
_SILENT = (ConvergenceWarning, HessianInversionWarning, PerfectSeparationWarning, RuntimeWarning)
_SEPARATED = "the model has no solution: the predictor, or a covariate beside it, separates the outcome"
_TOO_LARGE = "the model has no solution: figures are too large, or there are too few people"
_LARGEST = 15.0
"""Log odds beyond which a fit counts as diverged."""


class Fit(Struct, frozen=True):
    """The estimate of a model for its predictor; figures are ``None`` where it could not be fitted, for the ``reason`` given."""

    n: int
    cases: int | None
    effect: float | None = None
    """Log odds ratio, or difference in units of the outcome, for one more of the predictor."""
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    reason: str | None = None


def fit(outcome: CohortOutcome, values: NDArray[np.float64], beside: tuple[NDArray[np.float64], ...] = (), *, least: int = 5) -> Fit:
    """Return the association of a predictor with the outcome, in the people of whom both are known.

    Intervals are of 95 %, p values of Wald's test. A predictor in which fewer than ``least`` people differ, or that separates the outcome,
    is not fitted; nor is a binary outcome with fewer people than that in a group.
    """
    columns = np.column_stack([values, *beside, outcome.covariates])
    known = np.isfinite(columns).all(axis=1)
    y, x = outcome.values[known], columns[known]
    n, cases = len(y), int(y.sum()) if outcome.kind == "binary" else None
    reason = _reason(y, x, least=least, binary=outcome.kind == "binary")
    if reason:
        return Fit(n, cases, reason=reason)
    figures = _solved(y, np.column_stack([np.ones(n), x]), binary=outcome.kind == "binary")
    return Fit(n, cases, reason=_TOO_LARGE if cases is None else _SEPARATED) if figures is None else Fit(n, cases, *figures)


def _reason(y: NDArray[np.float64], x: NDArray[np.float64], *, least: int, binary: bool) -> str | None:
    """Return why a model is not to be fitted."""
    if len(y) == 0:
        return "known of nobody"
    _, numbers = np.unique(x[:, 0], return_counts=True)
    if len(numbers) < 2 or len(y) - numbers.max() < least:
        return f"fewer than {least} people differ in it"
    if binary and min(y.sum(), len(y) - y.sum()) < least:
        return f"fewer than {least} people in a group"
    if np.linalg.matrix_rank(np.column_stack([np.ones(len(y)), x])) < x.shape[1] + 1:
        return "it is a combination of the covariates"
    return None


def _solved(y: NDArray[np.float64], design: NDArray[np.float64], *, binary: bool) -> tuple[float, float, float, float, float] | None:
    """Return effect, standard error, interval and p value of the first column after the constant; ``None`` without a solution."""
    try:
        with warnings.catch_warnings():
            for kind in _SILENT:
                warnings.simplefilter("ignore", kind)
            model: Any = sm.Logit(y, design).fit(disp=0, maxiter=100) if binary else sm.OLS(y, design).fit()
            low, high = model.conf_int()[1]
            figures = (float(model.params[1]), float(model.bse[1]), float(low), float(high), float(model.pvalues[1]))
    except _FAILURES:
        return None
    diverged = binary and (abs(figures[0]) > _LARGEST or not model.mle_retvals["converged"])
    return None if diverged or not all(map(math.isfinite, figures)) else figures


def counts(outcome: CohortOutcome, values: NDArray[np.float64], labels: tuple[str, ...]) -> str:
    """Return the number of people with each value of a predictor; for a binary outcome controls and cases: ``A/A 10:12, A/G 3:4``."""
    known = np.isfinite(values)
    parts = []
    for value in np.unique(values[known]).tolist():
        people = outcome.values[known & (values == value)]
        name = labels[int(value)] if labels and value == int(value) and int(value) < len(labels) else f"{value:g}"
        if outcome.kind == "binary":
            parts.append(f"{name} {int((people == 0).sum())}:{int((people == 1).sum())}")
        else:
            parts.append(f"{name} {len(people)}")
    return ", ".join(parts)
