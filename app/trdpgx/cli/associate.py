"""``trdpgx associate``: association tests on a cohort, by the designs of the review."""

from pathlib import Path
from typing import get_args

import click

from trdpgx.cli.options import rules_option, tables_option
from trdpgx.cli.service import open_service
from trdpgx.cli.settings import load_settings
from trdpgx.cli.statistics import statistics_needed

_SETS = "A file of your own sets of genes: lines of a set and a gene, separated by a tab."


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.option(
    "--sheet",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Table with tabs between columns: sample, outcome, covariates.",
)
@click.option("--outcome", required=True, metavar="COLUMN", help="Column of the sheet that holds the outcome.")
@click.option("--covariates", default="", metavar="COLUMNS", help="Columns of the sheet, joined by commas: age,sex,pc1,pc2.")
@click.option(
    "--type", "kind", type=click.Choice(["binary", "continuous"]), help="Type of the outcome; 0 and 1, and yes and no, count as binary."
)
@tables_option
@click.option("--sets", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE", help=_SETS)
@click.option(
    "--least",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    metavar="N",
    help="Skip a test in which fewer than N people differ from the rest.",
)
@click.option("--no-interactions", is_flag=True, help="Leave out the interactions that the review names.")
@click.option("--regenie", is_flag=True, help="Also write annotations, set list and masks for REGENIE, and a table of the carriers.")
@rules_option
def associate(
    *,
    folder: Path,
    sheet: Path,
    outcome: str,
    covariates: str,
    kind: str | None,
    output: Path,
    sets: Path | None,
    least: int,
    no_interactions: bool,
    regenie: bool,
    layer: Path | None,
) -> None:
    """Test variants, phenotypes and scores against an outcome.

    DIR is the cohort that `trdpgx cohort -o DIR` wrote; rare variants are tested by sets of genes. A binary outcome gets logistic
    regression and Fisher's exact test of carriers, a continuous one linear regression. Every result stands beside what the rules quote of
    the literature, with p values that are corrected over all tests of the run. Candidate genes have mostly failed to replicate: read the
    notes in summary.html first.
    """
    with statistics_needed():
        from trdpgx.statistics.associate import associate as run_tests  # noqa: PLC0415 (an extra that other commands do not need)
        from trdpgx.statistics.associate import sets_of  # noqa: PLC0415
        from trdpgx.statistics.burden import unread  # noqa: PLC0415
        from trdpgx.statistics.export import carrier_table, write_regenie  # noqa: PLC0415
        from trdpgx.statistics.masks import with_masks  # noqa: PLC0415
        from trdpgx.statistics.outcome import Kind, read_outcome, read_sets  # noqa: PLC0415
        from trdpgx.statistics.page import association_page  # noqa: PLC0415
        from trdpgx.statistics.tables import cohort_tables, write_tables  # noqa: PLC0415

        tables = cohort_tables(folder)
        people = tables["samples"]["sample"].to_list()
        names = [name.strip() for name in covariates.split(",") if name.strip()]
        chosen: Kind | None = next((one for one in get_args(Kind) if one == kind), None)
        read = read_outcome(sheet, people, outcome, names, chosen)
        own = read_sets(sets) if sets else {}
        with open_service(load_settings(layer)) as service:
            library = service.knowledge.rulebook
            made = run_tests(tables, read, library, gene_sets=own, least=least, interactions=not no_interactions)
            write_tables(output, {"associations": made.associations, "burden": made.burden})
            if regenie:
                every = {**sets_of(library), **own}
                masked = with_masks(tables["rare_variants"], library)
                write_regenie(output / "regenie", masked, every)
                write_tables(output, {"carriers": carrier_table(masked, people, every, unread(tables["samples"]))})
        (output / "notes.txt").write_text("".join(f"{note}\n" for note in made.notes), "utf-8")
        (output / "summary.html").write_text(association_page(made), "utf-8")
    click.echo(f"trdpgx: {len(read.samples)} people, {read.kind} outcome; tables, notes.txt and summary.html in {output}", err=True)
