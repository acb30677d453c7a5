"""Figures of a cohort's page: stacked bars of phenotypes, call rates, a forest plot, and a quantile-quantile plot of p values."""

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from trdpgx.model.gene import Phenotype
from trdpgx.report.html.svg import LinearScale, Svg

_WIDTH, _LEFT, _RIGHT, _ROW = 720, 150, 20, 24
_SHADES = 5
"""Classes state0 to state4 of the style sheet; more phenotypes share them, and each part has its name."""


def stacked_figure(rows: Sequence[tuple[str, Sequence[tuple[str, float]]]], key: str, title: str) -> str:
    """Return a bar for each group, divided by the shares of its parts."""
    svg = Svg(key, title, "A bar for each group, divided by phenotype. The table below has the numbers.", _WIDTH, 10 + _ROW * len(rows))
    x = LinearScale(0, 1, _LEFT, _WIDTH - _RIGHT)
    for number, (group, parts) in enumerate(rows):
        top = 4 + number * _ROW
        svg.text(_LEFT - 8, top + 14, group[:22], "label end")
        start = 0.0
        for order, (name, share) in enumerate(parts):
            if not share:
                continue
            shade = order % _SHADES
            svg.rect(x(start), top, x(start + share) - x(start), _ROW - 6, f"state state{shade}")
            if x(start + share) - x(start) >= 9 * len(name) + 8:
                svg.text((x(start) + x(start + share)) / 2, top + 14, name, f"label middle on{shade}")
            start += share
    return svg.render()


def call_rate_figure(rows: Sequence[tuple[str, float]], key: str) -> str:
    """Return a bar for each gene: the share of people who were called."""
    svg = Svg(key, "People called, by gene", "A bar for each gene. The table below has the numbers.", _WIDTH, 10 + _ROW * len(rows))
    x = LinearScale(0, 1, _LEFT, _WIDTH - _RIGHT - 50)
    for number, (gene, share) in enumerate(rows):
        top = 4 + number * _ROW
        svg.text(_LEFT - 8, top + 14, gene, "label end")
        svg.rect(x(0), top, x(1) - x(0), _ROW - 6, "state state4")
        svg.rect(x(0), top, x(share) - x(0), _ROW - 6, "state state0")
        svg.text(x(1) + 6, top + 14, f"{share:.1%}")
    return svg.render()


def forest_figure(rows: Sequence[tuple[str, float, float, float]], *, ratio: bool, key: str) -> str:
    """Return estimates with their intervals on one axis, logarithmic for odds ratios, and a line at no effect."""
    values = [math.log(value) if ratio else value for _, *figures in rows for value in figures]
    low, high = min([*values, -0.1]), max([*values, 0.1])
    title = "Odds ratios with 95 % intervals" if ratio else "Effects with 95 % intervals"
    svg = Svg(key, title, "A row for each test that could be made. The table below has the numbers.", _WIDTH, 40 + 20 * len(rows))
    x = LinearScale(low, high, 270, _WIDTH - _RIGHT)
    bottom = 12 + 20 * len(rows)
    svg.line(x(0), 4, x(0), bottom, "axis")
    for number, (name, estimate, least, most) in enumerate(rows):
        middle = 14 + number * 20
        points = [x(math.log(value) if ratio else value) for value in (estimate, least, most)]
        svg.text(262, middle + 4, name[:36], "label end")
        svg.line(points[1], middle, points[2], middle, "axis")
        svg.rect(points[0] - 4, middle - 4, 8, 8, "state state0")
    for value in (low, 0.0, high):
        svg.text(x(value), bottom + 16, f"{math.exp(value) if ratio else value:.2g}", "label middle")
    return svg.render()


def quantile_figure(p_values: Sequence[float], key: str) -> str:
    """Return seen against expected p values, both as -log10: on the line where nothing is associated."""
    seen = np.sort(-np.log10(np.clip(np.array(p_values), 1e-300, 1.0)))
    expected = np.sort(-np.log10((np.arange(1, len(seen) + 1) - 0.5) / len(seen)))
    most = float(max(seen.max(), expected.max())) * 1.05
    svg = Svg(key, "P values, seen against expected", "Both as -log10; points above the line are smaller than expected.", _WIDTH, 420)
    x, y = LinearScale(0, most, 50, 400), LinearScale(0, most, 370, 20)
    svg.line(x(0), y(0), x(most), y(most), "axis")
    svg.line(x(0), y(0), x(most), y(0), "axis")
    svg.line(x(0), y(0), x(0), y(most), "axis")
    for one, other in zip(expected.tolist(), seen.tolist(), strict=True):
        svg.circle(x(one), y(other), 3.5, "state state0")
    svg.text(225, 400, "expected, -log10 p", "label middle")
    svg.text(8, 14, "seen, -log10 p")
    svg.text(x(most), 386, f"{most:.1f}", "label end")
    return svg.render()


def phenotype_rows(phenotypes: pl.DataFrame, gene: str) -> list[tuple[str, list[tuple[str, float]]]]:
    """Return the shares of each group's phenotypes, for a stacked figure: every group has every phenotype of the gene, in one order.

    The share is 0 for a phenotype that nobody in the group has, or that is suppressed.
    """
    own = phenotypes.filter(pl.col("gene") == gene, pl.col("item").is_not_null())
    names = sorted(own["item"].unique().to_list(), key=phenotype_order)
    rows = []
    for (group,), frame in own.filter(pl.col("frequency").is_not_null()).group_by(["group"], maintain_order=True):
        shares = dict(frame.select("item", "frequency").iter_rows())
        rows.append((str(group), [(name, shares.get(name, 0.0)) for name in names]))
    return rows


def phenotype_order(name: str) -> tuple[int, str]:
    """Return the key by which phenotypes are sorted: from the fastest to the slowest, then unknown ones."""
    codes = list(Phenotype)
    return (codes.index(Phenotype(name)), name) if name in codes else (len(codes), name)


def phenotype_term(name: str) -> str:
    """Return the term of a phenotype, or its name where it has none."""
    return Phenotype(name).term if name in list(Phenotype) else name
