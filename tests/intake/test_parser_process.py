"""The parser process: what it may use up, and what its death costs."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sandlock

from trdpgx.intake.parser import pool as pool_module
from trdpgx.intake.parser import process
from trdpgx.intake.parser.pool import ParserPool
from trdpgx.intake.problems import ASSEMBLY_UNKNOWN
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

CLEAN = b"##fileformat=VCFv4.3\n##contig=<ID=10>\n##FORMAT=<ID=GT,Number=1,Type=String,Description=x>\n"
CLEAN += b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ts0\n10\t100\t.\tC\tT\t.\t.\t.\tGT\t0/1\n"


@pytest.fixture(scope="module")
def parsers(limits: Limits) -> Iterator[ParserPool]:
    with ParserPool(2, limits) as pool:
        yield pool


def code(pool: ParserPool, vcf: bytes) -> str:
    with pytest.raises(InputError) as raised:
        pool.parse(vcf)
    return raised.value.problem.type.removeprefix("/problems/")


def test_both_sides_agree_on_the_message_formats() -> None:
    assert pool_module._CONFINED == process.CONFINED != process.READY
    assert (pool_module._REQUEST.format, pool_module._REPLY.format) == (process.REQUEST.format, process.REPLY.format)


def test_limits_of_the_process(parsers: ParserPool, limits: Limits) -> None:
    parsers.wait()
    for pid in parsers.pids():
        text = Path(f"/proc/{pid}/limits").read_text()
        rows = {line[:26].strip(): line[26:].split() for line in text.splitlines()}
        assert rows["Max address space"][:2] == [str(limits.max_parse_memory_bytes)] * 2
        assert rows["Max core file size"][:2] == rows["Max file size"][:2] == rows["Max processes"][:2] == ["0", "0"]
        assert resource.getrlimit(resource.RLIMIT_AS) != (limits.max_parse_memory_bytes,) * 2, "the parent is not confined"


def test_a_process_holds_no_more_than_it_needs(parsers: ParserPool) -> None:
    for _ in range(60):
        parsers.parse(CLEAN)
    for pid in parsers.pids():
        assert len(os.listdir(f"/proc/{pid}/fd")) <= 6
        assert b"HOME" not in Path(f"/proc/{pid}/environ").read_bytes()
        assert os.getsid(pid) == pid


def test_landlock_holds_the_process_where_the_kernel_has_it(limits: Limits) -> None:
    """Said of itself, and seen from outside: a process that asks for the same as ours is kept from files, TCP and signals."""
    wanted = sandlock.landlock_abi_version() >= sandlock.min_landlock_abi()
    with ParserPool(1, limits) as pool:
        assert pool.parse(CLEAN)
        assert pool.landlock == wanted
    if not wanted:
        pytest.skip("this kernel has no Landlock; the service says so")
    tries = (
        "import os, socket, process",
        "process.lock_in()",
        "for act in (lambda: open('/etc/hostname'), lambda: os.listdir('/'), lambda: open('/tmp/canary', 'w'),",
        "            lambda: socket.create_connection(('127.0.0.1', 9)), lambda: os.kill(os.getppid(), 0),",
        "            lambda: os.execv('/bin/true', ['x'])):",
        "    try: act(); print('allowed')",
        "    except PermissionError: print('denied')",
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(process.__file__).parent)}
    stated = subprocess.run([sys.executable, "-c", "\n".join(tries)], env=environment, capture_output=True, text=True, check=True)
    assert stated.stdout.split() == ["denied"] * 6


def test_what_the_parser_says_is_counted_and_not_shown(capfd: pytest.CaptureFixture[str], limits: Limits) -> None:
    with ParserPool(1, limits) as pool:
        assert code(pool, b"garbage") == "parser_failed"
        assert pool.stderr_bytes > 0
        assert pool.parse(CLEAN)
    assert capfd.readouterr() == ("", "")


def test_time_is_capped() -> None:
    slow = CLEAN + b"".join(b"contig%d\t1\t.\tC\tT\t.\t.\t.\tGT\t0/1\n" % number for number in range(30_000))
    with ParserPool(1, Limits(max_parse_seconds=1)) as pool:
        assert pool.parse(CLEAN)
        started = time.monotonic()
        assert code(pool, slow) == "parser_timeout"
        assert time.monotonic() - started < 3
        assert pool.parse(CLEAN)
        assert pool.deaths == 1


def test_no_free_process(limits: Limits) -> None:
    with ParserPool(1, Limits(max_parse_seconds=0.05)) as pool:
        pool._idle.get()[2].close()
        assert code(pool, CLEAN) == "busy"
        pool._give(pool_module.ParserProcess(limits))


def test_processes_are_replaced_after_their_time(monkeypatch: pytest.MonkeyPatch, limits: Limits) -> None:
    monkeypatch.setattr(pool_module, "REQUESTS_PER_PROCESS", 3)
    with ParserPool(1, limits) as pool:
        seen = []
        for _ in range(6):
            pool.parse(CLEAN)
            seen += pool.pids()
        assert len(set(seen)) == 3
        assert pool.deaths == 0


def test_an_input_that_is_wrong_in_another_way_costs_no_process(limits: Limits) -> None:
    with ParserPool(1, limits) as pool:
        pool.parse(CLEAN)
        before = pool.pids()
        for _ in range(3):
            with pytest.raises(InputError) as raised, pool.begin(CLEAN):
                raise InputError(ASSEMBLY_UNKNOWN, "Nothing decides it.")
            assert raised.value.problem.type == "/problems/assembly_unknown"
        assert pool.parse(CLEAN)
        assert pool.pids() == before
        assert pool.deaths == 0


def test_a_process_that_died_idle_costs_nothing(limits: Limits) -> None:
    with ParserPool(1, limits) as pool:
        pool.parse(CLEAN)
        os.kill(pool.pids()[0], signal.SIGKILL)
        time.sleep(0.05)
        assert pool.parse(CLEAN)


def test_a_process_that_died_idle_keeps_nobody_waiting(limits: Limits) -> None:
    """Another one that is ready takes the input, while the new one starts."""
    with ParserPool(2, limits) as pool:
        pool.wait()
        first, second = pool.pids()
        os.kill(first, signal.SIGKILL)
        time.sleep(0.05)
        for _ in range(3):
            assert pool.parse(CLEAN)
            ready = {process.pid for unready, _, process in pool._idle.queue if not unready}
            assert ready == {second}
        pool.wait()
        assert len(pool.pids()) == 2
        assert first not in pool.pids()


def test_kills_under_load_cost_one_input_each(limits: Limits) -> None:
    outcomes: Counter[str] = Counter()
    with ParserPool(3, limits) as pool:
        answer = pool.parse(CLEAN)
        stop = time.monotonic() + 3

        def ask() -> None:
            while time.monotonic() < stop:
                try:
                    outcomes["right" if pool.parse(CLEAN) == answer else "wrong"] += 1
                except InputError as error:
                    outcomes[error.problem.type] += 1
                time.sleep(0.02)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        kills = 0
        while time.monotonic() < stop - 0.5:
            for pid in pool.pids()[:1]:
                os.kill(pid, signal.SIGKILL)
                kills += 1
            time.sleep(0.2)
        for thread in threads:
            thread.join(timeout=30)
        assert not any(thread.is_alive() for thread in threads)
        assert pool.parse(CLEAN) == answer
        assert len(pool.pids()) == 3
    assert outcomes["wrong"] == 0
    assert outcomes["right"] > 20
    assert set(outcomes) <= {"right", "wrong", "/problems/parser_failed"}
    assert outcomes["/problems/parser_failed"] <= kills


def test_nothing_is_left_running(limits: Limits) -> None:
    before = len(os.listdir("/proc/self/fd"))
    with ParserPool(2, limits) as pool:
        pool.parse(CLEAN)
        pids = pool.pids()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert len(os.listdir("/proc/self/fd")) == before
