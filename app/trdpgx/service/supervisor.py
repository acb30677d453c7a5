"""The supervisor: it has read the knowledge, has one thread and one socket, which is to the HTTP process, and forks the workers.

All workers share what it has read (copy on write). It takes no bytes of a request. Messages to and from the HTTP process are lines of
JSON on one socket: the settings come in, ``Hello`` goes out, then a message with a channel for each worker that has started, one for each
that has ended, and the ids of those to kill come in. It ends when the HTTP process does, and its workers end with it.
"""

import ctypes
import gc
import logging.config
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

import orjson

from trdpgx.calling.precompute import precompute
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError
from trdpgx.model.settings import Settings
from trdpgx.pipeline import Service
from trdpgx.report.format_registry import served_formats
from trdpgx.service.confinement import Confinement, confine
from trdpgx.service.example import example_report
from trdpgx.service.logs import location_of, log_config, silence_request_loggers
from trdpgx.service.memory import keep_memory
from trdpgx.service.tasks import Tasks, hello
from trdpgx.service.worker import work

_DEATH_SIGNAL = 1
"""``PR_SET_PDEATHSIG`` of prctl(2)."""
_PAUSES = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before the next fork, by how many workers in a row ended with an error within ``_YOUNG_SECONDS``."""
_YOUNG_SECONDS = 1.0
_COLLECT_AFTER = 20_000
"""New objects after which a worker's collector runs. A small request makes about as many, and reference counts free nearly all of them."""


class Supervisor:
    """Keeps ``count`` workers alive until the HTTP process has gone. ``work`` is what a worker does with its channel."""

    def __init__(self, control: socket.socket, work: Callable[[socket.socket], None], count: int) -> None:
        self._control = control
        self._work = work
        self._count = count
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        self._pids: dict[int, tuple[int, float]] = {}
        self._handles: dict[int, int] = {}
        self._failures = 0
        self._due = 0.0
        self._received = b""

    def run(self) -> None:
        """Fork, replace and kill workers until the HTTP process has gone; then kill all of them."""
        try:
            while True:
                self._start_missing()
                missing = self._count - len(self._pids)
                wait = max(0.0, self._due - time.monotonic()) * 1000 + 1 if missing else None
                for descriptor, _ in self._poll.poll(wait):
                    if descriptor == self._control.fileno():
                        if not self._handle_messages():
                            return
                    else:
                        self._reap(self._handles[descriptor])
        finally:
            for pid in list(self._pids):
                self._kill(pid)
                self._reap(pid)

    def _start_missing(self) -> None:
        while len(self._pids) < self._count and time.monotonic() >= self._due:
            try:
                self._fork()
            except OSError:
                self._failures += 1
                self._due = time.monotonic() + self._pause()

    def _pause(self) -> float:
        return _PAUSES[min(self._failures, len(_PAUSES) - 1)]

    def _fork(self) -> None:
        if os.path.isdir("/proc/self/task") and len(os.listdir("/proc/self/task")) != 1:
            raise RuntimeError("the supervisor has more than one thread: it must not fork")
        ours, theirs = socket.socketpair()
        with ours, theirs:
            parent = os.getpid()
            pid = os.fork()
            if pid == 0:
                ours.close()
                self._run_worker(parent, theirs)
            handle = os.pidfd_open(pid)
            self._pids[pid] = handle, time.monotonic()
            self._handles[handle] = pid
            self._poll.register(handle, select.POLLIN)
            self._report({"started": pid}, ours)

    def _run_worker(self, parent: int, channel: socket.socket) -> NoReturn:
        """Work as a worker until there are no more requests, and end this process."""
        code = 1
        try:
            ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
            if os.getppid() == parent:
                self._control.close()
                for handle in self._handles:
                    os.close(handle)
                self._work(channel)
                code = 0
        finally:
            os._exit(code)

    def _handle_messages(self) -> bool:
        """Read messages and kill the workers that they name; return whether the HTTP process still runs."""
        try:
            data = self._control.recv(65536)
        except ConnectionError:
            data = b""
        *lines, self._received = (self._received + data).split(b"\n")
        for line in lines:
            self._kill(orjson.loads(line)["kill"])
        return bool(data)

    def _kill(self, pid: int) -> None:
        if pid in self._pids:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pids[pid][0], signal.SIGKILL)

    def _reap(self, pid: int) -> None:
        """Reap a worker that has ended, and report it."""
        handle, started = self._pids.pop(pid)
        _, status = os.waitpid(pid, 0)
        self._poll.unregister(handle)
        del self._handles[handle]
        os.close(handle)
        code = os.waitstatus_to_exitcode(status)
        failed_early = code != 0 and time.monotonic() - started < _YOUNG_SECONDS
        self._failures = self._failures + 1 if failed_early else 0
        self._due = time.monotonic() + self._pause()
        self._report({"ended": pid, "code": code})

    def _report(self, message: dict[str, Any], channel: socket.socket | None = None) -> None:
        with suppress(OSError):
            send_message(self._control, message, channel)


def send_message(control: socket.socket, message: dict[str, Any], channel: socket.socket | None = None) -> None:
    """Send a message, with a descriptor if there is one."""
    data = orjson.dumps(message) + b"\n"
    if channel is None:
        control.sendall(data)
    else:
        sent = socket.send_fds(control, [data], [channel.fileno()])
        control.sendall(data[sent:])


def main(tasks: type[Tasks] = Tasks) -> None:
    """Run the supervisor. The one argument of the command is the descriptor of its socket; ``tasks`` is what the workers do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    keep_memory()
    silence_request_loggers()
    try:
        settings, limits = _settings(control)
        logging.config.dictConfig(log_config(settings.log_level, settings.log_format))
        service = Service(settings, limits)
        confinement = _try_confinement(limits)
        if settings.confine == "require" and not confinement.whole:
            missing = [name for name, holds in confinement._asdict().items() if not holds]
            raise OSError(f"TRDPGX_CONFINE=require, and this system has no {' and no '.join(missing)} for the workers")
        precompute(service.knowledge.reference)
        service.loaded.complete()
        report = example_report(service)
        for one in served_formats().values():
            b"".join(one.with_knowledge(service.knowledge).answer([report]))
    except (OSError, ValueError) as error:
        send_message(control, {"failed": f"the rules, the reference or a setting cannot be used: {error}"})
        sys.exit(3)
    except InputError as error:
        send_message(control, {"failed": f"no report can be made: {location_of(error)}"})
        sys.exit(3)
    answer = tasks(service)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
    send_message(control, {"hello": hello(service, confinement).model_dump(mode="json")})
    Supervisor(control, lambda channel: work(channel, answer, limits, settings.worker_requests), settings.workers).run()


def _settings(control: socket.socket) -> tuple[Settings, Limits]:
    received = b""
    while not received.endswith(b"\n"):
        data = control.recv(65536)
        if not data:
            sys.exit(0)
        received += data
    message = orjson.loads(received)
    return Settings(**message["settings"]), Limits(**message["limits"])


def _try_confinement(limits: Limits) -> Confinement:
    """Confine a process that does nothing else, and return which kinds of confinement this system has."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writing, bytes(confine(limits.max_worker_memory_bytes)))
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        flags = pipe.read()
    os.waitpid(pid, 0)
    return Confinement(*map(bool, flags)) if len(flags) == 3 else Confinement(rlimits=False, landlock=False, seccomp=False)
