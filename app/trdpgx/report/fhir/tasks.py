"""Guidelines' advice as Tasks (medication-recommendation): proposals for a person to weigh, and nothing that a system may carry out.

LOINC's answer list LL4049-4 is not public. Three of its answers are proven by the guide's examples, and a Task is made for these alone.
"""

from collections.abc import Iterator

from trdpgx.model.consideration import Action, Consideration
from trdpgx.model.report import Report
from trdpgx.model.rule import Direction
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.report.fhir.coding import loinc
from trdpgx.report.fhir.ids import ResourceIds
from trdpgx.report.fhir.implications import implication_name
from trdpgx.report.fhir.person import current_drug_name
from trdpgx.report.fhir.resources import DEVICE, PATIENT, NamedResource, resource

_ALTERNATIVE = ("LA26421-0", "Consider alternative medication")
_DECREASE = ("LA26422-8", "Decrease dose")
_INCREASE = ("LA26423-6", "Increase dose")
_LOWER_DOSE = frozenset(
    {"reduce_start_dose", "reduce_target_dose", "reduce_maintenance_dose", "reduce_dose", "reduce_dose_but_not_as_adjunct", "cap_max_dose"}
)
"""Codes of actions (``rules/vocabulary.yaml``) by which a dose is lower. Others of that direction are about titration, or change little."""


def tasks(report: Report, ids: ResourceIds) -> Iterator[NamedResource]:
    """Yield a Task for each drug and answer of the considerations that are guidance and hold for all that was seen."""
    limits = {drug.name: "; ".join(limit.text for limit in drug.headline_limits) for drug in report.drugs}
    current = report.treatment_history.current_drugs if report.treatment_history else ()
    for one in report.considerations if report.options.recommendations else ():
        answers = tuple(_answers(one.action))
        for drug in one.drugs if is_guidance(one) else ():
            for answer in answers:
                yield resource(
                    "Task",
                    ids,
                    f"task {one.id} {drug} {answer[0]}",
                    "medication-recommendation",
                    status="requested",
                    intent="proposal",
                    code=loinc(answer),
                    description=f"{drug}: {one.action.text}",
                    focus=ids.reference(current_drug_name(drug)) if drug in current else None,
                    **{"for": ids.reference(PATIENT)},
                    authoredOn=report.created_at,
                    requester=ids.reference(DEVICE),
                    reasonReference=ids.reference(implication_name(one, drug)),
                    note=[
                        {"text": text}
                        for text in (one.basis.text, f"Limits: {limits[drug]}." if limits.get(drug) else None, report.disclaimer)
                    ],
                )


def _answers(action: Action) -> Iterator[tuple[str, str]]:
    """Yield the answers for an action. Watching, titration, and what the course of treatment has to ask for first have none."""
    for direction in action.directions:
        if direction is Direction.AVOID:
            yield _ALTERNATIVE
        elif direction is Direction.HIGHER:
            yield _INCREASE
        elif direction is Direction.LOWER and _LOWER_DOSE.intersection(action.codes):
            yield _DECREASE


def is_guidance(one: Consideration) -> bool:
    """Return whether a source other than research gives advice that holds for everything that the file allows, by genotype."""
    by_guideline = one.source.name != RESEARCH and (one.conversion is None or one.conversion.guideline)
    return by_guideline and one.basis.holds_for == "all" and not one.basis.only_if_hidden
