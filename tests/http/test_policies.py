"""The content security policy of every answer: nothing by default, nothing inline, nothing from elsewhere, and in nobody's frame."""

import pytest

from tests.http.application import Client
from trdpgx.service.example import GENOME

PAGES = ("/", "/docs", "/problems/truncated", "/nowhere")
OTHERS = ("/page.css", "/page.js", "/example.vcf", "/docs/own.css", "/v1/genes", "/openapi.json", "/livez", "/metrics", "/problems")


def policy(headers: object) -> dict[str, list[str]]:
    directives = (part.split() for part in headers["content-security-policy"].split(";"))  # type: ignore[index]
    return {name: sources for name, *sources in directives}


@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
def test_every_answer_has_a_strict_policy(client: Client, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"} if path in PAGES else {})
    stated = policy(answer.headers)
    assert stated["default-src"] == stated["frame-ancestors"] == stated["base-uri"] == ["'none'"]
    assert "form-action" in stated
    sources = {source for several in stated.values() for source in several}
    assert {source for source in sources if not source.startswith("'sha256-")} <= {"'none'", "'self'", "data:"}
    assert stated.get("script-src", ["'self'"]) == ["'self'"]
    if path in OTHERS:
        assert sources == {"'none'"}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers


def test_the_page_of_a_report_allows_its_own_style_alone(client: Client) -> None:
    """The header allows what is inline, the policy inside the page its one style by its hash: both have to allow something."""
    answer = client.post("/v1/reports?format=html", content=GENOME)
    stated = policy(answer.headers)
    assert stated["default-src"] == stated["frame-ancestors"] == stated["form-action"] == stated["base-uri"] == ["'none'"]
    assert "script-src" not in stated
    (inside,) = [line for line in answer.text.splitlines()[:12] if "Content-Security-Policy" in line]
    assert "style-src 'sha256-" in inside.replace("&#39;", "'")
    assert "unsafe" not in inside
