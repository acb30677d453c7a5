"""What does not change what a file states does not change the calls."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from trdpgx.model.genome import Assembly
from trdpgx.model.options import AbsentOption, Options
from validation.genomes import Representation, write
from validation.pipeline import Pipeline

from .conftest import people, stated

SEEDS = st.integers(0, 2**32)
PHASINGS = st.sampled_from(["phased", "unphased", "sets"])
BASES = st.builds(Representation, assembly=st.sampled_from(Assembly), rows=st.sampled_from(["all", "blocks"]), seed=st.integers(0, 1000))
EXAMPLES = settings(max_examples=6, deadline=None, derandomize=True, database=None, phases=[Phase.generate])


def calls(pipeline: Pipeline, seed: int, phasing: str, representation: Representation, **options: object) -> list[list[tuple[object, ...]]]:
    """Return what is stated of two people, who depend on the seed alone."""
    genomes = people(pipeline, Random(seed), 2, phasing)
    return [stated(genes) for genes in pipeline.calls(write(pipeline.reference, genomes, representation), Options.model_validate(options))]


@pytest.mark.parametrize(
    "change",
    [
        {"shuffled": True},
        {"split": True},
        {"split": True, "dots": True},
        {"prefix": ""},
        {"shifted": True},
        {"stars": True},
        {"spare": True},
        {"lower": True},
        {"others": 30},
        {"turned": True},
        {"split": True, "shuffled": True, "shifted": True, "prefix": "", "others": 10},
    ],
    ids=", ".join,
)
@given(seed=SEEDS, phasing=PHASINGS, representation=BASES)
@EXAMPLES
def test_the_same_genotypes_in_other_representation(
    pipeline: Pipeline, change: dict[str, object], seed: int, phasing: str, representation: Representation
) -> None:
    assert calls(pipeline, seed, phasing, replace(representation, **change)) == calls(pipeline, seed, phasing, representation)


@given(seed=SEEDS, phasing=st.sampled_from(["phased", "unphased"]), representation=BASES)
@EXAMPLES
def test_sites_side_by_side_in_one_row(pipeline: Pipeline, seed: int, phasing: str, representation: Representation) -> None:
    assert calls(pipeline, seed, phasing, replace(representation, joined=True)) == calls(pipeline, seed, phasing, representation)


@given(seed=SEEDS, phasing=PHASINGS)
@EXAMPLES
def test_the_other_assembly(pipeline: Pipeline, seed: int, phasing: str) -> None:
    assert calls(pipeline, seed, phasing, Representation(Assembly.GRCH37)) == calls(
        pipeline, seed, phasing, Representation(Assembly.GRCH38)
    )


@given(seed=SEEDS, phasing=PHASINGS, representation=BASES)
@EXAMPLES
def test_variant_rows_alone_where_absent_is_reference(pipeline: Pipeline, seed: int, phasing: str, representation: Representation) -> None:
    alone = calls(pipeline, seed, phasing, replace(representation, rows="variants"), absent=AbsentOption.REFERENCE)
    for one, other in zip(alone, calls(pipeline, seed, phasing, representation), strict=True):
        assert [gene[:-1] for gene in one] == [gene[:-1] for gene in other]


@given(seed=SEEDS, phasing=PHASINGS, representation=BASES)
@EXAMPLES
def test_company_does_not_matter(pipeline: Pipeline, seed: int, phasing: str, representation: Representation) -> None:
    """A person alone in a file and among others: the rows differ, the calls do not."""
    genomes = people(pipeline, Random(seed), 2, phasing)
    together = [stated(genes) for genes in pipeline.calls(write(pipeline.reference, genomes, representation), Options())]
    for one, expected in zip(genomes, together, strict=True):
        ((*_, alone),) = [[stated(genes) for genes in pipeline.calls(write(pipeline.reference, [one], representation), Options())]]
        assert alone == expected


@given(seed=SEEDS, representation=BASES)
@EXAMPLES
def test_the_caller_can_ask_for_one_person(pipeline: Pipeline, seed: int, representation: Representation) -> None:
    genomes = people(pipeline, Random(seed), 3, "unphased")
    vcf = write(pipeline.reference, genomes, representation)
    together = [stated(genes) for genes in pipeline.calls(vcf, Options())]
    assert [stated(genes) for genes in pipeline.calls(vcf, Options(sample="P1"))] == [together[1]]


@given(seed=SEEDS, phasing=st.sampled_from(["phased", "sets"]))
@EXAMPLES
def test_less_phase_never_leaves_fewer_candidates(pipeline: Pipeline, seed: int, phasing: str) -> None:
    options = Options(all_candidates=True)
    known = people(pipeline, Random(seed), 2, phasing)
    unknown = [{site: genotype._replace(block=None) for site, genotype in one.items()} for one in known]
    found = [list(pipeline.calls(write(pipeline.reference, genomes, Representation()), options)) for genomes in (known, unknown)]
    for with_phase, without in zip(*found, strict=True):
        for one, other in zip(with_phase, without, strict=True):
            assert set(one.candidates or ()) <= set(other.candidates or ())


@given(seed=SEEDS, loss=st.floats(0.05, 0.9), representation=BASES)
@EXAMPLES
def test_a_site_that_is_lost_never_excludes_the_truth(pipeline: Pipeline, seed: int, loss: float, representation: Representation) -> None:
    """What was not seen can only leave more open: every candidate with all sites, if it can still be called, is one with fewer."""
    rng = Random(seed)
    (whole,) = people(pipeline, rng, 1, "unphased")
    part = {site: genotype for site, genotype in whole.items() if rng.random() > loss}
    options = Options(all_candidates=True)
    representation = replace(representation, rows="all")
    (before,) = pipeline.calls(write(pipeline.reference, [whole], representation), options)
    (after,) = pipeline.calls(write(pipeline.reference, [part], representation), options)
    for one, other in zip(before, after, strict=True):
        if other.candidates:
            definition = pipeline.reference.genes[one.gene]
            left = {allele.name for allele in definition.alleles if any(site in part for site in allele.bases)}
            assert {name for name in one.candidates or () if set(name.split("/")) <= left} <= set(other.candidates)
