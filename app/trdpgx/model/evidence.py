"""Evidence: who found what, in whom, how, and how strong the whole is."""

from enum import StrEnum

from pydantic import Field

from trdpgx.model.base import Model


class Design(StrEnum):
    """The design of a study."""

    GUIDELINE = "guideline"
    REGULATORY = "regulatory"
    META_ANALYSIS = "meta_analysis"
    RCT = "rct"
    COHORT = "cohort"
    CASE_CONTROL = "case_control"
    GWAS = "gwas"
    EXOME = "exome"
    REVIEW = "review"
    PRECLINICAL = "preclinical"


class Stance(StrEnum):
    """The stance of a piece of evidence on the rule's claim."""

    SUPPORTS = "supports"
    NULL = "null"
    """Looked, and found no effect."""
    CONTRADICTS = "contradicts"
    """Found the opposite."""
    INSUFFICIENT = "insufficient"
    """Weighed what there is and found it too thin, or did not settle the claim: no finding on either side."""
    NOT_READ = "not_read"
    """Bears on the claim, and what it found of it was not read: listed, and without weight."""


class Strength(StrEnum):
    """How strong the evidence is as a whole: computed by the named policy, never typed in (docs/evidence.md)."""

    STRONG = "strong"
    MODERATE = "moderate"
    LIMITED = "limited"
    PRELIMINARY = "preliminary"
    CONFLICTING = "conflicting"
    NONE = "none"
    WEIGHED_BY_SOURCE = "weighed_by_source"
    """A guideline or a label speaks and no study is listed beside it: its authors weighed the studies, and nobody graded them here."""


class Ancestry(StrEnum):
    """The biogeographical groups of ClinPGx, which describe the people of a study. Never inferred from a genome."""

    AMERICAN = "american"
    CENTRAL_SOUTH_ASIAN = "central_south_asian"
    EAST_ASIAN = "east_asian"
    EUROPEAN = "european"
    LATINO = "latino"
    NEAR_EASTERN = "near_eastern"
    OCEANIAN = "oceanian"
    SUB_SAHARAN_AFRICAN = "sub_saharan_african"
    AFRICAN_AMERICAN = "african_american"

    @property
    def words(self) -> str:
        """The group as a sentence names it."""
        return _GROUPS[self]


_GROUPS = {
    Ancestry.AMERICAN: "Indigenous American",
    Ancestry.CENTRAL_SOUTH_ASIAN: "Central and South Asian",
    Ancestry.EAST_ASIAN: "East Asian",
    Ancestry.EUROPEAN: "European",
    Ancestry.LATINO: "Latino",
    Ancestry.NEAR_EASTERN: "Near Eastern",
    Ancestry.OCEANIAN: "Oceanian",
    Ancestry.SUB_SAHARAN_AFRICAN: "Sub-Saharan African",
    Ancestry.AFRICAN_AMERICAN: "African American or Afro-Caribbean",
}


class VerificationState(StrEnum):
    """Whether somebody of this project read the value in the named source."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


class Verification(Model):
    """Whether a statement was read in its source, and where."""

    state: VerificationState
    where: str
    """Where in the source the value was read (`verified`), or why it was not read (`unverified`)."""


class Reviewer(Model):
    """Who checked a rule against its source, and when."""

    by: str
    """As the rules name that person."""
    day: str
    """Day of the review, as YYYY-MM-DD."""


class Citation(Model):
    """A publication or a public page. `rules check` refuses one without an identifier."""

    id: str
    """Short key: first author and year in lower case, `laje-2012`."""
    label: str | None = None
    """Short form for use in a sentence, such as `Laje 2012`."""
    text: str
    """Authors in short, journal and year, in our own words."""
    year: int | None = None
    pmid: str | None = None
    doi: str | None = None
    pmcid: str | None = None
    url: str | None = None
    verification: Verification

    @property
    def with_identifiers(self) -> str:
        """The text with its identifiers: ``Laje 2012, Am J Psychiatry. PMID 1. DOI 10.1/x.``."""
        numbered = "".join(f" {name} {value}." for name, value in (("PMID", self.pmid), ("DOI", self.doi)) if value)
        return f"{self.text.rstrip('.')}.{numbered}"


class Measure(StrEnum):
    """What a ratio compares."""

    ODDS_RATIO = "odds_ratio"
    HAZARD_RATIO = "hazard_ratio"
    RISK_RATIO = "risk_ratio"
    LEVEL_RATIO = "level_ratio"
    """Drug levels, of one genotype against another."""


class Correction(StrEnum):
    """Whether a finding survived the correction for multiple tests."""

    SURVIVED = "survived"
    FAILED = "failed"
    """Nothing was left after correction, or the finding was only nominal among many tests."""
    PLANNED = "planned"
    """The one question of the study, which needs no correction."""


class StudyResult(Model):
    """The figures of a study on one claim, as far as they were read. A figure that was not read is `null`, never assumed."""

    measure: Measure | None = None
    value: float | None = Field(default=None, gt=0)
    """The ratio."""
    low: float | None = Field(default=None, gt=0)
    """Lower bound of its 95 % interval."""
    high: float | None = Field(default=None, gt=0)
    """Upper bound of its 95 % interval."""
    p: float | None = Field(default=None, ge=0, le=1)
    correction: Correction | None = None
    """`null`: not stated where the study was read."""


class EvidenceItem(Model):
    """One study or guideline and its stance on the claim of the rule that lists it."""

    citation: Citation
    design: Design
    n: int | None = None
    """Number of people, where known."""
    population: str | None = None
    """In whom: ancestry as the source reports it, and setting."""
    ancestry: tuple[Ancestry, ...] = ()
    """The groups of those people, where the source or the location of the study shows it; empty where mixed or not stated."""
    stance: Stance
    outcome: str | None = None
    """What was measured, in plain words such as `response`, `remission` or `levels`; `null` where it was not read."""
    sample: str | None = None
    """Name of the sample that the study used. Studies of the same sample count once, since a re-analysis is not independent."""
    pools: tuple[str, ...] = ()
    """Samples and citations that a pooled analysis holds. They are not counted a second time."""
    result: StudyResult | None = None
    """Its figures on this claim, where they were read."""
    note: str | None = None
    """The finding in our own words."""
    verification: Verification
