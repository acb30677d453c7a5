"""``trdpgx annotate`` in a pipeline: demands, exit codes, names, quiet, and what a terminal alone is shown."""

import contextlib
import json
import os
import pty
import re
import socket
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.cli.runner import annotate
from tests.http.servers import COMMAND
from trdpgx.cli.exit_codes import ExitCode
from trdpgx.service.example import GENOME

EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"
TWO = GENOME.replace(b"SYNTHETIC", b"A\tB").replace(b"0/1\n", b"0/1\t0/0\n").replace(b"GT\t0/0\n", b"GT\t0/0\t0/1\n")
CONFLICTING = b"Sample\tGenotype\tFilter\nSYNTHETIC-1\t*1/*2x2\tPASS\n"


def at_a_terminal(*command: str | Path) -> str:
    """Run a command with a terminal as its standard error, and return what it shows there."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=theirs, stdin=subprocess.DEVNULL) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # EIO where the other end is closed
            while piece := os.read(ours, 4096):
                shown += piece
        process.wait(60)
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("demands", "unmet"),
    [
        (("--require", "CYP2C19,cyp2d6"), []),
        (
            ("--require", "CYP2C19", "--require", "CYP2C9"),
            ["CYP2C9 was not called. No site that defines an allele was"],
        ),
        (("--require", "CYP2C19", "--fail-on", "no-call"), []),
        (("--require", "HLA-B"), ["HLA-B is not in the report [no-call]"]),
        (("--require", "CYP2C19", "--fail-on", "assumed,open", "--fail-on", "conflict,warning"), []),
        (
            ("--absent", "reference", "--require", "CYP3A4", "--fail-on", "assumed"),
            ["CYP3A4 rests on "],
        ),
        (("--gene", "CYP2D6", "--require", "CYP3A4"), ["CYP3A4 is not in the report [no-call]"]),
    ],
)
def test_demands(demands: tuple[str, ...], unmet: list[str]) -> None:
    result = annotate(EXAMPLE, *demands, "--format", "ndjson")
    shown = result.stderr.splitlines()
    assert len(shown) == len(unmet)
    for line, words in zip(shown, unmet, strict=True):
        assert line.startswith(f"trdpgx: {EXAMPLE}: sample 1: {words}")
    assert result.exit_code == (ExitCode.UNMET if unmet else 0)
    assert json.loads(result.stdout)["input"]["sample"] == "SYNTHETIC-1", "the report is written all the same"


def test_sites_of_a_genome_are_named_at_a_terminal_alone(tmp_path: Path) -> None:
    unknown = tmp_path / "unknown.vcf"
    unknown.write_bytes(GENOME.replace(b"rs4244285\tG\tA", b".\tG\tT"))
    reason = json.loads(annotate(unknown, "-f", "ndjson").stdout)["genes"]
    (reason,) = (gene["no_call_reason"] for gene in reason if gene["gene"] == "CYP2C19")
    shown = annotate(unknown, "--require", "CYP2C19").stderr
    assert shown.endswith("sample 1: CYP2C19 was not called. The report states why. [no-call]\n")
    trdpgx = Path(sys.executable).with_name("trdpgx")
    assert reason in at_a_terminal(trdpgx, "annotate", unknown, "--require", "CYP2C19", "-o", tmp_path / "out.json")


def test_every_condition_is_seen_where_it_holds(tmp_path: Path) -> None:
    calls = tmp_path / "calls.tsv"
    calls.write_bytes(CONFLICTING)
    conflict = annotate(EXAMPLE, "--outside-calls", calls, "--fail-on", "conflict")
    assert conflict.exit_code == 4
    assert "CYP2D6 has a conflict; CYP2D6 as another tool calls it and the genotypes of this file contradict each other" in conflict.stderr
    part = tmp_path / "part.vcf"
    lines = EXAMPLE.read_bytes().splitlines(keepends=True)
    part.write_bytes(b"".join(line for number, line in enumerate(lines) if line.startswith(b"#") or number % 2))
    for condition, words in (("open", "has an open phenotype"), ("no-call", "was not called")):
        assert f"{words}" in annotate(part, "--fail-on", condition).stderr
    assumed = annotate(part, "--absent", "reference", "--fail-on", "assumed")
    assert re.search(r"CYP2D6 rests on \d+ sites assumed to be the reference \[assumed\]", assumed.stderr)
    part.write_bytes(EXAMPLE.read_bytes().rstrip(b"\n"))
    assert "The last line has no newline. It was read. [warning: no_final_newline]" in annotate(part, "--fail-on", "warning").stderr


def test_an_input_that_cannot_be_read_counts_for_more(tmp_path: Path) -> None:
    truncated = tmp_path / "cut.vcf"
    truncated.write_bytes(EXAMPLE.read_bytes()[:-40])
    assert annotate(EXAMPLE, truncated, "--require", "CYP2C9").exit_code == 65


def test_many_unmet_demands_are_counted(tmp_path: Path) -> None:
    names = [f"S{number}" for number in range(30)]
    line = b"".join(b"\t0/0" for _ in names)
    text = re.sub(rb"\t0/[01]\n", line + b"\n", GENOME.replace(b"SYNTHETIC", "\t".join(names).encode()))
    result = annotate("-", "--require", "CYP2C9", "--output", tmp_path / "out.json", given=text)
    assert result.exit_code == 4
    assert result.stderr.splitlines()[-1] == "trdpgx: and 10 more demands that are not met"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--fail-on", "nocall"),
        ("--fail-on", "no-call,"),
        ("--require", "CYP2C20"),
        ("--require", ""),
        ("--require", " , "),
        ("--input-name", "a", "--input-name", "b"),
        ("--input-name", "a\x1b[31m"),
        ("--input-name", "x" * 256),
        ("--input-name", ""),
        ("--format", "json", "--output", "."),
    ],
)
def test_wrong_demands(arguments: tuple[str, ...]) -> None:
    result = annotate(EXAMPLE, *arguments)
    assert result.exit_code == ExitCode.USAGE
    assert "Usage:" in result.stderr


def test_samples_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "two.vcf").write_bytes(TWO)
    names = tmp_path / "names.txt"
    names.write_bytes(b"\xef\xbb\xbfB\r\n\r\n")
    for more, expected in (((), ["B"]), (("-s", "A"), ["A", "B"])):
        done = annotate(tmp_path / "two.vcf", "-S", names, *more, "-f", "ndjson")
        assert [json.loads(line)["input"]["sample"] for line in done.stdout.splitlines()] == expected
    names.write_bytes(b"A\rB\r")
    assert len(annotate(tmp_path / "two.vcf", "-S", names, "-f", "ndjson").stdout.splitlines()) == 2
    for content, words in ((b"", "The file names no sample."), (b"\xff\n", "The file names no sample.")):
        names.write_bytes(content)
        result = annotate(tmp_path / "two.vcf", "--samples-file", names)
        assert (result.exit_code, words in result.stderr) == (65, True)
    assert "cannot be opened" in annotate(tmp_path / "two.vcf", "--samples-file", tmp_path / "none").stderr


def test_the_input_has_the_name_that_the_caller_gives(tmp_path: Path) -> None:
    (tmp_path / "two.vcf").write_bytes(TWO)
    done = annotate(EXAMPLE, tmp_path / "two.vcf", "--input-name", "one", "--input-name", "=two", "-f", "ndjson")
    assert [json.loads(line)["input"]["name"] for line in done.stdout.splitlines()] == ["one", "=two", "=two"]
    assert json.loads(annotate(EXAMPLE, "-f", "ndjson").stdout)["input"]["name"] is None


def test_a_dash_is_standard_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert json.loads(annotate(EXAMPLE, "-o", "-", "-f", "ndjson").stdout)["input"]["sample"] == "SYNTHETIC-1"
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_file_is_written_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    copy = tmp_path / "copy.ndjson"
    with copy.open("wb") as file, subprocess.Popen(["cat", pipe], stdout=file) as reader:
        assert annotate(EXAMPLE, "--output", pipe, "--format", "ndjson").exit_code == 0
        assert reader.wait(60) == 0
    assert json.loads(copy.read_text())["input"]["sample"] == "SYNTHETIC-1"
    assert pipe.is_fifo()


@pytest.mark.parametrize("form", ["tsv", "parquet"])
def test_a_folder_gets_all_files_or_none(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "new" / "tables"
    assert annotate(tmp_path / "none.vcf", "--format", form, "--output", f"{folder}/").exit_code == 65
    assert not folder.exists()
    assert annotate(EXAMPLE, "--format", form, "--output", f"{folder}/").exit_code == 0
    names = ("considerations", "genes", "genotypes", "rare_variants", *(["records"] if form == "parquet" else []), "samples", "variants")
    assert sorted(path.name for path in folder.iterdir()) == [f"{name}.{form}" for name in names]
    one = tmp_path / "one"
    assert annotate(EXAMPLE, "--format", form, "--output", one).exit_code == 0
    frame = pl.read_parquet(one) if form == "parquet" else pl.read_csv(one, separator="\t", quote_char=None)
    assert set(frame["kind"]) >= {"gene", "variant", "consideration", "limitation"}


def test_quiet_leaves_standard_error_empty(tmp_path: Path) -> None:
    for arguments in ((EXAMPLE, "--require", "CYP2C9"), (tmp_path / "none.vcf",), (EXAMPLE, "--sample", "nobody")):
        loud, quiet = annotate(*arguments), annotate(*arguments, "--quiet")
        assert (quiet.exit_code, quiet.stderr) == (loud.exit_code, "")
        assert loud.stderr
        assert loud.exit_code in {4, 65}
    assert "Usage:" in annotate(EXAMPLE, "--quiet", "--format", "xml").stderr


def test_sample_names_are_shown_at_a_terminal_only(tmp_path: Path) -> None:
    (tmp_path / "two.vcf").write_bytes(TWO)
    command = [COMMAND, "annotate", tmp_path / "two.vcf", "--sample", "C"]
    assert "The samples are: A, B." in at_a_terminal(*command)
    assert "The samples" not in subprocess.run(command, capture_output=True, text=True, check=False).stderr
    required = [COMMAND, "annotate", tmp_path / "two.vcf", "--require", "CYP2C9"]
    assert "two.vcf: sample B: CYP2C9 was not called" in at_a_terminal(*required)
    assert "two.vcf: sample 2: CYP2C9 was not called" in subprocess.run(required, capture_output=True, text=True, check=False).stderr


def test_binary_output_is_not_for_a_terminal() -> None:
    ours, theirs = pty.openpty()
    command = [COMMAND, "annotate", EXAMPLE, "--format", "parquet"]
    done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False)
    os.close(theirs)
    os.close(ours)
    assert (done.returncode, "is not for a terminal" in done.stderr) == (2, True)


def test_a_reader_that_goes_and_a_full_disk_have_codes_of_their_own(tmp_path: Path) -> None:
    left, right = os.pipe()
    os.close(left)
    done = subprocess.run([COMMAND, "annotate", EXAMPLE], stdout=right, stderr=subprocess.PIPE, check=False)
    os.close(right)
    assert (done.returncode, done.stderr) == (ExitCode.READER_GONE, b"")
    for arguments in (("annotate", EXAMPLE), ("schema", "report")):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run([COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, check=False)
        assert (done.returncode, b"Traceback" in done.stderr) == (ExitCode.UNWRITTEN, False)


def test_a_busy_port_has_a_code_of_its_own() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run([COMMAND, "serve", "--port", str(taken.getsockname()[1])], capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.NOT_STARTED
    assert "address already in use" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("words", "expected"), [("ann", "annotate"), ("annotate --fail", "--fail-on"), ("annotate --format ts", "tsv")])
def test_the_shell_completes(words: str, expected: str) -> None:
    environment = {
        **os.environ,
        "_TRDPGX_COMPLETE": "bash_complete",
        "COMP_WORDS": f"trdpgx {words}",
        "COMP_CWORD": str(len(words.split())),
    }
    done = subprocess.run([COMMAND], env=environment, capture_output=True, text=True, check=False)
    assert f"plain,{expected}" in done.stdout.splitlines()
