"""``clinical/conditions.yaml``: the conditions that a request may name as comorbidities."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import StringConstraints

from trdpgx.knowledge.rules.schema.clinical import ClinicalFile, ClinicalRow
from trdpgx.knowledge.rules.schema.fields import Identifier, Key, Text, Texts

Icd10 = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{2}(\.\d{1,2})?$")]
"""A category or subcategory of ICD-10; a category stands for its subcategories too."""


class ConditionRow(ClinicalRow):
    """A condition. Its id is this project's own name for it."""

    label: Text
    """Name of the condition in reports."""
    synonyms: Texts = ()
    icd10: tuple[Icd10, ...] = ()
    snomed: tuple[Identifier, ...] = ()
    """SNOMED CT concept ids."""


class ConditionFile(ClinicalFile):
    """``clinical/conditions.yaml``."""

    rows: Mapping[Key, ConditionRow] = {}
