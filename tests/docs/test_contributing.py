"""What CONTRIBUTING.md has a newcomer run does run: `make fast` leaves out no module, and each pytest command has tests."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.calling.test_outside import FORMS
from trdpgx.calling.outside_calls.files import adapters
from trdpgx.model.naming import listed
from trdpgx.report.format_registry import report_formats

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "CONTRIBUTING.md", ROOT / "rules" / "README.md")
_COMMAND = re.compile(r"`\.venv/bin/pytest ([^`]+)`")
_COUNT = re.compile(r"^(\S+\.py): (\d+)$", re.MULTILINE)


def collected(arguments: list[str]) -> dict[str, int]:
    """Return how many tests each module has under these arguments of pytest."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return {name: int(count) for name, count in _COUNT.findall(done.stdout)}


def test_make_fast_runs_some_tests_of_each_module_that_is_not_slow() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    folders = re.findall(r"^FAST := (.*)$", makefile, re.MULTILINE)[0].split()
    line = re.findall(r"pytest .*\$\(FAST\)$", makefile, re.MULTILINE)[0]
    assert "-k" not in line.split(), "-k matches parts of the names of modules and tests: use a marker"
    marked = re.findall(r'-m "([^"]+)"', line)
    modules = [path for name in folders for path in ((ROOT / name).rglob("test_*.py") if (ROOT / name).is_dir() else [ROOT / name])]
    expected = {str(path.relative_to(ROOT)) for path in modules if "\npytestmark = pytest.mark.slow" not in path.read_text("utf-8")}
    assert expected - collected(["-m", *marked, *folders]).keys() == set()


@pytest.mark.parametrize("arguments", sorted({found for page in PAGES for found in _COMMAND.findall(page.read_text("utf-8"))}))
def test_each_command_of_the_guides_collects_tests(arguments: str) -> None:
    assert collected(arguments.split()), f"pytest {arguments} runs nothing"


def test_the_integrations_offer_every_format() -> None:
    names = [*report_formats()]
    cwl = (ROOT / "integrations" / "cwl" / "trdpgx-annotate.cwl").read_text("utf-8")
    action = (ROOT / "integrations" / "github-action" / "action.yml").read_text("utf-8")
    wrapper = next((ROOT / "integrations" / "snakemake").rglob("wrapper.py")).read_text("utf-8")
    assert f"symbols: [{', '.join(names)}]" in cwl
    assert f"description: {listed(names, 'or')}\n" in action
    assert [name for name in names if f'"{name}"' not in wrapper] == []


def test_every_adapter_has_a_row_and_a_result_of_each_form() -> None:
    assert [name for name in adapters() if f"| `{name}` |" not in (ROOT / "docs" / "calling.md").read_text("utf-8")] == []
    assert [name for name in adapters() if not any(form.startswith(name) for form in FORMS)] == []
