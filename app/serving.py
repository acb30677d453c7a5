"""``trdpgx serve``: the HTTP service as a process."""

import os
from pathlib import Path

import click
import uvicorn

from app.api.logs import log_config
from app.commands.voice import load_settings
from app.model.environment import PREFIX

_GRACE_SECONDS = 30
_RULES = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--host", help="Address to listen on.  [default: TRDPGX_HOST or 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.  [default: TRDPGX_PORT or 8000]")
@click.option("--workers", type=click.IntRange(1), help="Number of server processes.  [default: TRDPGX_WORKERS or 1]")
@click.option("--rules", "layer", type=_RULES, metavar="DIR", help="A folder of rules to layer over the bundled ones.")
def serve(*, host: str | None, port: int | None, workers: int | None, layer: Path | None) -> None:
    """Run the HTTP service."""
    settings = load_settings(layer)
    if layer is not None:
        os.environ[f"{PREFIX}RULES"] = str(layer)
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
        workers=settings.workers if workers is None else workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        server_header=False,
        log_config=log_config(settings.log_level),
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
