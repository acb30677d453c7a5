"""Each case of tests/cases/reject/intake.yaml, and files that are not what they should be: the problem a user gets, with its line."""

import gzip
import io
import re
import zipfile
from pathlib import Path

import pytest
import yaml

from app.intake.problems import PROBLEMS
from app.model.limits import Limits
from app.model.problem import InputError, Problem

from .conftest import Read
from .panel import vcf

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "reject" / "intake.yaml").read_text())
HEADER = ["##fileformat=VCFv4.2", "##contig=<ID=10,length=133797422>", "##source=test"]


def text_of(case: dict) -> bytes:
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t" + "\t".join(["CANARY1", "CANARY2"][: case.get("samples", 1)])
    lines: list[str] = []
    for line in case["lines"]:
        lines += [*HEADER, columns] if line == "header" else [columns] if line == "columns" else [line]
    return "".join(f"{line}\n" for line in lines).encode()


def refused(read: Read, data: bytes, **options: object) -> Problem:
    with pytest.raises(InputError) as raised:
        read(data, **options)
    problem = raised.value.problem
    kind = PROBLEMS[problem.type.removeprefix("/problems/")]
    assert (problem.title, problem.status, problem.remedy) == (kind.title, kind.status, kind.remedy)
    assert "CANARY" not in problem.model_dump_json()
    return problem


def code(problem: Problem) -> str:
    return problem.type.removeprefix("/problems/")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict, read: Read) -> None:
    problem = refused(read, text_of(case), **case.get("options", {}))
    assert (code(problem), problem.line) == (case["problem"], case.get("line"))
    numbers = set(re.findall(r"\d{3,}", problem.detail))
    assert not numbers & {"100", "102", "110", "1100", "1102"}, "a position in a message"


FOREIGN = {
    "CRAM": b"CRAM\x03\x00" + bytes(100),
    "BAM": gzip.compress(b"BAM\x01" + bytes(100)),
    "zip": b"PK\x03\x04" + bytes(100),
    "xz": b"\xfd7zXZ\x00" + bytes(100),
    "bzip2": b"BZh91AY&SY" + bytes(100),
    "LZ4": b"\x04\x22\x4d\x18" + bytes(100),
    "PDF": b"%PDF-1.7" + bytes(100),
    "UTF-16 text": vcf().decode().encode("utf-16"),
    "UTF-16 text, no mark": vcf().decode().encode("utf-16-le"),
    "HTML page": b"<!DOCTYPE html><html><body>404</body></html>" + b" " * 100,
    "HTML page, compressed": gzip.compress(b"\n<html><body>404</body></html>"),
    "SAM": b"@HD\tVN:1.6\n" + bytes(100),
    "FASTA": b">chr1\nACGT\n" * 20,
    "JSON": b'{"a": 1}' * 20,
    "a table of genotyping": b"# rsid\tchromosome\tposition\tgenotype\n" * 5,
    "compressed twice": gzip.compress(gzip.compress(vcf())),
    "tabix": gzip.compress(b"TBI\x01" + bytes(100)),
    "BCF version 1": gzip.compress(b"BCF\x04" + bytes(100)),
    "none of the formats": b"hello, world " * 20,
}


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_formats_are_named(name: str, read: Read) -> None:
    problem = refused(read, FOREIGN[name])
    assert (code(problem), problem.status) == ("unsupported_format", 415)
    assert name.partition(",")[0] in problem.detail


def test_a_zip_archive_of_a_vcf(read: Read) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.vcf", vcf())
    assert "zip" in refused(read, data.getvalue()).detail


@pytest.mark.parametrize("data", [b"", gzip.compress(b"")])
def test_empty_input(data: bytes, read: Read) -> None:
    assert code(refused(read, data)) == "empty_input"


@pytest.mark.parametrize(
    ("cap", "data", "problem"),
    [
        ({"max_bytes": 100}, vcf(), "too_many_bytes"),
        ({"max_inflated_bytes": 100}, gzip.compress(vcf()), "too_many_inflated_bytes"),
        ({"max_header_lines": 3}, vcf(), "header_too_long"),
        ({"max_header_bytes": 200}, vcf(), "header_too_large"),
        ({"max_line_bytes": 70}, vcf("10 100 C T PASS X=" + "y" * 90 + " GT 0/1"), "line_too_long"),
        ({"max_contigs": 1}, vcf(), "too_many_contigs"),
        ({"max_samples": 1}, vcf(samples="A B"), "too_many_samples"),
        ({"max_alts": 2}, vcf("10 100 C T,A,G PASS . GT 0/1"), "too_many_alts"),
        ({"max_records": 1}, vcf(*["3 100 C T PASS . GT 0/1"] * 2), "too_many_records"),
        ({"max_panel_records": 1}, vcf(*["10 100 C T PASS . GT 0/1"] * 2), "too_many_panel_records"),
        ({"max_panel_bytes": 20}, vcf("10 100 C T PASS . GT 0/1"), "panel_too_large"),
        ({"max_seconds": 1e-9}, vcf(), "too_slow"),
    ],
)
def test_caps(cap: dict, data: bytes, problem: str, read: Read) -> None:
    found = refused(read, data, limits=Limits(**cap))
    assert code(found) == problem
    assert found.status in {408, 413}


def test_a_line_over_the_cap_is_refused_before_its_end(read: Read) -> None:
    data = vcf() + b"10\t100\t.\t" + b"A" * 5_000_000
    assert code(refused(read, data, limits=Limits(max_line_bytes=1_000_000))) == "line_too_long"


def test_sample_names_must_be_utf8(read: Read) -> None:
    assert code(refused(read, vcf(samples="CANARY").replace(b"CANARY", b"\xff\xfe"))) == "bad_sample_name"


def test_every_kind_is_complete() -> None:
    assert all(kind.title.endswith(".") and kind.remedy.endswith(".") and kind.code == name for name, kind in PROBLEMS.items())
    assert all(400 <= kind.status < 600 for kind in PROBLEMS.values())
