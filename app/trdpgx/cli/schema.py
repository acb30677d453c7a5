"""``trdpgx schema``: the shapes that are promised."""

import click
import orjson

from trdpgx.cli.settings import load_settings
from trdpgx.clinical.schema import context_schema
from trdpgx.knowledge.load import load_named_reference
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.knowledge.rules.schema.conditions import ConditionFile
from trdpgx.model.report_schema import report_schema


@click.group()
def schema() -> None:
    """Print the JSON Schema of a report or of a context."""


@schema.command("context")
def print_context_schema() -> None:
    """Print the JSON Schema of a clinical context."""
    settings = load_settings()
    library = load_rulebook(None, load_named_reference(settings.reference), (settings.rules,) if settings.rules else ())
    click.echo(orjson.dumps(context_schema(library.clinical.of(ConditionFile)), option=orjson.OPT_INDENT_2))


@schema.command("report")
def print_report_schema() -> None:
    """Print the JSON Schema of a report."""
    click.echo(orjson.dumps(report_schema(), option=orjson.OPT_INDENT_2))
