"""The statements of a request about a person in words, so that a reader can check how they were understood."""

from collections.abc import Iterator, Sequence

from trdpgx.model.clinical_context import Pregnancy
from trdpgx.model.patient import Patient, PatientDrug
from trdpgx.texts import both, in_words, listed, phrase


def understood(patient: Patient, qt_drugs: Sequence[str] = (), qt_taken: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the statements other than the trials, each as one short sentence without a full stop.

    ``qt_drugs`` are the drugs for which a stated QTc matters, by considerations, interactions and labels. ``qt_taken`` are drugs that are
    taken and that a source advises against beside others which prolong the QT interval.
    """
    return tuple(_sentences(patient, qt_drugs, qt_taken))


def taken(patient: Patient) -> tuple[str, ...]:
    """Return the drugs that are taken, each once, in the order of the request."""
    return tuple(dict.fromkeys(drug.drug for drug in patient.current or () if drug.stopped_on is None))


def _sentences(patient: Patient, qt_drugs: Sequence[str], qt_taken: Sequence[str]) -> Iterator[str]:
    yield from _current(patient)
    yield from _body(patient, qt_drugs, qt_taken)
    if patient.comorbidities is not None:
        yield phrase(
            "understood.conditions", conditions=", ".join(name.replace("-", " ") for name in patient.comorbidities) or phrase("lists.none")
        )
    yield from _episode(patient)


def _current(patient: Patient) -> Iterator[str]:
    if patient.current is not None:
        stated = [drug for drug in patient.current if drug.component_of is None]
        if not stated:
            yield phrase("understood.takes_no_drug")
        for drug in stated:
            holds = [other.drug for other in patient.current if other.component_of == drug.drug and other.position == drug.position]
            yield _drug(drug) + (phrase("understood.holds", holds=both(holds)) if holds else "")
    if patient.smoking is not None:
        count, stopped = patient.smoking.cigarettes_per_day, patient.smoking.stopped_on
        amount = "" if count is None else phrase("understood.cigarettes", count=f"{count:g}")
        if stopped is not None:
            yield phrase("understood.smoked_until", stopped=stopped, amount=amount)
        else:
            yield phrase("understood.does_not_smoke") if count == 0 else phrase("understood.smokes", amount=amount)


def _body(patient: Patient, qt_drugs: Sequence[str], qt_taken: Sequence[str]) -> Iterator[str]:
    if patient.age_years is not None:
        yield phrase("understood.age", count=f"{patient.age_years:g}")
    if patient.pregnancy is not None:
        yield _pregnancy(patient.pregnancy)
    if patient.liver is not None:
        yield (
            phrase("understood.no_impairment_liver")
            if patient.liver == "normal"
            else phrase("understood.impairment_liver", liver=patient.liver)
        )
    if patient.egfr is not None:
        yield phrase("understood.egfr", egfr=f"{patient.egfr:g}")
    if patient.qtc_ms is not None:
        considered = phrase("understood.qtc_considered", drugs=listed(qt_drugs)) if qt_drugs else phrase("understood.qtc_not_considered")
        acting = phrase("understood.qtc_taken", count=len(qt_taken), drugs=listed(qt_taken)) if qt_taken else ""
        about = "; ".join(filter(None, [acting, considered]))
        yield phrase("understood.qtc_ms", qtc_ms=f"{patient.qtc_ms:g}", considered=about)


def _episode(patient: Patient) -> Iterator[str]:
    if patient.episode_months is not None:
        yield phrase("understood.episode", count=f"{patient.episode_months:g}")
    if patient.severity is not None:
        yield phrase("understood.severity", severity=patient.severity)
    for what, value in (
        (phrase("understood.psychotic_features"), patient.psychosis),
        (phrase("understood.bipolar_depression"), patient.bipolar),
    ):
        if value is not None:
            yield what if value else phrase("understood.absent", feature=what)
    if patient.ect is not None:
        ect = patient.ect
        parts = [
            phrase("understood.sessions", count=ect.sessions) if ect.sessions is not None else "",
            ect.type or "",
            phrase("understood.outcome", outcome=ect.outcome or phrase("understood.not_stated")),
        ]
        yield phrase("understood.electroconvulsive_therapy", parts=", ".join(part for part in parts if part))


def _drug(drug: PatientDrug) -> str:
    dose = "" if drug.dose_mg is None else phrase("understood.dose", dose=f"{drug.dose_mg:g}")
    route = "" if drug.route is None else f", {drug.route}"
    since = "" if drug.since is None else phrase("understood.since", since=drug.since)
    ended = "" if drug.stopped_on is None else phrase("understood.last_taken_on", stopped_on=drug.stopped_on)
    return f"{drug.drug}{dose}{route}{since}{ended}"


def _pregnancy(pregnancy: Pregnancy) -> str:
    if isinstance(pregnancy, bool):
        return phrase("understood.pregnant") if pregnancy else phrase("understood.not_pregnant")
    return phrase("understood.pregnant_in", trimester=in_words(pregnancy))
