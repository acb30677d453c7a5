"""``freshness.yaml``: when each source was last held against ours, and how often that is due."""

from typing import Annotated

from pydantic import Field

from trdpgx.knowledge.rules.schema.fields import CuratedModel, Day, Identifier, Key, Text, Texts


class FreshnessEntry(CuratedModel):
    """One source."""

    name: Text
    url: Identifier
    checked_on: Day
    """Day of the file or page that was compared, as YYYY-MM-DD."""
    every_months: Annotated[int, Field(ge=1, le=120)]
    """After so many months it is due again."""
    how: Text
    """The command, or that it is done by hand."""
    covers: Texts = Field(min_length=1)
    """Files and folders of ours that rest on it."""


class FreshnessFile(CuratedModel):
    """``freshness.yaml``."""

    sources: dict[Key, FreshnessEntry] = Field(default_factory=dict)
