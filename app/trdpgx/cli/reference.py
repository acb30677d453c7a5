"""``trdpgx reference``: the reference data, held to its digests or made larger."""

import sys
from pathlib import Path

import click

from trdpgx.cli.console import NEWLINE, displayed, print_findings, stop
from trdpgx.cli.exit_codes import ExitCode
from trdpgx.cli.settings import load_settings
from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.manifest import RELEASE_FILE, releasing, verify
from trdpgx.knowledge.reference.build import BuildError, build
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.printable import escaped

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def reference() -> None:
    """Look at the reference data."""


@reference.command("verify")
@click.argument("directory", required=False, type=_FOLDER)
def verify_reference(directory: Path | None) -> None:
    """Compare each file of a reference folder with its digest. Without DIRECTORY: the reference that reports use."""
    print_findings(verify(directory or load_settings().reference or reference_directory()), "reference")


@reference.command("release")
@click.argument("directory", required=False, type=_FOLDER)
@click.option("--name", required=True, help="Name of the release, such as 2026.4.")
def release_reference(directory: Path | None, name: str) -> None:
    """Write the digests of a reference folder to release.yaml, under the name of a release.

    A folder that cannot be loaded is not released. Without DIRECTORY, the bundled one is.
    """
    chosen = directory or reference_directory()
    try:
        with releasing(chosen, name) as made:
            load_reference(chosen)
    except (OSError, ValueError) as error:
        stop(f"the reference cannot be released:\n{error}")
    click.echo(f"{displayed(str(chosen / RELEASE_FILE))}: release {made.release}, digest {made.digest}")


_FASTA = click.Path(exists=True, dir_okay=False, path_type=Path)


@reference.command("build")
@click.option("--fasta", required=True, type=_FASTA, help="Genome of GRCh38, plain or bgzip.")
@click.option("--fasta37", type=_FASTA, help="Genome of GRCh37, plain or bgzip.")
@click.option(
    "--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write; TRDPGX_REFERENCE names it."
)
def build_reference(fasta: Path, fasta37: Path | None, output: Path) -> None:
    """Cut the sequences of the panel's genes out of a reference genome, and check every one of them."""
    try:
        made = build(fasta, fasta37, output, reference_directory() / "transcripts")
    except BuildError as error:
        click.echo(f"reference build: {escaped(str(error), keep=NEWLINE)}", err=True)
        sys.exit(ExitCode.UNREADABLE)
    where, folder = " and ".join(made.assemblies), displayed(str(made.directory))
    click.echo(f"{folder}: {len(made.genes)} genes on {where}. To use it: export TRDPGX_REFERENCE={folder}")
