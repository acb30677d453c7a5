"""Where the sources of guidance on one drug differ for one genome: compared by the directions of their actions, never by their wording."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations

from trdpgx.model.authority import Verdict
from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.rule import Direction
from trdpgx.reasoning.diplotype_combinations import read_differently
from trdpgx.reasoning.directions import decisive
from trdpgx.reasoning.headline_words import SILENT, pointing
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.texts import phrase

_WATCHING = frozenset({Direction.MONITOR})


def opposed(considerations: Iterable[Consideration]) -> bool:
    """Return whether sources point in different directions, and do not only differ in how far they go."""
    pointed, apart = _compared(_by_source(considerations))
    return any(not _is_degree(pointed[one], pointed[other]) for one, other in apart)


def disagreement(considerations: Sequence[Consideration], genes: Mapping[str, GeneReport]) -> str | None:
    """Return how the sources of guidance on one drug differ, where each is certain for this genome; ``genes`` are the person's by name.

    They differ where no direction is common to both; between another drug and another dose, and between watching alone and anything else,
    that is a difference of degree. What a source states for one gene outweighs its "no change" because of another, and watching counts
    where a source asks for nothing more.
    """
    by_source = _by_source(considerations)
    pointed, apart = _compared(by_source)
    if not apart:
        return None
    lead = phrase("drugs.sources_differ") if opposed(considerations) else phrase("drugs.sources_differ_how_far")
    named = [name for name in pointed if any(name in pair for pair in apart)]
    sides = []
    for name in named:
        mine = [one for one in by_source[name] if pointed[name].intersection(one.action.directions)]
        graded = phrase("drugs.no_recommendation_graded") if all(_without_recommendation(one) for one in mine) else ""
        sides.append(f"{', '.join(sources_named(mine))} {pointing(pointed[name])}{graded}")
    considered = [one for name in named for one in by_source[name]]
    concerned = {gene for one in considered for gene in one.genes} & genes.keys()
    apart_read = {label for gene in concerned for label in read_differently(genes[gene])}
    # a rule for any result asks about no diplotype, and has none of these among its facts
    readings = [fact for fact in dict.fromkeys(fact for one in considered for fact in one.basis.facts) if fact in apart_read]
    differently = phrase("drugs.they_read_diplotype_differently", facts="; ".join(readings)) if readings else ""
    return f"{lead}: {'; '.join(sides)}.{differently}"


def _without_recommendation(one: Consideration) -> bool:
    """Return whether a source asks for no change and grades that as no recommendation."""
    return one.verdict is Verdict.NO_CHANGE and one.authority is not None and one.authority.rank == "none"


def _by_source(considerations: Iterable[Consideration]) -> Mapping[str, list[Consideration]]:
    by_source: dict[str, list[Consideration]] = {}
    for one in considerations:
        if one.source.name != RESEARCH and one.conversion is None and one.basis.holds_for == "all":
            by_source.setdefault(one.source.name, []).append(one)
    return by_source


def _compared(
    by_source: Mapping[str, Sequence[Consideration]],
) -> tuple[Mapping[str, frozenset[Direction]], Sequence[tuple[str, str]]]:
    """Return the directions of each source that points anywhere, and the pairs of sources that have none in common."""
    pointed: dict[str, frozenset[Direction]] = {}
    for name, ones in by_source.items():
        every = decisive({direction for one in ones for direction in one.action.directions})
        if every != SILENT:
            pointed[name] = every - _WATCHING or every
    return pointed, [(one, other) for one, other in combinations(pointed, 2) if not pointed[one] & pointed[other]]


def source_named(consideration: Consideration) -> str:
    """Return the source of a consideration and its year."""
    source = consideration.source
    return f"{source.name} {source.year}" if source.year else source.name


def sources_named(considerations: Iterable[Consideration], unseen: Collection[str] = ()) -> list[str]:
    """Return the sources with the genes that each is about, marked where nothing was seen of a gene (``unseen``)."""
    named = ((one, [phrase("drugs.gene_not_seen", gene=gene) if gene in unseen else gene for gene in one.genes]) for one in considerations)
    return list(dict.fromkeys(f"{source_named(one)} ({', '.join(genes)})" for one, genes in named))


def _is_degree(one: frozenset[Direction], other: frozenset[Direction]) -> bool:
    return _WATCHING in (one, other) or (Direction.AVOID in one | other and Direction.STANDARD not in one | other)
