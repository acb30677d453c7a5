"""The report put together from the results of intake, calling and reasoning."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from uuid import uuid4

from msgspec import Struct

from trdpgx.model.basis import ReportBasis, SiteGenotype
from trdpgx.model.clinical_report import TreatmentHistory
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.evidence import Citation, EvidenceItem
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.input import InputFacts, InputFormat
from trdpgx.model.library import Knowledge
from trdpgx.model.note import Note
from trdpgx.model.options import Options
from trdpgx.model.report import InputReport, KnowledgeRelease, LookedAt, Report, RulesLayer, Software
from trdpgx.model.rule import Reason
from trdpgx.model.summary import Summary
from trdpgx.model.variant_report import RareGeneReport, RareVariantReport, VariantReport
from trdpgx.reasoning.patient_side import PatientSide
from trdpgx.report.clinical_limitations import OF_A_FILE, clinical_limitations, without_genome
from trdpgx.report.limitations import GROUP_FINDINGS, limitations
from trdpgx.texts import phrase

DISCLAIMER = phrase("report.disclaimer")


class Origin(Struct, frozen=True):
    """What reports are made with: the same for every report of a service, so worked out once."""

    software: Software
    knowledge: KnowledgeRelease
    outside_alleles: Mapping[str, Sequence[tuple[str, str]]]
    """For each drug, the gene and name of every allele (HLA) that its rules ask for and that only another tool's call can show."""
    testing: tuple[Note, ...]
    """What trials of pharmacogenetic testing as such have shown."""
    studies: Mapping[str, tuple[Citation, ...]]
    """The studies that a limitation names, by its code."""
    entry_studies: Mapping[str, tuple[Citation, ...]]
    """The studies of an entry without a rule, by its id."""


def origin_of(knowledge: Knowledge) -> Origin:
    """Return this version of the program and the releases of the knowledge, as reports name them."""
    return Origin(
        software=Software(version=version("trdpgx")),
        knowledge=KnowledgeRelease(
            rules_release=knowledge.rulebook.release,
            rules_digest=knowledge.rulebook.digest,
            reference_release=knowledge.reference.release,
            reference_digest=knowledge.reference.digest,
            evidence_policy=knowledge.rulebook.policy,
            rules_layers=tuple(
                RulesLayer(name=layer.name, release=layer.release, digest=layer.digest, added=layer.added, replaced=layer.replaced)
                for layer in knowledge.rulebook.layers
            ),
        ),
        outside_alleles=knowledge.rulebook.outside_alleles,
        testing=tuple(
            Note(code=Reason.ABOUT_TESTING.value, text=entry.text)
            for entry in knowledge.rulebook.entries
            if entry.reason is Reason.ABOUT_TESTING
        ),
        entry_studies={entry.id: _studies([entry.evidence]) for entry in knowledge.rulebook.entries if entry.evidence},
        studies={
            GROUP_FINDINGS: _studies(rule.evidence for rule in knowledge.rulebook.rules if rule.domain == "rare_variant"),
            Reason.ABOUT_TESTING.value: _studies(
                entry.evidence for entry in knowledge.rulebook.entries if entry.reason is Reason.ABOUT_TESTING
            ),
        },
    )


def _studies(evidence: Iterable[Sequence[EvidenceItem]]) -> tuple[Citation, ...]:
    """Return the citations of evidence, each once."""
    return tuple({item.citation.id: item.citation for items in evidence for item in items}.values())


def _of_entries(origin: Origin, looked_at: Iterable[LookedAt]) -> dict[str, tuple[Citation, ...]]:
    ids = dict.fromkeys(one.entry for one in looked_at if one.entry is not None)
    return {identity: origin.entry_studies[identity] for identity in ids if identity in origin.entry_studies}


def input_report(facts: InputFacts, sample: str) -> InputReport:
    """Return what a report states of its input."""
    return InputReport(
        name=facts.name,
        sha256=facts.sha256,
        bytes=facts.bytes,
        format=facts.format,
        records=facts.records,
        assembly=facts.assembly.value,
        assembly_evidence=facts.assembly_evidence,
        gvcf=facts.gvcf,
        sample=sample,
        samples=facts.samples,
        integrity=facts.integrity,
        warnings=facts.warnings,
        reannotated_from=facts.reannotated_from,
    )


def all_limitations(
    origin: Origin,
    facts: InputFacts,
    options: Options,
    calls: tuple[Sequence[GeneReport], Sequence[VariantReport], Sequence[RareGeneReport]],
    history: TreatmentHistory | None = None,
) -> tuple[Note, ...]:
    """Return what limits a report, in its order. ``calls`` are genes, variants, and genes whose rare variants were looked for."""
    genes, variants, rare_variant_genes = calls
    return (
        *without_genome(facts),
        *(
            note
            for note in limitations(genes, variants, rare_variant_genes, options, origin.outside_alleles)
            if facts.format is not InputFormat.NONE or note.code not in OF_A_FILE
        ),
        *(clinical_limitations(history, genes) if history else ()),
        *origin.testing,
    )


def assemble(
    origin: Origin,
    facts: InputFacts,
    sample: str,
    options: Options,
    *,
    side: PatientSide,
    genotypes: tuple[SiteGenotype, ...],
    basis: ReportBasis,
    variants: Sequence[VariantReport],
    rare_variants: Sequence[RareVariantReport],
    rare_variant_genes: Sequence[RareGeneReport],
    drugs: Sequence[DrugReport],
    summary: Summary,
    looked_at: tuple[LookedAt, ...],
) -> Report:
    """Return the report of one sample. Apart from ``report_id`` and ``created_at`` it depends on its arguments alone."""
    limits = all_limitations(origin, facts, options, (side.genes, variants, rare_variant_genes), side.history)
    stated = {one.code for one in limits}
    return Report(
        report_id=str(uuid4()),
        created_at=datetime.now(UTC),
        software=origin.software,
        knowledge=origin.knowledge,
        input=input_report(facts, sample),
        options=options.copy_with(sample=sample) if options.sample else options,
        summary=summary,
        genes=tuple(side.genes),
        genotypes=genotypes,
        basis=basis,
        variants=tuple(variants),
        rare_variants=tuple(rare_variants),
        rare_variant_genes=tuple(rare_variant_genes),
        considerations=tuple(side.considerations),
        drugs=tuple(drugs),
        looked_at=looked_at,
        looked_at_studies=_of_entries(origin, looked_at),
        treatment_history=side.history,
        exposure=side.exposure,
        interactions=side.interactions,
        limitations=limits,
        limitation_studies={code: cited for code, cited in origin.studies.items() if code in stated},
        disclaimer=DISCLAIMER,
    )
