"""Call diplotypes by trying every pair of alleles of a gene, by the conventions of the matcher but without its code.

It reads the definitions and shares no code with ``trdpgx.calling``. Pairs are entries of matrices. A pair explains a person if, in every
phase set, one of its alleles fits one haplotype and the other allele fits the other. Its score is the number of sites that its alleles
define; an IUPAC code for several bases counts only on a haplotype whose base is not the one of GRCh38.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from trdpgx.model.gene import GeneDefinition
from trdpgx.model.genome import PanelSite
from validation.genomes import Genotype, Person, entry_bases

Matrix = NDArray[np.int32]
_NEVER = -10_000
"""Score of a pair that does not fit; the sites of a gene cannot add up to as much."""


class Brute:
    """The allele table of one gene. ``sites`` are those of GRCh38."""

    def __init__(self, definition: GeneDefinition, sites: Mapping[str, PanelSite]) -> None:
        self.names = [allele.name for allele in definition.alleles if allele.callable]
        self._refs = {site: sites[site].ref for site in definition.sites}
        self._table_entries = {
            site: [
                (frozenset(entry_bases(definition, allele, sites[site])), site in allele.bases)
                for allele in definition.alleles
                if allele.callable
            ]
            for site in definition.sites
        }
        self._spelled = {site: np.array([own for _, own in table_entries]) for site, table_entries in self._table_entries.items()}
        self._carries: dict[tuple[str, str], NDArray[np.int32]] = {}

    def scores(self, person: Person) -> Matrix:
        """Return the score of allele ``i`` with allele ``j`` at ``[i, j]``; below zero where they do not explain the person."""
        blocks: dict[object, list[tuple[str, Genotype]]] = {}
        spelled = np.zeros(len(self.names), dtype=np.bool_)
        for site, own in self._spelled.items():
            genotype = person.get(site)
            if genotype is None:
                continue
            spelled |= own
            alone = genotype.first == genotype.second or genotype.block is None
            blocks.setdefault(site if alone else genotype.block, []).append((site, genotype))
        total: Matrix = np.zeros((len(self.names), len(self.names)), dtype=np.int32)
        for sites in blocks.values():
            first, second = (sum((self._haplotype(site, genotype.haplotypes[n]) for site, genotype in sites), self._none()) for n in (0, 1))
            straight = first[:, None] + second[None, :]
            total = total + np.maximum(straight, straight.T)
        total[~spelled, :] = total[:, ~spelled] = _NEVER
        return total if blocks else np.full_like(total, _NEVER)

    def _none(self) -> NDArray[np.int32]:
        return np.zeros(len(self.names), dtype=np.int32)

    def _haplotype(self, site: str, base: str) -> NDArray[np.int32]:
        """Return for each allele what a base on a haplotype adds to its score, ``_NEVER`` where the base does not fit."""
        known = self._carries.get((site, base))
        if known is None:
            known = np.array([self._worth(site, base, bases, own=own) for bases, own in self._table_entries[site]], dtype=np.int32)
            self._carries[site, base] = known
        return known

    def _worth(self, site: str, base: str, bases: frozenset[str], *, own: bool) -> int:
        if base not in bases:
            return _NEVER
        return int(own and (len(bases) == 1 or base != self._refs[site]))

    def best(self, scores: Matrix) -> set[frozenset[str]]:
        """Return the pairs with the top score among those that explain a person, as sets of names."""
        if scores.max() < 0:
            return set()
        return {frozenset((self.names[i], self.names[j])) for i, j in np.argwhere(scores == scores.max())}

    def explains(self, scores: Matrix, names: Sequence[str]) -> bool:
        """Return whether a pair explains a person."""
        i, j = (self.names.index(name) for name in names)
        return bool(scores[i, j] >= 0)
