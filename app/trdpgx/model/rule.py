"""Rules: when these facts hold, this consideration applies, from this source, on this evidence."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from trdpgx.model.activity import ActivityRange
from trdpgx.model.authority import Authority, Verdict
from trdpgx.model.base import Model
from trdpgx.model.dose import Dose
from trdpgx.model.evidence import Citation, EvidenceItem, Reviewer, Verification
from trdpgx.model.gene import Phenotype, Scheme

Domain = Literal["pharmacokinetic", "pharmacodynamic", "rare_variant", "clinical"]


class PhenotypeCondition(Model):
    """The gene's phenotype, read by one scheme, is one of these. `No result` holds where nothing could be called."""

    kind: Literal["phenotype"] = "phenotype"
    gene: str
    scheme: Scheme = Scheme.CPIC
    any_of: tuple[Phenotype, ...] = Field(min_length=1)


class ActivityCondition(Model):
    """The activity score of the gene's diplotype lies in this range. Nothing follows where the score is not known."""

    kind: Literal["activity"] = "activity"
    gene: str
    scores: ActivityRange


class EffectAlleleCondition(Model):
    """The genotype of a variant was seen and carries one of these numbers of the effect allele (0, 1 or 2)."""

    kind: Literal["effect_alleles"] = "effect_alleles"
    variant: str
    any_of: tuple[Annotated[int, Field(ge=0, le=2)], ...] = Field(min_length=1)


class GeneSeenCondition(Model):
    """The gene was called, or the genotype of one of its variants was seen."""

    kind: Literal["gene_seen"] = "gene_seen"
    gene: str


class AlleleCondition(Model):
    """At least one of these named alleles is carried (`present`), or none of them is; HLA alleles arrive from outside calls."""

    kind: Literal["allele"] = "allele"
    gene: str
    any_of: tuple[str, ...] = Field(min_length=1)
    present: bool = True


class RareVariantCondition(Model):
    """A variant that counts by this criterion is carried in at least one of its genes."""

    kind: Literal["rare_variant"] = "rare_variant"
    criterion: str
    genes: tuple[str, ...] = Field(min_length=1)


Condition = Annotated[
    PhenotypeCondition | ActivityCondition | EffectAlleleCondition | GeneSeenCondition | AlleleCondition | RareVariantCondition,
    Field(discriminator="kind"),
]


class Source(Model):
    """The source of the statement."""

    name: str
    """`CPIC`, `DPWG`, `FDA`, or `research` for a finding that no guideline has."""
    id: str | None = None
    """The source's own identifier, such as a ClinPGx guideline accession."""
    year: int | None = None
    url: str | None = None
    citation: Citation | None = None


class Example(Model):
    """What a rule must fire for (or must not): genes with a diplotype or `No result`, or variants with a plus-strand genotype (`C/T`)."""

    given: dict[str, str]


class RuleStatement(Model):
    """What a rule has for itself: whom it is about, what follows, and where it is written."""

    id: str
    domain: Domain
    drugs: tuple[str, ...]
    genes: tuple[str, ...]
    when: tuple[Condition, ...] = Field(min_length=1)
    """All of them must hold."""
    implications: tuple[str, ...]
    """Codes of `rules/vocabulary.yaml`."""
    actions: tuple[str, ...]
    """Codes of `rules/vocabulary.yaml`."""
    dose: Dose | None = None
    text: str | None = None
    """The finding in our own words, where the vocabulary's text is not enough."""
    grade: str | None = None
    """The source's own grade, in its own word."""
    verdict: Verdict = Verdict.FINDING
    """What kind of statement it is."""
    population: str | None = None
    reviewed: Reviewer | None = None
    note: str | None = None
    examples: tuple[Example, ...] = Field(min_length=1)
    counter_examples: tuple[Example, ...] = ()
    file: str
    """File in `rules/` that has the rule."""
    line: int
    """1-based line in that file."""

    @property
    def dose_words(self) -> Mapping[str, str]:
        """What the rule states of doses, by the kind of dose."""
        if self.dose is None:
            return {}
        by_age = {f"maximum from {one.from_age:g} years": one.amount for one in self.dose.maximum_by_age}
        return {**self.dose.model_dump(exclude_none=True, exclude={"maximum_by_age"}), **by_age}


class Rule(RuleStatement):
    """One rule, as the engine uses it (rows of the guideline tables in `rules/` are expanded into these).

    Rules of one table share who makes the statement and on what evidence.
    """

    source: Source
    authority: Authority | None = None
    """What the source's grade is and means; `null` for research."""
    evidence: tuple[EvidenceItem, ...] = Field(min_length=1)
    verification: Verification


class Direction(StrEnum):
    """The direction of an action. Sources are compared by direction, so that different wordings do not count as a disagreement."""

    NONE = "none"
    """No advice, or advice only for a case that the genome cannot tell (an inadequate response, side effects)."""
    STANDARD = "standard"
    """As for everybody: no change because of this result."""
    LOWER = "lower"
    """A lower dose, a slower increase or a ceiling."""
    HIGHER = "higher"
    """A higher dose."""
    AVOID = "avoid"
    """Another drug."""
    MONITOR = "monitor"
    """Watch more closely; goes together with any of the others."""


class Against(StrEnum):
    """How a source speaks against a drug by an action, the gravest first."""

    RULED_OUT = "ruled_out"
    ADVISED_AGAINST = "advised_against"
    MAY_BE_RULED_OUT = "may_be_ruled_out"
    """By one reading of the source."""

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return tuple(Against).index(self)


class ActionHeadline(Model):
    """The words of a headline for a source that names an action, in the parts that a sentence is made of."""

    states: str | None = None
    """What the source does, such as `rules the drug out`."""
    points_to: str | None = None
    """What the source points to, such as `a slower increase of the dose`, where it states nothing else."""
    condition: str | None = None
    """When that holds, such as `the response is inadequate`; `null`: at once."""


class VocabularyEntry(Model):
    """An implication or action code and what it means, in plain words."""

    code: str
    text: str
    direction: Direction | None = None
    """Which way an action points; `null` for an implication."""
    against: Against | None = None
    """How the source speaks against the drug by this action; `null`: it does not."""
    toward: Direction | None = None
    """Which way a change points that the course of treatment would ask for; `null` where the action points somewhere at once."""
    with_exception: bool = False
    """Whether the action excepts a use of the drug, such as its addition to another."""
    keeps_start: bool = False
    """Whether the action keeps the usual starting dose, so that in a figure it is no lower dose."""
    figure: Literal["start", "maintenance", "maximum"] | None = None
    """The figure of `dose` that this action is about: headlines state it. `maximum` is a highest dose."""
    short: str | None = None
    """What an action is called in a table, such as `another drug`; `null`: the words of the direction."""
    headline: ActionHeadline | None = None
    """The words of a headline for a source that names this action; `null`: the words of the direction."""

    @property
    def conditional(self) -> bool:
        """Whether the action departs from the usual course only if the course of treatment asks for it."""
        return self.direction is Direction.NONE and self.headline is not None and self.headline.condition is not None


class Reason(StrEnum):
    """Why there is no rule."""

    NO_POSITION = "no_position"
    """No coordinates with alleles were found for the variant."""
    NOT_ASSAYABLE = "not_assayable"
    """Small-variant records cannot show it."""
    NO_DIRECTION = "no_direction"
    """What was read names no allele, or its strand is ambiguous."""
    GENE_LEVEL = "gene_level"
    """The claim is about a gene or the whole genome, and no variant carries it."""
    NO_HUMAN_EVIDENCE = "no_human_evidence"
    """Shown in animals or cells only."""
    NO_STUDY = "no_study"
    """No study of this variant and drug response could be read."""
    RARE_VARIANTS = "rare_variants"
    """Studied as the sum of rare variants of a gene; reported apart, variant by variant."""
    NO_GUIDELINE = "no_guideline"
    """No guideline or regulator gives advice by genotype."""
    NO_GENETIC_CLAIM = "no_genetic_claim"
    """A therapy of treatment-resistant depression for which no gene is named."""
    ABOUT_TESTING = "about_testing"
    """About pharmacogenetic testing as such, and not about a genotype."""
    BY_DIAGNOSIS = "by_diagnosis"
    """A label rules the drug out by a diagnosis, and nothing that is read from a file shows it."""
    MISNAMED = "misnamed"
    """A name that belongs to another gene."""


class Entry(Model):
    """A gene, variant or therapy that was examined and has no rule, and why. It never fires; it shows that the gap is known."""

    id: str
    genes: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    reason: Reason
    text: str
    """Why, in plain words."""
    evidence: tuple[EvidenceItem, ...] = ()
    verification: Verification
    file: str
    line: int


class HighestDose(Model):
    """The highest dose of a drug that a source names for anybody, whatever the genotype."""

    text: str
    """The limits in words, such as those by age, and their reason."""
    mg_a_day: float
    """The lowest of these limits."""
    source: str
    verified: str
    """Where each figure was read."""


class Drug(Model):
    """A drug or therapy that a report can be about."""

    name: str
    """International nonproprietary name in lower case."""
    rxnorm: str | None = None
    """RxNorm concept id (RxCUI)."""
    atc: tuple[str, ...] = ()
    """ATC codes (WHO)."""
    brands: tuple[str, ...] = ()
    """Brand names that a request may use."""
    synonyms: tuple[str, ...] = ()
    """Other names that a request may use."""
    components: tuple[str, ...] = ()
    """Drugs that a combination holds."""
    drug_class: str
    category: str
    role: str | None = None
    """Role in depression and TRD: `step 1`, `augmentation`, `rapid-acting` ..."""
    clearance_major: tuple[str, ...] = ()
    clearance_minor: tuple[str, ...] = ()
    active_metabolite: str | None = None
    pgp_substrate: str | None = None
    cyp_effects: str | None = None
    highest_dose: HighestDose | None = None
    """The highest dose that holds for anybody; `null` where none was read."""
    note: str | None = None
    verification: Verification
