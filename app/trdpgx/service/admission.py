"""Which request gets a worker: small ones first, large ones never the last worker, and each of the two queues is bounded.

Where no large request is at work, one that has waited for ``_OVERDUE_SECONDS`` comes before the next small one: many small requests
would otherwise keep it waiting for ever.
"""

import asyncio
import socket
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from trdpgx.model.problem import InputError
from trdpgx.model.settings import Settings
from trdpgx.service.exchange import Exchange, ReaderGoneError
from trdpgx.service.problems import BUSY

_OVERDUE_SECONDS = 2.0
"""Seconds of waiting after which a large request comes before a small one."""
_WALL_FACTOR = 3.0
"""A small request may take this many times as long by the clock as by its CPU: on a busy machine all of them do."""


class WorkerHandle:
    """A worker as the HTTP process knows it. ``turn`` counts its requests; ``exchange`` is the present one, since ``began``."""

    def __init__(self, pid: int, channel: socket.socket) -> None:
        self.pid = pid
        self.channel = channel
        self.ready = False
        self.idle = False
        self.small = True
        self.turn = 0
        self.began = 0.0
        self.exchange: Exchange | None = None
        self._cpu: float | None = None

    def begin(self, exchange: Exchange, now: float) -> None:
        """Record a request that begins."""
        self.exchange, self.began, self._cpu = exchange, now, cpu_seconds(self.pid)

    def takes_long(self, now: float, seconds: float) -> bool:
        """Whether its request has used so many seconds of CPU, or three times as many by the clock."""
        waited = now - self.began
        if waited < seconds * 0.99 or waited >= seconds * _WALL_FACTOR:
            return waited >= seconds * 0.99
        used = cpu_seconds(self.pid)
        return used is None or self._cpu is None or used - self._cpu >= seconds * 0.9


def cpu_seconds(pid: int) -> float | None:
    """Return the seconds of CPU that a process has used; none where the system does not have them (clock_getcpuclockid(3), Linux)."""
    try:
        return time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return None


class _Waiting(NamedTuple):
    """A request that waits for a worker ``since`` a time of the loop."""

    since: float
    future: "asyncio.Future[WorkerHandle]"


class Admission:
    """The workers by process id, and the queues of requests that wait for one. ``kill`` ends a worker at a request, by its ``turn``."""

    def __init__(self, settings: Settings, kill: Callable[[WorkerHandle, int], None]) -> None:
        self.workers: dict[int, WorkerHandle] = {}
        self.last_ready = float("-inf")
        self._settings = settings
        self._kill = kill
        self._large = max(1, settings.workers - 1)
        self._idle: list[WorkerHandle] = []
        self._waiting: tuple[deque[_Waiting], deque[_Waiting]] = deque(), deque()
        self._looking: asyncio.TimerHandle | None = None
        self._after_small = True

    def state(self) -> dict[str, int]:
        """Return how many workers are busy, idle and starting, and how many small and large requests wait for one."""
        workers = self.workers.values()
        idle = sum(worker.idle for worker in workers)
        starting = sum(not worker.ready for worker in workers)
        return {
            "idle": idle,
            "starting": starting,
            "busy": len(workers) - idle - starting,
            "small": len(self._waiting[True]),
            "large": len(self._waiting[False]),
        }

    def remove(self, worker: WorkerHandle) -> bool:
        """Remove a worker; return whether it was there. From now on it counts as one that is being replaced."""
        if self.workers.get(worker.pid) is not worker:
            return False
        del self.workers[worker.pid]
        if worker.ready:
            self.last_ready = time.monotonic()
        if worker in self._idle:
            self._idle.remove(worker)
        return True

    async def take(self, disconnected: asyncio.Future[None] | None, *, small: bool) -> WorkerHandle:
        """Return a worker, now or when one becomes idle.

        Raises ``InputError`` where the queue is full or none becomes idle in time, ``ReaderGoneError`` where ``disconnected`` comes first.
        """
        queue, loop = self._waiting[small], asyncio.get_running_loop()
        future: asyncio.Future[WorkerHandle] = loop.create_future()
        queue.append(one := _Waiting(loop.time(), future))
        self._assign()
        if future.done():
            return future.result()
        if len(queue) > self._settings.queue_requests:
            queue.remove(one)
            raise InputError(BUSY, f"{len(queue)} requests wait for a worker already.")
        if small and self._looking is None:
            self._displace()
        try:
            awaited = (future,) if disconnected is None else (future, disconnected)
            await asyncio.wait(awaited, timeout=self._settings.queue_seconds, return_when=asyncio.FIRST_COMPLETED)
        except BaseException:
            if future.done():
                self.give(future.result())
            raise
        finally:
            if one in queue:
                queue.remove(one)
        if future.done():
            return future.result()
        if disconnected is not None and disconnected.done():
            raise ReaderGoneError
        raise InputError(BUSY, "No worker became free in time.")

    def _displace(self) -> None:
        """Where small requests wait, end those that count as small and take long; they start again among the large ones."""
        self._looking = None
        if not self._waiting[True]:
            return
        loop, seconds = asyncio.get_running_loop(), self._settings.small_seconds
        for worker in tuple(self.workers.values()):  # one that is killed is removed
            exchange = worker.exchange
            if worker.small and not worker.idle and exchange is not None and not exchange.begun and worker.takes_long(loop.time(), seconds):
                exchange.displace()
                self._kill(worker, worker.turn)
        self._looking = loop.call_later(seconds / 2, self._displace)

    def _assign(self) -> None:
        """Give idle workers to the requests that wait, small ones first."""
        larges, smalls = self._waiting
        while self._idle:
            at_work = sum(not worker.idle and not worker.small for worker in self.workers.values())
            may_begin = larges and at_work < self._large
            if smalls and not (may_begin and not at_work and self._after_small and self._is_overdue(larges[0])):
                queue = smalls
            elif may_begin:
                queue = larges
            else:
                return
            future = queue.popleft().future
            if not future.done():
                worker = self._idle.pop()
                worker.idle, worker.small = False, queue is smalls
                self._after_small = worker.small
                worker.turn += 1
                future.set_result(worker)

    def _is_overdue(self, one: _Waiting) -> bool:
        return asyncio.get_running_loop().time() - one.since >= _OVERDUE_SECONDS

    def give(self, worker: WorkerHandle) -> None:
        """Record that a worker is idle, and give it to a request that waits."""
        if worker.pid in self.workers and not worker.idle:
            worker.idle = worker.ready = worker.small = True
            self.last_ready = time.monotonic()
            self._idle.append(worker)
            self._assign()
