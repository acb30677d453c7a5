"""``trdpgx annotate``: forms, files, failures and exit codes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.runner import annotate
from tests.http.servers import COMMAND
from trdpgx.service.example import GENOME

TWO = GENOME.replace(b"SYNTHETIC", b"A\tB").replace(b"0/1\n", b"0/1\t0/0\n").replace(b"GT\t0/0\n", b"GT\t0/0\t0/1\n")
BROKEN = GENOME.replace(b"\t0/0\n", b"\t0/7\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.vcf").write_bytes(GENOME)
    (tmp_path / "two.vcf").write_bytes(TWO)
    (tmp_path / "broken.vcf").write_bytes(BROKEN)
    return tmp_path


def samples(text: str) -> list[str]:
    return [json.loads(line)["input"]["sample"] for line in text.splitlines()]


def test_json_is_an_array_of_one_report_or_several(folder: Path) -> None:
    for files, expected in ((["one.vcf"], ["SYNTHETIC"]), (["one.vcf", "two.vcf"], ["SYNTHETIC", "A", "B"])):
        result = annotate(*(folder / name for name in files), "--format", "json")
        assert result.exit_code == 0
        assert [report["input"]["sample"] for report in json.loads(result.stdout)] == expected


def test_ndjson_is_a_report_a_line(folder: Path) -> None:
    assert samples(annotate(folder / "two.vcf", "--format", "ndjson").stdout) == ["A", "B"]


def test_text_is_for_people(folder: Path) -> None:
    assert annotate(folder / "two.vcf", "--format", "text").stdout.count("WHAT STANDS OUT") == 2
    shown = annotate(folder / "two.vcf", "--format", "text", "--detail", "full").stdout
    assert shown.count("WHAT THIS REPORT CANNOT SAY") == 2


def test_a_dash_is_standard_input() -> None:
    assert samples(annotate("-", "--format", "ndjson", given=GENOME).stdout) == ["SYNTHETIC"]


def test_options_reach_the_report(folder: Path) -> None:
    options = ("--sample", "B", "--assembly", "GRCh38", "--absent", "reference", "--all-candidates", "--combinations")
    options = (*options, "--ancestry", "european")
    (report,) = (json.loads(line) for line in annotate(folder / "two.vcf", *options, "--format", "ndjson").stdout.splitlines())
    expected = {"assembly": "GRCh38", "absent": "reference", "all_candidates": True, "combinations": True, "ancestry": "european"}
    unused = {"drug": [], "gene": [], "domain": [], "detail": "summary", "recommendations": True}
    assert report["options"] == {"sample": "B", **expected, **unused}


def test_outside_calls_reach_the_report(folder: Path) -> None:
    calls = folder / "calls.tsv"
    calls.write_text("gene\tdiplotype\ttool\nCYP2D6\t*1/*2x2\tSome caller\n")
    (report,) = json.loads(annotate(folder / "one.vcf", "--outside-calls", calls).stdout)
    (gene,) = (gene for gene in report["genes"] if gene["gene"] == "CYP2D6")
    assert gene["diplotypes"][0]["name"] == "*1/*2x2"


def test_a_bad_file_is_reported_and_does_not_lose_the_others(folder: Path) -> None:
    result = annotate(folder / "broken.vcf", folder / "one.vcf", folder / "none.vcf", folder, "--format", "ndjson")
    assert result.exit_code == 65
    assert samples(result.stdout) == ["SYNTHETIC"]
    assert "broken.vcf: A genotype names an allele that the record does not have. (line 9)" in result.stderr
    assert "What to do: Number alleles from 0" in result.stderr
    assert "[allele_out_of_range]" in result.stderr
    assert "none.vcf: The file cannot be opened.\n  No such file or directory." in result.stderr
    assert result.stderr.count("cannot be opened") == 2


@pytest.mark.parametrize("form", ["json", "ndjson", "text"])
def test_only_bad_files_give_no_report(folder: Path, form: str) -> None:
    result = annotate(folder / "broken.vcf", "--format", form)
    assert result.exit_code == 65
    assert result.stdout == ""


def test_bad_outside_calls_are_reported(folder: Path) -> None:
    calls = folder / "calls.tsv"
    calls.write_text("nothing that we know")
    for name, words in ((calls, "[outside_calls_unknown_format]"), (folder / "none.tsv", "cannot be opened")):
        result = annotate(folder / "one.vcf", "--outside-calls", name)
        assert result.exit_code == 65
        assert words in result.stderr


@pytest.mark.parametrize("name", ["https://example.org/a.vcf", "s3://bucket/a.vcf", "data:,a"])
def test_addresses_are_not_opened(name: str) -> None:
    result = annotate(name)
    assert result.exit_code == 65
    assert "fetch the file first" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("one.vcf", "--assembly", "hg18"),
        ("one.vcf", "--absent", "normal"),
        ("one.vcf", "--format", "xml"),
        ("one.vcf", "--nonsense"),
        ("-", "-"),
        ("one.vcf", "two.vcf", "--outside-calls", "calls.tsv"),
        ("one.vcf", "--sample", "x" * 2000),
        ("one.vcf", "--output", "."),
        ("one.vcf", "--output", "nowhere/report.json"),
    ],
)
def test_wrong_usage(folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    monkeypatch.chdir(folder)
    result = annotate(*arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


def test_an_output_file_appears_whole_or_not_at_all(folder: Path) -> None:
    output = folder / "report.json"
    output.write_text("an older report")
    assert annotate(folder / "broken.vcf", "--output", output).exit_code == 65
    assert output.read_text() == "an older report"
    result = annotate(folder / "broken.vcf", folder / "one.vcf", "--output", output)
    assert result.exit_code == 65
    assert result.stdout == ""
    assert json.loads(output.read_text())[0]["input"]["sample"] == "SYNTHETIC"
    assert sorted(path.name for path in folder.iterdir()) == ["broken.vcf", "one.vcf", "report.json", "two.vcf"]


def test_the_command_leaves_no_process_and_no_file(folder: Path) -> None:
    scratch = folder / "tmp"
    scratch.mkdir()
    command = [COMMAND, "annotate", folder / "one.vcf", "--format", "text"]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "TMPDIR": str(scratch)}, cwd=scratch)
    assert b"CYP2C19" in done.stdout
    assert done.stderr == b""
    assert list(scratch.iterdir()) == []


def test_a_reader_that_goes_away_is_no_fault(folder: Path) -> None:
    done = subprocess.run(f"{COMMAND} annotate {folder}/one.vcf | head -c 10", shell=True, capture_output=True, check=False)  # noqa: S602
    assert len(done.stdout) == 10
    assert b"Traceback" not in done.stderr


def test_an_interrupt_ends_with_its_own_exit_code_and_leaves_no_draft(tmp_path: Path) -> None:
    script = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\nfrom trdpgx.cli.main import main; main()"
    command = [sys.executable, "-c", script, "annotate", "-", "--output", tmp_path / "report.json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not list(tmp_path.iterdir()):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b"trdpgx: interrupted\n"
    assert list(tmp_path.iterdir()) == []


def test_several_samples_and_an_alias_of_the_assembly(folder: Path) -> None:
    done = annotate(folder / "two.vcf", "--sample", "B", "--sample", "A", "--assembly", "HG38", "--format", "ndjson")
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(report["input"]["sample"], report["options"]["sample"]) for report in reports] == [("A", "A"), ("B", "B")]
    assert {report["options"]["assembly"] for report in reports} == {"GRCh38"}
    assert "[sample_unknown]" in annotate(folder / "two.vcf", "--sample", "B", "--sample", "C").stderr
