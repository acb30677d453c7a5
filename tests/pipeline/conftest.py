"""Fixtures for tests of whole reports."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bcftools import as_bcf

Write = Callable[[str], bytes]
"""Makes a VCF or BCF file of the text of a VCF."""


@pytest.fixture(params=["text", "bcf"])
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Write:
    return str.encode if request.param == "text" else lambda text: as_bcf(text.encode(), tmp_path)
