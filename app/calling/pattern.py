"""A sample's genotypes at the sites of one gene, in the one form that the matcher and its memo take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.calling.table import AlleleTable
from app.model.genome import NoCallReason, PanelSite, SampleSites, SiteCall, SiteState

Genotype = tuple[str, str, int]
"""The bases of two strands, and the block within which strands are known to be the same: 0 for a homozygous site, which needs none."""

Pattern = tuple[Genotype | None, ...]
"""One genotype for each site of the table; ``None`` where nothing was seen. Blocks are numbered from 1 in the order of the sites, and
the strands of a block are in the order that sorts the bases of its first site: equal evidence makes equal patterns."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A base string at a defining site that no allele of the table has."""

    site: str
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """What a sample shows of one gene.

    ``states`` and ``reasons`` are in the table's order of sites; ``assumed`` counts the sites that were filled in. ``half`` holds the
    sites (by index) where one allele is a variant and the other is missing: unseen, and a no-call for the gene.
    """

    pattern: Pattern
    states: tuple[SiteState, ...]
    reasons: tuple[NoCallReason | None, ...]
    assumed: int
    unknown: tuple[Unknown, ...]
    half: tuple[int, ...]

    @property
    def seen(self) -> int:
        """Number of sites with a genotype, assumed ones included."""
        return sum(genotype is not None for genotype in self.pattern)


def observe(table: AlleleTable, sites: Mapping[str, PanelSite], sample: SampleSites, *, absent_is_reference: bool) -> Observation:
    """Return what a sample shows at the sites of a table. ``sites`` are those of the sample's own assembly.

    Only absent sites are ever taken as reference, and as the reference base of the sample's assembly: at four defining sites GRCh37 and
    GRCh38 differ.
    """
    genotypes: list[tuple[str, str] | None] = []
    calls: list[SiteCall | None] = []
    states: list[SiteState] = []
    reasons: list[NoCallReason | None] = []
    unknown: list[Unknown] = []
    half: list[int] = []
    assumed = 0
    for s, site in enumerate(table.sites):
        call = sample.calls.get(site)
        state = call.state if call else SiteState.ABSENT
        genotype: tuple[str, str] | None = None
        if call and state is SiteState.CALLED and len(call.alleles) == 2:
            genotype = (call.alleles[0], call.alleles[1])
            strangers = tuple(dict.fromkeys(base for base in genotype if base in call.unknown or base not in table.carriers[s]))
            if strangers:
                unknown.append(Unknown(site, strangers))
        elif call and call.reason is NoCallReason.HALF_CALL and any(base != table.reference_bases[s] for base in call.alleles):
            half.append(s)
        elif state is SiteState.COVERED_REFERENCE:
            genotype = (sites[site].ref, sites[site].ref)
        elif state is SiteState.ABSENT and absent_is_reference and site in sites:
            genotype = (sites[site].ref, sites[site].ref)
            assumed += 1
        genotypes.append(genotype)
        calls.append(call)
        states.append(state)
        reasons.append(call.reason if call else None)
    return Observation(_pattern(genotypes, calls), tuple(states), tuple(reasons), assumed, tuple(unknown), tuple(half))


def _pattern(genotypes: Sequence[tuple[str, str] | None], calls: Sequence[SiteCall | None]) -> Pattern:
    blocks: dict[object, int] = {}
    turned: set[int] = set()
    pattern: list[Genotype | None] = []
    for s, (genotype, call) in enumerate(zip(genotypes, calls, strict=True)):
        if genotype is None or call is None:
            pattern.append((*genotype, 0) if genotype else None)
            continue
        first, second = genotype
        if first == second:
            pattern.append((first, second, 0))
            continue
        key = ("phase set", call.phase_set) if call.phased else ("site", s)
        block = blocks.get(key)
        if block is None:
            block = blocks[key] = len(blocks) + 1
            if second < first:
                turned.add(block)
        pattern.append((second, first, block) if block in turned else (first, second, block))
    return tuple(pattern)
