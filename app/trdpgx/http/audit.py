"""The audit: a line of JSON for each request that needs a scope, with caller, time, route and outcome, and nothing that was sent."""

import os
from datetime import UTC, datetime
from errno import ENOSPC
from importlib.metadata import version

import orjson

from trdpgx.http.record import RequestRecord
from trdpgx.model.errors import TrdpgxError
from trdpgx.service.info_schemas import KnowledgeInfo
from trdpgx.service.logs import FAULTS

_VERSION = version("trdpgx")
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
"""``O_NONBLOCK``: a pipe that is not read is logged as a fault; waiting for its reader would stop every request."""
_STREAMS = {"stdout": 1, "stderr": 2}


class AuditError(TrdpgxError):
    """The audit cannot be written. The message states why."""


class Audit:
    """Writes the audit to one stream: ``off``, ``stdout``, ``stderr``, or a file, which may be moved away at any time (logrotate)."""

    def __init__(self, target: str) -> None:
        """Open the stream. Raises ``AuditError``."""
        self._file = None if target in {"off", *_STREAMS} else target
        self._descriptor = _STREAMS.get(target)
        self._writable = self._line_ended = True
        if self._file is not None:
            try:
                self._descriptor = os.open(self._file, _FLAGS, 0o600)
            except OSError as error:
                raise AuditError(f"TRDPGX_AUDIT cannot be written: {error.strerror}") from None

    def write(self, record: RequestRecord, route: str, knowledge: KnowledgeInfo | None) -> None:
        """Write the line of a request that has ended. One that needs no scope has none."""
        if self._descriptor is None or record.scope is None:
            return
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            **record.common_fields(route),
            "name": None if record.caller is None else record.caller.name,
            "scope": record.scope,
            "version": _VERSION,
            "rules": None if knowledge is None else knowledge.rules_digest,
            "reference": None if knowledge is None else knowledge.reference_digest,
        }
        try:
            self._reopen_if_moved()
            self._append(self._descriptor, orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        except OSError as error:
            if self._writable:
                FAULTS.critical("the audit cannot be written: %s", error.strerror)
            self._writable = False
        else:
            self._writable = True

    def _append(self, descriptor: int, line: bytes) -> None:
        """Write a line, on a new one where a full disk has cut the line before it. Raises ``OSError``."""
        content = line if self._line_ended else b"\n" + line
        written = os.write(descriptor, content)
        self._line_ended = written == len(content)
        if not self._line_ended:
            raise OSError(ENOSPC, os.strerror(ENOSPC))

    def close(self) -> None:
        """Close the file."""
        if self._file is not None and self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _reopen_if_moved(self) -> None:
        """Open the file again where another file, or none, has its name now (logrotate). Raises ``OSError``."""
        if self._file is None or self._descriptor is None:
            return
        try:
            current = os.stat(self._file)
        except FileNotFoundError:
            current = None
        if current is None or not os.path.samestat(current, os.fstat(self._descriptor)):
            new = os.open(self._file, _FLAGS, 0o600)
            os.close(self._descriptor)
            self._descriptor, self._line_ended = new, True
