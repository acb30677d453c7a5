"""What a report states of the person beside the genome: conversion, what follows from it, exposure, history and interactions."""

from collections.abc import Sequence
from dataclasses import dataclass

from trdpgx.model.clinical_report import ExposureReport, InteractionReport, TreatmentHistory
from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import Knowledge
from trdpgx.model.patient import Patient
from trdpgx.model.variant_report import VariantReport
from trdpgx.reasoning.prepared import PreparedRules


@dataclass(frozen=True, slots=True)
class PatientSide:
    """The parts of a report that a clinical context adds to or fills; without one, what the genome gives."""

    genes: Sequence[GeneReport]
    considerations: Sequence[Consideration]
    exposure: tuple[ExposureReport, ...] = ()
    history: TreatmentHistory | None = None
    interactions: tuple[InteractionReport, ...] = ()


def patient_side(
    rules: PreparedRules,
    knowledge: Knowledge,
    patient: Patient | None,
    genes: Sequence[GeneReport],
    variants: Sequence[VariantReport],
    *,
    considerations: tuple[Consideration, ...],
) -> PatientSide:
    """Return what is stated of a person. ``considerations`` are those by genotype; those by conversion come after them."""
    if patient is None:
        return PatientSide(genes, considerations)
    # Their hundred classes would take a tenth of the start of a command without a context (docs/decisions/0079-start-up.md).
    from trdpgx.clinical.exposure import exposures  # noqa: PLC0415
    from trdpgx.clinical.interactions import interactions  # noqa: PLC0415
    from trdpgx.clinical.phenoconversion import with_conversions  # noqa: PLC0415
    from trdpgx.clinical.treatment_history import treatment_history  # noqa: PLC0415
    from trdpgx.clinical.understood import taken, understood  # noqa: PLC0415
    from trdpgx.reasoning.converted import consider_converted  # noqa: PLC0415

    rulebook = knowledge.rulebook
    considerations += consider_converted(rules, knowledge, patient, genes, variants, by_genotype=considerations)
    converted = with_conversions(genes, patient, rulebook)
    considered = list(dict.fromkeys(drug for consideration in considerations for drug in consideration.drugs))
    return PatientSide(
        genes=converted,
        considerations=considerations,
        exposure=exposures(patient, converted, considered, rulebook),
        history=treatment_history(patient, converted, rulebook).copy_with(
            as_of=patient.as_of, current_drugs=taken(patient), understood=understood(patient)
        ),
        interactions=interactions(patient, considered, rulebook),
    )
