"""The workers as the HTTP process uses them: it starts the supervisor, opens exchanges with workers, and replaces what has ended."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import chain, repeat
from typing import Any

import orjson

from trdpgx.model.access import AccessSettings
from trdpgx.model.environment import PREFIX
from trdpgx.model.errors import TrdpgxError
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError
from trdpgx.model.settings import Settings
from trdpgx.service.admission import Admission, WorkerHandle
from trdpgx.service.exchange import Exchange
from trdpgx.service.held import HeldUploads
from trdpgx.service.hello import Hello
from trdpgx.service.problems import BUSY

COMMAND = (sys.executable, "-m", "trdpgx.service")
"""Starts the supervisor."""
_LATE_SECONDS = 0.7
"""Seconds after a request was given up in which its worker has to be ready for the next one."""
_ANSWERED_SECONDS = 10.0
"""The same for a worker that has sent its whole answer: it only frees memory, which takes long where the machine is busy."""
_STOP_SECONDS = 5.0
_RESTART_SECONDS = (0.0, 1.0, 2.0, 5.0, 10.0)
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYDANTIC_DISABLE_PLUGINS": "__all__"}
_NOT_FOR_WORKERS = frozenset((PREFIX + name).upper() for name in AccessSettings.model_fields)
"""Environment variables that the processes which read genomes do not get: who may call, and the password of a Redis."""

_log = logging.getLogger("trdpgx.workers")


class StartError(TrdpgxError):
    """The supervisor could not start. The message states why."""


class WorkerPool:
    """The supervisor and its workers. ``open`` it, and ``close`` it in the end; ``hello`` is there in between."""

    hello: Hello

    def __init__(self, settings: Settings, limits: Limits, command: Sequence[str] = COMMAND) -> None:
        self.settings = settings
        self.limits = limits
        self.held = HeldUploads(settings)
        self.ends = {"done": 0, "killed_or_died": 0}
        self.restarts = 0
        self._command = command
        self._admission = Admission(settings, self._kill)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._received = b""
        self._descriptors: deque[int] = deque()
        self._started: asyncio.Future[None] | None = None
        self._restart: asyncio.Task[None] | None = None
        self._closing = False

    @property
    def ready(self) -> bool:
        """Whether a request would get a worker, now or when others have ended. A worker that is being replaced counts as one."""
        if any(worker.ready for worker in self._admission.workers.values()):
            self._admission.last_ready = time.monotonic()
        return not self._closing and time.monotonic() - self._admission.last_ready < _LATE_SECONDS

    def state(self) -> dict[str, int]:
        """Return how many workers are busy, idle and starting, and how many small and large requests wait for one."""
        return self._admission.state()

    async def open(self) -> None:
        """Start the supervisor, and wait for its first worker. Raises ``StartError``."""
        self._loop = asyncio.get_running_loop()
        self._started = self._loop.create_future()
        self._launch()
        try:
            await self._started
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """End the supervisor, and with it the workers. Takes a few seconds at most."""
        self._closing = True
        if self._restart is not None:
            self._restart.cancel()
        self._disconnect()
        if self._process is not None:
            await self._loop.run_in_executor(None, _end, self._process)

    @asynccontextmanager
    async def exchange(self, head: bytes, *, small: bool, disconnected: asyncio.Future[None] | None = None) -> AsyncIterator[Exchange]:
        """Open an exchange with a worker, and send it the head. Raises ``InputError`` where no worker becomes free.

        A ``small`` exchange may end with ``DisplacedError`` before its answer begins. ``disconnected`` is done when the client has closed
        its connection: the exchange then ends with ``ReaderGoneError``.
        """
        worker, exchange = await self._begin(disconnected, small=small)
        turn = worker.turn
        worker.begin(exchange, self._loop.time())
        try:
            exchange.start(head)
            if disconnected is not None:
                exchange.watch(disconnected)
            yield exchange
        finally:
            exchange.close()
            worker.exchange = None
            self._loop.call_later(_ANSWERED_SECONDS if exchange.ended else _LATE_SECONDS, self._kill, worker, turn)

    async def _begin(self, disconnected: asyncio.Future[None] | None, *, small: bool) -> tuple[WorkerHandle, Exchange]:
        """Take a worker, and send it one end of a new pair of sockets; a worker that has just ended is passed over."""
        while True:
            worker = await self._admission.take(disconnected, small=small)
            turn = worker.turn
            try:
                ours, theirs = socket.socketpair()
            except OSError:
                self._admission.give(worker)
                raise InputError(BUSY, "The service has no descriptor left.") from None
            with theirs:
                try:
                    socket.send_fds(worker.channel, [b"r"], [theirs.fileno()])
                except OSError:
                    ours.close()
                    self._remove_worker(worker)
                    continue
            ours.setblocking(False)

            exchange = Exchange(worker.pid, self.limits.max_worker_seconds, partial(self._kill, worker, turn))
            try:
                await self._loop.create_unix_connection(lambda: exchange, sock=ours)  # noqa: B023 (it is called at once)
            except BaseException:
                ours.close()
                self._loop.call_later(_LATE_SECONDS, self._kill, worker, turn)
                raise
            return worker, exchange

    def _kill(self, worker: WorkerHandle, turn: int) -> None:
        """Have the supervisor kill a worker, unless it has finished that request.

        It is removed at once: one that becomes ready before the signal arrives must not get another request, which would end with it.
        """
        if worker.turn == turn and not worker.idle and self._admission.workers.get(worker.pid) is worker:
            self._send({"kill": worker.pid})
            self._remove_worker(worker)

    def _launch(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [*self._command, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env={name: value for name, value in os.environ.items() if name.upper() not in _NOT_FOR_WORKERS} | _ENVIRONMENT,
                start_new_session=True,
            )
        ours.setblocking(False)
        self._control, self._received = ours, b""
        self._loop.add_reader(ours, self._read_messages, ours)
        self._send({"settings": self.settings.model_dump(mode="json"), "limits": self.limits.model_dump(mode="json")})

    def _send(self, message: dict[str, Any]) -> None:
        if self._control is not None:
            with suppress(OSError):
                self._control.send(orjson.dumps(message) + b"\n")

    def _read_messages(self, control: socket.socket) -> None:
        """Read what the supervisor has sent."""
        try:
            data, descriptors, _, _ = socket.recv_fds(control, 65536, 8)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        self._descriptors.extend(descriptors)
        if not data:
            self._replace_supervisor()
            return
        *lines, self._received = (self._received + data).split(b"\n")
        for line in lines:
            self._handle_message(orjson.loads(line))

    def _handle_message(self, message: dict[str, Any]) -> None:
        if "hello" in message:
            self.hello = Hello.model_validate(message["hello"])
        elif "failed" in message:
            if self._started is not None and not self._started.done():
                self._started.set_exception(StartError(message["failed"]))
            else:
                _log.critical("%s", message["failed"])
        elif "started" in message:
            self._add_worker(message["started"])
        elif "ended" in message:
            self.ends["killed_or_died" if message["code"] else "done"] += 1
            if message["code"]:
                _log.error("a worker ended with code %d and is replaced", message["code"])
            if message["ended"] in self._admission.workers:
                self._remove_worker(self._admission.workers[message["ended"]])

    def _add_worker(self, pid: int) -> None:
        """Register a new worker and its channel. Where this process had no descriptor left for the channel, the worker is replaced."""
        if not self._descriptors:
            self._send({"kill": pid})
            return
        channel = socket.socket(fileno=self._descriptors.popleft())
        channel.setblocking(False)
        worker = self._admission.workers[pid] = WorkerHandle(pid, channel)
        self._loop.add_reader(channel, self._read_ready, worker)

    def _read_ready(self, worker: WorkerHandle) -> None:
        try:
            data = worker.channel.recv(16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._remove_worker(worker)
            return
        self._admission.give(worker)
        if self._started is not None and not self._started.done():
            self._started.set_result(None)

    def _remove_worker(self, worker: WorkerHandle) -> None:
        """Remove a worker that has ended."""
        if self._admission.remove(worker):
            self._loop.remove_reader(worker.channel)
            worker.channel.close()

    def _disconnect(self) -> None:
        for worker in list(self._admission.workers.values()):
            self._remove_worker(worker)
        if self._control is not None:
            self._loop.remove_reader(self._control)
            self._control.close()
            self._control = None
        while self._descriptors:
            os.close(self._descriptors.popleft())

    def _replace_supervisor(self) -> None:
        """Start another supervisor; where the first one has not been ready yet, have ``open`` fail instead."""
        self._disconnect()
        if self._closing:
            return
        if self._started is not None and not self._started.done():
            self._started.set_exception(StartError("the supervisor of the workers ended before it was ready"))
        elif self._restart is None or self._restart.done():
            _log.critical("the supervisor of the workers has ended; another is started")
            self.restarts += 1
            self._restart = self._loop.create_task(self._start_again())

    async def _start_again(self) -> None:
        for seconds in chain(_RESTART_SECONDS, repeat(_RESTART_SECONDS[-1])):
            await asyncio.sleep(seconds)
            if self._process is not None:
                await self._loop.run_in_executor(None, _end, self._process)
            try:
                self._launch()
            except OSError:
                continue
            began = time.monotonic()
            while self._control is not None and not self.ready:
                await asyncio.sleep(0.1)
            if self.ready:
                return
            _log.critical("the supervisor ended again after %.0f seconds", time.monotonic() - began)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Wait for a process whose socket has been closed; kill it where that is not enough."""
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
