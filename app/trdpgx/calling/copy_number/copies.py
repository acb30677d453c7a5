"""Copy number: what the file shows of deletions, duplications and hybrids of a gene, and what unseen ones would change."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.calling.caveats import Caveats, RaisedCaveat, caveat, notes
from trdpgx.calling.copy_number.depth import DepthEvidence
from trdpgx.calling.copy_number.haplotypes import deletion_of, with_number
from trdpgx.calling.copy_number.open_copies import OpenCopies, open_copies
from trdpgx.calling.copy_number.possibilities import hybrids, opened_scores, possibilities
from trdpgx.calling.copy_number.structural import CopyEvidence
from trdpgx.calling.star_alleles.diplotypes import NOTHING_CALLED, Meaning, meaning_of_distinct
from trdpgx.model.gene import GeneDefinition
from trdpgx.model.gene_report import CopyNumber, DiplotypeReport
from trdpgx.model.genome import NoCallReason
from trdpgx.texts import either_number, phrase

_MOST_NUMBERS = 3
"""The most numbers of copies that are called side by side, where records leave several."""
_NOT_APPLICABLE = CopyNumber(status="not_applicable", evidence=phrase("copies.not_applicable"))
_NOT_ASSESSED = phrase("copies.not_assessed")


class CopyCall(Struct, frozen=True):
    """What is known about the copies of a gene, the diplotypes that follow, and what a reader has to know.

    ``no_call`` is why nothing can be called: passing records show what no diplotype has. ``opened`` is what records leave open.
    """

    report: CopyNumber
    called: Meaning
    caveats: tuple[RaisedCaveat, ...]
    no_call: str = ""
    opened: OpenCopies | None = None


class _Gene(Struct, frozen=True):
    """A gene with the diplotypes of its genotypes, and what records and reads show of its copies; ``raised`` are their caveats."""

    definition: GeneDefinition
    called: Meaning
    haplotypes: Sequence[str]
    evidence: CopyEvidence
    depth: DepthEvidence
    caveats: Caveats
    raised: tuple[RaisedCaveat, ...]


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
    site is heterozygous). What a passing record shows and no diplotype has is a no-call; what records leave open opens the phenotype
    (docs/decisions/0061-structural-records.md).
    """
    call = _call(_Gene(definition, called, haplotypes, evidence, depth, caveats, tuple(_unused(evidence))))
    if call.no_call or not evidence.intronic:
        return call
    opened = call.opened or OpenCopies((), frozenset(), (), likely=True)
    return replace(call, opened=replace(opened, unnamed=(*opened.unnamed, *evidence.intronic)))


def _call(gene: _Gene) -> CopyCall:
    evidence = gene.evidence
    if evidence.unplaced:
        return _not_called(evidence.unplaced, gene.raised)
    if evidence.copies is not None:
        return _with_number(gene, evidence.copies)
    if evidence.doubt and min(evidence.possible) > 2:
        return _several(gene)
    signs = tuple(text for text in (evidence.doubt, evidence.missing, _refused(evidence)) if text)
    return _left_open(gene, signs) if signs else _not_assessed(gene)


def _not_called(why: str, raised: Sequence[RaisedCaveat]) -> CopyCall:
    return CopyCall(CopyNumber(status="suspected", evidence=why), NOTHING_CALLED, tuple(raised), no_call=why)


def _with_number(gene: _Gene, copies: int) -> CopyCall:
    """Return the diplotypes where the records settle the number of copies: a no-call where no diplotype has it."""
    definition, evidence = gene.definition, gene.evidence
    shown = f"{evidence.where}: {evidence.text}."
    report = CopyNumber(status="assessed", value=copies, evidence=shown)
    if copies == 2 and not evidence.deleted:
        return CopyCall(report, gene.called, gene.raised)
    if not definition.copy_number_matters and (copies > 1 or deletion_of(definition) is None):
        unusual = caveat("copy_number_unusual", copies=copies, gene=definition.gene)
        return CopyCall(report, NOTHING_CALLED, (unusual, *gene.raised), no_call=phrase("copies.no_allele_accounts", shown=shown))
    changed = with_number(definition, gene.called, gene.haplotypes, copies, gene.depth, deleted=bool(evidence.deleted))
    if changed is None:
        return _not_called(phrase("copies.genotypes_do_not_fit", shown=shown), (caveat("copy_number_conflict"), *gene.raised))
    (new, depth_note), raised = changed, gene.raised
    if copies == 1:
        raised = (caveat("hemizygous", deletion=deletion_of(definition)), *raised)
    elif copies > 2 and len(new.diplotypes) > len(gene.called.diplotypes):
        raised = (caveat("copy_number_arrangement", copies=copies), *raised)
    possible = notes(hybrids(definition, new.diplotypes, gene.caveats), gene.caveats)
    return CopyCall(report.copy_with(evidence=f"{shown} {depth_note}".strip(), structural_possibilities=possible), new, raised)


def _several(gene: _Gene) -> CopyCall:
    """Return every diplotype of every number that the records leave, all of them more than two; a no-call where there are too many."""
    evidence = gene.evidence
    if not gene.definition.copy_number_matters or len(evidence.possible) > _MOST_NUMBERS:
        return _not_called(evidence.doubt, gene.raised)
    diplotypes: list[DiplotypeReport] = []
    for copies in evidence.possible:
        changed = with_number(gene.definition, gene.called, gene.haplotypes, copies, gene.depth, deleted=bool(evidence.deleted))
        diplotypes += changed[0].diplotypes if changed else ()
    called = meaning_of_distinct(gene.definition, diplotypes)
    report = CopyNumber(status="assessed", evidence=evidence.doubt)
    return CopyCall(report, called, (caveat("copy_number_range", copies=either_number(evidence.possible)), *gene.raised))


def _left_open(gene: _Gene, signs: Sequence[str]) -> CopyCall:
    """Return the diplotypes of the genotypes, with what other numbers of copies would make that the records do not exclude."""
    report = CopyNumber(status="suspected", evidence=" ".join([*signs, *([gene.depth.text] if gene.depth.text else [])]))
    opened = open_copies(gene.definition, gene.called, gene.haplotypes, gene.evidence, gene.depth)
    raised = (caveat("copy_number_open", records=" ".join(signs)), *gene.raised)
    return CopyCall(_with_unseen(gene, report), gene.called, raised, opened=opened)


def _not_assessed(gene: _Gene) -> CopyCall:
    """Return the diplotypes of the genotypes where no record tells of copies; the reads may raise a suspicion."""
    report = not_looked_for(gene.definition, gene.evidence.seen)
    if not gene.definition.copy_number_matters:
        return CopyCall(report, gene.called, gene.raised)
    if gene.depth.text:
        report = CopyNumber(status="suspected", evidence=gene.depth.text)
        return CopyCall(_with_unseen(gene, report), gene.called, (caveat("copy_number_suspected"), *gene.raised))
    raised = (caveat("copy_number_not_assessed"), *gene.raised) if gene.called.diplotypes else gene.raised
    return CopyCall(_with_unseen(gene, report), gene.called, raised)


def _with_unseen(gene: _Gene, report: CopyNumber) -> CopyNumber:
    """Return a report with what an unseen deletion, duplication or hybrid would change, in a gene in which they are common."""
    if not gene.definition.copy_number_matters:
        return report
    unseen = notes(possibilities(gene.definition, gene.called.diplotypes, gene.caveats), gene.caveats)
    scores = opened_scores(gene.definition, gene.called.diplotypes, gene.evidence.possible)
    return report.copy_with(structural_possibilities=unseen, activity_score_range=scores)


def not_looked_for(definition: GeneDefinition, seen: str = "") -> CopyNumber:
    """Return what is known of the copies of a gene of which nothing settles them. ``seen`` names records that do not.

    A gene with structural alleles has a copy number, whether or not the file shows it.
    """
    why = phrase("copies.unsettled", seen=seen) if seen else _NOT_ASSESSED
    if definition.copy_number_matters:
        return CopyNumber(status="not_assessed", evidence=why)
    structural = [allele.name for allele in definition.alleles if not allele.callable]
    if structural:
        return CopyNumber(
            status="not_assessed", evidence=phrase("copies.structural_not_looked_for", alleles=", ".join(structural), why=why)
        )
    return _NOT_APPLICABLE.copy_with(evidence=f"{_NOT_APPLICABLE.evidence} {why}") if seen else _NOT_APPLICABLE


def _refused(evidence: CopyEvidence) -> str:
    records = "; ".join(dict.fromkeys(f"{one.text} ({one.reason})" for one in evidence.refused))
    return phrase("copies.refused", records=records) if records else ""


def _unused(evidence: CopyEvidence) -> Iterator[RaisedCaveat]:
    if NoCallReason.FILTERED in evidence.unused:
        yield caveat("structural_filtered")
    if evidence.unused - {NoCallReason.FILTERED}:
        yield caveat("structural_low_quality")
    if evidence.partial:
        yield caveat("structural_partial")
    if evidence.intronic:
        yield caveat("structural_intronic")
