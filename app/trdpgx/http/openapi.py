"""The OpenAPI description of the service: FastAPI's own, with the real shapes of uploads, answers and errors, and with real examples."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from trdpgx.http import service_info as about
from trdpgx.http.auth.callers import OPEN, PROBES
from trdpgx.http.headers import SIGNATURE
from trdpgx.http.problems.examples import example_problem
from trdpgx.http.problems.handlers import MEDIA_TYPE
from trdpgx.http.problems.kinds import FORBIDDEN, HTTP, RATE_LIMITED, UNAUTHORIZED, WRONG_HOST
from trdpgx.http.problems.statuses import HttpProblem, problem_type
from trdpgx.http.public import PublicAddress
from trdpgx.http.security import SCHEME, secure, security_scheme
from trdpgx.model.access import AccessSettings
from trdpgx.model.base import Model, field_texts
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.naming import listed
from trdpgx.model.problem import ProblemKind
from trdpgx.model.report_schema import with_items
from trdpgx.service.example_data import GENOME, shown_by_name
from trdpgx.service.hello import FormatInfo
from trdpgx.service.info_schemas import ProblemList, Status
from trdpgx.service.pool import WorkerPool
from trdpgx.service.problems import BUSY, INTERNAL, NOT_FOUND, WORKER_DIED, WORKER_TIMEOUT
from trdpgx.service.schemas import ReannotationQuery, ReportQuery

Json = dict[str, Any]

_SERVER = "Where this description is, whatever a proxy puts before it, or where the operator states that the service is."
_EVERYWHERE = (INTERNAL.code,)
_NOT_FOR_PROBES = (WRONG_HOST.code, RATE_LIMITED.code)
_NEEDS_SCOPE = (UNAUTHORIZED.code, FORBIDDEN.code)
_NEEDS_SERVICE = ("not_ready",)
_NEEDS_WORKER = (BUSY.code, WORKER_DIED.code, WORKER_TIMEOUT.code)
_UPLOAD_ONLY_HTTP = frozenset(HTTP) - {"method_not_allowed", "not_ready"}
_EARLIER = (
    *("not_a_report", "unknown_report_schema", "bad_report", "contradictory_report", "earlier_reports_too_large"),
    *("bad_signature", "signature_required"),
)
_EARLIER_TOO = (
    *("too_many_bytes", "too_many_reports", "too_slow", "stalled_upload", "bad_request", "content_encoding", "multipart_type"),
    *("not_acceptable", "bad_query", "bad_context", "unknown_filter", "outside_calls_other_sample"),
)
"""Problems of an upload, of a context and of filters, which an earlier report can have as well."""
_NO_SERVICE = frozenset({"/livez", "/metrics"})
_NO_WORKER = frozenset(
    {
        "/livez",
        "/readyz",
        "/metrics",
        "/service-info",
        "/problems",
        "/problems/{code}",
        "/v1/limits",
        "/v1/schema/report",
        "/v1/schema/context",
    }
)
_CONTEXT: Json = {
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
_TAGS = [
    {"name": "reports", "description": "A genome in, a report for each of its samples out."},
    {"name": "knowledge", "description": "What the reports rest on. Each answer has an ETag; a conditional request costs nothing."},
    {"name": "service", "description": "The service itself."},
    {"name": "problems", "description": "Every kind of error, explained. Errors are application/problem+json (RFC 9457) everywhere."},
]


_ABOUT = (
    "Send a genome (VCF or BCF), calls of another tool or a clinical context to `POST /v1/reports`, and get a report for each sample. "
    "Decision support for research, no medical device: it considers, and never prescribes. Nothing that is sent is kept."
)


def openapi_document(app: FastAPI, pool: WorkerPool, access: AccessSettings, kinds: Mapping[str, ProblemKind], made: bytes) -> bytes:
    """Return the description as JSON. ``made`` are the examples that a worker has made: of each model, and of each format."""
    return orjson.dumps(_describe(app, pool, access, kinds, orjson.loads(made)))


def _describe(app: FastAPI, pool: WorkerPool, access: AccessSettings, kinds: Mapping[str, ProblemKind], made: Json) -> Json:
    routes = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=_ABOUT,
        contact={"name": "The maintainers of trdpgx"},
        license_info=app.license_info,
        routes=app.routes,
        tags=_TAGS,
        separate_input_output_schemas=True,
        servers=[{"url": PublicAddress.of(access).server, "description": _SERVER}],
    )
    document: Json = with_items(routes)
    document["security"] = []
    formats = listed([one.media_type for one in pool.hello.formats])
    errors = {code: example_problem(kind, pool.limits, pool.settings, formats) for code, kind in kinds.items()}
    scheme = security_scheme(access)
    if scheme is not None:
        document["components"]["securitySchemes"] = {SCHEME: scheme}
    own = (
        ProblemList(problems=tuple(problem_type(kind) for kind in kinds.values())),
        errors["wrong_column_count"],
        about.limits(pool, access),
        about.service_info(pool, access),
        Status(status="ready"),
        ClinicalContext.model_validate(_CONTEXT),
    )
    shown = {**shown_by_name(own), **made["models"]}
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas.update({name: schema for name, schema in _context_schemas(pool.hello.context_schema).items() if name not in schemas})
    schemas["Problem"] = HttpProblem.model_json_schema(mode="serialization")
    for name, schema in schemas.items():
        if name in shown:
            schema["examples"] = [shown[name]]
    for path, item in document["paths"].items():
        for method, operation in item.items():
            _describe_operation(path, operation, shown, errors)
            secure(path, method, operation, scheme)
    _describe_reports(document["paths"]["/v1/reports"]["post"], pool.hello.formats, made["formats"], errors)
    _describe_reannotations(
        document["paths"]["/v1/reannotations"]["post"], pool.hello.diff_formats, shown, made["diff_text"], errors=errors
    )
    return document


def _context_schemas(schema: Json) -> Json:
    """Return the schema of a clinical context, and those that it uses, as components."""
    text = orjson.dumps(schema).replace(b"#/$defs/", b"#/components/schemas/")
    whole: Json = orjson.loads(text)
    parts: Json = whole.pop("$defs")
    return {**parts, "ClinicalContext": {key: value for key, value in whole.items() if not key.startswith("$")}}


def _describe_operation(path: str, operation: Json, shown: Mapping[str, object], errors: Mapping[str, HttpProblem]) -> None:
    """Give the answer its example, and the operation its errors."""
    responses = operation["responses"]
    responses.pop("422", None)
    for answer in responses.get("200", {}).get("content", {}).values():
        name = answer.get("schema", {}).get("$ref", "").rpartition("/")[2]
        if name in shown:
            answer["example"] = shown[name]
    codes = [*_EVERYWHERE]
    if path not in OPEN:
        codes += _NEEDS_SCOPE
    if path not in PROBES:
        codes += _NOT_FOR_PROBES
    if path not in _NO_SERVICE:
        codes += _NEEDS_SERVICE
    if path not in _NO_WORKER:
        codes += _NEEDS_WORKER
    if "{" in path:
        codes.append(NOT_FOUND.code)
    if path not in PROBES:
        codes.append("bad_query")
    if path.startswith("/v1/") and operation["operationId"] not in {"make_reports", "make_reannotations", "list_limits"}:
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


def _describe_reports(operation: Json, formats: Sequence[FormatInfo], answers: Json, errors: Mapping[str, HttpProblem]) -> None:
    """Describe what FastAPI cannot know: a streamed body of two kinds, and the formats of the answer."""
    binary = {"type": "string", "format": "binary"}
    file = {**binary, "contentMediaType": "application/octet-stream", "description": "VCF or BCF, plain, gzip, BGZF or zstd."}
    calls = {**file, "description": "Calls that another tool made, as that tool writes them."}
    targets = {**file, "description": "BED file of the regions that the assay set out to read."}
    context = {"$ref": "#/components/schemas/ClinicalContext"}
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
                    "properties": {"vcf": file, "outside_calls": calls, "targets": targets, "context": context},
                    "additionalProperties": False,
                },
                "encoding": {"context": {"contentType": "application/json"}},
            },
            "application/json": {"schema": context, "example": _CONTEXT},
            "application/octet-stream": {"schema": binary, "example": GENOME.decode()},
        },
    }
    _describe_query(operation, ReportQuery, formats)
    operation["responses"]["200"] = {
        "description": "One report for each sample. Lists in the examples are cut to two items.",
        "content": answers,
    }
    own = (code for code in errors if code not in {*HTTP, NOT_FOUND.code, *_EARLIER} or code in _UPLOAD_ONLY_HTTP)
    _describe_errors(operation["responses"], [errors[code] for code in dict.fromkeys((*own, *_NEEDS_SERVICE, *_EVERYWHERE))])


def _describe_reannotations(
    operation: Json, formats: Sequence[FormatInfo], shown: Mapping[str, object], diff_text: str, *, errors: Mapping[str, HttpProblem]
) -> None:
    """Describe a body that is a report, or several, and the formats of the answer."""
    report = {"$ref": "#/components/schemas/Report"}
    lines = {"type": "string", "description": "A report a line."}
    operation["requestBody"] = {
        "required": True,
        "description": "What `/v1/reports` answered as JSON or NDJSON: a report, an array of them, or one a line; of schema 1.0 too.",
        "content": {
            "application/json": {"schema": {"oneOf": [report, {"type": "array", "items": report}]}, "example": shown["Report"]},
            "application/x-ndjson": {"schema": lines},
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
    codes = (*_EARLIER, *_EARLIER_TOO, *_NEEDS_WORKER, *_NEEDS_SERVICE, *_EVERYWHERE)
    _describe_errors(operation["responses"], [errors[code] for code in codes])


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
