"""The report as a page in a browser: accessible in every view, alone with itself, and whole on paper."""

import io
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import VIEWS
from tests.golden.cases import cases
from tests.report.pages import page_of
from trdpgx import Report, Service
from trdpgx.report.html.svg import text_width

CASES = {case.name: case for case in cases()}
SHOWN = ["poor", "outside-conflicts", "met", "nothing", "three-samples", "clinical"]
"""A poor metaboliser, an ultrarapid one by outside call, a Met carrier, a file that shows nothing, several samples, a full context."""
PRINTED = {"poor": 45, "clinical": 70, "nothing": 20}
"""How many A4 pages each may have."""
_HIDDEN = """[...document.querySelectorAll('details')].filter(one =>
  [...one.children].some(part => part.tagName != 'SUMMARY' && part.getBoundingClientRect().height == 0)).length"""

_QUESTIONS = """(() => {
  const table = document.querySelector('table.settle');
  return [table.querySelector('th').offsetWidth, table.offsetWidth];
})()"""
"""How wide the first column of the table of what would settle is, and the table."""
_HEADS_APART = """[...document.querySelectorAll('table:has(td.number)')].flatMap(table => {
  const [heads, figures] = ['thead th', 'tbody tr:first-child > *'].map(
    which => [...table.querySelectorAll(which)].map(one => getComputedStyle(one).textAlign));
  return heads.filter((aligned, column) => aligned != figures[column]);
}).length"""
"""How many heads of columns of figures are aligned otherwise than the figures."""
_TEXTS = """() => {
  document.querySelectorAll('details').forEach(one => one.open = true);
  return [...document.querySelectorAll('svg text')].map(one => {
    const view = one.ownerSVGElement.viewBox.baseVal, box = one.getBBox();
    const inside = box.x >= 0 && box.y >= 0 && box.x + box.width <= view.width && box.y + box.height <= view.height;
    return [one.lastChild.textContent, box.width, one.classList.contains('strong'), inside];
  });
}"""


@pytest.fixture(scope="module")
def saved(service: Service, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, list[Report]]]:
    """Return each page as a file that somebody saved, with its reports."""
    folder = tmp_path_factory.mktemp("pages")
    pages = {}
    for name in SHOWN:
        reports = CASES[name].reports(service)
        path = folder / f"{name}.html"
        path.write_text(page_of(reports), "utf-8")
        pages[name] = (path, reports)
    return pages


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", SHOWN)
def test_it_is_accessible_and_fits(name: str, view: str, saved: dict[str, tuple[Path, list[Report]]], browser: Any) -> None:
    with browser.new_context(bypass_csp=True, **VIEWS[view]) as context:
        page = context.new_page()
        page.goto(saved[name][0].as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= VIEWS[view]["viewport"]["width"]
        assert violations(page) == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["clinical", "nothing"])
def test_columns_keep_their_widths_where_folds_are_open(
    name: str, view: str, saved: dict[str, tuple[Path, list[Report]]], browser: Any
) -> None:
    with browser.new_context(bypass_csp=True, **VIEWS[view]) as context:
        page = context.new_page()
        page.goto(saved[name][0].as_uri())
        closed, _ = page.evaluate(_QUESTIONS)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        question, whole = page.evaluate(_QUESTIONS)
        assert question == closed
        assert question >= max(160, 0.3 * whole)
        assert page.evaluate(_HEADS_APART) == 0


@pytest.mark.parametrize("name", CASES)
def test_no_text_of_a_figure_is_cut_and_none_is_wider_than_the_estimate(name: str, service: Service, browser: Any) -> None:
    with browser.new_context(bypass_csp=True) as context:
        page = context.new_page()
        page.set_content(page_of(CASES[name].reports(service)))
        drawn = page.evaluate(_TEXTS)
    assert [words for words, _, _, inside in drawn if not inside] == []
    assert [words for words, width, strong, _ in drawn if width > text_width(words, strong)] == []


@pytest.mark.parametrize("name", SHOWN)
def test_a_saved_page_asks_for_nothing_and_keeps_its_policy(name: str, saved: dict[str, tuple[Path, list[Report]]], browser: Any) -> None:
    requests: list[str] = []
    console: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: console.append(message.text))
        page.on("pageerror", lambda error: console.append(str(error)))
        page.goto(saved[name][0].as_uri())
        page.wait_for_load_state("networkidle")
    assert requests == [saved[name][0].as_uri()]
    assert console == []


@pytest.mark.parametrize("name", PRINTED)
def test_on_paper_everything_is_open_and_each_page_names_sample_and_release(
    name: str, saved: dict[str, tuple[Path, list[Report]]], browser: Any
) -> None:
    pypdf = pytest.importorskip("pypdf")
    path, (report, *_) = saved[name]
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(path.as_uri())
        page.emulate_media(media="print")
        assert page.evaluate(_HIDDEN) == 0
        printed = page.pdf(prefer_css_page_size=True, tagged=True, outline=True)
    document = pypdf.PdfReader(io.BytesIO(printed))
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in document.trailer["/Root"]
    assert document.trailer["/Root"]["/Lang"].startswith("en")
    wanted = (report.input.sample, f"rules {report.knowledge.rules_release}")
    texts = [one.extract_text() for one in document.pages]
    assert len(texts) <= PRINTED[name]
    assert [number for number, text in enumerate(texts, 1) if not all(part in text for part in wanted)] == []
    assert [number for number, text in enumerate(texts, 1) if f"{number} / {len(texts)}" not in text] == []
    flat = unicodedata.normalize("NFKC", " ".join(" ".join(texts).split()))
    assert [note.code for note in report.limitations if note.text[:40] not in flat] == []


def test_a_keyboard_alone_reaches_the_report(saved: dict[str, tuple[Path, list[Report]]], browser: Any) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(saved["poor"][0].as_uri())
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#content"
