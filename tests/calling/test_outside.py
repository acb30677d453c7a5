"""Files of outside calls: told apart by content, read into one model, refused with a reason."""

import csv
from pathlib import Path

import pytest

from app.calling.document import read_document
from app.calling.outside import adapters, check_samples, read_outside_calls
from app.calling.problems import PROBLEMS
from app.model.outside import OutsideCall
from app.model.problem import InputError

CASES = Path(__file__).parents[1] / "cases"


def table(kind: str) -> list[dict[str, str]]:
    with (CASES / kind / "outside_calls.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def bytes_of(kind: str, name: str) -> bytes:
    return (CASES / kind / "outside_calls" / name).read_bytes()


def as_row(name: str, call: OutsideCall) -> dict[str, str]:
    return {
        "file": name,
        "gene": call.gene,
        "sample": call.sample or "",
        "diplotype": call.diplotype or "",
        "phenotype": call.phenotype or "",
        "activity_score": "" if call.activity_score is None else str(call.activity_score),
        "copy_number": "" if call.copy_number is None else str(call.copy_number),
        "no_call": "yes" if call.no_call else "",
        "tool": call.tool,
    }


def files(kind: str) -> list[str]:
    return [path.name for path in sorted((CASES / kind / "outside_calls").iterdir())]


@pytest.mark.parametrize("name", files("accept"))
def test_each_format_is_read(name: str) -> None:
    expected = [row for row in table("accept") if row["file"] == name]
    assert [as_row(name, call) for call in read_outside_calls(bytes_of("accept", name))] == expected


@pytest.mark.parametrize("name", files("accept"))
@pytest.mark.parametrize("dress", ["crlf", "bom", "trailing blank lines"])
def test_the_dress_of_a_text_file_does_not_matter(name: str, dress: str) -> None:
    plain = bytes_of("accept", name)
    dressed = {"crlf": plain.replace(b"\n", b"\r\n"), "bom": b"\xef\xbb\xbf" + plain, "trailing blank lines": plain + b"\n\n"}[dress]
    assert read_outside_calls(dressed) == read_outside_calls(plain)


@pytest.mark.parametrize("row", table("reject"), ids=lambda row: row["file"])
def test_what_cannot_be_read_is_refused_with_a_reason(row: dict[str, str]) -> None:
    with pytest.raises(InputError) as caught:
        read_outside_calls(bytes_of("reject", row["file"]))
    problem = caught.value.problem
    assert problem.type == f"/problems/{row['code']}"
    assert problem.line == (int(row["line"]) if row["line"] else None)
    assert problem.detail == row["detail"]
    assert row["code"] in PROBLEMS


def test_every_rejected_file_is_in_the_table() -> None:
    assert set(files("reject")) == {row["file"] for row in table("reject")}


def test_a_file_over_the_cap_is_refused() -> None:
    with pytest.raises(InputError, match="outside_calls_too_large"):
        read_outside_calls(b"#" * (16 * 2**20 + 1))


def test_json_nested_without_end_is_refused() -> None:
    with pytest.raises(InputError, match="outside_calls_invalid"):
        read_outside_calls(b"[" * 500_000)


def test_seven_tools_are_found_through_entry_points() -> None:
    assert list(adapters()) == ["aldy", "cyrius", "dragen", "dragen_star_allele", "pypgx", "starphase", "stellarpgx"]


@pytest.mark.parametrize("name", files("accept"))
def test_at_most_one_adapter_recognises_a_file(name: str) -> None:
    document = read_document(bytes_of("accept", name))
    tools = [tool for tool, adapter in adapters().items() if adapter.recognises(document)]
    expected = [] if name.startswith(("own", "pharmcat", "starphase_pharmcat")) else [name.partition(".")[0].removesuffix("_summary")]
    assert tools == ([tool.replace("dragen_targeted", "dragen") for tool in expected])


def test_no_error_quotes_the_file() -> None:
    with pytest.raises(InputError) as caught:
        read_outside_calls(b"gene\tdiplotype\tactivity_score\nCYP2D6\t*1/*77\tsecret\n")
    assert "secret" not in caught.value.problem.model_dump_json()
    assert "*77" not in caught.value.problem.model_dump_json()


def test_calls_for_other_samples_are_not_lost_in_silence() -> None:
    calls = read_outside_calls(bytes_of("accept", "cyrius.tsv"))
    check_samples(calls, ["S1", "someone else"])
    with pytest.raises(InputError, match="outside_calls_other_sample"):
        check_samples(calls, ["NA1"])
    check_samples(read_outside_calls(bytes_of("accept", "pharmcat.tsv")), ["NA1"])
    check_samples([], ["NA1"])
