"""Files for programs that test whole exomes: REGENIE's annotations, set list and masks, and a long table of carriers."""

from collections.abc import Mapping, Sequence
from math import isnan
from pathlib import Path

import polars as pl

from trdpgx.statistics.burden import carriers
from trdpgx.statistics.masks import MASKS

_FILES = ("annotations.txt", "setlist.txt", "masks.txt")
_CARRIERS = {"sample": pl.String(), "gene_set": pl.String(), "mask": pl.String(), "carrier": pl.Boolean()}


def write_regenie(folder: Path, masked: pl.DataFrame, sets: Mapping[str, Sequence[str]]) -> tuple[Path, ...]:
    """Write the three files of REGENIE's gene-based tests, and return their paths. ``masked`` comes from ``with_masks``.

    A variant is named ``CHROM:POS:REF:ALT``, without "chr". An annotation names the set, so that a variant has a line for each set that
    it is in; a set of several genes has the chromosome of its first variant. Columns are separated by white space, which is replaced by
    ``_`` in names of sets. Source: docs/docs/options.md of rgcgithub/regenie (commit f51d613), "Annotation input files".
    """
    folder.mkdir(parents=True, exist_ok=True)
    variants = _variants(masked)
    annotations, lines = [], []
    for title, genes in sets.items():
        name = "_".join(title.split())
        own = variants.filter(pl.col("gene").is_in(list(genes))).unique(subset=["id"], maintain_order=True)
        annotations += [f"{one}\t{name}\t{mask}\n" for one, mask in own.select("id", "mask").iter_rows()]
        if not own.is_empty():
            lines.append("\t".join((name, own["chrom"][0], str(own["pos"][0]), ",".join(own["id"].to_list()))) + "\n")
    texts = ("".join(annotations), "".join(lines), "".join(f"{mask}\t{mask}\n" for mask in MASKS))
    paths = tuple(folder / name for name in _FILES)
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, "utf-8")
    return paths


def carrier_table(
    masked: pl.DataFrame,
    samples: Sequence[str],
    sets: Mapping[str, Sequence[str]],
    not_read: Mapping[str, frozenset[str]] | None = None,
) -> pl.DataFrame:
    """Return a row for each sample, set and mask: whether the sample has a variant; null where that is not known (``carriers``)."""
    rows = [
        (sample, name, mask, None if isnan(carried) else bool(carried))
        for name, genes in sets.items()
        for mask in MASKS
        for sample, carried in zip(samples, carriers(masked, samples, genes, mask, not_read).tolist(), strict=True)
    ]
    return pl.DataFrame(rows, schema=_CARRIERS, orient="row")


def _variants(masked: pl.DataFrame) -> pl.DataFrame:
    """Return each variant once for each gene, with its chromosome, position, name and mask, along the genome."""
    parts = pl.col("location").str.strip_prefix("chr").str.split(":")
    return (
        masked.with_columns(parts.list.get(0).alias("chrom"), parts.list.get(1).cast(pl.Int64).alias("pos"))
        .with_columns(pl.format("{}:{}:{}:{}", "chrom", "pos", "ref", "alt").alias("id"))
        .select("id", "chrom", "pos", "gene", "mask")
        .unique(maintain_order=True)
        .sort("chrom", "pos", "id")
    )
