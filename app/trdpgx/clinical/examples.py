"""The examples of clinical facts, run: what a row makes of what its example states, against what the example expects."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from trdpgx.clinical.conversion_examples import effect_example, method_example
from trdpgx.clinical.exposure_examples import exposure_example
from trdpgx.clinical.history_examples import range_example, staging_example, trial_example
from trdpgx.clinical.interaction_examples import interaction_example
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
from trdpgx.model.library import RuleLibrary
from trdpgx.model.problem import InputError

Runner = Callable[[RuleLibrary, str, Mapping[str, Any]], Mapping[str, Any]]
"""Takes the rulebook, the id of the row and what the example states, and returns what comes of it under the words of ``expect``.

Raises ``ValueError``, ``KeyError`` or ``InputError`` where the example states something that it cannot read.
"""


def _condition(library: RuleLibrary, _: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"condition": library.patient_names.conditions.find(str(given["name"]))}


RUNNERS: Mapping[type[ClinicalFile], Runner] = {
    ConditionFile: _condition,
    AdequateTrialFile: trial_example,
    RangeFile: range_example,
    StagingFile: staging_example,
    DrugPairFile: interaction_example,
    CautionFile: interaction_example,
    EnzymeEffectFile: effect_example,
    ExposureFile: exposure_example,
    PhenoconversionFile: method_example,
}
"""How the examples of each kind are run."""


def example_fault(library: RuleLibrary, kind: type[ClinicalFile], row: str, example: ClinicalExample) -> str | None:
    """Return what is wrong with an example, or ``None`` where everything comes out as it expects."""
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
    """Yield a finding for each example of the clinical facts that does not come out."""
    for file in clinical_files(library):
        for key, row in file.every_row():
            for example in row.examples:
                fault = example_fault(library, type(file), key, example)
                if fault is not None:
                    stated = ", ".join(f"{name} {value}" for name, value in example.given.items())
                    yield Finding(*library.clinical.positions[key], f"{key}: the example {stated}: {fault}")
