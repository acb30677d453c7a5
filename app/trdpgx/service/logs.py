"""What is logged: times, methods, route patterns, status codes and the source lines of faults. Nothing that a request sent."""

import json
import logging
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

_ROOT = Path(__file__).resolve().parents[2]
_FRAMES = 6

ACCESS = logging.getLogger("trdpgx.access")
"""One line for each request."""
FAULTS = logging.getLogger("trdpgx.faults")
"""One line for each fault of our own."""


class Formatter(logging.Formatter):
    """Writes one line a record and names an exception by its class and line, since its message may quote the input.

    The attribute ``fields`` of a record, names and values, stands behind its message as ``name=value``.
    """

    def __init__(self) -> None:
        """Set the form of a line: UTC time, level, name of the logger, message."""
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
        self.converter = time.gmtime

    def formatException(  # noqa: N802 (the name is logging's)
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Return class and line of the exception instead of its traceback."""
        return "" if ei[1] is None else location_of(ei[1])

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without a stack (``stack_info``)."""
        record.stack_info = None
        line = " ".join(super().format(record).splitlines())
        fields = getattr(record, "fields", {})
        return " ".join((line.rstrip(), *(f"{name}={'-' if value is None else value}" for name, value in fields.items())))


class JsonFormatter(Formatter):
    """Writes the same as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object: time, level, logger, message, and the fields of the record."""
        message = record.getMessage()
        if record.exc_info:
            message = f"{message} {self.formatException(record.exc_info)}"
        line = {
            "time": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": " ".join(message.splitlines()),
            **getattr(record, "fields", {}),
        }
        return json.dumps({name: value for name, value in line.items() if value not in {None, ""}}, ensure_ascii=False)


def location_of(error: BaseException) -> str:
    """Return the class of an exception and the last lines it came through, innermost last, without its message."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    lines = " > ".join(f"{_short(frame.filename)}:{frame.lineno}" for frame in frames)
    return f"{type(error).__module__}.{type(error).__qualname__} at {lines or 'an unknown line'}"


def log_config(level: str, form: str) -> dict[str, Any]:
    """Return the logging set-up of the service (``logging.config.dictConfig``): everything on stderr, as ``text`` or ``json``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "trdpgx.service.logs.JsonFormatter" if form == "json" else "trdpgx.service.logs.Formatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "trdpgx": {"level": level.upper()},
            "uvicorn": {"level": level.upper()},
        },
    }


def silence_request_loggers() -> None:
    """Silence loggers that quote a request: uvicorn's query strings, python-multipart's bytes of the body, asyncio's exception messages."""
    for name in ("uvicorn.access", "python_multipart", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def log_loop_fault(loop: "asyncio.AbstractEventLoop", context: dict[str, Any]) -> None:  # noqa: ARG001 (asyncio's signature)
    """Log a fault of a callback or a task (``loop.set_exception_handler``) by its class and line alone.

    The messages of asyncio itself, which ``silence_request_loggers`` silences, may quote a request.
    """
    error = context.get("exception")
    FAULTS.error("event loop: %s", location_of(error) if isinstance(error, BaseException) else "no exception")


def _short(filename: str) -> str:
    path = Path(filename)
    return path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) and ".venv" not in path.parts else path.name
