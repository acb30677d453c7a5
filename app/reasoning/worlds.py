"""Possible worlds: one choice of diplotype for each gene, where the file leaves several.

A rule is asked about each world that it can tell apart. What holds in all of them is a finding; what holds in some is a finding with
a proviso that names the diplotypes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from app.knowledge.conditions import Facts
from app.knowledge.outside_genes import single_allele_test
from app.model.gene import Phenotype, Scheme
from app.model.report import DiplotypeReport, GeneReport, VariantReport
from app.model.rule import AlleleCondition, PhenotypeCondition, Rule


@dataclass(frozen=True, slots=True)
class GeneChoice:
    """What is true of one gene in one world. ``label`` says it as a reader would: ``CYP2C19 *1/*2 (Intermediate Metabolizer)``.

    ``tested`` holds single alleles that a test looked for, where the gene was not typed in full.
    """

    gene: str
    label: str
    phenotypes: tuple[tuple[Scheme, Phenotype], ...]
    alleles: frozenset[str]
    tested: tuple[tuple[str, bool], ...] = ()


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
            tested={(c.gene, allele): carried for c in choices for allele, carried in c.tested},
        )


def _nothing(gene: str) -> GeneChoice:
    return GeneChoice(gene, f"{gene} not called", tuple((scheme, Phenotype.NO_RESULT) for scheme in Scheme), frozenset())


def _choices(gene: GeneReport) -> tuple[GeneChoice, ...]:
    """Distinct choices, in the order of the diplotypes; a gene known by its phenotype alone (an outside call) is one choice.

    Tests of single alleles (``HLA-B *15:02 negative``) exclude none of each other: all of them hold in the one choice.
    """
    tests = tuple(test for test in (single_allele_test(diplotype.name) for diplotype in gene.diplotypes) if test is not None)
    if tests:
        label = ", ".join(f"{gene.gene} {diplotype.name}" for diplotype in gene.diplotypes)
        return (GeneChoice(gene.gene, label, (), frozenset(), tests),)
    if gene.diplotypes:
        return tuple(
            dict.fromkeys(
                GeneChoice(
                    gene.gene,
                    f"{gene.gene} {diplotype.name}{_read_as(diplotype)}",
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


def _read_as(diplotype: DiplotypeReport) -> str:
    """Say the phenotype; where the schemes read the diplotype differently, what each of them says."""
    codes = set(diplotype.phenotypes.values())
    if len(codes) > 1:
        return " (" + ", ".join(f"{code.term} by {scheme}" for scheme, code in sorted(diplotype.phenotypes.items())) + ")"
    return f" ({diplotype.phenotype.term})" if diplotype.phenotype else ""
