"""Intervals and tests against other makers' figures and against plain definitions."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import binomtest, chi2

from trdpgx.statistics.intervals import corrected, detectable, hardy_weinberg, wilson


@pytest.mark.parametrize(("count", "total"), [(0, 10), (1, 10), (5, 10), (10, 10), (816, 6302), (3, 100_000)])
def test_wilson_is_that_of_scipy(count: int, total: int) -> None:
    other = binomtest(count, total).proportion_ci(method="wilson")
    assert wilson(count, total) == pytest.approx((other.low, other.high), abs=1e-9)


def test_nothing_counted_has_no_interval() -> None:
    assert wilson(0, 0) == (None, None)


def plain(reference: int, heterozygous: int, alternate: int) -> float:
    """Add up the exact probabilities with whole numbers, as the definition has it."""
    people, rare = reference + heterozygous + alternate, 2 * alternate + heterozygous
    ways = {}
    for number in range(rare % 2, min(rare, 2 * people - rare) + 1, 2):
        homozygous = (rare - number) // 2
        ways[number] = 2**number * math.comb(people, number) * math.comb(people - number, homozygous)
    seen = ways[heterozygous]
    return sum(one for one in ways.values() if one <= seen) / sum(ways.values())


@pytest.mark.parametrize(
    "counts", [(10, 0, 10), (57, 14, 50), (100, 3, 5), (1, 0, 0), (0, 20, 0), (89, 5, 1), (7, 6, 2), (2, 5, 8), (0, 1, 9)]
)
def test_hardy_weinberg_is_the_plain_sum(counts: tuple[int, int, int]) -> None:
    p = hardy_weinberg(*counts)
    if counts[1] == 0 and 0 in (counts[0], counts[2]):
        assert p is None
    else:
        assert p == pytest.approx(plain(*counts), rel=1e-9)


def test_hardy_weinberg_of_many_people_agrees_with_the_chi_square() -> None:
    counts = (3000, 1700, 302)
    people = sum(counts)
    q = (2 * counts[2] + counts[1]) / (2 * people)
    expected = ((1 - q) ** 2 * people, 2 * q * (1 - q) * people, q**2 * people)
    statistic = sum((seen - wanted) ** 2 / wanted for seen, wanted in zip(counts, expected, strict=True))
    assert hardy_weinberg(*counts) == pytest.approx(chi2.sf(statistic, 1), rel=0.05)


def test_corrections_are_over_the_tests_that_were_made() -> None:
    bonferroni, false_discovery = corrected([0.01, None, 0.04, 0.03])
    assert bonferroni == pytest.approx([0.03, None, 0.12, 0.09]) or bonferroni[1] is None
    assert [bonferroni[0], bonferroni[2]] == pytest.approx([0.03, 0.12])
    assert [false_discovery[0], false_discovery[2], false_discovery[3]] == pytest.approx([0.03, 0.04, 0.04])
    assert corrected([None]) == ([None], [None])


def test_the_detectable_effect_grows_with_the_number_of_tests() -> None:
    assert detectable(0.1, 1) == pytest.approx(0.1 * (1.959964 + 0.841621), abs=1e-5)
    assert all(one < other for one, other in pairwise(detectable(0.1, tests) for tests in (1, 2, 10, 100)))
    assert np.isfinite(detectable(0.1, 0))
