"""The effect of a deletion, a duplication or a hybrid of the gene, which a file of small variants does not show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from trdpgx.calling.caveats import Caveats, RaisedCaveat, caveat, holding
from trdpgx.calling.copy_number.haplotypes import deletion_of
from trdpgx.calling.star_alleles.diplotypes import known_haplotype, number
from trdpgx.calling.star_alleles.names import natural_key
from trdpgx.knowledge.reference.phenotype import phenotype_of_score
from trdpgx.model.activity import score_range
from trdpgx.model.gene import GeneDefinition, NamedAllele, Phenotype, Scheme
from trdpgx.model.gene_report import DiplotypeReport
from trdpgx.texts import either, phrase

_NAMED = 6
"""The most alleles or haplotypes that are named together."""
_UNNAMED: Mapping[float, str] = MappingProxyType({})


def opened_scores(
    definition: GeneDefinition, diplotypes: Sequence[DiplotypeReport], possible: Sequence[int] = ()
) -> tuple[float, float] | None:
    """Return the range of activity scores that one unseen deletion, one unseen extra copy or a ``possible`` number of copies opens."""
    scores = [diplotype.activity_score for diplotype in diplotypes if diplotype.activity_score is not None]
    alleles = _alleles(definition, diplotypes)
    scores += _deleted(alleles)
    scores += (score for score, _ in _doubled(alleles))
    for first, second in alleles:
        if first.activity is not None and second.activity is not None:
            scores += [n * first.activity + (copies - n) * second.activity for copies in possible if copies > 2 for n in range(1, copies)]
    return score_range(scores)


def possibilities(definition: GeneDefinition, diplotypes: Sequence[DiplotypeReport], caveats: Caveats) -> Iterator[RaisedCaveat]:
    """Yield what an unseen deletion, duplication or hybrid would do to the activity score, over all diplotypes."""
    alleles = _alleles(definition, diplotypes)
    deletion = deletion_of(definition) or ""
    homozygous = [first.name for first, second in alleles if first.name == second.name]
    deleted, doubled = _deleted(alleles), list(_doubled(alleles))
    if deleted:
        seen = ", ".join(
            phrase("copy_possibilities.would_be", name=name, hemizygous="/".join(sorted((name, deletion), key=natural_key)))
            for name in homozygous[:_NAMED]
        )
        yield caveat("unseen_deletion", deletion=deletion, readings=seen, scores=_scores(definition, deleted))
    elif alleles and not homozygous:
        yield caveat("unseen_deletion_of_two", deletion=deletion)
    if doubled:
        scores = _scores(definition, [score for score, _ in doubled], _by_score(doubled))
        if any(score for score, _ in doubled):
            yield caveat("unseen_duplication", scores=scores)
        else:
            yield caveat("unseen_duplication_without_function", scores=scores)
    names = {name for diplotype in diplotypes for name in diplotype.alleles}
    for key, one in holding(caveats, definition.gene, names, copies="not_counted"):
        carried = one.when.carries if one.when else ()
        yield caveat(key, scores_without=either(dict.fromkeys(_without_one(alleles, carried))))


def _without_one(alleles: Sequence[tuple[NamedAllele, NamedAllele]], carried: Sequence[str]) -> Iterator[str]:
    """Yield the activity scores that remain where an allele of ``carried`` has no activity after all."""
    for pair in alleles:
        lost = next((allele.activity for name in carried for allele in pair if allele.name == name), None)
        first, second = pair
        if lost is not None and first.activity is not None and second.activity is not None:
            yield number(first.activity + second.activity - lost)


def hybrids(definition: GeneDefinition, diplotypes: Sequence[DiplotypeReport], caveats: Caveats) -> Iterator[RaisedCaveat]:
    """Return what counted copies may be: a copy count does not distinguish a second copy of an allele from a hybrid with the same sites."""
    names = {name for diplotype in diplotypes for name in diplotype.alleles}
    return (caveat(key) for key, _ in holding(caveats, definition.gene, names, copies="counted"))


def _alleles(definition: GeneDefinition, diplotypes: Sequence[DiplotypeReport]) -> list[tuple[NamedAllele, NamedAllele]]:
    by_name = {name: known_haplotype(definition, name) for name in {name for diplotype in diplotypes for name in diplotype.alleles}}
    return [(by_name[diplotype.alleles[0]], by_name[diplotype.alleles[1]]) for diplotype in diplotypes]


def _deleted(alleles: Sequence[tuple[NamedAllele, NamedAllele]]) -> list[float]:
    return [first.activity for first, second in alleles if first.name == second.name and first.activity is not None]


def _doubled(alleles: Sequence[tuple[NamedAllele, NamedAllele]]) -> Iterator[tuple[float, str]]:
    """Yield the score with each allele twice on its haplotype, and the name of that haplotype."""
    for first, second in alleles:
        if first.activity is not None and second.activity is not None:
            yield first.activity + second.activity + first.activity, f"{first.name}x2"
            yield first.activity + second.activity + second.activity, f"{second.name}x2"


def _by_score(doubled: Iterable[tuple[float, str]]) -> Mapping[float, str]:
    """Return the haplotypes that make each score, where not all make the same."""
    names: dict[float, dict[str, None]] = {}
    for score, name in doubled:
        names.setdefault(score, {})[name] = None
    return {score: either(ones, _NAMED) for score, ones in names.items()} if len(names) > 1 else {}


def _scores(definition: GeneDefinition, scores: Sequence[float], haplotypes: Mapping[float, str] = _UNNAMED) -> str:
    """Return distinct scores with their CPIC phenotype: ``2.0 (Normal Metabolizer) or 3.0 (Ultrarapid Metabolizer)``.

    ``haplotypes`` names those that make a score, which are added to it: ``2.0 (Normal Metabolizer) with *1x2``.
    """
    table = definition.phenotypes.get(Scheme.CPIC)
    shown = []
    for score in sorted(set(scores)):
        code = phenotype_of_score(table, score) if table else Phenotype.INDETERMINATE
        words = f"{number(score)} ({code.term})" if table else number(score)
        names = haplotypes.get(score)
        shown.append(phrase("copy_possibilities.with_haplotype", score=words, haplotypes=names) if names else words)
    return either(shown)
