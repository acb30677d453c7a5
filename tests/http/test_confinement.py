"""What the processes can reach: the HTTP process has nothing that decodes, the workers have no files, no network and bounded resources."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.http.servers import Server, running, running_with
from trdpgx.service.confinement import DESCRIPTORS, confine
from trdpgx.service.example import GENOME

DECODERS = ("scan", "isal", "zstd", "cyvcf2", "htslib", "libhts", "numpy", "polars")
TRIES = {
    "read a file": "open('/etc/hostname').close()",
    "write a file": "open('/tmp/trdpgx-canary', 'w').close()",
    "list a folder": "os.listdir('/')",
    "import a module": "import ensurepip",
    "connect": "socket.create_connection(('127.0.0.1', 9), 1)",
    "a UDP socket": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "a Unix socket": "socket.socket(socket.AF_UNIX)",
    "run a program": "os.execv('/bin/true', ['true'])",
    "start a process": "subprocess.run(['/bin/true'])",
    "signal another": "os.kill(os.getppid(), 0)",
    "many descriptors": "[os.dup(0) for _ in range(100)]",
    "much memory": "bytearray(2_000_000_000)",
    "more memory allowed": "resource.setrlimit(resource.RLIMIT_AS, (-1, -1)); bytearray(2_000_000_000)",
}
SCRIPT = """
import os, resource, socket, subprocess, sys
from trdpgx.service.confinement import confine
held = confine(1_000_000_000)
try:
    {0}
except (OSError, MemoryError, ValueError) as error:
    print("denied")
else:
    print("done", held)
"""

linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's means are Linux's")


def maps(pid: int) -> str:
    return Path(f"/proc/{pid}/maps").read_text()


def limits(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    return {line[:26].strip(): line[26:].split()[0] for line in lines}


def status(pid: int) -> dict[str, str]:
    return {name: value.strip() for name, value in (line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())}


def test_the_http_process_decodes_nothing(server: Server) -> None:
    assert server.post(GENOME).status_code == 200
    libraries = {line.rpartition("/")[2] for line in maps(server.process.pid).splitlines() if ".so" in line}
    paths = {line.split()[-1] for line in maps(server.process.pid).splitlines() if ".so" in line}
    assert not [path for path in paths if any(name in path for name in DECODERS)]
    assert any("httptools" in path for path in paths)
    assert libraries
    worker = maps(server.workers()[0])
    assert all(name in worker for name in ("scan", "isal"))
    assert "polars" not in worker


@linux
def test_workers_are_confined(server: Server) -> None:
    assert server.get("/service-info").json()["sandbox"] == {"rlimits": True, "landlock": True, "seccomp": True}
    for pid in server.workers():
        held = limits(pid)
        assert held["Max address space"] == str(3 * 2**30)
        assert held["Max open files"] == str(DESCRIPTORS)
        assert held["Max core file size"] == "0"
        assert (status(pid)["NoNewPrivs"], status(pid)["Seccomp"]) == ("1", "2")
        open_files = {os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir()}
        assert {name for name in open_files if not name.startswith("socket:")} == {"/dev/null"}
        assert len([name for name in open_files if name.startswith("socket:")]) == 1


@linux
def test_cpu_time_is_allowed_anew_for_each_request(server: Server) -> None:
    for _ in range(6):
        assert server.post(GENOME).status_code == 200
    seconds = [limits(pid)["Max cpu time"] for pid in server.workers()]
    assert any(value != "unlimited" and 600 <= int(value) < 700 for value in seconds)


@linux
@pytest.mark.parametrize("name", TRIES)
def test_a_confined_process_can_do_nothing_else(name: str) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT.format(TRIES[name])], capture_output=True, text=True, check=False)
    assert done.stdout == "denied\n", done.stderr


@linux
def test_a_confined_process_can_start_threads_and_receive_descriptors() -> None:
    script = (
        "import socket, threading\nfrom trdpgx.service.confinement import confine\nours, theirs = socket.socketpair()\n"
        "assert confine(1_000_000_000).whole\nthread = threading.Thread(target=print, args=('ran',))\nthread.start()\nthread.join()\n"
        "socket.send_fds(ours, [b'x'], [0])\nassert socket.recv_fds(theirs, 1, 1)[1]\n"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "ran\n"


def test_require_starts_where_everything_holds() -> None:
    with running(TRDPGX_CONFINE="require") as started:
        assert started.post(GENOME).status_code == 200


@linux
def test_require_refuses_to_start_where_something_is_missing() -> None:
    """A process that may not add another seccomp filter stands for a kernel without one."""
    with (
        pytest.raises(AssertionError, match=r"TRDPGX_CONFINE=require, and this system has no landlock"),
        running_with("tests.http.without_landlock", TRDPGX_CONFINE="require"),
    ):
        raise RuntimeError("it started")
    with running_with("tests.http.without_landlock") as tried:
        assert tried.get("/service-info").json()["sandbox"]["landlock"] is False
        assert tried.post(GENOME).status_code == 200


def test_other_systems_have_the_limits_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr("resource.setrlimit", lambda *_: None)
    assert confine(2**40) == (True, False, False)
    assert ctypes.sizeof(ctypes.c_void_p) == 8
