"""Pharmacogenes as the reference defines them: named alleles, their function, and how functions make a phenotype."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from msgspec import Struct

from trdpgx.model.activity import ActivityRange

NO_FUNCTION = "No function"
"""The function of an allele that does nothing, in the words of the reference."""


class Phenotype(StrEnum):
    """A metaboliser phenotype, by the code that rules use (terms: Caudle 2017, PMID 27441996)."""

    UM = "UM"
    RM = "RM"
    NM = "NM"
    LIKELY_IM = "Likely IM"
    IM = "IM"
    POSSIBLE_IM = "Possible IM"
    LIKELY_PM = "Likely PM"
    PM = "PM"
    INDETERMINATE = "Indeterminate"
    """Alleles were called, and the function of at least one is not known."""
    NO_RESULT = "No result"
    """No diplotype could be called; nothing is known about this person's gene."""

    @property
    def term(self) -> str:
        """The standard term that a reader knows."""
        return _TERMS[self]


_TERMS = {
    Phenotype.UM: "Ultrarapid Metabolizer",
    Phenotype.RM: "Rapid Metabolizer",
    Phenotype.NM: "Normal Metabolizer",
    Phenotype.LIKELY_IM: "Likely Intermediate Metabolizer",
    Phenotype.IM: "Intermediate Metabolizer",
    Phenotype.POSSIBLE_IM: "Possible Intermediate Metabolizer",
    Phenotype.LIKELY_PM: "Likely Poor Metabolizer",
    Phenotype.PM: "Poor Metabolizer",
    Phenotype.INDETERMINATE: "Indeterminate",
    Phenotype.NO_RESULT: "No result",
}


class Scheme(StrEnum):
    """Whose cut-offs turn activity scores or function pairs into a phenotype. They differ, so both are computed."""

    CPIC = "CPIC"
    DPWG = "DPWG"


class NamedAllele(Struct, frozen=True):
    """A named (star) allele.

    ``bases`` has an entry for each site that the definition spells out: site id -> bases in GRCh38 spelling, IUPAC letters allowed. A site
    that is not in it has the base of the gene's reference allele; where that is itself an IUPAC letter, the base of GRCh38. ``activity`` is
    ``None`` where the source gives no value ("n/a"). ``callable`` is false for structural alleles that no small variant defines
    (CYP2D6*5, *36+*10, *1x2): they come from outside calls or copy-number records only. ``activity_is_lower_bound`` is true for names such
    as ``*1x≥3``.
    """

    name: str
    bases: Mapping[str, str]
    function: str
    activity: float | None
    is_reference: bool = False
    callable: bool = True
    copies: int = 1
    activity_is_lower_bound: bool = False

    def __hash__(self) -> int:
        """Return a hash of what identifies an allele of a gene: the mapping of its bases has none."""
        return hash((self.name, self.function))


def in_order(phenotypes: Collection[Phenotype | None]) -> tuple[Phenotype, ...]:
    """Return phenotypes once each, in the order of the vocabulary (from ultrarapid to poor)."""
    return tuple(one for one in Phenotype if one in phenotypes)


class ActivityBand(Struct, frozen=True):
    """Activity scores in ``scores`` have this phenotype. The bands of a scheme follow on each other without a gap, from 0 to no end."""

    phenotype: Phenotype
    scores: ActivityRange


class PhenotypeTable(Struct, frozen=True):
    """How one scheme reads a gene: by activity-score bands, or by the pair of allele functions (sorted tuple), or not at all."""

    scheme: Scheme
    bands: tuple[ActivityBand, ...]
    pairs: Mapping[tuple[str, str], Phenotype]
    source: str

    @property
    def phenotypes(self) -> frozenset[Phenotype]:
        """Every phenotype that the table gives."""
        return frozenset(band.phenotype for band in self.bands).union(self.pairs.values())


class GeneDefinition(Struct, frozen=True, eq=False):
    """A pharmacogene with named alleles.

    ``sites`` are site ids in the order of their GRCh38 position (the same ids on both assemblies). ``alleles`` starts with the
    reference allele of the table, which need not be ``*1``: CYP2C19's is ``*38``. ``copy_number_matters`` marks genes in which
    deletions, duplications and hybrids are common enough that a small-variant file cannot settle the diplotype (CYP2D6).
    ``hybrids`` are its alleles that are hybrids with a pseudogene, ``hidden_hybrids`` those of them that small variants do not show beside
    their partner in a tandem.
    Compared by identity, so that what is derived from it can be kept.
    """

    gene: str
    sites: tuple[str, ...]
    alleles: tuple[NamedAllele, ...]
    phenotypes: Mapping[Scheme, PhenotypeTable]
    copy_number_matters: bool = False
    has_cpic_function: bool = True
    hybrids: frozenset[str] = frozenset()
    hidden_hybrids: frozenset[str] = frozenset()

    @property
    def reference(self) -> NamedAllele:
        """The table's reference allele: it spells out every site."""
        return self.alleles[0]


class FrequencyTable(Struct, frozen=True):
    """How often the alleles of a gene were called in a cohort: of ``total`` haplotypes ``counts[allele]`` had it.

    An allele that is not in ``counts`` was not seen. ``joint`` names, for an allele, others that the files of the cohort do not tell from
    it: each of them has the count of all together.
    """

    cohort: str
    total: int
    counts: Mapping[str, int]
    joint: Mapping[str, tuple[str, ...]]

    def share(self, allele: str) -> float:
        """Return the share of haplotypes with an allele; half of one if none had it. Alleles that were counted together share evenly."""
        return max(self.counts.get(allele, 0), 0.5) / self.total / (1 + len(self.joint.get(allele, ())))


class SubAlleleVariant(Struct, frozen=True):
    """A base (plus strand) at a defining site that only a sub-allele of a named allele has, by whom, and how it is known."""

    gene: str
    site: str
    base: str
    allele: str
    suballele: str
    source: str
    verification: str


class VariantDefinition(Struct, frozen=True):
    """A variant that is reported as a genotype, with its effect allele on the plus strand (``None`` where no source names one).

    ``id`` is the rsID where there is one. ``site`` is ``None`` where the variant has no coordinates or cannot be read from small-variant
    records (the 5-HTTLPR repeat): the report then states it. ``palindromic`` marks A/T and C/G variants, whose strand cannot be checked.
    """

    id: str
    gene: str
    site: str | None
    hgvs_c: str | None
    hgvs_p: str | None
    effect_allele: str | None
    palindromic: bool
    note: str | None
    verification: str
