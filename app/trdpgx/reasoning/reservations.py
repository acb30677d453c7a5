"""What a statement on a drug depends on beyond what was seen: open, disputed or assumed results, or one of several diplotypes."""

from collections.abc import Iterable, Mapping
from enum import IntEnum

from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport
from trdpgx.reasoning.certainty import disputes_of_reported
from trdpgx.reasoning.coverage import hold_for_all, put_together


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
    return min((_of_alike(ones, genes) for ones in put_together(considerations)), default=Reservation.NONE)


def of_ruling_out(considerations: Iterable[Consideration], genes: Mapping[str, GeneReport]) -> Reservation:
    """Return what ruling out depends on that holds for every diplotype, by the considerations behind it: a doubted call, or nothing."""
    return reservation((one for one in considerations if one.basis.holds_for == "all"), genes)


def of_call(gene: GeneReport) -> Reservation:
    """Return what makes the call of a gene doubtful: something that contradicts it, or assumed sites."""
    if disputes_of_reported(gene):
        return Reservation.DISPUTED
    return Reservation.ASSUMED if gene.assumed else Reservation.NONE


def _of_alike(considerations: list[Consideration], genes: Mapping[str, GeneReport]) -> Reservation:
    if any(one.basis.open_genes for one in considerations):
        return Reservation.OPEN
    doubt = max((of_call(genes[gene]) for gene in considerations[0].genes if gene in genes), default=Reservation.NONE)
    if doubt is Reservation.NONE and not hold_for_all(considerations):
        return Reservation.SOME
    return doubt
