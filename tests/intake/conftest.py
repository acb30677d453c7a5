"""Fixtures that read bytes with the small panel."""

import io
from collections.abc import Callable

import pytest

from trdpgx.intake.read import Intake, read_input
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.limits import Limits
from trdpgx.model.options import Options

from .panel import PANELS

Read = Callable[..., IntakeResult]


@pytest.fixture(scope="session")
def limits() -> Limits:
    return Limits()


@pytest.fixture(scope="session")
def read(limits: Limits) -> Read:
    """Read bytes with the small panel; ``options`` and ``limits`` are optional."""

    def run(data: bytes, limits: Limits = limits, **options: object) -> IntakeResult:
        return read_input(io.BytesIO(data), Options.model_validate(options), PANELS, limits)

    return run


@pytest.fixture(scope="session")
def feed(limits: Limits) -> Read:
    """Read bytes in chunks of one size, as from a network."""

    def run(data: bytes, size: int, **options: object) -> IntakeResult:
        intake = Intake(Options.model_validate(options), PANELS, limits)
        try:
            for start in range(0, len(data), size):
                intake.feed(data[start : start + size])
            return intake.finish()
        finally:
            intake.close()

    return run
