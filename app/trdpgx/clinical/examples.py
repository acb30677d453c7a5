"""The examples of clinical facts: the result of a row for the input of its example, compared with what the example expects."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from trdpgx.clinical.conversion_examples import effect_example, method_example
from trdpgx.clinical.history_examples import EXAMPLE_DAY, range_example, staging_example, trial_example
from trdpgx.clinical.interactions import row_reports
from trdpgx.clinical.resolve import resolve
from trdpgx.knowledge.finding import Finding
from trdpgx.knowledge.rules.clinical import clinical_files
from trdpgx.knowledge.rules.schema.adequate_trials import AdequateTrialFile
from trdpgx.knowledge.rules.schema.cautions import CautionFile
from trdpgx.knowledge.rules.schema.clinical import ClinicalExample, ClinicalFile
from trdpgx.knowledge.rules.schema.conditions import ConditionFile
from trdpgx.knowledge.rules.schema.drug_pairs import DrugPairFile
from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile
from trdpgx.knowledge.rules.schema.exposure import ExposureFile
from trdpgx.knowledge.rules.schema.phenoconversion import PhenoconversionFile
from trdpgx.knowledge.rules.schema.staging import StagingFile
from trdpgx.knowledge.rules.schema.therapeutic_ranges import RangeFile
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.library import RuleLibrary
from trdpgx.model.problem import InputError

Runner = Callable[[RuleLibrary, str, Mapping[str, Any]], Mapping[str, Any]]
"""Takes the rulebook, the id of the row and the input of the example, and returns the results by the words of ``expect``.

Raises ``ValueError``, ``KeyError`` or ``InputError`` where the example states something that it cannot read.
"""


def _condition(library: RuleLibrary, _: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"condition": library.patient_names.conditions.find(str(given["name"]))}


def _exposure(library: RuleLibrary, key: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the ``word`` of an observation, that of an active sum for an ``enzyme``, or the ``sensitivity`` to an ``enzyme``."""
    file = library.clinical.of(ExposureFile)
    if key in file.rows:
        return {"word": file.rows[key].described}
    if key in file.active_sums:
        active_sum = file.active_sums[key]
        return {"word": active_sum.word if given["enzyme"] in active_sum.enzymes else None}
    substrate = file.substrates[key]
    return {"sensitivity": substrate.sensitivity if given["enzyme"] == substrate.enzyme else None}


def _interaction(library: RuleLibrary, key: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read a context, written as a request states it, and `considered` drugs by one row; `drugs` are those of its first report.

    For a group: whether a drug is a member.
    """
    groups = library.clinical.of(DrugPairFile).groups
    if key in groups:
        return {"in_group": given["member"] in groups[key].members}
    stated = {name: value for name, value in given.items() if name != "considered"}
    patient = resolve(ClinicalContext.model_validate(stated), library.patient_names, EXAMPLE_DAY)
    reports = row_reports(key, patient, tuple(given.get("considered", ())), library)
    return {"reported": bool(reports), "drugs": list(reports[0].drugs) if reports else []}


RUNNERS: Mapping[type[ClinicalFile], Runner] = {
    ConditionFile: _condition,
    AdequateTrialFile: trial_example,
    RangeFile: range_example,
    StagingFile: staging_example,
    DrugPairFile: _interaction,
    CautionFile: _interaction,
    EnzymeEffectFile: effect_example,
    ExposureFile: _exposure,
    PhenoconversionFile: method_example,
}
"""How the examples of each kind are run."""


def example_fault(library: RuleLibrary, kind: type[ClinicalFile], row: str, example: ClinicalExample) -> str | None:
    """Return what is wrong with an example, or ``None`` where the results are those that it expects."""
    try:
        result = RUNNERS[kind](library, row, example.given)
    except InputError as error:
        return f"cannot be read: {error.problem.detail}"
    except (KeyError, TypeError, ValueError) as error:
        return f"cannot be read: {error}"
    if not example.expect:
        return "expects nothing"
    for word, wanted in example.expect.items():
        if word not in result:
            return f"expects '{word}', which this kind does not answer (it answers {', '.join(result)})"
        if result[word] != wanted:
            return f"expects {word} {wanted}, and gets {result[word]}"
    return None


def example_findings(library: RuleLibrary) -> Iterator[Finding]:
    """Yield a finding for each example of the clinical facts with another result."""
    for file in clinical_files(library):
        for key, row in file.every_row():
            for example in row.examples:
                fault = example_fault(library, type(file), key, example)
                if fault is not None:
                    stated = ", ".join(f"{name} {value}" for name, value in example.given.items())
                    yield Finding(*library.clinical.positions[key], f"{key}: the example {stated}: {fault}")
