"""What tests of all parts of the program share."""

from collections.abc import Iterator

import pytest

from trdpgx.pipeline import Service


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """The program with the bundled rules and reference."""
    with Service() as opened:
        yield opened
