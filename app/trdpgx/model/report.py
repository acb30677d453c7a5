"""The report, schema 1.1. Every format reads this one model."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from trdpgx.model.base import Model
from trdpgx.model.basis import ReportBasis, SiteGenotype
from trdpgx.model.clinical_report import ExposureReport, InteractionReport, TreatmentHistory
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.evidence import Citation
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.input import AssemblyEvidence, EarlierReport, InputFormat, InputWarning, Integrity
from trdpgx.model.note import Note
from trdpgx.model.options import Options
from trdpgx.model.summary import Summary
from trdpgx.model.variant_report import RareGeneReport, RareVariantReport, VariantReport


class Software(Model):
    """What made the report."""

    name: str = "trdpgx"
    version: str


class RulesLayer(Model):
    """A folder of rules that the report was made with."""

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
    """The releases of rules and reference that the report was made with."""

    rules_release: str
    rules_digest: str
    """SHA-256 over every file of `rules/`."""
    reference_release: str
    reference_digest: str
    """SHA-256 over every file of `reference/`."""
    evidence_policy: str
    """Name and version of the function that computes `evidence.strength`."""
    rules_layers: tuple[RulesLayer, ...] = ()
    """The folders that the rules were read from, the bundled one first. More than one where the operator has added rules."""


class InputReport(Model):
    """The input, and which sample of it this report is about."""

    name: str | None = None
    """Name that the caller gives the input; `null` without one. A file name is never used."""
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
    reannotated_from: EarlierReport | None = None
    """The report that this one was made from; `null` where it was made from a genome's file, of which the facts above are."""


class LookedAt(Model):
    """A drug, gene, variant or test without a consideration, and why. It is listed so that its absence is not read as a finding."""

    kind: Literal["drug", "gene", "variant", "therapy", "test"]
    name: str
    reason: str
    """`not_tested`, `not_assessed`, `not_seen`, `no_rule_applies`, `no_rule`, or the reason of an entry, such as `no_guideline`."""
    text: str
    entry: str | None = None
    """Id of the entry in the rules, which has its studies; `null` where the reason is in the input and not in the rules."""
    drugs: tuple[str, ...] = ()
    """The drugs that the reason is about, by their names in this report."""
    genes: tuple[str, ...] = ()
    """The genes that it is about."""


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
    """What a reader should see first."""
    genes: tuple[GeneReport, ...]
    genotypes: tuple[SiteGenotype, ...] = ()
    """The genotype of the input at every defining site of the genes and every variant, in the order of the panel."""
    basis: ReportBasis | None = None
    """Everything besides `genotypes` that a later release needs to make a new report from this one."""
    variants: tuple[VariantReport, ...]
    rare_variants: tuple[RareVariantReport, ...]
    rare_variant_genes: tuple[RareGeneReport, ...]
    considerations: tuple[Consideration, ...]
    drugs: tuple[DrugReport, ...]
    looked_at: tuple[LookedAt, ...] = ()
    """Drugs, genes and tests without a consideration, with the reason, and what was not tested."""
    looked_at_studies: dict[str, tuple[Citation, ...]] = Field(default_factory=dict)
    """The studies of the entries that `looked_at` names, by the id of the entry."""
    treatment_history: TreatmentHistory | None = None
    """Past trials and stages of resistance; `null` without a clinical context."""
    exposure: tuple[ExposureReport, ...] = ()
    """Observed exposure to current and considered drugs."""
    interactions: tuple[InteractionReport, ...] = ()
    """Interactions of current and considered drugs."""
    limitations: tuple[Note, ...]
    limitation_studies: dict[str, tuple[Citation, ...]] = Field(default_factory=dict)
    """The studies that a limitation names, by its code."""
    disclaimer: str
