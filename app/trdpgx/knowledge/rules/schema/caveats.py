"""``caveats.yaml``: what a reader has to know about a call, and when."""

from string import Formatter
from typing import Literal, Self

from pydantic import model_validator

from trdpgx.knowledge.rules.schema.fields import Code, Codes, CuratedModel, Identifier, Symbol, Text, Texts


class CaveatConditionEntry(CuratedModel):
    """When a caveat stands at the call of a gene: all that is asked has to be so."""

    gene: Symbol
    carries: Texts = ()
    """One of these is a haplotype of a called diplotype."""
    multiplied: Texts = ()
    """One of these alleles stands in several copies on a haplotype of a called diplotype."""
    unseen: Identifier | None = None
    """The rsID of a defining site of the gene that was not seen."""
    copies: Literal["counted", "not_counted"] | None = None
    """Whether gene copies were counted. The caveat then stands with the copy number, and otherwise with the gene."""


class CaveatEntry(CuratedModel):
    """What a reader has to know about a call."""

    text: Text
    """The words, with the names of values in braces."""
    values: Codes | None = None
    """The values that the program gives, each by the name that the text may have in braces."""
    code: Code | None = None
    """What reports call it, where that is not the key: several texts may share a code."""
    when: CaveatConditionEntry | None = None
    """Without it, the program raises the caveat."""

    @model_validator(mode="after")
    def _named_values(self) -> Self:
        try:
            fields = list(Formatter().parse(self.text))
        except ValueError:
            raise ValueError("a brace in 'text' has no partner; write the name of a value between two") from None
        for _, name, form, conversion in fields:
            if name is not None and (name not in (self.values or ()) or form or conversion):
                raise ValueError(f"'{{{name}}}' in 'text' is not one of 'values'")
        return self


class CaveatFile(CuratedModel):
    """``caveats.yaml``."""

    caveats: dict[Code, CaveatEntry]
