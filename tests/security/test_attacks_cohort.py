"""Attacks by files and folders of others: what a cohort is made from, beside, and into. docs/attacks.md has the table."""

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.cohort.files import columns, lines, names, service, write
from trdpgx import InputError, cohort
from trdpgx.cohort import part, sheet
from trdpgx.cohort.folder import of_another_user
from trdpgx.cohort.run import execute, plan_run
from trdpgx.cohort.sample_results import AskedRun
from trdpgx.cohort.sheet import SampleSheet, read_sheet
from trdpgx.cohort.tsv import write_tsv
from trdpgx.model.options import Options

RECORDS = lines(2, seed=5)


def soon(action: Callable[[], object], seconds: float = 30.0) -> None:
    """Do something in a thread of its own; it must end in time."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            action()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive()
    if failed:
        raise failed[0]


def details(tables: cohort.CohortTables) -> dict[str, str]:
    return dict(tables.errors.select("file", "detail").rows())


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    """A pipe that nobody writes to, a device without an end, a folder, links in a circle, and one good file."""
    good = write(tmp_path / "good.vcf", names(2), RECORDS)
    pipe, circle = tmp_path / "pipe.vcf", tmp_path / "circle.vcf"
    os.mkfifo(pipe)
    circle.symlink_to(circle)
    (tmp_path / "link.vcf").symlink_to(pipe)
    paths = [pipe, tmp_path / "link.vcf", circle, tmp_path, Path("/dev/zero"), Path("/proc/self/environ"), good]

    def run() -> None:
        tables = cohort.call(paths, service=service())
        assert tables.samples.height == 2
        wrong = details(tables)
        assert set(wrong) == set(map(str, paths[:-1]))
        assert "PATH=" not in repr(tables.errors.rows())
        assert wrong[str(pipe)] == "It is no regular file, and a cohort's files are read twice."

    soon(run)


@pytest.mark.parametrize("name", ["a\nb.vcf", "\x1b[31mred.vcf", "=cmd().vcf", "<script>.vcf", "a\tb.vcf", "\u202egnp.vcf", "-o.vcf"])
def test_names_of_files_stay_in_their_column(name: str, tmp_path: Path) -> None:
    write(tmp_path / name, names(2), RECORDS)
    folder = tmp_path / "out"
    tables = cohort.call(tmp_path / name, folder, service=service())
    write_tsv(folder)
    assert tables.samples["file"].to_list() == [str(tmp_path / name)] * 2
    text = (folder / "samples.tsv").read_text("utf-8")
    assert text.count("\n") == 3
    assert "\x1b" not in text
    assert json.loads((folder / "run.json").read_bytes())["inputs"][0]["files"] == [str(tmp_path / name)]


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    good = write(tmp_path / "good.vcf", names(2), RECORDS)
    bad = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.vcf"))
    bad.write_bytes(good.read_bytes())
    tables = cohort.call([bad, good], service=service())
    assert tables.samples.height == 2
    assert tables.errors["detail"].to_list() == ["Its name is not UTF-8: give it another."]


CHANGES: dict[str, Callable[[Path], object]] = {
    "samples swapped, size and time kept": lambda path: _keeping_time(path, path.read_bytes().replace(b"S0000\tS0001", b"S0001\tS0000")),
    "a record more": lambda path: path.write_bytes(path.read_bytes() + (RECORDS[-1] + "\n").encode()),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-10]),
    "touched": lambda path: os.utime(path, (1, 1)),
}


def _keeping_time(path: Path, content: bytes) -> None:
    facts = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_after_its_header_was_read(change: str, tmp_path: Path) -> None:
    """Its genotypes would be counted for the people that its header named before."""
    path = write(tmp_path / "one.vcf", names(2), RECORDS)
    before = path.read_bytes()
    run = plan_run(service(), [str(path)], tmp_path / "out", AskedRun(Options(), None), sheet=SampleSheet())
    CHANGES[change](path)
    assert change == "touched" or path.read_bytes() != before
    execute(run, service())
    tables = cohort.read(tmp_path / "out")
    assert tables.samples.is_empty()
    assert set(tables.errors["code"]) <= {"file_changed", "truncated", "not_tab_separated", "wrong_column_count", "bad_genotype"}


def test_a_file_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "one.vcf", names(2), RECORDS)
    read = part.read_part

    def read_and_append(*arguments: object, **options: object) -> object:
        done = read(*arguments, **options)  # type: ignore[arg-type]
        with path.open("ab") as file:
            file.write(b"chr22\t")
        return done

    monkeypatch.setattr(part, "read_part", read_and_append)
    tables = cohort.call(path, service=service())
    assert (tables.samples.height, tables.errors["code"].to_list()) == (0, ["file_changed"])


SHEETS = {
    "not UTF-8": b"sample\tx\n\xff\tA\n",
    "100,000 columns": b"sample\t" + b"\t".join(b"c%d" % number for number in range(100_000)) + b"\n",
    "a control character in a name": b"sample\tx\x1b[31m\nA\t1\n",
    "a line separator in a sample": "sample\tx\nA\u2028B\t1\n".encode(),
    "a column of our own": b"sample\tassembly\nA\tGRCh37\n",
    "nothing": b"",
    "UTF-16": "sample\nA\n".encode("utf-16"),
    "a field too many": b"sample\tx\nA\t1\t2\n",
}


@pytest.mark.parametrize("case", SHEETS)
def test_sheets_that_are_refused(case: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet.tsv"
    path.write_bytes(SHEETS[case])
    with pytest.raises(InputError) as refused:
        read_sheet(path)
    assert refused.value.problem.type == "/problems/bad_sheet"


def test_a_sheet_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "_MOST_BYTES", 2**20)

    def refused() -> None:
        with pytest.raises(InputError):
            read_sheet(Path("/dev/zero"))

    soon(refused)


def test_formulas_and_markup_in_a_sheet_are_text(tmp_path: Path) -> None:
    path = write(tmp_path / "one.vcf", ["=cmd()", "<script>"], RECORDS)
    sheet_path = tmp_path / "sheet.tsv"
    sheet_path.write_text("sample\t=HYPERLINK(1)\t@x\tgroup\n=cmd()\t=1+1\t+2x\t-3\n<script>\t" + "z" * 200_000 + "\t\u2029\tNA\n", "utf-8")
    folder = tmp_path / "out"
    cohort.call(path, folder, sheet=sheet_path, service=service())
    write_tsv(folder)
    for table in folder.glob("*.tsv"):
        for line in table.read_text("utf-8").split("\n"):
            assert not [
                field
                for field in line.split("\t")
                if field.startswith(("=", "+", "@")) or (field.startswith("-") and not field[1:2].isdigit())
            ]
    assert pl.read_parquet(folder / "samples" / "part-*.parquet")["=HYPERLINK(1)"].to_list()[0] == "=1+1"


def test_paths_of_a_sheet_that_have_no_end(tmp_path: Path) -> None:
    """A sheet of somebody else leads to devices and pipes instead of contexts."""
    path = write(tmp_path / "one.vcf", names(2), RECORDS)
    os.mkfifo(tmp_path / "pipe")
    sheet_path = tmp_path / "sheet.tsv"
    sheet_path.write_text("sample\tcontext\toutside_calls\nS0000\t/dev/zero\t\nS0001\t\tpipe\n", "utf-8")

    def run() -> None:
        tables = cohort.call(path, sheet=sheet_path, service=service())
        assert tables.samples.is_empty()
        assert tables.errors["code"].to_list() == ["file_unreadable"] * 2

    soon(run)


def test_a_folder_that_somebody_else_has_prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who can work out the identity of a run could plant results for it: those of other users are not taken."""
    path, folder = write(tmp_path / "one.vcf", names(2), RECORDS), tmp_path / "out"
    cohort.call(path, folder, service=service())
    assert cohort.call(path, folder, service=service()).samples.height == 2
    if os.geteuid() == 0:
        planted = folder / "samples" / "part-000000.parquet"
        os.chown(planted, 4711, -1)
        assert of_another_user(folder)
        with pytest.raises(InputError, match="other_run"):
            cohort.call(path, folder, service=service())
        os.chown(planted, 0, -1)
    real = folder / "genes"
    real.rename(tmp_path / "genes")
    real.symlink_to(tmp_path / "genes")
    with pytest.raises(InputError, match="other_run"):
        cohort.call(path, folder, service=service())


@pytest.mark.parametrize("content", [b"[" * 100_000, b"\x80\x04\x95", b"{}", b'{"identity": "x"}', b""], ids=range(5))
def test_a_run_json_that_is_none(content: bytes, tmp_path: Path) -> None:
    path, folder = write(tmp_path / "one.vcf", names(2), RECORDS), tmp_path / "out"
    folder.mkdir()
    (folder / "run.json").write_bytes(content)
    with pytest.raises(InputError, match="other_run"):
        cohort.call(path, folder, service=service())


def test_a_run_json_that_is_a_pipe(tmp_path: Path) -> None:
    path, folder = write(tmp_path / "one.vcf", names(2), RECORDS), tmp_path / "out"
    folder.mkdir()
    os.mkfifo(folder / "run.json")

    def refused() -> None:
        with pytest.raises((InputError, OSError)):
            cohort.call(path, folder, service=service())

    soon(refused)


def test_parts_that_cannot_be_read_end_with_a_message(tmp_path: Path) -> None:
    path, folder = write(tmp_path / "one.vcf", names(2), [columns(record, [0, 1]) for record in RECORDS]), tmp_path / "out"
    cohort.call(path, folder, service=service())
    (folder / "samples" / "part-000000.parquet").write_bytes(b"PAR1" + b"\xff" * 100 + b"PAR1")
    with pytest.raises(InputError, match="other_run"):
        cohort.call(path, folder, service=service())
