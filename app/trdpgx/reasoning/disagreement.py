"""Where the sources of guidance on one drug differ for one genome: compared by the directions of their actions, never by their wording.

Two documents of one source that speak of one gene, such as a regulator's table and a label, are compared as two sources are. Documents of
one source on different genes are one body of advice.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, Self

from trdpgx.model.composed import PartKind, TextPart
from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.rule import Direction
from trdpgx.reasoning.diplotype_combinations import read_differently
from trdpgx.reasoning.directions import CHANGING, decisive
from trdpgx.reasoning.headline_words import SILENT, DirectedConsideration, all_words
from trdpgx.reasoning.importance import ADVISED_AGAINST, RESEARCH
from trdpgx.reasoning.statements import sources_named, stated
from trdpgx.texts import phrase

_WATCHING = frozenset({Direction.MONITOR})


def opposed(considerations: Iterable[Consideration], *, under_current_drugs: bool = False) -> bool:
    """Return whether sources point in different directions, and do not only differ in how far they go.

    They are compared by genotype, or, of considerations that hold ``under_current_drugs`` (``held_under_current_drugs``), by all of these.
    """
    return _opposed(*_compared(_by_source(one for one in considerations if under_current_drugs or one.conversion is None)))


def held_under_current_drugs(
    stances: Sequence[DirectedConsideration], genes: Mapping[str, GeneReport], both_ways: Collection[str] = ()
) -> list[DirectedConsideration]:
    """Return what sources state of one drug for the phenotypes under current drugs, by source; empty where nothing is carried over to them.

    That is what is carried over, and what holds by genotype of genes that are not converted. What a source states of a gene that is
    converted is read for the converted phenotype alone: ``both_ways`` are the ids of rules that hold for it and by genotype too, and are
    not repeated.
    """
    if all(stance.consideration.conversion is None for stance in stances):
        return []
    converted = {name for name, gene in genes.items() if gene.phenoconverted is not None and gene.phenoconverted.status == "converted"}
    held = [
        stance
        for stance in stances
        if (one := stance.consideration).conversion is not None or one.rule_id in both_ways or converted.isdisjoint(one.genes)
    ]
    return sorted(held, key=lambda stance: (stance.consideration.source.name, stance.consideration.conversion is not None))


class Disagreements(NamedTuple):
    """How the sources of guidance on one drug differ, each with their own words; ``None`` where they do not."""

    by_genotype: str | None
    under_current_drugs: TextPart | None = None
    """What each source states for the phenotypes under current drugs; it is about the key of the text that they differ, or do in how far
    they go. ``None`` also where they differ as they do by genotype."""
    differ_under_current_drugs: bool = False
    """Whether they differ for these phenotypes, also as they do by genotype."""


def disagreements(
    own: Sequence[DirectedConsideration], held: Sequence[DirectedConsideration], genes: Mapping[str, GeneReport]
) -> Disagreements:
    """Return how the sources of guidance on one drug differ, where each is certain for this genome.

    ``own`` is what holds by genotype, ``held`` what ``held_under_current_drugs`` gives, and ``genes`` are the person's by name.

    They differ where no direction is common to both; between another drug and another dose, and between watching alone and anything else,
    that is a difference of degree. So is it where a source makes no recommendation by genes on which another asks for a change, and where
    one makes an exception (of a use of the drug) and another does not. What a source states for one gene outweighs its "no change"
    because of another, and watching counts where a source asks for nothing more. Of a source that advises against the drug a dose is for
    those who take it all the same.
    """
    by_genotype = _differing(own, genes)
    stated = by_genotype.sentence(phrase("drugs.sources_differ"), phrase("drugs.sources_differ_how_far")) if by_genotype else None
    under = _differing(held, genes) if held else None
    if under is None or (by_genotype is not None and under.same_as(by_genotype)):
        return Disagreements(stated, differ_under_current_drugs=under is not None)
    lead = phrase("drugs_under_current_drugs.sources_differ"), phrase("drugs_under_current_drugs.sources_differ_how_far")
    about = "drugs.sources_differ" if under.outright else "drugs.sources_differ_how_far"
    return Disagreements(stated, TextPart(PartKind.DIFFER_CONVERTED, under.sentence(*lead), under.sides, about), True)


class _Disagreement(NamedTuple):
    """Whether sources differ outright or only in how far they go, what each states, and how they read a diplotype."""

    outright: bool
    sides: tuple[str, ...]
    readings: str

    def same_as(self, other: Self) -> bool:
        return (self.outright, {*self.sides}, self.readings) == (other.outright, {*other.sides}, other.readings)

    def sentence(self, outright: str, how_far: str) -> str:
        """Return it in words, which begin with the one or the other text."""
        return f"{outright if self.outright else how_far}: {'; '.join(self.sides)}.{self.readings}"


def _differing(stances: Sequence[DirectedConsideration], genes: Mapping[str, GeneReport]) -> _Disagreement | None:
    """Return how the sources differ; ``None`` where they agree."""
    by_source = _by_source(stance.consideration for stance in stances)
    pointed, apart = _compared(by_source)
    certain = [stance for stance in stances if _is_certain_guidance(stance.consideration)]
    changing = [stance for stance in certain if stance.directions & CHANGING]
    excepting = _excepting(changing)
    silent = sources_named(without_recommendation(certain, changing))
    if not (apart or silent or excepting):
        return None
    changed = {id(stance.consideration) for stance in changing} if silent or excepting else frozenset()
    asking = {name for name, ones in by_source.items() if any(id(one) in changed for one in ones)}
    named = [name for name in pointed if name in asking or any(name in pair for pair in apart)]
    sides = [phrase("drugs.makes_no_recommendation", source=source) for source in silent]
    for name in named:
        telling = {id(one) for one in by_source[name] if pointed[name] & _directions(one)}
        sides += stated((stance for stance in stances if id(stance.consideration) in telling), all_words)
    considered = [one for name in named for one in by_source[name]]
    concerned = {gene for one in considered for gene in one.genes} & genes.keys()
    apart_read = {label for gene in concerned for label in read_differently(genes[gene])}
    # a rule for any result asks about no diplotype, and has none of these among its facts
    readings = [fact for fact in dict.fromkeys(fact for one in considered for fact in one.basis.facts) if fact in apart_read]
    differently = phrase("drugs.they_read_diplotype_differently", facts="; ".join(readings)) if readings else ""
    excepted = phrase("drugs.apart_on_exception") if excepting else ""
    return _Disagreement(_opposed(pointed, apart), tuple(sides), f"{differently}{excepted}")


def _excepting(changing: Sequence[DirectedConsideration]) -> bool:
    """Return whether a source makes an exception of its advice by genes on which another asks for a change without one."""
    with_exception = [stance.consideration for stance in changing if any(action.with_exception for action in stance.actions)]
    document = documents(stance.consideration for stance in changing)
    return any(
        document[id(one)] != document[id(stance.consideration)] and not set(one.genes).isdisjoint(stance.consideration.genes)
        for one in with_exception
        for stance in changing
        if not any(action.with_exception for action in stance.actions)
    )


def without_recommendation(guidance: Iterable[DirectedConsideration], shown: Sequence[DirectedConsideration]) -> Iterator[Consideration]:
    """Yield where a source makes no recommendation by genes on which another states something, and states nothing by them itself."""
    guidance = tuple(guidance)
    genes = {gene for stance in shown for gene in stance.consideration.genes}
    document = documents(stance.consideration for stance in guidance)
    telling = {document[id(stance.consideration)] for stance in guidance if decisive(stance.directions) != SILENT}
    for stance in guidance:
        one = stance.consideration
        graded = one.authority is not None and one.authority.rank == "none" and not one.basis.only_if_hidden
        if graded and document[id(one)] not in telling and not genes.isdisjoint(one.genes):
            yield one


def document_of(one: Consideration) -> str:
    """Return the document of a statement: its citation, or else its address at the source."""
    return one.source.citation.id if one.source.citation else one.source.id or ""


def documents(considerations: Iterable[Consideration]) -> Mapping[int, str]:
    """Return by ``id`` of each statement who makes it: its source, and its document where two of that source speak of one gene."""
    by_name: dict[str, dict[str, list[Consideration]]] = {}
    for one in considerations:
        by_name.setdefault(one.source.name, {}).setdefault(document_of(one), []).append(one)
    keys: dict[int, str] = {}
    for name, by_document in by_name.items():
        genes = [{gene for one in ones for gene in one.genes} for ones in by_document.values()]
        apart = any(not first.isdisjoint(second) for first, second in combinations(genes, 2))
        keys |= {id(one): f"{name} {document}" if apart else name for document, ones in by_document.items() for one in ones}
    return keys


def _by_source(considerations: Iterable[Consideration]) -> Mapping[str, list[Consideration]]:
    """Return the statements that are compared, by who makes them (``documents``)."""
    compared = [one for one in considerations if _is_certain_guidance(one)]
    keys = documents(compared)
    by_source: dict[str, list[Consideration]] = {}
    for one in compared:
        by_source.setdefault(keys[id(one)], []).append(one)
    return by_source


def _is_certain_guidance(one: Consideration) -> bool:
    return one.source.name != RESEARCH and one.basis.holds_for == "all"


def _compared(
    by_source: Mapping[str, Sequence[Consideration]],
) -> tuple[Mapping[str, frozenset[Direction]], Sequence[tuple[str, str]]]:
    """Return the directions of each source that points anywhere, and the pairs that differ.

    They have no direction in common, or one advises against the drug and the other offers another drug beside a dose.
    """
    pointed: dict[str, frozenset[Direction]] = {}
    for name, ones in by_source.items():
        every = decisive({direction for one in ones for direction in _directions(one)})
        if every != SILENT:
            pointed[name] = every - _WATCHING or every
    against = {name for name, ones in by_source.items() if any(one.action.against in ADVISED_AGAINST for one in ones)}
    apart = [
        (one, other)
        for one, other in combinations(pointed, 2)
        if not pointed[one] & pointed[other]
        or ((one in against) != (other in against) and (pointed[one] | pointed[other]) != {Direction.AVOID})
    ]
    return pointed, apart


def _opposed(pointed: Mapping[str, frozenset[Direction]], apart: Iterable[tuple[str, str]]) -> bool:
    return any(not _is_degree(pointed[one], pointed[other]) for one, other in apart)


def _directions(one: Consideration) -> frozenset[Direction]:
    """Return where a statement points; another dose or watching beside advice against the drug is for those who take it all the same."""
    return frozenset({Direction.AVOID} if one.action.against in ADVISED_AGAINST else one.action.directions)


def _is_degree(one: frozenset[Direction], other: frozenset[Direction]) -> bool:
    return _WATCHING in (one, other) or (Direction.AVOID in one | other and Direction.STANDARD not in one | other)
