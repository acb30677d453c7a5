"""The HTTP application: ``create_app`` makes the application that ``trdpgx serve`` runs."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import metadata, version

from fastapi import Depends, FastAPI

from trdpgx.http.audit import Audit
from trdpgx.http.auth.choose import choose_authenticator
from trdpgx.http.metrics import Metrics
from trdpgx.http.middleware.access import AccessControl
from trdpgx.http.middleware.answer_digest import AnswerDigest
from trdpgx.http.middleware.cors import CrossOrigin
from trdpgx.http.middleware.drain import DrainRefusedBody
from trdpgx.http.middleware.error_boundary import ErrorBoundary, Observer, log_request
from trdpgx.http.middleware.problem_pages import ProblemPages
from trdpgx.http.problems.handlers import handle_errors
from trdpgx.http.public import Hosts, Proxies, PublicAddress
from trdpgx.http.query import refuse_parameters
from trdpgx.http.rates.limiter import RateLimiter
from trdpgx.http.rates.store import Store
from trdpgx.http.record import RequestRecord, RouteNames
from trdpgx.http.routes import docs, knowledge, page, reannotations, reports, service
from trdpgx.model.access import AccessSettings
from trdpgx.model.limits import Limits
from trdpgx.model.settings import Settings
from trdpgx.service.pool import COMMAND, StartError, WorkerPool


def create_app(
    settings: Settings | None = None,
    limits: Limits | None = None,
    access: AccessSettings | None = None,
    *,
    command: Sequence[str] = COMMAND,
) -> FastAPI:
    """Return the application.

    Its start runs ``command``, the supervisor, which reads the knowledge, makes the report of a small example and forks the workers; the
    application is ready when the first of them is. Its stop ends all of them. This process imports nothing that reads a genome. Its garbage
    collector and loggers are the caller's (``trdpgx.service.logs.silence_request_loggers`` silences those that quote requests).

    Raises ``AccessError``, ``StoreError`` and ``AuditError`` where a setting of ``access`` cannot be used.
    """
    settings, access = settings or Settings(), access or AccessSettings()
    metrics = Metrics()
    store = Store(access.redis_url, metrics.store_failures.inc)
    authenticator = choose_authenticator(access)
    audit = Audit(access.audit)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            async with _working(app, WorkerPool(settings, limits or Limits(), command), metrics):
                yield
        finally:
            await store.close()
            audit.close()

    app = FastAPI(
        title="trdpgx",
        summary=str(metadata("trdpgx")["Summary"]),
        version=version("trdpgx"),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False},
    )
    app.state.access, app.state.metrics = access, metrics
    app.state.openapi, app.state.describing = None, asyncio.Lock()
    handle_errors(app)
    for routes in (reports, reannotations, knowledge, service, docs):
        app.include_router(routes.router, dependencies=[Depends(refuse_parameters)])
    app.include_router(page.router)
    # The last one added is the outermost.
    limiter = RateLimiter(access, store)
    app.add_middleware(AccessControl, authenticator=authenticator, limiter=limiter, hosts=Hosts(access), proxies=Proxies(access))
    app.add_middleware(DrainRefusedBody, seconds=settings.upload_drain_seconds)
    app.add_middleware(ProblemPages)
    app.add_middleware(AnswerDigest)
    app.add_middleware(CrossOrigin, origins=access.cors_origins)
    app.add_middleware(ErrorBoundary, public=PublicAddress.of(access), observe=_observer(app, metrics, audit))
    return app


def _observer(app: FastAPI, metrics: Metrics, audit: Audit) -> Observer:
    """Return what logs, counts and audits each request that has ended."""
    names = RouteNames(app.routes)

    def observe(record: RequestRecord, path: str, seconds: float) -> None:
        pool, route = getattr(app.state, "pool", None), names.of(path)
        log_request(record, route, seconds)
        metrics.count(record, route, seconds)
        audit.write(record, route, None if pool is None else pool.hello.knowledge)

    return observe


@asynccontextmanager
async def _working(app: FastAPI, pool: WorkerPool, metrics: Metrics) -> AsyncIterator[None]:
    """Run the workers while the block lasts: ``app.state`` has the ``pool``, or the ``failure`` that kept it from starting."""
    try:
        await pool.open()
    except StartError as error:
        app.state.failure = str(error)
        raise
    try:
        app.state.pool = pool
        metrics.watch(pool)
        yield
    finally:
        app.state.pool = None
        metrics.watch(None)
        await pool.close()
