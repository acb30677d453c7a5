"""``freshness.yaml``: when each source was last held against ours, and how often that is due."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from trdpgx.knowledge.rules.schema.fields import CuratedModel, Identifier, Key, Text, Texts


class FreshnessEntry(CuratedModel):
    """One source."""

    name: Text
    url: Identifier
    checked_on: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    """Day of the file or page that was compared, as YYYY-MM-DD."""
    every_months: Annotated[int, Field(ge=1, le=120)]
    """After so many months it is due again."""
    how: Text
    """The command, or that it is done by hand."""
    covers: Texts = Field(min_length=1)
    """Files and folders of ours that rest on it."""

    @field_validator("checked_on")
    @classmethod
    def _is_a_day(cls, value: str) -> str:
        try:
            date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"'{value}' is no day; write YYYY-MM-DD") from None
        return value


class FreshnessFile(CuratedModel):
    """``freshness.yaml``."""

    sources: dict[Key, FreshnessEntry] = Field(default_factory=dict)
