"""Masks of rare variants: those that the rules count, and rare synonymous ones as a control."""

from collections.abc import Mapping

import polars as pl

from trdpgx.model.frequency import FrequencyState
from trdpgx.model.library import RuleLibrary
from trdpgx.model.rare import Rarity

QUALIFYING, SYNONYMOUS = "qualifying", "synonymous"
MASKS = (QUALIFYING, SYNONYMOUS)
_TERM = "synonymous_variant"
"""The whole consequence: a variant at a splice site, or that may be missense as well, is no control."""


def with_masks(rare_variants: pl.DataFrame, library: RuleLibrary) -> pl.DataFrame:
    """Return the variants of a mask, with its name in the column ``mask``.

    `qualifying` has the variants that the criteria of the rules count. `synonymous` has the cut-offs of frequency of the same criteria, as
    common variants would make everybody a carrier; an unknown frequency counts as rare in neither.
    """
    cut_offs = _cut_offs(library)
    highest = pl.col("gene").replace_strict(dict(cut_offs), default=max(cut_offs.values(), default=0.0), return_dtype=pl.Float64)
    rare = (pl.col("frequency_state") == FrequencyState.ABSENT.value) | (pl.col("allele_frequency") <= highest)
    control = (pl.col("consequence") == _TERM) & rare.fill_null(value=False)
    mask = pl.when(pl.col("qualifies")).then(pl.lit(QUALIFYING)).when(control).then(pl.lit(SYNONYMOUS))
    return rare_variants.with_columns(mask.alias("mask")).filter(pl.col("mask").is_not_null())


def _cut_offs(library: RuleLibrary) -> Mapping[str, float]:
    """Return the highest frequency that the criteria of each gene count."""
    highest_of: dict[str, float] = {}
    for criterion in library.criteria.values():
        highest = criterion.uncommon_below if Rarity.UNCOMMON in criterion.qualifying else criterion.rare_below
        for gene in (*criterion.genes, *(gene for name in criterion.gene_sets for gene in library.gene_sets[name].genes)):
            highest_of[gene] = max(highest, highest_of.get(gene, 0.0))
    return highest_of
