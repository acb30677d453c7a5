"""The marks of the figure of drugs by source: each a shape or a character of its own, so that no colour is needed to tell them apart."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from html import escape
from types import MappingProxyType
from typing import NamedTuple

from trdpgx.report.html.svg import Drawing
from trdpgx.texts import section


class Glyph(StrEnum):
    """A mark, the most far-reaching first; ``matrix_glyphs`` of the texts has what each means."""

    RULED_OUT = "ruled_out"
    MAY_BE_RULED_OUT = "may_be_ruled_out"
    OTHER_DRUG = "other_drug"
    LOWER = "lower"
    ANYBODY = "anybody"
    HIGHER = "higher"
    MONITOR = "monitor"
    KEPT_START = "kept_start"
    STANDARD = "standard"
    LATER_OTHER_DRUG = "later_other_drug"
    LATER_LOWER = "later_lower"
    LATER_HIGHER = "later_higher"
    LATER_MONITOR = "later_monitor"
    LATER = "later"
    FINDING = "finding"
    NONE = "none"
    UNVERIFIED = "unverified"
    OPPOSED = "opposed"
    DEGREE = "degree"
    READINGS = "readings"
    CONDITIONS = "conditions"
    RESTRICTED = "restricted"
    UNCALLED = "uncalled"
    CARRIED = "carried"
    THE_SAME = "the_same"


CHARACTERS: Mapping[Glyph, str] = MappingProxyType(
    {
        Glyph.MAY_BE_RULED_OUT: "?",
        Glyph.UNVERIFIED: "nv",
        Glyph.OPPOSED: "≠",
        Glyph.DEGREE: "±",
        Glyph.READINGS: "(2)",
        Glyph.CONDITIONS: "(≠)",
        Glyph.RESTRICTED: "!",
        Glyph.UNCALLED: "^",
        Glyph.CARRIED: "~",
        Glyph.THE_SAME: "≈",
    }
)
"""The marks that are characters."""
_INSIDE: Mapping[Glyph, Glyph] = MappingProxyType(
    {
        Glyph.LATER_OTHER_DRUG: Glyph.OTHER_DRUG,
        Glyph.LATER_LOWER: Glyph.LOWER,
        Glyph.LATER_HIGHER: Glyph.HIGHER,
        Glyph.LATER_MONITOR: Glyph.MONITOR,
    }
)
"""What a diamond surrounds: which way a change points that only the course of treatment asks for."""
_ICON = 24


class LegendEntry(NamedTuple):
    """A mark as markup, and what it means."""

    icon: str
    words: str


def legend(glyphs: Iterable[Glyph]) -> list[LegendEntry]:
    """Return an entry for each of the marks that a figure has, in the order of ``Glyph``."""
    drawn = set(glyphs)
    return [_entry(glyph) for glyph in Glyph if glyph in drawn]


@cache
def _entry(glyph: Glyph) -> LegendEntry:
    if glyph in CHARACTERS:
        return LegendEntry(f"<b>{escape(CHARACTERS[glyph])}</b>", section("matrix_glyphs")[glyph])
    drawing = Drawing()
    draw(drawing, glyph, _ICON / 2, _ICON / 2)
    return LegendEntry(drawing.icon(_ICON), section("matrix_glyphs")[glyph])


def draw(svg: Drawing, glyph: Glyph, x: float, y: float, size: float = 6) -> None:
    """Draw a mark around a point; ``size`` is half its width in pixels."""
    if glyph in CHARACTERS:
        svg.text(x, y + 5, CHARACTERS[glyph], "label middle strong")
    elif glyph in _INSIDE or glyph is Glyph.LATER:
        svg.polygon([(x - 10, y), (x, y - 10), (x + 10, y), (x, y + 10)], "glyph thin")
        if glyph in _INSIDE:
            draw(svg, _INSIDE[glyph], x, y, 4)
    elif glyph is Glyph.RULED_OUT:
        svg.rect(x - size - 1, y - size - 1, 2 * size + 2, 2 * size + 2, "glyph filled")
        _cross(svg, x, y, size - 2, "cross")
    elif glyph is Glyph.OTHER_DRUG:
        _cross(svg, x, y, size - 1, "glyph")
    elif glyph is Glyph.LOWER:
        svg.polygon([(x - size, y - size * 0.7), (x + size, y - size * 0.7), (x, y + size)], "glyph filled")
    elif glyph is Glyph.ANYBODY:
        svg.polygon([(x - size + 1, y - size * 0.7), (x + size - 1, y - size * 0.7), (x, y + size - 1)], "glyph hollow")
    elif glyph is Glyph.HIGHER:
        svg.polygon([(x - size, y + size * 0.7), (x + size, y + size * 0.7), (x, y - size)], "glyph filled")
    elif glyph is Glyph.MONITOR:
        svg.circle(x, y, size - 1, "glyph hollow")
        svg.circle(x, y, size / 4, "glyph filled")
    elif glyph in {Glyph.STANDARD, Glyph.KEPT_START}:
        kept = glyph is Glyph.KEPT_START
        svg.rect(x - size, y - 2 - kept, 2 * size, 4 + 2 * kept, "glyph thin hollow" if kept else "glyph filled")
    elif glyph is Glyph.FINDING:
        svg.line(x - size + 1, y, x + size - 1, y, "glyph")
        svg.line(x, y - size + 1, x, y + size - 1, "glyph")
    else:
        svg.circle(x, y, 1.5, "glyph filled")


def _cross(svg: Drawing, x: float, y: float, arm: float, kind: str) -> None:
    svg.line(x - arm, y - arm, x + arm, y + arm, kind)
    svg.line(x - arm, y + arm, x + arm, y - arm, kind)
