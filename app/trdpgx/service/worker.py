"""A worker: a confined process that does whole requests, one after the other, and talks to the HTTP process alone.

Its channel to the HTTP process brings a byte and a socket for each request. The worker sends ``READY`` on it when it can do one.
"""

import gc
import os
import signal
import socket
from collections.abc import Callable

import orjson

from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError, Problem, problem_of
from trdpgx.service.confinement import allow_cpu, confine
from trdpgx.service.connection import Connection, SenderGoneError
from trdpgx.service.frames import FrameError, Kind
from trdpgx.service.logs import location_of
from trdpgx.service.problems import INTERNAL, WORKER_DIED

READY = b"r"
Answerer = Callable[[Connection], None]
"""Does one request: reads the head and the body and sends the answer. Raises ``InputError`` where the request cannot be answered."""


def work(channel: socket.socket, tasks: Answerer, limits: Limits, requests: int) -> None:
    """Confine this process, and do so many requests, or those that come until the HTTP process has gone."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _close_standard_streams()
    confine(limits.max_worker_memory_bytes)
    for _ in range(requests):
        channel.sendall(READY)
        signal_byte, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
        if not signal_byte:
            return
        if descriptors and not _answer(socket.socket(fileno=descriptors[0]), tasks, limits):
            return


def _close_standard_streams() -> None:
    """Discard what a library prints: htslib prints positions."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    os.close(nothing)


def _answer(channel: socket.socket, tasks: Answerer, limits: Limits) -> bool:
    """Do one request; return whether this process can do another one."""
    allow_cpu(limits.max_worker_cpu_seconds)
    usable = True
    with channel:
        connection = Connection(channel)
        try:
            try:
                tasks(connection)
            except InputError as error:
                _refuse(connection, error.problem)
            except MemoryError:
                usable = False
                _refuse(connection, problem_of(WORKER_DIED, "The worker has no more memory."))
            except (SenderGoneError, FrameError):
                pass
            except Exception as error:
                usable = False
                _refuse(connection, problem_of(INTERNAL, "Something went wrong while this request was handled."), location_of(error))
            connection.finish()
        except (SenderGoneError, MemoryError):
            usable = False
    gc.collect()
    return usable


def _refuse(connection: Connection, problem: Problem, fault: str | None = None) -> None:
    connection.send(Kind.PROBLEM, orjson.dumps({"problem": problem.model_dump(), "fault": fault}))
