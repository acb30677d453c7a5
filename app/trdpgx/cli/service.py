"""The service with which a command reads files and makes reports."""

from collections.abc import Iterator
from contextlib import contextmanager

from trdpgx.cli.console import stop
from trdpgx.model.limits import Limits
from trdpgx.model.settings import Settings
from trdpgx.pipeline import Service
from trdpgx.service.memory import lasting


@contextmanager
def open_service(settings: Settings) -> Iterator[Service]:
    """Open a service; where it cannot be opened, print why and exit."""
    try:
        with lasting():
            service = Service(settings, Limits())
    except (OSError, ValueError) as error:
        stop(f"the rules or the reference cannot be read:\n{error}")
    with service:
        yield service
