"""One bad sample, file or sheet never ends a run: it is a row of ``errors`` with its code, and the others have their rows."""

from pathlib import Path

import pytest

from tests.cohort.files import columns, lines, names, service, write
from tests.cohort.test_rows import hold_equal
from trdpgx import InputError, annotate, cohort
from trdpgx.cohort import plan


def codes(tables: cohort.CohortTables) -> list[tuple[str | None, str]]:
    return sorted(((sample, code) for sample, code in tables.errors.select("sample", "code").rows()), key=repr)


@pytest.mark.parametrize("wrong", ["0|7", "0/1:1:2:3:4:5:6", "0|x"], ids=["no such allele", "too many fields", "no genotype"])
def test_a_sample_with_a_field_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setattr(plan, "BLOCK", 10)
    records = lines(20, seed=6)
    good = cohort.call(write(tmp_path / "good.vcf", names(20), records), service=service())
    at = len(records) // 2
    fields = records[at].split("\t")
    fields[9 + 13] = wrong
    tables = cohort.call(write(tmp_path / "bad.vcf", names(20), [*records[:at], "\t".join(fields), *records[at + 1 :]]), service=service())
    if tables.errors.is_empty():
        assert wrong == "0|x"  # what is no number is a missing allele
        return
    assert [sample for sample, _ in codes(tables)] == ["S0013"]
    left = good.genes.filter(good.genes["sample"] != "S0013")
    assert tables.genes.equals(left)
    assert "S0013" not in tables.samples["sample"].to_list()


def test_a_record_that_nobody_can_read_is_the_files_fault(tmp_path: Path) -> None:
    records = lines(4, seed=6)
    records[3] = records[3].replace("\tGT\t", "\tGT:GT\t")
    tables = cohort.call(write(tmp_path / "bad.vcf", names(4), records), service=service())
    assert codes(tables) == [(None, "bad_format")]
    assert tables.errors["line"].to_list() == [3 + 8 + 1]
    assert tables.samples.is_empty()


def test_files_that_cannot_be_read_and_one_that_can(tmp_path: Path) -> None:
    records = lines(3, seed=7)
    good = write(tmp_path / "good.vcf", names(3), records)
    (tmp_path / "text.vcf").write_text("no genome\n")
    cut = tmp_path / "cut.vcf.gz"
    cut.write_bytes(write(tmp_path / "whole.vcf.gz", ["X"], [columns(record, [0]) for record in records]).read_bytes()[:-500])
    tables = cohort.call([tmp_path / "none.vcf", tmp_path / "text.vcf", cut, good], service=service())
    assert {code for _, code in codes(tables)} == {"file_unreadable", "unsupported_format", "truncated"}
    hold_equal(tables, annotate(good, service=service()))


def test_a_name_that_two_files_have_is_used_once(tmp_path: Path) -> None:
    records = lines(3, seed=7)
    one = write(tmp_path / "one.vcf", names(2), [columns(record, [0, 1]) for record in records])
    two = write(tmp_path / "two.vcf", ["S0001", "Z"], [columns(record, [1, 2]) for record in records])
    tables = cohort.call([one, two], service=service())
    assert codes(tables) == [("S0001", "sample_twice")]
    assert tables.samples["sample"].to_list() == ["S0000", "S0001", "Z"]


def test_files_with_the_same_samples_on_one_chromosome(tmp_path: Path) -> None:
    records = lines(2, seed=7)
    paths = [write(tmp_path / f"{name}.vcf", names(2), records) for name in ("one", "two")]
    tables = cohort.call(paths, service=service())
    assert codes(tables) == [(None, "chromosome_twice")]
    assert tables.errors["file"].to_list() == [str(paths[1])]
    hold_equal(tables, annotate(paths[0], service=service()))


def test_the_sheet(tmp_path: Path) -> None:
    records = lines(3, seed=8)
    paths = [write(tmp_path / f"{number}.vcf", ["SAMPLE"], [columns(record, [number]) for record in records]) for number in range(2)]
    both = write(tmp_path / "both.vcf", ["A", "B"], [columns(record, [1, 2]) for record in records])
    calls, context = tmp_path / "calls.tsv", tmp_path / "context.json"
    calls.write_text("sample\tgene\tdiplotype\ttool\nSAMPLE\tCYP2D6\t*4/*4\tcaller\nSAMPLE\tHLA-B\t*15:02/*07:02\tcaller\n")
    context.write_text('{"current_drugs": [{"drug": "paroxetine"}]}')
    sheet = tmp_path / "sheet.tsv"
    sheet.write_text(
        "sample\tfile\tgroup\tage\tcity\toutside_calls\tcontext\n"
        "first\t0.vcf\tcases\t31\tx\tcalls.tsv\tNA\nsecond\t1.vcf\tcontrols\t.\ty\t\tcontext.json\nB\t\tcases\t45.5\t\t\t\nnobody\t\t\t\t\t\t\n"
    )
    tables = cohort.call([*paths, both], sheet=sheet, service=service())
    assert codes(tables) == [("nobody", "sample_not_in_files")]
    assert tables.samples.select("sample", "group", "age", "city").rows() == [
        ("first", "cases", 31.0, "x"),
        ("second", "controls", None, "y"),
        ("A", None, None, None),
        ("B", "cases", 45.5, None),
    ]
    reports = [
        *annotate(paths[0], outside_calls=calls.read_bytes(), service=service()),
        *annotate(paths[1], context=context.read_bytes(), service=service()),
    ]
    shown = zip(reports, ("first", "second"), strict=True)
    named = [one.model_copy(update={"input": one.input.copy_with(sample=name)}) for one, name in shown]
    hold_equal(tables, [*named, *annotate(both, service=service())])
    assert any(text is not None for text in tables.considerations["text"].to_list())


@pytest.mark.parametrize(
    ("text", "line"),
    [("", None), ("name\tgroup\n", 1), ("sample\tsample\n", 1), ("sample\trecords\n", 1), ("sample\tage\nA\n", 2), ("sample\n.\n", None)],
)
def test_a_sheet_that_cannot_be_used(tmp_path: Path, text: str, line: int | None) -> None:
    sheet = tmp_path / "sheet.tsv"
    sheet.write_text(text)
    with pytest.raises(InputError) as caught:
        cohort.call([], sheet=sheet, service=service())
    assert caught.value.problem.type == "/problems/bad_sheet"
    assert line is None or caught.value.problem.line == line


def test_a_folder_that_holds_another_run_is_refused(tmp_path: Path) -> None:
    one = write(tmp_path / "one.vcf", names(2), lines(2, seed=1))
    two = write(tmp_path / "two.vcf", names(2), lines(2, seed=2))
    cohort.call(one, tmp_path / "tables", service=service())
    first = {path: path.read_bytes() for path in (tmp_path / "tables").rglob("part-*")}
    cohort.call(one, tmp_path / "tables", service=service())
    assert {path: path.read_bytes() for path in (tmp_path / "tables").rglob("part-*")} == first
    with pytest.raises(InputError) as caught:
        cohort.call(two, tmp_path / "tables", service=service())
    assert caught.value.problem.type == "/problems/other_run"
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine")
    with pytest.raises(InputError):
        cohort.call(one, tmp_path / "other", service=service())
    assert (tmp_path / "other" / "letter.txt").read_text() == "mine"
