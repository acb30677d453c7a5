"""Files as the real bcftools rewrites them: joined, split, compressed, binary. The calls are the same."""

from random import Random

import pytest

from tests.bcftools import bcftools, needs_bcftools
from trdpgx.model.genome import Assembly
from trdpgx.model.options import AbsentOption, Options
from validation.genomes import Representation, write
from validation.pipeline import Pipeline

from .conftest import people, stated

pytestmark = needs_bcftools

REWRITES = {
    "split": ["norm", "-m-any"],
    "joined": ["norm", "-m+any"],
    "atoms": ["norm", "--atomize", "--atom-overlaps", "."],
    "gzip": ["view", "-Oz"],
    "binary": ["view", "-Ob"],
    "binary, plain": ["view", "-Ou"],
    "sorted": ["sort"],
    "without unused ALTs": ["view", "--trim-alt-alleles"],
}


@pytest.mark.parametrize("rewrite", REWRITES)
@pytest.mark.parametrize("rows", ["all", "variants", "blocks"])
def test_a_file_that_bcftools_rewrote_states_the_same(pipeline: Pipeline, rewrite: str, rows: str) -> None:
    if rewrite == "joined" and rows == "blocks":
        pytest.skip("bcftools 1.16 changes the strands when it joins rows that have <NON_REF>")
    for n, phasing in enumerate(["phased", "unphased", "sets"]):
        if rewrite == "joined" and phasing != "unphased":
            continue  # bcftools 1.16 joins 0|1 and 0|0 to 2|0: the bases change their haplotype
        rng = Random(f"{rewrite} {rows} {phasing}")
        representation = Representation(
            rng.choice(list(Assembly)), rows, split=rng.random() < 0.5, shuffled=rewrite == "sorted", spare=n == 1 and rows != "blocks"
        )
        options = Options(absent=AbsentOption.REFERENCE if rows == "variants" else AbsentOption.MISSING)
        vcf = write(pipeline.reference, people(pipeline, rng, 4, phasing), representation)
        expected = [stated(genes) for genes in pipeline.calls(vcf, options)]
        assert [stated(genes) for genes in pipeline.calls(bcftools(vcf, *REWRITES[rewrite]), options)] == expected
