"""Drugs that would make the phenotype of a called gene slower themselves, if they were taken: the report is made without that."""

from collections.abc import Collection, Iterable, Mapping

from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile
from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.texts import listed, phrase

_SLOWING = frozenset({"strong", "moderate"})
"""Classes of inhibitors that a method of conversion makes another phenotype of."""


def own_inhibition(rulebook: RuleLibrary, genes: Iterable[GeneReport], taken: Collection[str]) -> Mapping[str, str]:
    """Return by drug, of those that are not taken, which called genes it inhibits by the first list that classes it and was read.

    ``genes`` are the person's. A gene that all possible diplotypes leave without activity is left out: there is nothing to inhibit.
    """
    file = rulebook.clinical.of(EnzymeEffectFile)
    active = {gene.gene for gene in genes if gene.status != "no_call" and {*gene.phenotype_range} != {Phenotype.PM}}
    stated: dict[str, list[str]] = {}
    for row in file.rows.values():
        if row.effect != "inhibitor" or row.enzyme not in active or row.drug in taken:
            continue
        by = next((key for key, entry in file.lists.items() if key in row.classes and entry.read), None)
        if by is not None and row.classes[by] in _SLOWING:
            strength = row.classes[by]
            stated.setdefault(row.drug, []).append(
                phrase("own_effects.inhibitor", strength=strength, enzyme=row.enzyme, by=file.lists[by].name)
            )
    return {drug: phrase("own_effects.while_taken", inhibitors=listed(ones)) for drug, ones in stated.items()}
