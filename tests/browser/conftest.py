"""A browser for tests of pages: Debian's Chromium, driven by playwright. Without either the tests are skipped, with the reason."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
VIEWS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1100, "height": 1400}},
    "dark": {"viewport": {"width": 1100, "height": 1400}, "color_scheme": "dark"},
    "320px": {"viewport": {"width": 320, "height": 900}},
    "zoom200": {"viewport": {"width": 550, "height": 700}, "device_scale_factor": 2},
}
"""How readers look at a page. 200 % of zoom halves the width that the page has."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A running Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make browser")
    if CHROMIUM is None:
        pytest.skip("there is no chromium here: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()
