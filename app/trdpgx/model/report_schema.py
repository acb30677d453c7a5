"""The JSON Schema that every report keeps."""

from typing import Any

from trdpgx.model.report import Report

SCHEMA_ID = "urn:trdpgx:report:1.1"


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a report as JSON."""
    schema = Report.model_json_schema(mode="serialization", by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **with_items(schema)}


def with_items(schema: Any) -> Any:
    """Return a schema in which every list of fixed length states what its items are, too: many generators do not read ``prefixItems``."""
    if isinstance(schema, list):
        return [with_items(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    filled = {key: with_items(member) for key, member in schema.items()}
    fixed = filled.get("prefixItems")
    if isinstance(fixed, list) and "items" not in filled:
        kinds = [kind for at, kind in enumerate(fixed) if kind not in fixed[:at]]
        filled["items"] = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    return filled
