"""What a request states of a person, in words, as it was understood: a reader can check it against what was meant."""

from collections.abc import Iterator

from trdpgx.model.clinical_context import Pregnancy
from trdpgx.model.patient import Patient, PatientDrug


def understood(patient: Patient) -> tuple[str, ...]:
    """Return what was stated besides the trials, each as one short sentence without a full stop."""
    return tuple(_sentences(patient))


def taken(patient: Patient) -> tuple[str, ...]:
    """Return the drugs that are taken, each once, in the order of the request."""
    return tuple(dict.fromkeys(drug.drug for drug in patient.current or () if drug.stopped_on is None))


def _sentences(patient: Patient) -> Iterator[str]:
    yield from _current(patient)
    yield from _body(patient)
    if patient.comorbidities is not None:
        yield f"conditions: {', '.join(name.replace('-', ' ') for name in patient.comorbidities) or 'none'}"
    yield from _episode(patient)


def _current(patient: Patient) -> Iterator[str]:
    if patient.current is not None:
        stated = [drug for drug in patient.current if drug.component_of is None]
        if not stated:
            yield "takes no drug"
        for drug in stated:
            holds = [other.drug for other in patient.current if other.component_of == drug.drug and other.position == drug.position]
            yield _drug(drug) + (f" (holds {' and '.join(holds)})" if holds else "")
    if patient.smoking is not None:
        count, stopped = patient.smoking.cigarettes_per_day, patient.smoking.stopped_on
        amount = "" if count is None else f", {count:g} cigarettes a day"
        if stopped is not None:
            yield f"smoked until {stopped}{amount}"
        else:
            yield "does not smoke" if count == 0 else f"smokes{amount}"


def _body(patient: Patient) -> Iterator[str]:
    if patient.age_years is not None:
        yield f"age {patient.age_years:g} years"
    if patient.pregnancy is not None:
        yield _pregnancy(patient.pregnancy)
    if patient.liver is not None:
        yield "no impairment of the liver" if patient.liver == "normal" else f"{patient.liver} impairment of the liver"
    if patient.egfr is not None:
        yield f"eGFR {patient.egfr:g} mL/min/1.73 m2"
    if patient.qtc_ms is not None:
        yield f"QTc {patient.qtc_ms:g} ms"


def _episode(patient: Patient) -> Iterator[str]:
    if patient.episode_months is not None:
        yield f"current episode of {patient.episode_months:g} months"
    if patient.severity is not None:
        yield f"severity: {patient.severity}"
    for what, value in (("psychotic features", patient.psychosis), ("bipolar depression", patient.bipolar)):
        if value is not None:
            yield what if value else f"no {what}"
    if patient.ect is not None:
        ect = patient.ect
        parts = [f"{ect.sessions} sessions" if ect.sessions is not None else "", ect.type or "", f"outcome {ect.outcome or 'not stated'}"]
        yield f"electroconvulsive therapy: {', '.join(part for part in parts if part)}"


def _drug(drug: PatientDrug) -> str:
    dose = "" if drug.dose_mg is None else f" {drug.dose_mg:g} mg a day"
    route = "" if drug.route is None else f", {drug.route}"
    since = "" if drug.since is None else f", since {drug.since}"
    ended = "" if drug.stopped_on is None else f", last taken on {drug.stopped_on}"
    return f"{drug.drug}{dose}{route}{since}{ended}"


def _pregnancy(pregnancy: Pregnancy) -> str:
    if isinstance(pregnancy, bool):
        return "pregnant" if pregnancy else "not pregnant"
    return f"pregnant, {pregnancy.replace('_', ' ')}"
