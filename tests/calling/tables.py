"""Small hand-made genes and samples, so that a case is short."""

from collections.abc import Mapping, Sequence
from functools import cache
from random import Random

from trdpgx.calling import call_genes
from trdpgx.calling.looked_at import looked_at
from trdpgx.calling.star_alleles.matcher import Pair
from trdpgx.calling.star_alleles.table import AlleleTable, allele_table
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.model.caveat import Caveat
from trdpgx.model.gene import GeneDefinition, NamedAllele
from trdpgx.model.gene_report import DiplotypeReport, GeneReport
from trdpgx.model.genome import Assembly, PanelSite, Purpose, SampleSites, SiteCall, SiteState, StructuralRecord
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.options import Options
from trdpgx.model.outside import OutsideCall

EVERYWHERE = looked_at([*map(str, range(1, 23)), "X", "Y"])
"""The regions that a file with records on every chromosome covers."""


def gene(alleles: Mapping[str, Mapping[str, str]], name: str = "GENE1") -> GeneDefinition:
    """Return a gene from rows of bases; the first row is the reference allele and has a base for every site."""
    rows = list(alleles.items())
    return GeneDefinition(
        gene=name,
        sites=tuple(rows[0][1]),
        alleles=tuple(
            NamedAllele(allele, entries, "Normal function", None, is_reference=i == 0) for i, (allele, entries) in enumerate(rows)
        ),
        phenotypes={},
    )


def panel(definition: GeneDefinition, reference: Mapping[str, str] | None = None) -> dict[str, PanelSite]:
    """Return the sites of a gene; their reference bases are those of its reference allele, unless others are passed."""
    bases = dict(definition.reference.bases) | dict(reference or {})
    return {
        site: PanelSite(site, definition.gene, None, Purpose.ALLELE, "1", n + 100, bases[site], (), bases[site])
        for n, site in enumerate(definition.sites)
    }


@cache
def caveats() -> Mapping[str, Caveat]:
    """Return the caveats of the bundled rules."""
    return load_rulebook(None, library()).caveats


def table(definition: GeneDefinition, reference: Mapping[str, str] | None = None) -> AlleleTable:
    """Return the allele table of a hand-made gene."""
    return allele_table(definition, panel(definition, reference))


def called(genotypes: Mapping[str, str], sets: Mapping[str, int] | None = None) -> SampleSites:
    """Return a sample from genotypes such as ``A/G`` and ``A|G``; ``.`` is a no-call. ``sets`` holds phase sets."""
    calls: dict[str, SiteCall] = {}
    for site, text in genotypes.items():
        if text == ".":
            calls[site] = SiteCall(site, SiteState.NO_CALL)
            continue
        phased = "|" in text
        alleles = tuple(text.replace("|", "/").split("/"))
        calls[site] = SiteCall(site, SiteState.CALLED, alleles, phased=phased or len(set(alleles)) == 1, phase_set=(sets or {}).get(site))
    return SampleSites("sample", calls)


def names(pairs: Sequence[Pair | DiplotypeReport]) -> list[str]:
    """Return the names of pairs or diplotypes."""
    return [pair.name for pair in pairs]


@cache
def library() -> ReferenceLibrary:
    """Return the project's own reference."""
    return load_reference()


def real_table(gene_name: str) -> AlleleTable:
    """Return the allele table of a real gene."""
    reference = library()
    return allele_table(reference.genes[gene_name], reference.sites[Assembly.GRCH38])


def haplotype_bases(alleles: AlleleTable, first: str, second: str, rng: Random) -> dict[str, tuple[str, str]]:
    """Return the bases of two named alleles at every site; an IUPAC entry becomes one of its bases."""
    index = {allele.name: i for i, allele in enumerate(alleles.alleles)}
    return {
        site: (rng.choice(sorted(alleles.bases(index[first], s))), rng.choice(sorted(alleles.bases(index[second], s))))
        for s, site in enumerate(alleles.sites)
    }


def sample_of(genotypes: Mapping[str, tuple[str, str]], *, phased: bool, structural: Sequence[StructuralRecord] = ()) -> SampleSites:
    """Return a sample with these genotypes."""
    return SampleSites(
        "sample",
        {
            site: SiteCall(site, SiteState.CALLED, genotype, phased=phased or genotype[0] == genotype[1])
            for site, genotype in genotypes.items()
        },
        tuple(structural),
    )


def call(
    gene_name: str,
    sample: SampleSites,
    options: Options | None = None,
    assembly: Assembly = Assembly.GRCH38,
    outside: Sequence[OutsideCall] = (),
) -> GeneReport:
    """Return the report of one real gene."""
    reports = call_genes(library(), assembly, sample, options or Options(), outside, caveats=caveats(), looked=EVERYWHERE)
    return next(report for report in reports if report.gene == gene_name)
