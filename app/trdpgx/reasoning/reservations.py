"""What a statement on a drug depends on beyond what was seen: open, disputed or assumed results, or one of several diplotypes."""

from collections.abc import Iterable, Mapping
from enum import IntEnum

from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport
from trdpgx.reasoning.certainty import disputes_of_reported
from trdpgx.reasoning.coverage import hold_for_all


class Reservation(IntEnum):
    """What statements depend on, the least first."""

    NONE = 0
    SOME = 1
    """They hold for some of the possible diplotypes."""
    ASSUMED = 2
    """They rest on sites that were assumed and not observed."""
    DISPUTED = 3
    """They rest on a call that something contradicts."""
    OPEN = 4
    """They rest on a gene whose phenotype is open."""


def reservation(considerations: Iterable[Consideration], genes: Mapping[str, GeneReport]) -> Reservation:
    """Return what considerations depend on, by the one that depends on least. ``genes`` are the person's by name.

    Those of one source that state the same of the same genes count together: they may hold for all diplotypes.
    """
    alike: dict[object, list[Consideration]] = {}
    for one in considerations:
        alike.setdefault((one.source, one.genes, one.action.codes), []).append(one)
    return min((_of_alike(ones, genes) for ones in alike.values()), default=Reservation.NONE)


def _of_alike(considerations: list[Consideration], genes: Mapping[str, GeneReport]) -> Reservation:
    called = [genes[gene] for gene in considerations[0].genes if gene in genes]
    if any(one.basis.open_genes for one in considerations):
        return Reservation.OPEN
    if any(map(disputes_of_reported, called)):
        return Reservation.DISPUTED
    if any(gene.assumed for gene in called):
        return Reservation.ASSUMED
    return Reservation.NONE if hold_for_all(considerations) else Reservation.SOME
