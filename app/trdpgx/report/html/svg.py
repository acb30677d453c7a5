"""A small writer of SVG: a linear scale and the marks that figures are made of.

Every figure has a title and a description that screen readers read out, and takes its colours from classes of the page's style sheet, so
that light, dark and print styles hold for it. Text is escaped here.
"""

from collections.abc import Mapping, Sequence
from html import escape
from string import ascii_lowercase, ascii_uppercase, digits
from types import MappingProxyType

from msgspec import Struct, field

_FONT = 12.0
"""The size of text in pixels at full width, as the style sheet has it."""
_STRONG = 1.15
"""How much wider bold text is."""
_SMALL, _CAPITAL, _WIDE, _NARROW = 0.66, 0.82, 1.0, 0.42
_WIDTHS: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(ascii_lowercase + digits, _SMALL)
    | dict.fromkeys(ascii_uppercase + "<>=+~^&*", _CAPITAL)
    | dict.fromkeys(" .,:;'|!()[]/-", _NARROW)
)
"""Widths in sizes of the text, on an average of words none below that of DejaVu Sans, the widest of the fonts of the style sheet.

Which letter it is does not matter, so that a translation is laid out by its length alone.
"""


def text_width(words: str, strong: bool = False) -> float:
    """Return a width in pixels that words in no font of the style sheet exceed."""
    sizes = sum([_WIDTHS.get(letter, _WIDE) for letter in words])
    return sizes * _FONT * (_STRONG if strong else 1.0)


def wrapped(words: str, space: float) -> list[str]:
    """Return the text in lines of at most ``space`` pixels, divided at spaces; a word that is longer has a line of its own."""
    lines: list[str] = []
    for word in words.split():
        if lines and text_width(f"{lines[-1]} {word}") <= space:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def shortened(words: str, space: float, strong: bool = False) -> str:
    """Return the text, or its beginning and "…" where it is wider than ``space`` pixels."""
    if len(words) * _FONT * _STRONG <= space or text_width(words, strong) <= space:
        return words
    length = len(words) - 1
    while length and text_width(f"{words[:length]}…", strong) > space:
        length -= 1
    return f"{words[:length].rstrip()}…"


class LinearScale(Struct, frozen=True):
    """Maps values from ``low`` to ``high`` onto pixels from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the pixel of a value; values outside are drawn at the edge."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + (self.end - self.start) * min(max(share, 0.0), 1.0)


class Drawing(Struct, kw_only=True):
    """The marks of a figure in the making; positions and sizes are in pixels at full width."""

    _parts: list[str] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        """Draw a rectangle with the class ``kind``."""
        self._parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" class="{kind}"/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        """Draw a line."""
        self._parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>')

    def circle(self, x: float, y: float, radius: float, kind: str) -> None:
        """Draw a circle."""
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" class="{kind}"/>')

    def polygon(self, points: Sequence[tuple[float, float]], kind: str) -> None:
        """Draw a closed shape."""
        self._parts.append(f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" class="{kind}"/>')

    def text(self, x: float, y: float, words: str, kind: str = "label") -> None:
        """Write text; classes ``end`` and ``middle`` name the point of it that stands at ``x``."""
        self._parts.append(f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(words)}</text>')

    def icon(self, size: int) -> str:
        """Return the marks as a small square picture that screen readers leave out, for the words beside it."""
        return f'<svg class="icon" viewBox="0 0 {size} {size}" aria-hidden="true">{"".join(self._parts)}</svg>'


class Svg(Drawing):
    """A figure in the making. ``key`` makes its ids unique on the page."""

    key: str
    title: str
    description: str
    width: int
    height: int

    def text(self, x: float, y: float, words: str, kind: str = "label") -> None:
        """Write text as ``Drawing`` does; what the figure has no space for is shortened, and its whole text is the title of the element."""
        kinds = kind.split()
        space = x if "end" in kinds else 2 * min(x, self.width - x) if "middle" in kinds else self.width - x
        short = shortened(words, space, "strong" in kinds)
        if short == words:
            super().text(x, y, words, kind)
        else:
            title = f"<title>{escape(words)}</title>"
            self._parts.append(f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{title}{escape(short)}</text>')

    def render(self) -> str:
        """Return the element."""
        return (
            f'<svg role="img" viewBox="0 0 {self.width} {self.height}" aria-labelledby="{self.key}-title {self.key}-desc">'
            f'<title id="{self.key}-title">{escape(self.title)}</title><desc id="{self.key}-desc">{escape(self.description)}</desc>'
            f"{''.join(self._parts)}</svg>"
        )
