"""``citations.yaml``: publications and public pages."""

from typing import Annotated

from pydantic import Field

from trdpgx.knowledge.rules.schema.fields import Checked, CuratedModel, Identifier, Key, Text


class CitationEntry(Checked):
    """A publication or a public page."""

    text: Text
    """Authors in short, journal and year."""
    label: Text | None = None
    """How a sentence names it; without it, the key with a capital letter."""
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    pmid: Identifier | None = None
    doi: Identifier | None = None
    pmcid: Identifier | None = None
    url: Identifier | None = None


class CitationFile(CuratedModel):
    """``citations.yaml``."""

    citations: dict[Key, CitationEntry]
