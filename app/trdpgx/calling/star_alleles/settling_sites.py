"""Which unseen sites would show hidden alleles if they were there: the fewest that show all of them, the most telling first."""

from functools import lru_cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from trdpgx.calling.star_alleles.hidden import Unseen
from trdpgx.calling.star_alleles.pattern import Pattern
from trdpgx.calling.star_alleles.table import AlleleTable, bits
from trdpgx.model.gene import FrequencyTable


class _Apart(Struct, frozen=True, eq=False):
    """Which alleles a site tells apart.

    ``spelling[s, i]`` numbers the bases of allele ``i`` at site ``s``. ``differs[s, b, k]`` is true where allele ``k`` has none of the
    bases that number ``b`` stands for.
    """

    spelling: NDArray[np.int64]
    differs: NDArray[np.bool_]


def telling_sites(table: AlleleTable, pattern: Pattern, hidden_by: Unseen, frequencies: FrequencyTable | None) -> tuple[str, ...]:
    """Return unseen sites, by rsID or else by id, that together tell every hidden allele from what was called.

    Site by site, the one is taken that shows the most of what is left, by how common the alleles are; one that nobody of the cohort had
    counts as half a chromosome.
    """
    unseen = [s for s, genotype in enumerate(pattern) if genotype is None]
    by_called: dict[int, int] = {}
    for side in (side for both in hidden_by.sides for side in both):
        by_called[side.haplotype.allele] = by_called.get(side.haplotype.allele, 0) | side.hidden
    pairs = [(k, i) for i, hidden in by_called.items() for k in bits(hidden)]
    if not unseen or not pairs:
        return ()
    apart = apart_of(table)
    kept, called = (np.array(column) for column in zip(*pairs, strict=True))
    rows = np.array(unseen)
    shows = apart.differs[rows[:, None], apart.spelling[rows][:, called], kept[None, :]]
    share_of = {k: 1.0 if frequencies is None else frequencies.share(table.alleles[k].name) for k in {k for k, _ in pairs}}
    shares = np.array([share_of[k] for k, _ in pairs])
    left = np.ones(len(pairs), dtype=np.bool_)
    weights = shows @ shares
    taken = []
    while left.any():
        best = int(weights.argmax())
        shown = shows[best] & left
        if not shown.any():
            break
        taken.append(table.label(unseen[best]))
        left &= ~shown
        weights -= shows[:, shown] @ shares[shown]
        weights[best] = 0
    return tuple(taken)


@lru_cache(maxsize=256)
def apart_of(table: AlleleTable) -> _Apart:
    """Work out which alleles each site tells apart; once for each table, from the reference alone."""
    everyone = (1 << len(table.alleles)) - 1
    spelling = np.zeros((len(table.sites), len(table.alleles)), dtype=np.int64)
    sites: list[list[int]] = []
    for s, carriers in enumerate(table.carriers):
        numbers: dict[frozenset[str], int] = {}
        without: list[int] = []
        for i in range(len(table.alleles)):
            bases = table.bases(i, s)
            if bases not in numbers:
                numbers[bases] = len(without)
                alike = 0
                for base in bases:
                    alike |= carriers[base]
                without.append(everyone & ~alike)
            spelling[s, i] = numbers[bases]
        sites.append(without)
    differs = np.zeros((len(sites), max(map(len, sites), default=0), len(table.alleles)), dtype=np.bool_)
    for s, without in enumerate(sites):
        for number, alleles in enumerate(without):
            differs[s, number, list(bits(alleles))] = True
    return _Apart(spelling, differs)
