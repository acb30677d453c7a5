"""The pool of parser processes: cyvcf2 and htslib run only there, one input at a time, and a death costs one input only."""

import contextlib
import os
import queue
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from trdpgx.intake.problems import BUSY, PARSER_FAILED, PARSER_TIMEOUT
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

REQUESTS_PER_PROCESS = 1_000
"""After so many inputs a process is replaced, so that nothing can build up in it."""
START_SECONDS = 60.0
"""So long may a process take to start."""
_WORKER = Path(__file__).with_name("process.py")
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_REQUEST = struct.Struct("<I")
_REPLY = struct.Struct("<QQ")
_CONFINED = b"+"
_CHUNK = 2**20


Answer = Callable[[], tuple[bytes, bytes]]
"""Waits for the answer of a parser process and returns its JSON and its genotypes."""


class _ProcessEndedError(Exception):
    """The process has ended, or has sent a malformed answer."""


class _DeadlineError(Exception):
    """The process has not answered in time."""


class ParserProcess:
    """One parser process (``process.py``), in a session of its own, with a socket to it. ``answered`` counts the inputs it has read.

    ``ready``: whether it is known to have started. ``landlock``: whether the kernel keeps it from files, programs, TCP and other processes;
    known from then on.
    """

    def __init__(self, limits: Limits) -> None:
        self.answered = 0
        self.stderr_bytes = 0
        self.landlock = False
        self.ready = False
        self._limits = limits
        self._channel, other = socket.socketpair()
        with other:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-IB", str(_WORKER), str(other.fileno()), str(limits.max_parse_memory_bytes)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=(other.fileno(),),
                cwd="/",
                env=_ENVIRONMENT,
                start_new_session=True,
            )
        self._errors = self._process.stderr
        self._poll = select.poll()
        self._poll.register(self._channel, select.POLLIN)
        if self._errors is not None:
            os.set_blocking(self._errors.fileno(), False)
            self._poll.register(self._errors, select.POLLIN)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def wait(self) -> None:
        """Wait until the process has started; its imports are no input's fault, so they count against none."""
        if not self.ready:
            self.landlock = self._receive(1, time.monotonic() + START_SECONDS) == _CONFINED
            self.ready = True

    def begin(self, vcf: bytes) -> float:
        """Hand a clean VCF over to be read; return when the answer must be there (``time.monotonic``)."""
        self.wait()
        deadline = time.monotonic() + self._limits.max_parse_seconds
        descriptor = os.memfd_create("panel", os.MFD_CLOEXEC)
        try:
            with open(descriptor, "wb", closefd=False) as memory:
                memory.write(vcf)
            os.lseek(descriptor, 0, os.SEEK_SET)
            socket.send_fds(self._channel, [_REQUEST.pack(self._limits.max_parse_cpu_seconds)], [descriptor])
        except OSError:
            raise _ProcessEndedError from None
        finally:
            os.close(descriptor)
        return deadline

    def answer(self, deadline: float) -> tuple[bytes, bytes]:
        """Return the JSON and the genotypes of ``process.py``."""
        meta_size, arrays_size = _REPLY.unpack(self._receive(_REPLY.size, deadline))
        if meta_size + arrays_size > self._limits.max_parse_memory_bytes:
            raise _ProcessEndedError
        meta = self._receive(meta_size, deadline)
        arrays = self._receive(arrays_size, deadline)
        self.answered += 1
        return meta, arrays

    def _receive(self, size: int, deadline: float) -> bytes:
        received = bytearray(size)
        view, at = memoryview(received), 0
        while at < size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise _DeadlineError
            for descriptor, _ in self._poll.poll(left * 1000):
                if descriptor == self._channel.fileno():
                    count = self._take(view[at : at + _CHUNK])
                    if count == 0:
                        raise _ProcessEndedError
                    at += count
                else:
                    self._drain()
        return bytes(received)

    def _take(self, room: memoryview) -> int:
        """Return how many bytes came; none when the process has gone."""
        try:
            return self._channel.recv_into(room)
        except ConnectionError:
            return 0

    def _drain(self) -> None:
        """Count what the process writes to stderr and drop it: htslib prints positions there."""
        if self._errors is None:
            return
        said = os.read(self._errors.fileno(), _CHUNK)
        self.stderr_bytes += len(said)
        if not said:
            self._poll.unregister(self._errors)
            self._errors.close()
            self._errors = None

    def close(self) -> None:
        """Kill the process group and reap the child."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._channel.close()
        if self._errors is not None:
            self._errors.close()


class ParserPool:
    """A pool of ``size`` parser processes, started at once so that they are ready for the first input. Safe to use from several threads.

    ``landlock`` is that of the process that answered last. Make the pool after a fork, not before one. Use it as a context manager, or
    call ``close``.
    """

    def __init__(self, size: int, limits: Limits) -> None:
        self.deaths = 0
        self.stderr_bytes = 0
        self.landlock = False
        self._limits = limits
        self._size = size
        self._idle: queue.PriorityQueue[tuple[bool, int, ParserProcess]] = queue.PriorityQueue()
        self._turns = count()
        for _ in range(size):
            self._give(ParserProcess(limits))

    def parse(self, vcf: bytes) -> tuple[bytes, bytes]:
        """Have a clean VCF read by an idle process; return the JSON and the genotypes of ``process.py``. Raises as ``begin`` does."""
        with self.begin(vcf) as answer:
            return answer()

    @contextlib.contextmanager
    def begin(self, vcf: bytes) -> Iterator[Answer]:
        """Have a clean VCF read by an idle process while the block goes on; it gets a function that waits for the answer.

        Raises ``InputError`` if no process is free in time, or if the process dies or is too slow; it is then replaced. A block that ends
        without the answer waits for it all the same, so that no input can make processes be replaced by being wrong in another way.
        """
        process = self._take()
        sound = False

        def answer() -> tuple[bytes, bytes]:
            nonlocal sound
            found = process.answer(deadline)
            self.landlock = process.landlock
            sound = process.answered < REQUESTS_PER_PROCESS
            return found

        answered = process.answered
        try:
            deadline = process.begin(vcf)
            try:
                yield answer
            except InputError:
                if process.answered == answered:
                    answer()
                raise
        except _ProcessEndedError:
            self.deaths += 1
            raise InputError(PARSER_FAILED, "The parser process ended without an answer.") from None
        except _DeadlineError:
            self.deaths += 1
            raise InputError(PARSER_TIMEOUT, f"The cap is {self._limits.max_parse_seconds:g} seconds.") from None
        finally:
            self._give(process if sound else self._replace(process))

    def _give(self, process: ParserProcess) -> None:
        """Return a process to the pool: one that is ready, the last at work first, before one that is starting, the oldest first."""
        turn = next(self._turns)
        self._idle.put((not process.ready, -turn if process.ready else turn, process))

    def _take(self) -> ParserProcess:
        """Return an idle process. One that has died meanwhile is replaced; while the new one starts, another is taken, if there is one."""
        deadline = time.monotonic() + self._limits.max_parse_seconds
        while True:
            try:
                _, _, process = self._idle.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise InputError(BUSY, "No parser became free in time.") from None
            if process.alive:
                return process
            self._give(self._replace(process))

    def wait(self) -> None:
        """Wait until all processes have started, as a service does before it says that it is ready."""
        taken = [self._idle.get() for _ in range(self._size)]
        for _, _, process in taken:
            with contextlib.suppress(_ProcessEndedError, _DeadlineError):
                process.wait()
            self._give(process)

    def pids(self) -> list[int]:
        """Process ids of the idle processes."""
        return [process.pid for _, _, process in list(self._idle.queue)]

    def _replace(self, process: ParserProcess) -> ParserProcess:
        self.stderr_bytes += process.stderr_bytes
        process.close()
        return ParserProcess(self._limits)

    def close(self) -> None:
        """Kill all processes. Waits for those at work."""
        for _ in range(self._size):
            self._idle.get()[2].close()
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()
