"""Three services that the tests share: one in this process, one in this process with small caps, one as a process behind a socket."""

from collections.abc import Iterator

import pytest

from tests.http.application import Client, open_client
from tests.http.refusals import TIGHT
from tests.http.servers import Server, running
from trdpgx.model.limits import Limits


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    with open_client() as opened:
        yield opened


@pytest.fixture(scope="session")
def tight_client() -> Iterator[Client]:
    with open_client(limits=Limits(**TIGHT)) as opened:
        yield opened


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running(TRDPGX_UPLOAD_IDLE_SECONDS="1", TRDPGX_UPLOAD_DRAIN_SECONDS="2", TRDPGX_MAX_BYTES="50000000") as started:
        yield started
