"""Several workers: forked from one process that has read everything, replaced when they die, and gone when they are asked to go."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.http.servers import Server, children_of, running, until
from trdpgx.http.example import GENOME
from trdpgx.model.settings import Settings
from trdpgx.pipeline import load

LAYER = "domain: pharmacodynamic\nsource: {name: research}\n"


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    folder = tmp_path / "layer"
    folder.mkdir()
    (folder / "own.yaml").write_text(LAYER)
    return folder


@pytest.fixture
def two(layer: Path) -> Iterator[Server]:
    with running(TRDPGX_WORKERS="2", TRDPGX_RULES=str(layer)) as started:
        assert until(lambda: started.log.read_text().count("Application startup complete") == 2)
        yield started


def everything(server: Server) -> list[int]:
    """Return the process ids of the parent, its workers and their parsers."""
    workers = server.children()
    return [server.process.pid, *workers, *(entry for worker in workers for entry in children_of(worker))]


def gone(pids: list[int]) -> bool:
    """Tell whether no process runs any more; one that its new parent has not looked after yet is no longer running."""
    return not any(_runs(pid) for pid in pids)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def memory(pid: int, kind: str) -> int:
    """Return kilobytes of one kind of memory of a process."""
    (line,) = (line for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if line.startswith(f"{kind}:"))
    return int(line.split()[1])


def test_a_dead_worker_is_replaced_without_reading_again(two: Server, layer: Path) -> None:
    (layer / "own.yaml").write_text("nonsense")
    with pytest.raises(ValueError, match=r"own\.yaml"):
        load(Settings(rules=layer))
    dying, living = two.children()
    parsers = children_of(dying)
    stop, failures, answers = threading.Event(), [], []

    def ask() -> None:
        while not stop.is_set():
            try:
                answers.append(two.post(GENOME).status_code)
            except httpx.TransportError:
                failures.append(1)

    asking = threading.Thread(target=ask)
    asking.start()
    os.kill(dying, signal.SIGKILL)
    replaced = until(lambda: two.log.read_text().count("Application startup complete") == 3)
    stop.set()
    asking.join()
    assert replaced
    assert set(answers) == {200}
    assert len(failures) <= 1
    assert len(parsers) == 2
    assert until(lambda: gone([dying, *parsers]))
    (born,) = set(two.children()) - {living}
    assert len(two.children()) == 2
    os.kill(living, signal.SIGSTOP)
    try:
        assert two.post(GENOME).json()["input"]["sample"] == "SYNTHETIC"
    finally:
        os.kill(living, signal.SIGCONT)
    assert f"Started server process [{born}]" in two.log.read_text()
    assert "a worker ended with code -9" in two.log.read_text()


def test_workers_share_what_was_read_and_the_parent_has_one_thread(two: Server, server: Server) -> None:
    for _ in range(8):
        assert two.post(GENOME).status_code == server.post(GENOME).status_code == 200
    alone = memory(server.process.pid, "Private_Dirty")
    assert [memory(worker, "Private_Dirty") < 0.7 * alone for worker in two.children()] == [True, True]
    assert len(list(Path(f"/proc/{two.process.pid}/task").iterdir())) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_workers_stop_when_asked_and_leave_no_process(two: Server, number: signal.Signals) -> None:
    pids = everything(two)
    assert len(pids) == 1 + 2 + 4
    two.process.send_signal(number)
    assert two.process.wait(timeout=20) == 0
    assert until(lambda: gone(pids))
    assert two.log.read_text().count("Application shutdown complete") == 2


def test_workers_do_not_outlive_a_killed_parent(two: Server) -> None:
    pids = everything(two)
    two.process.kill()
    two.process.wait()
    assert until(lambda: gone(pids))


def test_a_fault_of_the_rules_is_reported_once_and_no_worker_is_started(layer: Path) -> None:
    (layer / "own.yaml").write_text("nonsense")
    settings = {"TRDPGX_WORKERS": "2", "TRDPGX_RULES": str(layer)}
    with pytest.raises(AssertionError, match=r"cannot be used: .*own\.yaml:1: ") as failed, running(**settings):
        raise RuntimeError("it started")
    assert str(failed.value).count("cannot be used") == 1
    assert "Started server process" not in str(failed.value)
