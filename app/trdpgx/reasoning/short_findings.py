"""What considerations state beside advice, in a few words by the codes of their implications: levels in the blood, findings of studies."""

from collections.abc import Iterable, Sequence

from trdpgx.model.composed import PartKind, TextPart
from trdpgx.model.consideration import Consideration
from trdpgx.model.evidence import Strength
from trdpgx.reasoning.nothing_follows import RESISTANCE
from trdpgx.reasoning.statements import sources_named
from trdpgx.texts import both, phrase, section

_LEVELS = section("levels")
"""Implications that levels differ from the usual."""
_FINDINGS = {**_LEVELS, **section("findings")}
_STRENGTHS = section("strengths")
_DOUBTFUL = frozenset({Strength.CONFLICTING, Strength.PRELIMINARY})
_CONTRADICTORY = frozenset({"reports_contradict", "reports_differ", "levels_contradict"})


def levels_expected(considerations: Iterable[Consideration]) -> TextPart:
    """Return the levels that sources expect although they ask for no change, each once in its statements; no text where none does."""
    by_words: dict[str, list[Consideration]] = {}
    for one in considerations:
        if words := both(_LEVELS[code] for code in one.implication.codes if code in _LEVELS):
            by_words.setdefault(words, []).append(one)
    levels = "; ".join(
        phrase("drugs.levels_by", sources=source, words=words) for words, ones in by_words.items() for source in sources_named(ones)
    )
    return TextPart(PartKind.LEVELS, phrase("drugs.levels_expected", levels=levels) if levels else "", tuple(by_words))


def findings_stated(research: Sequence[Consideration], lead: str) -> TextPart:
    """Return what studies found, each once: genes, outcome and direction, and the evidence of each where that is not the same for all.

    The statements have how weak the evidence is, and leave out what is about resistance itself, which a summary has apart.
    """
    strengths = sorted({one.evidence.strength for one in research})
    findings = "; ".join(dict.fromkeys(_named(one, graded=len(strengths) > 1) for one in research))
    named = ", ".join(_STRENGTHS[strength] for strength in strengths)
    text = phrase("drugs.research_only", lead=lead, strengths=named, findings=findings)
    on_treatment = [one for one in research if RESISTANCE.isdisjoint(one.implication.codes)]
    return TextPart(PartKind.STATED, text, tuple(dict.fromkeys(map(_weighed, on_treatment))))


def finding_words(one: Consideration) -> str:
    """Return the outcome of a finding and its direction; empty for a code without words."""
    return both(_FINDINGS[code] for code in one.implication.codes if code in _FINDINGS)


def _named(one: Consideration, *, graded: bool) -> str:
    genes, words = both(one.genes), finding_words(one)
    if graded:
        return phrase("drugs.finding_graded", genes=genes, words=words, strength=_STRENGTHS[one.evidence.strength])
    return phrase("drugs.finding_of", genes=genes, words=words)


def _weighed(one: Consideration) -> str:
    """Return a finding with how weak its evidence is, unless its own words state that studies contradict each other."""
    named = _named(one, graded=False)
    doubtful = one.evidence.strength in _DOUBTFUL and _CONTRADICTORY.isdisjoint(one.implication.codes)
    return phrase("drugs.finding_weak", finding=named, strength=_STRENGTHS[one.evidence.strength]) if doubtful else named
