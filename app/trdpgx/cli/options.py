"""Options that several commands have."""

from pathlib import Path

import click

from trdpgx.model.options import ASSEMBLY_NAMES, AbsentOption

assembly_option = click.option(
    "-a",
    "--assembly",
    type=click.Choice(ASSEMBLY_NAMES, case_sensitive=False),
    default=ASSEMBLY_NAMES[0],
    show_default=True,
    help="Assembly of the files.",
)
absent_option = click.option(
    "--absent",
    type=click.Choice([option.value for option in AbsentOption]),
    default=AbsentOption.MISSING.value,
    show_default=True,
    help="How to read a position that a file does not mention: as not seen, or as the reference where the file shows that it was examined.",
)
targets_option = click.option(
    "--targets", type=click.Path(path_type=Path), metavar="FILE", help="BED file of the regions that the assay targets."
)
rules_option = click.option(
    "--rules",
    "layer",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="A folder of your own rules, layered over the bundled ones.",
)
tables_option = click.option(
    "-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Folder for the tables."
)
text_or_json_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Format of the output."
)
