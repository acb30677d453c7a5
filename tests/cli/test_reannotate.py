"""``trdpgx reannotate`` and ``trdpgx diff``: earlier reports as the formats wrote them, in files and on standard input."""

import json
import os
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from tests.reannotation.reports import changed, golden
from trdpgx.cli.main import main


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), input=stdin)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """An array of one report, and lines of three."""
    one, three = tmp_path / "one.json", tmp_path / "three.ndjson"
    one.write_bytes(b"[" + golden("poor")[0] + b"]")
    three.write_bytes(b"\n".join(golden("three-samples")))
    return one, three


def test_reports_of_several_files_are_made_anew(files: tuple[Path, Path], tmp_path: Path) -> None:
    done = run("reannotate", *files, "--format", "ndjson", "--diff", tmp_path / "diff.json")
    assert done.exit_code == 0
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [report["input"]["sample"] for report in reports] == ["GOLDEN-1", "GOLDEN-1", "GOLDEN-2", "GOLDEN-3"]
    assert done.stderr.splitlines() == [f"{report['input']['sample']}: nothing is different" for report in reports]
    assert [diff["changed"] for diff in json.loads((tmp_path / "diff.json").read_text("utf-8"))] == [False] * 4


def test_standard_input_and_the_other_formats(tmp_path: Path) -> None:
    done = run("reannotate", "-", "--format", "text", "--detail", "full", "--diff", tmp_path / "diff.html", stdin=golden("poor")[0])
    assert done.exit_code == 0
    assert "REFERENCES" in done.stdout
    assert "What is different: GOLDEN-1" in (tmp_path / "diff.html").read_text("utf-8")


def test_a_bundle_names_the_report_that_it_was_made_from_and_can_be_without_tasks() -> None:
    old = golden("poor")[0]
    bundles = [json.loads(run("reannotate", "-", "--format", "fhir", *more, stdin=old).stdout) for more in ((), ("--no-recommendations",))]
    kinds = [{entry["resource"]["resourceType"] for entry in bundle["entry"]} for bundle in bundles]
    assert kinds[0] - kinds[1] == {"Task"}
    (provenance,) = (entry["resource"] for entry in bundles[0]["entry"] if entry["resource"]["resourceType"] == "Provenance")
    (revised,) = (one["what"]["identifier"]["value"] for one in provenance["entity"] if one["role"] == "revision")
    assert revised == f"urn:uuid:{json.loads(old)['report_id']}"


def test_a_file_that_is_no_report_does_not_keep_others_from_being_made_anew(files: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("{}", "utf-8")
    done = run("reannotate", tmp_path / "no.json", tmp_path / "missing.json", files[0])
    assert done.exit_code == 65
    assert "[not_a_report]" in done.stderr
    assert "cannot be opened" in done.stderr
    assert len(json.loads(done.stdout)) == 1


def test_what_is_different_is_shown_in_each_format(files: tuple[Path, Path], tmp_path: Path) -> None:
    report = json.loads(golden("poor")[0])
    newer = tmp_path / "newer.json"
    newer.write_bytes(changed(golden("poor")[0], considerations=report["considerations"][1:]))
    done = run("diff", files[0], newer)
    assert done.exit_code == 0
    assert report["considerations"][0]["rule_id"] in done.stdout
    assert "GONE" in done.stdout
    (diff,) = json.loads(run("diff", files[0], newer, "--format", "json").stdout)
    assert [one["change"] for one in diff["considerations"]] == ["removed"]
    assert run("diff", files[0], newer, "--format", "html", "--output", tmp_path / "d.html").exit_code == 0
    assert run("diff", files[0], newer, "--exit-code").exit_code == 1
    assert run("diff", files[0], files[0], "--exit-code").exit_code == 0


def test_samples_are_compared_by_name(files: tuple[Path, Path], tmp_path: Path) -> None:
    two = tmp_path / "two.ndjson"
    two.write_bytes(b"\n".join(golden("three-samples")[1:]))
    done = run("diff", files[1], two, "--format", "json")
    assert done.exit_code == 65
    assert [diff["sample"] for diff in json.loads(done.stdout)] == ["GOLDEN-2", "GOLDEN-3"]
    assert "three.ndjson has a report of GOLDEN-1" in done.stderr


@pytest.mark.parametrize(
    "arguments", [("reannotate", "-", "-"), ("diff", "-", "-"), ("reannotate", "-", "--diff", "x.pdf"), ("reannotate",)]
)
def test_what_cannot_be_asked_is_refused(arguments: tuple[str, ...]) -> None:
    assert run(*arguments, stdin=b"").exit_code == 2


def test_a_difference_goes_into_a_device_and_never_onto_a_folder(files: tuple[Path, Path], tmp_path: Path) -> None:
    pipe, content = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = Thread(target=lambda: content.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert run("diff", files[0], files[0], "-o", pipe).exit_code == 0
    reader.join(10)
    assert b"Nothing that the report states is different" in content[0]
    assert pipe.is_fifo()
    done = run("diff", files[0], files[0], "-o", tmp_path)
    assert done.exit_code == 2
    assert "cannot be written: Is a directory" in done.stderr
