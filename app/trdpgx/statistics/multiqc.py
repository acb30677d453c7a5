"""Files of custom content for MultiQC on a cohort: phenotypes of each gene, and call rates. No sample is named."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from trdpgx.statistics.frequencies import EVERYBODY

_GROUP = {
    "parent_id": "trdpgx_cohort",
    "parent_name": "trdpgx: a cohort",
    "parent_description": "What was called in everybody, and which phenotypes that gives.",
}


def write_cohort_content(folder: Path, made: Mapping[str, pl.DataFrame]) -> None:
    """Write ``trdpgx_cohort_*_mqc.json`` from the tables of ``frequencies``, without suppressed counts."""
    folder.mkdir(parents=True, exist_ok=True)
    everybody = made["phenotypes"].filter(pl.col("group") == EVERYBODY)
    phenotypes: dict[str, dict[str, int]] = {}
    for gene, item, count in (
        everybody.filter(pl.col("count").is_not_null(), pl.col("item").is_not_null()).select("gene", "item", "count").iter_rows()
    ):
        phenotypes.setdefault(gene, {})[item] = count
    calls = made["calls"].filter(pl.col("group") == EVERYBODY, pl.col("people") > 0)
    none = dict(calls.filter(pl.col("item") == "no_call").select("gene", "frequency").iter_rows())
    rates = {
        gene: {"called": 100 * (1 - none.get(gene, 0.0)), "people": people}
        for gene, people in calls.unique(subset=["gene"], maintain_order=True).select("gene", "people").iter_rows()
        if none.get(gene, 0.0) is not None
    }
    _write(
        folder,
        "phenotypes",
        {
            "section_name": "Phenotypes",
            "description": "People with each phenotype, of those who were called.",
            "plot_type": "bargraph",
            "pconfig": {"id": "trdpgx_cohort_phenotypes_plot", "title": "trdpgx: phenotypes in the cohort", "ylab": "People"},
            "data": phenotypes,
        },
    )
    _write(
        folder,
        "call_rates",
        {
            "section_name": "People called",
            "description": "A gene that was not called for somebody is unknown for that person.",
            "plot_type": "table",
            "pconfig": {"id": "trdpgx_cohort_call_rates_table", "title": "trdpgx: people called", "col1_header": "Gene"},
            "headers": {
                "called": {"title": "Called", "suffix": "%", "min": 0, "max": 100, "format": "{:.1f}"},
                "people": {"title": "People", "format": "{:d}"},
            },
            "data": rates,
        },
    )


def _write(folder: Path, name: str, content: dict[str, Any]) -> None:
    whole = {"id": f"trdpgx_cohort_{name}", **_GROUP, **content}
    (folder / f"trdpgx_cohort_{name}_mqc.json").write_bytes(orjson.dumps(whole, option=orjson.OPT_INDENT_2))
