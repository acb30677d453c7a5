"""A gene's alleles as bit sets: for each site and base, which alleles can carry it.

Bit ``i`` of a set of alleles is allele ``i`` of the table; bit ``s`` of a set of sites is site ``s``. All questions of the matcher then are
ANDs of Python integers.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache, reduce
from itertools import product
from operator import and_

from msgspec import Struct

from trdpgx.calling.star_alleles.names import natural_key
from trdpgx.model.gene import GeneDefinition, NamedAllele
from trdpgx.model.genome import PanelSite
from trdpgx.model.nucleotides import IUPAC


class AlleleTable(Struct, frozen=True, eq=False):
    """The callable alleles of one gene. It is compared by identity, so that a memo can have it as a key.

    ``carriers[s][base]`` is the set of alleles that can carry ``base`` at site ``s``. A blank entry carries what the reference allele does;
    where that is an IUPAC letter, the base of GRCh38 (CYP2D6*1 is open at two sites, and other alleles spell the letter if they are, too).
    ``plain[i]`` and ``ambiguous[i]`` are the sets of sites that allele ``i`` spells out with one base and with an IUPAC letter.
    ``own[i]`` is the set of sites that allele ``i`` spells out with other bases than the reference allele. ``reference_bases`` are
    those of GRCh38, whatever the assembly of the file, so that a genotype scores the same on both. ``alike[i][s]`` is the set of alleles
    that site ``s`` alone does not tell from allele ``i``, ``overlapping[i]`` the set of those that no site of the whole table does.
    ``kind[i]`` is the kind of allele ``i``: those of one function and one activity value are of one kind.
    """

    definition: GeneDefinition
    sites: tuple[str, ...]
    rsids: tuple[str | None, ...]
    alleles: tuple[NamedAllele, ...]
    reference_bases: tuple[str, ...]
    carriers: tuple[Mapping[str, int], ...]
    plain: tuple[int, ...]
    ambiguous: tuple[int, ...]
    own: tuple[int, ...]
    alike: tuple[tuple[int, ...], ...]
    overlapping: tuple[int, ...]
    rank: tuple[int, ...]
    kind: tuple[int, ...]

    def label(self, site: int) -> str:
        """Return the name by which a reader knows a site: its rsID, or else its id."""
        return self.rsids[site] or self.sites[site]

    def index(self) -> dict[str, int]:
        """Return the number of each allele by its name."""
        return {allele.name: i for i, allele in enumerate(self.alleles)}

    def names(self, alleles: int) -> tuple[str, ...]:
        """Return the names of a set of alleles, in the order of readers."""
        return tuple(self.alleles[i].name for i in sorted(bits(alleles), key=lambda i: self.rank[i]))

    def bases(self, allele: int, site: int) -> frozenset[str]:
        """Return the bases that an allele can carry at a site."""
        blank = _undefined(self.alleles[0], self.sites[site], self.reference_bases[site])
        return bases_of(self.alleles[allele].bases.get(self.sites[site]) or blank)

    def like(self, allele: int, sites: int) -> int:
        """Return the set of alleles that none of ``sites`` tells from ``allele``, itself among them."""
        itself = 1 << allele
        alike, at_site = (1 << len(self.alleles)) - 1, self.alike[allele]
        for site in bits(sites):
            alike &= at_site[site]
            if alike == itself:
                break
        return alike


def bits(number: int) -> Iterator[int]:
    """Yield the positions of the bits that are set, lowest first."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


@cache
def bases_of(entry: str) -> frozenset[str]:
    """Return every base string that an entry of a definition allows: ``R`` is A or G; an entry without IUPAC letters is itself."""
    return frozenset("".join(letters) for letters in product(*(IUPAC.get(letter, letter) for letter in entry)))


@cache
def is_ambiguous(entry: str) -> bool:
    """Return whether an entry holds an IUPAC letter."""
    return any(letter in IUPAC for letter in entry)


def _undefined(reference: NamedAllele, site: str, grch38: str) -> str:
    """Return what an allele has at a site that its definition does not name."""
    return grch38 if is_ambiguous(reference.bases[site]) else reference.bases[site]


def _ranks(alleles: Sequence[NamedAllele]) -> tuple[int, ...]:
    ordered = sorted(range(len(alleles)), key=lambda i: natural_key(alleles[i].name))
    ranks = {i: rank for rank, i in enumerate(ordered)}
    return tuple(ranks[i] for i in range(len(alleles)))


def _kinds(alleles: Sequence[NamedAllele]) -> tuple[int, ...]:
    numbers: dict[tuple[str, float | None], int] = {}
    return tuple(numbers.setdefault((allele.function, allele.activity), len(numbers)) for allele in alleles)


class _ByIdentity:
    """A definition that is compared by identity: definitions hold mappings and have no hash."""

    def __init__(self, definition: GeneDefinition, sites: Mapping[str, PanelSite]) -> None:
        self.definition = definition
        self.sites = sites

    def __hash__(self) -> int:
        return hash((id(self.definition), id(self.sites)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and self.definition is other.definition and self.sites is other.sites


def allele_table(definition: GeneDefinition, grch38: Mapping[str, PanelSite]) -> AlleleTable:
    """Return the table of a gene, made once for each definition. ``grch38`` holds its sites on GRCh38, by site id."""
    return _made(_ByIdentity(definition, grch38))


@lru_cache(maxsize=256)
def _made(key: _ByIdentity) -> AlleleTable:
    definition, sites = key.definition, key.definition.sites
    alleles = (definition.reference, *(allele for allele in definition.alleles[1:] if allele.callable))
    everyone = (1 << len(alleles)) - 1
    entries: dict[str, dict[int, str]] = {site: {} for site in sites}
    for i, allele in enumerate(alleles):
        for site, entry in allele.bases.items():
            entries[site][i] = entry
    carriers: list[dict[str, int]] = []
    alike: list[list[int]] = []
    plain, ambiguous, own = [0] * len(alleles), [0] * len(alleles), [0] * len(alleles)
    for s, site in enumerate(sites):
        reference = bases_of(definition.reference.bases[site])
        blank = bases_of(_undefined(definition.reference, site, key.sites[site].ref))
        carrying = {blank: everyone}
        for i, entry in entries[site].items():
            carrying[blank] ^= 1 << i
            bases = bases_of(entry)
            carrying[bases] = carrying.get(bases, 0) | 1 << i
            (ambiguous if is_ambiguous(entry) else plain)[i] |= 1 << s
            if bases != reference:
                own[i] |= 1 << s
        groups = sorted(((group, bases) for bases, group in carrying.items() if group), key=lambda one: one[0] & -one[0])
        carriers.append({})
        for group, bases in groups:
            for base in bases:
                carriers[s][base] = carriers[s].get(base, 0) | group
        sharing = {bases: sum(group for group, other in groups if bases & other) for _, bases in groups}
        column = [sharing.get(blank, 0)] * len(alleles)
        for i, entry in entries[site].items():
            column[i] = sharing[bases_of(entry)]
        alike.append(column)
    rows = tuple(zip(*alike, strict=True))
    return AlleleTable(
        definition=definition,
        sites=sites,
        rsids=tuple(key.sites[site].rsid for site in sites),
        alleles=alleles,
        reference_bases=tuple(key.sites[site].ref for site in sites),
        carriers=tuple(carriers),
        plain=tuple(plain),
        ambiguous=tuple(ambiguous),
        own=tuple(own),
        alike=rows,
        overlapping=tuple(reduce(and_, set(row)) for row in rows),
        rank=_ranks(alleles),
        kind=_kinds(alleles),
    )
