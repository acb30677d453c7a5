"""The report as JSON, and the JSON Schema that it keeps."""

from typing import Any

from pydantic import TypeAdapter

from app.model.report import Report

SCHEMA_ID = "urn:trdpgx:report:1.0"
_REPORT: TypeAdapter[Report] = TypeAdapter(Report)
"""Writes bytes at once, where the model's own method writes text that would have to be encoded."""


def to_json(report: Report, *, indent: int | None = None) -> bytes:
    """Return the report as UTF-8 JSON, keys in the order of the schema, without a final newline."""
    return _REPORT.dump_json(report, by_alias=True, indent=indent)


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what ``to_json`` writes."""
    schema = Report.model_json_schema(mode="serialization", by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}
