"""A sample's genotypes at the sites of one gene, in the one form that the matcher and its memo take."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from trdpgx.calling.looked_at import SearchedRegions
from trdpgx.calling.star_alleles.table import AlleleTable
from trdpgx.model.gene_report import UnseenSite
from trdpgx.model.genome import NoCallReason, PanelSite, SampleSites, SiteCall, SiteState

Genotype = tuple[str, str, int]
"""The bases of two haplotypes, and the block within which these are known to be the same: 0 for a homozygous site, which needs none."""

Pattern = tuple[Genotype | None, ...]
"""One genotype for each site of the table; ``None`` where nothing was seen. Blocks are numbered from 1 in the order of the sites, and
the haplotypes of a block are in the order that sorts the bases of its first site: equal evidence makes equal patterns."""

_ABSENT = SiteCall("", SiteState.ABSENT)
"""How a site that the file does not mention counts."""


class Unknown(Struct, frozen=True):
    """A base string at a defining site that no allele of the table has."""

    site: str
    bases: tuple[str, ...]


class Observation(Struct, frozen=True):
    """What a sample shows of one gene.

    ``seen`` counts the sites with a genotype, the ``assumed`` ones (absent and filled in) included. ``states`` and ``reasons`` are in the
    table's order of sites. ``half`` holds the sites (by index) where one allele is a variant and the other is missing, ``carried`` those
    where a passing record shows a variant that no genotype holds, with its alleles: unseen, and a no-call for the gene.
    """

    pattern: Pattern
    seen: int
    assumed: int
    states: tuple[SiteState, ...]
    reasons: tuple[NoCallReason | None, ...]
    unknown: tuple[Unknown, ...]
    half: tuple[int, ...]
    carried: tuple[tuple[int, tuple[str, ...]], ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether something was seen that no named allele can account for, so that nothing may be called from the other sites."""
        return bool(self.unknown or self.half or self.carried)


def observe(
    table: AlleleTable, sites: Mapping[str, PanelSite], sample: SampleSites, assumed_where: SearchedRegions, *, copies: int | None = None
) -> Observation:
    """Return what a sample shows at the sites of a table. ``sites`` are those of the sample's own assembly.

    Only absent sites are ever taken as reference, where ``assumed_where`` shows that the file looked at them, and as the reference base of
    the sample's assembly: at a few defining sites GRCh37 and GRCh38 differ. ``copies`` is the number of gene copies, where records settle
    it: a haploid genotype is that of the only copy, and a symbolic deletion is the one that was counted.
    """
    blocks = _PhaseBlocks()
    pattern: list[Genotype | None] = []
    states: list[SiteState] = []
    reasons: list[NoCallReason | None] = []
    unknown: list[Unknown] = []
    half: list[int] = []
    carried: list[tuple[int, tuple[str, ...]]] = []
    assumed = 0
    for s, (site, carriers) in enumerate(zip(table.sites, table.carriers, strict=True)):
        call = sample.calls.get(site, _ABSENT)
        if call.state is SiteState.NO_CALL and copies is not None:
            call = _with_copies(call, copies)
        state, reason = call.state, call.reason
        genotype: Genotype | None = None
        if state is not SiteState.NO_CALL and call.carried and copies is None:
            # A deletion of a part of the gene reaches over the site: the row reads the copy that is left.
            reason = NoCallReason.SYMBOLIC
            carried.append((s, call.carried))
        if state is SiteState.CALLED:
            if len(call.alleles) == 2:
                first, second = call.alleles
                genotype = (first, second, 0) if first == second else blocks.heterozygous(s, call)
                if call.unknown or first not in carriers or second not in carriers:
                    undefined = dict.fromkeys(base for base in call.alleles if base in call.unknown or base not in carriers)
                    unknown.append(Unknown(site, tuple(undefined)))
        elif state is SiteState.COVERED_REFERENCE:
            genotype = (sites[site].ref, sites[site].ref, 0)
        elif state is SiteState.ABSENT:
            if site in sites and assumed_where.shows(sites[site]):
                genotype = (sites[site].ref, sites[site].ref, 0)
                assumed += 1
        else:
            shown = tuple(dict.fromkeys(base for base in (*call.alleles, *call.carried) if base != table.reference_bases[s]))
            if shown and call.reason is NoCallReason.HALF_CALL:
                half.append(s)
            elif shown:
                carried.append((s, shown))
        pattern.append(genotype)
        states.append(state)
        reasons.append(reason)
    return Observation(
        pattern=tuple(pattern),
        seen=len(pattern) - pattern.count(None),
        assumed=assumed,
        states=tuple(states),
        reasons=tuple(reasons),
        unknown=tuple(unknown),
        half=tuple(half),
        carried=tuple(carried),
    )


def _with_copies(call: SiteCall, copies: int) -> SiteCall:
    """Return what a call without a genotype is where the number of gene copies is known."""
    if copies == 1 and call.reason is NoCallReason.PLOIDY and len(call.alleles) == 1:
        return call._replace(state=SiteState.CALLED, alleles=call.alleles * 2, reason=None, phased=True)
    if call.carried and all(allele.startswith("<DEL") for allele in call.carried):
        return SiteCall(call.site, SiteState.ABSENT)
    return call


class _PhaseBlocks:
    """Numbers the blocks of a gene in the order of their first sites, and turns each so that the bases of its first site are in order."""

    def __init__(self) -> None:
        self._blocks: dict[object, int] = {}
        self._turned: set[int] = set()

    def heterozygous(self, site: int, call: SiteCall) -> Genotype:
        first, second = call.alleles
        key = ("phase set", call.phase_set) if call.phased else site
        block = self._blocks.get(key)
        if block is None:
            block = self._blocks[key] = len(self._blocks) + 1
            if second < first:
                self._turned.add(block)
        return (second, first, block) if block in self._turned else (first, second, block)


def unseen_sites(table: AlleleTable, seen: Observation) -> Iterator[UnseenSite]:
    """Yield the report of each site of a gene that has no genotype, in the table's order."""
    absent = absent_sites(table)
    for s, genotype in enumerate(seen.pattern):
        if genotype is None and seen.states[s] is SiteState.ABSENT:
            yield absent[s]
        elif genotype is None:
            yield UnseenSite(site=table.sites[s], rsid=table.rsids[s], state=seen.states[s], reason=seen.reasons[s])


@lru_cache(maxsize=256)
def absent_sites(table: AlleleTable) -> tuple[UnseenSite, ...]:
    """Return the report of each site that a file does not mention; made once, as a sparse file leaves out hundreds."""
    return tuple(
        UnseenSite(site=site, rsid=rsid, state=SiteState.ABSENT, reason=None) for site, rsid in zip(table.sites, table.rsids, strict=True)
    )
