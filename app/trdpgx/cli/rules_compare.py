"""``trdpgx rules compare`` and ``trdpgx rules stale``: the rules against what their sources publish, and which sources are due."""

import csv
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import click

from trdpgx.cli.console import displayed, stop
from trdpgx.cli.exit_codes import ExitCode
from trdpgx.cli.rule_folders import load_rules
from trdpgx.cli.settings import load_settings
from trdpgx.knowledge.compared.differences import KINDS
from trdpgx.knowledge.compared.files import Publisher, compare_file
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.rules.schema.top_files import FreshnessEntry
from trdpgx.knowledge.rules.sources import FRESHNESS, read_sources
from trdpgx.model.printable import escaped

_FILES = click.Path(exists=True, dir_okay=False, path_type=Path)
_CHANGE_LOG = "cpic-changes"
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("compare")
@click.option("--cpic", type=_FILES, multiple=True, help="PharmCAT's guidance or phenotype JSON, or CPIC's change log.")
@click.option("--clinpgx", type=_FILES, multiple=True, help="PharmCAT's guidance JSON, or ClinPGx's annotations with levels.")
@click.option("--fda", type=_FILES, multiple=True, help="The FDA's table of associations, as JSON or CSV.")
@click.option("--since", type=_DAY, metavar="DATE", help="Read a change log from this day on; default: the day of the last comparison.")
@click.option("--format", "form", type=click.Choice(["text", "csv"]), default="text", show_default=True, help="Format of the output.")
def compare_with_source(
    cpic: tuple[Path, ...], clinpgx: tuple[Path, ...], fda: tuple[Path, ...], since: datetime | None, form: Literal["text", "csv"]
) -> None:
    """Compare the rules with a file that their source publishes.

    Each option may be repeated. The files are those that you downloaded; nothing is fetched. docs/freshness.md has the kinds of difference.
    """
    asked: list[tuple[Publisher, Path]] = [
        *(("cpic", path) for path in cpic),
        *(("clinpgx", path) for path in clinpgx),
        *(("fda", path) for path in fda),
    ]
    if not asked:
        raise click.UsageError("name a file: --cpic, --clinpgx or --fda")
    reference, library = load_rules(load_settings())
    log = _sources().get(_CHANGE_LOG)
    day = since.date().isoformat() if since else log.checked_on if log else "0000-00-00"
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if form == "csv":
        writer.writerow(("file", "kind", "subject", "ours", "theirs"))
    for publisher, path in asked:
        try:
            differences = compare_file(publisher, path, library, reference, since=day)
        except (OSError, ValueError) as error:
            stop(f"rules compare: {error}", ExitCode.UNREADABLE)
        if form == "csv":
            writer.writerows((path.name, one.kind, one.subject, one.ours, one.theirs) for one in differences)
            continue
        click.echo(f"{displayed(str(path))}: {len(differences)} difference{'' if len(differences) == 1 else 's'}")
        for kind in dict.fromkeys(one.kind for one in differences):
            click.echo(f"  {kind}: {KINDS[kind]}")
            for one in differences:
                if one.kind == kind:
                    click.echo(f"    {escaped(one.subject)}: ours {escaped(one.ours)}; theirs {escaped(one.theirs)}")


@click.command()
@click.option("--on", type=_DAY, metavar="DATE", help="Date to use as today; default: today.")
@click.option("--all", "everything", is_flag=True, help="Also list the sources that are not due.")
def stale(on: datetime | None, *, everything: bool) -> None:
    """List the sources that are due for a new comparison.

    The exit code is 1 if a source is due.
    """
    today = on.date() if on else datetime.now(UTC).date()
    ordered = sorted(_sources().items(), key=lambda item: (item[1].due_on, item[0]))
    due = [(key, entry) for key, entry in ordered if entry.due_on <= today]
    for key, entry in ordered if everything else due:
        click.echo(f"{key}: {_state(entry.due_on, today)}; checked on {entry.checked_on}, every {entry.every_months} months")
        click.echo(f"  {entry.name} ({entry.url})\n  {entry.how}\n  covers {', '.join(entry.covers)}")
    click.echo(f"rules: {len(due)} of {len(ordered)} sources are due")
    if due:
        sys.exit(ExitCode.FINDINGS)


def _state(due_on: date, today: date) -> str:
    return f"due since {due_on}" if due_on <= today else f"due on {due_on}"


def _sources() -> dict[str, FreshnessEntry]:
    """Return the sources of the bundled rules, with those of a layer over them."""
    try:
        layer = load_settings().rules
        layers = [read_sources(rules_directory()), *([read_sources(layer, whole=False)] if layer else [])]
    except (OSError, ValueError) as error:
        stop(f"{FRESHNESS} cannot be read:\n{error}")
    return {key: entry for sources in layers for key, entry in sources.freshness.sources.items()}
