"""The parts of a run on Dask, with a scheduler that is running, or one on this machine. Dask schedules, retries and replaces workers.

Workers write the tables themselves, so they must see the files and the folder under the same paths.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from trdpgx.cohort.part import PartDone, PartWorker, Run
from trdpgx.cohort.run import Distribute, Watch

LOCAL = "local"
_RETRIES = 3
"""Retries of a part that failed; the scheduler restarts the part of a killed worker itself."""

_PATIENT = {
    "distributed.comm.timeouts.connect": "10 minutes",
    "distributed.comm.timeouts.tcp": "10 minutes",
    "distributed.scheduler.worker-ttl": None,
}
"""Settings of a scheduler and workers on this machine, where a worker that does not answer is busy and not lost."""


class DaskMissingError(ImportError):
    """Dask is not installed."""

    def __init__(self) -> None:
        super().__init__("--scheduler needs Dask: install trdpgx with the extra `dask` (pip install 'trdpgx[dask]')")


def distribute_on(scheduler: str) -> Distribute:
    """Return a function that computes parts on a scheduler, by its address, or on ``local`` workers. Raises ``DaskMissingError``."""
    try:
        dask: Any = import_module("distributed")  # an extra
    except ImportError:
        raise DaskMissingError from None

    def distribute(run: Run, numbers: Sequence[int], watch: Watch) -> None:
        with _client(dask, scheduler) as client:
            scattered = client.scatter(run, broadcast=True)
            futures = [client.submit(work, scattered, number, key=f"{run.identity}-{number}", retries=_RETRIES) for number in numbers]
            for future in dask.as_completed(futures, loop=client.loop):
                watch(future.result())

    return distribute


_workers: dict[str, PartWorker] = {}


def work(run: Run, number: int) -> PartDone:
    """Compute a part in a worker, which keeps what it has read for the next part of the same run."""
    worker = _workers.get(run.identity)
    if worker is None:
        _workers.clear()
        worker = _workers[run.identity] = PartWorker(run)
    return worker.work(number)


@contextmanager
def _client(dask: Any, scheduler: str) -> Iterator[Any]:
    if scheduler != LOCAL:
        with dask.Client(scheduler, set_as_default=False) as client:
            yield client
        return
    settings = {"n_workers": os.cpu_count() or 1, "threads_per_worker": 1, "dashboard_address": None, "memory_limit": 0}
    with (
        import_module("dask").config.set(_PATIENT),
        dask.LocalCluster(**settings) as cluster,
        dask.Client(cluster, set_as_default=False) as client,
    ):
        yield client
