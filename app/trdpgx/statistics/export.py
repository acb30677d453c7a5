"""Files for engines that test whole exomes: REGENIE's annotations, set list and masks, and a long table of carriers."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from trdpgx.statistics.burden import MASKS, carriers

_FILES = ("annotations.txt", "setlist.txt", "masks.txt")


def write_regenie(folder: Path, rare_variants: pl.DataFrame, sets: Mapping[str, Sequence[str]]) -> tuple[Path, ...]:
    """Write the three files of REGENIE's gene-based tests (its documentation, "Step 2: gene-based tests"), and return their paths.

    A variant is called ``CHROM:POS:REF:ALT``, without "chr", as REGENIE needs it to be called in the genotype file; ``--regenie-ids`` of
    another form are the caller's to map. A set of several genes is a set of its own, on the chromosome of its first variant.
    """
    folder.mkdir(parents=True, exist_ok=True)
    variants = _variants(rare_variants)
    names = [str(folder / name) for name in _FILES]
    annotated = variants.filter(pl.col("annotation") != "other").select("id", "gene", "annotation").unique(maintain_order=True)
    annotated.write_csv(names[0], separator="\t", include_header=False)
    lines = []
    for name, genes in sets.items():
        own = variants.filter(pl.col("gene").is_in(list(genes)), pl.col("annotation") != "other").unique(subset=["id"], maintain_order=True)
        if not own.is_empty():
            lines.append("\t".join((name, own["chrom"][0], str(own["pos"][0]), ",".join(own["id"].to_list()))))
    Path(names[1]).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    Path(names[2]).write_text("".join(f"{mask}\t{mask}\n" for mask in MASKS), "utf-8")
    return tuple(map(Path, names))


def carrier_table(rare_variants: pl.DataFrame, samples: Sequence[str], sets: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Return a row for each sample, set and mask: whether the sample carries a variant."""
    frames = [
        pl.DataFrame(
            {
                "sample": list(samples),
                "gene_set": name,
                "mask": mask,
                "carrier": carriers(rare_variants, samples, genes, mask).astype(bool),
            }
        )
        for name, genes in sets.items()
        for mask in MASKS
    ]
    return (
        pl.concat(frames)
        if frames
        else pl.DataFrame(schema={"sample": pl.String, "gene_set": pl.String, "mask": pl.String, "carrier": pl.Boolean})
    )


def _variants(rare_variants: pl.DataFrame) -> pl.DataFrame:
    """Return each variant once, with its chromosome, position, name and annotation, along the genome."""
    parts = pl.col("location").str.strip_prefix("chr").str.split(":")
    kept = pl.col("qualifies").fill_null(value=False)
    synonymous = pl.col("consequence").fill_null("").str.contains("synonymous")
    return (
        rare_variants.with_columns(
            parts.list.get(0).alias("chrom"),
            parts.list.get(1).cast(pl.Int64).alias("pos"),
            pl.when(kept).then(pl.lit(MASKS[0])).when(synonymous).then(pl.lit(MASKS[1])).otherwise(pl.lit("other")).alias("annotation"),
        )
        .with_columns(pl.format("{}:{}:{}:{}", "chrom", "pos", "ref", "alt").alias("id"))
        .select("id", "chrom", "pos", "gene", "annotation")
        .unique(maintain_order=True)
        .sort("chrom", "pos", "id")
    )
