"""A genome with marks that occur nowhere else goes through success and every failure: no trace of it stays outside the answer."""

import gzip
import os
import re
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from tests.http.servers import Server, until
from tests.http.test_server import head
from trdpgx.service.example import GENOME

CHECKOUT = Path(__file__).parents[2]
"""A checkout may well stand in /tmp; what is mapped from it is the program."""

NAME = b"CANARY-SAMPLE-7Q"
FILE = "CANARY-FILE-7Q.vcf"
ALLELE = b"GTTGCATGCAAGCTTCAGGATCCAACGTT"
DEPTH = b"31337"
LOCUS = b"94781859"
MARKS = (NAME, FILE.encode(), ALLELE, DEPTH, LOCUS, b"CANARY")

LINE = b"\t".join((b"chr10", LOCUS, b"CANARY", b"G", ALLELE, b"50", b"CANARY", b"CANARY=1", b"GT:DP", b"0/1:" + DEPTH))
WHOLE = re.sub(rb"chr10\t.*", LINE, GENOME.replace(b"SYNTHETIC", NAME))
WHOLE = WHOLE.replace(b"##contig", b'##FORMAT=<ID=DP,Number=1,Type=Integer,Description="CANARY">\n##contig', 1)

FAILURES = {
    "not a genome": NAME * 10,
    "damaged": gzip.compress(WHOLE)[:-12] + b"CANARY-DAMAGED" + b"\0" * 8,
    "cut off": gzip.compress(WHOLE)[:-20],
    "wrong number of columns": WHOLE.replace(b"\t0/1:" + DEPTH, b"\t0/1:" + DEPTH + b"\tCANARY"),
    "no position": WHOLE.replace(LOCUS, b"CANARY"),
    "allele out of range": WHOLE.replace(b"0/1:" + DEPTH, b"0/7:" + DEPTH),
    "bad genotype": WHOLE.replace(b"0/1:" + DEPTH, b"CANARY"),
    "bad quality": WHOLE.replace(b"\t50\t", b"\tCANARY\t"),
    "blank line": WHOLE.replace(LINE, LINE + b"\n"),
    "a NUL": WHOLE.replace(ALLELE, ALLELE + b"\0"),
    "the other assembly": WHOLE.replace(b"133797422", b"135534747").replace(b"CANARY=1", b"."),
    "two samples of one name": WHOLE.replace(NAME, NAME + b"\t" + NAME),
    "sample name that is no text": WHOLE.replace(NAME, NAME + b"\xff\xfe"),
}


def post(server: Server, content: bytes, form: bool, address: str = "/v1/reports") -> tuple[int, str]:
    if not form:
        answer = server.post(content, address)
        return answer.status_code, answer.text
    body = b'--CANARY\r\nContent-Disposition: form-data; name="vcf"; filename="%s"\r\n\r\n%s\r\n' % (FILE.encode(), content)
    body += b'--CANARY\r\nContent-Disposition: form-data; name="input_name"\r\n\r\n%s\r\n--CANARY--\r\n' % FILE.encode()
    answer = server.post(body, address, **{"Content-Type": "multipart/form-data; boundary=CANARY"})
    return answer.status_code, answer.text


ADDRESSES = (
    "/service-info",
    "/livez",
    "/readyz",
    "/metrics",
    "/v1/limits",
    "/v1/rules",
    "/v1/genes",
    "/v1/drugs",
    "/docs",
    "/openapi.json",
)
"""What the service states afterwards, to anybody. The locus of the variant is one of the panel's, which it tells of anyhow."""
SHOWN = ("cmdline", "environ", "comm", "status", "maps", "mountinfo")
"""What the kernel shows of a process to its owner."""


def traces(server: Server) -> list[str]:
    """Return where marks are found: in the log, folders, open and mapped files, what the kernel shows, and what the service states."""
    found = [f"log: {mark!r}" for mark in MARKS if mark in server.log.read_bytes()]
    found += [f"file: {path}" for path in server.scratch.rglob("*")]
    found += [f"new: {path}" for path in strangers() - BEFORE]
    for pid in server.processes():
        try:
            found += of_process(pid, server)
        except (FileNotFoundError, ProcessLookupError):
            continue
    for address in ADDRESSES:
        answer = server.get(address)
        stated = answer.content + repr(answer.headers).encode()
        found += [f"answer: {address} {mark!r}" for mark in MARKS if mark in stated and mark != LOCUS]
    return found


def of_process(pid: int, server: Server) -> list[str]:
    """Return what is left of an upload in the files of a process, and marks in what the kernel shows of it."""
    links = [os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_symlink()]
    mapped = {line.split(maxsplit=5)[5] for line in Path(f"/proc/{pid}/maps").read_text().splitlines() if len(line.split()) > 5}
    own = (sys.prefix, sys.base_prefix, str(CHECKOUT))
    strange = [
        name for name in mapped if name.startswith(("/tmp", "/var/tmp", "/dev/shm", str(server.scratch))) and not name.startswith(own)
    ]
    found = [f"open: {link}" for link in links if "memfd" in link or link.startswith(str(server.scratch))]
    found += [f"mapped: {name}" for name in (*strange, *(name for name in mapped if "memfd" in name or "deleted" in name))]
    shown = {name: Path(f"/proc/{pid}/{name}").read_bytes() for name in SHOWN}
    shown["names of threads"] = b"".join(path.read_bytes() for path in Path(f"/proc/{pid}/task").glob("*/comm"))
    return found + [f"{name}: {mark!r}" for name, content in shown.items() for mark in MARKS if mark in content]


def strangers() -> set[Path]:
    """Return files where programs leave things in passing, of any name that tells of us: temporary files, shared memory, core dumps."""
    folders = [Path(name) for name in ("/", "/tmp", "/var/tmp", "/dev/shm", "/var/crash", "/var/lib/systemd/coredump")]
    recent = [path for folder in (*folders, Path.cwd()) if folder.is_dir() for path in folder.iterdir()]
    named = {path for path in recent if path.name.startswith(("core", "trdpgx", "panel", "sem.")) or "CANARY" in path.name}
    # `trdpgx.cohort.call` keeps a folder while it runs; it may be running in another test, and the service never calls it.
    return {path for path in named if not path.name.startswith("trdpgx-cohort-")}


BEFORE = strangers()


@pytest.mark.parametrize("form", [False, True], ids=["raw", "form"])
def test_success_leaves_no_trace(form: bool, server: Server) -> None:
    status, text = post(server, WHOLE, form)
    assert status == 200
    assert NAME.decode() in text
    assert (FILE in text) is form, "the name that the caller gives the input is in its report"
    assert until(lambda: traces(server) == [])


@pytest.mark.parametrize("form", [False, True], ids=["raw", "form"])
def test_failures_leave_no_trace(form: bool, server: Server) -> None:
    for name, content in FAILURES.items():
        status, text = post(server, content, form)
        assert 400 <= status < 500, name
        assert not [mark for mark in MARKS if mark.decode() in text], name
    for query in (f"sample={NAME.decode()}X", "absent=CANARY", "CANARY=1", "assembly=GRCh37"):
        status, text = post(server, WHOLE, form, f"/v1/reports?{query}")
        assert 400 <= status < 500, query
        assert not [mark for mark in MARKS if mark.decode() in text], query
    assert until(lambda: traces(server) == [])


@pytest.mark.parametrize(
    "content", [WHOLE.replace(ALLELE, b"CANARY!"), WHOLE.replace(b"CANARY\tG\t", b"CANARY\tCANARY!\t")], ids=["ALT", "REF"]
)
def test_an_allele_that_cannot_be_read_is_not_quoted(content: bytes, server: Server) -> None:
    status, text = post(server, content, False)
    assert status in {200, 400}
    assert "CANARY!" not in text
    assert until(lambda: traces(server) == [])


def test_an_address_that_names_the_person_leaves_no_trace(server: Server) -> None:
    status, text = post(server, WHOLE, False, f"/v1/reports?sample={NAME.decode()}&input_name={FILE}")
    assert status == 200
    assert NAME.decode() in text
    assert FILE in text
    with server.connect() as connection:
        offer = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", f"HTTP2-Settings: {NAME.decode()}")
        connection.sendall(head(len(WHOLE), f"/v1/reports?{NAME.decode()}=1", *offer) + WHOLE)
        assert NAME not in connection.recv(65536)
    assert until(lambda: traces(server) == [])


def test_broken_off_uploads_leave_no_trace(server: Server) -> None:
    for cut in range(100, len(WHOLE), 97):
        with server.connect() as connection:
            connection.sendall(head(len(WHOLE)) + WHOLE[:cut])
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert server.post(GENOME).status_code == 200
    assert until(lambda: traces(server) == [])


def test_a_worker_that_dies_on_it_leaves_no_trace(server: Server) -> None:
    for _ in range(3):
        for pid in server.workers():
            os.kill(pid, signal.SIGSEGV)
        time.sleep(0.05)
        post(server, WHOLE, False)
    assert until(lambda: post(server, WHOLE, False)[0] == 200)
    assert until(lambda: traces(server) == [])


def test_a_trace_would_be_seen(server: Server) -> None:
    left = server.scratch / "left"
    left.write_bytes(NAME)
    assert traces(server) == [f"file: {left}"]
    left.unlink()
    core = Path.cwd() / "core.CANARY"
    core.touch()
    assert traces(server) == [f"new: {core}"]
    core.unlink()
    with server.log.open("ab") as log:
        end = log.tell()
        log.write(DEPTH)
        log.flush()
        assert traces(server) == [f"log: {DEPTH!r}"]
        log.truncate(end)
    assert traces(server) == []
