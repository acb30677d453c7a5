"""What stands out among the drugs that are taken: pairs that sources rule out or advise against, and exposure far from the usual."""

from collections.abc import Iterator, Sequence

from trdpgx.model.clinical_report import ExposureReport, InteractionReport, TreatmentHistory
from trdpgx.model.summary import AttentionReport

_GRAVE = frozenset({"contraindicated", "avoid", "not recommended", "major"})
"""Severities, each in the word of its source, that stand in the summary."""
_FAR = frozenset({"much lower", "much higher"})


def of_current_drugs(
    history: TreatmentHistory | None, exposure: Sequence[ExposureReport], interactions: Sequence[InteractionReport]
) -> Iterator[AttentionReport]:
    """Yield what stands out of the drugs that are taken; nothing without a context."""
    if history is None:
        return
    taken = frozenset(history.current_drugs)
    for one in interactions:
        if one.drugs and taken.issuperset(one.drugs) and any(word in one.severity for word in _GRAVE):
            yield AttentionReport(text=f"Taken now, {' and '.join(one.drugs)}: {one.severity} ({one.source.name}). {one.text}")
    for drug in history.current_drugs:
        telling = [one for one in exposure if one.drug == drug and (one.word in _FAR or (one.kind == "measured" and one.word != "similar"))]
        if telling:
            yield AttentionReport(text=f"Taken now, {drug}: {'; '.join(dict.fromkeys(f'{one.word}, {one.cause}' for one in telling))}.")
