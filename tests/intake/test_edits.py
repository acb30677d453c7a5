"""Alleles as edits, and when two spellings are one variant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdpgx.intake.genotypes.edits import agrees, edits_of, known_allele, placements, slide_left, subtract
from trdpgx.model.edit import Edit
from trdpgx.model.genome import PanelSite, Purpose

REPEAT = PanelSite("r", "G", None, Purpose.ALLELE, "1", 400, "CAT", ("C", "CATAT", "CATATAT"), "CATATATATATATATAA")


@pytest.mark.parametrize(
    ("ref", "alt", "edits"),
    [
        ("C", "T", [(10, "C", "T")]),
        ("C", "C", []),
        ("CAG", "TAC", [(10, "C", "T"), (12, "G", "C")]),
        ("CA", "C", [(11, "A", "")]),
        ("C", "CA", [(11, "", "A")]),
        ("CAA", "CA", [(11, "A", "")]),
        ("CAGT", "CT", [(11, "AG", "")]),
        ("CAG", "TC", [(10, "CAG", "TC")]),
        ("AACAG", "AATCG", [(12, "C", "T"), (13, "A", "C")]),
        ("ACGT", "AT", [(11, "CG", "")]),
    ],
)
def test_edits(ref: str, alt: str, edits: list[tuple[int, str, str]]) -> None:
    assert [(edit.start, edit.ref, edit.alt) for edit in edits_of(10, ref, alt)] == edits


bases = st.text("ACGT", min_size=1, max_size=8)


@given(bases, bases, st.text("ACGT", max_size=5), st.text("ACGT", max_size=5))
def test_padding_does_not_change_the_edits(ref: str, alt: str, before: str, after: str) -> None:
    plain = edits_of(100, ref, alt)
    padded = edits_of(100 - len(before), before + ref + after, before + alt + after)
    if len(ref) == len(alt):
        assert padded == plain
    else:
        assert sum(len(edit.alt) - len(edit.ref) for edit in padded) == len(alt) - len(ref)
        assert apply(before + ref + after, 100 - len(before), padded[0]) == before + alt + after


def apply(sequence: str, pos: int, edit: Edit) -> str:
    start = edit.start - pos
    assert sequence[start : start + len(edit.ref)] == edit.ref
    return sequence[:start] + edit.alt + sequence[start + len(edit.ref) :]


@given(st.integers(1, 7), st.sampled_from([("C", -1), ("CATAT", 1), ("CATATAT", 2)]))
def test_every_position_of_a_repeat_unit_is_the_same_allele(position: int, allele: tuple[str, int]) -> None:
    name, units = allele
    pos = 400 + 2 * position - 1
    edit = Edit(pos, "AT", "") if units < 0 else Edit(pos, "", "AT" * units)
    assert known_allele(REPEAT, edit) == name
    shifted = Edit(pos + 1, "TA", "") if units < 0 else Edit(pos + 1, "", "TA" * units)
    assert known_allele(REPEAT, shifted) == name
    assert known_allele(REPEAT, slide_left(REPEAT, shifted)) == name
    assert slide_left(REPEAT, shifted).start == 401


def test_what_is_no_allele_of_a_site() -> None:
    assert known_allele(REPEAT, Edit(401, "", "A")) is None
    assert known_allele(REPEAT, Edit(401, "ATAT", "")) is None
    assert known_allele(REPEAT, Edit(399, "AC", "")) is None
    assert known_allele(REPEAT, Edit(416, "AG", "")) is None


def test_placements_all_make_the_same_sequence() -> None:
    found = placements(REPEAT, Edit(401, "", "AT"))
    assert [edit.start for edit in found] == list(range(401, 417))
    assert len({apply(REPEAT.context, 400, edit) for edit in found}) == 1


@given(bases, st.integers(0, 7), st.text("ACGT", min_size=1, max_size=3))
def test_what_is_left_of_a_mixture(ref: str, position: int, inserted: str) -> None:
    position = min(position, len(ref))
    core = Edit(100 + position, "", inserted)
    changed = "".join({"A": "C", "C": "G", "G": "T", "T": "A"}[base] for base in ref)
    mixed = Edit(100, ref, changed[:position] + inserted + changed[position:])
    rest = subtract(mixed, core)
    assert rest == [Edit(100 + number, old, new) for number, (old, new) in enumerate(zip(ref, changed, strict=True))]


@pytest.mark.parametrize(
    ("pos", "ref", "expected"),
    [
        (400, "CAT", True), (398, "GGC", True), (402, "T", True), (402, "A", False), (399, "GCAT", True), (399, "GCAA", False),
        (400, "N", True), (400, "Y", True), (400, "R", False), (416, "AGGG", True), (300, "GG", True),
    ],
)  # fmt: skip
def test_agreement_with_the_reference(pos: int, ref: str, expected: bool) -> None:
    assert agrees(pos, ref, REPEAT) is expected
