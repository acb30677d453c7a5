"""Which of the alleles that rules ask for, and that no variant file shows (HLA), nothing is known of."""

from collections.abc import Sequence

from trdpgx.model.report import GeneReport
from trdpgx.reasoning.diplotype_combinations import Asked, Worlds


def untested_alleles(asked: Sequence[tuple[str, str]], genes: Sequence[GeneReport]) -> tuple[tuple[str, str], ...]:
    """Return those of ``asked`` (gene, allele) that were not tested, in their order.

    An allele is known where its gene was typed in full, or where a test looked for this very allele. A test of ``HLA-B*15:02`` says
    nothing of ``HLA-B*15:11``, and a gene without a call says nothing at all.
    """
    concerned = {gene for gene, _ in asked}
    worlds = Worlds([gene for gene in genes if gene.gene in concerned], ())
    return tuple((gene, allele) for gene, allele in asked if not _is_known(gene, allele, worlds))


def _is_known(gene: str, allele: str, worlds: Worlds) -> bool:
    return all(
        gene in world.facts.alleles or (gene, allele) in world.facts.tested for world in worlds.of(((gene, Asked(frozenset({allele}))),))
    )
