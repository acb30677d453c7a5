"""Calls of many samples: each distinct pattern of a gene is called once, and the call is joined back to the samples that have it.

People share most genotypes: 3,202 of the 1000 Genomes Project have 82 patterns at the sites of CYP2C19 and 376 at those of CYP2D6. One
sample is a block of one.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from trdpgx.calling.caveats import Caveats
from trdpgx.calling.genes import Asked, call_gene
from trdpgx.calling.looked_at import NOWHERE, SearchedRegions
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.calling.variants import report_variants, variant_sites
from trdpgx.model.gene import GeneDefinition
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import Assembly, SampleSites
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.site_columns import SampleBlock
from trdpgx.model.variant_report import VariantReport


@dataclass(frozen=True, slots=True)
class GeneCalls:
    """The calls of one gene: the ``distinct`` ones, and for each sample the index of its own among them."""

    gene: str
    distinct: Sequence[GeneReport]
    index: Sequence[int]

    def of(self, sample: int) -> GeneReport:
        """Return the call of a sample, by its number in the block."""
        return self.distinct[self.index[sample]]


class PatternCaller:
    """Calls the blocks of one input. What it keeps from one block for the next is let go with it."""

    def __init__(
        self,
        reference: ReferenceLibrary,
        assembly: Assembly,
        options: Options,
        *,
        caveats: Caveats,
        open_from: float,
        looked: SearchedRegions = NOWHERE,
    ) -> None:
        """Take what ``call_genes`` takes; ``looked`` has the targets of the assay, and its chromosomes are each sample's own."""
        self._reference = reference
        self._assembly = assembly
        self._options = options
        self._caveats = caveats
        self._open_from = open_from
        self._looked = looked
        self._memo = Memo()

    def genes(self, block: SampleBlock) -> list[GeneCalls]:
        """Return the calls of each gene of the reference, in its order, for the samples of a block."""
        position = {site.id: number for number, site in enumerate(block.columns.sites)}
        return [self._gene(block, position, definition) for definition in self._reference.genes.values()]

    def variants(self, block: SampleBlock, sample: int) -> tuple[VariantReport, ...]:
        """Return the report of each variant of the reference, in its order, for one sample."""
        wanted = _variant_ids(self._reference, self._assembly)
        sites = [number for number, site in enumerate(block.columns.sites) if site.id in wanted]
        part = block.part(sample, sites)
        return report_variants(self._reference, self._assembly, part, self.where(part))

    def _gene(self, block: SampleBlock, position: dict[str, int], definition: GeneDefinition) -> GeneCalls:
        sites = [position[site] for site in definition.sites if site in position]
        first: dict[Hashable, int] = {}
        distinct: list[GeneReport] = []
        index: list[int] = []
        for sample, key in enumerate(self._keys(block, sites, definition.gene)):
            number = first.setdefault(key, len(distinct))
            if number == len(distinct):
                distinct.append(self._call(block.part(sample, sites), definition))
            index.append(number)
        return GeneCalls(definition.gene, distinct, index)

    def _keys(self, block: SampleBlock, sites: Sequence[int], gene: str) -> Sequence[Hashable]:
        """Return a key for each sample: samples with the same key have the same call."""
        if len(block) == 1:
            return (0,)
        patterns = block.columns.patterns(sites) if sites else [b""] * len(block)
        unknown = block.columns.unknown(sites).tolist() if sites else [False] * len(block)
        keys: list[Hashable] = []
        for sample, (pattern, own) in enumerate(zip(patterns, unknown, strict=True)):
            beside = block.beside(sample)
            structural = tuple(record for record in beside.structural if record.gene == gene)
            # Whether an unknown base is called without rests on what the person carries beside it.
            keys.append((pattern, structural, beside.searched, beside.looked_at, sample if own else None))
        return keys

    def _call(self, sample: SampleSites, definition: GeneDefinition) -> GeneReport:
        asked = Asked(
            self._reference, self._assembly, sample, self._options, self._memo, self.where(sample), self._open_from, self._caveats
        )
        return call_gene(asked, definition)

    def where(self, sample: SampleSites) -> SearchedRegions:
        """Return where absent sites may be taken as reference."""
        if self._options.absent is not AbsentOption.REFERENCE:
            return NOWHERE
        return replace(self._looked, chromosomes=sample.searched, sites=sample.looked_at)


@lru_cache(maxsize=8)
def _variant_ids(reference: ReferenceLibrary, assembly: Assembly) -> frozenset[str]:
    return frozenset(located.site.id for located in variant_sites(reference, assembly) if located.site is not None)
