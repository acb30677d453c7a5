"""Frequencies that may be handed on: small counts are left out, and the others are rounded so that these cannot be worked out again.

A count that is left out is known again where the other rows, another group or another table add up to the same people: alleles,
diplotypes, phenotypes and scores are all counted from the same. Leaving out more rows does not end that. So every count becomes one of its
two neighbouring multiples of the least count shown, by a chance that keeps the mean (random rounding, as statistical offices use it:
Nargundkar and Saveland 1972; Hundepool et al. 2012, Statistical Disclosure Control, section 5.4.3, ISBN 978-1-119-97815-2).
"""

import hashlib

import polars as pl

from trdpgx.statistics.intervals import wilson

_COUNTS = ("people", "not_called", "total", "count", "homozygous", "heterozygous")
"""Columns of counts."""


def secret_of(genes: pl.DataFrame) -> bytes:
    """Return what the chances of rounding are drawn from: the calls of the cohort, so that a second run rounds alike.

    Who does not have the calls cannot repeat the draw, and who publishes twice does not help anybody to average.
    """
    digest = hashlib.sha256()
    for row in genes.select("sample", "gene", "diplotypes").iter_rows():
        digest.update(repr(row).encode())
    return digest.digest()


def disclosed(frame: pl.DataFrame, least: int, secret: bytes, *, of_person: int = 1) -> pl.DataFrame:
    """Return a table of frequencies in which every count below ``least``, 0 among them, is null, and the others are multiples of it.

    Rows whose ``count`` or ``total`` is small bear ``suppressed``. Each group has a row of each item that anybody of the cohort has: that
    somebody of a group has an item is not to be seen from its row. Frequencies and intervals are made of the counts that are left.
    The p value of Hardy-Weinberg proportions is left out, as it can be turned back into counts.
    """
    frame = _with_every_item(frame)
    names = [name for name in _COUNTS if name in frame.columns]
    keys = frame.select("group", "gene").rows()
    few = frame.select(pl.col("count", "total") < least * of_person).fold(lambda one, other: one | other)
    rounded = [
        pl.Series(name, [_rounded(value, unit, secret, key) for value, key in zip(frame[name], keys, strict=True)], pl.Int64)
        for name, unit in ((name, least * of_person if name in {"count", "total"} else least) for name in names)
    ]
    shown = frame.with_columns(*rounded, few.alias("suppressed"))
    own = [name for name in names if name in {"count", "homozygous", "heterozygous"}]
    hidden = [
        pl.when(~pl.col("suppressed") & pl.col(name).is_not_null()).then(pl.min_horizontal(name, "total")).alias(name) for name in own
    ]
    shown = shown.with_columns(hidden)
    intervals = [(None, None) if None in pair else wilson(*pair) for pair in shown.select("count", "total").iter_rows()]
    return shown.with_columns(
        pl.when(pl.col("total") > 0).then(pl.col("count") / pl.col("total")).alias("frequency"),
        pl.Series("low", [low for low, _ in intervals], pl.Float64),
        pl.Series("high", [high for _, high in intervals], pl.Float64),
        pl.when(pl.col("people") > 0).then(pl.min_horizontal(pl.col("not_called") / pl.col("people"), 1.0)).alias("not_called_share"),
        *([pl.lit(None, pl.Float64).alias("hwe_p")] if "hwe_p" in frame.columns else []),
    )


def _with_every_item(frame: pl.DataFrame) -> pl.DataFrame:
    """Add rows with a count of 0, so that every group has the items of the cohort in one order; a gene without an item keeps its row."""
    if "homozygous" in frame.columns:  # each variant has a row in every group already
        return frame
    keys = ["group", "gene"]
    of_item = [name for name in frame.columns if name in {"item", "allele"} or name.startswith("reference_")]
    of_group = [name for name in frame.columns if name in {*keys, "people", "not_called", "not_called_share", "total", "note"}]
    items = frame.filter(pl.col("item").is_not_null()).sort("item").select("gene", *of_item).unique(subset=["gene", "item"], keep="first")
    rows = frame.unique(subset=keys, maintain_order=True).select(of_group).join(items.sort("gene", "item"), on="gene", how="left")
    made = rows.join(frame.select(*keys, "item", "count"), on=[*keys, "item"], how="left", nulls_equal=True, maintain_order="left")
    return pl.concat([frame.clear(), made.with_columns(pl.col("count").fill_null(0))], how="diagonal").select(frame.columns)


def _rounded(value: int, least: int, secret: bytes, key: tuple[str, str]) -> int | None:
    """Return one of the two neighbouring multiples, the nearer one more often; ``None`` of a small count.

    Equal counts of one group and gene are rounded alike: those of the same people, in two tables, would else narrow each other.
    """
    if value < least:
        return None
    below, rest = divmod(value, least)
    draw = hashlib.blake2b(repr((key, value)).encode(), key=secret, digest_size=8).digest()
    return (below + (int.from_bytes(draw) < rest / least * 2**64)) * least
