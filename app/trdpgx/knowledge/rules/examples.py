"""The examples of a rule, made into facts: diplotypes become phenotypes, genotypes become counts of the effect allele."""

import re
from collections.abc import Collection, Sequence

from trdpgx.knowledge.reference.phenotype import UnknownAlleleError, activity_score, diplotype_haplotypes, phenotype_of
from trdpgx.knowledge.rules.conditions import Facts, holds
from trdpgx.knowledge.rules.outside_genes import OUTSIDE_GENES, OUTSIDE_VARIANTS, single_allele_test
from trdpgx.model.activity import ActivityRange
from trdpgx.model.errors import TrdpgxError
from trdpgx.model.gene import Phenotype, Scheme, VariantDefinition
from trdpgx.model.genome import Assembly
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.rule import Example, RareVariantCondition, Rule

_COUNTING = {"a variant that counts": True, "no variant that counts": False}
_GENOTYPE = re.compile(r"([A-Z]+)[/|]([A-Z]+)")


class ExampleError(TrdpgxError, ValueError):
    """An example that cannot be read: it names something unknown, which the message names."""


def fires(rule: Rule, example: Example, reference: ReferenceLibrary) -> bool:
    """Return whether all conditions of the rule hold for the example. Raises ``ExampleError``."""
    criteria = {condition.criterion for condition in rule.when if isinstance(condition, RareVariantCondition)}
    facts = facts_of(example, reference, criteria)
    return all(holds(condition, facts) for condition in rule.when)


def facts_of(example: Example, reference: ReferenceLibrary, criteria: Collection[str] = ()) -> Facts:
    """Return what is true of a person with exactly these diplotypes, genotypes, and rare variants that count by one of ``criteria``.

    Raises ``ExampleError``.
    """
    counting: set[str] = set()
    phenotypes: dict[tuple[str, Scheme], Phenotype] = {}
    effect_alleles: dict[str, int] = {}
    seen: set[str] = set()
    alleles: dict[str, frozenset[str]] = {}
    tested: dict[tuple[str, str], bool] = {}
    activity: dict[str, ActivityRange] = {}
    variants = {variant.id: variant for variant in reference.variants}
    for name, value in example.given.items():
        if name in reference.genes:
            definition = reference.genes[name]
            try:
                phenotypes.update({(name, scheme): code for scheme, code in phenotype_of(definition, value).items()})
                if value != Phenotype.NO_RESULT:
                    seen.add(name)
                    pair = diplotype_haplotypes(definition, value)
                    alleles[name] = frozenset(allele.name for allele in pair)
                    score = activity_score(definition, pair)
                    activity |= {name: score.range} if score else {}
            except UnknownAlleleError as error:
                raise ExampleError(f"unknown {name} allele '{error.name}'") from error
        elif name in OUTSIDE_GENES:
            if value != Phenotype.NO_RESULT:
                seen.add(name)
                single = single_allele_test(value)
                if single is not None:
                    tested[name, single[0]] = single[1]
                else:
                    alleles[name] = frozenset(value.split("/"))
                _check_outside(name, [single[0]] if single else value.split("/"), 1 if single else 2)
        elif name in variants:
            variant = variants[name]
            seen.add(variant.gene)
            bases = _genotype(variant, value, reference)
            if variant.effect_allele is not None:
                effect_alleles[name] = bases.count(variant.effect_allele)
        elif name in criteria:
            counting |= _counting(name, value)
        else:
            raise ExampleError(f"unknown gene or variant '{name}'")
    return Facts(
        phenotypes=phenotypes,
        effect_alleles=effect_alleles,
        seen=frozenset(seen),
        alleles=alleles,
        tested=tested,
        counting=frozenset(counting),
        activity=activity,
    )


def _genotype(variant: VariantDefinition, value: str, reference: ReferenceLibrary) -> tuple[str, ...]:
    form = OUTSIDE_VARIANTS.get(variant.id)
    if form is not None:
        called = form.fullmatch(value)
        if called is None:
            raise ExampleError(f"'{value}' is not a genotype of {variant.id}, such as L/S")
        return called.groups()
    site = reference.sites[Assembly.GRCH38][variant.site] if variant.site else None
    alleles = {site.ref, *site.alts} if site else set("ACGT")  # any base where the position is still to be located
    match = _GENOTYPE.fullmatch(value)
    if match is None or not alleles.issuperset(match.groups()):
        raise ExampleError(f"'{value}' is not a genotype of {variant.id} (plus strand: {', '.join(sorted(alleles))})")
    return match.groups()


def _counting(criterion: str, value: str) -> set[str]:
    if value not in _COUNTING:
        raise ExampleError(f"'{value}' does not answer '{criterion}': write {' or '.join(_COUNTING)}")
    return {criterion} if _COUNTING[value] else set()


def _check_outside(gene: str, alleles: Sequence[str], count: int) -> None:
    if len(alleles) != count or not all(OUTSIDE_GENES[gene].fullmatch(name) for name in alleles):
        raise ExampleError(f"not a result of {gene}: write two alleles (*15:02/*40:01), or one (*15:02 positive, *15:02 negative)")
