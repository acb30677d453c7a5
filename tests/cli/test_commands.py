"""The other commands, and the settings that all of them read."""

import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click
import jsonschema
import pytest
from click.testing import CliRunner, Result

from trdpgx.cli.main import main
from trdpgx.knowledge.location import reference_directory, rules_directory

EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"


def run(*arguments: str | Path, **settings: str) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=settings)


def test_the_version_is_the_package_s() -> None:
    assert run("--version").stdout.strip().endswith(version("trdpgx"))


@pytest.mark.parametrize("command", ["annotate", "serve", "rules", "reference", "schema"])
def test_every_command_explains_itself(command: str) -> None:
    assert command in run("--help").stdout
    assert run(command, "-h").exit_code == 0


def test_the_help_states_of_each_command_what_the_command_states() -> None:
    context = click.Context(main)
    lines = dict(re.findall(r"^  ([a-z]+) +(.*)$", run("--help").stdout.partition("Commands:")[2], re.MULTILINE))
    assert list(lines) == main.list_commands(context) == sorted(lines)
    for name, line in lines.items():
        command = main.get_command(context, name)
        assert command is not None
        assert line == command.get_short_help_str(limit=80 - 6 - max(map(len, lines)))


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (("--help",), {"pydantic", "numpy", "fastapi", "uvicorn", "polars", "cyvcf2", "yaml"}),
        (("annotate", str(EXAMPLE)), {"fastapi", "uvicorn", "trdpgx.http", "polars", "cyvcf2"}),
        (("rules", "show", "CYP2D6"), {"fastapi", "uvicorn", "trdpgx.http", "polars", "cyvcf2"}),
    ],
)
def test_a_command_imports_nothing_that_only_others_need(arguments: tuple[str, ...], unwanted: set[str]) -> None:
    script = (
        f"import sys\nfrom trdpgx.cli.main import main\nmain({arguments!r}, standalone_mode=False)\nprint(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "trdpgx.cli.main" in loaded
    assert not unwanted & loaded


def test_importing_the_package_imports_nothing_else() -> None:
    script = "import sys\nbefore = set(sys.modules)\nimport trdpgx\nprint(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {name for name in done.stdout.split() if name.startswith("trdpgx")} == {"trdpgx"}
    assert not {"pydantic", "numpy", "click", "polars"} & set(done.stdout.split())


def test_the_bundled_rules_and_reference_are_sound() -> None:
    for command in (("rules", "check"), ("reference", "verify")):
        result = run(*command)
        assert result.exit_code == 0, result.stdout
        assert "nothing found" in result.stdout


def test_a_fault_in_the_rules_is_shown_with_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(rules_directory(), folder)
    with (folder / "drugs.yaml").open("a") as file:
        file.write("nonsense: 1\n")
    line = len((folder / "drugs.yaml").read_text().splitlines())
    for result in (run("rules", "check", folder), run("rules", "check", TRDPGX_RULES=str(folder))):
        assert result.exit_code == 1
        assert f"drugs.yaml:{line}: " in result.stdout
    annotated = run("annotate", "-", TRDPGX_RULES=str(folder))
    assert annotated.exit_code == 1
    assert f"drugs.yaml:{line}: " in annotated.stderr
    assert "Traceback" not in annotated.stderr


def test_a_change_of_the_reference_is_shown(tmp_path: Path) -> None:
    folder = tmp_path / "reference"
    shutil.copytree(reference_directory(), folder)
    with (folder / "variants.csv").open("a") as file:
        file.write("\n")
    for result in (run("reference", "verify", folder), run("reference", "verify", TRDPGX_REFERENCE=str(folder))):
        assert result.exit_code == 1
        assert "variants.csv:1: " in result.stdout


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(run("schema", "report").stdout))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"TRDPGX_PROT": "8000"}, "no such setting: TRDPGX_PROT (did you mean TRDPGX_PORT?"),
        ({"TRDPGX_LOGLEVEL": "info"}, "no such setting: TRDPGX_LOGLEVEL (did you mean TRDPGX_LOG_LEVEL?"),
        ({"TRDPGX_WORKERS": "0"}, "TRDPGX_WORKERS: Input should be greater than 0"),
        ({"TRDPGX_MAX_BYTES": "much"}, "TRDPGX_MAX_BYTES: Input should be a valid integer"),
    ],
)
@pytest.mark.parametrize("command", [("annotate", "-"), ("serve",), ("rules", "check"), ("reference", "verify")])
def test_a_setting_that_cannot_be_meant_is_wrong_usage(command: tuple[str, ...], settings: dict[str, str], words: str) -> None:
    result = run(*command, **settings)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "much" not in result.stderr


@pytest.mark.parametrize(
    "arguments", [("serve", "--port", "99999"), ("serve", "--workers", "0"), ("rules", "check", "/nowhere"), ("nonsense",)]
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


HOSTILE = "a\nb\x1b[31m\u202e.vcf"
ACTING = re.compile("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]")
"""Characters that act on a terminal, but for the ends of lines."""


@pytest.mark.parametrize("command", [
    ["annotate", HOSTILE], ["annotate", EXAMPLE, "--output", f"{HOSTILE}/x"], ["annotate", EXAMPLE, "--targets", HOSTILE],
    ["annotate", "--outside-calls", HOSTILE], ["annotate", "--context", HOSTILE], ["annotate", "--rules", HOSTILE, EXAMPLE],
    ["annotate", EXAMPLE, "--sample", HOSTILE], ["annotate", EXAMPLE, "--ancestry", HOSTILE], ["annotate", f"--{HOSTILE}"], [HOSTILE],
    ["coverage", HOSTILE], ["genes", "show", HOSTILE], ["rules", "show", HOSTILE], ["rules", "explain", HOSTILE, EXAMPLE],
    ["rules", "test", HOSTILE], ["rules", "check", HOSTILE], ["rules", "diff", HOSTILE, HOSTILE],
    ["rules", "release", HOSTILE, "--name", "x"],
    ["rules", "schema", HOSTILE], ["rules", "review", "--write", HOSTILE], ["reference", "check", HOSTILE],
    ["reference", "release", HOSTILE, "--name", "x"], ["reference", "build", HOSTILE, "--output", HOSTILE],
], ids=lambda command: " ".join(str(part) for part in command).encode("unicode_escape").decode())  # fmt: skip
@pytest.mark.parametrize("kind", ["missing", "no VCF", "folder"])
def test_no_name_acts_on_a_terminal(command: list[str], kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if kind == "no VCF":
        Path(HOSTILE).write_text("neither", "utf-8")
    elif kind == "folder":
        Path(HOSTILE).mkdir()
        (Path(HOSTILE) / f"{HOSTILE}.yaml").write_text("a: [", "utf-8")
    done = CliRunner().invoke(main, [str(part) for part in command], color=True)
    assert ACTING.findall(done.output) == []
    assert not isinstance(done.exception, Exception)
    assert "\nb" not in done.output
