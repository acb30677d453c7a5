"""``trdpgx serve``: the HTTP process, which starts the supervisor and its workers."""

import asyncio
import gc
import logging.config
import resource
import signal
import socket
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
import uvicorn
from fastapi import FastAPI
from prometheus_client import disable_created_metrics
from starlette.types import Message, Receive, Scope, Send

from trdpgx.cli.exit_codes import ExitCode
from trdpgx.cli.options import rules_option
from trdpgx.cli.settings import load_access, load_settings
from trdpgx.http.application import create_app
from trdpgx.http.audit import AuditError
from trdpgx.http.auth.choose import AccessError
from trdpgx.http.connections import MOST_PROBING, Connections
from trdpgx.http.metrics import MetricsApp
from trdpgx.http.protocol import Protocol
from trdpgx.http.rates.store import StoreError
from trdpgx.model.access import AccessSettings, is_loopback
from trdpgx.model.limits import Limits
from trdpgx.model.printable import escaped
from trdpgx.model.settings import Settings
from trdpgx.service.logs import log_config, log_loop_fault, silence_request_loggers
from trdpgx.service.memory import keep_memory
from trdpgx.service.pool import COMMAND

_GRACE_SECONDS = 30
_OWN_DESCRIPTORS = 32
"""Descriptors of the HTTP process beside those of connections and workers; eight may be for Redis."""
_LEAST_CONNECTIONS = 8
_log = logging.getLogger("trdpgx.access")


@click.command()
@click.option("--host", help="Address to listen on.  [default: TRDPGX_HOST or 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.  [default: TRDPGX_PORT or 8000]")
@click.option("--workers", type=click.IntRange(1), help="Number of worker processes.  [default: TRDPGX_WORKERS or 3]")
@rules_option
def serve(*, host: str | None, port: int | None, workers: int | None, layer: Path | None) -> None:
    """Run the HTTP service."""
    stated = {name: value for name, value in {"host": host, "port": port, "workers": workers}.items() if value is not None}
    settings, access = load_settings(layer).copy_with(**stated), load_access()
    if access.auth is None and not is_loopback(settings.host):
        raise click.UsageError(
            f"others than this machine can reach {escaped(settings.host)}, and nothing states who may call. Set TRDPGX_AUTH: "
            "`keys` (with TRDPGX_KEYS, the file that `trdpgx keys new` writes), `oidc` (tokens of an issuer), or `none` where "
            "everybody who can reach it may have reports made. docs/settings.md has each."
        )
    run_service(settings, access)


def run_service(settings: Settings, access: AccessSettings, command: Sequence[str] = COMMAND) -> None:
    """Run the service until it is stopped. ``command`` starts the supervisor. Exits with code 3 where it cannot start."""
    keep_memory()
    silence_request_loggers()
    disable_created_metrics()  # type: ignore[no-untyped-call]
    logging.config.dictConfig(log_config(settings.log_level, settings.log_format))
    try:
        app = create_app(settings, Limits(), access, command=command)
    except (AccessError, AuditError, StoreError) as error:
        raise click.UsageError(str(error)) from None
    config = uvicorn.Config(
        _PlainFailure(app),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=Protocol,
        ws="none",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_config=None,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 2**20 if soft == resource.RLIM_INFINITY else soft - MOST_PROBING - _OWN_DESCRIPTORS - 3 * settings.workers
    Protocol.bounds = Connections(access, max(_LEAST_CONNECTIONS, most))
    app.state.metrics.watch_connections(Protocol.bounds)
    Protocol.least_rate = settings.upload_min_rate
    gc.collect()
    gc.freeze()
    server = DrainingServer(config, app, settings.drain_seconds, access)
    server.run()
    if not server.started:
        sys.exit(ExitCode.NOT_STARTED)


class _PlainFailure:
    """The application; where it cannot start, the log has the reason without Starlette's traceback."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application, with the reason as the message of a failed start."""

        async def plain(message: Message) -> None:
            failure = getattr(self._app.state, "failure", None)
            await send({**message, "message": failure} if failure and message["type"] == "lifespan.startup.failed" else message)

        await self._app(scope, receive, plain if scope["type"] == "lifespan" else send)


class DrainingServer(uvicorn.Server):
    """A server that still takes requests for some seconds after SIGTERM, while ``/readyz`` answers that it stops.

    Until then a load balancer can send its requests to another server. SIGINT, or a second signal, stops it at once. After a stop by signal
    the exit code is 0. The metrics have a port of their own where the settings name one.
    """

    def __init__(self, config: uvicorn.Config, app: FastAPI, seconds: float, access: AccessSettings) -> None:
        super().__init__(config)
        self._access = access
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

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, also on the port of the metrics."""
        asyncio.get_running_loop().set_exception_handler(log_loop_fault)
        await super().startup(sockets)
        if self._access.metrics_port is None or not self.started:
            return
        config = uvicorn.Config(MetricsApp(self._app.state.metrics), lifespan="off", log_config=None, access_log=False, server_header=False)
        config.load()

        def connect() -> asyncio.Protocol:
            return Protocol(config=config, server_state=self.server_state, app_state={})

        try:
            loop = asyncio.get_running_loop()
            self.servers.append(await loop.create_server(connect, self._access.metrics_host, self._access.metrics_port))
        except OSError as error:
            _log.critical("the port of the metrics cannot be listened on: %s", error.strerror)
            self.started, self.should_exit = False, True
            await self.lifespan.shutdown()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Handle signals, and drop them when all requests have ended; uvicorn would raise them again."""
        with super().capture_signals():
            yield
            if not self.force_exit:
                self._captured_signals.clear()

    async def on_tick(self, counter: int) -> bool:
        """Stop when the draining seconds have passed."""
        if self._until is not None and time.monotonic() >= self._until and not self.should_exit:
            super().handle_exit(signal.SIGTERM, None)
        return await super().on_tick(counter)
