"""What a run keeps is bounded by a part: answers are forgotten, lines are held compressed, and one table is in memory at a time."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.cohort.files import lines, names, service, write
from tests.cohort.test_rows import hold_equal
from trdpgx import annotate, cohort
from trdpgx.calling import patterns
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.cohort import folder, keyed, plan
from trdpgx.intake import line_ranges
from trdpgx.intake.evidence import searched
from trdpgx.intake.evidence.searched import SearchedChromosomes
from trdpgx.intake.genotypes import samples
from trdpgx.intake.line_ranges import LineRanges
from trdpgx.intake.scan.scanner import SelectedLine
from trdpgx.intake.vcf.header import Header
from trdpgx.model.options import Options


def test_what_is_forgotten_is_worked_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "BLOCK", 13)
    monkeypatch.setattr(patterns, "_KEPT", 0)
    monkeypatch.setattr(keyed, "_MOST_KEPT", 0)
    path = write(tmp_path / "cohort.vcf.gz", names(40), lines(40, seed=9, rich=True))
    tables = cohort.call(path, service=service())
    hold_equal(tables, annotate(path, service=service()))


def test_answers_that_are_not_needed_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "BLOCK", 10)
    monkeypatch.setattr(keyed, "_MOST_KEPT", 50)
    most = 0
    answered = keyed.KeyedConsiderations.of

    def watched(self: keyed.KeyedConsiderations, *arguments: Any) -> keyed.Considered:
        nonlocal most
        considered = answered(self, *arguments)
        most = max(most, len(self._earlier))
        return considered

    monkeypatch.setattr(keyed.KeyedConsiderations, "of", watched)
    path = write(tmp_path / "cohort.vcf.gz", names(80), lines(80, seed=5))
    assert cohort.call(path, service=service()).samples.height == 80
    assert 50 < most < 50 + 10 * 300


def test_the_memo_keeps_what_was_used_last() -> None:
    memo = Memo()
    for number in range(10):
        memo.get(number, lambda number=number: number, lambda _: 3)  # type: ignore[misc]
    memo.get(2, lambda: -1)
    memo.forget(9)
    assert len(memo) == 3
    assert [memo.get(number, lambda: -1) for number in (2, 9, 8, 7)] == [2, 9, 8, -1]


@pytest.mark.parametrize("in_memory", [2**24, 64], ids=["in memory", "in a file"])
def test_lines_of_every_range_are_held_compressed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(line_ranges, "_IN_MEMORY", in_memory)
    held = LineRanges([range(2_000), range(2_000, 4_000)], folder=tmp_path)
    columns = b"\t".join([b"0|0"] * 4_000)
    lines = [SelectedLine(number, "10", b"chr10\t%d\t.\tA\tC\t.\t.\t.\tGT\t" % number + columns) for number in (1, 2)]
    for line in lines:
        held.append(line)
    assert held._starts[-1] < 800
    assert [one.text.count(b"0|0") for one in held] == [2_000] * 4
    assert [one.line for one in held.of(1)] == [1, 2]
    assert list(tmp_path.iterdir()) == [], "the file has no name"


def test_a_row_of_many_people_is_looked_at_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    genotypes = ["0|0", "./.", "0/1", "1|1", "."] * 9
    text = b"chr10\t1\t.\tA\tC\t.\tPASS\t.\tGT\t" + "\t".join(genotypes).encode()
    found = []
    for piece in (10, 10_000):
        monkeypatch.setattr(searched, "_PIECE", piece)
        look = SearchedChromosomes(service().limits, ())
        look.begin(Header(samples=tuple(names(45))))
        look.look("10", text)
        found.append(list(look.shown["10"]))
        assert len(look.shown["10"]) == len(found[-1])
    assert found[0] == found[1] == [number for number in range(45) if number % 5 in {0, 2, 3}]


def test_one_table_is_made_at_a_time(tmp_path: Path) -> None:
    made: list[str] = []

    def table(name: str) -> pl.DataFrame:
        assert all((tmp_path / earlier / "part-000000.parquet").exists() for earlier in made)
        made.append(name)
        return pl.DataFrame({"sample": ["A"]})

    folder.write_part(tmp_path, 0, {name: lambda name=name: table(name) for name in ("samples", "genes", "variants")})  # type: ignore[misc]
    assert made == ["genes", "variants", "samples"]


def test_blocks_of_a_part_are_about_equally_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "cohort.vcf.gz", names(25), lines(25, seed=2))
    own = service()
    (whole,) = own.read(path, Options()).samples.blocks()
    monkeypatch.setattr(samples, "_VALUES", 12 * len(whole.columns.sites))
    sizes = [len(block) for block in own.read(path, Options()).samples.blocks()]
    assert sizes == [9, 9, 7]
