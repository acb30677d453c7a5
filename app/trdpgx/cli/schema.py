"""``trdpgx schema``: the shapes that are promised."""

import click
import orjson

from trdpgx.report.formats.json import report_schema


@click.group()
def schema() -> None:
    """Print schemas."""


@schema.command("report")
def print_report_schema() -> None:
    """Print the JSON Schema of a report."""
    click.echo(orjson.dumps(report_schema(), option=orjson.OPT_INDENT_2))
