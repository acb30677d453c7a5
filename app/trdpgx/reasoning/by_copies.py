"""The drugs that a source would rule out, or advise against, if a gene had one copy less or more than is presumed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from trdpgx.knowledge.reference.phenotype import phenotype_of_score
from trdpgx.model.activity import ActivityRange, score_range
from trdpgx.model.consideration import Consideration
from trdpgx.model.gene import GeneDefinition, Phenotype
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.variant_report import VariantReport
from trdpgx.reasoning.diplotype_combinations import DiplotypeCombinations, GeneChoice, choices_of, scored_choices
from trdpgx.reasoning.if_result import holds_if
from trdpgx.reasoning.prepared import PreparedRules


class ByCopies(NamedTuple):
    """What one copy less or ``more`` would make of a gene, and the drugs that a source would then rule out or advise against."""

    gene: str
    more: bool
    phenotype: Phenotype
    named: tuple[tuple[str, str], ...]
    """The drugs, each with a source; a drug of several sources stands once for each."""

    @property
    def drugs(self) -> tuple[str, ...]:
        """The drugs, each once."""
        return tuple(dict.fromkeys(drug for drug, _ in self.named))


def one_copy_more_or_less(gene: GeneReport) -> Iterator[tuple[bool, float]]:
    """Yield whether a copy is added, and the lowest or highest activity score that this makes, where it is another than was called.

    These are the ends of the range that one unseen deletion or one unseen extra copy opens; hybrids are not in it.
    """
    own, opened = score_range(one.activity_score for one in gene.diplotypes), gene.copy_number.activity_score_range
    if gene.copy_number.is_uncounted and own is not None and opened is not None:
        if opened[0] < own[0]:
            yield False, opened[0]
        if opened[1] > own[1]:
            yield True, opened[1]


def against_by_copies(
    rules: PreparedRules,
    definitions: Mapping[str, GeneDefinition],
    genes: Sequence[GeneReport],
    variants: Sequence[VariantReport],
    considerations: Iterable[Consideration],
) -> Iterator[ByCopies]:
    """Yield the drugs by gene and by number of copies; those against which a source speaks for what was called are left out.

    Genes without a phenotype, or with one that is open, state their readings themselves and are left out as well.
    """
    named = {drug for one in considerations if one.action.against and one.conversion is None for drug in one.drugs}
    choices: dict[str, tuple[GeneChoice, ...]] = {}
    for gene in genes:
        if gene.phenotype is None or gene.phenotype_open:
            continue
        for more, score in one_copy_more_or_less(gene):
            choices = choices or {one.gene: scored_choices(one, choices_of(one), rules.activity) for one in genes}
            changed = _with_score(definitions[gene.gene], score)
            combinations = DiplotypeCombinations(genes, variants, choices={**choices, gene.gene: (changed,)})
            against = [(drug, source) for drug, source in _against(rules, gene.gene, combinations) if drug not in named]
            phenotype = next((code for code, covered in rules.activity[gene.gene].items() if covered.has(score)), None)
            if against and phenotype is not None:
                yield ByCopies(gene.gene, more, phenotype, tuple(against))


def _with_score(definition: GeneDefinition, score: float) -> GeneChoice:
    tables = sorted(definition.phenotypes.items())
    stated = tuple((scheme, phenotype_of_score(table, score)) for scheme, table in tables)
    return GeneChoice(definition.gene, (), "", stated, frozenset(), activity=ActivityRange.exactly(score))


def _against(rules: PreparedRules, gene: str, combinations: DiplotypeCombinations) -> list[tuple[str, str]]:
    """Return the drugs of the rules that speak against them for a combination without hidden alleles, with the sources, each once."""
    found: dict[tuple[str, str], None] = {}
    for case, against in rules.against_by_gene.get(gene, ()):
        if holds_if(case, combinations):
            found |= dict.fromkeys(against)
    return list(found)
