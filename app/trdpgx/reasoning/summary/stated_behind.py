"""What stands behind everything else at a drug: another number of copies, a result that is not reported, what it inhibits itself."""

from collections.abc import Mapping, Sequence

from trdpgx.model.clinical_report import TreatmentHistory
from trdpgx.model.composed import PartKind, TextPart
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.reasoning.by_copies import ByCopies
from trdpgx.reasoning.other_results import ByOtherResult
from trdpgx.reasoning.summary.other_result_words import of_drugs
from trdpgx.reasoning.summary.own_effects import own_inhibition
from trdpgx.texts import listed, phrase


def stated_behind(
    rulebook: RuleLibrary,
    genes: Sequence[GeneReport],
    by_copies: Sequence[ByCopies],
    by_others: Sequence[ByOtherResult],
    history: TreatmentHistory | None,
) -> Mapping[str, list[TextPart]]:
    """Return by drug what would speak against it or change its dose, and which gene it would make slower itself.

    ``by_copies`` and ``by_others`` have what other numbers of copies, and results that contradict the reported ones, would mean.
    """
    parts: dict[str, list[TextPart]] = {}
    for drug, text in of_drugs(by_others):
        parts.setdefault(drug, []).append(TextPart(PartKind.OTHER_RESULT, text))
    for drug, text in _by_copies_of_drug(by_copies).items():
        parts.setdefault(drug, []).append(TextPart(PartKind.COPIES, text))
    for drug, text in own_inhibition(rulebook, genes, history.current_drugs if history else ()).items():
        parts.setdefault(drug, []).append(TextPart(PartKind.INHIBITS, text))
    return parts


def copies_words(one: ByCopies) -> str:
    """Return with which number of copies, and what phenotype they make."""
    return phrase("summary.with_one_more" if one.more else "summary.with_one_less", gene=one.gene, term=one.phenotype.term)


def _by_copies_of_drug(by_copies: Sequence[ByCopies]) -> Mapping[str, str]:
    """Return by drug with which number of copies which source would speak against it."""
    stated: dict[str, list[str]] = {}
    for one in by_copies:
        for drug in one.drugs:
            sources = listed([source for name, source in one.named if name == drug])
            stated.setdefault(drug, []).append(phrase("summary.sources_with_copies", copies=copies_words(one), sources=sources))
    return {drug: phrase("summary.drug_by_copies", parts="; ".join(parts)) for drug, parts in stated.items()}
