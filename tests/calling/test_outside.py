"""Files of outside calls: distinguished by content, read into one model, refused with a reason."""

import csv
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.tables import rows_of
from trdpgx.calling.outside_calls.document import ResultFile, read_result_file
from trdpgx.calling.outside_calls.files import adapters, read_outside_calls
from trdpgx.calling.outside_calls.problems import PROBLEMS
from trdpgx.calling.outside_calls.samples import check_samples
from trdpgx.cli.main import main
from trdpgx.model.errors import ExtensionError
from trdpgx.model.limits import Limits
from trdpgx.model.outside import OutsideCall
from trdpgx.model.problem import InputError

CASES = Path(__file__).parents[1] / "cases"
ROW = b"CYP2D6\t*1/*4\n"


def table(kind: str) -> list[dict[str, str]]:
    return rows_of(CASES / kind / "outside_calls.tsv")


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
        "quality_flag": call.quality_flag or "",
        "tool": call.tool,
    }


def files(kind: str) -> list[str]:
    return [path.name for path in sorted((CASES / kind / "outside_calls").iterdir())]


@pytest.mark.parametrize("name", files("accept"))
def test_each_format_is_read(name: str) -> None:
    expected = [row for row in table("accept") if row["file"] == name]
    made = [as_row(name, call) for call in read_outside_calls(bytes_of("accept", name))]
    assert made == expected, "write its calls into tests/cases/accept/outside_calls.tsv"


@pytest.mark.parametrize("name", files("accept"))
@pytest.mark.parametrize("representation", ["crlf", "bom", "trailing blank lines"])
def test_the_representation_of_a_text_file_does_not_matter(name: str, representation: str) -> None:
    plain = bytes_of("accept", name)
    represented = {"crlf": plain.replace(b"\n", b"\r\n"), "bom": b"\xef\xbb\xbf" + plain, "trailing blank lines": plain + b"\n\n"}[
        representation
    ]
    assert read_outside_calls(represented) == read_outside_calls(plain)


@pytest.mark.parametrize("row", table("reject"), ids=lambda row: row["file"])
def test_what_cannot_be_read_is_refused_with_a_reason(row: dict[str, str]) -> None:
    with pytest.raises(InputError) as caught:
        read_outside_calls(bytes_of("reject", row["file"]))
    problem = caught.value.problem
    assert problem.type == f"/problems/{row['code']}"
    assert problem.line == (int(row["line"]) if row["line"] else None)
    assert problem.detail == row["detail"]
    assert problem.remedy == (row["remedy"] or PROBLEMS[row["code"]].remedy)


def test_every_rejected_file_is_in_the_table() -> None:
    assert set(files("reject")) == {row["file"] for row in table("reject")}


def test_a_file_over_a_cap_is_refused() -> None:
    with pytest.raises(InputError, match="outside_calls_too_large"):
        read_outside_calls(b"#" * 101, Limits(max_outside_bytes=100))
    assert read_outside_calls(ROW + b" " * (17 * 2**20), Limits(max_outside_bytes=18 * 2**20))


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"gene\tdiplotype\tsample\n" + b"".join(b"CYP2D6\t*1/*1\tS%d\n" % n for n in range(101)), "The cap is 100 calls."),
        (b"gene\tdiplotype\n" + b"CYP2D6\t*1/*1\n" * 11, "The cap is 10 calls for one gene of one sample."),
        (b"a\n" * 1_001, "The cap is 1000 lines."),
        (b"a\r" * 1_001, "The cap is 1000 lines."),
        (b"[" + b"{}," * 2_001 + b"{}]", "The cap is 2000 JSON objects and lists."),
        (b"[" * 500_000, "The cap is 2000 JSON objects and lists."),
        (b"[" + b"0," * 10_001 + b"0]", "The cap is 10000 JSON values."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_number_of_calls_and_lines_is_capped(data: bytes, detail: str) -> None:
    with pytest.raises(InputError) as caught:
        read_outside_calls(data, Limits(max_outside_calls=100, max_outside_calls_per_gene=10))
    assert caught.value.problem.type == "/problems/outside_calls_too_many"
    assert caught.value.problem.detail == detail


@pytest.mark.parametrize("result", ["*1/" * 2_000_000, "NO_READS/" * 1_000_000, "9" * 5_000_000, "*1x" + "9" * 5_000, "CYP2D6" * 10_000])
@pytest.mark.parametrize("form", ["own.tsv", "pharmcat", "cyrius.tsv", "dragen", "starphase", "dragen_star_allele", "pypgx", "aldy"])
def test_a_result_of_any_length_is_refused_and_not_taken_apart(form: str, result: str) -> None:
    with pytest.raises(InputError) as caught:
        read_outside_calls(FORMS[form].format(result).encode())
    assert caught.value.problem.detail.partition("`")[2].startswith(("diplotype`", "outside_calls", "[0]"))


def test_a_line_of_many_columns_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        read_outside_calls(b"gene\tdiplotype" + b"\t" * 5_000)
    assert (caught.value.problem.line, caught.value.problem.detail) == (1, "The line has more than 1000 columns.")


def test_json_nested_without_end_is_refused() -> None:
    with pytest.raises(InputError, match="outside_calls_invalid"):
        read_outside_calls(b"[" * 100_000)


def test_the_tools_are_found_through_entry_points() -> None:
    assert list(adapters()) == ["aldy", "cyrius", "dragen", "dragen_star_allele", "pypgx", "starphase", "stellarpgx"], (
        "add the entry point here, and run make setup"
    )


@pytest.mark.parametrize("name", files("accept"))
def test_at_most_one_adapter_recognises_a_file(name: str) -> None:
    document = read_result_file(bytes_of("accept", name), Limits())
    tools = [tool for tool, adapter in adapters().items() if adapter.recognises(document)]
    of_nobody = name.startswith(("own", "pharmcat", "starphase_pharmcat", "table", "hla_tests", "gene_prefix"))
    assert len(tools) == (0 if of_nobody else 1), "an adapter that is new is installed by make setup; one adapter has to recognise the file"
    assert all(name.startswith(tool.removesuffix("_targeted")) for tool in tools), f"name the file after its entry point: {tools}"


COMMENTED = b"##caller=1.2\n## a\tb\n"


@pytest.mark.parametrize(
    "text",
    [
        b"gene\tdiplotype\nCYP2D6\t*1/*4\n",
        b"#gene\tdiplotype\n#a comment\nCYP2D6\t*1/*4\n",
        b"CYP2D6\t*1/*4\n",
        b"#Sample\tGene\tSolutionID\tMajor\tMinor\tCopy\tAllele\nS1\tCYP2D6\t1\t*1/*4\t\t\t\n",
        b"Sample\tGenotype\tFilter\nS1\t*1/*4\tPASS\n",
        b"S1\t*1/*5\n",
    ],
)
def test_comments_above_a_header_change_no_call(text: bytes) -> None:
    commented = read_outside_calls(COMMENTED + b"\n" + text)
    assert commented == read_outside_calls(text)
    document = read_result_file(COMMENTED + b"\n" + text, Limits())
    assert document.comments == ("caller=1.2", "a\tb")
    assert document.rows[0].number == 4


def test_a_file_of_comments_alone_is_refused() -> None:
    assert read_result_file(COMMENTED, Limits()).rows == ()
    with pytest.raises(InputError, match="outside_calls_unknown_format"):
        read_outside_calls(COMMENTED)


class Foreign:
    """An adapter of another package, for a table with a column of its own."""

    def recognises(self, document: ResultFile) -> bool:
        return "my_caller_version" in document.header

    def read(self, document: ResultFile) -> Iterator[dict[str, object]]:
        for line, record in document.records():
            yield {"gene": record["gene"], "diplotype": record["genotype"], "tool": "MyCaller", "line": line}


class LooseForeign(Foreign):
    loose = True

    def recognises(self, document: ResultFile) -> bool:
        return "gene" in document.header


TABLE = b"gene\tgenotype\tmetabolism status\tmy_caller_version\nCYP2D6\t*1/*4\tIntermediate Metabolizer\t2\n"


@pytest.mark.parametrize("name", ["aaa", "zzz"])
@pytest.mark.parametrize(
    ("data", "foreign", "tool"),
    [
        (TABLE.replace(b"\tmetabolism status", b"").replace(b"\tIntermediate Metabolizer", b""), Foreign(), "MyCaller"),
        (TABLE.replace(b"metabolism status", b"phenotype"), Foreign(), "MyCaller"),
        (TABLE.replace(b"metabolism status", b"phenotype"), LooseForeign(), "MyCaller"),
        (TABLE, LooseForeign(), "DRAGEN Star Allele Caller"),
        (b"gene\tdiplotype\tmy_caller_version\tgenotype\nCYP2D6\t*1/*4\t2\t*1/*4\n", Foreign(), "MyCaller"),
        (b"CYP2D6\t*1/*4\n", LooseForeign(), "PharmCAT outside call file"),
    ],
)
def test_the_strictest_adapter_reads_a_file_whatever_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, foreign: Foreign, tool: str
) -> None:
    installed = adapters()
    monkeypatch.setattr("trdpgx.calling.outside_calls.files.adapters", lambda: {name: foreign, **installed})
    assert {call.tool for call in read_outside_calls(data)} == {tool}


def test_an_entry_point_without_its_module_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = EntryPoint("gone", "trdpgx.calling.outside_calls.adapters.gone", "trdpgx.outside_calls")
    monkeypatch.setattr("trdpgx.model.extensions.entry_points", lambda group: [gone])
    adapters.cache_clear()
    try:
        with pytest.raises(ExtensionError, match=r"entry point gone of trdpgx\.outside_calls .* in a checkout of trdpgx, make setup"):
            read_outside_calls(ROW)
        done = CliRunner().invoke(main, ["annotate", "-", "--outside-calls", str(CASES / "accept" / "outside_calls" / "own.tsv")])
        assert done.exit_code == 1
        assert done.stderr.startswith("trdpgx: the entry point gone")
        assert "Traceback" not in done.output
    finally:
        adapters.cache_clear()


def test_adapters_of_two_packages_may_have_the_same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        def __init__(self, name: str, package: str) -> None:
            self.name, self.dist = name, type("Package", (), {"name": package})

        def load(self) -> Foreign:
            return Foreign()

    monkeypatch.setattr(
        "trdpgx.model.extensions.entry_points",
        lambda group: [Point("table", "one"), Point("table", "two"), Point("aldy", "trdpgx")],
    )
    assert list(adapters.__wrapped__()) == ["aldy", "one:table", "two:table"]


def test_what_two_strict_adapters_recognise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = adapters()
    monkeypatch.setattr("trdpgx.calling.outside_calls.files.adapters", lambda: {"mine": Foreign(), **installed})
    with pytest.raises(InputError) as caught:
        read_outside_calls(TABLE)
    assert caught.value.problem.type == "/problems/outside_calls_unknown_format"
    assert caught.value.problem.detail == "The file looks like the output of several tools: mine, dragen_star_allele."


FORMS = {
    "own.tsv": "gene\tdiplotype\ttool\nCYP2D6\t{}\tx\n",
    "own.json": '[{{"gene": "CYP2D6", "diplotype": "{}", "tool": "x"}}]',
    "pharmcat": "CYP2D6\t{}\n",
    "table": "gene\tgenotype\nCYP2D6\t{}\n",
    "aldy": "#Sample\tGene\tSolutionID\tMajor\tMinor\tCopy\tAllele\nS1\tCYP2D6\t1\t{}\t\t\t\n",
    "cyrius.tsv": "Sample\tGenotype\tFilter\nS1\t{}\tPASS\n",
    "cyrius.json": '{{"S1": {{"Genotype": "{}", "Filter": "PASS", "Raw_star_allele": "x"}}}}',
    "dragen": '{{"cyp2d6": {{"genotype": "{}", "genotypeFilter": "PASS"}}}}',
    "dragen_star_allele": "Gene\tGenotype\tMetabolism Status\nCYP2D6\t{}\t\n",
    "pypgx": "\tGene\tGenotype\tPhenotype\tHaplotype1\tHaplotype2\tVariantData\nS1\tCYP2D6\t{}\t\t\t\t\n",
    "starphase": '{{"pbstarphase_version": "1", "gene_details": {{"CYP2D6": {{"diplotypes": [{{"diplotype": "{}"}}]}}}}}}',
    "stellarpgx.alleles": "CYP2D6 Star Allele Calling with StellarPGx\n\nResult:\n{}\n",
    "stellarpgx_summary": "S1\t*1/*5\nS2\t{}\n",
}
"""A file of each format with one result to fill in."""

WORDS = [row[0] for row in csv.reader((CASES / "accept" / "no_call_words.tsv").read_text("utf-8").splitlines()[1:], delimiter="\t")]


@pytest.mark.parametrize("form", FORMS)
def test_a_word_for_no_call_is_one_in_every_format(form: str) -> None:
    for word in ("", *WORDS):
        for result in {word, word.upper(), f"{word}/{word}", f"*1/{word}", f"{word}/*4"}:
            call = read_outside_calls(FORMS[form].format(result).encode())[-1]
            assert call.no_call, result
            in_part = result.startswith("*1/") or result.endswith("/*4")
            assert call.diplotype is None or (in_part and call.diplotype.strip("[]") == result.strip("[]")), result


def test_quotation_marks_of_a_spreadsheet_are_no_part_of_a_value() -> None:
    (call,) = read_outside_calls(b'"CYP2D6"\t"*1/*4"\n')
    assert (call.gene, call.diplotype) == ("CYP2D6", "*1/*4")


@pytest.mark.parametrize("form", FORMS)
def test_a_call_is_none_in_no_format(form: str) -> None:
    for result in ("*1/*4", "CYP2D6*1/CYP2D6*4"):
        if form.startswith("stellarpgx") and "CYP" in result:
            continue
        call = read_outside_calls(FORMS[form].format(result).encode())[-1]
        assert (call.gene, call.diplotype, call.no_call, call.quality_flag) == ("CYP2D6", "*1/*4", False, None)


@pytest.mark.parametrize(
    "data",
    [
        b"gene\tdiplotype\tactivity_score\nCYP2D6\t*1/*77\tsecret\n",
        b"gene\tdiplotype\tsecret\nCYP2D6\t*1/*77\tx\n",
        b'[{"gene": "CYP2D6", "secret": "*1/*77"}]',
        b'{"outside_calls": [{"gene": "CYP2D6", "diplotype": {"secret": "*77"}}]}',
        b'{"outside_calls": [{"gene": "secret*77", "diplotype": "*1/*1"}]}',
        b'{"outside_calls": {"secret": "*77"}}',
        b"secret-*77\t*1/*1\n",
        b"CYP2D6\t*1/*77x100\tsecret\n",
        b"Gene\tGenotype\nsecret*77\t*1/*4\n",
    ],
)
def test_no_error_quotes_the_file(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_outside_calls(data)
    assert "secret" not in caught.value.problem.model_dump_json()
    assert "*77" not in caught.value.problem.model_dump_json()


def test_calls_for_other_samples_are_not_lost_in_silence() -> None:
    calls = read_outside_calls(bytes_of("accept", "cyrius.tsv"))
    check_samples(calls, ["S1", "someone else"])
    with pytest.raises(InputError, match="outside_calls_other_sample"):
        check_samples(calls, ["NA1"])
    check_samples(read_outside_calls(bytes_of("accept", "pharmcat.tsv")), ["NA1"])
    check_samples([], ["NA1"])


ALDY = "#Sample\tGene\tSolutionID\tMajor\tMinor\tCopy\tAllele\n"


@pytest.mark.parametrize(
    ("body", "gene", "sample", "diplotype"),
    [
        ("#Solution 1:\n", "CYP2D6", None, None),
        ("#Solution 1: *4.001, *4.001; cpic=poor; cpic_score=0\n", "CYP2D6", None, "*4.001, *4.001; cpic=poor; cpic_score=0"),
        ("S\tCYP2C19\t1\t*1/*2\t1;2\t0\t1\n#Solution 2: *1, *17\n", "CYP2C19", "S", "*1, *17"),
        ("#Solution 1: *1, *17\n#Solution 2: *1, *2\nS\tCYP2C19\t2\t*1/*2\t1;2\t0\t1\n", "CYP2C19", "S", "*1, *17"),
    ],
)  # fmt: skip
def test_a_solution_of_aldy_without_rows_is_no_call(body: str, gene: str, sample: str | None, diplotype: str | None) -> None:
    (call,) = (call for call in read_outside_calls((ALDY + body).encode()) if call.no_call)
    assert (call.gene, call.sample, call.diplotype, call.tool) == (gene, sample, diplotype, "Aldy")


def test_what_is_stated_beside_no_diplotype_is_read() -> None:
    (call,) = read_outside_calls(
        b'{"cyp2d6": {"genotype": null, "genotypeFilter": "PASS", "pharmcatMetabolismStatus": "Poor Metabolizer"}}'
    )
    assert (call.diplotype, call.phenotype, call.no_call) == (None, "Poor Metabolizer", False)
