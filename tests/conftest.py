"""Fixtures for tests of all parts of the program."""

from collections.abc import Iterator

import pytest

from trdpgx.pipeline import Service
from validation.pipeline import Pipeline


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """The program with the bundled rules and reference."""
    with Service() as opened:
        yield opened


@pytest.fixture(scope="session")
def pipeline() -> Iterator[Pipeline]:
    """Calls of simulated genomes, with the bundled reference."""
    with Pipeline() as opened:
        yield opened
