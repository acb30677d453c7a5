"""The OpenAPI description of the service: FastAPI's own, with the real shapes of uploads, answers and errors, and with real examples."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any, cast

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from trdpgx.http.example import GENOME, cut, example_report, examples
from trdpgx.http.problems.examples import example_problem
from trdpgx.http.problems.handlers import MEDIA_TYPE
from trdpgx.http.problems.kinds import HTTP, PROBLEMS
from trdpgx.http.problems.statuses import HttpProblem
from trdpgx.http.schemas import ReportQuery
from trdpgx.model.base import field_texts
from trdpgx.model.report import Report
from trdpgx.model.summary import Summary
from trdpgx.pipeline import Service
from trdpgx.report.format_registry import DEFAULT, ReportFormat, report_formats
from trdpgx.report.formats.json import with_items

Json = dict[str, Any]

_EVERYWHERE = ("internal",)
_NEEDS_SERVICE = ("not_ready",)
_UPLOAD_ONLY_HTTP = frozenset(HTTP) - {"not_found", "method_not_allowed", "internal", "not_ready"}
_NO_SERVICE = frozenset({"/livez", "/problems", "/problems/{code}"})
_TAGS = [
    {"name": "reports", "description": "A genome in, a report for each of its samples out."},
    {"name": "knowledge", "description": "What the reports rest on. Each answer has an ETag; a conditional request costs nothing."},
    {"name": "service", "description": "The service itself."},
    {"name": "problems", "description": "Every kind of error, explained. Errors are application/problem+json (RFC 9457) everywhere."},
]

_lock = threading.Lock()

_LISTS = ("genes", "variants", "rare_variant_genes", "considerations", "drugs", "limitations")
"""Lists of a report that an example as text has two items of."""
_LONGEST_EXAMPLE = 50_000
"""A longer example is left out: a page would double the description."""


def openapi_document(app: FastAPI, service: Service) -> bytes:
    """Return the description as JSON. It is made once for an application; the example report in it is made by the service itself."""
    with _lock:
        made = getattr(app.state, "openapi", None)
        if made is None:
            made = app.state.openapi = orjson.dumps(_describe(app, service))
        return cast(bytes, made)


def _describe(app: FastAPI, service: Service) -> Json:
    made = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        license_info=app.license_info,
        routes=app.routes,
        tags=_TAGS,
        separate_input_output_schemas=True,
        servers=[{"url": "./", "description": "Where this description is, whatever a proxy puts before it."}],
    )
    document: Json = with_items(made)
    document["security"] = []
    report = example_report(service)
    shown = examples(service, report)
    errors = {code: example_problem(code, service.limits, service.settings) for code in PROBLEMS}
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = HttpProblem.model_json_schema(mode="serialization")
    for name, schema in schemas.items():
        if name in shown:
            schema["examples"] = [shown[name]]
    for path, item in document["paths"].items():
        for operation in item.values():
            _describe_operation(path, operation, shown, errors)
    _describe_reports(document["paths"]["/v1/reports"]["post"], report, errors)
    return document


def _describe_operation(path: str, operation: Json, shown: Mapping[str, object], errors: Mapping[str, HttpProblem]) -> None:
    """Give the answer its example, and the operation its errors."""
    responses = operation["responses"]
    responses.pop("422", None)
    for answer in responses.get("200", {}).get("content", {}).values():
        name = answer.get("schema", {}).get("$ref", "").rpartition("/")[2]
        if name in shown:
            answer["example"] = shown[name]
    codes = [*_EVERYWHERE]
    if path not in _NO_SERVICE:
        codes += _NEEDS_SERVICE
    if "{" in path:
        codes.append("not_found")
    if any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
        codes.append("bad_query")
    if path.startswith("/v1/") and operation["operationId"] not in {"make_reports", "list_limits"}:
        responses["304"] = {"description": "The client has this version already (If-None-Match)."}
    _describe_errors(responses, [errors[code] for code in codes])


def _describe_errors(responses: Json, problems: Sequence[HttpProblem]) -> None:
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


def _describe_reports(operation: Json, report: Report, errors: Mapping[str, HttpProblem]) -> None:
    """Describe what FastAPI cannot know: a streamed body of two kinds, and the formats of the answer."""
    binary = {"type": "string", "format": "binary"}
    file = {**binary, "contentMediaType": "application/octet-stream", "description": "VCF or BCF, plain, gzip, BGZF or zstd."}
    calls = {**file, "description": "Calls that another tool made, as that tool writes them."}
    targets = {**file, "description": "BED file of the regions that the assay set out to read."}
    context = {"type": "string", "contentMediaType": "application/json", "description": 'JSON, such as {"ancestry": "european"}.'}
    operation["requestBody"] = {
        "required": True,
        "description": "The file itself, with any Content-Type but multipart, or a form. Its kind is read from its bytes.",
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["vcf"],
                    "properties": {"vcf": file, "outside_calls": calls, "targets": targets, "context": context},
                    "additionalProperties": False,
                }
            },
            "application/octet-stream": {"schema": binary, "example": GENOME.decode()},
        },
    }
    texts = field_texts(ReportQuery)
    for parameter in operation["parameters"]:
        parameter["description"] = parameter["schema"]["description"] = texts[parameter["name"]]
        if parameter["name"] == "format":
            parameter["schema"] = {"type": "string", "enum": list(report_formats()), "default": DEFAULT, "description": texts["format"]}
    operation["responses"]["200"] = {
        "description": "One report for each sample. Lists in the examples are cut to two items.",
        "content": {one.media_type: _content(one, report) for one in report_formats().values()},
    }
    codes = [code for code in PROBLEMS if code not in HTTP or code in _UPLOAD_ONLY_HTTP]
    _describe_errors(operation["responses"], [errors[code] for code in (*codes, *_NEEDS_SERVICE, *_EVERYWHERE)])


def _content(one: ReportFormat, report: Report) -> Json:
    """Return the media type object of a format, with a real answer as the example."""
    if one.media_type.partition("+")[2] == "json" or one.media_type == "application/json":
        return {"schema": one.schema, "example": cut(orjson.loads(b"".join(one.answer([report]))))}
    short = report.copy_with(
        summary=_shortened(report.summary),
        **{
            name: getattr(report, name)[:2]
            for name in ("genes", "variants", "rare_variant_genes", "considerations", "drugs", "limitations")
        },
    )
    example = b"".join(one.answer([short])).decode()
    return {"schema": one.schema, "example": example} if len(example) <= _LONGEST_EXAMPLE else {"schema": one.schema}


def _shortened(summary: Summary | None) -> Summary | None:
    """Return a summary with two items in each list."""
    if summary is None:
        return None
    lists = {name: value[:2] for name, value in summary if isinstance(value, tuple)}
    return summary.copy_with(drugs=summary.drugs.copy_with(**{name: drugs[:2] for name, drugs in summary.drugs}), **lists)
