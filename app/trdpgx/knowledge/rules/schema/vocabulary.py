"""``vocabulary.yaml``: the codes of implications and actions, and what they say to a reader."""

from pydantic import Field

from trdpgx.knowledge.rules.schema.fields import Code, CuratedModel, Text
from trdpgx.model.rule import Direction


class ActionEntry(CuratedModel):
    """What an action code says to a reader, which way it points, and how a headline puts it."""

    text: Text
    direction: Direction
    headline: Text | None = None


class VocabularyFile(CuratedModel):
    """``vocabulary.yaml``: each code and what it says to a reader, in our own words."""

    implications: dict[Code, Text] = Field(default_factory=dict)
    actions: dict[Code, ActionEntry] = Field(default_factory=dict)
