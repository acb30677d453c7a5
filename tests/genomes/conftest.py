"""People with random diplotypes, and what is compared of their calls."""

from random import Random

from trdpgx.model.gene_report import GeneReport
from validation.genomes import Person, person
from validation.pairs import random_pairs, with_sets
from validation.pipeline import Pipeline


def people(pipeline: Pipeline, rng: Random, count: int, phasing: str) -> list[Person]:
    """Return people with a random pair of alleles in each gene; ``phasing`` is phased, unphased or sets."""
    made: list[Person] = []
    for _ in range(count):
        one = person(pipeline.reference, random_pairs(pipeline.reference, rng), rng, phased=phasing == "phased")
        made.append(with_sets(one, rng) if phasing == "sets" else one)
    return made


def stated(genes: tuple[GeneReport, ...]) -> list[tuple[object, ...]]:
    """Return the statements of the calls, without how much of them was seen or assumed."""
    return [
        (
            gene.gene,
            gene.status,
            [diplotype.name for diplotype in gene.diplotypes],
            gene.phenotype_range,
            gene.activity_score_range,
            gene.missing_alleles,
            gene.unknown_alleles,
            sorted(note.code for note in gene.caveats if note.code != "absent_as_reference"),
        )
        for gene in genes
    ]
