"""Every failure is answered as RFC 9457 problem details, which quote nothing of the request."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from trdpgx.http.problems.kinds import BAD_REQUEST, METHOD_NOT_ALLOWED, NOT_READY
from trdpgx.http.problems.statuses import http_problem
from trdpgx.http.record import record_of
from trdpgx.model.naming import known_names, ordinal
from trdpgx.model.problem import InputError, Problem, ProblemKind, problem_of
from trdpgx.service.problems import BAD_QUERY, INTERNAL, NOT_FOUND

MEDIA_TYPE = "application/problem+json"

_BY_STATUS: Mapping[int, tuple[ProblemKind, str]] = {
    404: (NOT_FOUND, "No resource exists at this URL."),
    405: (METHOD_NOT_ALLOWED, "The URL exists and does not support the method of the request."),
    503: (NOT_READY, "No worker is ready, or the service is stopping."),
}
_RETRY_SECONDS = "5"
_MOST_DETAILS = 5
"""Faults of one query that are described: each costs a search for near names, and a query may have thousands."""


class ProblemResponse(Response):
    """An answer that states what is wrong."""

    media_type = MEDIA_TYPE

    def __init__(self, problem: Problem, scope: Scope, headers: Mapping[str, str] | None = None) -> None:
        """Send the problem with its status; problems are never cached. The request's record gets its code."""
        record = record_of(scope)
        record.problem = problem.code
        sent = http_problem(problem, record.public.base)
        super().__init__(
            sent.model_dump_json(exclude_none=True).encode(),
            status_code=sent.status,
            headers={"Cache-Control": "no-store", **({"Retry-After": _RETRY_SECONDS} if sent.status == 503 else {}), **(headers or {})},
        )


def handle_errors(app: FastAPI) -> None:
    """Register handlers that turn exceptions into problem+json; the middleware ``ErrorBoundary`` handles the rest."""
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(RequestValidationError)(_validation)
    app.exception_handler(InputError)(_input)


def internal_error(scope: Scope) -> ProblemResponse:
    """Return the answer for a fault of the service, without details of it."""
    return ProblemResponse(problem_of(INTERNAL, "Something went wrong while this request was handled."), scope)


async def _http(request: Request, error: HTTPException) -> Response:
    if error.status_code < 400:
        return Response(status_code=error.status_code, headers=error.headers)
    if error.status_code >= 500 and error.status_code not in _BY_STATUS:
        return internal_error(request.scope)
    kind, detail = _BY_STATUS.get(error.status_code, (BAD_REQUEST, "The request cannot be understood."))
    return ProblemResponse(problem_of(kind, detail), request.scope, error.headers)


async def _validation(request: Request, error: RequestValidationError) -> Response:
    details = error.errors()
    described = list(dict.fromkeys(_describe(detail, request) for detail in details[:_MOST_DETAILS]))
    if len(details) > _MOST_DETAILS:
        described.append(f"There are {len(details) - _MOST_DETAILS} more.")
    return ProblemResponse(problem_of(BAD_QUERY, " ".join(described)), request.scope)


def _describe(detail: dict[str, Any], request: Request) -> str:
    """Describe one validation error by a name of ours or a position, and in pydantic's words about the type, never by the value."""
    name = str(detail["loc"][-1])
    if detail["type"] == "extra_forbidden":
        sent = [key for key, _ in request.query_params.multi_items()]
        position = f"The {ordinal(sent.index(name) + 1)} query parameter" if name in sent else "A query parameter"
        return f"{position} is not one of this endpoint. {known_names(name, parameters_of(request))}"
    named = next(part for part in reversed(detail["loc"]) if isinstance(part, str))
    return f"`{named}`: {detail['msg']}."


def parameters_of(request: Request) -> list[str]:
    """Return the names of the query parameters that the address of a request has."""
    dependant = getattr(request.scope.get("route"), "dependant", None)
    names: list[str] = []
    for field in dependant.query_params if dependant is not None else ():
        names += list(getattr(field.field_info.annotation, "model_fields", None) or [field.alias])
    return names


async def _input(request: Request, error: InputError) -> Response:
    answer = ProblemResponse(error.problem, request.scope)
    if answer.status_code == 415:
        answer.headers["Accept-Encoding"] = "identity"
    return answer
