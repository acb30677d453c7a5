"""``vocabulary.yaml``: the codes of implications and actions, and their texts."""

from pydantic import Field

from trdpgx.knowledge.rules.schema.fields import Code, CuratedModel, Text
from trdpgx.model.rule import Direction


class ActionEntry(CuratedModel):
    """The text of an action code, its direction, and its words in a headline."""

    text: Text
    direction: Direction
    headline: Text | None = None


class VocabularyFile(CuratedModel):
    """``vocabulary.yaml``: each code and its text, in our own words."""

    implications: dict[Code, Text] = Field(default_factory=dict)
    actions: dict[Code, ActionEntry] = Field(default_factory=dict)
