"""``summary.html`` of a cohort: one self-contained page, of the same style and policy as a report's."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl
from markupsafe import Markup

from trdpgx.report.html.page import PagePart, environment, page
from trdpgx.statistics.associate import AssociationTables
from trdpgx.statistics.figures import (
    call_rate_figure,
    forest_figure,
    phenotype_order,
    phenotype_rows,
    phenotype_term,
    quantile_figure,
    stacked_figure,
)
from trdpgx.statistics.frequencies import EVERYBODY


def frequency_page(made: Mapping[str, pl.DataFrame], tables: Mapping[str, pl.DataFrame], *, suppress_below: int = 0) -> str:
    """Return the page of a cohort's frequencies."""
    phenotypes, alleles = made["phenotypes"], made["alleles"]
    called = _called(made["calls"])
    everybody = made["calls"].filter(pl.col("group") == EVERYBODY)["people"]
    genes = []
    for number, gene in enumerate(phenotypes.filter(pl.col("total") > 0)["gene"].unique(maintain_order=True).to_list()):
        rows = phenotypes.filter(pl.col("gene") == gene, pl.col("item").is_not_null())
        figure = stacked_figure(phenotype_rows(phenotypes, gene), f"phenotypes{number}", f"Phenotypes of {gene}, by group")
        groups = {group: number for number, group in enumerate(rows["group"].unique(maintain_order=True).to_list())}
        ordered = sorted(rows.to_dicts(), key=lambda row: (groups[row["group"]], phenotype_order(row["item"])))
        shown = [{**row, "term": phenotype_term(row["item"])} for row in ordered]
        genes.append({"name": gene, "figure": _drawn(figure), "rows": shown})
    common = alleles.filter(pl.col("group") == EVERYBODY, pl.col("frequency").is_not_null(), pl.col("item").is_not_null())
    first = tables["samples"].row(0, named=True) if len(tables["samples"]) else {"rules_release": "none", "reference_release": "none"}
    html = _template("frequencies.html.j2").render(
        people=everybody[0] if len(everybody) else 0,
        errors=len(tables["errors"]),
        suppress_below=suppress_below,
        rules_release=first["rules_release"],
        reference_release=first["reference_release"],
        call_rates=_drawn(call_rate_figure([(row["gene"], 1 - (row["share"] or 0)) for row in called], "calls")),
        called=called,
        genes=genes,
        alleles=common.to_dicts(),
        reference_cohort=next(iter(common["reference_cohort"].drop_nulls()), "our reference"),
    )
    return page("A cohort: frequencies", "trdpgx", [PagePart("Frequencies", "", html)])


def association_page(made: AssociationTables) -> str:
    """Return the page of an outcome: notes first, then estimates, p values, tests and burden."""
    binary = made.outcome.kind == "binary"
    names = ("odds_ratio", "odds_ratio_low", "odds_ratio_high") if binary else ("effect", "low", "high")
    renamed = dict(zip(names, ("estimate", "least", "most"), strict=True))
    rows = made.associations.with_columns(pl.col(old).alias(new) for old, new in renamed.items())
    fitted = rows.filter(pl.col("p").is_not_null())
    figures: dict[str, Markup | None] = {"forest": None, "quantiles": None}
    if len(fitted):
        lines = list(fitted.select("predictor", "estimate", "least", "most").iter_rows())
        figures = {
            "forest": _drawn(forest_figure(lines, ratio=binary, key="forest")),
            "quantiles": _drawn(quantile_figure(fitted["p"].to_list(), "quantiles")),
        }
    html = _template("associations.html.j2").render(
        outcome=made.outcome,
        binary=binary,
        tests=len(fitted),
        notes=made.notes,
        associations=rows.to_dicts(),
        burden=made.burden.to_dicts(),
        **figures,
    )
    return page(f"Associations with {made.outcome.name}", "trdpgx", [PagePart("Associations", "", html)])


def _called(calls: pl.DataFrame) -> list[dict[str, Any]]:
    """Return for each gene how many people were called, and the share of them; ``None`` where that is not shown."""
    everybody = calls.filter(pl.col("group") == EVERYBODY)
    frame = everybody.group_by("gene", maintain_order=True).agg(pl.col("people", "note").first())
    counts = {(gene, item): count for gene, item, count in everybody.select("gene", "item", "count").iter_rows()}
    rows = []
    for row in frame.to_dicts():
        own = {item: counts.get((row["gene"], item), 0) for item in ("called", "ambiguous", "no_call")}
        hidden = own["no_call"] is None or row["people"] is None
        rows.append({**row, **own, "share": None if hidden else min(1.0, own["no_call"] / row["people"])})
    return rows


@cache
def _template(name: str) -> Any:
    return environment().from_string((files(__package__) / "templates" / name).read_text("utf-8"))


def _drawn(figure: str) -> Markup:
    return Markup(figure)  # noqa: S704 (figures escape their texts)
