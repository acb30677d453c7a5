"""Check the statistics of ``trdpgx associate`` on simulated cohorts of 5,000 people: ``python -m validation.association``.

Two properties are checked, for a binary and a continuous outcome. The 95 % intervals of simulated effects (an activity score, carriers of
rare variants, a variant) contain the true effect as often as they should. Without an effect, each test is significant as often as its
level. All counts together have binomial bounds of 99.9 %. A test with a count outside of its own bounds of 99 % is repeated with ten times
as many runs and another seed, which shows whether the first count was chance; the second count has to be within its bounds too.
The functions are those of the program; only tables and outcomes are simulated.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, fisher_exact

from tests.statistics.people import binary, tables
from trdpgx.pipeline import Service
from trdpgx.statistics.burden import carriers
from trdpgx.statistics.masks import with_masks
from trdpgx.statistics.outcome import CohortOutcome, Kind
from trdpgx.statistics.predictors import TestedPredictor, predictors
from trdpgx.statistics.regression import fit

PEOPLE, EFFECTS, NULL, SEED = 5_000, 200, 2_000, 20261126
AGAIN = 20_000
"""Runs of a test that is repeated."""
COUNTS = 28
"""How many counts have a bound."""
SURE = 1 - 0.001 / COUNTS
"""Probability that a correct program passes one bound, so that it passes all with 99.9 % (Bonferroni)."""
KINDS: tuple[Kind, ...] = ("binary", "continuous")
FISHER = "burden, Fisher's exact test"
_EFFECTS = {"CYP2D6 activity score": 0.25, "burden": 0.7, "rs6265": 0.15}
_RESULTS = Path(__file__).with_name("association.md")


def outcome_of(values: NDArray[np.float64], kind: Kind, samples: tuple[str, ...]) -> CohortOutcome:
    """Return a simulated outcome without covariates."""
    return CohortOutcome("simulated", kind, samples, values, np.empty((len(values), 0)), (), 0)


def tested(rng: np.random.Generator) -> tuple[tuple[str, ...], dict[str, TestedPredictor]]:
    """Return the people, and one predictor of each kind by its name."""
    made, _ = tables(rng, PEOPLE, carriers=0.03)
    samples = tuple(made["samples"]["sample"].to_list())
    known = {one.name: one for one in predictors(made, samples)}
    names = ("rs6265", "CYP2C19 PM against NM", "CYP2D6 activity score", "rs6311 x rs6265")
    values = carriers(with_masks(made["rare_variants"], Service().knowledge.rulebook), samples, ("PRKRA",), "qualifying")
    return samples, {**{name: known[name] for name in names}, "burden": TestedPredictor("burden", ("PRKRA",), "burden", values)}


def coverage(rng: np.random.Generator) -> Iterator[tuple[str, str, int, float]]:
    """Yield outcome, predictor with its effect, number of intervals that contain the effect, and mean estimate."""
    samples, known = tested(rng)
    for kind in KINDS:
        for name, effect in _EFFECTS.items():
            x = known[name].values
            covered, estimates = 0, []
            for _ in range(EFFECTS):
                line = -0.5 + effect * x
                y = binary(rng, line).astype(float) if kind == "binary" else line + rng.normal(0, 1, PEOPLE)
                one = fit(outcome_of(y, kind, samples), x)
                if one.low is None or one.high is None or one.effect is None:
                    raise RuntimeError(f"{name} could not be fitted: {one.reason}")
                covered += one.low <= effect <= one.high
                estimates.append(one.effect)
            yield kind, f"{name}, {effect}", covered, float(np.mean(estimates))


def false_positives(
    rng: np.random.Generator, samples: tuple[str, ...], known: dict[str, TestedPredictor]
) -> Iterator[tuple[Kind, str, int, int]]:
    """Yield outcome, test, and how many p values without an effect are below 5 % and below 1 %."""
    for kind in KINDS:
        below: dict[str, list[float]] = {name: [] for name in known}
        exact: list[float] = []
        for _ in range(NULL):
            outcome = null_outcome(rng, kind, samples)
            for name, one in known.items():
                below[name].append(p_of(outcome, one))
            if kind == "binary":
                carried, y = known["burden"].values == 1, outcome.values
                rows = [[int((carried & (y == value)).sum()), int((~carried & (y == value)).sum())] for value in (1, 0)]
                exact.append(float(fisher_exact(rows)[1]))
        for name, values in below.items():
            yield kind, name, sum(p < 0.05 for p in values), sum(p < 0.01 for p in values)
        if exact:
            yield kind, FISHER, sum(p < 0.05 for p in exact), sum(p < 0.01 for p in exact)


def null_outcome(rng: np.random.Generator, kind: Kind, samples: tuple[str, ...]) -> CohortOutcome:
    """Return an outcome on which no predictor has an effect."""
    y = (rng.random(PEOPLE) < 0.4).astype(float) if kind == "binary" else rng.normal(size=PEOPLE)
    return outcome_of(y, kind, samples)


def p_of(outcome: CohortOutcome, one: TestedPredictor) -> float:
    """Return the p value of a predictor, 1 where there is none."""
    p = fit(outcome, one.values, one.beside).p
    return 1.0 if p is None else p


def again(kind: Kind, name: str, samples: tuple[str, ...], one: TestedPredictor) -> tuple[int, int]:
    """Return how many p values of ``AGAIN`` further runs of one test are below 5 % and below 1 %."""
    rng = np.random.default_rng([SEED, *name.encode()])
    values = [p_of(null_outcome(rng, kind, samples), one) for _ in range(AGAIN)]
    return sum(p < 0.05 for p in values), sum(p < 0.01 for p in values)


def inside(counts: tuple[int, int], runs: int, sure: float, *, conservative: bool = False) -> bool:
    """Whether the counts below 5 % and below 1 % are within the interval that a correct program has with probability ``sure``."""
    limits = [binom.interval(sure, runs, share) for share in (0.05, 0.01)]
    return all((conservative or low <= count) and count <= high for count, (low, high) in zip(counts, limits, strict=True))


def bounds(runs: int, share: float) -> tuple[int, int]:
    """Return the least and the highest count of a correct program, with probability ``SURE``."""
    low, high = binom.interval(SURE, runs, share)
    return int(low), int(high)


def main() -> int:
    """Simulate, write the table, and return 1 if a count is out of its bounds."""
    rng = np.random.default_rng(SEED)
    failed = 0
    least, _ = bounds(EFFECTS, 0.95)
    lines = [
        "# Simulated associations",
        "",
        f"`python -m validation.association` with the seed {SEED}: cohorts of {PEOPLE:,} people.",
        f"Of {EFFECTS} intervals of 95 %, at least {least} have to contain the simulated effect.",
        "",
        "| outcome | simulated effect | intervals that contain it | mean estimate |",
        "|---|---|---|---|",
    ]
    for kind, name, covered, mean in coverage(rng):
        failed += covered < least
        lines.append(f"| {kind} | {name} | {covered} of {EFFECTS} | {mean:.3f} |")
    five, one = bounds(NULL, 0.05), bounds(NULL, 0.01)
    lines += [
        "",
        f"Without an effect, {five[0]} to {five[1]} p values of {NULL:,} have to be below 5 %,",
        f"and {one[0]} to {one[1]} below 1 %.",
        "Fisher's exact test is conservative, so its counts have an upper bound alone.",
        "",
        "| outcome | test | below 5 % | below 1 % |",
        "|---|---|---|---|",
    ]
    repeated = []
    samples, known = tested(rng)
    for kind, name, at_five, at_one in false_positives(rng, samples, known):
        counts, conservative = (at_five, at_one), name == FISHER
        failed += not inside(counts, NULL, SURE, conservative=conservative)
        lines.append(f"| {kind} | {name} | {at_five} ({at_five / NULL:.1%}) | {at_one} ({at_one / NULL:.1%}) |")
        if not conservative and not inside(counts, NULL, 0.99):
            repeated.append((kind, name))
    lines += ["", f"Tests with a count outside of the 99 % interval of one test are repeated with {AGAIN:,} other runs.", ""]
    lines += ["| outcome | test | below 5 % | below 1 % |", "|---|---|---|---|"] if repeated else ["There was none."]
    for kind, name in repeated:
        counts = again(kind, name, samples, known[name])
        failed += not inside(counts, AGAIN, SURE)
        lines.append(f"| {kind} | {name} | {counts[0]} ({counts[0] / AGAIN:.2%}) | {counts[1]} ({counts[1] / AGAIN:.2%}) |")
    _RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))
    print(f"{failed} out of bounds")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
