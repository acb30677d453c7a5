"""A line chart as SVG, for cost against size."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 420, 260, 48


@dataclass(frozen=True)
class Series:
    """One curve with the names of its axes; both start at 0."""

    across: str
    up: str
    points: Sequence[tuple[float, float]]
    marks: bool = True
    """Whether each point has a mark with its values."""


def chart(curves: Sequence[Series], *, columns: int = 6) -> str:
    """Return one picture with the curves side by side, so many in a row."""
    parts = [
        f'<g transform="translate(0 {number // columns * HEIGHT})">{panel(curve, number % columns * WIDTH)}</g>'
        for number, curve in enumerate(curves)
    ]
    size = f'width="{WIDTH * min(columns, len(curves))}" height="{HEIGHT * -(-len(curves) // columns)}"'
    style = 'font-family="sans-serif" font-size="11"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>\n<rect {size} fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n"


def panel(curve: Series, left: int) -> str:
    """Return one curve, drawn ``left`` pixels from the left."""
    most = [max(values) for values in zip(*curve.points, strict=True)]
    x0, y0, x1, y1 = left + EDGE, HEIGHT - EDGE, left + WIDTH - EDGE // 2, EDGE // 2

    def position(point: tuple[float, float]) -> tuple[float, float]:
        return x0 + (x1 - x0) * point[0] / most[0], y0 + (y1 - y0) * point[1] / most[1]

    marks = [position(point) for point in curve.points]
    lines = [
        f'<polyline points="{x0},{y1} {x0},{y0} {x1},{y0}" fill="none" stroke="black"/>',
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in marks)}" fill="none" stroke="steelblue" stroke-width="2"/>',
        f'<text x="{(x0 + x1) // 2}" y="{HEIGHT - 8}" text-anchor="middle">{curve.across}</text>',
        f'<text x="{x0}" y="{y1 - 8}" text-anchor="middle">{curve.up}</text>',
    ]
    for (x, y), (size, cost) in zip(marks, curve.points, strict=True):
        if not curve.marks:
            continue
        lines.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="steelblue"/>')
        lines.append(f'<text x="{x:.1f}" y="{y0 + 14}" text-anchor="middle">{size:,.0f}</text>')
        lines.append(f'<text x="{x - 6:.1f}" y="{y - 6:.1f}" text-anchor="end">{cost:.2f}</text>')
    if not curve.marks:
        lines.append(f'<text x="{x1:.1f}" y="{y0 + 14}" text-anchor="middle">{most[0]:,.0f}</text>')
        lines.append(f'<text x="{x0 - 4:.1f}" y="{y1 + 4}" text-anchor="end">{most[1]:,.0f}</text>')
    return "\n".join(lines)
