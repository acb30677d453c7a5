"""``trdpgx reference``: verify, release and extend the reference data."""

import shutil
from contextlib import ExitStack
from pathlib import Path

import click

from trdpgx.cli.console import displayed, print_findings, stop
from trdpgx.cli.exit_codes import ExitCode
from trdpgx.cli.settings import load_settings
from trdpgx.intake.vcf.contigs import chromosome, named_assembly
from trdpgx.knowledge.definitions.genomes import Genomes
from trdpgx.knowledge.definitions.run import import_folder
from trdpgx.knowledge.load import load_named_reference
from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.manifest import RELEASE_FILE, check_next, identify, releasing, verify
from trdpgx.knowledge.reference.build import BuildError, build
from trdpgx.knowledge.reference.genome_fasta import GenomeFasta
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.reference.locate import AssemblyFiles, ContigNames, LocateError, locate
from trdpgx.knowledge.reference.parsed import write_parsed_reference
from trdpgx.knowledge.reference.transcripts import SEQUENCES
from trdpgx.model.genome import Assembly
from trdpgx.model.printable import escaped

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


_output = click.option(
    "--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write; TRDPGX_REFERENCE names it."
)


@click.group()
def reference() -> None:
    """Verify, extend and release the reference data."""


@reference.command("verify")
@click.argument("directory", required=False, type=_FOLDER)
def verify_reference(directory: Path | None) -> None:
    """Compare each file of a reference folder with its digest.

    Without DIRECTORY, the reference that reports use is compared.
    """
    print_findings(verify(directory or load_settings().reference or reference_directory()), "reference")


@reference.command("release")
@click.argument("directory", required=False, type=_FOLDER)
@click.option("--name", required=True, help="Name of the release, such as 2026.4.")
def release_reference(directory: Path | None, name: str) -> None:
    """Write the digests of a reference folder to its release.yaml.

    A folder that cannot be loaded is not released. Without DIRECTORY, the bundled one is; its name is the present one or the next of its
    series.
    """
    chosen = directory or reference_directory()
    try:
        if chosen.resolve() == reference_directory().resolve():
            check_next(chosen, name)
        with releasing(chosen, name) as made:
            library = load_reference(chosen)
        if chosen.resolve() == reference_directory().resolve():
            write_parsed_reference(library)
    except (OSError, ValueError) as error:
        stop(f"the reference cannot be released:\n{error}")
    click.echo(f"{displayed(str(chosen / RELEASE_FILE))}: release {made.release}, digest {made.digest}")


@reference.command("import")
@click.option("--pharmvar", type=_FOLDER, help="Folder with PharmVar's GRCh38/*.haplotypes.tsv (and GRCh37/).")
@click.option("--pharmcat", type=_FOLDER, help="Folder with PharmCAT's *_translation.json, and its phenotype files for functions.")
@click.option("--gene", "genes", multiple=True, metavar="GENE", help="Only this gene; may be repeated.")
@click.option("--functions", type=_FILE, help="CSV with gene, allele, function, activity, for files that state no functions.")
@click.option(
    "--fasta",
    type=_FILE,
    help="Genome of GRCh38: every REF is compared with it, and the bases of new insertions and deletions are read from it.",
)
@click.option("--fasta37", type=_FILE, help="Genome of GRCh37: the positions of new sites are checked against it.")
@_output
@click.option("--name", default="imported", show_default=True, help="Name of the release of the new folder.")
def import_definitions(
    pharmvar: Path | None,
    pharmcat: Path | None,
    *,
    genes: tuple[str, ...],
    functions: Path | None,
    fasta: Path | None,
    fasta37: Path | None,
    output: Path,
    name: str,
) -> None:
    """Import allele definitions into a reference folder of your own.

    The definitions are files of PharmVar or PharmCAT that you downloaded, or your own in the same format.

    The folder is a copy of the reference that reports use, with what the files state instead, digests of its own, and import.txt with the
    difference. Nothing is removed: what the files do not have is kept and named. reference/SOURCES.md describes the tables.
    """
    if (pharmvar is None) == (pharmcat is None):
        raise click.UsageError("give one folder: --pharmvar or --pharmcat")
    base = _base(load_settings().reference)
    with ExitStack() as stack:
        try:
            files = {Assembly.GRCH38: fasta, Assembly.GRCH37: fasta37}
            opened = {assembly: stack.enter_context(GenomeFasta(path)) for assembly, path in files.items() if path is not None}
            made = import_folder(
                pharmvar, pharmcat, base=base, genomes=Genomes(opened), genes=genes, functions=functions, out=output, name=name
            )
        except (OSError, ValueError) as error:
            stop(f"reference import: {error}", ExitCode.UNREADABLE)
    for line in made.lines or ("no difference: the reference has every definition of these files",):
        click.echo(escaped(line))
    if made.unchecked:
        click.echo(f"REF of {made.unchecked} new sites was not compared with a genome: give --fasta to compare it", err=True)
    folder = displayed(str(output))
    click.echo(f"{folder}: release {made.release.release}, digest {made.release.digest}. To use it: export TRDPGX_REFERENCE={folder}")


def _base(used: Path | None) -> Path:
    """Return the reference that reports use: an operator's folder where it is a whole reference, else the bundled one."""
    return used if used is not None and (used / RELEASE_FILE).is_file() else reference_directory()


@reference.command("build")
@click.option("--fasta", required=True, type=_FILE, help="Genome of GRCh38, plain or bgzip.")
@click.option("--fasta37", type=_FILE, help="Genome of GRCh37, plain or bgzip.")
@_output
def build_reference(fasta: Path, fasta37: Path | None, output: Path) -> None:
    """Extract the sequences of the panel's genes from a genome.

    Every splice site, start, stop and residue is checked, and the sequences are written to a folder.
    """
    try:
        made = build(fasta, fasta37, output, reference_directory() / "transcripts")
    except BuildError as error:
        stop(f"reference build: {error}", ExitCode.UNREADABLE)
    where, folder = " and ".join(made.assemblies), displayed(str(made.directory))
    click.echo(f"{folder}: {len(made.genes)} genes on {where}. To use it: export TRDPGX_REFERENCE={folder}")


@reference.command("locate")
@click.option("--dbsnp", required=True, type=_FILE, help="VCF with rs numbers on GRCh38, with its index: dbSNP, or another.")
@click.option("--dbsnp37", required=True, type=_FILE, help="The same on GRCh37.")
@click.option("--fasta", type=_FILE, help="Genome of GRCh38; each REF is then checked against it.")
@click.option("--fasta37", type=_FILE, help="Genome of GRCh37; each REF is then checked against it.")
@click.option(
    "--everywhere", is_flag=True, help="Search the whole files for variants that are not near their gene; with dbSNP this takes hours."
)
@_output
def locate_variants(*, dbsnp: Path, dbsnp37: Path, fasta: Path | None, fasta37: Path | None, everywhere: bool, output: Path) -> None:
    """Look up missing positions of variants in your own dbSNP.

    It writes a copy of the reference with them. Rules that wait for such a variant fire once reports use the copy.
    """
    used = load_settings().reference
    base = _base(used)
    sources = (AssemblyFiles(Assembly.GRCH38, dbsnp, fasta), AssemblyFiles(Assembly.GRCH37, dbsnp37, fasta37))
    try:
        made = locate(base, output, sources, ContigNames(chromosome, named_assembly), everywhere=everywhere)
        if used is not None and used != base:
            shutil.copy(used / SEQUENCES, output / SEQUENCES)
        with releasing(output, f"{identify(base).release.partition('+')[0]}-located"):
            load_named_reference(output)
    except (LocateError, OSError) as error:
        stop(f"reference locate: {error}", ExitCode.UNREADABLE)
    for identifier, reason in made.refused.items():
        click.echo(f"{identifier}: {reason}", err=True)
    for identifier in made.open_effect:
        click.echo(f"{identifier}: position written; its effect allele stays open, because its letters fit both strands", err=True)
    folder = displayed(str(made.directory))
    click.echo(f"{folder}: positions written for {', '.join(made.placed) or 'no variant'}. To use it: export TRDPGX_REFERENCE={folder}")
