"""Frequencies of a real cohort beside those that others published of other people of the same ancestry, and beside our reference.

Europeans, 1,689,246 people (Alrajeh and Roman 2022, doi 10.2217/pme-2021-0175, PMC9318053): CYP2C19*2 15 %, *3 0.02 %, *17 21.7 %.
"""

from pathlib import Path

import polars as pl
import pytest

from trdpgx import AbsentOption, Options, cohort
from trdpgx.knowledge.location import reference_directory
from trdpgx.statistics.frequencies import frequencies
from trdpgx.statistics.tables import reference_frequencies

FOLDER = Path(__file__).parents[3] / "shared" / "real"
COHORT, LABELS = FOLDER / "1kgp_cohort3202_GRCh38.vcf.gz", FOLDER / "population_labels.tsv"
PUBLISHED = {"*2": 0.15, "*3": 0.0002, "*17": 0.217}


@pytest.mark.skipif(not COHORT.exists() or not LABELS.exists(), reason=f"there is no cohort of the 1000 Genomes Project in {FOLDER}")
def test_a_real_cohort_gives_published_frequencies_and_those_of_our_reference() -> None:
    tables = cohort.call(COHORT, options=Options(absent=AbsentOption.REFERENCE))
    labels = pl.read_csv(LABELS, separator="\t").select("sample", pl.col("superpopulation").alias("group"))
    samples = tables.samples.drop("group").join(labels, on="sample", how="left", maintain_order="left")
    named = {"samples": samples, "genes": tables.genes, "variants": tables.variants, "diplotypes": tables.diplotypes}
    alleles = frequencies(named, by="group", reference=reference_frequencies(reference_directory()))["alleles"]
    europeans = alleles.filter(pl.col("group") == "EUR", pl.col("gene") == "CYP2C19")
    people = europeans["total"][0]
    for allele, published in PUBLISHED.items():
        row = europeans.filter(pl.col("item") == allele)
        low, high = (row["low"][0], row["high"][0]) if len(row) else (0.0, 3 / people)
        assert low <= published <= high, (allele, low, high)
    everybody = alleles.filter(pl.col("group") == "all", pl.col("reference_frequency").is_not_null())
    assert everybody["gene"].n_unique() >= 4
    assert (everybody["frequency"] - everybody["reference_frequency"]).abs().max() < 0.001  # type: ignore[operator]
