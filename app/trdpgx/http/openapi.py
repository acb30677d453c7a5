"""The OpenAPI description of the service: FastAPI's own, with the real shapes of uploads, answers and errors, and with real examples."""

from collections.abc import Mapping

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from trdpgx.http import service_info as about
from trdpgx.http.auth.callers import OPEN, PROBES, scope_of
from trdpgx.http.openapi_reports import (
    CONTEXT,
    EVERYWHERE,
    NEEDS_SERVICE,
    NEEDS_WORKER,
    Json,
    describe_errors,
    describe_reannotations,
    describe_reports,
)
from trdpgx.http.problems.examples import example_problem
from trdpgx.http.problems.kinds import FORBIDDEN, RATE_LIMITED, UNAUTHORIZED, WRONG_HOST
from trdpgx.http.problems.statuses import HttpProblem, problem_type
from trdpgx.http.public import PublicAddress
from trdpgx.model.access import AccessSettings
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.naming import listed
from trdpgx.model.problem import ProblemKind
from trdpgx.model.report_schema import with_items
from trdpgx.service.example_data import shown_by_name
from trdpgx.service.info_schemas import ProblemList, Status
from trdpgx.service.logs import FAULTS
from trdpgx.service.pool import WorkerPool
from trdpgx.service.problems import NOT_FOUND

_SCHEME = "key"
"""The name of the security scheme."""

_SERVER = "Where this description is, whatever a proxy puts before it, or where the operator states that the service is."
_NOT_FOR_PROBES = (WRONG_HOST.code, RATE_LIMITED.code)
_NEEDS_SCOPE = (UNAUTHORIZED.code, FORBIDDEN.code)
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
_TAGS = [
    {"name": "reports", "description": "Send a genome, and get a report for each of its samples."},
    {"name": "knowledge", "description": "The rules, genes and drugs that reports are based on. Each response has an ETag."},
    {"name": "service", "description": "The service itself."},
    {"name": "problems", "description": "Every kind of error, explained. Errors are application/problem+json (RFC 9457) everywhere."},
]


_ABOUT = (
    "Send a genome (VCF or BCF), calls of another tool or a clinical context to `POST /v1/reports`, and get a report for each sample. "
    "Decision support for research, not a medical device: reports list considerations and never prescribe. "
    "The service stores nothing that is sent."
)


def openapi_document(app: FastAPI, pool: WorkerPool, access: AccessSettings, kinds: Mapping[str, ProblemKind], made: bytes) -> bytes:
    """Return the description as JSON. ``made`` are the examples that a worker has made: of each model, and of each format."""
    examples = orjson.loads(made)
    for fault in examples["faults"]:
        FAULTS.error("no example of the format %s", fault)
    return orjson.dumps(_describe(app, pool, access, kinds, examples))


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
    scheme = _security_scheme(access)
    if scheme is not None:
        document["components"]["securitySchemes"] = {_SCHEME: scheme}
    own = (
        ProblemList(problems=tuple(problem_type(kind) for kind in kinds.values())),
        errors["wrong_column_count"],
        about.limits(pool, access),
        about.service_info(pool, access),
        Status(status="ready"),
        ClinicalContext.model_validate(CONTEXT),
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
            if scheme is not None:
                operation["security"] = [] if path in OPEN else [{_SCHEME: [scope_of(path, method.upper())]}]
    describe_reports(document["paths"]["/v1/reports"]["post"], pool.hello.formats, made["formats"], errors)
    describe_reannotations(document["paths"]["/v1/reannotations"]["post"], pool.hello.diff_formats, shown, made["diff_text"], errors=errors)
    return document


def _security_scheme(access: AccessSettings) -> dict[str, str] | None:
    """Return the security scheme that the settings ask for, or ``None`` where everybody may call."""
    if access.auth == "keys":
        return {"type": "http", "scheme": "bearer", "description": "A key that the operator of the service has given out."}
    if access.auth == "oidc":
        address = f"{(access.oidc_issuer or '').rstrip('/')}/.well-known/openid-configuration"
        return {"type": "openIdConnect", "openIdConnectUrl": address, "description": "A token of the operator's issuer, as Bearer."}
    return None


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
    codes = [*EVERYWHERE]
    if path not in OPEN:
        codes += _NEEDS_SCOPE
    if path not in PROBES:
        codes += _NOT_FOR_PROBES
    if path not in _NO_SERVICE:
        codes += NEEDS_SERVICE
    if path not in _NO_WORKER:
        codes += NEEDS_WORKER
    if "{" in path:
        codes.append(NOT_FOUND.code)
    if path not in PROBES:
        codes.append("bad_query")
    if path.startswith("/v1/") and operation["operationId"] not in {"make_reports", "make_reannotations", "list_limits"}:
        responses["304"] = {"description": "The client has this version already (If-None-Match)."}
    describe_errors(responses, [errors[code] for code in codes])
