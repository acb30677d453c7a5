"""Headings, keys and words that several formats share, as they stand in the texts: by the value of the report that each is for."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from trdpgx.model.authority import Verdict
from trdpgx.model.clinical_report import ExposureReport, InteractionReport, TrialReport
from trdpgx.model.evidence import EvidenceItem, Stance, Strength
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.input import EarlierReport
from trdpgx.model.outside import UNNAMED_TOOL
from trdpgx.model.rule import Direction
from trdpgx.texts import either, in_words, phrase, section

COUNTS: Mapping[bool | None, str] = MappingProxyType(
    {True: phrase("counting.counts"), False: phrase("counting.does_not"), None: phrase("counting.not_known")}
)
"""Whether a rare variant counts by a criterion of the rules."""

DIRECTION_WORDS: Mapping[Direction, str] = MappingProxyType({Direction(key): text for key, text in section("directions").items()})
"""What a direction is called, the most far-reaching first."""

STANCE_WORDS: Mapping[Stance, str] = MappingProxyType({Stance(key): text for key, text in section("stances").items()})

EVIDENCE_KEY: Mapping[Strength, str] = MappingProxyType({Strength(key): text for key, text in section("evidence_key").items()})
"""What the words of ``evidence.strength`` mean, in short; docs/evidence.md has the policy."""

COUNTED_KEY: Mapping[Strength, str] = MappingProxyType({Strength(key): text for key, text in section("counted_evidence_key").items()})
"""The same by the policies 1 and 2, which made one word of authority and evidence."""

STRENGTH_WORDS: Mapping[Strength, str] = MappingProxyType({Strength(key): text for key, text in section("strengths").items()})
"""What a sentence calls a strength."""

AUTHORITY_WORDS: Mapping[str, str] = section("authority")
"""What a source grades."""

VERDICT_WORDS: Mapping[Verdict, str] = MappingProxyType({Verdict(key): text for key, text in section("verdicts").items()})
"""What kind of statement a source makes."""

GRADE_KEY = section("grades")
"""What each source's own grades mean. They are authority or usefulness, and no measure of evidence."""

STAGING_NAMES = section("staging_names")
"""What readers call the staging methods and definitions, by their field in ``treatment_history.staging``."""

_BEGIN_WITH_TAKEN = frozenset({"drug_pair", "washout"})

_OF_PAIRS = frozenset({"drug_pair", "qt"})
"""Kinds of interactions of two drugs that are taken together."""
_COUNTING = frozenset({"trdpgx-evidence-1", "trdpgx-evidence-2"})


def study_words(item: EvidenceItem) -> str:
    """Return how a study stands to a claim, what it measured, its design, and in whom it was."""
    outcome = phrase("text_considerations.outcome", outcome=item.outcome) if item.outcome else ""
    people = f", N = {item.n:,}" if item.n else ""
    population = f"; {item.population}" if item.population else ""
    sample = f"; {phrase('text_considerations.sample', sample=item.sample)}" if item.sample else ""
    note = f" {item.note}" if item.note else ""
    return f"{STANCE_WORDS[item.stance]}{outcome}; {in_words(item.design)}{people}{population}{sample}.{note}"


def reading_key(policy: str) -> tuple[str, ...]:
    """Return how to read a consideration that a policy graded."""
    first = phrase("reading_key.as_one" if policy in _COUNTING else "reading_key.apart", policy=policy)
    return (first, *section("how_to_read").values())


def evidence_key(policy: str) -> Mapping[Strength, str]:
    """Return what the words of ``evidence.strength`` mean by a policy."""
    return COUNTED_KEY if policy in _COUNTING else EVIDENCE_KEY


def caller_words(source: str) -> str:
    """Return who called a gene: ``vcf`` or ``outside:Cyrius``, in words."""
    if source == "vcf":
        return phrase("callers.file")
    tool = source.removeprefix("outside:")
    return phrase("callers.unnamed_tool") if tool == UNNAMED_TOOL else phrase("callers.tool", tool=tool)


def how_sure(certainty: str, *, disputed: bool, presumes_copies: bool, outside: bool = False) -> str:
    """Return how sure the result of a gene is, in words: ``summary.genes[].certainty``, and what limits it beyond that."""
    if disputed:
        return phrase("how_sure.disputed")
    if certainty == "stated" and presumes_copies:
        return phrase("how_sure.presumes_copies")
    if certainty == "stated" and outside:
        return phrase("how_sure.outside")
    return phrase(f"how_sure.{certainty}")


def unseen_sites(gene: GeneReport) -> str:
    """Return the sites of a gene that were not seen, by the reason, which stands once before those that have it."""
    by_reason: dict[tuple[str, str | None], list[str]] = {}
    for one in gene.unseen_sites:
        by_reason.setdefault((one.state, one.reason), []).append(one.site)
    sentences = []
    for (state, code), sites in by_reason.items():
        reason = phrase("unseen_sites.no_call", reason=in_words(code)) if code else in_words(state)
        sentences.append(phrase("unseen_sites.by_reason", reason=reason, sites=", ".join(sites)))
    return " ".join(sentences)


def made_again(earlier: EarlierReport) -> str:
    """Return the sentence about a report that was made from an earlier one."""
    day = f"{earlier.created_at:%Y-%m-%d}"
    return phrase("made_again.made_again", day=day, rules=earlier.rules_release, reference=earlier.reference_release)


def exposure_words(one: ExposureReport) -> str:
    """Return how high an exposure is, with what that rests on: ``higher (a direction, without a figure)``."""
    if one.word == "not known":
        return one.word
    ratio = [] if one.ratio is None else [phrase("exposure_kinds.ratio", ratio=one.ratio)]
    people = [phrase("exposure_kinds.people", n=f"{one.n:,}")] if one.n else []
    return f"{one.word} ({', '.join([phrase(f'exposure_kinds.{one.kind}'), *ratio, *people])})"


def taken_first(one: InteractionReport, taken: Collection[str], *, named: bool = True) -> str:
    """Return of which drugs an interaction is: what is ``taken``, or was, and what is not, by name or counted; empty without a drug."""
    current = [drug for drug in one.drugs if drug in taken]
    # of a pair, and of days between drugs, the first is taken or was: one that is not taken any more
    stopped = [drug for drug in one.drugs[:1] if one.kind in _BEGIN_WITH_TAKEN and drug not in taken]
    others = [drug for drug in one.drugs if drug not in current and drug not in stopped]
    words = {"taken": current, "stopped": stopped, "not_taken": others}
    sentences = [phrase(f"interaction_drugs.{key}", drugs=", ".join(drugs)) for key, drugs in words.items() if drugs]
    if others and current and one.kind in _OF_PAIRS:
        sentences[-1] = phrase("interaction_drugs.together", count=len(others), drugs=", ".join(others))
    if others and current and not named:
        sentences[-1] = phrase("interaction_drugs.not_taken_counted", count=len(others))
    return " ".join(sentences)


def failure_lines(trial: TrialReport) -> list[str]:
    """Return the improvement as stated, on which side of each threshold it is, and whether a list that decides counts the trial at all."""
    lines = []
    if trial.improvement_percent is not None:
        lines.append(phrase("trials_figure.improvement", percent=f"{trial.improvement_percent:g}"))
    keys = {True: "trials_figure.below", False: "trials_figure.not_below", None: "trials_figure.below_open"}
    lines += [phrase(keys[one.failed], threshold=one.threshold_percent, source=one.source) for one in trial.failure]
    if _inadequate(trial) and any(one.failed for one in trial.failure):
        lines.append(phrase("trials_figure.not_counted"))
    if trial.augmentation and any(one.failed for one in trial.failure):
        lines.append(phrase("trials_figure.of_augmentation"))
    return lines


def _inadequate(trial: TrialReport) -> bool:
    return {one.adequate for one in trial.adequacy} == {False}


def trial_words(trial: TrialReport) -> str:
    """Return the length of a trial, by how many lists it was adequate, and whether it failed, in words."""
    weeks = phrase("trials_figure.weeks_not_stated") if trial.weeks is None else phrase("trials_figure.weeks", count=f"{trial.weeks:g}")
    decided = [one for one in trial.adequacy if one.adequate is not None]
    adequate = sum(one.adequate is True for one in decided)
    by = (
        phrase("trials_figure.adequate_lists", adequate=adequate, lists=len(trial.adequacy))
        if decided
        else phrase("trials_figure.adequacy_cannot_be_decided")
    )
    stated = trial.improvement_percent
    improvement = [] if stated is None else [phrase("trials_figure.improvement", percent=f"{stated:g}")]
    failure = _failure_words(trial)
    return "; ".join([weeks, by, *improvement, phrase("trials_figure.as_augmentation", words=failure) if trial.augmentation else failure])


def _failure_words(trial: TrialReport) -> str:
    """Return whether a trial failed; where thresholds of improvement differ on it, by which it did."""
    by_answer = {answer: [f"{one.threshold_percent}" for one in trial.failure if one.failed is answer] for answer in (True, False, None)}
    if by_answer[None] or not trial.failure:
        return phrase("trials_figure.failure_open")
    if by_answer[True] and by_answer[False]:
        return phrase("trials_figure.failure_by_threshold", failed=either(by_answer[True]), not_failed=either(by_answer[False]))
    if not by_answer[True]:
        return phrase("text_clinical.not_failed")
    return phrase("trials_figure.failed_inadequate" if _inadequate(trial) else "text_clinical.failed")
