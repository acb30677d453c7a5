"""The pages of a cohort's frequencies and associations in a browser: accessible, without script, without requests."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.browser.axe import violations
from tests.browser.conftest import VIEWS
from tests.statistics.people import binary, sheet, tables
from trdpgx.pipeline import Service
from trdpgx.statistics.associate import associate
from trdpgx.statistics.frequencies import frequencies
from trdpgx.statistics.outcome import read_outcome
from trdpgx.statistics.page import association_page, frequency_page


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("cohort")
    rng = np.random.default_rng(1)
    made, known = tables(rng, 400)
    response = sheet(folder, response=binary(rng, known["score"] - 1))
    outcome = read_outcome(response, made["samples"]["sample"].to_list(), "response")
    texts = {
        "frequencies": frequency_page(frequencies(made, by="group", suppress_below=5), made, suppress_below=5),
        "associations": association_page(associate(made, outcome, Service().knowledge.rulebook)),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, "utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["frequencies", "associations"])
def test_a_page_is_accessible_and_asks_for_nothing(name: str, view: str, pages: dict[str, Path], browser: Any) -> None:
    address = pages[name].as_uri()
    with browser.new_context(bypass_csp=True, **VIEWS[view]) as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= VIEWS[view]["viewport"]["width"]
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
