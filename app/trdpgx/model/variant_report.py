"""What a report states about variants: those reported as genotypes, and the rare ones."""

import re
from typing import Literal

from pydantic import Field

from trdpgx.model.base import Model
from trdpgx.model.genome import NoCallReason, SiteState
from trdpgx.model.note import Note

_MISSENSE = re.compile(r"p\.([A-Z][a-z]{2})\d+([A-Z][a-z]{2})")


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

    @property
    def effect_allele_named(self) -> str | None:
        """The effect allele with the residue that it stands for, ``T = Met``, where one base for another makes one residue another."""
        residues = _MISSENSE.fullmatch(self.hgvs_p or "")
        if residues is None or self.effect_allele not in {self.ref, *self.alts} or len(self.alts) != 1:
            return self.effect_allele
        return f"{self.effect_allele} = {residues[1 if self.effect_allele == self.ref else 2]}"


class ToolAnnotation(Model):
    """The annotation of another tool in the upload, and how it compares with the consequence computed here."""

    tool: str = Field(examples=["VEP"])
    transcript: str
    consequence: tuple[str, ...]
    """As the tool writes it."""
    impact: str | None
    hgvs_c: str | None
    hgvs_p: str | None
    agreement: Literal["agrees", "differs_in_detail", "disagrees", "not_compared"]


class CombinedReport(Model):
    """The combined effect of this variant and others on the same haplotype."""

    locations: tuple[str, ...]
    """All members, this one included."""
    hgvs_c: str | None
    hgvs_p: str | None
    consequence: str | None
    impact: str | None


class QualificationReport(Model):
    """Whether the variant counts by one rule."""

    rule_id: str
    qualifies: bool | None
    """`null`: the information is not enough to decide."""
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
    """The frequency that is compared with cut-offs: that of the population in which it is highest, or else overall."""
    qualifies: bool | None
    """Whether at least one rule counts the variant; `null`: none counts it, and at least one cannot decide."""
    reasons: tuple[str, ...]
    consequences: tuple[str, ...] = ()
    """All terms, most severe first."""
    possible_consequences: tuple[str, ...] = ()
    """Each possible consequence where it is open, its terms joined with `&`."""
    exon: str | None = None
    """Number of the exon / of all."""
    intron: str | None = None
    nonsense_mediated_decay: Literal["predicted", "escapes", "unknown"] | None = None
    """By the 50-nucleotide rule: a prediction. `null` where no stop is gained and no frame shifted."""
    combined: CombinedReport | None = None
    unphased_with: tuple[str, ...] = ()
    """Variants that would change the consequence if they were on the same haplotype, which is not known."""
    frequency_state: Literal["known", "absent", "unknown"] = "unknown"
    """`absent`: the variant is not in the population database that was searched. `unknown` is never counted as rare."""
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


class RareGeneReport(Model):
    """A gene whose rare variants were searched for: how much of it was read, and the sequence that the consequences are based on."""

    gene: str
    transcript: str
    """MANE Select transcript (RefSeq)."""
    sequence: Literal["genomic", "coding", "protein"]
    """The sequence that is available for the gene: a slice of the genome, the coding sequence, or the protein alone."""
    covered: int | None
    """Coding and splice-site bases that were read; `null` where the input does not show which were."""
    covered_by: Literal["file", "targets"] | None
    """The evidence: gVCF blocks and records of the file, or else the BED file of targets, which lists the regions that the assay
    targets."""
    total: int
    """Coding and splice-site bases of the transcript."""
    criteria: tuple[str, ...]
    """Ids of the criteria by which a variant of this gene counts."""
    protein_length: int | None = None
    """Residues of the protein."""
