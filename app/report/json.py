"""The report as JSON, and the JSON Schema that it keeps."""

from typing import Any

from app.model.report import Report

SCHEMA_ID = "urn:trdpgx:report:1.0"


def to_json(report: Report, *, indent: int | None = None) -> bytes:
    """Return the report as UTF-8 JSON, keys in the order of the schema, without a final newline."""
    return report.model_dump_json(by_alias=True, indent=indent).encode()


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what ``to_json`` writes."""
    schema = Report.model_json_schema(mode="serialization", by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}
