"""Interactions of two drugs that are taken, of which one acts on an enzyme that mainly clears the other, by the lists of the rules.

The effect on exposure is stated under exposure.
"""

from collections.abc import Iterator, Sequence

from trdpgx.clinical.enzyme_causes import EnzymeCause
from trdpgx.clinical.exposure import clearing_enzymes
from trdpgx.clinical.observed_exposure import PersonExposure, person_exposure
from trdpgx.clinical.understood import taken
from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile
from trdpgx.model.clinical_report import SMOKING, InteractionReport
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import Patient
from trdpgx.texts import phrase


def enzyme_pairs(patient: Patient, genes: Sequence[GeneReport], rulebook: RuleLibrary) -> tuple[InteractionReport, ...]:
    """Return a report for each pair; a drug that was stopped counts as long as it still acts."""
    person = person_exposure(patient, genes, rulebook)
    return tuple(report for drug in taken(patient) for report in _of_substrate(person, drug))


def _of_substrate(person: PersonExposure, drug: str) -> Iterator[InteractionReport]:
    for enzyme in clearing_enzymes(person.rulebook, drug):
        for cause in person.causes.get(enzyme, ()):
            if cause.name != SMOKING and cause.name not in person.without(drug):
                yield _report(person, drug, enzyme, cause)


def _report(person: PersonExposure, drug: str, enzyme: str, cause: EnzymeCause) -> InteractionReport:
    strength = cause.listed[1]
    effects = person.rulebook.clinical.of(EnzymeEffectFile)
    key = "enzyme_pairs.nothing_left" if person.nothing_left(enzyme) else "enzyme_pairs.cleared_by"
    return InteractionReport(
        kind="drug_pair",
        drugs=(cause.name, drug),
        severity=cause.effect if strength == "unclassified" else f"{strength} {cause.effect}",
        text=phrase(key, cause=cause.text(effects), enzyme=enzyme, drug=drug),
        source=cause.row.source_with(person.rulebook.citations),
        verification=cause.row.verification,
    )
