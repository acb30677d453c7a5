"""Coverage: which alleles can be called from which sites, and which of them the seen sites of a sample can show.

Pure set algebra on the allele table, without any genotype: the result holds whatever the person carries.
"""

from collections.abc import Mapping

from trdpgx.calling.looked_at import NOWHERE, SearchedRegions
from trdpgx.calling.star_alleles.matcher import match
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.calling.star_alleles.pattern import observe, unseen_sites
from trdpgx.calling.star_alleles.table import AlleleTable, allele_table, bits
from trdpgx.calling.variants import call_variants
from trdpgx.model.coverage import AlleleSites, GeneCoverage, SampleCoverage, UnshownAllele, VariantCoverage
from trdpgx.model.gene import GeneDefinition
from trdpgx.model.genome import Assembly, PanelSite, SampleSites
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.variant_report import VariantReport

Showing = tuple[tuple[str, ...], tuple[UnshownAllele, ...]]
"""Alleles that are shown, and alleles that are not."""


def allele_sites(reference: ReferenceLibrary, gene: str) -> tuple[AlleleSites, ...]:
    """Return which sites each allele of a gene is called from, in the order of its table."""
    table = allele_table(reference.genes[gene], reference.sites[Assembly.GRCH38])
    index = table.index()
    rows = []
    for allele in table.definition.alleles:
        i = index.get(allele.name)
        rows.append(
            AlleleSites(
                allele=allele.name,
                callable=i is not None,
                defined_by=() if i is None else tuple(table.sites[s] for s in bits(table.own[i])),
                same_bases=() if i is None else table.names(table.overlapping[i] & ~(1 << i)),
            )
        )
    return tuple(rows)


def assembly_alleles(reference: ReferenceLibrary, gene: str) -> dict[Assembly, tuple[str, ...]]:
    """Return the diplotype of each assembly's own bases: the call of a file without variants under ``absent=reference``."""
    table = allele_table(reference.genes[gene], reference.sites[Assembly.GRCH38])
    made = {}
    for assembly in Assembly:
        sites = reference.sites[assembly]
        matched = match(table, tuple((sites[site].ref, sites[site].ref, 0) for site in table.sites))
        made[assembly] = tuple(table.alleles[i].name for i in matched.haplotypes)
    return made


def sample_coverage(
    reference: ReferenceLibrary,
    assembly: Assembly,
    sample: SampleSites,
    options: Options,
    memo: Memo | None = None,
    *,
    looked: SearchedRegions = NOWHERE,
) -> SampleCoverage:
    """Return what the sites of one sample can and cannot show, whatever the genotypes are. ``memo`` is shared by samples of one file.

    Absent sites are taken as reference where the options ask for it and the file shows that it ``looked`` there.
    """
    memo = Memo() if memo is None else memo
    sites = reference.sites[assembly]
    variants = call_variants(reference, assembly, sample, options, looked=looked)
    assumed_where = looked if options.absent is AbsentOption.REFERENCE else NOWHERE
    return SampleCoverage(
        sample=sample.sample,
        assembly=assembly,
        genes=tuple(_gene(reference, definition, sites, sample, assumed_where, memo=memo) for definition in reference.genes.values()),
        variants=tuple(_variant(report) for report in variants),
    )


def _gene(
    reference: ReferenceLibrary,
    definition: GeneDefinition,
    sites: Mapping[str, PanelSite],
    sample: SampleSites,
    assumed_where: SearchedRegions,
    *,
    memo: Memo,
) -> GeneCoverage:
    table = allele_table(definition, reference.sites[Assembly.GRCH38])
    seen = observe(table, sites, sample, assumed_where)
    usable = sum(1 << s for s, genotype in enumerate(seen.pattern) if genotype is not None)
    shown, hidden = memo.get((showing, table, usable), lambda: showing(table, usable))
    return GeneCoverage(
        gene=definition.gene,
        sites=len(table.sites),
        seen=seen.seen,
        assumed=seen.assumed,
        reference_allele=definition.reference.name,
        shown=shown,
        hidden=hidden,
        structural=tuple(allele.name for allele in definition.alleles if not allele.callable),
        unseen_sites=tuple(unseen_sites(table, seen)),
    )


def showing(table: AlleleTable, seen: int) -> Showing:
    """Return what a set of seen sites (bit ``s`` is site ``s``) can show of each allele but the reference allele.

    An allele is hidden if one of its defining sites was not seen and the seen sites do not distinguish it from some other allele that the
    whole table distinguishes it from: a carrier would then be called that other allele.
    """
    shown, hidden = [], []
    whole = sum(1 << i for i in range(len(table.alleles)) if not table.own[i] & ~seen)
    for i in sorted(range(1, len(table.alleles)), key=lambda i: table.rank[i]):
        alike = table.like(i, seen) & ~table.overlapping[i]
        if alike and not whole >> i & 1:
            hidden.append(UnshownAllele(allele=table.alleles[i].name, looks_like=table.names(alike & whole or alike)))
        else:
            shown.append(table.alleles[i].name)
    return tuple(shown), tuple(hidden)


def _variant(report: VariantReport) -> VariantCoverage:
    reason = report.state if report.reason is None else f"{report.state}: {report.reason}"
    return VariantCoverage(id=report.id, gene=report.gene, seen=report.genotype is not None, reason=reason)
