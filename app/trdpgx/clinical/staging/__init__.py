"""Staging instruments, each with its value, its basis, and what is missing to decide it.

Only treatments and their outcomes are read: genes, levels and co-medication change no stage.
"""

from trdpgx.clinical.staging.count import count_report
from trdpgx.clinical.staging.definition import definition_report
from trdpgx.clinical.staging.dimensions import dimensions_report
from trdpgx.clinical.staging.failures import History
from trdpgx.clinical.staging.hierarchy import hierarchy_report
from trdpgx.clinical.staging.points import points_report
from trdpgx.knowledge.rules.schema.staging import AnyMethod, CountRow, DefinitionRow, DimensionsRow, HierarchyRow, PointsRow, StagingFile
from trdpgx.model.clinical_report import StageReport, Staging
from trdpgx.texts import phrase

__all__ = ["History", "stage", "staging"]


def staging(history: History, methods: StagingFile) -> Staging:
    """Return every method of the rules by its field in the report."""
    return Staging(**{key.replace("-", "_"): stage(method, history) for key, method in methods.rows.items()})


def stage(method: AnyMethod, history: History) -> StageReport:
    """Return the stage of a history by one method; no value where no trials were stated."""
    if history.patient.trials is None:
        return StageReport(value=None, detail=phrase("staging.not_decided_no_past"), missing=("trials",))
    match method:
        case HierarchyRow():
            return hierarchy_report(method, history)
        case CountRow():
            return count_report(method, history)
        case PointsRow():
            return points_report(method, history)
        case DimensionsRow():
            return dimensions_report(method, history)
        case DefinitionRow():
            return definition_report(method, history)
