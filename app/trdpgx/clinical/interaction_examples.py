"""How the examples of the files about interactions are run: what a row reports for a person and considered drugs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from trdpgx.clinical.interactions import row_reports
from trdpgx.clinical.resolve import resolve
from trdpgx.knowledge.rules.schema.drug_pairs import DrugPairFile
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.library import RuleLibrary

_DAY = date(2026, 1, 1)


def interaction_example(library: RuleLibrary, key: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read a context, written as a request states it, and `considered` drugs by one row; `drugs` are those of its first report.

    For a group: whether a drug is a member.
    """
    groups = library.clinical.of(DrugPairFile).groups
    if key in groups:
        return {"in_group": given["member"] in groups[key].members}
    stated = {name: value for name, value in given.items() if name != "considered"}
    patient = resolve(ClinicalContext.model_validate(stated), library.patient_names, _DAY)
    reports = row_reports(key, patient, tuple(given.get("considered", ())), library)
    return {"reported": bool(reports), "drugs": list(reports[0].drugs) if reports else []}
