"""`/docs` (Swagger UI from the installed package, nothing fetched from elsewhere), `/openapi.json` and `/problems`."""

from importlib import resources
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from trdpgx.http.accept import Accept
from trdpgx.http.encoded import constant_response
from trdpgx.http.forward import ask
from trdpgx.http.openapi import openapi_document
from trdpgx.http.problems.kinds import HTTP
from trdpgx.http.problems.page import POLICY, problem_page
from trdpgx.http.problems.statuses import problem_type
from trdpgx.http.state import access_of, pool_of
from trdpgx.model.naming import nearest_names
from trdpgx.model.problem import InputError, ProblemKind
from trdpgx.service.info_schemas import ProblemList, ProblemType
from trdpgx.service.pool import WorkerPool
from trdpgx.service.problems import NOT_FOUND

router = APIRouter()

_ASSETS = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "favicon-32x32.png": "image/png",
}
_OWN = {"start.js": ("docs.js", "text/javascript"), "own.css": ("docs.css", "text/css")}
_PAGES = Path(__file__).resolve().parents[1] / "pages"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>trdpgx</title>
<link rel="icon" type="image/png" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/own.css">
</head>
<body>
<main id="page"></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_DAY = "public, max-age=86400"


@router.get("/docs", include_in_schema=False)
def docs_page(request: Request) -> Response:
    """Show the interactive description of this service."""
    return constant_response(request, _PAGE.encode(), "text/html", {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"})


@router.get("/docs/{name}", include_in_schema=False)
def docs_asset(request: Request, name: str) -> Response:
    """Serve a file of Swagger UI from the installed package, or what we add to it."""
    if name in _OWN:
        file, media_type = _OWN[name]
        return constant_response(request, (_PAGES / file).read_bytes(), media_type, {"Cache-Control": "no-cache"})
    if name not in _ASSETS:
        raise HTTPException(404)
    content = resources.files("fastapi_swagger.resources").joinpath(name).read_bytes()
    return constant_response(request, content, _ASSETS[name], {"Cache-Control": _DAY})


@router.get("/openapi.json", include_in_schema=False)
async def openapi_json(request: Request) -> Response:
    """Describe this service, with examples that it has made itself."""
    state = request.app.state
    async with state.describing:
        if state.openapi is None:
            pool, examples = pool_of(request), await ask(request, {"task": "examples"})
            # It takes a second, in which other requests are answered.
            state.openapi = await run_in_threadpool(openapi_document, request.app, pool, access_of(request), _kinds(pool), examples)
    return constant_response(request, state.openapi, "application/json", {"Cache-Control": "no-cache"})


@router.get("/problems", tags=["problems"], operation_id="list_problems", summary="List every kind of problem")
def list_problems(request: Request) -> ProblemList:
    """List every kind of problem that this service returns, and what to do about each."""
    return ProblemList(problems=tuple(problem_type(kind) for kind in _kinds(pool_of(request)).values()))


@router.get(
    "/problems/{code}", tags=["problems"], operation_id="get_problem", summary="Explain one kind of problem", response_model=ProblemType
)
def get_problem(request: Request, code: str) -> Response | ProblemType:
    """Explain one kind of problem, as a page if `Accept` names HTML. The `type` of a problem is the URL of this page."""
    kinds = _kinds(pool_of(request))
    if code not in kinds:
        raise InputError(NOT_FOUND, f"There is no such kind of problem; see /problems.{nearest_names(code, kinds)}")
    kind = problem_type(kinds[code])
    if not Accept(request.headers.get("accept")).prefers("text/html", "application/json"):
        return kind
    page = problem_page(title=kind.title, remedy=kind.remedy, code=kind.code, status=kind.status)
    return Response(page, media_type="text/html", headers={"Content-Security-Policy": POLICY, "Vary": "Accept"})


def _kinds(pool: WorkerPool) -> dict[str, ProblemKind]:
    """Return every kind of problem that this service can answer with, by code."""
    return {**{kind.code: kind for kind in pool.hello.kinds}, **HTTP}
