"""``trdpgx serve``: the HTTP process, which starts the supervisor and its workers."""

import gc
import logging.config
import resource
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click
import uvicorn
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from trdpgx.cli.exit_codes import ExitCode
from trdpgx.cli.settings import load_settings
from trdpgx.http.application import create_app
from trdpgx.http.protocol import Protocol
from trdpgx.model.limits import Limits
from trdpgx.model.settings import Settings
from trdpgx.service.logs import log_config, silence_request_loggers
from trdpgx.service.memory import keep_memory
from trdpgx.service.pool import COMMAND

_GRACE_SECONDS = 30
_OWN_DESCRIPTORS = 24
"""Descriptors of the HTTP process beside those of connections and workers."""
_LEAST_CONNECTIONS = 8
_RULES = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--host", help="Address to listen on.  [default: TRDPGX_HOST or 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.  [default: TRDPGX_PORT or 8000]")
@click.option("--workers", type=click.IntRange(1), help="Number of worker processes.  [default: TRDPGX_WORKERS or 3]")
@click.option("--rules", "layer", type=_RULES, metavar="DIR", help="A folder of rules to layer over the bundled ones.")
def serve(*, host: str | None, port: int | None, workers: int | None, layer: Path | None) -> None:
    """Run the HTTP service."""
    given = {name: value for name, value in {"host": host, "port": port, "workers": workers}.items() if value is not None}
    run_service(load_settings(layer).copy_with(**given))


def run_service(settings: Settings, command: Sequence[str] = COMMAND) -> None:
    """Run the service until it is stopped. ``command`` starts the supervisor. Exits with code 3 where it cannot start."""
    keep_memory()
    silence_request_loggers()
    logging.config.dictConfig(log_config(settings.log_level))
    app = create_app(settings, Limits(), command=command)
    config = uvicorn.Config(
        _PlainFailure(app),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=Protocol,
        ws="none",
        access_log=False,
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY:
        Protocol.most_connections = max(_LEAST_CONNECTIONS, soft - _OWN_DESCRIPTORS - 3 * settings.workers)
    gc.collect()
    gc.freeze()
    server = DrainingServer(config, app, settings.drain_seconds)
    server.run()
    if not server.started:
        sys.exit(ExitCode.NOT_STARTED)


class _PlainFailure:
    """The application; where it cannot start, the log has the reason alone and not the traceback that Starlette writes around it."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand everything on."""

        async def plain(message: Message) -> None:
            failure = getattr(self._app.state, "failure", None)
            await send({**message, "message": failure} if failure and message["type"] == "lifespan.startup.failed" else message)

        await self._app(scope, receive, plain if scope["type"] == "lifespan" else send)


class DrainingServer(uvicorn.Server):
    """A server that still takes requests for some seconds after SIGTERM, while ``/readyz`` answers that it stops.

    So that whoever sends it requests can look elsewhere first. SIGINT, or a second signal, stops it at once.
    """

    def __init__(self, config: uvicorn.Config, app: FastAPI, seconds: float) -> None:
        super().__init__(config)
        self._app = app
        self._seconds = seconds
        self._until: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        if sig == signal.SIGTERM and self.started and self._seconds and self._until is None:
            self._until = time.monotonic() + self._seconds
            self._app.state.draining = True
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Stop when the seconds are over."""
        if self._until is not None and time.monotonic() >= self._until and not self.should_exit:
            super().handle_exit(signal.SIGTERM, None)
        return await super().on_tick(counter)
