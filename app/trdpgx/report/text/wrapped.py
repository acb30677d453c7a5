"""Lines of a plain-text report."""

from collections.abc import Iterator
from textwrap import fill

_WIDTH = 100


def wrapped(text: str, lead: str = "") -> Iterator[str]:
    """Yield a text in lines of at most 100 characters, the first after ``lead``, the others as far in."""
    yield fill(text, _WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False, break_long_words=False)
