"""PharmCAT's phenotype file of a gene (CPIC's functions and diplotypes) against our allele table and phenotype tables."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from trdpgx.knowledge.compared.differences import ComparedFileError, Difference
from trdpgx.knowledge.definitions.pharmcat import activity_value, functions_of
from trdpgx.knowledge.reference.phenotype import UnknownAlleleError, activity_score, diplotype_haplotypes, phenotype_of
from trdpgx.model.gene import GeneDefinition, Scheme
from trdpgx.model.library import ReferenceLibrary


def compare_phenotypes(path: Path, content: Mapping[str, Any], reference: ReferenceLibrary) -> Iterator[Difference]:
    """Yield every difference. Raises ``ComparedFileError`` for a gene that we have no named alleles of."""
    gene = str(content["gene"])
    definition = reference.genes.get(gene)
    if definition is None:
        raise ComparedFileError(f"{gene} is no gene with named alleles of the reference")
    own = {allele.name: allele for allele in definition.alleles}
    stated = functions_of(path, content)
    named = {
        str(name).replace(" ", "")
        for name in (*(content.get("haplotypes") or ()), *(one["name"] for one in content.get("namedAlleles") or ()))
    }
    for name, (function, activity) in stated.items():
        allele = own.get(name)
        if allele is None:
            yield Difference("allele_new", f"{gene}{name}", "not in alleles.csv", function)
            continue
        if allele.function != function:
            yield Difference("function", f"{gene}{name}", allele.function, function)
        if activity is not None and allele.activity is not None and allele.activity != activity:
            yield Difference("activity", f"{gene}{name}", f"{allele.activity:g}", f"{activity:g}")
    for name, allele in own.items():
        if named and name not in named and allele.function not in {"Unknown function", "Uncertain function"}:
            yield Difference("allele_gone", f"{gene}{name}", allele.function, "not in the file")
    for one in content.get("diplotypes") or ():
        yield from _diplotype(gene, definition, one)


def _diplotype(gene: str, definition: GeneDefinition, one: Mapping[str, Any]) -> Iterator[Difference]:
    name = str(one.get("diplotype", "")).replace(" ", "")
    try:
        pair = diplotype_haplotypes(definition, name)
        ours = phenotype_of(definition, name).get(Scheme.CPIC)
    except UnknownAlleleError:
        return
    theirs = str(one.get("phenotype") or one.get("generesult") or "")
    if ours is not None and theirs and ours.term.casefold() != theirs.casefold():
        yield Difference("phenotype", f"{gene} {name}", ours.term, theirs)
    their_score = activity_value(one.get("activityScore") or one.get("activityscore"))
    score = activity_score(definition, pair)
    if their_score is not None and (score is None or score.value != their_score):
        yield Difference("score", f"{gene} {name}", "none" if score is None else f"{score.value:g}", f"{their_score:g}")
