"""What considerations state beside advice, in a few words by the codes of their implications: levels in the blood, findings of studies."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from trdpgx.model.composed import PartKind, TextPart
from trdpgx.model.consideration import Consideration
from trdpgx.model.evidence import Measure, Stance, Strength, StudyResult
from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.rule import PhenotypeCondition
from trdpgx.reasoning.nothing_follows import RESISTANCE
from trdpgx.reasoning.statements import sources_limited
from trdpgx.texts import both, listed, phrase, section

_LEVELS = section("levels")
"""Implications that levels differ from the usual."""
_REPORTED = {**_LEVELS, "levels_contradict": phrase("drugs.levels_contradicted")}
_FINDINGS = {**_LEVELS, **section("findings")}
_STRENGTHS = section("strengths")
_DOUBTFUL = (Strength.CONFLICTING, Strength.PRELIMINARY)
_NO_EFFECT = frozenset({"no_effect_found", "no_level_effect_found"})
_CONTRADICTORY = frozenset({"reports_contradict", "reports_differ", "levels_contradict"})


class ReportedLevels(NamedTuple):
    """A research finding on levels in the blood, in words: as a note at the name of a drug, and as part of a sentence."""

    note: str
    stated: str


def levels_expected(guidance: Iterable[Consideration], reported: Sequence[ReportedLevels] = ()) -> TextPart:
    """Return the levels that sources expect although they ask for no change, and those that studies report.

    Each stands once in the statements, as a note; there is no text where there are none.
    """
    by_words: dict[str, list[Consideration]] = {}
    for one in guidance:
        if words := both(_LEVELS[code] for code in one.implication.codes if code in _LEVELS):
            by_words.setdefault(words, []).append(one)
    stated = [
        phrase("drugs.levels_by", sources=source, words=words) for words, ones in by_words.items() for source in sources_limited(ones)
    ]
    notes = [phrase("drugs.levels_note", words=both(by_words))] if by_words else []
    levels = "; ".join([*stated, *(one.stated for one in reported)])
    text = phrase("drugs.levels_expected", levels=levels) if levels else ""
    return TextPart(PartKind.LEVELS, text, (*notes, *dict.fromkeys(one.note for one in reported)))


def levels_reported(
    rulebook: RuleLibrary, research: Iterable[Consideration], genes: Mapping[str, GeneReport]
) -> tuple[ReportedLevels, ...]:
    """Return what research findings on a drug report of levels, each with its figure where one was read.

    ``genes`` are the person's gene reports by name: a figure that was counted over more phenotypes than the person's states the others.
    """
    return tuple(reported for one in research if (reported := _reported(rulebook, one, genes)))


def _reported(rulebook: RuleLibrary, one: Consideration, genes: Mapping[str, GeneReport]) -> ReportedLevels | None:
    ratios = [item.result.value for item in one.evidence.items if item.stance is Stance.SUPPORTS and item.result and _is_ratio(item.result)]
    figures = [f"{ratio:g}" for ratio in sorted({ratio for ratio in ratios if ratio})]
    if figures:
        shown = phrase("drugs.figures_to", low=figures[0], high=figures[-1]) if len(figures) > 1 else figures[0]
        words = phrase("drugs.times_the_usual", figure=shown)
        if others := _counted_in(rulebook, one, genes):
            words = phrase("drugs.counted_in", words=words, others=listed([f"{code.term}s" for code in others]))
    else:
        words = both(_REPORTED[code] for code in one.implication.codes if code in _REPORTED)
    if not words:
        return None
    if one.basis.holds_for == "some":
        words = phrase("drugs.levels_of_some", words=words, some=phrase("certainty.some_possible_diplotypes"))
    strength = _STRENGTHS[one.evidence.strength]
    note = phrase("drugs.levels_noted", words=words)
    weak = phrase("drugs.finding_weak", finding=note, strength=strength) if _is_doubtful(one, *_DOUBTFUL) else note
    return ReportedLevels(weak, phrase("drugs.levels_reported", words=words, genes=both(one.genes), strength=strength))


def _counted_in(rulebook: RuleLibrary, one: Consideration, genes: Mapping[str, GeneReport]) -> list[Phenotype]:
    """Return the phenotypes beside the person's own that the rule of a finding holds for."""
    rule = rulebook.rules_by_id.get(one.rule_id)
    conditions = [condition for condition in rule.when if isinstance(condition, PhenotypeCondition)] if rule else []
    own = {code for gene in one.genes if gene in genes for code in genes[gene].phenotype_range}
    return [code for condition in conditions for code in condition.any_of if code not in own]


def _is_ratio(result: StudyResult) -> bool:
    return result.measure is Measure.LEVEL_RATIO


def findings_stated(research: Sequence[Consideration], lead: str) -> TextPart:
    """Return what studies found, each once: genes, outcome and direction, and the evidence of each where that is not the same for all.

    The statements have how weak the evidence is, and leave out what is about resistance itself, which a summary has apart.
    """
    strengths = sorted({one.evidence.strength for one in research})
    findings = "; ".join(dict.fromkeys(_named(one, graded=len(strengths) > 1) for one in research))
    named = ", ".join(_STRENGTHS[strength] for strength in strengths)
    text = phrase("drugs.research_only", lead=lead, strengths=named, findings=findings)
    on_treatment = [one for one in research if RESISTANCE.isdisjoint(one.implication.codes)]
    genes: dict[str, dict[str, None]] = {}
    for one in on_treatment:
        genes.setdefault(_weighed(one), {}).update(dict.fromkeys(one.genes))
    return TextPart(PartKind.STATED, text, tuple(phrase("drugs.finding_of", genes=both(of), words=words) for words, of in genes.items()))


def finding_words(one: Consideration) -> str:
    """Return the outcome of a finding and its direction, and that studies disagree where they do; empty for a code without words."""
    words = both(_FINDINGS[code] for code in one.implication.codes if code in _FINDINGS)
    return phrase("drugs.by_some_studies", finding=words) if words and _is_doubtful(one, Strength.CONFLICTING) else words


def _named(one: Consideration, *, graded: bool) -> str:
    genes, words = both(one.genes), finding_words(one)
    if graded:
        return phrase("drugs.finding_graded", genes=genes, words=words, strength=_STRENGTHS[one.evidence.strength])
    return phrase("drugs.finding_of", genes=genes, words=words)


def _weighed(one: Consideration) -> str:
    """Return a finding without its genes, and how weak its evidence is, unless its words state that studies contradict each other.

    Of one that no effect was found it is the number of people in the largest study: a small one shows little.
    """
    words = finding_words(one)
    counted = max((item.n for item in one.evidence.items if item.n), default=0)
    if counted and not _NO_EFFECT.isdisjoint(one.implication.codes):
        return phrase("drugs.finding_weak", finding=words, strength=phrase("drugs.people", count=counted))
    weak = _is_doubtful(one, Strength.PRELIMINARY)
    return phrase("drugs.finding_weak", finding=words, strength=_STRENGTHS[one.evidence.strength]) if weak else words


def _is_doubtful(one: Consideration, *strengths: Strength) -> bool:
    """Return whether evidence is one of the strengths, and the words of the finding do not state already that studies disagree."""
    return one.evidence.strength in strengths and _CONTRADICTORY.isdisjoint(one.implication.codes)
