"""The JSON Schema of a clinical context, with the conditions that can be named."""

from typing import Any

from trdpgx.knowledge.rules.schema.conditions import ConditionFile
from trdpgx.model.clinical_context import ClinicalContext

SCHEMA_ID = "urn:trdpgx:context:1"


def context_schema(conditions: ConditionFile) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12). ``comorbidities`` lists our names as examples: codes and other names are taken, too."""
    schema = ClinicalContext.model_json_schema(mode="validation")
    items = schema["properties"]["comorbidities"]["anyOf"][0]["items"]
    items["examples"] = list(conditions.rows)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}
