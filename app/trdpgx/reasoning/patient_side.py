"""What a report states of the person beside the genome: conversion, what follows from it, exposure, history and interactions."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from trdpgx.model.clinical_report import ExposureReport, InteractionReport, TreatmentHistory
from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import Knowledge
from trdpgx.model.patient import Patient
from trdpgx.model.variant_report import VariantReport
from trdpgx.reasoning.prepared import PreparedRules

_NONE: Mapping[str, frozenset[str]] = MappingProxyType({})


class PatientSide(Struct, frozen=True):
    """The parts of a report that a clinical context adds to or fills; without one, what the genome gives."""

    genes: Sequence[GeneReport]
    considerations: Sequence[Consideration]
    exposure: tuple[ExposureReport, ...] = ()
    history: TreatmentHistory | None = None
    interactions: tuple[InteractionReport, ...] = ()
    both_ways: Mapping[str, frozenset[str]] = _NONE
    """By drug the ids of rules that hold by genotype and for the phenotypes under current drugs as well."""


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
    from trdpgx.reasoning.context_side import context_side  # noqa: PLC0415 (its hundred classes are a tenth of a start: decision 0079)

    return context_side(rules, knowledge, patient, genes, variants, considerations=considerations)
