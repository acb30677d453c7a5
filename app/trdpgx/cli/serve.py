"""``trdpgx serve``: the HTTP service as one process, or as several that share what they have read."""

import gc
import logging.config
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click
import uvicorn
from fastapi import FastAPI

from trdpgx.calling.precompute import precompute
from trdpgx.cli.console import load_settings
from trdpgx.cli.memory import keep_memory
from trdpgx.http.application import create_app, open_service
from trdpgx.http.example import example_report
from trdpgx.http.logs import FAULTS, location_of, log_config, silence_request_loggers
from trdpgx.http.prefork import STARTUP_FAILURE, Workers
from trdpgx.http.protocol import Protocol
from trdpgx.model.environment import PREFIX
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError
from trdpgx.model.settings import Settings

_GRACE_SECONDS = 30
_CLOSING_SECONDS = 10
"""What a worker may take to stop after it has let the last request go."""
_COLLECT_AFTER = 20_000
"""New objects after which the youngest are looked at; a small request makes about so many, nearly all of which go without that."""
_RULES = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--host", help="Address to listen on.  [default: TRDPGX_HOST or 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.  [default: TRDPGX_PORT or 8000]")
@click.option("--workers", type=click.IntRange(1), help="Number of server processes.  [default: TRDPGX_WORKERS or 1]")
@click.option("--rules", "layer", type=_RULES, metavar="DIR", help="A folder of rules to layer over the bundled ones.")
def serve(*, host: str | None, port: int | None, workers: int | None, layer: Path | None) -> None:
    """Run the HTTP service."""
    keep_memory()
    silence_request_loggers()
    given = {name: value for name, value in {"host": host, "port": port, "workers": workers}.items() if value is not None}
    settings = load_settings(layer).copy_with(**given)
    options: dict[str, Any] = {
        "host": settings.host,
        "port": settings.port,
        "loop": "uvloop",
        "http": Protocol,
        "ws": "none",
        "access_log": False,
        "server_header": False,
        "log_config": log_config(settings.log_level),
        "timeout_graceful_shutdown": _GRACE_SECONDS,
    }
    if settings.workers == 1:
        uvicorn.run(partial(create_app, settings, when_ready=_tune_garbage_collection), factory=True, workers=1, **options)
    elif sys.platform == "linux":
        sys.exit(_run_sharing(settings, options))
    else:
        # Elsewhere a fork is not safe (macOS) or there is none; uvicorn starts processes that read everything for themselves.
        if layer is not None:
            os.environ[f"{PREFIX}RULES"] = str(layer)
        uvicorn.run("trdpgx.cli.serve:application", factory=True, workers=settings.workers, **options)


def application() -> FastAPI:
    """Return the application of a process that uvicorn has started."""
    silence_request_loggers()
    return create_app(when_ready=_tune_garbage_collection)


def _tune_garbage_collection() -> None:
    """Freeze long-lived objects and raise the collection threshold; collection took a tenth of the time of requests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)


def _run_sharing(settings: Settings, options: dict[str, Any]) -> int:
    """Read the knowledge, make the application and what a first report makes, and fork the workers from that. Return the exit code."""
    logging.config.dictConfig(options["log_config"])
    limits = Limits()
    try:
        with open_service(settings.copy_with(cells=1), limits) as service:
            precompute(service.knowledge.reference)
            example_report(service)
    except InputError as error:
        FAULTS.critical("no report can be made: %s", location_of(error))
        return STARTUP_FAILURE
    except (OSError, ValueError):
        return STARTUP_FAILURE
    app = create_app(settings, limits, service.loaded, when_ready=_tune_garbage_collection)
    config = uvicorn.Config(app, workers=settings.workers, **options)
    config.load()
    with config.bind_socket() as listener:
        work = partial(uvicorn.Server(config).run, sockets=[listener])
        return Workers(work, settings.workers, _GRACE_SECONDS + _CLOSING_SECONDS).run()
