"""Which of the alleles that rules ask for, and that no variant file shows (HLA), nothing is known of."""

from collections.abc import Sequence

from trdpgx.model.gene_report import GeneReport
from trdpgx.reasoning.diplotype_combinations import DiplotypeCombinations, GeneQuestion


def untested_alleles(asked: Sequence[tuple[str, str]], genes: Sequence[GeneReport]) -> tuple[tuple[str, str], ...]:
    """Return those of ``asked`` (gene, allele) that were not tested, in their order.

    An allele is known where its gene was typed in full, or where a test looked for this very allele. A test of ``HLA-B*15:02`` is
    no evidence about ``HLA-B*15:11``, and a gene without a call is no evidence at all.
    """
    concerned = {gene for gene, _ in asked}
    reports = [gene for gene in genes if gene.gene in concerned]
    if not reports:
        return tuple(asked)
    combinations = DiplotypeCombinations(reports, ())
    return tuple((gene, allele) for gene, allele in asked if not _is_known(gene, allele, combinations))


def _is_known(gene: str, allele: str, combinations: DiplotypeCombinations) -> bool:
    return all(
        gene in combination.facts.alleles or (gene, allele) in combination.facts.tested
        for combination in combinations.of(((gene, GeneQuestion(frozenset({allele}))),))
    )
