"""FHIR resources about the person: patient and specimen, and current drugs, past trials and interactions where they were stated."""

from collections.abc import Iterator

from trdpgx.model.report import Report
from trdpgx.report.fhir.citations import cited_source
from trdpgx.report.fhir.coding import drug_concept
from trdpgx.report.fhir.ids import ResourceIds
from trdpgx.report.fhir.resources import PATIENT, SPECIMEN, NamedResource, has_genome, resource
from trdpgx.report.wording import taken_first
from trdpgx.texts import in_words, phrase


def current_drug_name(drug: str) -> str:
    """Return the name of the statement about a current drug among the resources."""
    return f"current {drug}"


def patient(report: Report, ids: ResourceIds) -> NamedResource:
    """Return the patient, with the sample name only."""
    return resource(
        "Patient", ids, PATIENT, identifier=[{"type": {"text": phrase("fhir_person.sample_name_input")}, "value": report.input.sample}]
    )


def specimen(report: Report, ids: ResourceIds) -> Iterator[NamedResource]:
    """Yield the specimen, where a genome was sent."""
    if has_genome(report):
        identifier = [{"type": {"text": phrase("fhir_person.sample_name_input")}, "value": report.input.sample}]
        yield resource("Specimen", ids, SPECIMEN, identifier=identifier, subject=ids.reference(PATIENT))


def context(report: Report, ids: ResourceIds) -> Iterator[NamedResource]:
    """Yield the drugs that the person takes, the trials of the past, and the interactions of current and considered drugs."""
    history = report.treatment_history
    drugs = {drug.name: drug for drug in report.drugs}
    day = history.as_of.isoformat() if history and history.as_of else None
    for drug in history.current_drugs if history else ():
        yield resource(
            "MedicationStatement",
            ids,
            current_drug_name(drug),
            status="active",
            medicationCodeableConcept=drug_concept(drug, drugs.get(drug)),
            subject=ids.reference(PATIENT),
            dateAsserted=day,
        )
    for trial in history.trials if history else ():
        dose = phrase("fhir_person.dose", dose=f"{trial.dose_mg:g}") if trial.dose_mg is not None else None
        weeks = phrase("fhir_person.weeks", count=f"{trial.weeks:g}") if trial.weeks is not None else None
        yield resource(
            "MedicationStatement",
            ids,
            f"trial {trial.id}",
            identifier=[{"type": {"text": phrase("fhir_person.trial_report")}, "value": trial.id}],
            status="unknown",
            medicationCodeableConcept=drug_concept(trial.drug, drugs.get(trial.drug)),
            subject=ids.reference(PATIENT),
            dateAsserted=day,
            reasonCode=[{"text": phrase("fhir_person.trial_depression")}],
            note=[{"text": text} for text in (trial.level, *trial.notes) if text],
            dosage=[{"text": ", ".join(part for part in (dose, weeks) if part)}],
        )
    current = history.current_drugs if history else ()
    for number, one in enumerate(report.interactions):
        yield resource(
            "DetectedIssue",
            ids,
            f"interaction {number}",
            extension=[cited_source(one.source)],
            status="preliminary",
            code={"text": in_words(one.kind)},
            patient=ids.reference(PATIENT),
            implicated=[ids.reference(current_drug_name(drug)) if drug in current else {"display": drug} for drug in one.drugs],
            detail=" ".join(filter(None, (f"{one.severity} ({one.source.name}).", taken_first(one, current), one.text))),
        )
