"""When a rare variant counts: the criteria of ``rules/`` on consequence, frequency and predictors, and about gene sets."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from trdpgx.model.base import Model
from trdpgx.model.consequence import Impact
from trdpgx.model.evidence import Verification


class Predictor(StrEnum):
    """A score that other tools may have written into the upload. None is computed here."""

    CADD = "CADD"
    """PHRED-scaled."""
    REVEL = "REVEL"
    ALPHAMISSENSE = "AlphaMissense"
    """Pathogenicity, 0 to 1."""


class Rarity(StrEnum):
    """Where a frequency lies against the cut-offs of a rule."""

    RARE = "rare"
    UNCOMMON = "uncommon"
    """Above the cut-off for rare, not above the one for uncommon."""
    COMMON = "common"
    UNKNOWN = "unknown"


class GeneSet(Model):
    """A named set of genes, such as the lithium-response genes."""

    id: str
    name: str
    genes: tuple[str, ...] = Field(min_length=1)
    verification: Verification
    """Whether the membership was read in the source that is named."""
    note: str | None = None


class PredictorThreshold(Model):
    """The least score that counts."""

    predictor: Predictor
    minimum: float


class QualifyingRule(Model):
    """Which variants of which genes qualify."""

    id: str
    genes: tuple[str, ...] = ()
    gene_sets: tuple[str, ...] = ()
    """Ids of gene sets whose members count as well."""
    impacts: tuple[Impact, ...] = (Impact.HIGH, Impact.MODERATE)
    rare_below: float = Field(default=0.01, gt=0, le=1)
    """Highest frequency that is still rare."""
    uncommon_below: float = Field(default=0.05, gt=0, le=1)
    """Highest frequency that is still uncommon."""
    qualifying: tuple[Rarity, ...] = (Rarity.RARE, Rarity.UNCOMMON)
    absent_is_rare: bool = True
    """Whether an allele that a searched database does not have counts as rare."""
    predictors: tuple[PredictorThreshold, ...] = ()
    """For MODERATE variants: where one of these scores was annotated, at least one of them has to reach its threshold."""
    verification: Verification
    note: str | None = None

    def all_genes(self, gene_sets: Mapping[str, GeneSet]) -> frozenset[str]:
        """Return the genes that the rule is about, by itself or through a set."""
        return frozenset(self.genes).union(*(gene_sets[name].genes for name in self.gene_sets))
