"""What the README shows is what happens.

python tests/docs/test_readme.py    writes the real output into the README
"""

import contextlib
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from trdpgx import annotate
from trdpgx.report.text.report import to_text

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
_CONSOLE = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)
_PYTHON = re.compile(r"```python\n(?P<code>.*?)```", re.DOTALL)
_LINK = re.compile(r"\]\((?!http)(?P<target>[^)#]+)\)")


def shown() -> tuple[str, str]:
    match = _CONSOLE.search(README.read_text("utf-8"))
    assert match is not None
    return match["command"], match["output"]


def real_output(command: str) -> str:
    lines = int(command.rpartition("head -")[2])
    (report,) = annotate(ROOT / "examples" / "synthetic.vcf")
    return "".join(f"{line}\n" for line in to_text(report).splitlines()[:lines])


def test_the_curl_gives_what_the_readme_shows() -> None:
    command, output = shown()
    assert output == real_output(command), f"the report has changed; run: python {Path(__file__).relative_to(ROOT)}"


def test_the_python_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    match = _PYTHON.search(README.read_text("utf-8"))
    assert match is not None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(match["code"], {})  # noqa: S102 - the README's own example
    assert "consider_alternative weighed_by_source" in printed.getvalue()


def test_the_two_commands_are_recipes() -> None:
    for recipe in ("demo", "test"):
        planned = subprocess.run(["make", "-n", recipe], cwd=ROOT, capture_output=True, text=True, check=True)
        assert planned.stdout


def markdown() -> Iterator[Path]:
    yield from (README, ROOT / "CHANGELOG.md")
    for folder in ("docs", "rules", "reference", "validation", "performance"):
        yield from sorted((ROOT / folder).rglob("*.md"))


@pytest.mark.parametrize("page", list(markdown()), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    targets = {match["target"] for match in _LINK.finditer(page.read_text("utf-8"))}
    assert [target for target in sorted(targets) if not (page.parent / target).exists()] == []


if __name__ == "__main__":
    text = README.read_text("utf-8")
    command = shown()[0]
    README.write_text(_CONSOLE.sub(lambda _: f"```console\n$ {command}\n{real_output(command)}```", text), "utf-8")
    sys.exit(0)
