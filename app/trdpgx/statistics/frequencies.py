"""Frequencies in a cohort: calls, alleles, diplotypes, phenotypes, activity scores and variants, for each group.

The total of a frequency is the people (or alleles) that were called; the number not called is in the same row. Where a caveat of anybody
in a group is that the copies of a gene are not known, the rows of that gene have a note.
"""

from collections.abc import Mapping

import polars as pl

from trdpgx.statistics.disclosure import disclosed, secret_of
from trdpgx.statistics.intervals import hardy_weinberg, proportions

EVERYBODY = "all"
COPIES_UNKNOWN = "copy number not assessed: deletions, duplications and hybrids are counted as ordinary alleles"
COPY_CAVEATS = frozenset({"copy_number_not_assessed", "copy_number_suspected", "copy_number_open"})
"""Caveats of a gene whose copies are not known."""
TABLES = ("calls", "alleles", "diplotypes", "phenotypes", "activity_scores", "variants")
_COUNTED = {
    "group": pl.String(),
    "gene": pl.String(),
    "item": pl.String(),
    "count": pl.Int64(),
    "total": pl.Int64(),
    "frequency": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "people": pl.Int64(),
    "not_called": pl.Int64(),
    "not_called_share": pl.Float64(),
    "suppressed": pl.Boolean(),
    "note": pl.String(),
}
"""Columns of every table; ``item`` is the call, allele, diplotype, phenotype, score or variant that is counted."""
_OF_ALLELES = {"reference_frequency": pl.Float64(), "reference_total": pl.Int64(), "reference_cohort": pl.String()}
_OF_VARIANTS = {"allele": pl.String(), "homozygous": pl.Int64(), "heterozygous": pl.Int64(), "hwe_p": pl.Float64()}


def groups_of(samples: pl.DataFrame, by: str | None) -> pl.DataFrame:
    """Return ``sample`` and ``group``: each sample in the group of everybody, and in that of its value in the column ``by``.

    A value that is the name of everybody's group gets quotation marks. Raises ``KeyError`` for a column that the samples do not have.
    """
    everybody = samples.select("sample", pl.lit(EVERYBODY).alias("group"))
    if by is None:
        return everybody
    if by not in samples.columns:
        raise KeyError(by)
    value = pl.col(by).cast(pl.String).fill_null("not stated")
    own = samples.select("sample", pl.when(value == EVERYBODY).then(pl.lit(f'"{EVERYBODY}"')).otherwise(value).alias("group"))
    return pl.concat([everybody, own])


def frequencies(
    tables: Mapping[str, pl.DataFrame], *, by: str | None = None, suppress_below: int = 0, reference: pl.DataFrame | None = None
) -> dict[str, pl.DataFrame]:
    """Return a frame for each of ``TABLES``.

    ``tables`` are those of the cohort; ``by`` is a column of ``samples``. Counts below ``suppress_below`` are left out, and other counts
    are rounded (``trdpgx.statistics.disclosure``). ``reference`` has ``gene``, ``allele``, ``frequency``, ``total`` and ``cohort`` of the
    alleles in a reference cohort.
    """
    groups = groups_of(tables["samples"], by)
    genes = tables["genes"].join(groups, on="sample")
    called = genes.filter(pl.col("status") == "called", pl.col("diplotypes").list.len() == 1)
    diplotypes = called.with_columns(pl.col("diplotypes").list.first().alias("item"))
    alleles = _alleles(diplotypes, tables["diplotypes"])
    phenotypes = genes.filter(pl.col("phenotype").is_not_null(), ~pl.col("phenotype_open")).with_columns(pl.col("phenotype").alias("item"))
    scored = genes.filter(pl.col("activity_score_lowest") == pl.col("activity_score_highest"), ~pl.col("phenotype_open"))
    scores = scored.with_columns(pl.col("activity_score_lowest").cast(pl.String).alias("item"))
    people = _people(groups, genes)
    made = {
        "calls": _counted(genes.with_columns(pl.col("status").alias("item")), people),
        "alleles": _with_reference(_counted(alleles, people), reference),
        "diplotypes": _counted(diplotypes, people),
        "phenotypes": _counted(phenotypes, people),
        "activity_scores": _counted(scores, people.filter(pl.col("gene").is_in(scored["gene"].unique().implode()))),
        "variants": _variants(tables["variants"].join(groups, on="sample")),
    }
    if suppress_below < 2:
        return made
    secret = secret_of(tables["genes"])
    twice = {"alleles", "variants"}  # counted twice a person
    return {name: disclosed(frame, suppress_below, secret, of_person=2 if name in twice else 1) for name, frame in made.items()}


def _alleles(diplotypes: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each allele of each called diplotype, by the table ``diplotypes``."""
    parts = table.select("gene", pl.col("diplotype").alias("item"), "alleles").unique(subset=["gene", "item"], maintain_order=True)
    joined = diplotypes.join(parts, on=["gene", "item"], how="inner").drop("item")
    return joined.explode("alleles").rename({"alleles": "item"})


def _people(groups: pl.DataFrame, genes: pl.DataFrame) -> pl.DataFrame:
    """Return for each group and gene the number of people, called or not, and whether copies are not known in any of them.

    A gene of which only some people have a row (an outside call) counts as not called in the others.
    """
    unknown = genes.group_by("group", "gene").agg(
        pl.col("caveats").list.set_intersection(sorted(COPY_CAVEATS)).list.len().sum().alias("unknown")
    )
    sizes = groups.group_by("group", maintain_order=True).agg(pl.len().alias("people"))
    frame = sizes.join(genes.select("gene").unique(maintain_order=True), how="cross").join(unknown, on=["group", "gene"], how="left")
    return frame.with_columns((pl.col("unknown").fill_null(0) > 0).alias("copies_unknown"))


def _counted(rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Count the items of each group and gene, and the people without an item."""
    keys = ["group", "gene"]
    totals = rows.group_by(keys).agg(pl.len().alias("total"), pl.col("sample").n_unique().alias("with_item"))
    counts = rows.group_by([*keys, "item"]).agg(pl.len().alias("count"))
    frame = people.join(totals, on=keys, how="left").join(counts, on=keys, how="left")
    frame = frame.with_columns(pl.col("count", "total", "with_item").fill_null(0).cast(pl.Int64))
    frame = frame.with_columns(
        (pl.col("people") - pl.col("with_item")).cast(pl.Int64).alias("not_called"),
        pl.when("copies_unknown").then(pl.lit(COPIES_UNKNOWN)).otherwise(None).alias("note"),
    )
    return _figures(frame).sort("group", "gene", "count", "item", descending=[False, False, True, False])


def _variants(variants: pl.DataFrame) -> pl.DataFrame:
    """Count the ALT alleles of each variant and group, with the exact test of Hardy-Weinberg proportions where there is one ALT."""
    keys = ["group", "gene", "id"]
    called = pl.col("genotype").is_not_null()
    named = variants.with_columns(
        pl.col("genotype").str.replace("|", "/", literal=True).str.split("/").alias("bases"), pl.col("alts").list.first().alias("alt")
    )
    first, second = (pl.col("bases").list.get(number, null_on_oob=True) == pl.col("alt") for number in (0, 1))
    copies = first.fill_null(value=False).cast(pl.Int64) + second.fill_null(value=False).cast(pl.Int64)
    counted = named.with_columns(pl.when(called).then(copies).alias("copies"), pl.col("bases").list.len().alias("of"))
    frame = counted.group_by(keys, maintain_order=True).agg(
        pl.len().alias("people"),
        called.not_().sum().cast(pl.Int64).alias("not_called"),
        pl.col("copies").sum().cast(pl.Int64).alias("count"),
        pl.col("of").sum().cast(pl.Int64).alias("total"),
        ((pl.col("copies") == 2) & (pl.col("of") == 2)).sum().cast(pl.Int64).alias("homozygous"),
        ((pl.col("copies") == 1) & (pl.col("of") == 2)).sum().cast(pl.Int64).alias("heterozygous"),
        ((pl.col("copies") == 0) & (pl.col("of") == 2)).sum().alias("without"),
        pl.col("alt").first().alias("allele"),
        (pl.col("alts").list.len() > 1).any().alias("several"),
    )
    rows = frame.select("without", "heterozygous", "homozygous").iter_rows()
    frame = frame.rename({"id": "item"}).with_columns(
        pl.Series("hwe_p", [hardy_weinberg(*row) for row in rows], pl.Float64),
        pl.when("several").then(pl.lit("the variant has other ALT alleles, which are counted as others")).otherwise(None).alias("note"),
    )
    return _figures(frame, _OF_VARIANTS).sort("group", "gene", "item")


def _figures(frame: pl.DataFrame, more: Mapping[str, pl.DataType] | None = None) -> pl.DataFrame:
    """Add the frequency, its interval and the share of those without an item, and return the columns of a table."""
    frame = frame.with_columns(
        *proportions(frame),
        (pl.col("not_called") / pl.col("people")).alias("not_called_share"),
        pl.lit(value=False).alias("suppressed"),
    )
    return frame.select(pl.col(name).cast(kind) for name, kind in {**_COUNTED, **(more or {})}.items())


def _with_reference(frame: pl.DataFrame, reference: pl.DataFrame | None) -> pl.DataFrame:
    """Add the frequency of each allele in the reference cohort."""
    if reference is None:
        return frame.with_columns(pl.lit(None, kind).alias(name) for name, kind in _OF_ALLELES.items())
    own = reference.select(
        "gene",
        pl.col("allele").alias("item"),
        pl.col("frequency").alias("reference_frequency"),
        pl.col("total").cast(pl.Int64).alias("reference_total"),
        pl.col("cohort").alias("reference_cohort"),
    ).unique(subset=["gene", "item"], keep="first", maintain_order=True)
    return frame.join(own, on=["gene", "item"], how="left", maintain_order="left")
