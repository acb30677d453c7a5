"""What stands out among the drugs that are taken: pairs that sources rule out or advise against, and exposure far from the usual."""

import re
from collections.abc import Iterator, Mapping, Sequence

from trdpgx.model.clinical_report import GRAVE, OF_THE_PERSON, ExposureReport, InteractionReport, TreatmentHistory
from trdpgx.model.composed import PartKind, joined
from trdpgx.model.consideration import Consideration
from trdpgx.model.evidence import VerificationState
from trdpgx.model.summary import AttentionReport, DrugGroups
from trdpgx.reasoning.statements import source_named
from trdpgx.texts import both, listed, phrase

FAR = frozenset({"much lower", "much higher"})
_NOT_BY_GENOTYPE = frozenset({PartKind.LEAD, PartKind.CONVERTED, PartKind.NOT_SEEN, PartKind.BESIDE})
_NUMBER = re.compile(r"\d")
_MOST = 3
"""So many sentences on drugs that are taken stand in the summary."""


def of_current_drugs(
    history: TreatmentHistory | None,
    exposure: Sequence[ExposureReport],
    interactions: Sequence[InteractionReport],
    groups: DrugGroups | None = None,
    considerations: Sequence[Consideration] = (),
) -> Iterator[AttentionReport]:
    """Yield what stands out of the drugs that are taken, by genotype too (``groups``); nothing without a context.

    ``considerations`` are those of the report: what sources state of levels is in them.
    """
    if history is None:
        return
    taken = frozenset(history.current_drugs)
    grave: dict[tuple[str, str], list[InteractionReport]] = {}
    for one in interactions:
        if _rank(one) < len(GRAVE) and _of_taken(one, taken):
            grave.setdefault((one.severity, one.text), []).append(one)
    sentences = sorted(grave.values(), key=lambda ones: _rank(ones[0]))
    texts = []
    for ones in sentences[:_MOST]:
        named = "; ".join(both(_of_taken(one, taken)) for one in ones)
        texts.append(phrase("current.taken_now", named=named, severity=ones[0].severity, name=ones[0].source.name, text=ones[0].text))
    if len(sentences) > _MOST:
        texts[-1] = f"{texts[-1]} {phrase('current.more_statements', sentences=len(sentences) - _MOST)}"
    far = [text for drug in history.current_drugs if (text := _exposure(drug, exposure))]
    exposed = phrase("current.exposure_drugs_taken", far="; ".join(far)) if far else ""
    by_genotype = _by_genotype(history, groups) if groups else ""
    considered = _considered(history, interactions)
    rest = " ".join(filter(None, [*_measured(history.current_drugs, exposure, considerations), exposed, by_genotype, considered]))
    if texts and rest:
        texts[-1] = f"{texts[-1]} {rest}"
    elif rest:
        texts.append(rest)
    for text in texts:
        yield AttentionReport(text=text)


def _by_genotype(history: TreatmentHistory, groups: DrugGroups) -> str:
    """Return what sources state by genotype of each drug that is taken, and of which none considers a change."""
    changing = {drug.name: drug for drug in (*groups.ruled_out, *groups.change_considered, *groups.sources_differ)}
    stated = {
        name: joined(part for part in changing[name].parts if part.kind not in _NOT_BY_GENOTYPE)
        for name in history.current_drugs
        if name in changing
    }
    others = [name for name in history.current_drugs if name not in stated]
    leads = {name: part.text for name in stated for part in changing[name].parts[:1] if part.kind is PartKind.CONVERTED}
    sentences = [phrase("current.by_conversion", drug=name, stated=text) for name, text in leads.items()]
    sentences += [phrase("current.by_genotype", drug=name, stated=text) for name, text in stated.items()]
    rest = [phrase("current.no_change_considered", drugs=listed(others))] if others else []
    return " ".join([*sentences, *rest]) if sentences else ""


def _of_taken(one: InteractionReport, taken: frozenset[str]) -> tuple[str, ...]:
    """Return the drugs that are taken and that a statement is about; of a pair both are taken, or none counts."""
    own = tuple(drug for drug in one.drugs if drug in taken)
    return own if one.kind in OF_THE_PERSON or len(own) == len(one.drugs) else ()


def beside_current(history: TreatmentHistory | None, interactions: Sequence[InteractionReport]) -> Mapping[str, InteractionReport]:
    """Return the gravest statement on each drug that is not taken, where a source rules it out or advises against it.

    It does so beside what is taken, or for what was stated of conditions, age and organs.
    """
    taken = frozenset(history.current_drugs if history else ())
    beside: dict[str, InteractionReport] = {}
    for one in sorted(interactions, key=lambda one: (_rank(one), one.kind == "washout")):
        if _rank(one) < len(GRAVE) and (one.kind in OF_THE_PERSON or taken.intersection(one.drugs)):
            for drug in one.drugs:
                if drug not in taken:
                    beside.setdefault(drug, one)
    return beside


def restricted_drugs(history: TreatmentHistory | None, interactions: Sequence[InteractionReport]) -> frozenset[str]:
    """Return the drugs, taken or not, that a source rules out or advises against beside what is taken or for what was stated."""
    taken = frozenset(history.current_drugs if history else ())
    grave = [one for one in interactions if _rank(one) < len(GRAVE)]
    return frozenset({*beside_current(history, interactions), *(drug for one in grave for drug in _of_taken(one, taken))})


def beside_text(one: InteractionReport, history: TreatmentHistory) -> str:
    """Return the sentence of a drug on its gravest interaction with what is taken."""
    unverified = one.verification.state is VerificationState.UNVERIFIED
    name = f"{one.source.name}{phrase('certainty.not_verified') if unverified else ''}"
    if one.kind in OF_THE_PERSON:
        return phrase("current.by_person", severity=one.severity, name=name)
    current = [drug for drug in one.drugs if drug in history.current_drugs]
    return phrase("current.beside", current=both(current), severity=one.severity, name=name)


def _considered(history: TreatmentHistory, interactions: Sequence[InteractionReport]) -> str:
    """Return the sentence on drugs that are not taken and that sources rule out or advise against beside what is; empty without any."""
    by_severity: dict[bool, dict[str, list[str]]] = {False: {}, True: {}}
    for drug, one in beside_current(history, interactions).items():
        by_severity[one.kind in OF_THE_PERSON].setdefault(one.severity, []).append(drug)
    named = {person: "; ".join(f"{severity}: {listed(drugs)}" for severity, drugs in ones.items()) for person, ones in by_severity.items()}
    keys = {False: "current.considered", True: "current.considered_by_person"}
    texts = [phrase(keys[person], named=drugs) for person, drugs in named.items() if drugs]
    return " ".join([*texts, phrase("current.see")] if texts else [])


def _rank(one: InteractionReport) -> int:
    return one.gravity


def _is_strong(one: ExposureReport) -> bool:
    """Return whether an exposure hangs on an inhibitor or inducer that a list calls strong."""
    return any(part.kind is PartKind.CAUSE and "strong" in part.statements for part in one.parts)


def _levels(drug: str, exposure: Sequence[ExposureReport]) -> list[ExposureReport]:
    """Return the measured levels of a drug that a reference range judges: they go before every word on its exposure."""
    return [one for one in exposure if one.drug == drug and one.kind == "measured" and one.word != "not known"]


def _measured(drugs: Sequence[str], exposure: Sequence[ExposureReport], considerations: Sequence[Consideration]) -> Iterator[str]:
    """Yield the levels of drugs that are taken, with their ranges, where one is out of range or a word has something else."""
    for drug in drugs:
        levels = _levels(drug, exposure)
        words = _words(drug, exposure)
        if words or any(one.word != "similar" for one in levels):
            yield from (phrase("current.measured", cause=one.cause, text=one.text) for one in levels)
        if any(one.word == "higher" for one in levels):
            yield from _limits_of_level(drug, considerations)
        if levels and words:
            yield phrase("current.without_level", words=words)


def _limits_of_level(drug: str, considerations: Sequence[Consideration]) -> Iterator[str]:
    """Yield once for each source the levels of a drug that it names, such as the one above which it is toxic."""
    changes = ((source_named(one), one.action.dose_change) for one in considerations if drug in one.drugs)
    stated = dict.fromkeys((source, change.monitoring) for source, change in changes if change and _NUMBER.search(change.monitoring or ""))
    for source, monitoring in stated:
        yield phrase("current.monitoring", source=source, monitoring=monitoring)


def _exposure(drug: str, exposure: Sequence[ExposureReport]) -> str:
    """Return the exposure to one drug of which no level was measured, where it is far from the usual, or open under a strong effect."""
    words = "" if _levels(drug, exposure) else _words(drug, exposure)
    return f"{drug}, {words}" if words else ""


def _words(drug: str, exposure: Sequence[ExposureReport]) -> str:
    telling = [
        f"{one.word} ({one.cause})"
        for one in exposure
        if one.drug == drug and (one.word in FAR or (one.word == "not known" and _is_strong(one)))
    ]
    return both(dict.fromkeys(telling)) if telling else ""
