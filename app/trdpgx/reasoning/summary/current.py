"""What stands out among the drugs that are taken: pairs that sources rule out or advise against, and exposure far from the usual."""

from collections.abc import Iterator, Sequence

from trdpgx.model.clinical_report import ExposureReport, InteractionReport, TreatmentHistory
from trdpgx.model.summary import AttentionReport

GRAVE = ("contraindicated", "avoid", "not recommended", "major")
"""Severities, each in the word of its source, that stand in the summary, the gravest first."""
FAR = frozenset({"much lower", "much higher"})
_MOST = 3
"""So many sentences on interactions stand in the summary."""


def of_current_drugs(
    history: TreatmentHistory | None, exposure: Sequence[ExposureReport], interactions: Sequence[InteractionReport]
) -> Iterator[AttentionReport]:
    """Yield what stands out of the drugs that are taken; nothing without a context."""
    if history is None:
        return
    taken = frozenset(history.current_drugs)
    grave: dict[tuple[str, str], list[InteractionReport]] = {}
    for one in interactions:
        if one.drugs and taken.issuperset(one.drugs) and _rank(one) < len(GRAVE):
            grave.setdefault((one.severity, one.text), []).append(one)
    sentences = sorted(grave.values(), key=lambda ones: _rank(ones[0]))
    for ones in sentences[:_MOST]:
        named = "; ".join(" and ".join(one.drugs) for one in ones)
        yield AttentionReport(text=f"Taken now, {named}: {ones[0].severity} ({ones[0].source.name}). {ones[0].text}")
    if len(sentences) > _MOST:
        yield AttentionReport(text=f"{len(sentences) - _MOST} more such statements on drugs that are taken stand among the interactions.")
    far = [text for drug in history.current_drugs if (text := _exposure(drug, exposure))]
    if far:
        yield AttentionReport(text=f"Exposure to drugs that are taken: {'; '.join(far)}.")


def _rank(one: InteractionReport) -> int:
    return next((rank for rank, word in enumerate(GRAVE) if word in one.severity), len(GRAVE))


def _exposure(drug: str, exposure: Sequence[ExposureReport]) -> str:
    """Return what is telling of the exposure to one drug: far from the usual, measured out of range, or open under a strong effect."""
    telling = [
        f"{one.word} ({one.cause})"
        for one in exposure
        if one.drug == drug
        and (one.word in FAR or (one.kind == "measured" and one.word != "similar") or (one.word == "not known" and "strong" in one.cause))
    ]
    return f"{drug}, {' and '.join(dict.fromkeys(telling))}" if telling else ""
