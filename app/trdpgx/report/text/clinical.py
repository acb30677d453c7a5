"""The patient's side of a report as plain text: what was stated, trials, stages side by side, exposure and interactions."""

from collections.abc import Collection, Iterator, Sequence

from trdpgx.model.clinical_report import (
    GRAVE,
    AdequacyReport,
    ExposureReport,
    InteractionReport,
    StageReport,
    Staging,
    TreatmentHistory,
    TrialReport,
)
from trdpgx.model.evidence import VerificationState
from trdpgx.model.report import Report
from trdpgx.model.rule import Source
from trdpgx.reasoning.summary.current import FAR, of_smoking
from trdpgx.report.clinical_contradictions import clinical_contradictions
from trdpgx.report.stated_fields import in_plain_words
from trdpgx.report.text.wrapped import wrapped
from trdpgx.report.wording import STAGING_NAMES, failure_lines, taken_first, trial_words
from trdpgx.texts import in_words, phrase

_VERDICT = {
    True: phrase("text_clinical.adequate"),
    False: phrase("text_clinical.not_adequate"),
    None: phrase("text_clinical.cannot_be_decided"),
}
_MET = {True: phrase("reading.met"), False: phrase("reading.not_met")}


def person_lines(report: Report, *, full: bool) -> Iterator[str]:
    """Yield what a reader of a report with a context reads early: what was stated, current drugs, trials and stages.

    A short text has a line for each trial, and the stages without what each counts.
    """
    history = report.treatment_history
    if history is None:
        return
    yield from ("", phrase("text_clinical.what_was_stated", as_of=f", AS OF {history.as_of}" if history.as_of else ""))
    for line in history.understood if full else filter(None, ["; ".join(history.understood)]):
        yield from wrapped(line, "  - " if full else "  ")
    if not history.understood:
        yield f"  {phrase('text_clinical.nothing_besides_trials')}"
    taken = frozenset(history.current_drugs)
    current = [one for one in report.interactions if one.holds_now(taken)]
    yield from _interactions(phrase("text_headings.interactions_of_current"), current, taken, named=full)
    if history.pseudo_resistance:
        yield from ("", phrase("text_headings.pseudo_resistance"))
        for reason in history.pseudo_resistance:
            yield from wrapped(phrase("text_clinical.trial", trial=reason.trial, reason=in_words(reason.reason), text=reason.text), "  ! ")
    if history.trials:
        yield from ("", phrase("text_headings.past_trials"))
        for trial in history.trials:
            yield from _trial(trial, history) if full else _short_trial(trial, history)
    yield from ("", phrase("text_headings.staging"))
    if history.trials or any(stage is not None and stage.value is not None for _, stage in history.staging):
        yield from _staging(history) if full else _short_staging(history.staging)
    else:
        yield f"  {phrase('text_clinical.no_past_treatment')}"


def considered_lines(report: Report, *, full: bool) -> Iterator[str]:
    """Yield exposure, interactions with drugs that sources consider, and what was not stated; nothing without a context."""
    history = report.treatment_history
    if history is None:
        return
    yield from _exposure(report.exposure, history.current_drugs, full=full)
    stopped = [gene.phenoconverted.when_stopped for gene in report.genes if gene.phenoconverted and gene.phenoconverted.when_stopped]
    if full and stopped:
        yield from ("", phrase("text_headings.when_stopped"))
        for text in stopped:
            yield from wrapped(text, "  - ")
    considered = [one for one in report.interactions if not one.holds_now(history.current_drugs)]
    shown = [one for one in considered if full or one.severity in GRAVE]
    yield from _interactions(phrase("text_headings.interactions_of_mentioned"), shown, history.current_drugs)
    if len(shown) < len(considered):
        yield from wrapped(phrase("text_clinical.more_interactions", count=len(considered) - len(shown)), "  ")
    if full and (differing := list(clinical_contradictions(report))):
        yield from ("", phrase("text_headings.clinical_contradictions"))
        for subject, text, _ in differing:
            yield from wrapped(f"{subject}: {text}", "  - ")
    if history.missing and not full:
        yield from wrapped(phrase("text_clinical.defaults_counted", count=len(history.missing)), "  ")
    elif history.missing:
        yield from ("", phrase("text_headings.defaults"))
        for missing in in_plain_words(history.missing, history):
            yield from wrapped(missing, "  - ")


def _short_trial(trial: TrialReport, history: TreatmentHistory) -> Iterator[str]:
    yield from wrapped(f"{trial.id}: {trial.drug}{_dose(trial)}, {trial_words(trial)}", "  ")
    added = {phrase("treatment_history.added_to", trial=other.id) for other in history.trials}
    for note in filter(None, (trial.level, *(note for note in trial.notes if note in added))):
        yield from wrapped(note, "      - ")


def _short_staging(staging: Staging) -> Iterator[str]:
    stages = ((name, getattr(staging, key)) for key, name in STAGING_NAMES.items())
    yield from wrapped("; ".join(f"{name}: {_value(stage)}" for name, stage in stages if stage is not None), "  ")
    yield from wrapped(phrase("text_clinical.staging_in_full"), "  ")


def _dose(trial: TrialReport) -> str:
    episode = "" if trial.current_episode else phrase("text_clinical.earlier_episode")
    return episode + ("" if trial.dose_mg is None else phrase("text_clinical.dose", dose=f"{trial.dose_mg:g}"))


def _trial(trial: TrialReport, history: TreatmentHistory) -> Iterator[str]:
    weeks = "" if trial.weeks is None else phrase("text_clinical.weeks", count=f"{trial.weeks:g}")
    yield from wrapped(f"{trial.id}: {trial.drug}{f' ({trial.drug_class})' if trial.drug_class else ''}{_dose(trial)}{weeks}", "  ")
    for adequacy in trial.adequacy:
        yield from wrapped(_adequacy(adequacy, history), "      ")
    if trial.failure:
        yield from wrapped("; ".join(failure_lines(trial)), "      ")
    for note in filter(None, (trial.level, *trial.notes)):
        yield from wrapped(note, "      - ")


def _adequacy(report: AdequacyReport, history: TreatmentHistory) -> str:
    reasons = "; ".join(reason.rstrip(".") for reason in report.reasons)
    fields = in_plain_words(report.missing, history) if report.adequate is None else ()
    missing = phrase("text_clinical.missing", missing=", ".join(fields)) if fields else ""
    return f"{report.list_name} {report.version}: {_VERDICT[report.adequate]}{f' ({reasons})' if reasons else ''}{missing}"


def _staging(history: TreatmentHistory) -> Iterator[str]:
    for key, name in STAGING_NAMES.items():
        stage: StageReport | None = getattr(history.staging, key)
        if stage is not None:
            missing = in_plain_words([one for one in stage.missing if one not in history.missing], history)
            yield from wrapped(f"{name:17}{_value(stage)}. {stage.detail}{_missing(missing)}", "  ")


def _value(stage: StageReport) -> str:
    if stage.value is None:
        return phrase("text_clinical.cannot_be_decided")
    if isinstance(stage.value, bool):
        return _MET[stage.value]
    return stage.value if isinstance(stage.value, str) else f"{stage.value:g}"


def _missing(missing: Sequence[str]) -> str:
    return phrase("text_clinical.missing_of_stage", missing="; ".join(missing)) if missing else ""


def _exposure(reports: Sequence[ExposureReport], taken: Collection[str], *, full: bool) -> Iterator[str]:
    """Yield the lines of each drug; of drugs that are not taken, a short text has the names of those that are far from the usual."""
    shown = [one for one in reports if full or one.drug in taken]
    if reports:
        yield from ("", phrase("text_headings.exposure"))
        yield f"  {phrase('text_clinical.observed_in_groups')}"
    for line in of_smoking(reports):
        yield from wrapped(line, "  ")
    drug = ""
    for report in shown:
        if report.drug != drug:
            drug = report.drug
            yield f"  {drug}{phrase('text_clinical.taken') if drug in taken else ''}"
        cited = f" [{_source(report.source)}{_state(report)}]" if report.source else ""
        yield from wrapped(f"{report.cause}: {report.word}. {report.text}{cited}", "      ")
    far = dict.fromkeys(one.drug for one in reports if one not in shown and one.word in FAR)
    if far:
        yield from wrapped(phrase("text_clinical.far_of_others", drugs=", ".join(far)), "  ")
    if len(shown) < len(reports):
        yield from wrapped(phrase("text_clinical.more_exposure", count=len(reports) - len(shown)), "  ")


def _state(report: ExposureReport) -> str:
    unverified = report.verification is not None and report.verification.state is VerificationState.UNVERIFIED
    return phrase("text_clinical.not_verified") if unverified else ""


def _interactions(heading: str, reports: Sequence[InteractionReport], taken: Collection[str], *, named: bool = True) -> Iterator[str]:
    """Yield the lines, each with the drugs that are ``taken`` first; the others are ``named``, or counted beside those."""
    if reports:
        yield from ("", heading)
    for report in reports:
        state = phrase("text_clinical.not_verified") if report.verification.state is VerificationState.UNVERIFIED else ""
        stated = " ".join(filter(None, (f"{in_words(report.kind)}.", taken_first(report, taken, named=named), report.text)))
        yield from wrapped(f"[{_source(report.source)}{state}: {report.severity}] {stated}", "  ! ")


def _source(source: Source) -> str:
    return f"{source.name} {source.year}" if source.year and str(source.year) not in source.name else source.name
