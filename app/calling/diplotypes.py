"""Diplotypes and what they mean: functions, activity scores and phenotypes, and where several diplotypes agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.calling.matcher import Pair, match
from app.calling.names import natural_key
from app.calling.pattern import Genotype, Pattern
from app.calling.table import AlleleTable
from app.knowledge.phenotype import UnknownAlleleError, activity_score, haplotype, phenotype
from app.model.gene import GeneDefinition, NamedAllele, Phenotype, Scheme
from app.model.report import DiplotypeReport, MatchedSite, PhenotypeReport

UNKNOWN_FUNCTION = "Unknown function"


@dataclass(frozen=True, slots=True)
class Meaning:
    """Diplotypes that are equally possible, and what they mean together."""

    diplotypes: tuple[DiplotypeReport, ...]
    phenotypes: Mapping[Scheme, PhenotypeReport]
    phenotype_range: tuple[Phenotype, ...]
    activity_score_range: tuple[float, float] | None

    @property
    def phenotype(self) -> PhenotypeReport | None:
        """By CPIC, where all diplotypes agree."""
        return self.phenotypes.get(Scheme.CPIC)


@lru_cache(maxsize=8192)
def matched(table: AlleleTable, pattern: Pattern) -> Meaning:
    """Return the diplotypes that the matcher reports for a pattern, and what they mean. A pattern seen before is not computed again."""
    found = match(table, pattern)
    diplotypes = [
        diplotype_report(
            table.definition,
            (table.alleles[pair.first], table.alleles[pair.second]),
            phased=found.phased,
            score=pair.score,
            matched_sites=_matched_sites(table, pattern, pair),
        )
        for pair in found.pairs
    ]
    return meaning(table.definition, diplotypes)


def meaning(definition: GeneDefinition, diplotypes: Sequence[DiplotypeReport]) -> Meaning:
    """Return what diplotypes mean together: a phenotype only where all agree, and the ranges."""
    return Meaning(
        tuple(diplotypes), _agreed_phenotypes(definition, diplotypes), _phenotype_range(diplotypes), _activity_score_range(diplotypes)
    )


def named_diplotype(definition: GeneDefinition, first: str, second: str, *, phased: bool) -> DiplotypeReport:
    """Return the report of two haplotypes by name. A name that the definition does not know has an unknown function."""
    ordered = sorted((first, second), key=natural_key)
    return diplotype_report(definition, [known_haplotype(definition, name) for name in ordered], phased=phased)


def known_haplotype(definition: GeneDefinition, name: str) -> NamedAllele:
    """Return a haplotype by name, composed from defined alleles where need be; an unknown one has no activity and no function."""
    try:
        return haplotype(definition, name)
    except UnknownAlleleError:
        return NamedAllele(name=name, bases={}, function=UNKNOWN_FUNCTION, activity=None, callable=False)


def diplotype_report(
    definition: GeneDefinition,
    alleles: Sequence[NamedAllele],
    *,
    phased: bool,
    score: int | None = None,
    matched_sites: tuple[MatchedSite, ...] = (),
) -> DiplotypeReport:
    """Return the report of two haplotypes in the order of the name, read by every scheme of the gene."""
    activity = activity_score(definition, alleles)
    phenotypes = {scheme: code for scheme in definition.phenotypes if (code := phenotype(definition, alleles, scheme)) is not None}
    return DiplotypeReport(
        name="/".join(allele.name for allele in alleles),
        alleles=tuple(allele.name for allele in alleles),
        functions=tuple(allele.function for allele in alleles),
        activity_score=activity.value if activity else None,
        activity_score_is_lower_bound=activity.is_lower_bound if activity else False,
        phenotype=phenotypes.get(Scheme.CPIC),
        phenotypes=phenotypes,
        phased=phased,
        score=score,
        matched_sites=matched_sites,
    )


def _agreed_phenotypes(definition: GeneDefinition, diplotypes: Sequence[DiplotypeReport]) -> dict[Scheme, PhenotypeReport]:
    """Return the phenotype of each scheme in which all diplotypes agree."""
    if not diplotypes:
        return {}
    agreed = {}
    for scheme in definition.phenotypes:
        codes = {diplotype.phenotypes.get(scheme) for diplotype in diplotypes}
        code = codes.pop()
        if not codes and code is not None:
            agreed[scheme] = PhenotypeReport(term=code.term, code=code, basis=_basis(definition, scheme, diplotypes))
    return agreed


def _phenotype_range(diplotypes: Sequence[DiplotypeReport]) -> tuple[Phenotype, ...]:
    """Return every CPIC phenotype that the diplotypes allow, in the order of the vocabulary (from ultrarapid to poor)."""
    allowed = {diplotype.phenotype for diplotype in diplotypes}
    return tuple(code for code in Phenotype if code in allowed)


def _activity_score_range(diplotypes: Sequence[DiplotypeReport]) -> tuple[float, float] | None:
    """Return the lowest and the highest activity score; ``None`` where none of the diplotypes has one."""
    scores = [diplotype.activity_score for diplotype in diplotypes if diplotype.activity_score is not None]
    return (min(scores), max(scores)) if scores else None


def _basis(definition: GeneDefinition, scheme: Scheme, diplotypes: Sequence[DiplotypeReport]) -> str:
    table = definition.phenotypes[scheme]
    if not table.bands:
        pairs = dict.fromkeys(" and ".join(diplotype.functions) for diplotype in diplotypes)
        return f"{scheme} table of function pairs: {'; '.join(pairs)}"
    scores = dict.fromkeys(score_text(diplotype) for diplotype in diplotypes)
    return f"{scheme} cut-offs of the activity score: {'; '.join(scores)}"


def score_text(diplotype: DiplotypeReport) -> str:
    """Return the activity score as a reader writes it: ``1.25``, ``>=3.0``, ``n/a``."""
    if diplotype.activity_score is None:
        return "n/a"
    return f"{'>=' if diplotype.activity_score_is_lower_bound else ''}{number(diplotype.activity_score)}"


def number(score: float) -> str:
    """Return an activity score with one decimal at least, as the field writes it: ``2.0``, ``0.25``."""
    return f"{score:.2f}".removesuffix("0")


def _matched_sites(table: AlleleTable, pattern: Pattern, pair: Pair) -> tuple[MatchedSite, ...]:
    """Return the seen sites at which a strand differs from the table's reference allele, with the strands in the order of the pair."""
    straight = _orientations(table, pattern, pair)
    found = []
    for s, genotype in enumerate(pattern):
        if genotype is None:
            continue
        first, second, block = genotype
        reference = table.bases(0, s)
        if first in reference and second in reference and first == second:
            continue
        strands = (first, second) if straight.get(block, True) else (second, first)
        found.append(MatchedSite(site=table.sites[s], rsid=table.rsids[s], alleles=strands))
    return tuple(found)


def _orientations(table: AlleleTable, pattern: Pattern, pair: Pair) -> dict[int, bool]:
    """Return for each block whether the pair fits its strands as they are; where both ways fit, they do."""
    straight: dict[int, bool] = {}
    for s, genotype in enumerate(pattern):
        if genotype is not None and genotype[2]:
            straight[genotype[2]] = straight.get(genotype[2], True) and _fits(table, s, genotype, pair)
    return straight


def _fits(table: AlleleTable, site: int, genotype: Genotype, pair: Pair) -> bool:
    return genotype[0] in table.bases(pair.first, site) and genotype[1] in table.bases(pair.second, site)
