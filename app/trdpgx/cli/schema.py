"""``trdpgx schema``: the published JSON Schemas."""

import click
import orjson

from trdpgx.cli.rule_folders import load_rules
from trdpgx.cli.settings import load_settings
from trdpgx.clinical.schema import context_schema
from trdpgx.knowledge.rules.schema.conditions import ConditionFile
from trdpgx.model.report_schema import report_schema


@click.group()
def schema() -> None:
    """Print the JSON Schema of a report or of a context."""


@schema.command("context")
def print_context_schema() -> None:
    """Print the JSON Schema of a clinical context."""
    _, library = load_rules(load_settings())
    click.echo(orjson.dumps(context_schema(library.clinical.of(ConditionFile)), option=orjson.OPT_INDENT_2))


@schema.command("report")
def print_report_schema() -> None:
    """Print the JSON Schema of a report."""
    click.echo(orjson.dumps(report_schema(), option=orjson.OPT_INDENT_2))
