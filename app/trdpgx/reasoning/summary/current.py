"""What stands out among the drugs that are taken: pairs that sources rule out or advise against, and exposure far from the usual."""

from collections.abc import Iterator, Sequence

from trdpgx.model.clinical_report import ExposureReport, InteractionReport, TreatmentHistory
from trdpgx.model.summary import AttentionReport
from trdpgx.texts import both, phrase

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
        named = "; ".join(both(one.drugs) for one in ones)
        yield AttentionReport(
            text=phrase("current.taken_now", named=named, severity=ones[0].severity, name=ones[0].source.name, text=ones[0].text)
        )
    if len(sentences) > _MOST:
        yield AttentionReport(text=phrase("current.more_statements", sentences=len(sentences) - _MOST))
    far = [text for drug in history.current_drugs if (text := _exposure(drug, exposure))]
    if far:
        yield AttentionReport(text=phrase("current.exposure_drugs_taken", far="; ".join(far)))


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
    return f"{drug}, {both(dict.fromkeys(telling))}" if telling else ""
