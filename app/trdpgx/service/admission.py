"""Who gets a worker: small requests first, large ones never the last worker, and no more in a queue than may wait."""

import asyncio
import socket
import time
from collections import deque
from collections.abc import Callable

from trdpgx.model.problem import InputError
from trdpgx.model.settings import Settings
from trdpgx.service.exchange import Exchange, ReaderGoneError
from trdpgx.service.problems import BUSY


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


class Admission:
    """The workers by process id, and the queues of those who wait for one. ``kill`` ends a worker at a request, by its ``turn``."""

    def __init__(self, settings: Settings, kill: Callable[[WorkerHandle, int], None]) -> None:
        self.workers: dict[int, WorkerHandle] = {}
        self.last_ready = float("-inf")
        self._settings = settings
        self._kill = kill
        self._large = max(1, settings.workers - 1)
        self._idle: list[WorkerHandle] = []
        self._waiting: tuple[deque[asyncio.Future[WorkerHandle]], deque[asyncio.Future[WorkerHandle]]] = deque(), deque()

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
        """Count a worker no more; return whether it was counted."""
        if self.workers.get(worker.pid) is not worker:
            return False
        del self.workers[worker.pid]
        if worker in self._idle:
            self._idle.remove(worker)
        return True

    async def take(self, gone: asyncio.Future[None] | None, *, small: bool) -> WorkerHandle:
        """Return a worker, now or when one becomes idle. Raises ``InputError``, and ``ReaderGoneError`` where ``gone`` comes first."""
        queue = self._waiting[small]
        future: asyncio.Future[WorkerHandle] = asyncio.get_running_loop().create_future()
        queue.append(future)
        self._assign()
        if future.done():
            return future.result()
        if len(queue) > self._settings.queue_requests:
            queue.remove(future)
            raise InputError(BUSY, f"{len(queue)} requests wait for a worker already.")
        if small:
            self._displace()
            asyncio.get_running_loop().call_later(self._settings.small_seconds, self._displace)
        try:
            awaited = (future,) if gone is None else (future, gone)
            await asyncio.wait(awaited, timeout=self._settings.queue_seconds, return_when=asyncio.FIRST_COMPLETED)
        except BaseException:
            if future.done():
                self.give(future.result())
            raise
        finally:
            if future in queue:
                queue.remove(future)
        if future.done():
            return future.result()
        if gone is not None and gone.done():
            raise ReaderGoneError
        raise InputError(BUSY, "No worker became free in time.")

    def _displace(self) -> None:
        """Where small requests wait, end those that count as small and have taken long; they begin anew among the large ones."""
        if not self._waiting[True]:
            return
        since = asyncio.get_running_loop().time() - self._settings.small_seconds * 0.99
        for worker in self.workers.values():
            if worker.small and not worker.idle and worker.exchange is not None and not worker.exchange.begun and worker.began <= since:
                worker.exchange.displace()
                self._kill(worker, worker.turn)

    def _assign(self) -> None:
        """Give idle workers to those who wait, small requests first."""
        larges, smalls = self._waiting
        while self._idle:
            large = sum(not worker.idle and not worker.small for worker in self.workers.values())
            if smalls:
                queue = smalls
            elif larges and large < self._large:
                queue = larges
            else:
                return
            future = queue.popleft()
            if not future.done():
                worker = self._idle.pop()
                worker.idle, worker.small = False, queue is smalls
                worker.turn += 1
                future.set_result(worker)

    def give(self, worker: WorkerHandle) -> None:
        """Take note that a worker is idle."""
        if worker.pid in self.workers and not worker.idle:
            worker.idle = worker.ready = worker.small = True
            self.last_ready = time.monotonic()
            self._idle.append(worker)
            self._assign()
