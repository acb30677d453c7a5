"""Trimming and sliding: the only spellings of one change, and the one that ``bcftools norm`` chooses."""

import random
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.bcftools import bcftools, needs_bcftools
from trdpgx.knowledge.definitions.genomes import left_aligned
from trdpgx.model.edit import Edit, trim

GENOME = st.one_of(st.text("A", min_size=8, max_size=16), st.text("AC", min_size=8, max_size=24), st.text("ACGT", min_size=8, max_size=24))


def changed(genome: str, edit: Edit) -> str:
    assert genome[edit.start : edit.end] == edit.ref
    return genome[: edit.start] + edit.alt + genome[edit.end :]


@given(GENOME, st.data())
def test_trimmed_to_what_differs(genome: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(genome) - 1))
    ref = genome[start : data.draw(st.integers(start + 1, len(genome)))]
    alt = data.draw(st.text("ACGT", min_size=1, max_size=6))
    edit = trim(start, ref, alt)
    assert changed(genome, edit) == changed(genome, Edit(start, ref, alt))
    assert not (edit.ref and edit.alt and (edit.ref[0] == edit.alt[0] or edit.ref[-1] == edit.alt[-1]))


@given(GENOME, st.booleans(), st.data())
def test_an_indel_slides_wherever_it_is_the_same_change(genome: str, deletes: bool, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(genome) - 1))
    size = data.draw(st.integers(1, min(4, len(genome) - start)))
    edit = Edit(start, genome[start : start + size], "") if deletes else Edit(start, "", data.draw(st.text("ACGT", min_size=1, max_size=4)))

    def base(at: int) -> str:
        return genome[at] if 0 <= at < len(genome) else ""

    found = [*reversed([*edit.to_left(base)]), edit, *edit.to_right(base)]
    assert {changed(genome, one) for one in found} == {changed(genome, edit)}
    assert [one.start for one in found] == list(range(found[0].start, found[-1].start + 1))
    outcome = changed(genome, edit)
    everywhere = [
        at
        for at in range(len(genome) + 1 - len(edit.ref))
        if outcome[:at] == genome[:at] and outcome[at + len(edit.alt) :] == genome[at + len(edit.ref) :]
    ]
    assert [one.start for one in found] == everywhere


@given(GENOME, st.text("ACGT", min_size=2, max_size=4), st.data())
def test_what_takes_bases_for_others_does_not_slide(genome: str, alt: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(genome) - 1))
    edit = trim(start, genome[start : start + 3], alt)
    assume(edit.ref and edit.alt)
    assert not [*edit.to_left(genome.__getitem__), *edit.to_right(genome.__getitem__)]


@needs_bcftools
def test_left_aligned_as_bcftools_norm_does(tmp_path: Path) -> None:
    chance = random.Random(7)
    genome = "".join(chance.choice(("ACGT", "AC", "A")[at // 40 % 3]) for at in range(6_000))
    (tmp_path / "genome.fa").write_text(f">1\n{genome}\n")
    edits = []
    for start in range(60, len(genome) - 60, 20):
        size = chance.randint(1, 4)
        inserted = "".join(chance.choice("AC") for _ in range(size))
        edits.append(Edit(start, genome[start - 1 : start - 1 + size], "") if chance.random() < 0.5 else Edit(start, "", inserted))
    header = f"##fileformat=VCFv4.2\n##contig=<ID=1,length={len(genome)}>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    rows = [
        f"1\t{edit.start - 1}\t{number}\t{genome[edit.start - 2]}{edit.ref}\t{genome[edit.start - 2]}{edit.alt}\t.\t.\t.\n"
        for number, edit in enumerate(edits)
    ]
    normed = bcftools((header + "".join(rows)).encode(), "norm", "-f", str(tmp_path / "genome.fa")).decode()
    fields = [line.split("\t") for line in normed.splitlines() if not line.startswith("#")]
    expected = {int(number): (int(pos), ref, alt) for _, pos, number, ref, alt, *_ in fields}
    sites = [left_aligned(edit, lambda start, end: genome[start - 1 : end]) for edit in edits]
    assert {number: (site.pos, site.ref, site.alts[0]) for number, site in enumerate(sites)} == expected
