"""Processes forked from one: what it has read they all share, and whichever of them dies is forked anew.

Memory stays shared as long as nobody writes to it (copy on write). A fork copies one thread only, so there must be no other: the parent
has neither threads nor an event loop, and takes its signals with ``sigwait``, one after the other. For Linux.
"""

import ctypes
import gc
import logging
import os
import signal
import time
from collections.abc import Callable
from typing import NoReturn

from trdpgx.http.logs import location_of

STARTUP_FAILURE = 3
"""Exit code of a worker that could not start (uvicorn's). The next one could not either, so the service ends."""
_STOP = frozenset({signal.SIGTERM, signal.SIGINT})
_WAITED = _STOP | {signal.SIGCHLD}
_PAUSE_SECONDS = 1.0
"""A worker that lived for less is replaced only after this time, lest workers that die at once keep a core busy."""
_DEATH_SIGNAL = 1
"""``PR_SET_PDEATHSIG`` of prctl(2)."""

_log = logging.getLogger("trdpgx.workers")


class Workers:
    """So many processes that do ``work``, which ends on SIGTERM; a process that has not ended after ``grace`` seconds is killed."""

    def __init__(self, work: Callable[[], None], count: int, grace: float) -> None:
        self._work = work
        self._count = count
        self._grace = grace
        self._mask: set[signal.Signals | int] = set()
        self._born: dict[int, float] = {}

    def run(self) -> int:
        """Keep the processes going until SIGTERM or SIGINT; return the exit code. Should this process be killed, they get a SIGTERM."""
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, _WAITED)
        gc.collect()
        gc.freeze()
        for _ in range(self._count):
            self._fork()
        code = 0
        while code == 0 and signal.sigwait(_WAITED) not in _STOP:
            code = self._replace()
        self._stop()
        return code

    def _replace(self) -> int:
        """Fork anew what has ended. Return another exit code than 0 if that is of no use."""
        ended = self._reap()
        if any(code == STARTUP_FAILURE for code, _ in ended):
            _log.critical("a worker could not start")
            return STARTUP_FAILURE
        for code, lived in ended:
            _log.error("a worker ended with code %d after %.0f seconds and is replaced", code, lived)
            time.sleep(max(0.0, _PAUSE_SECONDS - lived))
            self._fork()
        return 0

    def _reap(self) -> list[tuple[int, float]]:
        """Return exit code and age of each worker that has ended. As process 1 of a container, this one inherits parsers as well."""
        ended = []
        while self._born:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            if pid in self._born:
                ended.append((os.waitstatus_to_exitcode(status), time.monotonic() - self._born.pop(pid)))
        return ended

    def _stop(self) -> None:
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + self._grace
        self._reap()
        while self._born:
            signal.sigtimedwait({signal.SIGCHLD}, max(0.0, deadline - time.monotonic()))
            self._reap()
            if time.monotonic() >= deadline:
                self._signal(signal.SIGKILL)
                deadline += self._grace

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._born:
            os.kill(pid, number)

    def _fork(self) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._live(parent)
        self._born[pid] = time.monotonic()

    def _live(self, parent: int) -> NoReturn:
        """Be a worker."""
        code = 1
        try:
            ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGTERM)
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
            self._work()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException as error:
            _log.critical("a worker failed: %s", location_of(error))
        finally:
            os._exit(code)
