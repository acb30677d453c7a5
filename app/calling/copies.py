"""Copy number: what the file says about deletions, duplications and hybrids of a gene, and what unseen ones would change."""

from collections.abc import Iterator

from app.calling.diplotypes import Meaning, known_haplotype, number
from app.knowledge.phenotype import phenotype_of_score
from app.model.gene import GeneDefinition, Scheme
from app.model.report import CopyNumber, DiplotypeReport, Note

_NOT_APPLICABLE = "Copy number is not part of how this gene is called."
_NOT_ASSESSED = "The file has no copy-number record over the gene, and small-variant records cannot show how many copies there are."


def copy_number(definition: GeneDefinition, called: Meaning) -> CopyNumber:
    """Return what is known about the number of copies of a gene."""
    if not definition.copy_number_matters:
        return CopyNumber(status="not_applicable", evidence=_NOT_APPLICABLE)
    return CopyNumber(
        status="not_assessed",
        evidence=_NOT_ASSESSED,
        structural_possibilities=tuple(_possibilities(definition, called.diplotypes)),
    )


def _possibilities(definition: GeneDefinition, diplotypes: tuple[DiplotypeReport, ...]) -> Iterator[Note]:
    """Yield what an unseen deletion or duplication would do to the activity score, over all diplotypes."""
    if not diplotypes:
        return
    alleles = [tuple(known_haplotype(definition, name) for name in diplotype.alleles) for diplotype in diplotypes]
    homozygous = [pair[0] for pair in alleles if pair[0].name == pair[1].name]
    deleted = [allele.activity for allele in homozygous if allele.activity is not None]
    if deleted:
        names = ", ".join(f"{allele.name}/{allele.name} would be {allele.name}/*5" for allele in homozygous)
        yield Note(
            code="unseen_deletion",
            text=f"If one copy of the gene is deleted (*5), {names}, with an activity score of {_scores(definition, deleted)}.",
        )
    doubled = [
        first.activity + second.activity + twice
        for first, second in alleles
        if first.activity is not None and second.activity is not None
        for twice in (first.activity, second.activity)
    ]
    if doubled:
        yield Note(
            code="unseen_duplication",
            text=f"If one of the alleles is present twice (x2), the activity score would be {_scores(definition, doubled)}; more copies "
            "would raise it further, unless the allele has no function.",
        )


def _scores(definition: GeneDefinition, scores: list[float]) -> str:
    """Return distinct scores with their CPIC phenotype: ``2.0 (Normal Metabolizer) or 3.0 (Ultrarapid Metabolizer)``."""
    table = definition.phenotypes.get(Scheme.CPIC)
    shown = [f"{number(score)}" + (f" ({phenotype_of_score(table, score).term})" if table else "") for score in sorted(set(scores))]
    return " or ".join(shown)
