"""What a report states about one gene: diplotypes, phenotypes, copies, and what was not seen."""

from enum import StrEnum
from typing import Any, Literal, NamedTuple, Self

from pydantic import Field, PrivateAttr

from trdpgx.model.base import Model
from trdpgx.model.clinical_report import Phenoconversion
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.genome import NoCallReason, SiteState
from trdpgx.model.note import Note
from trdpgx.model.variant_report import RareVariantReport


class MatchedSite(Model):
    """One site that the diplotype explains."""

    site: str
    """Site id."""
    rsid: str | None
    alleles: tuple[str, str]
    """The base of each haplotype of the diplotype, in its order."""


class DiplotypeReport(Model):
    """A pair of named alleles that agrees with all observed genotypes."""

    name: str = Field(examples=["*1/*2"])
    alleles: tuple[str, ...]
    functions: tuple[str, ...]
    """Function of each allele, in its order, in the source's words."""
    activity_score: float | None = None
    """Sum of the activity values; `null` where the gene has no activity scores or an allele has no value."""
    activity_score_is_lower_bound: bool = False
    phenotype: Phenotype | None
    """By CPIC; `null` where the gene has no phenotype table."""
    phenotypes: dict[Scheme, Phenotype] = Field(default_factory=dict)
    """By each scheme that has one."""
    phased: bool
    """Whether the phase of the file alone makes this the only way to pair the alleles."""
    score: int | None = None
    """Number of sites at which the two alleles are spelled out; `null` for outside calls."""
    matched_sites: tuple[MatchedSite, ...] = ()


class ResearchHaplotype(Model):
    """One haplotype: a named allele, a named allele with further variants, or a combination of named alleles."""

    name: str = Field(examples=["[*17 + g.94781859G>A]"])
    """`+` between its parts; in square brackets if there are several, to tell it from a tandem of gene copies (`*36+*10`)."""
    alleles: tuple[str, ...]
    """Named alleles whose defining variants the haplotype carries."""
    variants: tuple[str, ...]
    """The other known variants of the haplotype: HGVS g. on GRCh38."""


class LikelyDiplotype(Model):
    """What is likely where the file leaves a call open, by population frequencies of alleles: a prior, not evidence about this genome."""

    diplotype: str | None
    """The likeliest of the diplotypes listed; `null` where two are equally likely or frequencies are not known."""
    share: float | None = Field(ge=0, le=1)
    """Its share of the prior probability of all diplotypes listed, by allele frequencies and Hardy-Weinberg proportions."""
    cohort: str | None
    """The cohort in which the frequencies were counted: one pooled panel of several ancestries. `null` where they are not known."""
    settled_by: tuple[str, ...]
    """Unseen sites that together would distinguish it from the other diplotypes, by rsID or else by id, the most informative first."""
    open: int
    """Number of other diplotypes that none of these sites distinguishes from it, so that only phase would."""
    text: str
    phenotype: Phenotype | None = None
    """The likeliest phenotype (CPIC), where the phenotype is open."""
    chance: float | None = Field(default=None, ge=0, le=1)
    """The probability of that phenotype over all alleles that fit the observed genotypes, by the frequencies of the reference cohort;
    `null` where it is not open, or where that is not known."""


class HiddenAllele(Model):
    """An allele of a different known function that the observed sites cannot exclude, and the phenotype that it would cause."""

    allele: str
    makes: Phenotype | None
    """The phenotype (CPIC) of this allele with an allele that was called, or else with another hidden one; of several, the one farthest
    from the call. `null` where the gene has no phenotype table."""
    frequency: float | None = Field(ge=0, le=1)
    """Share of the chromosomes of the reference cohort that carry it; `null` where the allele was not counted separately, or nobody carried
    it."""
    refused: bool = False
    """Whether a record of the file shows it, but fails its filter or quality."""
    listed: str | None = None
    """The published list of alleles to test for that includes it; it ends in `, unverified` where that was not read in a source. `null`
    where none does."""


class HiddenReading(Model):
    """The phenotype of a gene if hidden alleles were carried."""

    phenotypes: dict[Scheme, Phenotype]
    """By each scheme of the gene."""
    activity_score: float | None = None
    diplotypes: tuple[str, ...]
    """Diplotypes with that phenotype, at most eight, the commonest first."""
    chance: float | None = Field(default=None, ge=0, le=1)
    """Its probability over all alleles that fit the observed genotypes, by the frequencies of the reference cohort; `null`: not known."""


class AssumptionReport(Model):
    """What is left open about the diplotypes of a call if the sites that were assumed to be the reference are counted as not seen."""

    phenotype_range: tuple[Phenotype, ...]
    """Every phenotype (CPIC) that would then be possible."""
    alleles: tuple[str, ...] = ()
    """The alleles that could then be hidden, the most important first."""
    chance: float | None
    """Probability, by the frequencies of the reference cohort, that one of them is carried; `null`: not known."""
    chance_at_most: float | None = None
    """Upper bound of that probability: alleles that nobody in the cohort carried are counted as three chromosomes together."""
    open: bool = False
    """Whether the phenotype would then be open."""
    text: str


class ResearchReason(StrEnum):
    """Why a diplotype is for research only."""

    COMBINATION = "combination"
    """A haplotype of it is a combination of named alleles, or a named allele and more variants; only on request."""
    WITHOUT_SITE = "without_site"
    """It is what the call would be without the sites at which a base is in no definition."""
    WITHOUT_PHASE = "without_phase"
    """It is what the genotypes would allow if they were not phased."""
    WITHOUT_RECORD = "without_record"
    """It is what the rows of small variants make without a structural record that shows a change which no diplotype holds."""


class ResearchDiplotype(Model):
    """A reading of genotypes that could not be called. For research: it has no function and no phenotype."""

    name: str = Field(examples=["*2/[*17 + g.94781859G>A]"])
    haplotypes: tuple[ResearchHaplotype, ResearchHaplotype]
    phased: bool
    """Whether the haplotypes are known over the whole gene."""
    score: int
    """Number of sites that the definitions of the named alleles cover; for a haplotype that is no named allele, the number of its
    variants."""
    research: Literal[True] = True
    """No consideration is based on it."""
    reason: ResearchReason = ResearchReason.COMBINATION


class PhenotypeReport(Model):
    """A phenotype, and its basis."""

    term: str
    code: Phenotype
    basis: str


class CopyNumber(Model):
    """What is known about the number of copies of the gene."""

    status: Literal["assessed", "suspected", "not_assessed", "not_applicable"]
    value: int | None = None
    """Number of gene copies, where assessed."""
    evidence: str
    """The evidence for it, in plain words."""
    structural_possibilities: tuple[Note, ...] = ()
    """What an unseen deletion, duplication or hybrid would change."""
    activity_score_range: tuple[float, float] | None = None
    """Activity scores that one unseen deletion or one unseen extra copy would open; `null` where copies were assessed."""

    @property
    def is_uncounted(self) -> bool:
        """Whether the gene can have other numbers of copies, and nobody counted them."""
        return self.status in {"not_assessed", "suspected"}


class SiteCounts(Model):
    """How many of the gene's sites are in which state."""

    total: int
    called: int
    covered_reference: int
    no_call: int
    absent: int
    assumed_reference: int
    """Number of absent sites that were read as reference under `absent=reference`."""


class UnseenSite(Model):
    """A site of the gene that was not used, and why."""

    site: str
    rsid: str | None
    state: SiteState
    reason: NoCallReason | None = None


class GeneReport(Model):
    """A pharmacogene: what was called, what that means, and what was not seen."""

    gene: str
    status: Literal["called", "ambiguous", "no_call"]
    """`called`: one diplotype. `ambiguous`: several remain. `no_call`: none could be named."""
    no_call_reason: str | None = None
    """Why nothing was called, in plain words."""
    diplotypes: tuple[DiplotypeReport, ...]
    """Every diplotype with the top score; the likeliest first, where there are frequencies of the gene's alleles."""
    likely: LikelyDiplotype | None = None
    """The likeliest of several diplotypes, and the likeliest phenotype where it is open; `null` where neither can be stated."""
    candidates: tuple[str, ...] | None = None
    """Every diplotype that explains the genotypes, best first; only with the option `all_candidates`."""
    research_diplotypes: tuple[ResearchDiplotype, ...] = ()
    """Where nothing could be called: what the call would be without undefined bases, without phase or without a structural record, and,
    with the option `combinations`, combinations of alleles and partial alleles. No consideration is based on them."""
    phenotype: PhenotypeReport | None
    """By CPIC; stated only where all diplotypes agree and the sites seen allow it."""
    phenotypes: dict[Scheme, PhenotypeReport] = Field(default_factory=dict)
    """By each scheme; stated only where all diplotypes agree and the sites seen allow it."""
    phenotype_open: bool = False
    """Whether the phenotype is not stated because of alleles that the sites seen, or the copy-number records, do not exclude (`hidden`)."""
    phenotype_range: tuple[Phenotype, ...] = ()
    """Every phenotype (CPIC) that the diplotypes allow, and where the phenotype is open the hidden alleles as well."""
    activity_score_range: tuple[float, float] | None = None
    """The lowest and the highest activity score over the same; `null` where none has one."""
    hidden: tuple[HiddenAllele, ...] = ()
    """Alleles that the sites seen cannot exclude and that would change the phenotype: those of refused rows first, then those that a test
    has to see, then the commonest. They are listed where the phenotype is stated as well (`phenotype_open` tells which)."""
    hidden_chance: float | None = Field(default=None, ge=0, le=1)
    """Probability that one of them is carried, by the frequencies of the reference cohort: one pooled panel of several ancestries, and no
    evidence about this genome. `null` where it is not known, or nothing was called."""
    hidden_chance_at_most: float | None = Field(default=None, ge=0, le=1)
    """Upper bound of that probability: alleles that nobody in the cohort carried are counted as three chromosomes together."""
    hidden_readings: tuple[HiddenReading, ...] = ()
    """Where the phenotype is open: phenotypes that hidden alleles would cause and no listed diplotype has, the likeliest first."""
    settled_by: tuple[str, ...] = ()
    """Unseen sites that together would show every hidden allele, by rsID or else by id, the most informative first."""
    unseen_note: str | None = None
    """Where a gene was called although sites were not seen: one line on what they could hide, with its probability and upper bound."""
    assumed: bool = False
    """Whether the call rests on sites that the file does not mention and that were taken as the reference: assumed, not observed."""
    if_assumption_wrong: AssumptionReport | None = None
    """What the call would be if the assumed sites are not the reference; `null` where none was assumed."""
    phenoconverted: Phenoconversion | None = None
    """The phenotype under current drugs and smoking; `null` without a clinical context."""
    copy_number: CopyNumber
    source: str = Field(examples=["vcf", "outside:Cyrius"])
    sites: SiteCounts
    unseen_sites: tuple[UnseenSite, ...] = ()
    missing_alleles: tuple[str, ...] = ()
    """Alleles that cannot be distinguished from others because a site of theirs was not seen."""
    unknown_alleles: tuple[Note, ...] = ()
    """Alleles observed at defining sites that no definition has. The gene is called without them only where a caveat states it."""
    undefined_variants: tuple[RareVariantReport, ...] = ()
    """Variants that may change the gene's function and are part of no named allele's definition; the phenotype ignores them."""
    caveats: tuple[Note, ...] = ()
    _others: "tuple[OtherResult, ...]" = PrivateAttr(default=())

    def __eq__(self, other: object) -> bool:
        """Whether all fields are the same, whether or not the results that are not reported are known."""
        return self.__dict__ == other.__dict__ if isinstance(other, GeneReport) else NotImplemented

    __hash__ = Model.__hash__

    @property
    def others(self) -> "tuple[OtherResult, ...]":
        """The results that contradict this one. They are no field: a report that was read from a file has what followed of them alone."""
        return self._others

    def with_others(self, others: "tuple[OtherResult, ...]") -> Self:
        """Return the report itself, which now knows the results that contradict it."""
        self._others = others
        return self

    def copy_with(self, **values: Any) -> Self:
        """Return a copy with other values, which knows the same results that contradict it."""
        return super().copy_with(**values).with_others(self._others)

    @property
    def is_disputed(self) -> bool:
        """Whether a caveat states that results contradict each other."""
        return any("conflict" in caveat.code for caveat in self.caveats)


class OtherResult(NamedTuple):
    """A result of a gene that contradicts the one that is reported."""

    origin: str
    """The key of the text that states who has it; ``tool`` is the tool's name where another tool has it."""
    tool: str
    words: str
    """The result in words."""
    report: GeneReport | None = None
    """The gene with this result; ``None`` where it cannot be interpreted."""
    instead_of: str | None = None
    """The diplotype that it stands against, where several are reported; ``None``: all that is reported."""
