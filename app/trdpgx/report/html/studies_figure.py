"""The studies behind one claim by their number of people, the newest first, with their stance."""

from math import log10

from trdpgx.model.consideration import Consideration
from trdpgx.model.evidence import EvidenceItem, Stance
from trdpgx.report.html.svg import LinearScale, Svg, text_width, wrapped
from trdpgx.report.wording import STANCE_WORDS
from trdpgx.texts import phrase

_WIDTH, _RIGHT, _ROW, _LINE = 720, 70, 20, 14
_NARROWEST, _WIDEST = 160.0, 270.0
"""How wide the labels may be in pixels; longer ones are wrapped."""
_GAP = 8
_DECADES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
_FEWEST = 2
"""A figure is drawn from so many studies with a number of people on."""


def studies(consideration: Consideration) -> list[EvidenceItem]:
    """Return the studies of a claim, the newest first."""
    return sorted(consideration.evidence.items, key=lambda item: -(item.citation.year or 0))


def studies_figure(consideration: Consideration, prefix: str = "") -> str | None:
    """Return the figure of a claim, or ``None`` where fewer than two studies have a number of people.

    Studies without a number stand in a column of their own, before the axis.
    """
    shown = studies(consideration)
    numbers = [item.n for item in shown if item.n]
    if len(numbers) < _FEWEST:
        return None
    labels = [f"{item.citation.label or item.citation.id}: {STANCE_WORDS[item.stance]}" for item in shown]
    left = min(max(_NARROWEST, *map(text_width, labels)), _WIDEST) + _GAP
    rows = [wrapped(label, left - _GAP) for label in labels]
    not_stated = phrase("studies_figure.not_stated")
    column = text_width(not_stated) + _GAP if len(numbers) < len(shown) else 0.0
    axis = 12 + _ROW * len(rows) + _LINE * sum(len(lines) - 1 for lines in rows)
    svg = Svg(
        key=f"{prefix}studies-{consideration.id}",
        title=phrase("studies_figure.title"),
        description=phrase("studies_figure.description"),
        width=_WIDTH,
        height=axis + 38,
    )
    x = LinearScale(1, max(4.0, *map(log10, numbers)), left + column + 2 * _GAP, _WIDTH - _RIGHT)
    for decade in _DECADES:
        if log10(decade) <= x.high:
            svg.line(x(log10(decade)), 4, x(log10(decade)), axis, "grid")
            svg.text(x(log10(decade)), axis + 16, f"{decade:,}", "label middle")
    svg.text((x.start + x.end) / 2, axis + 32, phrase("studies_figure.axis"), "label middle")
    if column:
        svg.text(left + column / 2, axis + 16, not_stated, "label middle")
    top = 4
    for item, lines in zip(shown, rows, strict=True):
        height = _ROW + _LINE * (len(lines) - 1)
        for number, line in enumerate(lines):
            svg.text(left - _GAP, top + 14 + number * _LINE, line, "label end")
        _draw(svg, item, x(log10(item.n)) if item.n else left + column / 2, top + height / 2)
        top += height
    return svg.render()


def _draw(svg: Svg, item: EvidenceItem, at: float, y: float) -> None:
    """Draw a study at a point by its stance, with its number of people behind it."""
    if item.stance is Stance.SUPPORTS:
        svg.circle(at, y, 5, "glyph filled")
    elif item.stance is Stance.CONTRADICTS:
        svg.line(at - 5, y - 5, at + 5, y + 5, "glyph")
        svg.line(at - 5, y + 5, at + 5, y - 5, "glyph")
    elif item.stance is Stance.NULL:
        svg.circle(at, y, 5, "glyph hollow")
    else:
        svg.rect(at - 4, y - 4, 8, 8, "glyph hollow")
    if item.n:
        svg.text(at + 10, y + 4, f"{item.n:,}")
