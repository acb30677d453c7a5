"""The registry of report formats: a format that another package brings is found wherever formats are offered."""

import json
import os
import shutil
import subprocess
import sys
from html import escape
from io import BytesIO
from pathlib import Path

import pytest

from trdpgx import Service, annotate
from trdpgx.report.format_registry import DEFAULT, report_formats, served_formats
from trdpgx.report.selection import shortened
from trdpgx.service.example import GENOME

TOY = """
from trdpgx.report.format_registry import ReportFormat


def write(reports):
    for report in reports:
        yield b"one: "
        yield report.input.sample.encode()


FORMAT = ReportFormat(
    name="toy", media_type="text/x-toy", ending=".toy", about="a name alone", many={many}, write=write, schema={{"type": "string"}}
)
"""
TRY = """
import json
from click.testing import CliRunner
from tests.http.application import open_client
from trdpgx.cli.main import main
from trdpgx.service.example import GENOME

TWO = GENOME.replace(b"SYNTHETIC", b"A\\tB").replace(b"0/1\\n", b"0/1\\t0/0\\n").replace(b"GT\\t0/0\\n", b"GT\\t0/0\\t0/1\\n")
run = lambda *arguments, given=None: CliRunner().invoke(main, ["annotate", *arguments], input=given)
made = {"help": run("--help").stdout, "cli": run("-", "--format", "toy", given=GENOME).stdout}
made["cli_two"] = run("-", "--format", "toy", given=TWO).output
with open_client() as client:
    post = lambda content, **more: client.post("/v1/reports", content=content, **more)
    answers = {
        "query": post(GENOME, params={"format": "toy"}, headers={"Accept": "application/json"}),
        "accept": post(GENOME, headers={"Accept": "text/x-toy"}),
        "two": post(TWO, params={"format": "toy"}),
        "either": post(TWO, headers={"Accept": "text/x-toy, application/json;q=0.5"}),
        "refused": post(GENOME, headers={"Accept": "image/png"}),
        "unknown": post(GENOME, params={"format": "png"}),
    }
    made |= {name: [answer.headers["content-type"].partition(";")[0], answer.text] for name, answer in answers.items()}
    post = client.get("/openapi.json").json()["paths"]["/v1/reports"]["post"]
    made["content"] = post["responses"]["200"]["content"]["text/x-toy"]
    made["formats"] = next(one["schema"]["enum"] for one in post["parameters"] if one["name"] == "format")
    made["example"] = post["responses"]["406"]["content"]["application/problem+json"]["examples"]["not_acceptable"]["value"]
print(json.dumps(made))
"""


def test_the_default_comes_first_and_names_are_listed() -> None:
    assert next(iter(report_formats())) == DEFAULT
    assert [*report_formats()] == ["json", "fhir", "html", "ndjson", "parquet", "text", "tsv", "vcf"], (
        "a new format is written into the two lists of this test"
    )
    assert [one.media_type for one in served_formats().values()] == [
        "application/json",
        "application/fhir+json",
        "text/html",
        "application/x-ndjson",
        "text/plain",
        "text/tab-separated-values",
        "text/x-vcf",
    ]
    assert {(one.write_with_knowledge or one.write).__module__ for one in report_formats().values()} == {
        f"trdpgx.report.formats.{name}" for name in report_formats()
    }


def with_toy(folder: Path, script: str, toy: str) -> "subprocess.CompletedProcess[str]":
    """Run a script where a package with the toy format is installed."""
    installed = folder / "toy-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text("[trdpgx.report_formats]\ntoy = toy:FORMAT\n")
    (folder / "toy.py").write_text(toy)
    root = Path(__file__).parents[2]
    # the workers of a service are processes of their own, and have to see it as well
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{root}"}
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment)


@pytest.mark.server
@pytest.mark.parametrize("many", [True, False])
def test_a_format_of_another_package_is_found_everywhere(tmp_path: Path, many: bool) -> None:
    done = with_toy(tmp_path, TRY, TOY.format(many=many))
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert f"[{'|'.join(report_formats())}|toy]" in made["help"]
    assert "toy: a name alone" in " ".join(made["help"].split())
    assert made["cli"] == "one: SYNTHETIC"
    assert made["query"] == made["accept"] == ["text/x-toy", "one: SYNTHETIC"]
    assert made["content"] == {"schema": {"type": "string"}, "example": "one: SYNTHETIC"}
    assert made["formats"] == [*served_formats(), "toy"]
    types = ", ".join(one.media_type for one in served_formats().values())
    for problem in (made["refused"][1], made["example"]["detail"] + made["example"]["remedy"]):
        assert f"Reports come as {types} and text/x-toy." in problem
        assert "`?format=`" in problem
    assert f"Reports come as {', '.join(served_formats())} and toy." in made["unknown"][1]
    if many:
        assert made["cli_two"] == "one: Aone: B"
        assert made["two"] == made["either"] == ["text/x-toy", "one: Aone: B"]
    else:
        assert "--format toy holds one report" in made["cli_two"]
        assert made["two"][0] == "application/problem+json"
        assert "The input has 2 samples, and toy holds one report" in made["two"][1]
        assert made["either"][0] == "application/json"


ONLY_WHOLE = """
from trdpgx.report.format_registry import ReportFormat


def write(reports):
    for report in reports:
        if len(report.genes) < 3:
            raise LookupError(report.input.sample)
        yield b"whole"


FORMAT = ReportFormat(
    name="toy", media_type="text/x-toy", ending=".toy", about="a name alone", many=True, write=write, schema={"type": "string"}
)
"""
DESCRIBE = """
import json
from tests.http.application import open_client

with open_client() as client:
    answer = client.get("/openapi.json")
print(json.dumps([answer.status_code, answer.json()["paths"]["/v1/reports"]["post"]["responses"]["200"]["content"]["text/x-toy"]]))
"""


@pytest.mark.server
def test_a_format_that_cannot_write_its_example_is_described_without_one(tmp_path: Path) -> None:
    done = with_toy(tmp_path, DESCRIBE, ONLY_WHOLE)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [200, {"schema": {"type": "string"}}]


def test_a_shortened_report_names_no_consideration_that_it_lacks() -> None:
    (report,) = annotate(BytesIO(GENOME))
    short = shortened(report, {"considerations": report.considerations[:2], "drugs": report.drugs[:2]})
    assert short.summary is not None
    resting = [*short.drugs, *short.summary.attention, *short.summary.resistance, *(one for _, ones in short.summary.drugs for one in ones)]
    assert {i for one in resting for i in one.considerations} <= {one.id for one in short.considerations}


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    toy = TOY.format(many=True).replace('"text/x-toy"', '"text/plain"')
    done = with_toy(tmp_path, "from trdpgx.report.format_registry import report_formats\nreport_formats()", toy)
    assert "ValueError: two report formats are named toy or have the media type text/plain" in done.stderr


@pytest.mark.parametrize("name", ["=cmd()", "<script>alert(1)</script>", "<ID=x", 'a\\"b;,|%0A{}', "-1+1", "Änderung 🧬"])
def test_the_name_of_an_input_does_nothing_in_any_format(name: str) -> None:
    with Service() as service:
        reports = annotate(BytesIO(GENOME), input_name=name, service=service)
        written = {one.name: b"".join(one.with_knowledge(service.knowledge).answer(reports)).decode() for one in served_formats().values()}
    assert json.loads(written["json"])["input"]["name"] == name
    assert f"input {name}" in written["text"]
    assert "<script>" not in written["html"]
    assert f"input {escape(name, quote=True)}" in written["html"].replace("&#34;", "&quot;")
    bundle = json.loads(written["fhir"])
    (source,) = (
        entity["what"]["display"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == "Provenance"
        for entity in entry["resource"]["entity"]
        if "identifier" in entity["what"]
    )
    assert source.startswith(f"{name}: ")
    named = next(line for line in written["vcf"].splitlines() if line.startswith("##trdpgxInputName="))
    assert "<" not in named
    if shutil.which("bcftools"):
        done = subprocess.run(["bcftools", "view", "-h", "-"], input=written["vcf"].encode(), capture_output=True, check=True)
        assert done.stderr == b""
        assert named in done.stdout.decode()


def test_a_name_with_a_control_character_is_refused() -> None:
    with pytest.raises(ValueError, match="255 characters"):
        annotate(BytesIO(GENOME), input_name="a\x1b[0m")
