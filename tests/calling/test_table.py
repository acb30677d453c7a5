"""What the entries of a definition mean, in hand-made tables and in the real ones."""

import pytest

from tests.calling.tables import gene, real_table, table

OPEN = gene({"*1": {"s1": "R", "s2": "C"}, "*2": {"s2": "T"}, "*3": {"s1": "R", "s2": "G"}, "*4": {"s1": "G", "s2": "A"}})
"""*1 is open at s1, where GRCh38 has A: *2 leaves s1 blank, *3 is open as well, *4 is not."""


def test_a_blank_entry_under_an_open_reference_entry_means_the_base_of_grch38() -> None:
    alleles = table(OPEN, {"s1": "A"})
    carriers = {base: {alleles.alleles[i].name for i in range(4) if found >> i & 1} for base, found in alleles.carriers[0].items()}
    assert carriers == {"A": {"*1", "*2", "*3"}, "G": {"*1", "*3", "*4"}}
    assert [sorted(alleles.bases(i, 0)) for i in range(4)] == [["A", "G"], ["A"], ["A", "G"], ["G"]]


@pytest.mark.parametrize(
    ("label", "blank", "other"),
    [("rs1058164", "C", "G"), ("rs150163869", "G", "A")],
)
def test_cyp2d6_star_1_is_open_at_two_sites_and_blank_entries_there_are_not(label: str, blank: str, other: str) -> None:
    alleles = real_table("CYP2D6")
    s = next(s for s in range(len(alleles.sites)) if alleles.label(s) == label)
    assert alleles.bases(0, s) == {blank, other}
    blanks = [i for i, allele in enumerate(alleles.alleles) if alleles.sites[s] not in allele.bases]
    assert len(blanks) > 70
    assert all(alleles.bases(i, s) == {blank} for i in blanks)
    assert not any(alleles.own[i] >> s & 1 for i in blanks)
