"""Text from input that is shown on terminals: characters that move the cursor, change a colour or turn the direction are escaped."""

import unicodedata

UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of control characters, marks of direction and other formats, surrogates, and separators of lines and paragraphs."""


def is_printable(text: str) -> bool:
    """Return whether a name can go to terminals, text and NDJSON as it is."""
    return text.isprintable() or UNPRINTABLE.isdisjoint(map(unicodedata.category, text))


def escaped(text: str, keep: str = "") -> str:
    """Return a text with each character that is not printable as an escape of Python's, but for those of ``keep``."""
    return text if is_printable(text) else "".join(one if one in keep or is_printable(one) else ascii(one)[1:-1] for one in text)
