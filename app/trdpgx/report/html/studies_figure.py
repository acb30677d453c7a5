"""The studies behind one claim: year against number of people, with their stance."""

from collections.abc import Sequence
from math import log10

from trdpgx.model.consideration import Consideration
from trdpgx.model.evidence import EvidenceItem, Stance
from trdpgx.report.html.svg import LinearScale, Svg
from trdpgx.report.wording import STANCE_WORDS
from trdpgx.texts import phrase

_WIDTH, _LEFT, _RIGHT, _ROW = 720, 210, 70, 20
_DECADES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
_FEWEST = 2
"""A figure is drawn from so many studies with a number of people on."""


def studies(consideration: Consideration) -> list[EvidenceItem]:
    """Return the studies with a number of people, the newest first."""
    counted = [item for item in consideration.evidence.items if item.n]
    return sorted(counted, key=lambda item: -(item.citation.year or 0))


def studies_figure(consideration: Consideration, prefix: str = "") -> str | None:
    """Return the figure of a claim, or ``None`` where fewer than two studies have a number of people."""
    shown = studies(consideration)
    if len(shown) < _FEWEST:
        return None
    svg = Svg(
        key=f"{prefix}studies-{consideration.id}",
        title=phrase("studies_figure.title"),
        description=phrase("studies_figure.description"),
        width=_WIDTH,
        height=34 + _ROW * len(shown),
    )
    x = LinearScale(1, max(4.0, *(log10(item.n or 1) for item in shown)), _LEFT, _WIDTH - _RIGHT)
    axis = 12 + _ROW * len(shown)
    for decade in _DECADES:
        if log10(decade) <= x.high:
            svg.line(x(log10(decade)), 4, x(log10(decade)), axis, "grid")
            svg.text(x(log10(decade)), axis + 16, f"{decade:,}", "label middle")
    _draw_rows(svg, x, shown)
    return svg.render()


def _draw_rows(svg: Svg, x: LinearScale, shown: Sequence[EvidenceItem]) -> None:
    for row, item in enumerate(shown):
        y = 14 + row * _ROW
        svg.text(_LEFT - 8, y + 4, f"{item.citation.label or item.citation.id}: {STANCE_WORDS[item.stance]}", "label end")
        at = x(log10(item.n or 1))
        if item.stance is Stance.SUPPORTS:
            svg.circle(at, y, 5, "glyph filled")
        elif item.stance is Stance.CONTRADICTS:
            svg.line(at - 5, y - 5, at + 5, y + 5, "glyph")
            svg.line(at - 5, y + 5, at + 5, y - 5, "glyph")
        elif item.stance is Stance.NULL:
            svg.circle(at, y, 5, "glyph hollow")
        else:
            svg.rect(at - 4, y - 4, 8, 8, "glyph hollow")
        svg.text(at + 10, y + 4, f"{item.n:,}")
