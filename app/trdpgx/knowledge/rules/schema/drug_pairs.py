"""``clinical/drug_pairs.yaml``: pharmacodynamic interactions of two drugs, and the days that sources ask for between them."""

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from trdpgx.knowledge.rules.schema.clinical import ClinicalFile, ClinicalRow
from trdpgx.knowledge.rules.schema.fields import CuratedModel, Key, Text, Texts


class PairGroup(CuratedModel):
    """Drugs that sources speak of together."""

    label: Text
    """What a report calls it."""
    drugs: Texts = Field(min_length=1)


class PairRow(ClinicalRow):
    """An interaction of each drug of one side with each of the other. A side names drugs and groups."""

    kind: Literal["drug_pair", "qt"] = "drug_pair"
    one: Texts = Field(min_length=1)
    other: Texts = ()
    """Without it, two drugs of `one`."""
    severity: Text
    """In the word of the source."""
    text: Text
    """What is known, in our own words. It considers and never prescribes."""

    def sides(self) -> tuple[str, ...]:
        """Return every drug and group that the row names."""
        return (*self.one, *self.other)


class WashoutRow(ClinicalRow):
    """The days that a source asks for between the last day of one drug and the first of another."""

    first: Texts = Field(min_length=1)
    """Drugs and groups that were taken."""
    then: Texts = Field(min_length=1)
    """Drugs and groups that would follow."""
    days: int = Field(gt=0)
    severity: Text
    text: Text

    def sides(self) -> tuple[str, ...]:
        """Return every drug and group that the row names."""
        return (*self.first, *self.then)


class DrugPairFile(ClinicalFile):
    """``clinical/drug_pairs.yaml``. Rows that come first are reported first."""

    groups: Mapping[Key, PairGroup] = {}
    washouts: Mapping[Key, WashoutRow] = {}
    rows: Mapping[Key, PairRow] = {}

    def members(self, names: Texts) -> Iterator[str]:
        """Yield the drugs that names of drugs and groups stand for."""
        for name in names:
            yield from self.groups[name].drugs if name in self.groups else (name,)
