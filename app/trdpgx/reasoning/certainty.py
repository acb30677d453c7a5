"""How strong a headline may be: one function for every format, in which the weakest input wins.

A headline states what sources point to. It rests on the evidence, on what was seen of each gene, on sites that were assumed and not
observed, on the copy number, and on tests that were not made. ``limits_of`` names each of these that weakens it, and ``weakest`` takes the
one that weakens it most.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from trdpgx.model.authority import AuthorityRank
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import Certainty, HeadlineLimit
from trdpgx.model.evidence import Strength, VerificationState
from trdpgx.model.gene import NO_FUNCTION
from trdpgx.model.gene_report import DiplotypeReport, GeneReport
from trdpgx.reasoning.coverage import hold_for_all, put_together
from trdpgx.texts import both, percent, phrase, section

_RANK = {certainty: rank for rank, certainty in enumerate(Certainty)}
_STRENGTHS = section("strengths")
_DISPUTES = section("disputes")
"""Caveats that make any call of the gene doubtful: what was not read may contradict it."""
_REPORTED_CALL_DISPUTES = MappingProxyType({**section("reported_call_disputes"), **_DISPUTES})
"""These, and those that make a call of another tool doubtful where it is the one that is reported."""
DIFFERING = frozenset({"outside_phenotype_differs", "outside_phenotypes_differ", "outside_copies_differ"})
"""Caveats that state of a phenotype, or of copies, as another tool has them, that another result is not the same."""
_NOTHING_SEEN = phrase("uncalled.nothing_seen", rest="")
_WEAK = frozenset({Strength.LIMITED, Strength.PRELIMINARY, Strength.CONFLICTING, Strength.NONE})
_RANKS: tuple[AuthorityRank, ...] = ("none", "low", "middle", "high")
"""Ranks of a source's own grades, the lowest first. What was not read in the source counts one less."""
_WEAK_RANKS = frozenset({"none", "low"})


def weakest(limits: Iterable[HeadlineLimit]) -> Certainty:
    """Return the certainty of a headline with these limits: ``stated`` without any."""
    return max((limit.certainty for limit in limits), key=_RANK.__getitem__, default=Certainty.STATED)


def limits_of(
    considerations: Sequence[Consideration], genes: Mapping[str, GeneReport], untested: Sequence[str] = ()
) -> tuple[HeadlineLimit, ...]:
    """Return what weakens a statement that rests on these considerations, the weakest first.

    ``genes`` are the person's gene reports by name. ``untested`` are genes (HLA) whose alleles a rule of the same drug asks for and that
    were not tested.
    """
    concerned = dict.fromkeys(gene for consideration in considerations for gene in consideration.genes if gene in genes)
    limits = [*_untested(untested), *_evidence(considerations), *_some(considerations, genes)]
    for name in concerned:
        limits += _gene(genes[name])
    return tuple(sorted(dict.fromkeys(limits), key=lambda limit: -_RANK[limit.certainty]))


def _untested(untested: Sequence[str]) -> list[HeadlineLimit]:
    if not untested:
        return []
    return [HeadlineLimit(certainty=Certainty.UNTESTED, text=phrase("certainty.not_tested", count=len(untested), untested=both(untested)))]


def _evidence(considerations: Sequence[Consideration]) -> list[HeadlineLimit]:
    if not considerations or not all(map(_is_weak, considerations)):
        return []
    strengths = {one.evidence.strength for one in considerations if one.evidence.strength in _WEAK}
    named = ", ".join(_STRENGTHS[strength] for strength in Strength if strength in strengths)
    parts = [phrase("certainty.evidence", named=named)] if named else []
    by_authority = [one for one in considerations if one.evidence.strength is Strength.WEIGHED_BY_SOURCE]
    parts += dict.fromkeys(_authority_words(one) for one in by_authority)
    return [HeadlineLimit(certainty=Certainty.WEAK_EVIDENCE, text=", ".join(parts))]


def _is_weak(one: Consideration) -> bool:
    """Return whether a statement rests on weak evidence, or where its source weighed it, on a low grade of the source's own."""
    if one.evidence.strength is not Strength.WEIGHED_BY_SOURCE:
        return one.evidence.strength in _WEAK
    rank = _RANKS.index(one.authority.rank) if one.authority else _RANKS.index("low")
    unread = one.evidence.verification.state is VerificationState.UNVERIFIED
    return _RANKS[max(rank - unread, 0)] in _WEAK_RANKS


def _authority_words(one: Consideration) -> str:
    unread = phrase("certainty.not_verified") if one.evidence.verification.state is VerificationState.UNVERIFIED else ""
    grade = phrase("certainty.grades_as", grade=one.authority.grade.lower()) if one.authority else phrase("certainty.gives_no_grade")
    return f"{one.source.name} {grade}{unread}"


def _some(considerations: Sequence[Consideration], genes: Mapping[str, GeneReport]) -> list[HeadlineLimit]:
    """Return that statements hold for some diplotypes only, unless an open phenotype is the reason, which is the stronger limit."""
    partial = [one for ones in put_together(considerations) if not hold_for_all(ones) for one in ones]
    if not any(not any(_is_open(genes.get(gene)) for gene in consideration.genes) for consideration in partial):
        return []
    return [HeadlineLimit(certainty=Certainty.SOME, text=phrase("certainty.some_possible_diplotypes"))]


def _gene(gene: GeneReport) -> list[HeadlineLimit]:
    limits = []
    if _is_open(gene):
        limits.append(HeadlineLimit(certainty=Certainty.OPEN, text=open_text(gene)))
    if gene.assumed:
        limits.append(HeadlineLimit(certainty=Certainty.ASSUMED, text=phrase("certainty.rests_on_sites_assumed", gene=gene.gene)))
    limits += (HeadlineLimit(certainty=Certainty.DISPUTED, text=text) for text in disputes_of_reported(gene))
    if gene.diplotypes and gene.copy_number.is_uncounted and copies_change(gene) and not copies_open(gene):
        state = phrase("certainty.signs_of_another_number") if gene.copy_number.status == "suspected" else phrase("certainty.not_assessed")
        limits.append(
            HeadlineLimit(certainty=Certainty.COPY_NUMBER, text=phrase("certainty.two_ordinary_copies", gene=gene.gene, state=state))
        )
    return limits


def disputes_of(gene: GeneReport, disputes: Mapping[str, str] = _REPORTED_CALL_DISPUTES) -> tuple[str, ...]:
    """Return what makes a call of the gene doubtful, in words; without ``disputes``, whichever call is the one that is reported."""
    raised = {caveat.code for caveat in gene.caveats}
    return tuple(text.format(gene=gene.gene) for code, text in disputes.items() if code in raised)


def disputes_of_reported(gene: GeneReport) -> tuple[str, ...]:
    """Return what makes the call of the gene that is reported doubtful, in words."""
    return disputes_of(gene, _REPORTED_CALL_DISPUTES if gene.source.startswith("outside") else _DISPUTES)


def _is_open(gene: GeneReport | None) -> bool:
    return gene is not None and gene.phenotype_open


def copies_change(gene: GeneReport) -> bool:
    """Return whether another number of copies could change the activity score or the phenotype; that it could where this is not known.

    It changes nothing where every allele has no function: a deletion has none either, nor has another copy of such an allele.
    """
    if gene.phenotype_open:
        return True
    if gene.diplotypes and all(_is_without_function(diplotype) for diplotype in gene.diplotypes):
        return False
    scores = gene.copy_number.activity_score_range
    return scores is None or scores[0] != scores[1]


def nothing_seen(gene: GeneReport) -> bool:
    """Return whether a gene was not called because none of its sites was seen, and for no other reason."""
    return gene.status == "no_call" and gene.no_call_reason == _NOTHING_SEEN and not gene.is_disputed


def copies_not_assessed(genes: Iterable[GeneReport]) -> list[str]:
    """Return the genes of which copies were not assessed."""
    return [gene.gene for gene in genes if gene.copy_number.is_uncounted]


def copies_change_nothing(genes: Iterable[GeneReport], uncounted: Sequence[str]) -> list[str]:
    """Return the genes of ``uncounted`` that were called and whose phenotype another number of copies would not change."""
    return [gene.gene for gene in genes if gene.gene in uncounted and gene.diplotypes and not copies_change(gene)]


def _is_without_function(diplotype: DiplotypeReport) -> bool:
    functions = diplotype.functions
    return len(functions) == len(diplotype.alleles) > 0 and all(function == NO_FUNCTION for function in functions)


def copies_open(gene: GeneReport) -> bool:
    """Return whether copy-number records leave the phenotype open, so that other numbers than two are among its readings."""
    return gene.phenotype_open and any(caveat.code == "copy_number_open" for caveat in gene.caveats)


def open_text(gene: GeneReport) -> str:
    """Return the text that a phenotype is open, which one is likely, and how likely it is as far as is known."""
    likely = gene.likely
    if likely is None or likely.phenotype is None:
        why = phrase("certainty.copies_not_settled") if gene.copy_number.status == "suspected" else phrase("certainty.sites_not_seen")
        return phrase("certainty.open_as", gene=gene.gene, why=why)
    chance = phrase("certainty.chance_not_known") if likely.chance is None else phrase("certainty.chance", chance=percent(likely.chance))
    return phrase("certainty.open_likely", gene=gene.gene, term=likely.phenotype.term, chance=chance)
