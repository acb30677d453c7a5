"""Which unseen sites would show hidden alleles if they were there: the fewest that show all of them, the most telling first."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trdpgx.calling.star_alleles.hidden import Unseen
from trdpgx.calling.star_alleles.pattern import Pattern
from trdpgx.calling.star_alleles.prior import bases_by_site
from trdpgx.calling.star_alleles.table import AlleleTable, bits
from trdpgx.model.gene import FrequencyTable


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
    kept, called = (np.array(column) for column in zip(*pairs, strict=True))
    rows = np.array(unseen)
    shows = differing(table)[rows[:, None], bases_by_site(table)[rows][:, called], kept[None, :]]
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
def differing(table: AlleleTable) -> NDArray[np.bool_]:
    """Return which alleles each site tells apart; once for each table, from the reference alone.

    ``differing(table)[s, b, k]`` is true where allele ``k`` has none of the bases that number ``b`` of ``bases_by_site`` stands for at
    site ``s``.
    """
    numbers = bases_by_site(table)
    everyone = (1 << len(table.alleles)) - 1
    differs = np.zeros((len(table.sites), numbers.max(initial=-1) + 1, len(table.alleles)), dtype=np.bool_)
    for s, row in enumerate(numbers.tolist()):
        for number in set(row):
            differs[s, number, list(bits(everyone & ~table.alike[row.index(number)][s]))] = True
    return differs
