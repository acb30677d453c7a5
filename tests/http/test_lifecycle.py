"""How the processes begin and end: one supervisor, workers that are replaced, a drain before the end, and nobody left behind."""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.http.servers import COMMAND, Server, all_ended, faulty, memory, running, until
from tests.http.test_server import FILLER, head
from trdpgx.loaded import load
from trdpgx.model.settings import Settings
from trdpgx.service.example import GENOME

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
        assert until(lambda: len(started.workers()) == 2)
        yield started


def ready(server: Server) -> int:
    try:
        return server.get("/readyz").status_code
    except httpx.TransportError:
        return 0


def test_a_dead_worker_is_replaced_without_reading_again(two: Server, layer: Path) -> None:
    (layer / "own.yaml").write_text("nonsense")
    with pytest.raises(ValueError, match=r"own\.yaml"):
        load(Settings(rules=layer))
    dying, living = two.workers()
    stop, answers = threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            answers.append(two.post(GENOME).status_code)

    asking = threading.Thread(target=ask)
    asking.start()
    os.kill(dying, signal.SIGKILL)
    replaced = until(lambda: len(set(two.workers()) - {dying}) == 2)
    stop.set()
    asking.join()
    assert replaced
    assert answers.count(503) <= 1
    assert set(answers) <= {200, 503}
    assert living in two.workers()
    assert "a worker ended with code -9 and is replaced" in two.log.read_text()


def test_the_supervisor_has_one_thread_and_the_workers_share_its_memory(two: Server) -> None:
    for _ in range(8):
        assert two.post(GENOME).status_code == 200
    assert len(list(Path(f"/proc/{two.supervisor()}/task").iterdir())) == 1
    whole = memory(two.supervisor(), "Rss")
    for worker in two.workers():
        assert memory(worker, "Pss") < 0.7 * whole


def test_a_worker_does_no_more_than_its_requests() -> None:
    with running(TRDPGX_WORKERS="2", TRDPGX_WORKER_REQUESTS="1") as once:
        seen: set[int] = set()
        for _ in range(10):
            before = set(once.workers())
            assert once.post(GENOME).status_code == 200
            assert until(lambda before=before: len(set(once.workers()) - before) == 1 and len(once.workers()) == 2)
            assert ready(once) == 200
            seen |= before
        assert len(seen) >= 10
        assert "ended with code" not in once.log.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_asked_and_leaves_no_process(two: Server, number: signal.Signals) -> None:
    pids = two.processes()
    assert len(pids) == 4
    two.process.send_signal(number)
    assert two.process.wait(timeout=20) == 0
    assert until(lambda: all_ended(pids))


def test_workers_do_not_outlive_a_killed_service(two: Server) -> None:
    pids = two.processes()
    two.process.kill()
    two.process.wait()
    assert until(lambda: all_ended(pids), seconds=3)


def test_a_supervisor_that_dies_is_started_again(two: Server) -> None:
    pids = two.processes()[1:]
    os.kill(pids[0], signal.SIGKILL)
    assert until(lambda: ready(two) == 503, seconds=3)
    assert two.get("/livez").status_code == 200
    assert until(lambda: ready(two) == 200, seconds=30)
    assert all_ended(pids)
    assert two.post(GENOME).status_code == 200
    assert len(two.workers()) == 2


def test_a_supervisor_that_was_stopped_ends_with_the_service(two: Server) -> None:
    pids = two.processes()
    os.kill(pids[1], signal.SIGSTOP)
    assert two.post(GENOME).status_code == 200
    began = time.monotonic()
    two.process.terminate()
    two.process.wait(timeout=20)
    assert time.monotonic() - began < 10
    assert until(lambda: all_ended(pids))


def test_it_drains_before_the_socket_closes() -> None:
    with running(TRDPGX_DRAIN_SECONDS="2") as draining:
        draining.process.terminate()
        began = time.monotonic()
        assert until(lambda: ready(draining) == 503, seconds=1)
        answer = draining.get("/readyz")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not_ready")
        assert draining.post(GENOME).status_code == 200
        assert draining.process.wait(timeout=20) == 0
        assert 1.5 < time.monotonic() - began < 8


def test_uploads_that_go_on_do_not_keep_it_from_stopping() -> None:
    with running() as stopping, stopping.connect() as collected, stopping.connect() as worked:
        collected.sendall(head(100_000) + GENOME)
        worked.sendall(head(90_000_000) + GENOME + FILLER * 20_000)
        time.sleep(0.5)
        pids = stopping.processes()
        began = time.monotonic()
        stopping.process.terminate()
        stopping.process.wait(timeout=60)
        assert time.monotonic() - began < 40
        assert until(lambda: all_ended(pids))


def test_few_descriptors_lose_nothing_for_good() -> None:
    with running(("bash", "-c", f"ulimit -n 64; exec {COMMAND} serve")) as scarce:
        before = set(scarce.workers())
        idle = [scarce.connect() for _ in range(80)]
        time.sleep(0.5)
        idle[-1].sendall(head(len(GENOME)))
        assert idle[-1].recv(65536).startswith(b"HTTP/1.1 503")
        idle[0].sendall(head(len(GENOME)) + GENOME)
        assert idle[0].recv(15) == b"HTTP/1.1 200 OK"
        for connection in idle[:40]:
            try:
                connection.sendall(head(len(GENOME)) + GENOME)
            except OSError:
                continue
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        time.sleep(1)
        for connection in idle:
            connection.close()
        assert until(lambda: ready(scarce) == 200, seconds=20)
        assert until(lambda: len(scarce.workers()) == 3)
        assert [scarce.post(GENOME).status_code for _ in range(6)] == [200] * 6
        assert scarce.stop() == 0


def test_a_worker_that_cannot_be_started_is_tried_again_and_readyz_tells() -> None:
    with faulty(TRDPGX_WORKERS="2", FAULTY_START="1") as limping:
        (limping.scratch / "ill").touch()
        for pid in limping.workers():
            os.kill(pid, signal.SIGKILL)
        assert until(lambda: ready(limping) == 503, seconds=5)
        assert json.loads(limping.get("/readyz").text)["type"] == "/problems/not_ready"
        (limping.scratch / "ill").unlink()
        assert until(lambda: ready(limping) == 200, seconds=15)
        assert limping.post(GENOME).status_code == 200


@pytest.mark.parametrize(
    ("name", "reason"), [("", r"own\.yaml:1: "), ("missing", r"the folder of rules .*missing is not there")], ids=["nonsense", "no folder"]
)
def test_it_states_why_it_cannot_start(name: str, reason: str, layer: Path) -> None:
    (layer / "own.yaml").write_text("nonsense")
    with pytest.raises(AssertionError, match=rf"cannot be used: .*{reason}") as failed, running(TRDPGX_RULES=str(layer / name)):
        raise RuntimeError("it started")
    assert str(failed.value).count("cannot be used") == 1
    assert "Traceback" not in str(failed.value)
