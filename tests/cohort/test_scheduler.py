"""Parts worked out on Dask give the bytes that one process gives, whatever becomes of a worker."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.cohort.files import columns, lines, names, write
from tests.http.servers import free_port
from trdpgx.cohort.folder import is_whole

_SLOW = 600.0
"""Seconds of a run that takes 15 s of CPU: beside other work two cores have taken 120 s for it, with and without a scheduler."""


def run(files: list[Path], folder: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "trdpgx", "cohort", *map(str, files), "-o", str(folder), *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def tables(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("part-*"))}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Write more single-sample files than a part may have."""
    folder = tmp_path_factory.mktemp("files")
    records = lines(520, seed=9)
    return [write(folder / f"{name}.vcf", [name], [columns(record, [at]) for record in records]) for at, name in enumerate(names(520))]


@pytest.fixture(scope="module")
def expected(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("tables")
    finished = run(files, folder)
    assert (finished.communicate(timeout=_SLOW)[1], finished.returncode)[1] == 0
    return tables(folder)


@contextmanager
def dask(kind: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SLOW
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
def test_a_scheduler_with_two_workers_one_of_which_is_killed(files: list[Path], expected: dict[str, bytes], tmp_path: Path) -> None:
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    with ExitStack() as stack:
        stack.enter_context(dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"))
        worker = (address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path))
        first = stack.enter_context(dask("worker", *worker, "--name", "first"))
        stack.enter_context(dask("worker", *worker, "--name", "second"))
        running = run(files, tmp_path / "tables", "--scheduler", address)
        wait_for(lambda: any(is_whole(tmp_path / "tables", number) for number in range(3)))
        first.kill()
        error = running.communicate(timeout=_SLOW)[1]
    assert running.returncode == 0, error.decode()
    assert tables(tmp_path / "tables") == expected


@pytest.mark.slow
def test_workers_of_its_own(files: list[Path], expected: dict[str, bytes], tmp_path: Path) -> None:
    running = run(files, tmp_path / "tables", "--scheduler", "local")
    error = running.communicate(timeout=_SLOW)[1]
    assert running.returncode == 0, error.decode()
    assert tables(tmp_path / "tables") == expected


@pytest.mark.slow
def test_a_run_that_was_killed_goes_on_to_the_same_bytes(files: list[Path], expected: dict[str, bytes], tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    first = run(files, folder)
    wait_for(lambda: is_whole(folder, 0))
    first.kill()
    first.communicate()
    assert not is_whole(folder, 2)
    (folder / "genes" / ".part-000001.parquet.1").write_bytes(b"cut off")
    second = run(files, folder)
    error = second.communicate(timeout=_SLOW)[1]
    assert second.returncode == 0, error.decode()
    assert b"from an earlier run" in error
    assert tables(folder) == expected
