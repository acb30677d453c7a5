"""What every file of clinical facts has in common: rows with a source, a verification state and examples.

A kind is a subclass of ``ClinicalFile`` with its own row, listed in ``clinical_kinds``. The functions of ``trdpgx.clinical`` use
these models directly.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import Field

from trdpgx.knowledge.rules.schema.fields import Checked, CuratedModel, Key, Text
from trdpgx.knowledge.rules.verification import verification
from trdpgx.model.evidence import Citation, Verification, VerificationState
from trdpgx.model.rule import Source


class ClinicalExample(CuratedModel):
    """An input of a row and the result to expect. Each kind of file defines the keys of ``given`` and ``expect``, and runs its examples."""

    given: dict[Text, Any]
    expect: dict[Text, Any]


class ClinicalRow(Checked):
    """One fact, from one source. Its id is its key in the file."""

    source: Text
    """Who states it, such as `FDA` or `Jukic 2018`."""
    year: int | None = Field(default=None, ge=1900, le=2100)
    citation: Key | None = None
    """Key of `citations.yaml`."""
    url: Text | None = None
    note: Text | None = None
    examples: tuple[ClinicalExample, ...] = Field(min_length=1)

    def drugs(self) -> Iterable[str]:
        """Return every drug that the row names: each has to be a name of `drugs.yaml`."""
        return ()

    def conditions(self) -> Iterable[str]:
        """Return every condition that the row names: each has to be an id of `clinical/conditions.yaml`."""
        return ()

    def genes(self) -> Iterable[str]:
        """Return every gene that the row names, for searches by gene."""
        return ()

    @property
    def verification(self) -> Verification:
        """How the fact is known. Raises ``ValueError`` where the row does not state it; loading refuses such a row."""
        verified = verification(self)
        if verified is None:
            raise ValueError("the row has neither 'verified' nor 'unverified'")
        return verified

    @property
    def source_in_words(self) -> str:
        """The source and its year, and "unverified" where the source could not be read, as reports name it."""
        unread = ", unverified" if self.verification.state is VerificationState.UNVERIFIED else ""
        return f"{self.source} {self.year or ''}".rstrip() + unread

    def source_with(self, citations: Mapping[str, Citation]) -> Source:
        """Return who states it, with the citation of the rulebook."""
        return Source(name=self.source, year=self.year, url=self.url, citation=citations.get(self.citation) if self.citation else None)


class DrugRow(ClinicalRow):
    """A row about one drug."""

    drug: Text

    def drugs(self) -> tuple[str, ...]:
        """Return the drug of the row."""
        return (self.drug,)


class ClinicalFile(CuratedModel):
    """One file of clinical facts; empty where no folder of rules has the file."""

    title: Text = "not stated"
    """Name of the list or instrument in reports."""
    version: Text = "not stated"
    """Version or year of the list, as reports name it."""
    rows: Mapping[Key, ClinicalRow] = {}

    def sections(self) -> Iterator[tuple[str, Mapping[str, ClinicalRow]]]:
        """Yield each field that holds rows, with its name."""
        for name, value in self:
            if isinstance(value, Mapping) and value and all(isinstance(row, ClinicalRow) for row in value.values()):
                yield name, value

    def every_row(self) -> Iterator[tuple[str, ClinicalRow]]:
        """Yield each row with its id."""
        for _, rows in self.sections():
            yield from rows.items()
