"""Pairs of named alleles in every gene, written as VCF in many ways and called back; `make validate` does it for all of them."""

from random import Random

import pytest

from trdpgx.model.genome import Assembly
from validation.genomes import Representation, person
from validation.pairs import Judge, Tally, every_pair, judge_file, random_pairs, randomly
from validation.pipeline import Pipeline

REPRESENTATIONS = {
    "a row for every site": Representation(),
    "GRCh37": Representation(Assembly.GRCH37),
    "variant rows only": Representation(rows="variants"),
    "variant rows only, GRCh37": Representation(Assembly.GRCH37, "variants", prefix=""),
    "gVCF": Representation(rows="blocks"),
    "gVCF, GRCh37": Representation(Assembly.GRCH37, "blocks"),
    "one ALT a row": Representation(split=True, dots=True),
    "other spellings of indels": Representation(shifted=True, stars=True, prefix=""),
    "sites side by side in one row": Representation(joined=True, lower=True),
    "out of order, with others": Representation(shuffled=True, others=100, spare=True),
}


@pytest.fixture(scope="module")
def judge(pipeline: Pipeline) -> Judge:
    return Judge(pipeline.reference)


@pytest.mark.parametrize("phased", [True, False], ids=["phased", "unphased"])
@pytest.mark.parametrize("representation", REPRESENTATIONS)
def test_pairs_are_called_back(pipeline: Pipeline, judge: Judge, representation: str, phased: bool) -> None:
    """Exactly the pairs are reported that brute force finds best; the true one is among those that explain the genotypes."""
    rng = Random(f"{representation} {phased}")
    pairs = [random_pairs(pipeline.reference, rng) for _ in range(8)]
    people = [person(pipeline.reference, own, rng, phased=phased) for own in pairs]
    expected = [judge.expected(one, own) for one, own in zip(people, pairs, strict=True)]
    found = list(judge_file(pipeline, people, expected, REPRESENTATIONS[representation]))
    assert len(found) == 8 * len(pipeline.reference.genes)
    assert [finding for finding in found if finding.verdict == "wrong"] == []


def test_random_pairs_in_random_representation_are_called_back(pipeline: Pipeline) -> None:
    tally = Tally()
    randomly(pipeline, tally, 300, Random(2))
    assert tally.wrong == []


def test_every_pair_of_every_gene_is_among_those_of_make_validate(pipeline: Pipeline) -> None:
    alleles = {gene: sum(one.callable for one in definition.alleles) for gene, definition in pipeline.reference.genes.items()}
    counts = dict.fromkeys(alleles, 0)
    for pairs in every_pair(pipeline.reference):
        for gene in pairs:
            counts[gene] += 1
    assert counts == {gene: n * (n + 1) // 2 for gene, n in alleles.items()}


def test_a_wrong_call_is_found(pipeline: Pipeline, judge: Judge) -> None:
    """The judge itself: calls of somebody else's genome are wrong."""
    rng = Random(5)
    pairs = [random_pairs(pipeline.reference, rng) for _ in range(2)]
    people = [person(pipeline.reference, own, rng, phased=True) for own in pairs]
    expected = [judge.expected(one, own) for one, own in zip(reversed(people), pairs, strict=True)]
    verdicts = {finding.gene: finding.verdict for finding in judge_file(pipeline, people, expected, Representation())}
    assert {verdicts["CYP2D6"], verdicts["CYP2C9"], verdicts["CYP2C19"]} == {"wrong"}
