"""Calls of many samples: each distinct pattern of a gene or a variant is called once, and joined back to the samples that have it.

People share most genotypes: 3,202 of the 1000 Genomes Project have 82 patterns at the sites of CYP2C19 and 376 at those of CYP2D6. One
sample is a block of one.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.calling.caveats import Caveats
from trdpgx.calling.genes import Asked, call_gene
from trdpgx.calling.looked_at import NOWHERE, SearchedRegions
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.calling.variants import VariantSite, report_variant, variant_sites
from trdpgx.model.gene import GeneDefinition
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import Assembly, SampleSites
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.site_columns import SampleBlock
from trdpgx.model.variant_report import VariantReport

_Report = TypeVar("_Report", GeneReport, VariantReport)
_WEIGHT = 12
"""The weight of a gene's report in the memo: it takes as much memory as this many diplotypes."""
_KEPT = 30_000
"""The weight of what is kept for the next block: the results of some 1,000 patterns, 40 MB."""


class PatternCalls(Struct, Generic[_Report], frozen=True):
    """The calls of one gene or variant: the ``distinct`` ones, and for each sample of the block the index of its own among them."""

    name: str
    distinct: Sequence[_Report]
    index: Sequence[int]

    def of(self, sample: int) -> _Report:
        """Return the call of a sample, by its number in the block."""
        return self.distinct[self.index[sample]]


class PatternCaller:
    """Calls blocks of samples, of one input or of several on one assembly. What one block leaves for the next is released with it."""

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

    def genes(self, block: SampleBlock) -> list[PatternCalls[GeneReport]]:
        """Return the calls of each gene of the reference, in its order, for the samples of a block."""
        position = {site.id: number for number, site in enumerate(block.columns.sites)}
        called = [self._gene(block, position, definition) for definition in self._reference.genes.values()]
        self._memo.forget(_KEPT)
        return called

    def variants(self, block: SampleBlock) -> list[PatternCalls[VariantReport]]:
        """Return the report of each variant of the reference, in its order, for the samples of a block."""
        position = {site.id: number for number, site in enumerate(block.columns.sites)}
        assuming = self._options.absent is AbsentOption.REFERENCE
        beside = [block.beside(sample) for sample in range(len(block))] if assuming else []
        searched = [(one.searched, one.looked_at) for one in beside] if assuming else None
        return [
            self._variant(block, None if located.site is None else position.get(located.site.id), located, searched)
            for located in variant_sites(self._reference, self._assembly)
        ]

    def _variant(
        self, block: SampleBlock, site: int | None, located: VariantSite, searched: Sequence[Hashable] | None
    ) -> PatternCalls[VariantReport]:
        keys: Sequence[Hashable] = (0,) * len(block)
        if site is not None and len(block) > 1:
            keys = block.columns.at(site)
        if searched is not None:
            keys = list(zip(keys, searched, strict=True))

        def report(sample: int, _: Hashable) -> VariantReport:
            part = block.part(sample, () if site is None else (site,))
            return report_variant(located, part, self.where(part))

        return _each_once(located.unseen.id, keys, report)

    def _gene(self, block: SampleBlock, position: dict[str, int], definition: GeneDefinition) -> PatternCalls[GeneReport]:
        sites = [position[site] for site in definition.sites if site in position]

        def report(sample: int, key: Hashable) -> GeneReport:
            return self._memo.get(key, lambda: self._call(block, sample, sites, definition), lambda _: _WEIGHT)

        return _each_once(definition.gene, self._keys(block, sites, definition.gene), report)

    def _keys(self, block: SampleBlock, sites: Sequence[int], gene: str) -> Sequence[Hashable]:
        """Return a key for each sample: samples with the same key have the same call, in another block or input as well."""
        columns = block.columns
        patterns = columns.patterns(sites) if sites else [b""] * len(block)
        unknown = columns.unknown(sites).tolist() if sites else [False] * len(block)
        remarks = columns.remark[sites].T.tolist() if columns.remark[sites].any() else None
        listed = tuple([columns.sites[site].id for site in sites])
        keys: list[Hashable] = []
        for sample, (pattern, own) in enumerate(zip(patterns, unknown, strict=True)):
            beside = block.beside(sample)
            structural = tuple([record for record in beside.structural if record.gene == gene])
            remarked = None if remarks is None else tuple([columns.remarks.values[code] for code in remarks[sample]])
            # Whether a gene is called without an unknown base depends on what else the person carries, so nobody else shares that call.
            keys.append((gene, listed, pattern, remarked, structural, beside.searched, beside.looked_at, object() if own else None))
        return keys

    def _call(self, block: SampleBlock, number: int, sites: Sequence[int], definition: GeneDefinition) -> GeneReport:
        sample = block.part(number, sites)
        asked = Asked(
            self._reference, self._assembly, sample, self._options, self._memo, self.where(sample), self._open_from, self._caveats
        )
        return call_gene(asked, definition)

    def where(self, sample: SampleSites) -> SearchedRegions:
        """Return where absent sites may be taken as reference."""
        if self._options.absent is not AbsentOption.REFERENCE:
            return NOWHERE
        return replace(self._looked, chromosomes=sample.searched, sites=sample.looked_at)


def _each_once(name: str, keys: Sequence[Hashable], call: Callable[[int, Hashable], _Report]) -> PatternCalls[_Report]:
    """Call the first sample with each key, by its number in the block and its key, and join the others to it."""
    first: dict[Hashable, int] = {}
    distinct: list[_Report] = []
    index: list[int] = []
    for sample, key in enumerate(keys):
        number = first.setdefault(key, len(distinct))
        if number == len(distinct):
            distinct.append(call(sample, key))
        index.append(number)
    return PatternCalls(name, distinct, index)
