"""The sites that each allele of a gene is called from, and the alleles that the sites of a file can show."""

from trdpgx.model.base import Model
from trdpgx.model.gene_report import UnseenSite
from trdpgx.model.genome import Assembly


class AlleleSites(Model):
    """Which sites a named allele is called from."""

    allele: str
    callable: bool
    """Whether small-variant records can show it at all."""
    defined_by: tuple[str, ...]
    """Ids of the sites at which it has other bases than the table's reference allele: all of them are needed to call it."""
    same_bases: tuple[str, ...]
    """Alleles that no site of the table tells from it, because of letters that stand for several bases."""


class GeneCoverage(Model):
    """Which alleles of a gene the seen sites of one sample can show, and which they cannot."""

    gene: str
    sites: int
    seen: int
    """Sites with a usable genotype or a good gVCF block, and absent ones that count as reference because the caller asked for it."""
    assumed: int
    """Of the seen ones, how many are not in the file."""
    reference_allele: str
    """The table's reference allele, which is what is left where no other is shown."""
    shown: tuple[str, ...]
    """Alleles that are called if they are there."""
    hidden: tuple["UnshownAllele", ...]
    """Alleles that would be called something else if they were there, because of sites that were not seen."""
    structural: tuple[str, ...]
    """Alleles that small-variant records never show: deletions, duplications, hybrids."""
    unseen_sites: tuple[UnseenSite, ...]


class UnshownAllele(Model):
    """An allele that the seen sites cannot show."""

    allele: str
    looks_like: tuple[str, ...]
    """What it would be called, or be among."""


class VariantCoverage(Model):
    """Whether a variant that is reported as a genotype was seen."""

    id: str
    gene: str
    seen: bool
    reason: str
    """The state of its site, and why it was not seen."""


class SampleCoverage(Model):
    """What the file of one sample can and cannot show."""

    sample: str
    assembly: Assembly
    genes: tuple[GeneCoverage, ...]
    variants: tuple[VariantCoverage, ...]
