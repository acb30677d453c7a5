"""A small writer of SVG: a linear scale and the marks that figures are made of.

Every figure has a title and a description that screen readers read out, and takes its colours from classes of the page's style sheet, so
that light, dark and print styles hold for it. Text is escaped here.
"""

from collections.abc import Sequence
from html import escape

from msgspec import Struct, field


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

    def render(self) -> str:
        """Return the element."""
        return (
            f'<svg role="img" viewBox="0 0 {self.width} {self.height}" aria-labelledby="{self.key}-title {self.key}-desc">'
            f'<title id="{self.key}-title">{escape(self.title)}</title><desc id="{self.key}-desc">{escape(self.description)}</desc>'
            f"{''.join(self._parts)}</svg>"
        )
