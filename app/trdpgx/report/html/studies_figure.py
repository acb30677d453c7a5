"""The studies behind one claim by their number of people, the newest first, with their stance."""

from functools import lru_cache
from math import log10
from typing import NamedTuple

from msgspec.structs import replace

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


class _Study(NamedTuple):
    """What the figure draws of a study."""

    label: str
    stance: Stance
    n: int | None


def studies(consideration: Consideration) -> list[EvidenceItem]:
    """Return the studies of a claim, the newest first."""
    return sorted(consideration.evidence.items, key=lambda item: -(item.citation.year or 0))


def studies_figure(consideration: Consideration, prefix: str = "") -> str | None:
    """Return the figure of a claim, or ``None`` where fewer than two studies have a number of people.

    Studies without a number stand in a column of their own, before the axis.
    """
    if len([item for item in consideration.evidence.items if item.n]) < _FEWEST:
        return None
    shown = [
        _Study(f"{item.citation.label or item.citation.id}: {STANCE_WORDS[item.stance]}", item.stance, item.n)
        for item in studies(consideration)
    ]
    return replace(_drawn(tuple(shown)), key=f"{prefix}studies-{consideration.id}").render()


@lru_cache(maxsize=1024)
def _drawn(shown: tuple[_Study, ...]) -> Svg:
    """Return the figure of studies, with no key. It is drawn once for a claim: its studies stand in the rules and are no one's data."""
    numbers = [study.n for study in shown if study.n]
    left = min(max(_NARROWEST, *(text_width(study.label) for study in shown)), _WIDEST) + _GAP
    rows = [wrapped(study.label, left - _GAP) for study in shown]
    not_stated = phrase("studies_figure.not_stated")
    column = text_width(not_stated) + _GAP if len(numbers) < len(shown) else 0.0
    axis = 12 + _ROW * len(rows) + _LINE * sum(len(lines) - 1 for lines in rows)
    svg = Svg(
        key="",
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
    for study, lines in zip(shown, rows, strict=True):
        height = _ROW + _LINE * (len(lines) - 1)
        for number, line in enumerate(lines):
            svg.text(left - _GAP, top + 14 + number * _LINE, line, "label end")
        _draw(svg, study, x(log10(study.n)) if study.n else left + column / 2, top + height / 2)
        top += height
    return svg


def _draw(svg: Svg, study: _Study, at: float, y: float) -> None:
    """Draw a study at a point by its stance, with its number of people behind it."""
    if study.stance is Stance.SUPPORTS:
        svg.circle(at, y, 5, "glyph filled")
    elif study.stance is Stance.CONTRADICTS:
        svg.line(at - 5, y - 5, at + 5, y + 5, "glyph")
        svg.line(at - 5, y + 5, at + 5, y - 5, "glyph")
    elif study.stance is Stance.NULL:
        svg.circle(at, y, 5, "glyph hollow")
    else:
        svg.rect(at - 4, y - 4, 8, 8, "glyph hollow")
    if study.n:
        svg.text(at + 10, y + 4, f"{study.n:,}", "label clear")
