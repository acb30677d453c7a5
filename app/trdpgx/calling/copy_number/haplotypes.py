"""Diplotypes at a number of gene copies other than two: a deletion opposite the other haplotype, or an allele that is there more often."""

from collections.abc import Sequence

from trdpgx.calling.copy_number.depth import DepthEvidence, favoured
from trdpgx.calling.star_alleles.diplotypes import Meaning, meaning_of_distinct, named_diplotype
from trdpgx.model.gene import GeneDefinition
from trdpgx.texts import phrase


def deletion_of(definition: GeneDefinition) -> str | None:
    """Return the name of the deleted gene (``*5`` of CYP2D6, ``*36`` of CYP2C19); ``None`` where no allele is a whole-gene deletion."""
    return next((allele.name for allele in definition.alleles if not allele.copies), None)


def with_number(
    definition: GeneDefinition, called: Meaning, haplotypes: Sequence[str], copies: int, depth: DepthEvidence, *, deleted: bool
) -> tuple[Meaning, str] | None:
    """Return the diplotypes at a number of copies other than two, and what set them apart; ``None`` where the genotypes contradict.

    ``haplotypes`` are the alleles that explain the genotypes as those of one haplotype. ``deleted``: whether the other one has no copy.
    """
    deletion = deletion_of(definition) or ""
    if copies == 0:
        return None if called.diplotypes else (_meaning(definition, [(deletion, deletion)]), "")
    if not called.diplotypes:
        return called, ""
    if copies == 1 or deleted:
        if not haplotypes:
            return None
        return _meaning(definition, [(deletion, _times(name, copies)) for name in haplotypes]), ""
    pairs: list[tuple[str, str]] = []
    depth_note = ""
    for diplotype in called.diplotypes:
        first, second = diplotype.alleles
        splits = [(n, copies - n) for n in range(1, copies)]
        if first != second:
            choice = favoured(depth, diplotype, copies)
            if choice:
                depth_note = phrase("copy_haplotypes.read_depth", counts=depth.counts(diplotype))
                splits = [(choice, copies - choice)]
        pairs += [(_times(first, n), _times(second, m)) for n, m in splits]
    return _meaning(definition, pairs), depth_note


def _meaning(definition: GeneDefinition, pairs: Sequence[tuple[str, str]]) -> Meaning:
    return meaning_of_distinct(definition, (named_diplotype(definition, first, second, phased=False) for first, second in pairs))


def _times(allele: str, copies: int) -> str:
    return allele if copies == 1 else f"{allele}x{copies}"
