"""Drugs by source: which way each source points for this genome, and where the sources differ."""

from collections.abc import Sequence
from typing import NamedTuple

from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.report import Report
from trdpgx.model.rule import Direction
from trdpgx.report.html.svg import Svg
from trdpgx.report.wording import DIRECTION_WORDS
from trdpgx.texts import phrase

SOURCES = ("CPIC", "DPWG", "FDA", "research")
_WIDTH, _LEFT, _COLUMN, _ROW = 720, 200, 110, 22


class MatrixRow(NamedTuple):
    """A drug, what each of ``SOURCES`` points to (``None``: silent), and whether they differ."""

    drug: str
    directions: tuple[tuple[Direction, ...] | None, ...]
    differ: bool


def matrix_rows(report: Report) -> list[MatrixRow]:
    """Return a row for each drug with a consideration by genotype, the most far-reaching directions first."""
    by_id = {one.id: one for one in report.considerations}
    rows = [_row(drug, [by_id[identity] for identity in drug.considerations if identity in by_id]) for drug in report.drugs]
    shown = [row for row in rows if any(ones is not None for ones in row.directions)]
    return sorted(shown, key=lambda row: min((_rank(one) for ones in row.directions for one in ones or ()), default=len(DIRECTION_WORDS)))


_RANKS = {direction: rank for rank, direction in enumerate(DIRECTION_WORDS)}


def _rank(direction: Direction) -> int:
    return _RANKS[direction]


def _row(drug: DrugReport, considerations: Sequence[Consideration]) -> MatrixRow:
    directions: list[tuple[Direction, ...] | None] = []
    for source in SOURCES:
        mine = [one for one in considerations if one.source.name == source and one.conversion is None]
        pointed = {direction for one in mine for direction in one.action.directions}
        telling = pointed - {Direction.NONE}
        changing = telling - {Direction.STANDARD}
        shown = changing or telling or pointed
        directions.append(tuple(sorted(shown, key=_rank)) if mine else None)
    return MatrixRow(drug.name, tuple(directions), drug.disagreement is not None)


def matrix_figure(rows: Sequence[MatrixRow], prefix: str = "") -> str | None:
    """Return the figure, or ``None`` without a row."""
    if not rows:
        return None
    svg = Svg(
        key=f"{prefix}matrix",
        title=phrase("matrix_figure.title"),
        description=phrase("matrix_figure.description"),
        width=_WIDTH,
        height=64 + _ROW * len(rows),
    )
    left = 10.0
    for direction, words in DIRECTION_WORDS.items():
        _glyph(svg, direction, left + 6, 12)
        svg.text(left + 18, 16, words)
        left += 40 + 6.6 * len(words)
    for column, source in enumerate(SOURCES):
        svg.text(_LEFT + column * _COLUMN + _COLUMN / 2, 46, source, "label middle strong")
    svg.text(_LEFT + len(SOURCES) * _COLUMN + 10, 46, "differ", "label strong")
    for number, row in enumerate(rows):
        top = 54 + number * _ROW
        if number % 2 == 0:
            svg.rect(0, top, _WIDTH, _ROW, "stripe")
        svg.text(_LEFT - 8, top + 15, row.drug, "label end")
        for column, directions in enumerate(row.directions):
            middle = _LEFT + column * _COLUMN + _COLUMN / 2
            for index, direction in enumerate(directions or ()):
                _glyph(svg, direction, middle + (index - (len(directions or ()) - 1) / 2) * 20, top + 11)
        if row.differ:
            svg.text(_LEFT + len(SOURCES) * _COLUMN + 28, top + 15, "≠", "label middle strong")
    return svg.render()


def _glyph(svg: Svg, direction: Direction, x: float, y: float) -> None:
    """Draw the shape of a direction; shapes differ, so that no colour is needed to tell them apart."""
    if direction is Direction.AVOID:
        svg.line(x - 5, y - 5, x + 5, y + 5, "glyph")
        svg.line(x - 5, y + 5, x + 5, y - 5, "glyph")
    elif direction is Direction.LOWER:
        svg.polygon([(x - 6, y - 4), (x + 6, y - 4), (x, y + 6)], "glyph filled")
    elif direction is Direction.HIGHER:
        svg.polygon([(x - 6, y + 4), (x + 6, y + 4), (x, y - 6)], "glyph filled")
    elif direction is Direction.MONITOR:
        svg.circle(x, y, 5, "glyph hollow")
        svg.circle(x, y, 1.5, "glyph filled")
    elif direction is Direction.STANDARD:
        svg.rect(x - 6, y - 2, 12, 4, "glyph filled")
    else:
        svg.circle(x, y, 1.5, "glyph filled")
