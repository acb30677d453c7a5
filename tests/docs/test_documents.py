"""The documents state what the program does: each address, setting, problem and option stands in its page, and nothing else does."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from trdpgx.calling.outside_calls.problems import PROBLEMS as CALLING
from trdpgx.cli.demands import CONDITIONS
from trdpgx.cli.exit_codes import ExitCode
from trdpgx.cli.main import main
from trdpgx.clinical.problems import PROBLEMS as CLINICAL
from trdpgx.http.application import create_app
from trdpgx.http.problems.kinds import HTTP
from trdpgx.http.problems.statuses import status_of
from trdpgx.intake.problems import PROBLEMS as INTAKE
from trdpgx.model.access import AccessSettings
from trdpgx.model.base import field_texts
from trdpgx.model.environment import PREFIX
from trdpgx.model.limits import Limits
from trdpgx.model.problem import ProblemKind
from trdpgx.model.settings import Settings
from trdpgx.reannotation.problems import PROBLEMS as REANNOTATION
from trdpgx.report.format_registry import DEFAULT, report_formats, served_formats
from trdpgx.service.problems import SERVICE
from trdpgx.service.schemas import ReportQuery

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def rows(page: str, heading: str = "") -> list[list[str]]:
    """Return the entries of each row of the tables under a heading of a page, or of all of them."""
    text = (DOCS / page).read_text("utf-8")
    if heading:
        text = text.partition(f"{heading}\n")[2].partition("\n## ")[0].partition("\n### ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    return [[entry.strip().replace("\\|", "|") for entry in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def addresses(app: FastAPI) -> Iterator[str]:
    for context in iter_route_contexts(app.routes):
        for method in context.methods or ():
            yield f"{method} {context.path}"


def test_every_address_stands_in_http_md() -> None:
    written = {entries[0].strip("`") for entries in rows("http.md", "## Endpoints")[1:]}
    assert written == set(addresses(create_app())) - {"GET /docs/{name}"}


def test_every_parameter_of_a_report_stands_in_http_md() -> None:
    written = {entries[0].strip("`") for entries in rows("http.md", "## A report")[1:]}
    assert written == set(ReportQuery.model_fields)


def test_every_format_stands_in_http_md_and_cli_md() -> None:
    written = [tuple(row) for row in rows("http.md", "### Formats")[1:]]
    assert written == [(f"`{one.name}`", f"`{one.media_type}`", f"`{one.ending}`", one.about) for one in served_formats().values()], (
        "a row for each format under Formats in docs/http.md, in this order"
    )
    (about,) = (row[1] for row in rows("cli.md", "## `trdpgx annotate [FILE]...`") if row[0].startswith("`--format"))
    assert about == "; ".join(f"`{one.name}`{' (default)' * (one.name == DEFAULT)}: {one.about}" for one in report_formats().values()), (
        "write this into the row --format of docs/cli.md"
    )


@pytest.mark.parametrize(
    ("model", "heading"),
    [(Settings, "## The service"), (AccessSettings, "## Who may call, and how much"), (Limits, "## Limits on one input")],
)
def test_every_setting_stands_in_settings_md(model: type[Settings | AccessSettings | Limits], heading: str) -> None:
    written = {entries[0].strip("`"): (entries[1].replace(" ", ""), entries[2]) for entries in rows("settings.md", heading)[1:]}
    known, texts = {}, field_texts(model)
    for name, field in model.model_fields.items():
        default = "" if field.default is None else f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
        default = ",".join(field.default) if isinstance(field.default, tuple) else default
        known[(PREFIX + name).upper()] = (default.replace(" ", ""), " ".join(texts.get(name, "").split()))
    assert written == known


@pytest.mark.parametrize(
    ("kinds", "heading"),
    [
        (INTAKE, "## About the input"),
        (CALLING, "## About the outside calls"),
        (CLINICAL, "## About the clinical context"),
        (REANNOTATION, "## About earlier reports"),
        (SERVICE, "## About the work on a request"),
        (HTTP, "## About the HTTP request"),
    ],
)
def test_every_problem_stands_in_problems_md(kinds: dict[str, ProblemKind], heading: str) -> None:
    written = [tuple(entries) for entries in rows("problems.md", heading)[1:]]
    assert written == [(f"`{kind.code}`", str(status_of(kind.code)), kind.title, kind.remedy) for kind in kinds.values()]


def commands(group: click.Group, name: str = "trdpgx") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for key in group.list_commands(context):
        command = group.get_command(context, key)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {key}")
        else:
            yield f"{name} {key}", command


def test_every_command_and_option_stands_in_cli_md() -> None:
    text = (DOCS / "cli.md").read_text("utf-8")
    headings = dict(re.findall(r"^## `(trdpgx (?:[a-z]+ ?)+?)(?: [A-Z\[].*)?`()$", text, re.MULTILINE))
    assert set(headings) == {name for name, _ in commands(main)}
    for name, command in commands(main):
        section = re.split(rf"^## `{name}.*`$", text, flags=re.MULTILINE)[1].partition("\n## ")[0]
        written = set(re.findall(r"^\| `(--[a-z0-9-]+)", section, re.MULTILINE))
        known = {
            option
            for parameter in command.params
            if isinstance(parameter, click.Option)
            for option in parameter.opts
            if option.startswith("--")
        }
        assert written == known, name
        for parameter in command.params:
            if isinstance(parameter, click.Option) and isinstance(parameter.type, click.Choice):
                assert f"`{parameter.opts[-1]} {'|'.join(parameter.type.choices)}`" in section.replace("\\|", "|")


def test_the_list_of_commands_shows_whole_sentences() -> None:
    """The list of commands in ``--help`` of a group cuts a sentence that is longer than its line."""
    assert [name for name, command in commands(main) if not re.fullmatch(r"[^.].*[^.]\.", command.get_short_help_str(62))] == []


def test_every_exit_code_stands_in_cli_md() -> None:
    tree = ast.parse(inspect.getsource(ExitCode)).body[0]
    assert isinstance(tree, ast.ClassDef)
    texts = [node.value.value for node in tree.body[1:] if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    written = [(int(code), meaning) for code, meaning in rows("cli.md", "# The command line")[1:10]]
    assert written == [(code.value, str(text).replace("\\|", "|")) for code, text in zip(ExitCode, texts, strict=True)]


def test_every_condition_of_fail_on_stands_in_cli_md() -> None:
    assert [
        row[0].strip("`")
        for row in rows("cli.md")
        if row[1].startswith(("a gene has", "the input has", "a call assumes", "calls of tools", "alleles that"))
    ] == [*CONDITIONS]


def test_links_between_the_documents_lead_somewhere() -> None:
    for page in [*DOCS.rglob("*.md"), ROOT / "README.md"]:
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
