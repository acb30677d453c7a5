"""``vocabulary.yaml``: the codes of implications and actions with their texts, and the meaning of the grades of each source."""

from pydantic import Field

from trdpgx.knowledge.rules.schema.fields import Code, CuratedModel, Text
from trdpgx.model.authority import AuthorityKind, AuthorityRank
from trdpgx.model.rule import Direction


class ActionEntry(CuratedModel):
    """The text of an action code, its direction, and its words in a headline."""

    text: Text
    direction: Direction
    headline: Text | None = None


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
