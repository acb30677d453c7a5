"""Possible worlds: one choice of diplotype for each gene, where the file leaves several.

A rule is asked about each world that it can tell apart. What holds in all of them is a finding; what holds in some is a finding with
a proviso that names the diplotypes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeAlias

from app.knowledge.conditions import Facts
from app.knowledge.outside_genes import single_allele_test
from app.model.gene import Phenotype, Scheme
from app.model.report import DiplotypeReport, GeneReport, RareVariantReport, VariantReport
from app.model.rule import AlleleCondition, Condition, PhenotypeCondition

_NAMED = 8
"""So many diplotypes are named; of the others it is said how many there are. The gene's own entry lists them all."""


@dataclass(frozen=True, slots=True)
class GeneChoice:
    """What is true of one gene in one world: the diplotypes (``names``) that a rule cannot tell apart, and how they are read.

    ``tested`` holds single alleles that a test looked for, where the gene was not typed in full.
    """

    gene: str
    names: tuple[str, ...]
    read_as: str
    phenotypes: tuple[tuple[Scheme, Phenotype], ...]
    alleles: frozenset[str]
    tested: tuple[tuple[str, bool], ...] = ()

    @property
    def label(self) -> str:
        """The choice as a reader would say it: ``CYP2C19 *1/*2 or *2/*27 (Intermediate Metabolizer)``."""
        more = len(self.names) - _NAMED
        listed = " or ".join(self.names[:_NAMED]) + (f" or {more} more" if more > 0 else "")
        return " ".join(part for part in (self.gene, listed, self.read_as) if part)


@dataclass(frozen=True, slots=True)
class World:
    """One choice for each gene that a rule asks about, and the facts that follow."""

    choices: tuple[GeneChoice, ...]
    facts: Facts


Question: TypeAlias = tuple[tuple[str, frozenset[str]], ...]
"""The genes that a rule asks about in a phenotype or allele condition, each with the alleles that it asks about."""


def question_of(conditions: Sequence[Condition]) -> Question:
    """Return what conditions ask about diplotypes. The same for everybody, so worked out once."""
    asked: dict[str, frozenset[str]] = {}
    for condition in conditions:
        if isinstance(condition, PhenotypeCondition | AlleleCondition):
            alleles = frozenset(condition.any_of) if isinstance(condition, AlleleCondition) else frozenset()
            asked[condition.gene] = asked.get(condition.gene, frozenset()) | alleles
    return tuple(asked.items())


class Worlds:
    """The worlds that one person's calls allow."""

    def __init__(
        self, genes: Sequence[GeneReport], variants: Sequence[VariantReport], rare_variants: Sequence[RareVariantReport] = ()
    ) -> None:
        """Read the choices of each gene and the genotypes that were seen."""
        self._choices: Mapping[str, tuple[GeneChoice, ...]] = {gene.gene: _choices(gene) for gene in genes}
        self._effect_alleles = {v.id: v.effect_allele_count for v in variants if v.effect_allele_count is not None}
        self._seen = frozenset(gene.gene for gene in genes if gene.status != "no_call") | frozenset(
            variant.gene for variant in variants if variant.genotype is not None
        )
        self._counting = frozenset(judged.rule_id for rare in rare_variants for judged in rare.qualifications if judged.qualifies)
        self._made: dict[Question, tuple[World, ...]] = {}

    def of(self, question: Question) -> tuple[World, ...]:
        """Every combination of choices for the genes that the question names, as far as it can tell them apart."""
        worlds = self._made.get(question)
        if worlds is None:
            choices = product(*(self._grouped(gene, alleles) for gene, alleles in question))
            worlds = self._made[question] = tuple(World(chosen, self._facts(chosen)) for chosen in choices)
        return worlds

    def phenotypes(self, gene: str, scheme: Scheme) -> set[Phenotype]:
        """Every phenotype that a gene has in one of the worlds, by one scheme."""
        return {_phenotype(choice, scheme) for choice in self._choices.get(gene) or (_nothing(gene),)}

    def effect_alleles(self, variant: str) -> int | None:
        """How many effect alleles of a variant were seen; ``None`` where it was not."""
        return self._effect_alleles.get(variant)

    def is_typed(self, gene: str) -> bool:
        """Whether something is known of a gene's named alleles in one of the worlds."""
        return any(choice.alleles or choice.tested for choice in self._choices.get(gene, ()))

    def _grouped(self, gene: str, asked: frozenset[str]) -> tuple[GeneChoice, ...]:
        """Put together the choices that agree in their phenotypes and in the alleles asked about; thousands may become three."""
        grouped: dict[tuple[object, ...], list[GeneChoice]] = {}
        for choice in self._choices.get(gene) or (_nothing(gene),):
            grouped.setdefault((choice.phenotypes, choice.alleles & asked, choice.tested), []).append(choice)
        return tuple(replace(group[0], names=tuple(name for choice in group for name in choice.names)) for group in grouped.values())

    def _facts(self, choices: Sequence[GeneChoice]) -> Facts:
        return Facts(
            phenotypes={(c.gene, scheme): phenotype for c in choices for scheme, phenotype in c.phenotypes},
            effect_alleles=self._effect_alleles,
            seen=self._seen,
            alleles={c.gene: c.alleles for c in choices if c.alleles},
            counting=self._counting,
            tested={(c.gene, allele): carried for c in choices for allele, carried in c.tested},
        )


def _nothing(gene: str) -> GeneChoice:
    return GeneChoice(gene, (), "not called", tuple((scheme, Phenotype.NO_RESULT) for scheme in Scheme), frozenset())


def _phenotype(choice: GeneChoice, scheme: Scheme) -> Phenotype:
    """Return the phenotype of a choice; where a scheme does not tell it, that counts as no result, as in ``Facts``."""
    return next((phenotype for by, phenotype in choice.phenotypes if by == scheme), Phenotype.NO_RESULT)


def _choices(gene: GeneReport) -> tuple[GeneChoice, ...]:
    """Distinct choices, in the order of the diplotypes; a gene known by its phenotype alone (an outside call) is one choice.

    Tests of single alleles (``HLA-B *15:02 negative``) exclude none of each other: all of them hold in the one choice.
    """
    tests = tuple(test for test in (single_allele_test(diplotype.name) for diplotype in gene.diplotypes) if test is not None)
    if tests:
        return (GeneChoice(gene.gene, (), ", ".join(diplotype.name for diplotype in gene.diplotypes), (), frozenset(), tests),)
    if gene.diplotypes:
        return tuple(
            GeneChoice(
                gene.gene,
                (diplotype.name,),
                _read_as(diplotype),
                tuple(sorted(diplotype.phenotypes.items())),
                frozenset(diplotype.alleles),
            )
            for diplotype in gene.diplotypes
        )
    if gene.phenotypes:
        stated = tuple(sorted((scheme, report.code) for scheme, report in gene.phenotypes.items()))
        return (GeneChoice(gene.gene, (), stated[0][1].term, stated, frozenset()),)
    return (_nothing(gene.gene),)


def _read_as(diplotype: DiplotypeReport) -> str:
    """Say the phenotype; where the schemes read the diplotype differently, what each of them says."""
    codes = set(diplotype.phenotypes.values())
    if len(codes) > 1:
        return "(" + ", ".join(f"{code.term} by {scheme}" for scheme, code in sorted(diplotype.phenotypes.items())) + ")"
    return f"({diplotype.phenotype.term})" if diplotype.phenotype else ""
