"""``trdpgx frequencies``: frequencies of alleles, diplotypes, phenotypes, scores and variants in a cohort and its groups."""

from pathlib import Path

import click

from trdpgx.cli.options import tables_option
from trdpgx.cli.statistics import statistics_needed


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@tables_option
@click.option("--by", metavar="COLUMN", help="Also count for each value of this column of the table `samples`, such as group.")
@click.option(
    "--suppress-below",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="N",
    help="Leave out counts below N, and round others to multiples of N.",
)
@click.option(
    "--multiqc", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Also write files for MultiQC into this folder."
)
def frequencies(*, folder: Path, output: Path, by: str | None, suppress_below: int, multiqc: Path | None) -> None:
    """Write how common alleles and phenotypes are in a cohort.

    DIR is the cohort that `trdpgx cohort -o DIR` wrote. Calls, alleles, diplotypes, phenotypes, activity scores and variants are a table
    each, as Parquet and as text, with intervals (Wilson, 95 %), who was not called, and for alleles the frequency in our reference;
    summary.html shows them.
    """
    with statistics_needed():
        from trdpgx.knowledge.location import reference_directory  # noqa: PLC0415 (an extra that other commands do not need)
        from trdpgx.statistics import frequencies as counted  # noqa: PLC0415
        from trdpgx.statistics.multiqc import write_cohort_content  # noqa: PLC0415
        from trdpgx.statistics.page import frequency_page  # noqa: PLC0415
        from trdpgx.statistics.tables import cohort_tables, reference_frequencies, write_tables  # noqa: PLC0415

        tables = cohort_tables(folder)
        if by is not None and by not in tables["samples"].columns:
            raise click.UsageError(f"the table samples has no column {by!r}; it has {', '.join(tables['samples'].columns)}")
        reference = reference_frequencies(reference_directory())
        made = counted.frequencies(tables, by=by, suppress_below=suppress_below, reference=reference)
        write_tables(output, made)
        if multiqc is not None:
            write_cohort_content(multiqc, made)
        (output / "summary.html").write_text(frequency_page(made, tables, suppress_below=suppress_below), "utf-8")
    click.echo(f"trdpgx: {len(tables['samples'])} people; tables and summary.html in {output}", err=True)
