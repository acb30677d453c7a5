"""The page at `/` in a browser: with script and without, by keyboard, under its policy, and what it keeps."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import VIEWS
from tests.http.servers import running
from tests.http.test_keys import write_keys
from tests.reannotation.reports import changed, golden

EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"
PATIENCE = 60_000


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running() as server:
        yield server.base


class Watched:
    """A page with what it asked for and what its console printed."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.console: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))


def opened(browser: Any, address: str, **options: Any) -> Watched:
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(PATIENCE)
    watched = Watched(page)
    page.goto(f"{address}/")
    return watched


@pytest.mark.parametrize("view", VIEWS)
def test_the_form_and_the_opened_report_are_accessible(view: str, address: str, browser: Any) -> None:
    page = opened(browser, address, bypass_csp=True, **VIEWS[view]).page
    page.click("#up-person > summary")
    page.click("[data-add=drugs]")
    page.click("[data-add=trials]")
    assert page.evaluate("document.documentElement.scrollWidth") <= VIEWS[view]["viewport"]["width"]
    assert violations(page) == []
    page.click("#up-example")
    page.wait_for_selector("#up-result h1")
    assert violations(page) == []
    page.context.close()


def test_the_example_is_one_click_away_under_the_policy_from_here_alone(address: str, browser: Any) -> None:
    watched = opened(browser, address)
    watched.page.click("#up-example")
    watched.page.wait_for_selector("#up-result h1")
    assert "SYNTHETIC-1" in watched.page.inner_text("#up-result h1")
    assert watched.page.evaluate("document.activeElement.id") == "up-result"
    assert not [url for url in watched.requests if not url.startswith(address)]
    assert watched.console == []
    assert watched.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    watched.page.context.close()


def test_a_keyboard_alone_makes_a_report_with_a_context_that_can_be_saved_and_loaded(address: str, browser: Any, tmp_path: Path) -> None:
    page = opened(browser, address).page
    page.set_input_files("#up-vcf", EXAMPLE)
    page.focus("#up-person > summary")
    page.keyboard.press("Enter")
    page.focus("[data-add=drugs]")
    page.keyboard.press("Enter")
    page.keyboard.type("Paxil")
    page.keyboard.press("Tab")
    page.keyboard.type("20")
    page.fill("#up-age", "70")
    with page.expect_download() as caught:
        page.focus("#up-save-context")
        page.keyboard.press("Enter")
    saved = tmp_path / "context.json"
    caught.value.save_as(saved)
    assert json.loads(saved.read_text("utf-8")) == {"current_drugs": [{"drug": "Paxil", "dose": 20}], "age_years": 70}
    page.wait_for_function("document.querySelectorAll('#up-names option').length > 50")
    page.click("[data-add=drugs] >> xpath=../ul/li/button")
    page.set_input_files("#up-load-context", saved)
    page.wait_for_selector("#up-drugs input")
    assert page.input_value("#up-drugs input") == "Paxil"
    page.focus("button.main")
    page.keyboard.press("Enter")
    page.wait_for_selector("#up-result h1")
    assert "paroxetine 20 mg a day" in page.inner_text("#up-result")
    with page.expect_download() as caught:
        page.click("[data-format=json]")
    caught.value.save_as(tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report["treatment_history"]["understood"]
    with page.expect_download() as caught:
        page.click("[data-format=fhir]")
    assert caught.value.suggested_filename == "report.fhir.json"
    caught.value.save_as(tmp_path / "report.fhir.json")
    assert json.loads((tmp_path / "report.fhir.json").read_text("utf-8"))["resourceType"] == "Bundle"
    with page.expect_download() as caught:
        page.click("[data-format=html]")
    caught.value.save_as(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    page.context.close()


def test_what_a_control_cannot_hold_of_a_loaded_context_is_sent_as_it_was(address: str, browser: Any, tmp_path: Path) -> None:
    page = opened(browser, address).page
    page.click("#up-person > summary")
    saved = tmp_path / "context.json"
    trial = {"drug": "sertraline", "weeks": 8, "adherence": "poor", "stopped_for": "side effects"}
    loaded = {"trials": [trial, {"drug": "Paxil", "adherence": 0.85}], "age_years": "about 70"}
    saved.write_text(json.dumps(loaded), "utf-8")
    page.set_input_files("#up-load-context", saved)
    page.wait_for_selector("#up-trials input")
    assert page.get_attribute("#up-trials [data-name=adherence]", "placeholder") == "poor"
    for expected in (loaded, {**loaded, "trials": [{**trial, "adherence": 0.9}, loaded["trials"][1]]}):
        with page.expect_download() as caught:
            page.click("#up-save-context")
        caught.value.save_as(saved)
        assert json.loads(saved.read_text("utf-8")) == expected
        page.fill("#up-trials [data-name=adherence] >> nth=0", "90")
    page.context.close()


@pytest.mark.parametrize("left", [{}, {"stopped_on": "2026-01-02"}])
def test_a_number_of_a_loaded_context_that_is_cleared_is_not_sent(address: str, browser: Any, tmp_path: Path, left: dict[str, str]) -> None:
    page = opened(browser, address).page
    page.click("#up-person > summary")
    saved = tmp_path / "context.json"
    smoking = {"cigarettes_per_day": 10, **left}
    saved.write_text(json.dumps({"current_drugs": [{"drug": "Paxil"}], "smoking": smoking}), "utf-8")
    page.set_input_files("#up-load-context", saved)
    page.wait_for_selector("#up-drugs input")
    assert page.input_value("#up-smoking") == "10"
    for expected in (smoking, left):
        with page.expect_download() as caught:
            page.click("#up-save-context")
        caught.value.save_as(saved)
        assert json.loads(saved.read_text("utf-8")).get("smoking", {}) == expected
        page.fill("#up-smoking", "")
    page.context.close()


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a report of which two considerations have changed since."""
    content = golden("poor")[0]
    first, second, *rest = json.loads(content)["considerations"]
    software = {**json.loads(content)["software"], "version": "0.0.9"}
    path = tmp_path_factory.mktemp("older") / "report.json"
    path.write_bytes(changed(content, considerations=[{**second, "text": "Other words."}, *rest], software=software))
    assert first["rule_id"] not in {one["rule_id"] for one in rest}
    return path


@pytest.mark.parametrize("view", VIEWS)
def test_an_earlier_report_and_todays_in_one_page_are_accessible(view: str, address: str, older: Path, browser: Any) -> None:
    page = opened(browser, address, bypass_csp=True, **VIEWS[view]).page
    page.set_input_files("#up-report", older)
    page.click("#up-older button[type=submit]")
    page.wait_for_selector("#up-result h1")
    assert page.evaluate("document.documentElement.scrollWidth") <= VIEWS[view]["viewport"]["width"]
    assert violations(page) == []
    page.context.close()


def test_a_keyboard_alone_compares_an_earlier_report_with_today(address: str, older: Path, browser: Any, tmp_path: Path) -> None:
    watched = opened(browser, address)
    page = watched.page
    page.set_input_files("#up-report", older)
    page.focus("#up-report")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Compare with today"
    page.keyboard.press("Enter")
    page.wait_for_selector("#up-result h1")
    assert page.evaluate("document.activeElement.id") == "up-result"
    result = page.inner_text("#up-result")
    assert result.index("New (1)") < result.index("Changed (1)") < result.index("Pharmacogenomic report:")
    visible = [button.inner_text() for button in page.query_selector_all("#up-tools button") if button.is_visible()]
    assert visible[2:] == ["Save as JSON", "Save as NDJSON", "Save as text", "Save as HTML"]
    with page.expect_download() as caught:
        page.click("#up-save-reannotations [data-format=json]")
    caught.value.save_as(tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["diff"]["changed"]
    page.focus("#up-again")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "up-report"
    page.set_input_files("#up-report", tmp_path / "report.json")
    page.click("#up-older button[type=submit]")
    page.wait_for_selector("#up-result h1")
    assert "Nothing that the report states is different" in page.inner_text("#up-result")
    page.click("#up-again")
    page.set_input_files("#up-report", EXAMPLE)
    page.click("#up-older button[type=submit]")
    page.wait_for_selector("#up-problem:has-text('not a report of trdpgx')")
    page.click("#up-example")
    page.wait_for_selector("#up-result h1:has-text('SYNTHETIC-1')")
    assert page.is_visible("[data-format=fhir]")
    assert not [url for url in watched.requests if not url.startswith((address, "blob:"))]
    assert not [line for line in watched.console if "Content Security Policy" in line]
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.context.close()


def submitted(page: Any, field: str, file: Path, button: str, url: str) -> None:
    """Choose a file, press a button, and wait for the answer's page."""
    page.set_input_files(field, file)
    page.click(button)
    page.wait_for_url(url)


def test_without_script_a_plain_form_compares_an_earlier_report_with_today(address: str, older: Path, browser: Any) -> None:
    watched = opened(browser, address, java_script_enabled=False)
    watched.page.set_input_files("#up-report", older)
    watched.page.focus("#up-older button[type=submit]")
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_url("**/v1/reannotations**")
    text = watched.page.inner_text("main")
    assert text.index("Changed (1)") < text.index("Pharmacogenomic report:")
    assert watched.console == []
    watched.page.go_back()
    submitted(watched.page, "#up-report", EXAMPLE, "#up-older button[type=submit]", "**/v1/reannotations**")
    assert "not a report of trdpgx" in watched.page.inner_text("h1")
    watched.page.context.close()


def test_a_problem_is_shown_with_its_remedy(address: str, browser: Any, tmp_path: Path) -> None:
    page = opened(browser, address).page
    page.click("button.main")
    assert "nothing to report on" in page.inner_text("#up-problem")
    wrong = tmp_path / "letter.txt"
    wrong.write_text("Dear colleague,\n")
    page.set_input_files("#up-vcf", wrong)
    page.click("button.main")
    page.wait_for_function("document.getElementById('up-problem').textContent.includes('VCF')")
    assert page.is_visible("#up-vcf")
    page.context.close()


def test_without_script_the_plain_form_gives_the_report(address: str, browser: Any) -> None:
    watched = opened(browser, address, java_script_enabled=False)
    submitted(watched.page, "#up-vcf", EXAMPLE, "button.main", "**/v1/reports**")
    assert "SYNTHETIC-1" in watched.page.inner_text("h1")
    assert watched.page.evaluate("getComputedStyle(document.querySelector('table')).borderCollapse") == "collapse"
    assert watched.console == []
    watched.page.context.close()


def test_without_script_assembly_and_absent_positions_are_chosen_by_the_button(address: str, browser: Any) -> None:
    watched = opened(browser, address, java_script_enabled=False)
    chosen = [button.get_attribute("formaction") for button in watched.page.query_selector_all("button[formaction]")]
    assert len(chosen) == len(set(chosen)) == 5
    submitted(watched.page, "#up-vcf", EXAMPLE, "button[formaction$='assembly=GRCh37&absent=reference']", "**/v1/reports**absent=reference")
    assert "contradicts itself" in watched.page.inner_text("h1")
    assert "What to do" in watched.page.inner_text("dl")
    assert not [line for line in watched.console if "Content Security Policy" in line]
    watched.page.go_back()
    submitted(watched.page, "#up-vcf", EXAMPLE, "button[formaction$='assembly=GRCh38&absent=reference']", "**/v1/reports**absent=reference")
    assert "SYNTHETIC-1" in watched.page.inner_text("h1")
    watched.page.context.close()


@pytest.mark.parametrize("view", VIEWS)
def test_the_page_of_a_kind_of_problem_is_accessible(view: str, address: str, browser: Any) -> None:
    with browser.new_context(bypass_csp=True, **VIEWS[view]) as context:
        watched = Watched(context.new_page())
        watched.page.goto(f"{address}/problems/truncated")
        assert "ends too early" in watched.page.inner_text("h1")
        assert violations(watched.page) == []
        assert watched.console == []


@pytest.mark.parametrize("view", VIEWS)
def test_the_description_is_accessible_with_operations_opened(view: str, address: str, browser: Any) -> None:
    with browser.new_context(bypass_csp=True, **VIEWS[view]) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        watched = Watched(page)
        page.goto(f"{address}/docs")
        for operation in ("reports-make_reports", "knowledge-get_gene"):
            page.click(f"#operations-{operation} .opblock-summary-control")
        page.wait_for_selector("#operations-knowledge-get_gene .responses-table")
        assert violations(page) == []
        assert not [url for url in watched.requests if not url.startswith(address)]
        assert watched.console == []


def test_a_key_is_entered_sent_and_kept_in_memory_alone(browser: Any, tmp_path: Path) -> None:
    made = write_keys(tmp_path / "keys.json")
    with running(TRDPGX_AUTH="keys", TRDPGX_KEYS=str(tmp_path / "keys.json")) as server:
        watched = opened(browser, server.base)
        page = watched.page
        page.click("#up-example")
        page.wait_for_selector("#up-problem:has-text('has no key')")
        page.fill("#up-key", "trdpgx_wrong")
        page.set_input_files("#up-vcf", EXAMPLE)
        page.click("button.main")
        page.wait_for_selector("#up-problem:has-text('is not known')")
        assert "operator" in page.inner_text("#up-problem")
        page.fill("#up-key", f" {made['both']} ")
        with page.expect_download() as caught:
            page.click("#up-download")
        caught.value.save_as(tmp_path / "example.vcf")
        assert (tmp_path / "example.vcf").read_bytes() == EXAMPLE.read_bytes()
        page.click("#up-person > summary")
        page.wait_for_selector("#up-names option:nth-child(50)", state="attached")
        page.click("button.main")
        page.wait_for_selector("#up-result h1")
        assert "SYNTHETIC-1" in page.inner_text("#up-result h1")
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
        assert not [url for url in watched.requests if made["both"] in url or not url.startswith((server.base, "blob:"))]
        assert not [line for line in watched.console if "Content Security Policy" in line]
        page.reload()
        assert page.input_value("#up-key") == ""
        assert made["both"] not in page.content()
        page.context.close()


def test_the_field_of_the_key_is_accessible_and_without_script_the_page_tells_of_the_key(browser: Any, tmp_path: Path) -> None:
    write_keys(tmp_path / "keys.json")
    with running(TRDPGX_AUTH="keys", TRDPGX_KEYS=str(tmp_path / "keys.json"), TRDPGX_WORKERS="1") as server:
        page = opened(browser, server.base, bypass_csp=True).page
        assert violations(page) == []
        page.context.close()
        page = opened(browser, server.base, java_script_enabled=False).page
        assert not page.is_visible("#up-key")
        assert "asks for a key" in page.inner_text("#up-form")
        page.context.close()


def test_without_keys_there_is_no_field_for_one(address: str, browser: Any) -> None:
    page = opened(browser, address).page
    assert page.query_selector("#up-key") is None
    page.context.close()


def test_no_page_breaks_its_own_policy(address: str, browser: Any) -> None:
    watched = opened(browser, address)
    page = watched.page
    for operation in ("reports-make_reports", "knowledge-get_gene"):
        page.goto(f"{address}/docs")
        page.click(f"#operations-{operation} .opblock-summary-control")
        page.wait_for_selector(f"#operations-{operation} .responses-table")
    page.fill("#operations-knowledge-get_gene input", "CYP2C19")
    page.click("#operations-knowledge-get_gene .execute")
    page.wait_for_selector("#operations-knowledge-get_gene .live-responses-table")
    page.goto(f"{address}/problems/truncated")
    page.goto(f"{address}/nowhere")
    assert [line for line in watched.console if "404" not in line] == []
    page.context.close()
