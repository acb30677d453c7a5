"""Guidelines' advice as Tasks (medication-recommendation): proposals for a person to weigh, and nothing that a system may carry out.

LOINC's answer list LL4049-4 is not public. Three of its answers are proven by the guide's examples, and a Task is made for these alone.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from trdpgx.model.consideration import Consideration
from trdpgx.model.report import Report
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.report.fhir.coding import loinc
from trdpgx.report.fhir.ids import ResourceIds
from trdpgx.report.fhir.implications import implication_name
from trdpgx.report.fhir.person import current_drug_name
from trdpgx.report.fhir.resources import DEVICE, PATIENT, NamedResource, resource

_ALTERNATIVE = ("LA26421-0", "Consider alternative medication")
_DECREASE = ("LA26422-8", "Decrease dose")
_INCREASE = ("LA26423-6", "Increase dose")
ANSWERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("consider_alternative", "select_alternative", "or_consider_alternative", "or_select_alternative"), _ALTERNATIVE),
        **dict.fromkeys(("avoid", "contraindicated", "may_be_contraindicated", "avoid_if_alternative"), _ALTERNATIVE),
        **dict.fromkeys(("reduce_start_dose", "reduce_maintenance_dose", "reduce_dose", "reduce_dose_but_not_as_adjunct"), _DECREASE),
        "cap_max_dose": _DECREASE,
        **dict.fromkeys(("increase_dose", "increase_target_dose"), _INCREASE),
    }
)
"""The answer for a code of an action (``rules/vocabulary.yaml``). Advice on watching, on titration, or for a case that a genome cannot tell
(side effects, an inadequate response) has none."""


def tasks(report: Report, ids: ResourceIds) -> Iterator[NamedResource]:
    """Yield a Task for each drug and answer of the considerations that are guidance and hold for all that was seen."""
    limits = {drug.name: "; ".join(limit.text for limit in drug.headline_limits) for drug in report.drugs}
    current = report.treatment_history.current_drugs if report.treatment_history else ()
    for one in report.considerations if report.options.recommendations else ():
        answers = dict.fromkeys(ANSWERS[code] for code in one.action.codes if code in ANSWERS)
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


def is_guidance(one: Consideration) -> bool:
    """Return whether a source other than research gives advice that holds for everything that the file allows, by genotype."""
    by_guideline = one.source.name != RESEARCH and (one.conversion is None or one.conversion.guideline)
    return by_guideline and one.basis.holds_for == "all" and not one.basis.only_if_hidden
