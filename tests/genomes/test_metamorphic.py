"""What does not change what a file says does not change the calls."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from trdpgx.model.genome import Assembly
from trdpgx.model.options import AbsentOption, Options
from validation.genomes import Dress, write
from validation.road import Road

from .conftest import people, said

SEEDS = st.integers(0, 2**32)
PHASINGS = st.sampled_from(["phased", "unphased", "sets"])
BASES = st.builds(Dress, assembly=st.sampled_from(Assembly), rows=st.sampled_from(["all", "blocks"]), seed=st.integers(0, 1000))
EXAMPLES = settings(max_examples=6, deadline=None, derandomize=True, database=None, phases=[Phase.generate])


def calls(road: Road, seed: int, phasing: str, dress: Dress, **options: object) -> list[list[tuple[object, ...]]]:
    """Return what is said of two people, who depend on the seed alone."""
    genomes = people(road, Random(seed), 2, phasing)
    return [said(genes) for genes in road.calls(write(road.reference, genomes, dress), Options.model_validate(options))]


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
@given(seed=SEEDS, phasing=PHASINGS, dress=BASES)
@EXAMPLES
def test_the_same_genotypes_in_other_dress(road: Road, change: dict[str, object], seed: int, phasing: str, dress: Dress) -> None:
    assert calls(road, seed, phasing, replace(dress, **change)) == calls(road, seed, phasing, dress)


@given(seed=SEEDS, phasing=st.sampled_from(["phased", "unphased"]), dress=BASES)
@EXAMPLES
def test_sites_side_by_side_in_one_row(road: Road, seed: int, phasing: str, dress: Dress) -> None:
    assert calls(road, seed, phasing, replace(dress, joined=True)) == calls(road, seed, phasing, dress)


@given(seed=SEEDS, phasing=PHASINGS)
@EXAMPLES
def test_the_other_assembly(road: Road, seed: int, phasing: str) -> None:
    assert calls(road, seed, phasing, Dress(Assembly.GRCH37)) == calls(road, seed, phasing, Dress(Assembly.GRCH38))


@given(seed=SEEDS, phasing=PHASINGS, dress=BASES)
@EXAMPLES
def test_variant_rows_alone_where_absent_is_reference(road: Road, seed: int, phasing: str, dress: Dress) -> None:
    alone = calls(road, seed, phasing, replace(dress, rows="variants"), absent=AbsentOption.REFERENCE)
    for one, other in zip(alone, calls(road, seed, phasing, dress), strict=True):
        assert [gene[:-1] for gene in one] == [gene[:-1] for gene in other]


@given(seed=SEEDS, phasing=PHASINGS, dress=BASES)
@EXAMPLES
def test_company_does_not_matter(road: Road, seed: int, phasing: str, dress: Dress) -> None:
    """A person alone in a file and among others: the rows differ, the calls do not."""
    genomes = people(road, Random(seed), 2, phasing)
    together = [said(genes) for genes in road.calls(write(road.reference, genomes, dress), Options())]
    for one, expected in zip(genomes, together, strict=True):
        ((*_, alone),) = [[said(genes) for genes in road.calls(write(road.reference, [one], dress), Options())]]
        assert alone == expected


@given(seed=SEEDS, dress=BASES)
@EXAMPLES
def test_the_caller_can_ask_for_one_person(road: Road, seed: int, dress: Dress) -> None:
    genomes = people(road, Random(seed), 3, "unphased")
    vcf = write(road.reference, genomes, dress)
    together = [said(genes) for genes in road.calls(vcf, Options())]
    assert [said(genes) for genes in road.calls(vcf, Options(sample="P1"))] == [together[1]]


@given(seed=SEEDS, phasing=st.sampled_from(["phased", "sets"]))
@EXAMPLES
def test_less_phase_never_leaves_fewer_candidates(road: Road, seed: int, phasing: str) -> None:
    options = Options(all_candidates=True)
    known = people(road, Random(seed), 2, phasing)
    unknown = [{site: genotype._replace(block=None) for site, genotype in one.items()} for one in known]
    found = [list(road.calls(write(road.reference, genomes, Dress()), options)) for genomes in (known, unknown)]
    for with_phase, without in zip(*found, strict=True):
        for one, other in zip(with_phase, without, strict=True):
            assert set(one.candidates or ()) <= set(other.candidates or ())


@given(seed=SEEDS, loss=st.floats(0.05, 0.9), dress=BASES)
@EXAMPLES
def test_a_site_that_is_lost_never_excludes_the_truth(road: Road, seed: int, loss: float, dress: Dress) -> None:
    """What was not seen can only leave more open: every candidate with all sites, if it can still be called, is one with fewer."""
    rng = Random(seed)
    (whole,) = people(road, rng, 1, "unphased")
    part = {site: genotype for site, genotype in whole.items() if rng.random() > loss}
    options = Options(all_candidates=True)
    dress = replace(dress, rows="all")
    (before,) = road.calls(write(road.reference, [whole], dress), options)
    (after,) = road.calls(write(road.reference, [part], dress), options)
    for one, other in zip(before, after, strict=True):
        if other.candidates:
            definition = road.reference.genes[one.gene]
            left = {allele.name for allele in definition.alleles if any(site in part for site in allele.bases)}
            assert {name for name in one.candidates or () if set(name.split("/")) <= left} <= set(other.candidates)
