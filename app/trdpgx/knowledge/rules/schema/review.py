"""``review.yaml``: the statements of the review that the project starts from."""

from pydantic import Field

from trdpgx.knowledge.rules.schema.fields import CuratedModel, Key, Text


class Statement(CuratedModel):
    """A statement of the review about a gene, drug or therapy, in our own words, and which rules or entries carry it."""

    id: Key
    section: Text
    text: Text
    carried_by: tuple[Key, ...] = Field(min_length=1)
    """Ids of rules and entries."""


class ReviewFile(CuratedModel):
    """``review.yaml``: the review that the project starts from, statement by statement."""

    citation: Key
    statements: tuple[Statement, ...]
