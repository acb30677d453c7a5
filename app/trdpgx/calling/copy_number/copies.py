"""Copy number: what the file says about deletions, duplications and hybrids of a gene, and what unseen ones would change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from trdpgx.calling.caveats import Caveats, RaisedCaveat, caveat, holding, notes
from trdpgx.calling.copy_number.depth import DepthEvidence, favoured
from trdpgx.calling.copy_number.structural import CopyEvidence
from trdpgx.calling.star_alleles.diplotypes import Meaning, known_haplotype, meaning, named_diplotype, number
from trdpgx.calling.star_alleles.names import natural_key
from trdpgx.knowledge.reference.phenotype import phenotype_of_score
from trdpgx.model.gene import GeneDefinition, NamedAllele, Phenotype, Scheme
from trdpgx.model.gene_report import CopyNumber, DiplotypeReport

_MOST_NUMBERS = 3
"""So many numbers of copies are called side by side, where records leave more than one."""
_NOT_APPLICABLE = CopyNumber(status="not_applicable", evidence="Copy number is not part of how this gene is called.")
_NOT_ASSESSED = "The file has no copy-number record over the gene, and small-variant records cannot show how many copies there are."
_UNSETTLED = "The structural records over the gene do not settle how many copies there are: {seen}."
_STRUCTURAL = "Deletions and hybrids of the gene ({alleles}) have not been looked for. {why}"


@dataclass(frozen=True, slots=True)
class CopyCall:
    """What is known about the copies of a gene, the diplotypes that follow, and what a reader has to know."""

    report: CopyNumber
    called: Meaning
    caveats: tuple[RaisedCaveat, ...]


def with_copies(
    definition: GeneDefinition,
    called: Meaning,
    haplotypes: Sequence[str],
    evidence: CopyEvidence,
    depth: DepthEvidence,
    *,
    caveats: Caveats,
) -> CopyCall:
    """Return the diplotypes as the number of copies changes them.

    ``called`` holds the diplotypes of the genotypes, ``haplotypes`` the alleles that explain them as those of one haplotype (empty where a
    site is heterozygous).
    """
    raised = tuple(_unused(evidence))
    if not definition.copy_number_matters:
        return _of_another_gene(definition, called, haplotypes, evidence, raised)
    if evidence.copies is None:
        several = _raised(definition, called, haplotypes, evidence, depth)
        if several is not None:
            return CopyCall(several[0], several[1], (caveat("copy_number_range", copies=_listed(evidence.possible)), *raised))
        return _not_assessed(definition, called, evidence, depth, raised, caveats=caveats)
    report = _assessed(evidence)
    if evidence.copies == 2 and not evidence.deleted:
        return CopyCall(report, called, raised)
    changed = _changed(definition, called, haplotypes, evidence, depth)
    if changed is None:
        return _contradicted(definition, called, evidence, raised, caveats)
    new, depth_note = changed
    if evidence.copies == 1:
        raised = (_hemizygous(definition), *raised)
    elif evidence.copies > 2 and len(new.diplotypes) > len(called.diplotypes):
        raised = (caveat("copy_number_arrangement", copies=evidence.copies), *raised)
    if depth_note:
        report = report.copy_with(evidence=f"{report.evidence} {depth_note}")
    return CopyCall(report.copy_with(structural_possibilities=notes(_hybrids(definition, new, caveats), caveats)), new, raised)


def _raised(
    definition: GeneDefinition, called: Meaning, haplotypes: Sequence[str], evidence: CopyEvidence, depth: DepthEvidence
) -> tuple[CopyNumber, Meaning] | None:
    """Return every diplotype of every number that the records leave, where all of them are more than two; else ``None``."""
    if not called.diplotypes or not evidence.possible or min(evidence.possible) <= 2 or len(evidence.possible) > _MOST_NUMBERS:
        return None
    found: dict[str, DiplotypeReport] = {}
    for copies in evidence.possible:
        changed = _changed(definition, called, haplotypes, replace(evidence, copies=copies), depth)
        found.update({diplotype.name: diplotype for diplotype in (changed[0].diplotypes if changed else ())})
    ordered = [found[name] for name in sorted(found, key=natural_key)]
    report = CopyNumber(status="assessed", evidence=evidence.doubt)
    return report, meaning(definition, ordered)


def _listed(numbers: Sequence[int]) -> str:
    return " or ".join(map(str, numbers))


def deletion_of(definition: GeneDefinition) -> str | None:
    """Return the name of the deleted gene (``*5`` of CYP2D6, ``*36`` of CYP2C19); ``None`` where no allele is a whole-gene deletion."""
    return next((allele.name for allele in definition.alleles if not allele.copies), None)


def not_looked_for(definition: GeneDefinition, seen: str = "") -> CopyNumber:
    """Return what is known of the copies of a gene of which nothing settles them. ``seen`` names records that do not.

    A gene with structural alleles has a copy number, whether or not the file shows it.
    """
    why = _UNSETTLED.format(seen=seen) if seen else _NOT_ASSESSED
    if definition.copy_number_matters:
        return CopyNumber(status="not_assessed", evidence=why)
    structural = [allele.name for allele in definition.alleles if not allele.callable]
    if structural:
        return CopyNumber(status="not_assessed", evidence=_STRUCTURAL.format(alleles=", ".join(structural), why=why))
    return _NOT_APPLICABLE.copy_with(evidence=f"{_NOT_APPLICABLE.evidence} {why}") if seen else _NOT_APPLICABLE


def _assessed(evidence: CopyEvidence) -> CopyNumber:
    return CopyNumber(status="assessed", value=evidence.copies, evidence=f"{evidence.where}: {evidence.text}.")


def _contradicted(
    definition: GeneDefinition, called: Meaning, evidence: CopyEvidence, raised: tuple[RaisedCaveat, ...], caveats: Caveats
) -> CopyCall:
    """Return the diplotypes of the genotypes, with a count of copies that they cannot have."""
    report = CopyNumber(
        status="suspected",
        evidence=f"{evidence.where}: {evidence.text}. The genotypes do not fit that number of copies.",
        structural_possibilities=notes(_possibilities(definition, called.diplotypes, caveats), caveats),
        activity_score_range=_opened(definition, called.diplotypes),
    )
    return CopyCall(report, called, (caveat("copy_number_conflict"), *raised))


def _of_another_gene(
    definition: GeneDefinition, called: Meaning, haplotypes: Sequence[str], evidence: CopyEvidence, raised: tuple[RaisedCaveat, ...]
) -> CopyCall:
    """Return the call of a gene whose copies are seldom other than two: a deletion that has a name is called, the rest is told."""
    if evidence.doubt:
        report = CopyNumber(status="suspected", evidence=evidence.doubt)
        return CopyCall(report, called, (caveat("copy_number_suspected"), *raised))
    if evidence.copies is None:
        return CopyCall(not_looked_for(definition, evidence.seen), called, raised)
    report = _assessed(evidence)
    if evidence.copies == 2:
        return CopyCall(report, called, raised)
    changed = (
        _changed(definition, called, haplotypes, evidence, DepthEvidence()) if evidence.copies < 2 and deletion_of(definition) else None
    )
    if changed is not None and changed[0].diplotypes:
        return CopyCall(report, changed[0], (_hemizygous(definition), *raised) if evidence.copies == 1 else raised)
    return CopyCall(report, called, (caveat("copy_number_unusual", copies=evidence.copies, gene=definition.gene), *raised))


def _hemizygous(definition: GeneDefinition) -> RaisedCaveat:
    return caveat("hemizygous", deletion=deletion_of(definition))


def _not_assessed(
    definition: GeneDefinition,
    called: Meaning,
    evidence: CopyEvidence,
    depth: DepthEvidence,
    raised: tuple[RaisedCaveat, ...],
    *,
    caveats: Caveats,
) -> CopyCall:
    possibilities = notes(_possibilities(definition, called.diplotypes, caveats), caveats)
    signs = [text for text in (evidence.doubt, depth.text) if text]
    opened = _opened(definition, called.diplotypes, evidence.possible)
    if signs:
        report = CopyNumber(
            status="suspected", evidence=" ".join(signs), structural_possibilities=possibilities, activity_score_range=opened
        )
        return CopyCall(report, called, (caveat("copy_number_suspected"), *raised))
    report = not_looked_for(definition, evidence.seen).copy_with(structural_possibilities=possibilities, activity_score_range=opened)
    return CopyCall(report, called, (caveat("copy_number_not_assessed"), *raised) if called.diplotypes else raised)


def _unused(evidence: CopyEvidence) -> Iterator[RaisedCaveat]:
    if evidence.filtered:
        yield caveat("structural_filtered")
    if evidence.partial:
        yield caveat("structural_partial")


def _changed(
    definition: GeneDefinition, called: Meaning, haplotypes: Sequence[str], evidence: CopyEvidence, depth: DepthEvidence
) -> tuple[Meaning, str] | None:
    """Return the diplotypes at a number of copies other than two, and what told them apart; ``None`` where the genotypes contradict."""
    copies, deletion = evidence.copies or 0, deletion_of(definition) or ""
    if copies == 0:
        return None if called.diplotypes else (_meaning(definition, [(deletion, deletion)]), "")
    if not called.diplotypes:
        return called, ""
    if copies == 1 or evidence.deleted:
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
                depth_note = f"Read depth tells which allele is present more than once: {depth.counts(diplotype)}."
                splits = [(choice, copies - choice)]
        pairs += [(_times(first, n), _times(second, m)) for n, m in splits]
    return _meaning(definition, pairs), depth_note


def _meaning(definition: GeneDefinition, pairs: Sequence[tuple[str, str]]) -> Meaning:
    reports = {}
    for first, second in pairs:
        report = named_diplotype(definition, first, second, phased=False)
        reports[report.name] = report
    return meaning(definition, [reports[name] for name in sorted(reports, key=natural_key)])


def _times(allele: str, copies: int) -> str:
    return allele if copies == 1 else f"{allele}x{copies}"


def _opened(definition: GeneDefinition, diplotypes: Sequence[DiplotypeReport], possible: Sequence[int] = ()) -> tuple[float, float] | None:
    """Return the range of activity scores that one unseen deletion, one unseen extra copy or a ``possible`` number of copies opens."""
    scores = [diplotype.activity_score for diplotype in diplotypes if diplotype.activity_score is not None]
    alleles = _alleles(definition, diplotypes)
    scores += _deleted(alleles)
    scores += _doubled(alleles)
    for first, second in alleles:
        if first.activity is not None and second.activity is not None:
            scores += [n * first.activity + (copies - n) * second.activity for copies in possible if copies > 2 for n in range(1, copies)]
    return (min(scores), max(scores)) if scores else None


def _possibilities(definition: GeneDefinition, diplotypes: Sequence[DiplotypeReport], caveats: Caveats) -> Iterator[RaisedCaveat]:
    """Yield what an unseen deletion, duplication or hybrid would do to the activity score, over all diplotypes."""
    alleles = _alleles(definition, diplotypes)
    deletion = deletion_of(definition) or ""
    homozygous = [first.name for first, second in alleles if first.name == second.name]
    deleted, doubled = _deleted(alleles), _doubled(alleles)
    if deleted:
        seen = ", ".join(f"{name}/{name} would be {'/'.join(sorted((name, deletion), key=natural_key))}" for name in homozygous[:6])
        yield caveat("unseen_deletion", deletion=deletion, readings=seen, scores=_scores(definition, deleted))
    elif alleles and not homozygous:
        yield caveat("unseen_deletion_of_two", deletion=deletion)
    if doubled:
        yield caveat("unseen_duplication", scores=_scores(definition, doubled))
    names = {name for diplotype in diplotypes for name in diplotype.alleles}
    for key, one in holding(caveats, definition.gene, names, copies="not_counted"):
        carried = one.when.carries if one.when else ()
        yield caveat(key, scores_without=" or ".join(dict.fromkeys(_without_one(alleles, carried))))


def _without_one(alleles: Sequence[tuple[NamedAllele, NamedAllele]], carried: Sequence[str]) -> Iterator[str]:
    """Yield the activity scores that remain where an allele of ``carried`` has no activity after all."""
    for pair in alleles:
        lost = next((allele.activity for name in carried for allele in pair if allele.name == name), None)
        first, second = pair
        if lost is not None and first.activity is not None and second.activity is not None:
            yield number(first.activity + second.activity - lost)


def _hybrids(definition: GeneDefinition, called: Meaning, caveats: Caveats) -> Iterator[RaisedCaveat]:
    """Return what counted copies may be: a copy counter does not tell a second copy of an allele from a hybrid that looks like it."""
    names = {name for diplotype in called.diplotypes for name in diplotype.alleles}
    return (caveat(key) for key, _ in holding(caveats, definition.gene, names, copies="counted"))


def _alleles(definition: GeneDefinition, diplotypes: Sequence[DiplotypeReport]) -> list[tuple[NamedAllele, NamedAllele]]:
    by_name = {name: known_haplotype(definition, name) for name in {name for diplotype in diplotypes for name in diplotype.alleles}}
    return [(by_name[diplotype.alleles[0]], by_name[diplotype.alleles[1]]) for diplotype in diplotypes]


def _deleted(alleles: Sequence[tuple[NamedAllele, NamedAllele]]) -> list[float]:
    return [first.activity for first, second in alleles if first.name == second.name and first.activity is not None]


def _doubled(alleles: Sequence[tuple[NamedAllele, NamedAllele]]) -> list[float]:
    return [
        first.activity + second.activity + extra
        for first, second in alleles
        if first.activity is not None and second.activity is not None
        for extra in (first.activity, second.activity)
    ]


def _scores(definition: GeneDefinition, scores: Sequence[float]) -> str:
    """Return distinct scores with their CPIC phenotype: ``2.0 (Normal Metabolizer) or 3.0 (Ultrarapid Metabolizer)``."""
    table = definition.phenotypes.get(Scheme.CPIC)
    shown = []
    for score in sorted(set(scores)):
        code = phenotype_of_score(table, score) if table else Phenotype.INDETERMINATE
        shown.append(f"{number(score)} ({code.term})" if table else number(score))
    return " or ".join(shown)
