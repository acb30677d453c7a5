"""Frequencies that may be published: small counts are left out, and the others are rounded so that these cannot be computed.

A count that is left out follows from the other rows, another group or another table of the same people: alleles, diplotypes, phenotypes
and scores are counted from the same calls, and leaving out more rows does not change that. So every count becomes one of its two
neighbouring multiples of the least count shown, with probabilities that keep the mean (random rounding, as statistical offices use it:
Nargundkar and Saveland 1972; Hundepool et al. 2012, Statistical Disclosure Control, section 5.4.3, ISBN 978-1-119-97815-2).
"""

import hashlib

import polars as pl

from trdpgx.statistics.intervals import proportions

_COUNTS = ("people", "not_called", "total", "count", "homozygous", "heterozygous")
"""Columns of counts."""


def secret_of(genes: pl.DataFrame) -> bytes:
    """Return the key of the random rounding, a digest of the calls of the cohort.

    A second run then rounds alike, so that two published tables cannot be averaged, and the draw cannot be repeated without the calls.
    """
    digest = hashlib.sha256()
    for row in genes.select("sample", "gene", "diplotypes").iter_rows():
        digest.update(repr(row).encode())
    return digest.digest()


def disclosed(frame: pl.DataFrame, least: int, secret: bytes, *, of_person: int = 1) -> pl.DataFrame:
    """Return a table of frequencies in which every count below ``least``, 0 among them, is null, and the others are multiples of it.

    Rows whose ``count`` or ``total`` is small are ``suppressed``. Each group has a row of each item that anybody in the cohort has, so that
    a row does not show that somebody in a group has the item. Frequencies and intervals are computed from the rounded counts. The p value
    of Hardy-Weinberg proportions is left out, as counts follow from it.
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
    return shown.with_columns(
        *proportions(shown),
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
    """Return one of the two neighbouring multiples, the nearer one more often; ``None`` for a small count.

    Equal counts of one group and gene are rounded alike: two roundings of one count, in two tables, would narrow it down.
    """
    if value < least:
        return None
    below, rest = divmod(value, least)
    draw = hashlib.blake2b(repr((key, value)).encode(), key=secret, digest_size=8).digest()
    return (below + (int.from_bytes(draw) < rest / least * 2**64)) * least
