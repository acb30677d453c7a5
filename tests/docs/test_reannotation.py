"""docs/reannotation.md: its commands are run, and what it shows is their output.

python -m tests.docs.test_reannotation    writes the real output into it
"""

import os
import re
import shlex
import tempfile
from pathlib import Path

from click.testing import CliRunner

from trdpgx.cli.main import main
from trdpgx.reannotation.document import SCHEMAS
from trdpgx.reannotation.problems import PROBLEMS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reannotation.md"
_CONSOLE = re.compile(r"```console\n(?P<shown>.*?)```", re.DOTALL)
_YAML = re.compile(r"```yaml\n(?P<rules>.*?)```", re.DOTALL)
_DAY = re.compile(r"\d{4}-\d\d-\d\d, trdpgx [^,]+, rules [^,]+, reference \S+( \+ \S+.*)?|(Rules|Layers over the rules): .*")
COMMANDS = (
    "trdpgx annotate examples/synthetic.vcf -o old.json",
    "trdpgx reannotate old.json --rules own -o new.json",
    "trdpgx diff old.json new.json",
)


def real_output(folder: Path) -> str:
    """Return the commands with what they print, run in a folder of their own."""
    match = _YAML.search(PAGE.read_text("utf-8"))
    assert match is not None
    (folder / "own").mkdir()
    (folder / "own" / "rule.yaml").write_text(match["rules"], "utf-8")
    (folder / "examples").symlink_to(ROOT / "examples")
    before = Path.cwd()
    os.chdir(folder)
    try:
        shown = []
        for command in COMMANDS:
            result = CliRunner().invoke(main, shlex.split(command)[1:])
            assert result.exit_code == 0, result.output
            shown.append(f"$ {command}\n{result.output}")
    finally:
        os.chdir(before)
    return "".join(shown)


def test_the_page_shows_what_happens(tmp_path: Path) -> None:
    match = _CONSOLE.search(PAGE.read_text("utf-8"))
    assert match is not None
    assert _DAY.sub("", match["shown"]) == _DAY.sub("", real_output(tmp_path)), "python -m tests.docs.test_reannotation"


def test_the_page_has_every_problem_and_schema() -> None:
    text = PAGE.read_text("utf-8")
    refused = text.partition("## What is refused")[2].partition("## ")[0]
    for code in PROBLEMS:
        assert f"`{code}`" in refused
    assert f"neither {' nor '.join(SCHEMAS)}" in text


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        made = real_output(Path(name))
    PAGE.write_text(_CONSOLE.sub(lambda _: f"```console\n{made}```", PAGE.read_text("utf-8")), "utf-8")
