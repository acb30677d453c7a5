"""The shape of the YAML in ``rules/``: what a curator may write, and nothing else (rules/README.md).

The models hold data only; no text in them is ever evaluated. ``rulebook`` expands them into the rules that reasoning uses.
"""

from string import Formatter
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from trdpgx.model.activity import ActivityRange
from trdpgx.model.base import Model
from trdpgx.model.consequence import Impact
from trdpgx.model.evidence import Ancestry, Design
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.rare import Predictor, Rarity
from trdpgx.model.rule import Direction, Domain, Dose, Reason


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
"""Lower case letters and digits, in words joined by hyphens."""
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]
"""A code of the vocabulary, in lower_snake_case."""
Identifier = Annotated[str, StringConstraints(pattern=r"^\S+$")]
"""An identifier that somebody else gave: no spaces."""
Symbol = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")]
"""A gene symbol, or the band of a locus without one."""
Copy = Annotated[int, Field(ge=0, le=2)]
Codes = Annotated[
    tuple[Code, ...],
    BeforeValidator(_as_list, json_schema_input_type=Code | Annotated[tuple[Code, ...], Field(min_length=1)]),
    Field(min_length=1),
]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_list, json_schema_input_type=Text | tuple[Text, ...])]
Keys = Annotated[tuple[Key, ...], BeforeValidator(_as_list, json_schema_input_type=Key | tuple[Key, ...])]
Symbols = Annotated[tuple[Symbol, ...], BeforeValidator(_as_list, json_schema_input_type=Symbol | tuple[Symbol, ...])]
Phenotypes = Annotated[
    tuple[Phenotype, ...],
    BeforeValidator(_as_list, json_schema_input_type=Phenotype | Annotated[tuple[Phenotype, ...], Field(min_length=1)]),
    Field(min_length=1),
]
Score = Annotated[float, Field(ge=0, le=99, allow_inf_nan=False)]
"""An activity score."""
Copies = Annotated[
    tuple[Copy, ...],
    BeforeValidator(_as_list, json_schema_input_type=Copy | Annotated[tuple[Copy, ...], Field(min_length=1)]),
    Field(min_length=1),
]
Ancestries = Annotated[tuple[Ancestry, ...], BeforeValidator(_as_list, json_schema_input_type=Ancestry | tuple[Ancestry, ...])]
Genotypes = dict[str, Text]


class Entry(Model):
    """Something a curator writes. Numbers are welcome where text is meant (``pmid: 37032427``)."""

    model_config = ConfigDict(coerce_numbers_to_str=True)


class Checked(Entry):
    """An entry that says how it is known: where it was read (``verified``), or why it could not be (``unverified``)."""

    verified: Text | None = None
    """Where the value was read."""
    unverified: Text | None = None
    """Why the value could not be read in the source."""

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if self.verified is not None and self.unverified is not None:
            raise ValueError("write 'verified' or 'unverified', not both")
        return self


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


class CitationFile(Entry):
    """``citations.yaml``."""

    citations: dict[Key, CitationEntry]


class ActionEntry(Entry):
    """What an action code says to a reader, which way it points, and how a headline puts it."""

    text: Text
    direction: Direction
    headline: Text | None = None


class VocabularyFile(Entry):
    """``vocabulary.yaml``: each code and what it says to a reader, in our own words."""

    implications: dict[Code, Text] = Field(default_factory=dict)
    actions: dict[Code, ActionEntry] = Field(default_factory=dict)


class DrugEntry(Checked):
    """A drug or a therapy."""

    rxnorm: Identifier | None = None
    atc: Texts = ()
    drug_class: Text = Field(alias="class")
    category: Text
    role: Text | None = None
    clearance_major: Texts = ()
    clearance_minor: Texts = ()
    active_metabolite: Text | None = None
    pgp_substrate: Text | None = None
    cyp_effects: Text | None = None
    note: Text | None = None


class DrugFile(Entry):
    """``drugs.yaml``."""

    drugs: dict[Text, DrugEntry]


class SourceEntry(Entry):
    """Who makes the statement."""

    name: Text
    """`CPIC`, `DPWG`, `FDA`, or `research` for findings that no guideline carries."""
    design: Literal[Design.GUIDELINE, Design.REGULATORY] | None = None
    """What kind of authority it is; nothing for research."""
    id: Identifier | None = None
    year: int | None = None
    url: Identifier | None = None
    citation: Key | None = None

    @model_validator(mode="after")
    def _authority_has_a_citation(self) -> Self:
        if self.design is not None and self.citation is None:
            raise ValueError("a guideline or regulator needs its 'citation'")
        return self


class StudyEntry(Checked):
    """A study that rules of this file rest on."""

    citation: Key | None = None
    """Key of `citations.yaml`; without it, the study's own name."""
    design: Design
    n: Annotated[int, Field(gt=0)] | None = None
    """Number of people."""
    population: Text | None = None
    ancestry: Ancestries = ()
    """The groups of those people; nothing where they are mixed or not stated."""
    sample: Key | None = None
    """Name of the sample, where several studies used the same people."""
    note: Text | None = None
    """The finding in our own words."""


class EvidenceEntry(Entry):
    """A study of this file with a note for one rule."""

    study: Key
    note: Text


Studies = tuple[Key | EvidenceEntry, ...]


class Sides(Entry):
    """The studies of a rule, by what they say of its claim."""

    supports: Studies = ()
    no_effect: Studies = ()
    contradicts: Studies = ()
    insufficient: Studies = ()
    """Who judged the evidence too thin, or looked and could not settle it: not a finding, so no side."""
    not_read: Studies = ()
    """Studies that bear on the claim and of which what they found was not read: listed, and without weight."""


class ConditionEntry(Entry):
    """One condition: a gene with its phenotype, activity score or alleles, or that it was seen; or a variant with its effect alleles."""

    gene: Text | None = None
    phenotype: Phenotypes | None = None
    scheme: Scheme | None = None
    activity: ActivityRange | None = None
    carries: Texts | None = None
    lacks: Texts | None = None
    seen: bool | None = None
    variant: Text | None = None
    copies: Copies | None = None
    rare: Key | None = None
    """A criterion: a rare variant that counts by it is carried."""

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        if self.rare is not None:
            if self.model_fields_set != {"rare"}:
                raise ValueError("'rare' stands alone")
            return self
        asked = [name for name in ("phenotype", "activity", "carries", "lacks", "seen", "copies") if getattr(self, name) is not None]
        if len(asked) != 1:
            raise ValueError(
                "a condition asks one thing: phenotype, activity, carries, lacks or seen (of a gene), or copies (of a variant)"
            )
        about = "variant" if asked == ["copies"] else "gene"
        if getattr(self, about) is None or (self.gene is not None and self.variant is not None):
            raise ValueError(f"'{asked[0]}' needs a {about} and nothing else")
        if self.scheme is not None and self.phenotype is None:
            raise ValueError("'scheme' belongs to 'phenotype'")
        if self.seen is False:
            raise ValueError("'seen' can only be true: nothing follows from what was not seen")
        return self


class ActivityCell(Entry):
    """The activity scores of a gene that a row of a guideline table is about."""

    activity: ActivityRange


class Row(Checked):
    """One row of a guideline table: for these phenotypes or activity scores, the source says this."""

    when: dict[str, Phenotypes | ActivityCell] = Field(min_length=1)
    implications: Codes
    actions: Codes
    grade: Text | None = None
    """The source's own grade."""
    grade_for: dict[Text, Text] = Field(default_factory=dict)
    """Grade of single drugs of the table, where it differs."""
    drugs: Texts | None = None
    """The drugs of the table that the row is about; without it, all of them."""
    together: bool = False
    """One rule for all drugs of the row, for a verdict that is the same for each of them."""
    dose: Dose | None = None
    text: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _together_is_alike(self) -> Self:
        if self.together and self.grade_for:
            raise ValueError("'together' makes one rule of the row, so its drugs cannot have different grades")
        return self


class Table(Checked):
    """A table of a guideline: drugs by phenotypes or scores. Every combination stands in it once, or the source is silent on it."""

    id: Key
    """Start of the ids of its rules."""
    drugs: dict[Text, Identifier | None] = Field(min_length=1)
    """Each drug with the source's own identifier for it."""
    scheme: Scheme = Scheme.CPIC
    population: Text | None = None
    silent: dict[str, Phenotypes] = Field(default_factory=dict)
    """Phenotypes of which the source says nothing. No row may name them, and nothing is reported for a person who has one of them."""
    rows: tuple[Row, ...] = Field(min_length=1)


class RuleEntry(Checked):
    """A rule that stands on its own."""

    id: Key
    domain: Domain | None = None
    drugs: Texts = Field(min_length=1)
    when: tuple[ConditionEntry, ...] = Field(min_length=1)
    implications: Codes
    actions: Codes
    dose: Dose | None = None
    text: Text | None = None
    source: SourceEntry | None = None
    grade: Text | None = None
    population: Text | None = None
    evidence: Sides | None = None
    """Without it, the citation of the source is the evidence."""
    note: Text | None = None
    examples: tuple[Genotypes, ...] = Field(min_length=1)
    counter_examples: tuple[Genotypes, ...] = ()


class ExplainedEntry(Checked):
    """A gene, variant or therapy without a rule, and why."""

    id: Key
    genes: Symbols = ()
    variants: Texts = ()
    drugs: Texts = ()
    reason: Reason
    text: Text
    """Why, in plain words."""
    evidence: Sides | None = None

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if not (self.genes or self.variants or self.drugs):
            raise ValueError("an entry names genes, variants or drugs")
        return self


class Statement(Entry):
    """What a review says of a gene, drug or therapy, in our own words, and which rules or entries carry it."""

    id: Key
    section: Text
    says: Text
    carried_by: tuple[Key, ...] = Field(min_length=1)
    """Ids of rules and entries."""


class ReviewFile(Entry):
    """``review.yaml``: the review that the project starts from, statement by statement."""

    citation: Key
    statements: tuple[Statement, ...]


class CaveatConditionEntry(Entry):
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


class CaveatEntry(Entry):
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


class CaveatFile(Entry):
    """``caveats.yaml``."""

    caveats: dict[Code, CaveatEntry]


class GeneSetEntry(Checked):
    """A named set of genes, and whether its membership was read in the source."""

    name: Text
    genes: Symbols = Field(min_length=1)
    note: Text | None = None


class ThresholdEntry(Entry):
    """The least score of a predictor that counts."""

    predictor: Predictor
    minimum: float


class CriterionEntry(Checked):
    """When a rare variant counts; what is not given is as in ``QualifyingRule``."""

    genes: Symbols = ()
    gene_sets: Keys = ()
    impacts: tuple[Impact, ...] = (Impact.HIGH, Impact.MODERATE)
    rare_below: float = Field(default=0.01, gt=0, le=1)
    uncommon_below: float = Field(default=0.05, gt=0, le=1)
    qualifying: tuple[Rarity, ...] = (Rarity.RARE, Rarity.UNCOMMON)
    absent_is_rare: bool = True
    predictors: tuple[ThresholdEntry, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _about_genes(self) -> Self:
        if not (self.genes or self.gene_sets):
            raise ValueError("a criterion names genes or gene_sets")
        if self.rare_below > self.uncommon_below:
            raise ValueError("'rare_below' is above 'uncommon_below'")
        return self


class RuleFile(Checked):
    """A file of rules: one guideline, or one gene."""

    domain: Domain
    source: SourceEntry
    population: Text | None = None
    genotypes: dict[str, dict[Phenotype | Score, Text]] = Field(default_factory=dict)
    """For each gene and phenotype, or activity score, a diplotype that has it: the examples of the tables."""
    studies: dict[Key, StudyEntry] = Field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    rules: tuple[RuleEntry, ...] = ()
    entries: tuple[ExplainedEntry, ...] = ()
    """What was looked at and has no rule."""
    gene_sets: dict[Key, GeneSetEntry] = Field(default_factory=dict)
    criteria: dict[Key, CriterionEntry] = Field(default_factory=dict)
    """When a rare variant counts."""
