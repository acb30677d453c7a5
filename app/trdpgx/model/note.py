"""A sentence of a report with a code: a caveat, a warning or a limitation."""

from trdpgx.model.base import Model


class Note(Model):
    """A caveat or limitation."""

    code: str
    """Stable identifier in lower_snake_case."""
    text: str
    """In plain words."""
