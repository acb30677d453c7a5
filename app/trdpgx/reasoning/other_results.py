"""What a result that contradicts the reported one would mean for drugs: what sources would then state against them, and of their dose."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport, OtherResult
from trdpgx.model.rule import Against
from trdpgx.model.variant_report import VariantReport
from trdpgx.reasoning.diplotype_combinations import DiplotypeCombinations, GeneChoice, choices_of, scored_choices
from trdpgx.reasoning.if_result import holds_if
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.prepared import PreparedRules
from trdpgx.reasoning.statements import source_in_short
from trdpgx.reasoning.summary.drug_groups import changes_course


class Extent(IntEnum):
    """How far sources go with a drug, the gravest first."""

    RULED_OUT = Against.RULED_OUT.rank
    ADVISED_AGAINST = Against.ADVISED_AGAINST.rank
    MAY_BE_RULED_OUT = Against.MAY_BE_RULED_OUT.rank
    CHANGE = len(Against)
    """Another dose, another drug or closer watching, at once or if the course of treatment asks for it."""
    NOTHING = CHANGE + 1


class DrugDifference(NamedTuple):
    """How far sources go with a drug for the reported result and for the other one; the same where they ask for another change."""

    reported: Extent
    other: Extent
    drug: str
    sources: tuple[str, ...] = ()
    """Who would go so far for the other result."""


class ByOtherResult(NamedTuple):
    """What another result of a gene would mean: how drugs would differ, the gravest first; ``None`` where that was not worked out."""

    gene: str
    other: OtherResult
    differences: tuple[DrugDifference, ...] | None = None
    several: bool = False
    """Whether the other result is itself several."""
    is_open: bool = False
    """Whether alleles that were not seen could change it; they are left out here."""


def by_other_results(
    rules: PreparedRules,
    genes: Sequence[GeneReport],
    variants: Sequence[VariantReport],
    considerations: Iterable[Consideration],
) -> Iterator[ByOtherResult]:
    """Yield what each result that contradicts the reported one would mean; nothing for genes that no rule asks about.

    Of diplotypes that are reported beside another one those that change nothing are left out.

    Sources are asked by genotype: what holds under current drugs alone is left out. ``considerations`` are those of the report.
    """
    disputed = [gene for gene in genes if gene.others and gene.gene in rules.cases_by_gene]
    if not disputed:
        return
    order = {drug: number for number, drug in enumerate(rules.rulebook.drugs)}
    choices = {one.gene: scored_choices(one, choices_of(one), rules.activity) for one in genes}
    by_genotype = [one for one in considerations if one.conversion is None and not one.basis.only_if_hidden]
    for gene in disputed:
        apart = [one for one in by_genotype if not rules.asks(one.rule_id, gene.gene)]

        def stated(of_gene: tuple[GeneChoice, ...], name: str = gene.gene, apart: Sequence[Consideration] = apart) -> _Statements:
            combinations = DiplotypeCombinations(genes, variants, choices={**choices, name: of_gene})
            held = (one for case in rules.cases_by_gene[name] if holds_if(case, combinations) for _, one in case.considerations)
            return _Statements(rules, (*apart, *held))

        for other in gene.others:
            if other.report is None:
                yield ByOtherResult(gene.gene, other)
                continue
            own = [one for one in choices[gene.gene] if other.instead_of in {None, *one.names}]
            read = scored_choices(other.report, choices_of(other.report), rules.activity)
            seen = [one for one in read if not one.hidden]
            differences = _differences(order, stated(tuple(own)), stated(read))
            if differences or other.instead_of is None:
                yield ByOtherResult(gene.gene, other, differences, len(seen) > 1, len(seen) < len(read))


class _Statements:
    """What sources state of drugs if some considerations hold."""

    def __init__(self, rules: PreparedRules, considerations: Iterable[Consideration]) -> None:
        self.extent: dict[str, Extent] = {}
        self.changes: dict[str, set[object]] = {}
        self._by: dict[tuple[str, Extent], dict[str, None]] = {}
        for one in considerations:
            if one.source.name == RESEARCH:
                continue
            extent = _extent(rules, one)
            for drug in one.drugs if extent is not Extent.NOTHING else ():
                self.extent[drug] = min(extent, self.extent.get(drug, extent))
                self.changes.setdefault(drug, set()).add((one.source.name, one.action.codes, one.action.dose_change))
                self._by.setdefault((drug, extent), {})[source_in_short(one)] = None

    def sources(self, drug: str) -> tuple[str, ...]:
        """Return the sources that go as far with a drug as any of them does."""
        return tuple(self._by.get((drug, self.extent.get(drug, Extent.NOTHING)), ()))


def _extent(rules: PreparedRules, one: Consideration) -> Extent:
    if against := one.action.against:
        return Extent(against.rank)
    return Extent.CHANGE if changes_course(rules.rulebook, one) else Extent.NOTHING


def _differences(order: Mapping[str, int], reported: _Statements, other: _Statements) -> tuple[DrugDifference, ...]:
    """Return the drugs of which the gravest statement would be another, or, where that is a change, what is asked for."""
    found = []
    for drug in dict.fromkeys((*reported.extent, *other.extent)):
        here, there = reported.extent.get(drug, Extent.NOTHING), other.extent.get(drug, Extent.NOTHING)
        if here is not there or (here is Extent.CHANGE and reported.changes[drug] != other.changes[drug]):
            found.append(DrugDifference(here, there, drug, other.sources(drug)))
    return tuple(sorted(found, key=lambda one: (min(one.reported, one.other), one.other, one.reported, order[one.drug])))
