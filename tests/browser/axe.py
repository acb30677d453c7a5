"""axe-core in a page: what it finds against WCAG 2.0 to 2.2, levels A and AA."""

from importlib.resources import files
from typing import Any

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Any) -> list[str]:
    """Return what axe-core finds with every disclosure opened, a line a rule. The page's context has to bypass its policy."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    answer = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
    return [f"{one['id']}: {len(one['nodes'])} x {one['nodes'][0]['html'][:160]}" for one in answer["violations"]]
