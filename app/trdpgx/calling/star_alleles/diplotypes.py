"""Diplotypes and what they mean: functions, activity scores and phenotypes, and where several diplotypes agree."""

from collections.abc import Hashable, Iterable, Mapping, Sequence

from msgspec import Struct, field

from trdpgx.calling.star_alleles.matcher import Match, Pair, match
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.calling.star_alleles.names import natural_key
from trdpgx.calling.star_alleles.pattern import Pattern
from trdpgx.calling.star_alleles.table import AlleleTable
from trdpgx.knowledge.reference.phenotype import ActivityScore, UnknownAlleleError, activity_score, haplotype, members, phenotype
from trdpgx.model.activity import score_range
from trdpgx.model.gene import GeneDefinition, NamedAllele, Phenotype, Scheme, in_order
from trdpgx.model.gene_report import DiplotypeReport, MatchedSite, PhenotypeReport
from trdpgx.texts import both, phrase

UNKNOWN_FUNCTION = "Unknown function"


def phenotype_words(phenotypes: Mapping[Scheme, Phenotype]) -> str:
    """Return a phenotype in words: one word where all schemes agree, and else each scheme's own."""
    codes = list(dict.fromkeys(phenotypes.values()))
    if len(codes) < 2:
        return codes[0].term if codes else ""
    words = (phrase("diplotype_combinations.by_scheme", term=code.term, scheme=scheme) for scheme, code in sorted(phenotypes.items()))
    return ", ".join(words)


class Meaning(Struct, frozen=True, eq=False):
    """Diplotypes that are equally possible, and what they mean together. Compared by identity, so that a memo can have it as a key."""

    diplotypes: tuple[DiplotypeReport, ...] = ()
    phenotypes: Mapping[Scheme, PhenotypeReport] = field(default_factory=dict)
    phenotype_range: tuple[Phenotype, ...] = ()
    activity_score_range: tuple[float, float] | None = None

    @property
    def alleles(self) -> frozenset[str]:
        """The names of the alleles of all diplotypes."""
        return frozenset(name for diplotype in self.diplotypes for name in diplotype.alleles)

    @property
    def phenotype(self) -> PhenotypeReport | None:
        """By CPIC, where all diplotypes agree and nothing leaves it open."""
        return self.phenotypes.get(Scheme.CPIC)

    @property
    def agreed(self) -> Phenotype | None:
        """The CPIC phenotype that all diplotypes have, whatever else leaves it open."""
        codes = {diplotype.phenotype for diplotype in self.diplotypes}
        return codes.pop() if len(codes) == 1 else None


NOTHING_CALLED = Meaning()
"""What no diplotype means."""


def matched(table: AlleleTable, pattern: Pattern, memo: Memo | None = None) -> Meaning:
    """Return the diplotypes that the matcher reports for a pattern, and what they mean. ``memo`` is as in ``match``."""
    memo = Memo() if memo is None else memo
    return memo.get(
        (_matched, table, pattern), lambda: _matched(table, pattern, match(table, pattern, memo)), lambda called: 1 + len(called.diplotypes)
    )


def _matched(table: AlleleTable, pattern: Pattern, matched: Match) -> Meaning:
    definition, pair_sites = table.definition, _PairSites(table, pattern)
    readings: dict[Hashable, DiplotypeMeaning] = {}
    diplotypes = []
    for pair in matched.pairs:
        alleles = (table.alleles[pair.first], table.alleles[pair.second])
        key = tuple((allele.function, allele.activity) for allele in alleles)
        reading = readings.get(key) or readings.setdefault(key, read(definition, alleles))
        diplotypes.append(
            diplotype_report(alleles, reading, phased=matched.phased, score=pair.score, matched_sites=pair_sites.matched_sites(pair))
        )
    return meaning(definition, diplotypes)


def meaning(definition: GeneDefinition, diplotypes: Sequence[DiplotypeReport]) -> Meaning:
    """Return what diplotypes mean together: a phenotype only where all agree, and the ranges."""
    return Meaning(
        tuple(diplotypes),
        _agreed_phenotypes(definition, diplotypes),
        in_order({one.phenotype for one in diplotypes}),
        score_range(one.activity_score for one in diplotypes),
    )


def meaning_of_distinct(definition: GeneDefinition, diplotypes: Iterable[DiplotypeReport]) -> Meaning:
    """Return what diplotypes mean together, each name once and in numeric order."""
    by_name = {diplotype.name: diplotype for diplotype in diplotypes}
    return meaning(definition, [by_name[name] for name in sorted(by_name, key=natural_key)])


class DiplotypeMeaning(Struct, frozen=True):
    """How the schemes read two haplotypes: from their functions and activity values alone."""

    activity: ActivityScore | None
    phenotypes: Mapping[Scheme, Phenotype]


def read(definition: GeneDefinition, alleles: Sequence[NamedAllele]) -> DiplotypeMeaning:
    """Return the activity score of two haplotypes, and their phenotype by every scheme of the gene."""
    phenotypes = {scheme: phenotype(definition, alleles, scheme) for scheme in definition.phenotypes}
    return DiplotypeMeaning(activity_score(definition, alleles), phenotypes)


def named_diplotype(definition: GeneDefinition, first: str, second: str, *, phased: bool) -> DiplotypeReport:
    """Return the report of two haplotypes by name. A name that the definition does not know has an unknown function."""
    return diplotype_of(definition, (known_haplotype(definition, first), known_haplotype(definition, second)), phased=phased)


def diplotype_of(definition: GeneDefinition, haplotypes: tuple[NamedAllele, NamedAllele], *, phased: bool) -> DiplotypeReport:
    """Return the report of two haplotypes, in the numeric order of their names."""
    alleles = sorted(haplotypes, key=lambda one: natural_key(one.name))
    return diplotype_report(alleles, read(definition, alleles), phased=phased)


def known_haplotype(definition: GeneDefinition, name: str) -> NamedAllele:
    """Return a haplotype by name, composed from defined alleles where need be.

    One with a member that is not defined has an unknown function and no activity; the copies of all its members count.
    """
    try:
        return haplotype(definition, name)
    except UnknownAlleleError:
        copies = sum(member.copies for member in members(definition, name)) if definition.copy_number_matters else 1
        return NamedAllele(name=name, bases={}, function=UNKNOWN_FUNCTION, activity=None, callable=False, copies=copies)


def diplotype_report(
    alleles: Sequence[NamedAllele],
    reading: DiplotypeMeaning,
    *,
    phased: bool,
    score: int | None = None,
    matched_sites: tuple[MatchedSite, ...] = (),
) -> DiplotypeReport:
    """Return the report of two haplotypes in the order of the name.

    It is put together without validation: where little was seen there are thousands, and every value here has its type already.
    """
    return DiplotypeReport.model_construct(
        name="/".join(allele.name for allele in alleles),
        alleles=tuple(allele.name for allele in alleles),
        functions=tuple(allele.function for allele in alleles),
        activity_score=reading.activity.value if reading.activity else None,
        activity_score_is_lower_bound=reading.activity.is_lower_bound if reading.activity else False,
        phenotype=reading.phenotypes.get(Scheme.CPIC),
        phenotypes=dict(reading.phenotypes),
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


def _basis(definition: GeneDefinition, scheme: Scheme, diplotypes: Sequence[DiplotypeReport]) -> str:
    table = definition.phenotypes[scheme]
    if not table.bands:
        pairs = dict.fromkeys(both(diplotype.functions) for diplotype in diplotypes)
        return phrase("diplotypes.by_functions", scheme=scheme, pairs="; ".join(pairs))
    scores = dict.fromkeys(score_text(diplotype) for diplotype in diplotypes)
    return phrase("diplotypes.by_score", scheme=scheme, scores="; ".join(scores))


def score_text(diplotype: DiplotypeReport) -> str:
    """Return the activity score as a reader writes it: ``1.25``, ``>=3.0``, ``n/a``."""
    if diplotype.activity_score is None:
        return "n/a"
    return f"{'>=' if diplotype.activity_score_is_lower_bound else ''}{number(diplotype.activity_score)}"


def number(score: float) -> str:
    """Return an activity score with one decimal at least, as the field writes it: ``2.0``, ``0.25``."""
    return f"{score:.2f}".removesuffix("0")


class _PairSites:
    """The sites of a pattern at which a haplotype differs from the table's reference allele, for many pairs in turn."""

    def __init__(self, table: AlleleTable, pattern: Pattern) -> None:
        self._blocks: dict[int, list[tuple[str, str, Mapping[str, int]]]] = {}
        self._ways: list[tuple[int, MatchedSite, MatchedSite]] = []
        for s, genotype in enumerate(pattern):
            if genotype is None:
                continue
            first, second, block = genotype
            if block:
                self._blocks.setdefault(block, []).append((first, second, table.carriers[s]))
            elif table.carriers[s].get(first, 0) & 1:
                continue  # both haplotypes have what the reference allele has
            as_is = MatchedSite(site=table.sites[s], rsid=table.rsids[s], alleles=(first, second))
            self._ways.append((block, as_is, as_is.copy_with(alleles=(second, first)) if block else as_is))

    def matched_sites(self, pair: Pair) -> tuple[MatchedSite, ...]:
        """Return the sites with the haplotypes in the order of the pair; where both ways of a block fit, they stand as they are."""
        i, j = pair.first, pair.second
        turned = {
            block
            for block, sites in self._blocks.items()
            if not all(carriers[first] >> i & 1 and carriers[second] >> j & 1 for first, second, carriers in sites)
        }
        return tuple(other if block in turned else as_is for block, as_is, other in self._ways)
