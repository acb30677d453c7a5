"""A file of rules: one guideline as tables, or the research on one gene as single rules."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trdpgx.knowledge.rules.schema.fields import (
    Ancestries,
    Checked,
    Codes,
    Copies,
    CuratedModel,
    Genotypes,
    Identifier,
    Key,
    Keys,
    Outcome,
    Phenotypes,
    Reviewable,
    Score,
    Symbols,
    Text,
    Texts,
)
from trdpgx.model.activity import ActivityRange
from trdpgx.model.consequence import Impact
from trdpgx.model.dose import Dose
from trdpgx.model.evidence import Design, StudyResult
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.rare import Predictor, Rarity
from trdpgx.model.rule import Domain, Reason


class SourceEntry(CuratedModel):
    """The source of the statement."""

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
    n: Annotated[int, Field(gt=0, le=100_000_000)] | None = None
    """Number of people."""
    population: Text | None = None
    ancestry: Ancestries = ()
    """The groups of those people; nothing where they are mixed or not stated."""
    outcome: Outcome | None = None
    """What was measured, in plain words such as `response`, `remission` or `levels`, where the source was read for it."""
    sample: Key | None = None
    """Name of the sample, where several studies used the same people."""
    pools: Keys = ()
    """Samples and studies that a pooled analysis holds."""
    result: StudyResult | None = None
    """Its figures, as far as they were read."""
    note: Text | None = None
    """The finding in our own words."""


class EvidenceEntry(CuratedModel):
    """A study of this file with its size, outcome, a note or figures for one rule, instead of the study's own."""

    study: Key
    n: Annotated[int, Field(gt=0)] | None = None
    """Number of people in whom this variant was looked at, where a meta-analysis states it."""
    outcome: Outcome | None = None
    """What was measured of this rule's claim, where the study measured several things."""
    note: Text | None = None
    result: StudyResult | None = None

    @model_validator(mode="after")
    def _adds_something(self) -> Self:
        if self.n is None and self.outcome is None and self.note is None and self.result is None:
            raise ValueError("name the study alone, or add an 'n', an 'outcome', a 'note' or a 'result'")
        return self


Studies = tuple[Key | EvidenceEntry, ...]


class Sides(CuratedModel):
    """The studies of a rule, by their stance on its claim."""

    supports: Studies = ()
    no_effect: Studies = ()
    contradicts: Studies = ()
    insufficient: Studies = ()
    """Publications that judged the evidence insufficient, or looked and could not settle it. It counts on neither side."""
    not_read: Studies = ()
    """Studies on the claim whose findings were not read: listed, and without weight."""


class ConditionEntry(CuratedModel):
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
    """Key of a criterion: a rare variant that counts by it is carried."""

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


class ActivityEntry(CuratedModel):
    """The activity scores of a gene that a row of a guideline table is about."""

    activity: ActivityRange


class TableRow(Reviewable):
    """One row of a guideline table: for these phenotypes or activity scores, the source states this."""

    when: dict[str, Phenotypes | ActivityEntry] = Field(min_length=1)
    implications: Codes
    actions: Codes
    grade: Text | None = None
    """The source's own grade."""
    grade_for: dict[Text, Text] = Field(default_factory=dict)
    """Grade of single drugs of the table, where it differs."""
    drugs: Texts | None = None
    """The drugs of the table that the row is about; without it, all of them."""
    together: bool = False
    """Whether the row becomes one rule for all of its drugs, for a statement that is the same for each."""
    dose: Dose | None = None
    text: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _together_is_alike(self) -> Self:
        if self.together and self.grade_for:
            raise ValueError("'together' makes one rule of the row, so its drugs cannot have different grades")
        return self


class Table(Reviewable):
    """A table of a guideline: drugs by phenotypes or scores. Every combination has one row, or the source is silent on it."""

    id: Key
    """Prefix of the ids of its rules."""
    drugs: dict[Text, Identifier | None] = Field(min_length=1)
    """Each drug with the source's own identifier for it."""
    scheme: Scheme = Scheme.CPIC
    population: Text | None = None
    silent: dict[str, Phenotypes] = Field(default_factory=dict)
    """Phenotypes on which the source is silent. No row may name them, and nothing is reported for a person who has one of them."""
    rows: tuple[TableRow, ...] = Field(min_length=1)


class RuleEntry(Reviewable):
    """A rule outside of tables."""

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


class ExplainedEntry(Reviewable):
    """A gene, variant or therapy without a rule, and why."""

    id: Key
    genes: Symbols = ()
    variants: Texts = ()
    drugs: Texts = ()
    reason: Reason
    text: Text
    """Why, in plain words."""
    rules_on: Texts = ()
    """Drugs of an entry about drugs alone that have a rule too. Reports leave the entry out where one of these rules applies."""
    evidence: Sides | None = None

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if not (self.genes or self.variants or self.drugs):
            raise ValueError("an entry names genes, variants or drugs")
        return self


class GeneSetEntry(Checked):
    """A named set of genes, and whether its membership was read in the source."""

    name: Text
    genes: Symbols = Field(min_length=1)
    note: Text | None = None


class ThresholdEntry(CuratedModel):
    """The least score of a predictor that counts."""

    predictor: Predictor
    minimum: float


class CriterionEntry(Checked):
    """When a rare variant counts. The defaults are those of ``QualifyingRule``."""

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


class RuleFile(Reviewable):
    """A file of rules: one guideline, or one gene."""

    domain: Domain
    source: SourceEntry
    population: Text | None = None
    genotypes: dict[str, dict[Phenotype | Score, Text]] = Field(default_factory=dict)
    """For each gene and phenotype, or activity score, a diplotype that has it. The tables use these as examples."""
    studies: dict[Key, StudyEntry] = Field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    rules: tuple[RuleEntry, ...] = ()
    entries: tuple[ExplainedEntry, ...] = ()
    """Genes, variants and drugs without a rule, and why."""
    gene_sets: dict[Key, GeneSetEntry] = Field(default_factory=dict)
    criteria: dict[Key, CriterionEntry] = Field(default_factory=dict)
    """When a rare variant counts."""
