"""How common alleles are: what the bundled table states, and that it is what the loader makes of it."""

import pytest

from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.gene import FrequencyTable


@pytest.fixture(scope="module")
def frequencies() -> dict[str, FrequencyTable]:
    return dict(load_reference().frequencies)


def test_the_genes_of_the_cohort_have_frequencies(frequencies: dict[str, FrequencyTable]) -> None:
    assert list(frequencies) == ["CYP2C19", "CYP2D6", "CYP2B6", "CYP2C9"]
    assert {table.cohort for table in frequencies.values()} == {"the 1000 Genomes Project (3,202 samples, 30x)"}


@pytest.mark.parametrize(
    ("gene", "allele", "low", "high"),
    [
        ("CYP2C19", "*1", 0.5, 0.6),
        ("CYP2C19", "*2", 0.2, 0.23),
        ("CYP2C19", "*17", 0.14, 0.18),
        ("CYP2D6", "*10", 0.1, 0.16),
        ("CYP2D6", "*4", 0.08, 0.11),
        ("CYP2C9", "*2", 0.04, 0.06),
        ("CYP2C9", "*3", 0.04, 0.06),
    ],
)
def test_known_frequencies(frequencies: dict[str, FrequencyTable], gene: str, allele: str, low: float, high: float) -> None:
    assert low < frequencies[gene].share(allele) < high


def test_all_shares_of_a_gene_make_one(frequencies: dict[str, FrequencyTable]) -> None:
    for table in frequencies.values():
        assert sum(table.share(allele) for allele in table.counts) == pytest.approx(1)


def test_alleles_that_the_cohort_does_not_tell_apart_share_their_count(frequencies: dict[str, FrequencyTable]) -> None:
    assert frequencies["CYP2B6"].joint == {"*1": ("*4",), "*4": ("*1",), "*6": ("*9",), "*9": ("*6",)}
    assert frequencies["CYP2B6"].share("*6") == frequencies["CYP2B6"].share("*9")


def test_an_allele_that_was_not_seen_is_rarer_than_any_that_was(frequencies: dict[str, FrequencyTable]) -> None:
    for table in frequencies.values():
        assert 0 < table.share("*999") < min(table.share(allele) for allele in table.counts)


def test_the_table_cannot_be_changed(frequencies: dict[str, FrequencyTable]) -> None:
    with pytest.raises(AttributeError):
        frequencies["CYP2C19"].counts = {}  # type: ignore[misc]
    with pytest.raises(AttributeError):
        load_reference().frequencies = frequencies  # type: ignore[misc]
