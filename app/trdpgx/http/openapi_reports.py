"""The OpenAPI description of the two endpoints that take uploads: bodies, formats of the response, and errors."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from trdpgx.http.headers import SIGNATURE
from trdpgx.http.problems.handlers import MEDIA_TYPE
from trdpgx.http.problems.kinds import HTTP
from trdpgx.http.problems.statuses import HttpProblem
from trdpgx.model.base import Model, field_texts
from trdpgx.model.input_name import LONGEST_INPUT_NAME
from trdpgx.service.example_data import GENOME
from trdpgx.service.hello import FormatInfo
from trdpgx.service.problems import BUSY, INTERNAL, NOT_FOUND, WORKER_DIED, WORKER_TIMEOUT
from trdpgx.service.schemas import ReannotationQuery, ReportQuery

Json = dict[str, Any]

EVERYWHERE = (INTERNAL.code,)
NEEDS_SERVICE = ("not_ready",)
NEEDS_WORKER = (BUSY.code, WORKER_DIED.code, WORKER_TIMEOUT.code)
_UPLOAD_ONLY_HTTP = frozenset(HTTP) - {"method_not_allowed", "not_ready"}
_EARLIER = (
    *("not_a_report", "unknown_report_schema", "bad_report", "contradictory_report", "earlier_reports_too_large"),
    *("bad_signature", "signature_required"),
)
_EARLIER_TOO = (
    *("bad_multipart", "missing_part", "duplicate_part", "unknown_part"),
    *("too_many_bytes", "too_many_reports", "too_slow", "stalled_upload", "bad_request", "content_encoding", "multipart_type"),
    *("not_acceptable", "bad_query", "bad_context", "unknown_filter", "outside_calls_other_sample"),
)
"""Problems of an upload, of a context and of filters, which an earlier report can have as well."""
CONTEXT: Json = {
    "as_of": "2026-01-31",
    "current_drugs": [{"drug": "paroxetine", "dose": 20, "since": "2025-11-01"}],
    "smoking": {"cigarettes_per_day": 10},
    "trials": [
        {
            "drug": "escitalopram",
            "dose_max": 10,
            "weeks": 8,
            "improvement_percent": 10,
            "plasma_level": {"value": 6, "unit": "ng/mL", "trough": True, "steady_state": True},
        }
    ],
    "ect": {"type": "bilateral", "sessions": 8, "outcome": "none"},
    "kidney": {"egfr": 75},
}


def describe_errors(responses: Json, problems: Sequence[HttpProblem]) -> None:
    """Describe the problems that an endpoint can return, those of one status together."""
    for status in sorted({problem.status for problem in problems}):
        same = [problem for problem in problems if problem.status == status]
        responses[str(status)] = {
            "description": same[0].title if len(same) == 1 else "What was wrong stands in `type`.",
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {
                        problem.type.rpartition("/")[2]: {"summary": problem.title, "value": problem.model_dump(exclude_none=True)}
                        for problem in same
                    },
                }
            },
        }


def describe_reports(operation: Json, formats: Sequence[FormatInfo], answers: Json, errors: Mapping[str, HttpProblem]) -> None:
    """Describe a streamed body of two kinds, which FastAPI cannot derive, and the formats of the response."""
    binary = {"type": "string", "format": "binary"}
    file = {**binary, "contentMediaType": "application/octet-stream", "description": "VCF or BCF, plain, gzip, BGZF or zstd."}
    calls = {**file, "description": "Calls that another tool made, as that tool writes them."}
    targets = {**file, "description": "BED file of the regions that the assay set out to read."}
    context = {"$ref": "#/components/schemas/ClinicalContext"}
    name = {"type": "string", "maxLength": LONGEST_INPUT_NAME, "description": field_texts(ReportQuery)["input_name"]}
    operation["requestBody"] = {
        "required": True,
        "description": "The file itself, with any Content-Type but multipart; a form; or, as JSON, a clinical context without a genome.",
        "content": {
            "multipart/form-data": {
                # No "anyOf" here, which generators of clients cannot make a form of.
                "schema": {
                    "type": "object",
                    "title": "ReportForm",
                    "description": "At least one of `vcf`, `outside_calls` and `context`.",
                    "properties": {"vcf": file, "outside_calls": calls, "targets": targets, "context": context, "input_name": name},
                    "additionalProperties": False,
                },
                "encoding": {"context": {"contentType": "application/json"}},
            },
            "application/json": {"schema": context, "example": CONTEXT},
            "application/octet-stream": {"schema": binary, "example": GENOME.decode()},
        },
    }
    _describe_query(operation, ReportQuery, formats)
    operation["responses"]["200"] = {
        "description": "One report for each sample. Lists in the examples are cut to two items.",
        "content": answers,
    }
    own = (code for code in errors if code not in {*HTTP, NOT_FOUND.code, *_EARLIER} or code in _UPLOAD_ONLY_HTTP)
    describe_errors(operation["responses"], [errors[code] for code in dict.fromkeys((*own, *NEEDS_SERVICE, *EVERYWHERE))])


def describe_reannotations(
    operation: Json, formats: Sequence[FormatInfo], shown: Mapping[str, object], diff_text: str, *, errors: Mapping[str, HttpProblem]
) -> None:
    """Describe a body of one or several reports, and the formats of the response."""
    report = {"$ref": "#/components/schemas/Report"}
    lines = {"type": "string", "description": "A report a line."}
    file = {"type": "string", "format": "binary", "contentMediaType": "application/json", "description": "A report, or several, as a file."}
    signature = {"type": "string", "description": "The detached signature of the part `report`, instead of the header."}
    operation["requestBody"] = {
        "required": True,
        "description": "What `/v1/reports` answered as JSON or NDJSON: a report, an array of them, or one a line; of schema 1.0 too.",
        "content": {
            "application/json": {"schema": {"oneOf": [report, {"type": "array", "items": report}]}, "example": shown["Report"]},
            "application/x-ndjson": {"schema": lines},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "title": "ReannotationForm",
                    "properties": {"report": file, "signature": signature},
                    "required": ["report"],
                    "additionalProperties": False,
                },
            },
        },
    }
    _describe_query(operation, ReannotationQuery, formats)
    operation["parameters"].append(
        {
            "name": SIGNATURE,
            "in": "header",
            "required": False,
            "description": "The detached signature of the body (JWS, Ed25519), where the operator asks for one.",
            "schema": {"type": "string"},
        }
    )
    pair = {"$ref": "#/components/schemas/Reannotation"}
    schemas: Json = {
        "json": {"oneOf": [pair, {"type": "array", "items": pair}]},
        "ndjson": {"type": "string", "description": "A report with its difference a line."},
    }
    example = shown["Reannotation"]
    examples: Json = {"json": example, "ndjson": orjson.dumps(example).decode() + "\n", "text": diff_text}
    operation["responses"]["200"] = {
        "description": "Today's report of each, with what is different. Lists in the examples are cut to two items.",
        "content": {
            one.media_type: {
                "schema": schemas.get(one.name, {"type": "string"}),
                **({"example": examples[one.name]} if one.name in examples else {}),
            }
            for one in formats
        },
    }
    codes = (*_EARLIER, *_EARLIER_TOO, *NEEDS_WORKER, *NEEDS_SERVICE, *EVERYWHERE)
    describe_errors(operation["responses"], [errors[code] for code in codes])


def _describe_query(operation: Json, query: type[Model], formats: Sequence[FormatInfo]) -> None:
    """Give each parameter its text, and ``format`` its values."""
    texts = field_texts(query)
    for parameter in operation["parameters"]:
        parameter["description"] = parameter["schema"]["description"] = texts[parameter["name"]]
        if parameter["name"] == "format":
            parameter["schema"] = {
                "type": "string",
                "enum": [one.name for one in formats],
                "default": formats[0].name,
                "description": texts["format"],
            }
