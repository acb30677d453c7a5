"""Reports of variants, for tests of rules about them."""

from trdpgx.model.genome import SiteState
from trdpgx.model.variant_report import VariantReport


def bdnf(genotype: str | None) -> VariantReport:
    return VariantReport(
        id="rs6265",
        gene="BDNF",
        hgvs_c=None,
        hgvs_p=None,
        location=None,
        ref="C",
        alts=("T",),
        genotype=genotype,
        effect_allele="T",
        effect_allele_count=None if genotype is None else genotype.count("T"),
        state=SiteState.ABSENT if genotype is None else SiteState.CALLED,
    )
