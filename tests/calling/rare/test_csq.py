"""A sample of the comparison with ``bcftools csq``; the whole of it is ``python -m validation.consequence``."""

import pytest

from tests.calling.rare.transcripts import transcript
from trdpgx.model.genome import Assembly
from validation.consequence.__main__ import GENES, compare, reasons
from validation.consequence.alleles import random_alleles, snvs
from validation.consequence.explain import REASONS, VOCABULARY


@pytest.mark.parametrize("gene", ["STK19", "CYP2D6"])
def test_every_snv_agrees(gene: str) -> None:
    counts, unexplained = compare(transcript(gene), snvs(transcript(gene)))
    assert unexplained == []
    assert set(counts) == {"agree", "vocabulary-1", "vocabulary-5"}


@pytest.mark.parametrize(("gene", "assembly"), GENES)
def test_indels_and_multi_base_changes_agree_or_are_explained(gene: str, assembly: Assembly) -> None:
    model = transcript(gene, assembly)
    counts, unexplained = compare(model, random_alleles(model, 400, seed=25))
    assert unexplained == []
    same = counts["agree"] + sum(counts[reason] for reason in VOCABULARY)
    assert same / counts.total() > 0.93


def test_every_reason_is_explained_in_the_table() -> None:
    assert set(reasons()) == {*VOCABULARY, *REASONS}
