"""What stands out among the drugs that are taken: pairs that sources rule out or advise against, and exposure far from the usual."""

import re
from collections.abc import Iterator, Mapping, Sequence

from trdpgx.model.clinical_report import GRAVE, OF_THE_PERSON, SMOKING, ExposureReport, InteractionReport, TreatmentHistory
from trdpgx.model.composed import PartKind, joined
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.evidence import VerificationState
from trdpgx.model.summary import AttentionReport, DrugGroups
from trdpgx.reasoning.statements import source_named
from trdpgx.reasoning.summary.not_cleared import NOTHING_MISSING, NotCleared
from trdpgx.reasoning.summary.taken_drugs import Gravity, Line, of_taken_drugs
from trdpgx.texts import at_beginning, both, listed, phrase

FAR = frozenset({"much lower", "much higher"})
CAP = "dose cap"
"""How the severity of an interaction or a caution begins that names a highest dose."""
_NOT_RECOMMENDED = GRAVE.index("not recommended")
"""The gravity of a pair that sources see no benefit in; it is no word on a drug in place of the one that is taken."""
_NUMBER = re.compile(r"\d")
_OF_ONE_DRUG = re.compile(r"(?P<severity>[^()]+) \((?P<drug>[^()]+)\)")
"""A severity that the source states of one drug alone, named behind it; the statement is about others by analogy."""
_SMOKING = (
    (SMOKING, frozenset({"lower", "much lower"}), "current.smoking"),
    (phrase("exposure.smoking_given_up"), frozenset({"higher", "much higher"}), "current.smoking_given_up"),
)
"""The causes of an exposure that are smoking, the words of which the summary names the drugs, and the key of its sentence."""
_MOST = 3
"""So many sentences on grave interactions of drugs that are taken stand in the summary."""
_MOST_LINES = 8
"""With more lines than these what stands under current drugs as well is named there alone."""


def of_current_drugs(
    history: TreatmentHistory | None,
    exposure: Sequence[ExposureReport],
    interactions: Sequence[InteractionReport],
    groups: DrugGroups | None = None,
    considerations: Sequence[Consideration] = (),
    *,
    drugs: Sequence[DrugReport] = (),
    missing: NotCleared = NOTHING_MISSING,
    qtc_ms: float | None = None,
) -> Iterator[AttentionReport]:
    """Yield what stands out of the drugs that are taken, by genotype too (``groups``), the gravest first; nothing without a context.

    ``considerations`` and ``drugs`` are those of the report: what sources state of levels, and where they differ under current drugs, is in
    them. ``missing`` has why drugs are not cleared, ``qtc_ms`` is the QTc that was stated.
    """
    if history is None:
        return
    taken = frozenset(history.current_drugs)
    grave: dict[tuple[str, str], list[InteractionReport]] = {}
    for one in interactions:
        if one.gravity < len(GRAVE) and _of_taken(one, taken):
            grave.setdefault((one.severity, one.text), []).append(one)
    sentences = sorted(grave.values(), key=lambda ones: ones[0].gravity)
    lines = [[_of_pairs(ones, taken)] for ones in sentences[:_MOST]]
    if more := sentences[_MOST:]:
        named = dict.fromkeys(phrase("current.statement", named=_named(ones, taken), severity=_severity(ones[0])) for ones in more)
        lines[-1].append(phrase("current.more_statements", count=len(more), named="; ".join(named)))
    concerned = frozenset(drug for one in interactions for drug in _of_taken(one, taken))
    rest = [*_of_levels(history.current_drugs, exposure, considerations), *_on_qt(history, interactions, qtc_ms)]
    rest += [*_considered(history, interactions), *_of_taken_smoker(exposure, taken)]
    if groups is not None:
        rest += of_taken_drugs(history.current_drugs, groups, drugs, considerations, concerned=concerned, missing=missing)
    if rest:
        lines = [*lines[:-1], [*(lines[-1] if lines else ()), *_shortened(sorted(rest, key=lambda line: line.gravity))]]
    for of_one in lines:
        yield AttentionReport.of_lines(of_one)


def _shortened(lines: Sequence[Line]) -> list[str]:
    """Return the texts of lines; of more than ``_MOST_LINES`` those that stand under current drugs as well are named in the last."""
    topics = [line.topic for line in lines if line.topic] if len(lines) > _MOST_LINES else []
    if len(topics) < 2:
        return [line.text for line in lines]
    return [*(line.text for line in lines if not line.topic), phrase("current.see_current_drugs", topics="; ".join(topics))]


def _of_pairs(ones: Sequence[InteractionReport], taken: frozenset[str]) -> str:
    """Return the sentence on pairs, or drugs, that are taken and of which the same grave statement is made."""
    return phrase("current.taken_now", named=_named(ones, taken), severity=_severity(ones[0]), name=ones[0].source.name, text=ones[0].text)


def _named(ones: Sequence[InteractionReport], taken: frozenset[str]) -> str:
    """Return the pairs, or drugs, that are taken; a drug that follows one that was stopped names it."""
    return "; ".join(dict.fromkeys(_taken_of(one, taken) for one in ones))


def _taken_of(one: InteractionReport, taken: frozenset[str]) -> str:
    drugs = both(_of_taken(one, taken))
    return drugs if one.holds_now(taken) else phrase("current.after_stopped", drugs=drugs, stopped=one.drugs[0])


def _severity(one: InteractionReport) -> str:
    """Return how grave a source calls an interaction, and of which drug where it does of one alone."""
    of_one = _OF_ONE_DRUG.fullmatch(one.severity)
    return phrase("current.severity_of", severity=of_one["severity"], drug=of_one["drug"]) if of_one else one.severity


def _of_levels(drugs: Sequence[str], exposure: Sequence[ExposureReport], considerations: Sequence[Consideration]) -> Iterator[Line]:
    """Yield what stands out of the levels of drugs that are taken, then of the exposure to those of which no level was measured."""
    for drug in drugs:
        if measured := list(_measured(drug, exposure, considerations)):
            yield Line(Gravity.LEVEL, " ".join(measured))
    far = [words for drug in drugs if (words := _exposure(drug, exposure))]
    if far:
        yield Line(Gravity.LEVEL, phrase("current.exposure_drugs_taken", far="; ".join(far)), phrase("current.topic_exposure"))


def _on_qt(history: TreatmentHistory, interactions: Sequence[InteractionReport], qtc_ms: float | None) -> Iterator[Line]:
    """Yield which drugs that are taken stand in interactions on the QT interval, with the QTc that was stated."""
    drugs = {drug for one in interactions if one.kind == "qt" and not one.severity.startswith(CAP) for drug in one.drugs}
    concerned = [drug for drug in history.current_drugs if drug in drugs]
    if concerned:
        stated = phrase("current.no_qtc") if qtc_ms is None else phrase("current.qtc", qtc_ms=f"{qtc_ms:g}")
        yield Line(Gravity.REST, phrase("current.on_qt", drugs=listed(concerned), stated=stated))


def _of_taken_smoker(exposure: Sequence[ExposureReport], taken: frozenset[str]) -> Iterator[Line]:
    """Yield what is stated of smoking and drugs that are taken; of others it stands with the exposure (``of_smoking``)."""
    for text in of_smoking([one for one in exposure if one.drug in taken]):
        yield Line(Gravity.REST, text, phrase("current.topic_smoking"))


def of_smoking(exposure: Sequence[ExposureReport]) -> Iterator[str]:
    """Yield for which of the drugs levels were observed to be lower in people who smoke, or rise after it is given up."""
    for cause, words, key in _SMOKING:
        drugs = dict.fromkeys(one.drug for one in exposure if one.cause == cause and one.word in words)
        if drugs:
            yield phrase(key, drugs=listed(list(drugs)))


def _of_taken(one: InteractionReport, taken: frozenset[str]) -> tuple[str, ...]:
    """Return the drugs that are taken and that a statement is about; of a pair both are taken, or none counts.

    A drug that is taken too few days after one that was stopped counts by itself.
    """
    if one.holds_now(taken):
        return tuple(drug for drug in one.drugs if drug in taken)
    follows = one.kind == "washout" and one.drugs[0] not in taken
    return tuple(drug for drug in one.drugs[1:] if drug in taken) if follows else ()


def beside_current(history: TreatmentHistory | None, interactions: Sequence[InteractionReport]) -> Mapping[str, InteractionReport]:
    """Return the gravest statement on each drug that is not taken, where a source rules it out or advises against it.

    It does so beside what is taken, or for what was stated of conditions, age and organs.
    """
    taken = frozenset(history.current_drugs if history else ())
    beside: dict[str, InteractionReport] = {}
    for one in sorted(interactions, key=lambda one: (one.gravity, one.kind == "washout")):
        if one.gravity < len(GRAVE) and (one.kind in OF_THE_PERSON or taken.intersection(one.drugs)):
            for drug in one.drugs:
                if drug not in taken:
                    beside.setdefault(drug, one)
    return beside


def restricted_drugs(history: TreatmentHistory | None, interactions: Sequence[InteractionReport]) -> frozenset[str]:
    """Return the drugs, taken or not, that a source rules out or advises against beside what is taken or for what was stated."""
    taken = frozenset(history.current_drugs if history else ())
    grave = [one for one in interactions if one.gravity < len(GRAVE)]
    return frozenset({*beside_current(history, interactions), *(drug for one in grave for drug in _of_taken(one, taken))})


def beside_text(drug: str, one: InteractionReport, history: TreatmentHistory, interactions: Sequence[InteractionReport]) -> str:
    """Return the sentence of a drug on its gravest interaction, ``one``, with what is taken.

    It names every drug that is taken beside which a source of ``interactions`` is as grave: stopping one of them does not lift the other.
    """
    if one.kind in OF_THE_PERSON:
        return phrase("current.by_person", severity=_severity(one), name=_source(one))
    beside = [other for other in (one, *interactions) if drug in other.drugs and other.gravity == one.gravity]
    as_grave = [other for other in beside if other.kind not in OF_THE_PERSON and not set(other.drugs).isdisjoint(history.current_drugs)]
    current = dict.fromkeys(name for other in as_grave for name in other.drugs if name in history.current_drugs)
    sources = "; ".join(dict.fromkeys(map(_source, as_grave)))
    key = "current.beside_not_instead" if one.gravity == _NOT_RECOMMENDED else "current.beside"
    if any(other.kind == "washout" for other in as_grave):
        key = "current.beside_or_after"
    return phrase(key, count=len(current), current=both(current), severity=_severity(one), name=sources)


def _source(one: InteractionReport) -> str:
    """Return the source of a statement, marked where that was not read in it."""
    unverified = one.verification.state is VerificationState.UNVERIFIED
    return f"{one.source.name}{phrase('certainty.not_verified') if unverified else ''}"


def _considered(history: TreatmentHistory, interactions: Sequence[InteractionReport]) -> Iterator[Line]:
    """Yield the sentences on drugs that are not taken and that sources rule out or advise against beside what is."""
    by_severity: dict[bool, dict[str, list[str]]] = {False: {}, True: {}}
    reasons: dict[str, None] = {}
    for drug, one in beside_current(history, interactions).items():
        by_severity[one.kind in OF_THE_PERSON].setdefault(_severity(one), []).append(drug)
        if one.kind in OF_THE_PERSON:
            reasons[one.text] = None
    named = {person: "; ".join(f"{severity}: {listed(drugs)}" for severity, drugs in ones.items()) for person, ones in by_severity.items()}
    keys = {False: "current.considered", True: "current.considered_by_person"}
    for person, drugs in named.items():
        if drugs:
            days = not person and any(one.kind == "washout" and one.gravity < len(GRAVE) for one in interactions)
            see = phrase("current.days_between" if days else "current.see")
            yield Line(Gravity.REST, " ".join([phrase(keys[person], named=drugs), *(reasons if person else ()), see]))


def _is_strong(one: ExposureReport) -> bool:
    """Return whether an exposure hangs on an inhibitor or inducer that a list calls strong."""
    return any(part.kind is PartKind.CAUSE and "strong" in part.statements for part in one.parts)


def _levels(drug: str, exposure: Sequence[ExposureReport]) -> list[ExposureReport]:
    """Return the measured levels of a drug that a reference range judges: they go before every word on its exposure."""
    return [one for one in exposure if one.drug == drug and one.kind == "measured" and one.word != "not known"]


def _measured(drug: str, exposure: Sequence[ExposureReport], considerations: Sequence[Consideration]) -> Iterator[str]:
    """Yield the levels of a drug that is taken, with their ranges, where one is out of range or a word has something else."""
    levels = _levels(drug, exposure)
    words = _words(drug, exposure)
    if words or any(one.word != "similar" for one in levels):
        yield from (phrase("current.measured", drug=at_beginning(drug), cause=one.cause, text=_level(one)) for one in levels)
    if any(one.word == "higher" for one in levels):
        yield from _limits_of_level(drug, considerations)
    if levels and words:
        acted_then = any(part.kind is PartKind.CAUSE for one in levels for part in one.parts)
        yield phrase("current.without_level_acted_then" if acted_then else "current.without_level", words=words)


def _level(one: ExposureReport) -> str:
    """Return a level that was measured, with its ranges: what else its report states stands with the exposure."""
    return joined(part for part in one.parts if part.kind is PartKind.LEVELS) or one.text


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
