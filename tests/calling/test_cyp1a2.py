"""CYP1A2: the haplotypes by what they carry before the gene, with and without -163C>A (rs762551) and -2467delT (rs35694136)."""

import pytest

from tests.calling.test_conventions import report_of

HAPLOTYPES = {
    "*1A": "",
    "*1C": "rs2069514",
    "*1D": "rs35694136",
    "*1E": "rs2069526",
    "*1F": "rs762551",
    "*1J": "rs2069526 rs762551",
    "*1K": "rs2069526 rs12720461 rs762551",
    "*1L": "rs2069514 rs35694136 rs762551",
    "*1N": "rs2069520 rs35694136 rs762551",
    "*1P": "rs2069520 rs35694136 rs28399417 rs762551",
    "*1V": "rs35694136 rs762551",
    "*1W": "rs2069521 rs35694136 rs2069526 rs762551",
}
BASES = {
    "rs2069514": "G A",
    "rs2069520": "T G",
    "rs2069521": "G A",
    "rs2069526": "T G",
    "rs762551": "C A",
    "rs12720461": "C T",
    "rs28399417": "G C",
    "rs35694136": "AT A",
}


def genotypes(first: str, second: str) -> str:
    carried = [HAPLOTYPES[name].split() for name in (first, second)]
    rows = []
    for rsid, spelled in BASES.items():
        reference, variant = spelled.split()
        one, other = (variant if rsid in haplotype else reference for haplotype in carried)
        rows.append(f"{rsid}={one}|{other}")
    return ";".join(rows)


@pytest.mark.parametrize("first", HAPLOTYPES)
@pytest.mark.parametrize("second", ["*1A", "*1F", "*1V"])
def test_every_pair_of_phased_haplotypes_has_its_name(first: str, second: str) -> None:
    found = report_of("CYP1A2", genotypes(first, second))
    assert [sorted(diplotype.alleles) for diplotype in found.diplotypes] == [sorted((first, second))]
    assert (found.phenotype, found.phenotypes) == (None, {})


def test_the_commonest_genotypes_keep_their_names_without_phase() -> None:
    unphased = genotypes("*1A", "*1L").replace("|", "/")
    assert [diplotype.name for diplotype in report_of("CYP1A2", unphased).diplotypes] == ["*1A/*1L"]
    unphased = genotypes("*1F", "*1V").replace("|", "/")
    assert [diplotype.name for diplotype in report_of("CYP1A2", unphased).diplotypes] == ["*1F/*1V"]
