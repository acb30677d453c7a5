"""The kinds of clinical facts: the path of each file within ``rules/``, and its shape.

A new kind is a module beside this one with a ``ClinicalFile`` and its ``ClinicalRow``, a line here, a runner of its examples in
``trdpgx.clinical.examples``, and the file; ``trdpgx rules schema --write rules/schema`` then writes its JSON Schema. Read it anywhere with
``rulebook.clinical.of(TheFile)``.
"""

from collections.abc import Mapping

from trdpgx.knowledge.rules.schema.adequate_trials import AdequateTrialFile
from trdpgx.knowledge.rules.schema.cautions import CautionFile
from trdpgx.knowledge.rules.schema.clinical import ClinicalFile
from trdpgx.knowledge.rules.schema.conditions import ConditionFile
from trdpgx.knowledge.rules.schema.drug_pairs import DrugPairFile
from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile
from trdpgx.knowledge.rules.schema.exposure import ExposureFile
from trdpgx.knowledge.rules.schema.phenoconversion import PhenoconversionFile
from trdpgx.knowledge.rules.schema.staging import StagingFile
from trdpgx.knowledge.rules.schema.therapeutic_ranges import RangeFile

CLINICAL_KINDS: Mapping[str, type[ClinicalFile]] = {
    "clinical/conditions.yaml": ConditionFile,
    "clinical/adequate_trials.yaml": AdequateTrialFile,
    "clinical/therapeutic_ranges.yaml": RangeFile,
    "clinical/staging.yaml": StagingFile,
    "clinical/drug_pairs.yaml": DrugPairFile,
    "clinical/cautions.yaml": CautionFile,
    "phenoconversion.yaml": PhenoconversionFile,
    "clinical/enzyme_effects.yaml": EnzymeEffectFile,
    "clinical/exposure.yaml": ExposureFile,
}
