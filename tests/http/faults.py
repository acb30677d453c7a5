"""The supervisor with planted faults: a header line of an upload names the one that its worker runs, where it is read or at its end."""

import ctypes
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

import trdpgx.pipeline
from trdpgx.intake.read import Intake
from trdpgx.model.intake_result import IntakeResult
from trdpgx.service import supervisor
from trdpgx.service.connection import Connection
from trdpgx.service.frames import PIECE_BYTES, Kind
from trdpgx.service.tasks import Tasks

MARK = re.compile(rb"##fault=(\w+)\n")
MANY = 400
"""Pieces: more than all buffers between a worker and a client hold."""


def crash() -> None:
    """Read address 0."""
    ctypes.string_at(0)


def recurse() -> None:
    recurse()


def loop() -> None:
    """Never end, in Python."""
    while True:
        pass


def loop_in_c() -> None:
    """Never end, in a call that holds the interpreter."""
    re.match(r"(a+)+b", "a" * 64)


def allocate() -> None:
    bytearray(4_000_000_000)


def sleep() -> None:
    time.sleep(3_600)


def nap() -> None:
    time.sleep(2)


def open_file() -> None:
    with open("/etc/passwd"):
        pass


FAULTS: dict[str, Callable[[], None]] = {one.__name__: one for one in (crash, recurse, loop, loop_in_c, allocate, sleep, nap, open_file)}


class FaultyIntake(Intake):
    """Runs the fault ``x_in_feed`` with the piece that names it, ``x_at_end`` when the input is complete."""

    _due = b""

    def feed(self, chunk: bytes) -> None:
        for name in MARK.findall(chunk):
            if name.endswith(b"_in_feed"):
                FAULTS[name.removesuffix(b"_in_feed").decode()]()
            self._due = name
        super().feed(chunk)

    def finish(self) -> IntakeResult:
        if self._due.endswith(b"_at_end"):
            FAULTS[self._due.removesuffix(b"_at_end").decode()]()
        return super().finish()


class FaultyTasks(Tasks):
    """Adds faults of answers, which a request selects by the option ``sample``."""

    def __call__(self, connection: Connection) -> None:
        head = connection.head()
        wanted = head.get("options", {}).get("sample")
        planted = getattr(self, f"_{wanted}", None) if isinstance(wanted, str) else None
        if planted is not None:
            planted(connection)
        else:
            connection.head = lambda: head  # type: ignore[method-assign]
            super().__call__(connection)

    def _deaf(self, connection: Connection) -> None:
        """Read nothing of the body."""
        time.sleep(3_600)

    def _full(self, connection: Connection) -> None:
        """Answer at length while the body comes, and end well."""
        connection.answer({"type": "application/x-ndjson", "length": None}, (b"x" * PIECE_BYTES for _ in range(MANY)))

    def _slow(self, connection: Connection) -> None:
        """Answer whole, and take some time before the next request."""
        connection.answer({"type": "application/json", "length": 2}, [b"{}"])
        connection.finish()
        time.sleep(1.5)

    def _broken(self, connection: Connection) -> None:
        """Fail after the first byte of the answer."""
        for _ in connection.body():
            pass
        connection.send(Kind.STATUS, orjson.dumps({"type": "application/x-ndjson", "length": None}))
        connection.send(Kind.PIECE, b"{}\n")
        raise KeyError("Jane-Doe-1970")

    def _torn(self, connection: Connection) -> None:
        """Die after the first byte of the answer."""
        for _ in connection.body():
            pass
        connection.send(Kind.STATUS, orjson.dumps({"type": "application/x-ndjson", "length": None}))
        connection.send(Kind.PIECE, b"{}\n")
        crash()

    def _garbage(self, connection: Connection) -> None:
        """Send bytes that are no frame."""
        channel: Any = connection._channel
        channel.send(b"\xff" * 64)
        time.sleep(3_600)

    def _secret(self, connection: Connection) -> None:
        raise KeyError("Jane-Doe-1970")


def start_badly() -> None:
    """Have workers end before they are ready, while the working directory has a file `ill`."""
    work = supervisor.work

    def fail(*arguments: Any) -> None:
        if Path("ill").exists():
            os._exit(7)
        work(*arguments)

    supervisor.work = fail  # type: ignore[assignment]


if __name__ == "__main__":
    trdpgx.pipeline.Intake = FaultyIntake  # type: ignore[misc]
    if "FAULTY_START" in os.environ:
        start_badly()
    supervisor.main(FaultyTasks)
