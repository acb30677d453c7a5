"""The HTTP application: ``create_app`` makes the application that ``trdpgx serve`` runs."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import metadata, version

from anyio import to_thread
from fastapi import FastAPI

from trdpgx.calling.precompute import precompute
from trdpgx.http.example import example_report
from trdpgx.http.logs import FAULTS
from trdpgx.http.middleware.drain import DrainRefusedBody
from trdpgx.http.middleware.error_boundary import ErrorBoundary
from trdpgx.http.problems.handlers import handle_errors
from trdpgx.http.routes import docs, knowledge, reports, service
from trdpgx.model.limits import Limits
from trdpgx.model.settings import Settings
from trdpgx.pipeline import Loaded, Service


def create_app(
    settings: Settings | None = None,
    limits: Limits | None = None,
    loaded: Loaded | None = None,
    *,
    when_ready: Callable[[], None] | None = None,
) -> FastAPI:
    """Return the application.

    When it starts, it opens its service (knowledge and parser processes) and makes the report of a small example, so that it is not ready
    before it has shown that it can, and so that the first request finds everything warm. When it stops, it closes its service. What was
    ``loaded`` with the same settings is not read again.

    ``when_ready`` is called before the first request. Nothing of the process is changed here: the garbage collector and the loggers are
    the caller's (``trdpgx.cli.serve``; ``trdpgx.http.logs.silence_request_loggers`` silences the loggers that quote requests).
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        opened = await to_thread.run_sync(open_service, settings, limits, loaded)
        try:
            await to_thread.run_sync(precompute, opened.knowledge.reference)
            await to_thread.run_sync(example_report, opened)
            if when_ready is not None:
                when_ready()
            app.state.service = opened
            yield
        finally:
            app.state.service = None
            await to_thread.run_sync(opened.close)

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
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
    )
    app.add_middleware(DrainRefusedBody, seconds=(settings or Settings()).upload_linger_seconds)
    app.add_middleware(ErrorBoundary)
    handle_errors(app)
    for room in (reports, knowledge, service, docs):
        app.include_router(room.router)
    return app


def open_service(settings: Settings | None, limits: Limits | None, loaded: Loaded | None = None) -> Service:
    """Open the service. Why it cannot be opened is logged in full: no request is involved, and the operator needs to know."""
    try:
        return Service(settings, limits, loaded)
    except (OSError, ValueError) as error:
        FAULTS.critical("the rules, the reference or a setting cannot be used: %s", error)
        raise
