"""What a worker may not do from its first request on: files, network, other programs and processes, more memory and descriptors.

- Resource limits, see getrlimit(2). There is none on processes: it would count those of the user everywhere.
- Landlock, see landlock(7): no file can be opened any more, no TCP port bound or reached, no signal sent to other processes.
- seccomp, see seccomp(2): no socket can be made, no program started, no other process inspected. It lists the system calls that are
  refused; everything else is left to Landlock and the limits.

They hold for the life of the process and for every thread that starts after them, on Linux; elsewhere there are the resource limits alone.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
import sys
from typing import NamedTuple

DESCRIPTORS = 32
"""Descriptors of a worker: the standard three, its channel, the socket of one request, and what reading one upload needs."""
_RULESET, _RESTRICT = 444, 446
"""System calls ``landlock_create_ruleset`` and ``landlock_restrict_self``, the same on every machine."""
_VERSION = 1
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""From which version of Landlock on how many rights on files there are."""
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_DENY, _KILL, _ALLOW = 0x00050000 | errno.EPERM, 0x80000000, 0x7FFF0000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_FOREIGN = 0x40000000
"""Numbers from here on are system calls of another convention (x32)."""

_REFUSED = {
    "x86_64": (
        0xC000003E,
        # socket, connect, bind, listen, socketpair, fork, vfork, execve, ptrace, mount, add_key, request_key, keyctl, unshare,
        # perf_event_open, setns, process_vm_readv, process_vm_writev, bpf, execveat, userfaultfd, io_uring_setup, pidfd_getfd
        (41, 42, 49, 50, 53, 57, 58, 59, 101, 165, 248, 249, 250, 272, 298, 308, 310, 311, 321, 322, 323, 425, 438),
    ),
    "aarch64": (
        0xC00000B7,
        # socket, socketpair, bind, listen, connect, execve, ptrace, mount, add_key, request_key, keyctl, unshare, perf_event_open,
        # setns, process_vm_readv, process_vm_writev, bpf, execveat, userfaultfd, io_uring_setup, pidfd_getfd
        (198, 199, 200, 201, 203, 221, 117, 40, 217, 218, 219, 97, 241, 268, 270, 271, 280, 281, 282, 425, 438),
    ),
}
"""Of each machine its number (``AUDIT_ARCH_...``) and the system calls that are refused."""


class Confinement(NamedTuple):
    """Which kinds of confinement hold for a worker on this system."""

    rlimits: bool
    landlock: bool
    seccomp: bool

    @property
    def whole(self) -> bool:
        """Whether all of them hold."""
        return self.rlimits and self.landlock and self.seccomp


def confine(memory: int) -> Confinement:
    """Confine this process to so many bytes of memory, and to what it has open; return what the kernel supports."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
    if sys.platform != "linux":
        return Confinement(rlimits=True, landlock=False, seccomp=False)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return Confinement(rlimits=True, landlock=_landlock(libc), seccomp=_seccomp(libc))


def allow_cpu(seconds: int) -> None:
    """Set the limit on this process's CPU to so many seconds from now; the kernel kills it when it has used them."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))


def _landlock(libc: ctypes.CDLL) -> bool:
    """Handle every right that this kernel knows, and grant none."""
    version = libc.syscall(_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    if version < 1:
        return False
    files = (1 << max(count for since, count in _FILE_RIGHTS.items() if since <= version)) - 1
    network, scopes = (0b11 if version >= 4 else 0), (0b11 if version >= 6 else 0)
    attributes = struct.pack("=QQQ", files, network, scopes)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    ruleset = libc.syscall(_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    try:
        return bool(libc.syscall(_RESTRICT, ruleset, ctypes.c_uint32(0)) == 0)
    finally:
        os.close(ruleset)


def _seccomp(libc: ctypes.CDLL) -> bool:
    """Refuse the listed system calls with EPERM; kill the process that makes one of another machine's."""
    if platform.machine() not in _REFUSED:
        return False
    machine, refused = _REFUSED[platform.machine()]
    steps = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, len(refused) + 1, 0, _FOREIGN),
        *((_EQUAL, len(refused) - at, 0, number) for at, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _DENY),
    ]
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    filters = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(program)))
    return bool(libc.prctl(_SECCOMP, ctypes.c_ulong(_FILTER), filters, 0, 0) == 0)
