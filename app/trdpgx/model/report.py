"""The report, schema 1.1. Every format reads this one model."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from trdpgx.model.base import Model
from trdpgx.model.clinical_report import ExposureReport, InteractionReport, Phenoconversion, TreatmentHistory
from trdpgx.model.evidence import EvidenceItem, Strength, Verification
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.genome import NoCallReason, SiteState
from trdpgx.model.input import AssemblyEvidence, InputFormat, InputWarning, Integrity
from trdpgx.model.options import Options
from trdpgx.model.rule import Domain, Source
from trdpgx.model.summary import Summary


class Software(Model):
    """What made the report."""

    name: str = "trdpgx"
    version: str


class RulesLayer(Model):
    """A folder of rules that the report rests on."""

    name: str
    """Name of the folder."""
    release: str
    digest: str
    """SHA-256 over every file of the folder."""
    added: int
    """Rules and entries that the layers below do not have."""
    replaced: int
    """Rules and entries that the layers below have under the same id."""


class KnowledgeRelease(Model):
    """Which knowledge the report rests on."""

    rules_release: str
    rules_digest: str
    """SHA-256 over every file of `rules/`."""
    reference_release: str
    reference_digest: str
    """SHA-256 over every file of `reference/`."""
    evidence_policy: str
    """Name and version of the function that computes `evidence.strength`."""
    rules_layers: tuple[RulesLayer, ...] = ()
    """The folders that the rules were read from, the bundled one first. More than one where the operator has rules of their own."""


class InputReport(Model):
    """The input, and which sample of it this report is about."""

    name: str | None = None
    """The name of the input, only where the caller gives it; `null` in this release."""
    sha256: str
    """SHA-256 of the bytes as received."""
    bytes: int
    format: InputFormat
    records: int
    assembly: Literal["GRCh37", "GRCh38"]
    assembly_evidence: tuple[AssemblyEvidence, ...]
    gvcf: bool
    sample: str
    samples: int
    """Number of samples in the input."""
    integrity: Integrity
    warnings: tuple[InputWarning, ...]


class Note(Model):
    """A caveat or limitation."""

    code: str
    """Stable identifier in lower_snake_case."""
    text: str
    """In plain words."""


class MatchedSite(Model):
    """One site that the diplotype explains."""

    site: str
    """Site id."""
    rsid: str | None
    alleles: tuple[str, str]
    """The base of each haplotype of the diplotype, in its order."""


class DiplotypeReport(Model):
    """A pair of named alleles that agrees with everything that was seen."""

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
    """One haplotype that is a combination of named alleles, or a named allele with more variants, or a named allele."""

    name: str = Field(examples=["[*17 + g.94781859G>A]"])
    """`+` between its parts; in square brackets if there are several, to tell it from a tandem of gene copies (`*36+*10`)."""
    alleles: tuple[str, ...]
    """Named alleles whose defining variants the haplotype carries."""
    variants: tuple[str, ...]
    """The other known variants of the haplotype: HGVS g. on GRCh38."""


class LikelyDiplotype(Model):
    """What is likely of what the file leaves open, by how common alleles are: a prior, and no evidence about this genome."""

    diplotype: str | None
    """The likeliest of the diplotypes listed; `null` where two are equally likely or frequencies are not known."""
    share: float | None = Field(ge=0, le=1)
    """Its share of the prior probability of all diplotypes listed, by allele frequencies and Hardy-Weinberg proportions."""
    cohort: str | None
    """In whom the frequencies were counted: one pooled panel, nobody's ancestry. `null` where they are not known."""
    settled_by: tuple[str, ...]
    """Sites that were not seen and together would tell it from the other diplotypes, by rsID or else by id, the most telling first."""
    open: int
    """How many of the other diplotypes none of these sites tells from it: only phase does."""
    text: str
    phenotype: Phenotype | None = None
    """The likeliest phenotype (CPIC), where the phenotype is open."""
    chance: float | None = Field(default=None, ge=0, le=1)
    """How likely that phenotype is over all alleles that fit what was seen, by the frequencies of the reference cohort; `null` where it is
    not open, or where that is not known."""


class HiddenAllele(Model):
    """An allele of another known function that the sites seen cannot exclude, and what it would make of the phenotype."""

    allele: str
    makes: Phenotype | None
    """The phenotype that it would make (CPIC) beside an allele that was called, or else beside another hidden one; of several, the one
    farthest from what was called. `null` where the gene has no phenotype table."""
    frequency: float | None = Field(ge=0, le=1)
    """Share of the chromosomes of the reference cohort that carry it; `null` where it was not counted by itself, or nobody carried it."""
    refused: bool = False
    """Whether a row of the file shows it, which its own filter or quality refuses."""
    listed: str | None = None
    """The list of alleles that a test has to see on which it stands; `null` where it is on none."""


class HiddenReading(Model):
    """What hidden alleles would make of a gene, if they were carried."""

    phenotypes: dict[Scheme, Phenotype]
    """By each scheme of the gene."""
    activity_score: float | None = None
    diplotypes: tuple[str, ...]
    """Diplotypes that would make it, at most eight, the commonest first."""
    chance: float | None = Field(default=None, ge=0, le=1)
    """How likely it is over all alleles that fit what was seen, by the frequencies of the reference cohort; `null`: not known."""


class AssumptionReport(Model):
    """What is left open about the diplotypes of a call if the sites that were assumed to be the reference are counted as not seen."""

    phenotype_range: tuple[Phenotype, ...]
    """Every phenotype (CPIC) that would then be possible."""
    alleles: tuple[str, ...] = ()
    """The hidden alleles that would have to be reckoned with, the most important first."""
    chance: float | None
    """Chance, by the frequencies of the reference cohort, that one of them is carried; `null`: not known."""
    chance_at_most: float | None = None
    """The same with the alleles that nobody of the cohort carried at their upper bound, three chromosomes together."""
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


class ResearchDiplotype(Model):
    """A reading of genotypes that could not be called. For research: it has no function and no phenotype."""

    name: str = Field(examples=["*2/[*17 + g.94781859G>A]"])
    haplotypes: tuple[ResearchHaplotype, ResearchHaplotype]
    phased: bool
    """Whether the haplotypes are known over the whole gene."""
    score: int
    """Number of sites at which named alleles are spelled out; for a haplotype that is none, the number of its variants."""
    research: Literal[True] = True
    """Nothing in this report follows from it."""
    reason: ResearchReason = ResearchReason.COMBINATION


class PhenotypeReport(Model):
    """A phenotype, and what it rests on."""

    term: str
    code: Phenotype
    basis: str


class CopyNumber(Model):
    """What is known about the number of copies of the gene."""

    status: Literal["assessed", "suspected", "not_assessed", "not_applicable"]
    value: int | None = None
    """Number of gene copies, where assessed."""
    evidence: str
    """What this rests on, in plain words."""
    structural_possibilities: tuple[Note, ...] = ()
    """What an unseen deletion, duplication or hybrid would change."""
    activity_score_range: tuple[float, float] | None = None
    """Activity scores that one unseen deletion or one unseen extra copy would open; `null` where copies were assessed."""


class SiteCounts(Model):
    """How many of the gene's sites are in which state."""

    total: int
    called: int
    covered_reference: int
    no_call: int
    absent: int
    assumed_reference: int
    """Of the absent ones, how many were taken as reference because the caller asked for it."""


class UnseenSite(Model):
    """A site of the gene that was not used, and why."""

    site: str
    rsid: str | None
    state: SiteState
    reason: NoCallReason | None = None


class ToolAnnotation(Model):
    """What another tool wrote about the variant into the upload, and how it compares with our own consequence."""

    tool: str = Field(examples=["VEP"])
    transcript: str
    consequence: tuple[str, ...]
    """As the tool writes it."""
    impact: str | None
    hgvs_c: str | None
    hgvs_p: str | None
    agreement: Literal["agrees", "differs_in_detail", "disagrees", "not_compared"]


class CombinedReport(Model):
    """What this variant does together with others on the same haplotype."""

    locations: tuple[str, ...]
    """All members, this one included."""
    hgvs_c: str | None
    hgvs_p: str | None
    consequence: str | None
    impact: str | None


class QualificationReport(Model):
    """The answer of one rule about the variant."""

    rule_id: str
    qualifies: bool | None
    """`null`: what is known does not settle it."""
    rarity: Literal["rare", "uncommon", "common", "unknown"]
    reasons: tuple[str, ...]


class RareVariantReport(Model):
    """A variant in one of the exome-study genes, or one that no named allele of a pharmacogene is defined by."""

    gene: str
    location: str
    ref: str
    alt: str
    zygosity: str
    """`heterozygous`, `homozygous`, `hemizygous`, or `unknown` where the genotype is incomplete."""
    transcript: str | None
    """MANE Select transcript (RefSeq)."""
    hgvs_c: str | None
    """On the transcript, or on the chromosome where an intron is touched."""
    hgvs_p: str | None
    """A prediction, hence in parentheses."""
    consequence: str | None
    """The most severe Sequence Ontology term; `missense_or_synonymous`-like where the known sequence leaves more than one; `null` where
    nothing was concluded."""
    impact: str | None
    """VEP's impact class; `null` where it is open."""
    allele_frequency: float | None
    """The frequency that cut-offs are held against: of the population in which it is highest, or else overall."""
    qualifies: bool | None
    """Whether at least one rule counts it; `null`: at least one cannot decide, and none counts it."""
    reasons: tuple[str, ...]
    consequences: tuple[str, ...] = ()
    """All terms, most severe first."""
    possible_consequences: tuple[str, ...] = ()
    """Each answer that is left open, its terms joined with `&`."""
    exon: str | None = None
    """Number of the exon / of all."""
    intron: str | None = None
    nonsense_mediated_decay: Literal["predicted", "escapes", "unknown"] | None = None
    """By the 50-nucleotide rule: a prediction. `null` where no stop is gained and no frame shifted."""
    combined: CombinedReport | None = None
    unphased_with: tuple[str, ...] = ()
    """Variants that would have to be read with this one if they were on the same haplotype, which is not known."""
    frequency_state: Literal["known", "absent", "unknown"] = "unknown"
    """`absent`: a population database was searched and does not have it. `unknown` is never counted as rare."""
    frequency_overall: float | None = None
    frequency_highest: float | None = None
    """In the population in which it is highest."""
    frequency_source: str | None = None
    predictors: dict[str, float] = Field(default_factory=dict)
    annotations: tuple[ToolAnnotation, ...] = ()
    qualifications: tuple[QualificationReport, ...] = ()
    limits: tuple[Note, ...] = ()
    """What limits the consequence or its description."""
    depth: int | None = None
    """Reads."""
    quality: float | None = None
    """Phred-scaled: GQ, or else QUAL."""
    filter: str | None = None


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
    """Which of several diplotypes is the likeliest, and which phenotype where that is open; `null` where neither can be stated."""
    candidates: tuple[str, ...] | None = None
    """Every diplotype that explains the genotypes, best first; only on request."""
    research_diplotypes: tuple[ResearchDiplotype, ...] = ()
    """Where nothing could be called: what the call would be without undefined bases or without phase, and, only on request, combinations
    and partial alleles. Nothing follows from them."""
    phenotype: PhenotypeReport | None
    """By CPIC; stated only where all diplotypes agree and the sites seen allow it."""
    phenotypes: dict[Scheme, PhenotypeReport] = Field(default_factory=dict)
    """By each scheme; stated only where all diplotypes agree and the sites seen allow it."""
    phenotype_open: bool = False
    """Whether the phenotype is not stated because of alleles that the sites seen do not exclude (`hidden`)."""
    phenotype_range: tuple[Phenotype, ...] = ()
    """Every phenotype (CPIC) that the diplotypes allow, and where the phenotype is open the hidden alleles as well."""
    activity_score_range: tuple[float, float] | None = None
    """The lowest and the highest activity score over the same; `null` where none has one."""
    hidden: tuple[HiddenAllele, ...] = ()
    """Alleles that the sites seen cannot exclude and that would change the phenotype: those of refused rows first, then those that a test
    has to see, then the commonest. They are listed where the phenotype is stated as well (`phenotype_open` tells which)."""
    hidden_chance: float | None = Field(default=None, ge=0, le=1)
    """Chance that one of them is carried, by the frequencies of the reference cohort: one pooled panel, nobody's ancestry, and no evidence
    about this genome. `null` where it is not known, or nothing was called."""
    hidden_chance_at_most: float | None = Field(default=None, ge=0, le=1)
    """The same with the alleles that nobody of the cohort carried at their upper bound, three chromosomes together."""
    hidden_readings: tuple[HiddenReading, ...] = ()
    """Where the phenotype is open: what the hidden alleles would make that no diplotype listed does, the likeliest first."""
    settled_by: tuple[str, ...] = ()
    """Sites that were not seen and together would show every hidden allele, by rsID or else by id, the most telling first."""
    unseen_note: str | None = None
    """Where a gene was called although sites were not seen: one line on what they could hide, and the chance of it with its bound."""
    assumed: bool = False
    """Whether the call rests on sites that the file does not mention and that were taken as the reference: assumed, not observed."""
    if_assumption_wrong: AssumptionReport | None = None
    """What the call would be if the assumed sites are not the reference; `null` where none was assumed."""
    phenoconverted: Phenoconversion | None = None
    """The phenotype under current drugs and smoking; `null` without a clinical context, and in this release."""
    copy_number: CopyNumber
    source: str = Field(examples=["vcf", "outside:Cyrius"])
    sites: SiteCounts
    unseen_sites: tuple[UnseenSite, ...] = ()
    missing_alleles: tuple[str, ...] = ()
    """Alleles that cannot be distinguished from others because a site of theirs was not seen."""
    unknown_alleles: tuple[Note, ...] = ()
    """Alleles seen at defining sites that no definition knows. The gene is called without them only where a caveat states it."""
    undefined_variants: tuple[RareVariantReport, ...] = ()
    """Variants that may change the gene's function and that no named allele is defined by; the phenotype does not count them."""
    caveats: tuple[Note, ...] = ()


class RareGeneReport(Model):
    """A gene whose rare variants were looked for: what of it could be seen, and what rests on which sequence."""

    gene: str
    transcript: str
    """MANE Select transcript (RefSeq)."""
    sequence: Literal["genomic", "coding", "protein"]
    """What is known of the gene's own sequence: a slice of the genome, the coding sequence, or the protein alone."""
    covered: int | None
    """Coding and splice-site bases that were read, as far as is known; `null` where nothing tells."""
    covered_by: Literal["file", "targets"] | None
    """The evidence: gVCF blocks and records of the file, or else the BED file of targets, which lists what the assay set out to read."""
    total: int
    """Coding and splice-site bases of the transcript."""
    criteria: tuple[str, ...]
    """Ids of the criteria by which a variant of this gene counts."""


class VariantReport(Model):
    """A variant that is reported as a genotype on the plus strand."""

    id: str
    gene: str
    hgvs_c: str | None
    hgvs_p: str | None
    location: str | None = Field(examples=["chr11:27658369"])
    ref: str | None
    alts: tuple[str, ...]
    genotype: str | None = Field(examples=["C/T"])
    """Alleles on the plus strand, `/` unphased or `|` phased; `null` where it was not seen."""
    effect_allele: str | None
    """On the plus strand."""
    effect_allele_count: int | None
    """0, 1 or 2; `null` where the genotype was not seen or no effect allele is known. 0 is not "normal"."""
    state: SiteState | Literal["assumed_reference", "not_assayable"]
    reason: NoCallReason | None = None
    depth: int | None = None
    """Reads."""
    quality: float | None = None
    """Phred-scaled: GQ, or else QUAL."""
    filter: str | None = None
    note: str | None = None


class Implication(Model):
    """What the genotype may mean for the drug."""

    code: str
    codes: tuple[str, ...]
    """All codes, the first of which is `code`."""
    text: str


class DoseChange(Model):
    """The statement of the source about dose; never computed for a person."""

    start: str | None = None
    maintenance: str | None = None
    maximum: str | None = None
    monitoring: str | None = None


class Action(Model):
    """What could be considered, by the source. Never an instruction."""

    code: str
    codes: tuple[str, ...]
    """All codes, the first of which is `code`."""
    text: str
    dose_change: DoseChange | None = None


class EvidenceReport(Model):
    """The evidence behind a consideration, both sides of it."""

    strength: Strength
    policy: str
    """Name and version of the function that computed `strength`."""
    source_grade: str | None
    """The source's own grade, in its own word."""
    items: tuple[EvidenceItem, ...]
    conflict: str | None
    """What contradicts what, in plain words; `null` where nothing does."""
    verification: Verification
    """Whether the rule itself was read in its source."""
    population_note: str | None = None
    """Which of the studies were in people of the ancestry that the request names; `null` where it names none or no study is listed."""


class Basis(Model):
    """For which of the person's possible diplotypes or genotypes the consideration holds."""

    holds_for: Literal["all", "some"]
    facts: tuple[str, ...]
    """The facts that made the rule fire."""
    text: str
    open_genes: tuple[str, ...] = ()
    """Genes that the rule asks about whose phenotype is open because of alleles that were not seen."""
    only_if_hidden: bool = False
    """Whether it holds only if an allele is carried that was not seen and is not excluded."""


class Authority(Model):
    """With what authority a source speaks, in its own words: apart from how strong the evidence is."""

    kind: Literal["recommendation", "test_utility", "label_section", "table_section"]
    """What the source grades: a recommendation (CPIC), the use of a test (DPWG), the section of a label or of a table (FDA)."""
    grade: str
    """In the source's own word."""
    key: str
    """What that word means, in plain words."""


class Consideration(Model):
    """Something that this genome raises about drugs, from one source, with its evidence."""

    id: str
    rule_id: str
    domain: Domain
    drugs: tuple[str, ...]
    genes: tuple[str, ...]
    trigger: str
    implication: Implication
    action: Action
    text: str
    """The whole in one or two sentences."""
    source: Source
    authority: Authority | None = None
    """With what authority the source speaks, apart from the evidence; `null` in this release (`evidence.source_grade` has the word)."""
    evidence: EvidenceReport
    population: str | None
    basis: Basis


class Certainty(StrEnum):
    """How certain a headline may be, from the most to the least: the weakest of all that it rests on decides."""

    STATED = "stated"
    """Nothing that is known limits it."""
    COPY_NUMBER = "copy_number"
    """It presumes two ordinary copies of a gene whose copy number was not assessed, or looks unusual."""
    WEAK_EVIDENCE = "weak_evidence"
    """The evidence of every source is limited, preliminary or conflicting, or there is none."""
    SOME = "some_diplotypes"
    """It holds for some of the possible diplotypes."""
    ASSUMED = "assumed"
    """It rests on sites that were assumed to be the reference, and not observed."""
    DISPUTED = "disputed"
    """The call of another tool contradicts the genotypes of the file, another call or itself, its tool marks it as doubtful, or it could
    not be read."""
    OPEN = "open"
    """The phenotype is open, because sites that matter were not seen."""
    UNTESTED = "untested"
    """A rule on this drug asks for an allele (HLA) that no test was sent of."""
    RESEARCH = "research"
    """Research findings only."""
    NONE = "none"
    """No source gives advice."""


class HeadlineLimit(Model):
    """What limits a headline, in plain words."""

    certainty: Certainty
    text: str


class DrugReport(Model):
    """A drug that at least one consideration is about."""

    name: str
    rxnorm: str | None
    atc: tuple[str, ...]
    drug_class: str = Field(serialization_alias="class")
    role: str | None
    headline: str
    certainty: Certainty = Certainty.STATED
    """How certain the headline may be."""
    headline_limits: tuple[HeadlineLimit, ...] = ()
    """What limits it, the weakest first."""
    considerations: tuple[str, ...]
    """Ids of the considerations about this drug."""
    disagreement: str | None
    """How the sources differ on this drug for this genome; `null` where they do not."""


class SiteGenotype(Model):
    """What the input shows at one defining site, so that a later release can call the gene again from the report alone."""

    site: str
    """Site id, as in `genes[].unseen_sites`."""
    state: SiteState
    alleles: tuple[str, ...] = ()
    """In the site's own spelling; empty where there is no genotype."""
    phased: bool = False
    phase_set: int | None = None


class LookedAt(Model):
    """A drug, gene, variant or test about which nothing follows, and why."""

    kind: Literal["drug", "gene", "variant", "therapy", "test"]
    name: str
    reason: str
    """Stable identifier in lower_snake_case, such as `no_guideline` or `not_tested`."""
    text: str


class Report(Model):
    """The pharmacogenomic report of one sample. It considers; it never prescribes, and never says "normal" about what was not seen."""

    schema_version: Literal["1.1"] = "1.1"
    report_id: str
    """Random UUID of this report."""
    created_at: datetime
    """UTC."""
    software: Software
    knowledge: KnowledgeRelease
    input: InputReport
    options: Options
    summary: Summary | None = None
    """What a reader should see first; `null` in this release."""
    genes: tuple[GeneReport, ...]
    genotypes: tuple[SiteGenotype, ...] = ()
    """Every defining site of the genes; empty in this release."""
    variants: tuple[VariantReport, ...]
    rare_variants: tuple[RareVariantReport, ...]
    rare_variant_genes: tuple[RareGeneReport, ...]
    considerations: tuple[Consideration, ...]
    drugs: tuple[DrugReport, ...]
    looked_at: tuple[LookedAt, ...] = ()
    """What was looked at and of which nothing follows; empty in this release."""
    treatment_history: TreatmentHistory | None = None
    """Past trials and stages; `null` without a clinical context, and in this release."""
    exposure: tuple[ExposureReport, ...] = ()
    """Observed exposure to current and considered drugs; empty in this release."""
    interactions: tuple[InteractionReport, ...] = ()
    """Interactions of current and considered drugs; empty in this release."""
    limitations: tuple[Note, ...]
    disclaimer: str
