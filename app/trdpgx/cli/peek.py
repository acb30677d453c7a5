"""``trdpgx peek``: a look at a sorted file without an index and without reading all of it."""

import io
import sys
from pathlib import Path

import click

from trdpgx.cli.console import UNREADABLE, load_settings, print_problem, print_unopened
from trdpgx.cli.service import open_service
from trdpgx.intake.preview import peek as look
from trdpgx.intake.read import panel_index
from trdpgx.model.options import Options
from trdpgx.model.problem import InputError
from trdpgx.report.formats.text import FORMAT

WARNING = """\
PREVIEW, NOT A REPORT. Only the blocks were read where the panel should be if the file is sorted. Records out of order, and
reference blocks that start far before the panel, are missed in silence. Nothing else was checked.
Use `trdpgx annotate` for a report.
"""


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
def peek(file: Path) -> None:
    """Preview a sorted BGZF FILE without reading all of it. Needs no index; records out of order are missed."""
    with open_service(load_settings()) as service:
        try:
            excerpt, _ = look(file, panel_index(service.knowledge.reference.panels), service.limits)
            result = service.read(io.BytesIO(excerpt), Options())
            click.echo(WARNING)
            for piece in FORMAT.write(service.reports(result, Options())):
                click.echo(piece, nl=False)
        except InputError as error:
            print_problem(str(file), error.problem)
            sys.exit(UNREADABLE)
        except OSError as error:
            print_unopened(str(file), error)
            sys.exit(UNREADABLE)
