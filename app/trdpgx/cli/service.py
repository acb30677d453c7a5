"""The service that a command opens for its files."""

from collections.abc import Iterator
from contextlib import contextmanager

from trdpgx.cli.console import stop
from trdpgx.cli.memory import lasting
from trdpgx.model.limits import Limits
from trdpgx.model.settings import Settings
from trdpgx.pipeline import Service


@contextmanager
def open_service(settings: Settings) -> Iterator[Service]:
    """Open a service with one parser process, as files are read one after the other; where it cannot be opened, print why and exit."""
    try:
        with lasting():
            service = Service(settings.copy_with(cells=1), Limits())
    except (OSError, ValueError) as error:
        stop(f"the rules or the reference cannot be read:\n{error}")
    with service:
        yield service
