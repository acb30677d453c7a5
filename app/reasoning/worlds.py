"""Possible worlds: one choice of diplotype for each gene, where the file leaves several.

A rule is asked about each world that it can tell apart. What holds in all of them is a finding; what holds in some is a finding with
a proviso that names the diplotypes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from app.knowledge.conditions import Facts
from app.model.gene import Phenotype, Scheme
from app.model.report import GeneReport, VariantReport
from app.model.rule import AlleleCondition, PhenotypeCondition, Rule


@dataclass(frozen=True, slots=True)
class GeneChoice:
    """What is true of one gene in one world. ``label`` says it as a reader would: ``CYP2C19 *1/*2 (Intermediate Metabolizer)``."""

    gene: str
    label: str
    phenotypes: tuple[tuple[Scheme, Phenotype], ...]
    alleles: frozenset[str]


@dataclass(frozen=True, slots=True)
class World:
    """One choice for each gene that a rule asks about, and the facts that follow."""

    choices: tuple[GeneChoice, ...]
    facts: Facts


class Worlds:
    """The worlds that one person's calls allow."""

    def __init__(self, genes: Sequence[GeneReport], variants: Sequence[VariantReport]) -> None:
        """Read the choices of each gene and the genotypes that were seen."""
        self._choices: Mapping[str, tuple[GeneChoice, ...]] = {gene.gene: _choices(gene) for gene in genes}
        self._effect_alleles = {v.id: v.effect_allele_count for v in variants if v.effect_allele_count is not None}
        self._seen = frozenset(gene.gene for gene in genes if gene.status != "no_call") | frozenset(
            variant.gene for variant in variants if variant.genotype is not None
        )
        self._made: dict[tuple[str, ...], tuple[World, ...]] = {}

    def of(self, rule: Rule) -> tuple[World, ...]:
        """Every combination of choices for the genes that ``rule`` names in a phenotype or allele condition."""
        asked = tuple(dict.fromkeys(c.gene for c in rule.when if isinstance(c, PhenotypeCondition | AlleleCondition)))
        worlds = self._made.get(asked)
        if worlds is None:
            choices = product(*(self._choices.get(gene) or (_nothing(gene),) for gene in asked))
            worlds = self._made[asked] = tuple(World(chosen, self._facts(chosen)) for chosen in choices)
        return worlds

    def _facts(self, choices: Sequence[GeneChoice]) -> Facts:
        return Facts(
            phenotypes={(c.gene, scheme): phenotype for c in choices for scheme, phenotype in c.phenotypes},
            effect_alleles=self._effect_alleles,
            seen=self._seen,
            alleles={c.gene: c.alleles for c in choices if c.alleles},
        )


def _nothing(gene: str) -> GeneChoice:
    return GeneChoice(gene, f"{gene} not called", tuple((scheme, Phenotype.NO_RESULT) for scheme in Scheme), frozenset())


def _choices(gene: GeneReport) -> tuple[GeneChoice, ...]:
    """Distinct choices, in the order of the diplotypes; a gene known by its phenotype alone (an outside call) is one choice."""
    if gene.diplotypes:
        return tuple(
            dict.fromkeys(
                GeneChoice(
                    gene.gene,
                    f"{gene.gene} {diplotype.name}" + (f" ({diplotype.phenotype.term})" if diplotype.phenotype else ""),
                    tuple(sorted(diplotype.phenotypes.items())),
                    frozenset(diplotype.alleles),
                )
                for diplotype in gene.diplotypes
            )
        )
    if gene.phenotypes:
        stated = tuple(sorted((scheme, report.code) for scheme, report in gene.phenotypes.items()))
        return (GeneChoice(gene.gene, f"{gene.gene} {stated[0][1].term}", stated, frozenset()),)
    return (_nothing(gene.gene),)
