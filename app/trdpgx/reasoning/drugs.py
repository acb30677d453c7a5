"""Considerations gathered by drug: one headline, and where the sources differ.

Sources are compared by the direction in which their actions point (``rules/vocabulary.yaml``), never by their wording.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import combinations
from types import MappingProxyType
from typing import NamedTuple

from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import Certainty, DrugReport, HeadlineLimit
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.naming import listed
from trdpgx.model.rule import Direction, Drug, VocabularyEntry
from trdpgx.reasoning.certainty import limits_of, weakest
from trdpgx.reasoning.directions import CHANGING, decisive
from trdpgx.reasoning.importance import RULING_OUT
from trdpgx.reasoning.untested import untested_alleles
from trdpgx.texts import both, either, phrase, section

_RESEARCH = "research"
_SILENT = frozenset({Direction.NONE})
_WATCHING = frozenset({Direction.MONITOR})
_PHRASES = {Direction(key): text for key, text in section("pointing").items()}
_STRENGTHS = section("strengths")
_NO_CHANGE = section("no_change")
"""The headline where no source asks for a change, by the weakest of the inputs."""
_NOTHING_BY_GENOTYPE = phrase("drugs.nothing_by_genotype")
_NOTHING_UNSEEN: Mapping[str, Sequence[str]] = MappingProxyType({})
_FIRST = (Certainty.UNTESTED, Certainty.OPEN, Certainty.DISPUTED, Certainty.ASSUMED)
"""Limits that a headline names before it states what sources point to."""


class DirectedConsideration(NamedTuple):
    """A consideration, which way its actions point, and the actions themselves."""

    consideration: Consideration
    directions: frozenset[Direction]
    actions: tuple[VocabularyEntry, ...]


def summarise_drugs(
    rulebook: RuleLibrary,
    considerations: Sequence[Consideration],
    genes: Sequence[GeneReport] = (),
    unseen: Mapping[str, Sequence[str]] = _NOTHING_UNSEEN,
) -> tuple[DrugReport, ...]:
    """Return one entry for each drug that a consideration names, in the order of ``rules/drugs.yaml``.

    ``genes`` are the person's gene reports: what was not seen of them limits how certain a headline may be. ``unseen`` has by drug the
    genes that its rules need and of which nothing was seen (``unseen_by_drug``).
    """
    by_drug: dict[str, list[DirectedConsideration]] = {}
    for consideration in considerations:
        actions = tuple(rulebook.actions[code] for code in consideration.action.codes)
        stance = DirectedConsideration(consideration, frozenset(action.direction or Direction.NONE for action in actions), actions)
        for drug in consideration.drugs:
            by_drug.setdefault(drug, []).append(stance)
    by_gene = {gene.gene: gene for gene in genes}
    return tuple(
        _drug(drug, by_drug[name], by_gene, _untested(rulebook, name, by_gene), tuple(unseen.get(name, ())))
        for name, drug in rulebook.drugs.items()
        if name in by_drug
    )


def _drug(
    drug: Drug,
    stances: Sequence[DirectedConsideration],
    genes: Mapping[str, GeneReport],
    untested: Sequence[str],
    unseen: tuple[str, ...],
) -> DrugReport:
    own = [stance for stance in stances if stance.consideration.conversion is None]
    converted = [stance for stance in stances if stance.consideration.conversion is not None]
    headline, certainty, limits = _headline(own, genes, untested, unseen) if own else (_NOTHING_BY_GENOTYPE, Certainty.NONE, ())
    if converted:
        limit = HeadlineLimit(certainty=Certainty.CONVERTED, text=_converted_limit(converted))
        headline, limits = f"{headline} {_converted_text(converted)}", (*limits, limit)
        certainty = max(certainty, Certainty.CONVERTED, key=list(Certainty).index) if own else Certainty.CONVERTED
    if unseen:
        headline = f"{headline} {unseen_text(unseen)}"
    return DrugReport(
        name=drug.name,
        rxnorm=drug.rxnorm,
        atc=drug.atc,
        drug_class=drug.drug_class,
        role=drug.role,
        headline=headline,
        certainty=certainty,
        headline_limits=limits,
        not_seen=unseen,
        considerations=tuple(stance.consideration.id for stance in stances),
        disagreement=_disagreement(own),
    )


def unseen_text(genes: Sequence[str]) -> str:
    """Return the sentence of a headline on the genes that the rules on its drug need and of which nothing was seen."""
    return phrase("drugs.not_seen", genes=listed(genes))


def _untested(rulebook: RuleLibrary, drug: str, genes: Mapping[str, GeneReport]) -> tuple[str, ...]:
    """Return the genes that no file shows, whose alleles a rule on this drug asks for, and that no test of these alleles was sent of."""
    asked = rulebook.outside_alleles.get(drug, ())
    unknown = untested_alleles(asked, tuple(genes.values()))
    tested = {gene for gene, allele in asked if (gene, allele) not in unknown}
    return tuple(dict.fromkeys(gene for gene, _ in asked if gene not in tested))


def _headline(
    stances: Sequence[DirectedConsideration], genes: Mapping[str, GeneReport], untested: Sequence[str], unseen: Collection[str]
) -> tuple[str, Certainty, tuple[HeadlineLimit, ...]]:
    """Return the statements by source: guidance that changes something; failing that, that nothing is changed; failing that, research.

    What hangs on the course of treatment stands behind "no change", and alone where no source states more.
    """
    guidance = [stance for stance in stances if stance.consideration.source.name != _RESEARCH]
    telling = [stance for stance in guidance if decisive(stance.directions) != _SILENT]
    changing = [stance for stance in telling if stance.directions & CHANGING]
    later = [stance for stance in guidance if _conditions(stance)]
    shown = sorted(changing or telling or later, key=_ruling_out_first)
    limits = limits_of([stance.consideration for stance in shown], genes, untested)
    certainty = weakest(limits)
    if changing or (later and not telling):
        first = [f"{limit.text}." for limit in limits if limit.certainty in _FIRST]
        last = [phrase("drugs.presumes", text=limit.text) for limit in limits if limit.certainty is Certainty.COPY_NUMBER]
        return " ".join([*first, *_stated(shown, _words), *last]), certainty, limits
    if telling:
        named = "; ".join(limit.text for limit in limits if limit.certainty is certainty)
        text = _NO_CHANGE[certainty].format(limits=named, sources=", ".join(_sources(telling, unseen)))
        return " ".join([text, *_stated(later, _conditions)]), certainty, limits
    lead = _untested_text(limits)
    research = [stance.consideration for stance in stances if stance.consideration.source.name == _RESEARCH]
    if not research:
        return phrase("drugs.no_recommendation", lead=lead, guidance=", ".join(_sources(guidance))), Certainty.NONE, limits
    strengths = ", ".join(_STRENGTHS[strength] for strength in sorted({c.evidence.strength for c in research}))
    text = phrase("drugs.research_only", lead=lead, strengths=strengths)
    return text, Certainty.RESEARCH, limits


def _ruling_out_first(stance: DirectedConsideration) -> int:
    return min(RULING_OUT.get(code, len(RULING_OUT)) for code in stance.consideration.action.codes)


def _converted_limit(converted: Sequence[DirectedConsideration]) -> str:
    bases = [stance.consideration.conversion for stance in converted]
    causes = dict.fromkeys(cause for basis in bases if basis for cause in basis.causes)
    genes = dict.fromkeys(gene for basis in bases if basis for gene in basis.genes)
    return phrase("drugs.under_convention", genes=both(genes), causes=both(causes))


def _converted_text(converted: Sequence[DirectedConsideration]) -> str:
    """Return what sources state of the phenotype after conversion: apart from their advice, which by itself knows no co-medication."""
    telling = [stance for stance in converted if decisive(stance.directions) != _SILENT] or converted
    changing = [stance for stance in telling if stance.directions & CHANGING]
    stated = "; ".join(one.removesuffix(".") for one in _stated(changing, _words))
    stated = stated or phrase("drugs.no_change_asked")
    return phrase("drugs.by_conversion", converted_limit=_converted_limit(converted), stated=stated)


def _untested_text(limits: Sequence[HeadlineLimit]) -> str:
    return "".join(phrase("drugs.not_cleared", text=limit.text) for limit in limits if limit.certainty is Certainty.UNTESTED)


def _stated(stances: Iterable[DirectedConsideration], words: Callable[[DirectedConsideration], str]) -> list[str]:
    """Return a sentence for each thing that a source states for the same genes, with everything that it holds for."""
    holding: dict[tuple[str, str, str], list[str]] = {}
    for stance in stances:
        one = stance.consideration
        grade = f", {one.evidence.source_grade}" if one.evidence.source_grade else ""
        holding.setdefault((f"{_source(one)}{grade}", ", ".join(one.genes), words(stance)), []).append(_proviso(one))
    return [f"{source} ({genes}{_provisos(provisos)}) {stated}." for (source, genes, stated), provisos in holding.items()]


def _provisos(provisos: Sequence[str]) -> str:
    if not all(provisos):
        return ""
    unseen = phrase("drugs.only_if_unseen_allele")
    others = dict.fromkeys(one for one in provisos if one != unseen)
    if not others:
        return f", {unseen}"
    return f", {either(others)}{phrase('drugs.or_if_unseen_allele') if unseen in provisos else ''}"


def _proviso(consideration: Consideration) -> str:
    """Return for what a statement holds; empty where that is everything."""
    if consideration.basis.only_if_hidden:
        return phrase("drugs.only_if_unseen_allele")
    if consideration.basis.holds_for != "some":
        return ""
    return phrase("certainty.some_possible_diplotypes" if consideration.conversion is None else "drugs.some_methods_lists_diplotypes")


def _source(consideration: Consideration) -> str:
    source = consideration.source
    return f"{source.name} {source.year}" if source.year else source.name


def _sources(stances: Iterable[DirectedConsideration], unseen: Collection[str] = ()) -> list[str]:
    named = (
        (stance, [phrase("drugs.gene_not_seen", gene=gene) if gene in unseen else gene for gene in stance.consideration.genes])
        for stance in stances
    )
    return list(dict.fromkeys(f"{_source(stance.consideration)} ({', '.join(genes)})" for stance, genes in named))


def _words(stance: DirectedConsideration) -> str:
    """Return what the actions of one source point to, the most far-reaching first, in the words of the vocabulary."""
    phrases = {direction: _phrases(stance.actions, direction) for direction in _PHRASES if direction in stance.directions & CHANGING}
    watching = phrases.pop(Direction.MONITOR, [])
    changing = _joined([headline for direction in phrases for headline in phrases[direction]])
    if not changing or not watching:
        return changing or both(watching) or _conditions(stance) or _PHRASES[Direction.NONE]
    return f"{changing}{phrase('drugs.if_used') if Direction.AVOID in phrases else phrase('drugs.and')}{both(watching)}"


def _conditions(stance: DirectedConsideration) -> str:
    """Return what one source points to in the course of treatment, and empty where it states no such thing."""
    by_condition: dict[str, list[str]] = {}
    for action in stance.actions:
        if action.headline and action.direction is Direction.NONE:
            headline, _, condition = action.headline.partition(" if ")
            by_condition.setdefault(condition, []).append(headline)
    return both(_conditional(phrases, condition) for condition, phrases in by_condition.items())


def _conditional(phrases: Sequence[str], condition: str) -> str:
    pointing = _joined([headline for headline in phrases if headline.startswith("points ")])
    others = [headline for headline in phrases if not headline.startswith("points ")]
    return both([pointing, *others] if pointing else others) + (phrase("drugs.under_condition", condition=condition) if condition else "")


def _phrases(actions: Sequence[VocabularyEntry], direction: Direction) -> list[str]:
    """Return the headlines of the actions that point in one direction; else the words of the direction."""
    own = [action.headline for action in actions if action.direction is direction]
    phrases = list(dict.fromkeys(headline for headline in own if headline))
    # a drug that is ruled out is not called by the weaker "another drug" beside it
    return phrases if all(own) or (phrases and direction is Direction.AVOID) else [_PHRASES[direction]]


def _pointing(directions: Collection[Direction]) -> str:
    phrases = [words for direction, words in _PHRASES.items() if direction in directions and direction is not Direction.NONE]
    return _joined(phrases) or _PHRASES[Direction.NONE]


def _joined(phrases: Sequence[str]) -> str:
    """Join phrases with "or"; "points to" is written once."""
    if not phrases or not phrases[0].startswith("points "):
        return either(phrases)
    return either([phrases[0], *(headline.removeprefix("points ") for headline in phrases[1:])])


def _disagreement(stances: Sequence[DirectedConsideration]) -> str | None:
    """Compare the sources of guidance two by two, where each is certain for this genome.

    They differ where no direction is common to both; between another drug and another dose, and between watching alone and anything else,
    that is a difference of degree. What a source states for one gene outweighs its "no change" because of another, and watching counts
    where a source asks for nothing more.
    """
    by_source: dict[str, list[DirectedConsideration]] = {}
    for stance in stances:
        if stance.consideration.source.name != _RESEARCH and stance.consideration.basis.holds_for == "all":
            by_source.setdefault(stance.consideration.source.name, []).append(stance)
    if len(by_source) < 2:
        return None
    pointed: dict[str, frozenset[Direction]] = {}
    for name, ones in by_source.items():
        every = decisive({direction for stance in ones for direction in stance.directions})
        if every != _SILENT:
            pointed[name] = every - _WATCHING or every
    apart = [(one, other) for one, other in combinations(pointed, 2) if not pointed[one] & pointed[other]]
    if not apart:
        return None
    opposed = any(not _is_degree(pointed[one], pointed[other]) for one, other in apart)
    lead = phrase("drugs.sources_differ") if opposed else phrase("drugs.sources_differ_how_far")
    named = [name for name in pointed if any(name in pair for pair in apart)]
    sides = [
        f"{', '.join(_sources(stance for stance in by_source[name] if stance.directions & pointed[name]))} {_pointing(pointed[name])}"
        for name in named
    ]
    return f"{lead}: {'; '.join(sides)}.{_readings(stance for name in named for stance in by_source[name])}"


def _is_degree(one: frozenset[Direction], other: frozenset[Direction]) -> bool:
    return _WATCHING in (one, other) or (Direction.AVOID in one | other and Direction.STANDARD not in one | other)


def _readings(stances: Iterable[DirectedConsideration]) -> str:
    """Return the text on where the schemes read one diplotype differently, as that may be the whole difference."""
    every = (fact for stance in stances for fact in stance.consideration.basis.facts)
    facts = dict.fromkeys(fact for fact in every if " by CPIC" in fact and " by DPWG" in fact)
    return phrase("drugs.they_read_diplotype_differently", facts="; ".join(facts)) if facts else ""
