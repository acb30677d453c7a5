"""What is different between two reports as a page: accessible in every view, alone with itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import VIEWS
from tests.reannotation.reports import changed, golden, old
from trdpgx.reannotation.diff.compare import compare
from trdpgx.reannotation.diff.page import to_page


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return pages that somebody saved: one difference, and several with one that is empty."""
    content = golden("poor")[0]
    report = json.loads(content)
    first, second, third, *rest = report["considerations"]
    newer = {**second, "evidence": {**second["evidence"], "strength": "limited"}, "text": "Other words."}
    later = {**third, "rule_id": "a-later-rule", "source": {**third["source"], "year": third["source"]["year"] + 5}}
    genes = [{**gene, "diplotypes": []} if gene["gene"] == "CYP2D6" else gene for gene in report["genes"]]
    knowledge = {**report["knowledge"], "rules_digest": "0" * 64}
    after = changed(content, considerations=[newer, later, *rest, {**first, "rule_id": "another"}], genes=genes, knowledge=knowledge)
    diff, nothing = compare(old(content), old(after)), compare(old(content), old(content))
    other = compare(old(content), old(golden("clinical")[0]))
    folder = tmp_path_factory.mktemp("pages")
    pages = {}
    for name, diffs in {"one": [diff], "nothing": [nothing], "several": [diff, nothing, other]}.items():
        pages[name] = folder / f"{name}.html"
        pages[name].write_text(to_page(diffs), "utf-8")
    return pages


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["one", "nothing", "several"])
def test_it_is_accessible_and_fits(name: str, view: str, saved: dict[str, Path], browser: Any) -> None:
    with browser.new_context(bypass_csp=True, **VIEWS[view]) as context:
        page = context.new_page()
        page.goto(saved[name].as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= VIEWS[view]["viewport"]["width"]
        assert violations(page) == []


def test_a_saved_page_asks_for_nothing_and_keeps_its_policy(saved: dict[str, Path], browser: Any) -> None:
    requests: list[str] = []
    console: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: console.append(message.text))
        page.goto(saved["several"].as_uri())
        page.wait_for_load_state("networkidle")
    assert requests == [saved["several"].as_uri()]
    assert console == []
