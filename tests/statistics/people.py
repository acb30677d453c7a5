"""Simulated tables of a cohort: variants in Hardy-Weinberg proportions, scores and carriers, with planted effects."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

GENE, SCORED = "CYP2C19", "CYP2D6"
SCORES = (0.0, 0.5, 1.0, 1.5, 2.0)


def genotypes(rng: np.random.Generator, people: int, frequency: float) -> NDArray[np.int64]:
    return rng.binomial(2, frequency, people)


def tables(
    rng: np.random.Generator, people: int, *, carriers: float = 0.02, synonymous: float = 0.02
) -> tuple[dict[str, pl.DataFrame], Mapping[str, NDArray[np.float64]]]:
    """Return the tables, and what is in them by name: ``rs6265``, ``score``, ``pm`` and ``carrier``."""
    names = [f"P{number}" for number in range(people)]
    met, other = genotypes(rng, people, 0.2), genotypes(rng, people, 0.4)
    score = rng.choice(SCORES, people, p=(0.05, 0.1, 0.3, 0.15, 0.4))
    poor = rng.random(people) < 0.1
    carrier, silent = rng.random(people) < carriers, rng.random(people) < synonymous
    rows = [
        *_genes(names, GENE, ["PM" if one else "NM" for one in poor], [None] * people, ["*2/*2" if one else "*1/*1" for one in poor]),
        *_genes(names, SCORED, ["NM" if one >= 1.25 else "IM" for one in score], score.tolist(), ["*1/*1"] * people),
    ]
    variants = [
        {
            "sample": name,
            "id": rsid,
            "gene": gene,
            "ref": "C",
            "alts": ["T"],
            "effect_allele": "T",
            "genotype": ("C/C", "C/T", "T/T")[count],
        }
        for rsid, gene, counts in (("rs6265", "BDNF", met), ("rs6311", "HTR2A", other))
        for name, count in zip(names, counts.tolist(), strict=True)
    ]
    rare = [
        {"sample": name, "gene": "PRKRA", "location": f"chr2:{178_000_000 + int(qualifies)}", "ref": "A", "alt": "G"}
        | {"qualifies": qualifies, "consequence": "missense_variant" if qualifies else "synonymous_variant"}
        | {"frequency_state": "known", "allele_frequency": 0.002}
        for flags, qualifies in ((carrier, True), (silent, False))
        for name, there in zip(names, flags.tolist(), strict=True)
        if there
    ]
    made = {
        "samples": pl.DataFrame({"sample": names, "group": ["a" if number % 2 else "b" for number in range(people)]}).with_columns(
            pl.lit(100).alias("sites_seen"),
            pl.lit(110).alias("sites_total"),
            pl.lit("1").alias("rules_release"),
            pl.lit("1").alias("reference_release"),
        ),
        "genes": pl.DataFrame(rows, schema_overrides={"activity_score_lowest": pl.Float64, "activity_score_highest": pl.Float64}),
        "variants": pl.DataFrame(variants),
        "rare_variants": pl.DataFrame(
            rare,
            schema={
                "sample": pl.String,
                "gene": pl.String,
                "location": pl.String,
                "ref": pl.String,
                "alt": pl.String,
                "qualifies": pl.Boolean,
                "consequence": pl.String,
                "frequency_state": pl.String,
                "allele_frequency": pl.Float64,
            },
        ),
        "diplotypes": pl.DataFrame(
            [
                {"gene": GENE, "diplotype": "*1/*1", "alleles": ["*1", "*1"]},
                {"gene": GENE, "diplotype": "*2/*2", "alleles": ["*2", "*2"]},
                {"gene": SCORED, "diplotype": "*1/*1", "alleles": ["*1", "*1"]},
            ]
        ),
        "errors": pl.DataFrame({"file": []}),
    }
    return made, {"rs6265": met.astype(float), "score": score, "pm": poor.astype(float), "carrier": carrier.astype(float)}


def _genes(
    names: list[str], gene: str, phenotypes: list[str], scores: list[float | None], diplotypes: list[str]
) -> list[dict[str, object]]:
    return [
        {
            "sample": name,
            "gene": gene,
            "status": "called",
            "diplotypes": [diplotype],
            "phenotype": phenotype,
            "phenotype_open": False,
            "activity_score_lowest": score,
            "activity_score_highest": score,
            "copy_number_status": "not_assessed",
            "caveats": ["copy_number_not_assessed"] if gene == SCORED else [],
        }
        for name, phenotype, score, diplotype in zip(names, phenotypes, scores, diplotypes, strict=True)
    ]


def sheet(folder: Path, **columns: object) -> Path:
    """Write a sheet of columns, with the names of samples, and return its path."""
    frame = pl.DataFrame(columns)
    path = folder / "sheet.tsv"
    frame.insert_column(0, pl.Series("sample", [f"P{number}" for number in range(len(frame))])).write_csv(path, separator="\t")
    return path


def binary(rng: np.random.Generator, log_odds: NDArray[np.float64]) -> NDArray[np.int64]:
    return (rng.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))).astype(np.int64)
