"""Predictors: variants, phenotypes and activity scores of star alleles, and pairs of variants that the review names."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from trdpgx.statistics.frequencies import COPY_CAVEATS

REVIEW_PAIRS = (("HTR2A", "BDNF", ("rs6265",)), ("GRIK4", "HTR2A", ("rs7997012",)))
"""Interactions that the review names: every variant of the first gene with these variants of the second."""
_BASE = "NM"
"""Phenotype that others are compared with."""


class TestedPredictor(Struct, frozen=True):
    """One number for each person; NaN where it is not known."""

    kind: str
    """`variant`, `phenotype`, `activity_score`, `interaction` or `burden`."""
    genes: tuple[str, ...]
    name: str
    values: NDArray[np.float64]
    allele: str | None = None
    """Allele that is counted, on the plus strand; of an interaction, of both variants."""
    labels: tuple[str, ...] = ()
    """Names of the values 0, 1, 2 in the counts; empty for other predictors."""
    beside: tuple[NDArray[np.float64], ...] = ()
    """Further columns of the model: the two main effects of an interaction."""
    note: str | None = None


def predictors(tables: Mapping[str, pl.DataFrame], samples: Sequence[str], *, interactions: bool = True) -> Iterator[TestedPredictor]:
    """Yield the predictors of these samples, in the order of genes and variants in the tables."""
    variants = {one.name: one for one in variant_predictors(tables["variants"], samples)}
    yield from variants.values()
    yield from _star_alleles(tables["genes"], samples)
    if interactions:
        yield from _interactions(list(variants.values()))


def variant_predictors(variants: pl.DataFrame, samples: Sequence[str]) -> Iterator[TestedPredictor]:
    """Yield the number of effect alleles of each variant, or of its first ALT allele where the effect allele is open."""
    position = {name: number for number, name in enumerate(samples)}
    for (name,), rows in variants.filter(pl.col("genotype").is_not_null()).group_by(["id"], maintain_order=True):
        effect, alts = rows["effect_allele"][0], rows["alts"][0].to_list()
        allele = effect or (alts[0] if alts else None)
        if allele is None:
            continue
        values = np.full(len(samples), np.nan)
        for sample, genotype in rows.select("sample", "genotype").iter_rows():
            bases = genotype.replace("|", "/").split("/")
            if sample in position and len(bases) == 2:
                values[position[sample]] = bases.count(allele)
        other = next((base for base in (rows["ref"][0], *alts) if base != allele), "other")
        note = None if effect else "the effect allele is open: the ALT allele is counted"
        labels = (f"{other}/{other}", f"{other}/{allele}", f"{allele}/{allele}")
        yield TestedPredictor("variant", (rows["gene"][0],), str(name), values, allele, labels, note=note)


def _star_alleles(genes: pl.DataFrame, samples: Sequence[str]) -> Iterator[TestedPredictor]:
    """Yield each phenotype against normal metabolizers, and the activity score where the gene has one; open calls are not known."""
    certain = genes.filter(pl.col("phenotype").is_not_null(), ~pl.col("phenotype_open"))
    for (gene,), rows in certain.group_by(["gene"], maintain_order=True):
        phenotype = dict(rows.select("sample", "phenotype").iter_rows())
        note = None if COPY_CAVEATS.isdisjoint(rows["caveats"].explode().to_list()) else "copy number not assessed for all"
        for other in sorted(set(phenotype.values()) - {_BASE, "Indeterminate"}):
            states = {_BASE: 0.0, other: 1.0}
            values = np.array([states.get(phenotype.get(sample, ""), np.nan) for sample in samples])
            yield TestedPredictor("phenotype", (str(gene),), f"{gene} {other} against {_BASE}", values, labels=(_BASE, other), note=note)
        scored = rows.filter(pl.col("activity_score_lowest") == pl.col("activity_score_highest"))
        scores = dict(scored.select("sample", "activity_score_lowest").iter_rows())
        if scores:
            values = np.array([scores.get(sample, np.nan) for sample in samples], dtype=np.float64)
            yield TestedPredictor("activity_score", (str(gene),), f"{gene} activity score", values, note=note)


def _interactions(variants: Sequence[TestedPredictor]) -> Iterator[TestedPredictor]:
    """Yield the products of two variants; both are further columns of the model."""
    for first_gene, second_gene, named in REVIEW_PAIRS:
        firsts = [one for one in variants if one.genes == (first_gene,)]
        seconds = [one for one in variants if one.genes == (second_gene,) and one.name in named]
        for first, second in product(firsts, seconds):
            yield TestedPredictor(
                "interaction",
                (first_gene, second_gene),
                f"{first.name} x {second.name}",
                first.values * second.values,
                f"{first.allele} x {second.allele}",
                beside=(first.values, second.values),
            )
