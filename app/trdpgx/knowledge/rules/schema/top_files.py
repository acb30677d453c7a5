"""The files at the top of a folder of rules: publications, codes, drugs, caveats, the review and the days of comparison."""

from collections.abc import Mapping
from datetime import date
from string import Formatter
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from trdpgx.knowledge.rules.schema.fields import Checked, Code, Codes, CuratedModel, Day, Identifier, Key, Symbol, Text, Texts
from trdpgx.model.authority import AuthorityKind, AuthorityRank
from trdpgx.model.rule import Against, Direction

ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
"""A few words."""


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


class HeadlineEntry(CuratedModel):
    """What a source does (`states`), or what it points to (`points_to`), and when (`if`)."""

    states: Text | None = None
    points_to: Text | None = None
    condition: Text | None = Field(default=None, alias="if")

    @model_validator(mode="after")
    def _one_predicate(self) -> Self:
        self.check_one_of("states", "points_to")
        return self


class ActionEntry(CuratedModel):
    """The text of an action code, its direction, whether it speaks against the drug, and its words in a headline and in tables."""

    text: Text
    direction: Direction
    against: Against | None = None
    toward: Direction | None = None
    with_exception: bool = False
    keeps_start: bool = False
    figure: Literal["start", "maintenance", "maximum"] | None = None
    short: ShortText | None = None
    headline: HeadlineEntry | None = None

    @model_validator(mode="after")
    def _toward_under_a_condition(self) -> Self:
        conditional = self.direction is Direction.NONE and self.headline is not None and self.headline.condition is not None
        if self.toward is not None and not conditional:
            raise ValueError("an action with `toward` has the direction `none` and a `headline` with `if`")
        return self

    @model_validator(mode="after")
    def _against_in_words(self) -> Self:
        if self.against is not None and self.direction is not Direction.AVOID:
            raise ValueError("an action with `against` has the direction `avoid`")
        states = self.headline is not None and self.headline.states is not None
        if self.direction is Direction.AVOID and (self.against is not None) != states:
            raise ValueError("an action of the direction `avoid` has both `against` and a `headline` that `states` something, or neither")
        return self


class GradeEntry(CuratedModel):
    """The meaning of a source's own grade."""

    kind: AuthorityKind
    rank: AuthorityRank
    key: Text


class VocabularyFile(CuratedModel):
    """``vocabulary.yaml``: each code and its text, in this project's own words."""

    implications: dict[Code, Text] = Field(default_factory=dict)
    actions: dict[Code, ActionEntry] = Field(default_factory=dict)
    grades: dict[Text, dict[Text, GradeEntry]] = Field(default_factory=dict)
    """For each source, its own grades and what they mean."""


class NamedEntry(Checked):
    """The names of a drug in requests: its key, and these."""

    rxnorm: Identifier | None = None
    atc: Texts = ()
    brands: Texts = ()
    synonyms: Texts = ()
    components: Texts = ()
    """Drugs that a combination contains, each a name of this file."""
    drug_class: Text = Field(alias="class")


class HighestDoseEntry(CuratedModel):
    """The highest dose of a drug that a source names for anybody, whatever the genotype. Only what was read in the source is written."""

    text: Text
    """The limits in words, such as those by age, and their reason."""
    mg_a_day: Annotated[float, Field(gt=0)]
    """The lowest of these limits."""
    source: Text
    """As a sentence names it."""
    verified: Text
    """Where each figure was read."""


class DrugEntry(NamedEntry):
    """A drug or therapy that reports can name."""

    category: Text
    role: Text | None = None
    clearance_major: Texts = ()
    clearance_minor: Texts = ()
    active_metabolite: Text | None = None
    pgp_substrate: Text | None = None
    cyp_effects: Text | None = None
    highest_dose: HighestDoseEntry | None = None
    note: Text | None = None


class DrugFile(CuratedModel):
    """``drugs.yaml``."""

    drugs: Mapping[Text, DrugEntry] = {}
    comedication: Mapping[Text, NamedEntry] = {}
    """Other drugs that a request may name, because of what they do to enzymes or to the heart."""
    qualifiers: Texts = ()
    """Words beside the name of a drug that change nothing here, such as salts and release forms."""


class CaveatConditionEntry(CuratedModel):
    """When a call of a gene has a caveat: all of these conditions have to hold."""

    gene: Symbol
    carries: Texts = ()
    """One of these alleles is a haplotype of a called diplotype."""
    multiplied: Texts = ()
    """One of these alleles has several copies on a haplotype of a called diplotype."""
    unseen: Identifier | None = None
    """The rsID of a defining site of the gene that was not seen."""
    copies: Literal["counted", "not_counted"] | None = None
    """Whether gene copies were counted. A caveat with this condition is reported with the copy number, any other with the gene."""


class CaveatEntry(CuratedModel):
    """What a reader has to know about a call."""

    text: Text
    """The text, with the names of values in braces."""
    values: Codes | None = None
    """Names of the values that the program fills in; the text may have them in braces."""
    code: Code | None = None
    """Its code in reports, where that is not the key; several texts may share a code."""
    when: CaveatConditionEntry | None = None
    """Without it, the program decides when the caveat applies."""

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


class Statement(CuratedModel):
    """A statement of the review about a gene, drug or therapy, in this project's own words, with the rules or entries that carry it."""

    id: Key
    section: Text
    text: Text
    carried_by: tuple[Key, ...] = Field(min_length=1)
    """Ids of rules and entries."""


class ReviewFile(CuratedModel):
    """``review.yaml``: the review that the project starts from, statement by statement."""

    citation: Key
    statements: tuple[Statement, ...]


class FreshnessEntry(CuratedModel):
    """A source that files of this project are compared with."""

    name: Text
    url: Identifier
    checked_on: Day
    """Day of the file or page that was compared, as YYYY-MM-DD."""
    every_months: Annotated[int, Field(ge=1, le=120)]
    """Number of months after which it is due again."""
    how: Text
    """The command that compares, or that it is done by hand."""
    covers: Texts = Field(min_length=1)
    """Files and folders of this project that rest on it."""

    @property
    def due_on(self) -> date:
        """The day from which on it is due again. Of the 29th to 31st it is the 28th, which every month has."""
        checked = date.fromisoformat(self.checked_on)
        year, month = divmod(checked.month - 1 + self.every_months, 12)
        return date(checked.year + year, month + 1, min(checked.day, 28))


class FreshnessFile(CuratedModel):
    """``freshness.yaml``."""

    sources: dict[Key, FreshnessEntry] = Field(default_factory=dict)
