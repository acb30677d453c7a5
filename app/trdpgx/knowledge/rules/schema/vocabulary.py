"""``vocabulary.yaml``: the codes of implications and actions with their texts, and the meaning of the grades of each source."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from trdpgx.knowledge.rules.schema.fields import Code, CuratedModel, Text
from trdpgx.model.authority import AuthorityKind, AuthorityRank
from trdpgx.model.rule import Direction

ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
"""A few words."""


class HeadlineEntry(CuratedModel):
    """What a source does (`states`), or what it points to (`points_to`), and when (`if`)."""

    states: Text | None = None
    points_to: Text | None = None
    condition: Text | None = Field(default=None, alias="if")

    @model_validator(mode="after")
    def _one_predicate(self) -> Self:
        if (self.states is None) == (self.points_to is None):
            raise ValueError("a headline has either `states` or `points_to`")
        return self


class ActionEntry(CuratedModel):
    """The text of an action code, its direction, and its words in a headline and in tables."""

    text: Text
    direction: Direction
    short: ShortText | None = None
    headline: HeadlineEntry | None = None


class GradeEntry(CuratedModel):
    """What a source's own word means."""

    kind: AuthorityKind
    rank: AuthorityRank
    key: Text


class VocabularyFile(CuratedModel):
    """``vocabulary.yaml``: each code and its text, in our own words."""

    implications: dict[Code, Text] = Field(default_factory=dict)
    actions: dict[Code, ActionEntry] = Field(default_factory=dict)
    grades: dict[Text, dict[Text, GradeEntry]] = Field(default_factory=dict)
    """For each source, its own grades and what they mean."""
