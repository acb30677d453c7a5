"""What the results of other tools mean, as they are written: tests/cases/accept/outside_results.tsv.

``calls`` are separated by ``;`` and a call's fields by ``|``; the first without a name is the diplotype, and ``no_call`` is one.
``genotypes`` are the file's own. A score range is written with ``-``; ``copies`` is ``no_call`` where the gene has no call.
"""

import json
from pathlib import Path

import pytest

from tests.calling.tables import call, library
from tests.calling.test_conventions import sample
from tests.tables import rows_of
from trdpgx.calling.outside_calls.files import read_outside_calls
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import SampleSites

CASES = Path(__file__).parents[1] / "cases" / "accept"


def fields(text: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for part in text.split("|"):
        name, _, value = part.strip().rpartition("=")
        found |= {"no_call": True} if part.strip() == "no_call" else {name or "diplotype": value}
    return found


def report_of(row: dict[str, str]) -> GeneReport:
    given = [{"gene": row["gene"], "tool": "T", **fields(one)} for one in row["calls"].split("; ")]
    own = sample(row["gene"], row["genotypes"]) if row["gene"] in library().genes else SampleSites("sample", {})
    return call(row["gene"], own, outside=read_outside_calls(json.dumps(given).encode()))


@pytest.mark.parametrize("row", rows_of(CASES / "outside_results.tsv"), ids=lambda row: f"{row['gene']} {row['calls']}")
def test_what_a_result_means(row: dict[str, str]) -> None:
    report = report_of(row)
    scores = dict.fromkeys(f"{score}" for score in report.activity_score_range or ())
    assert {
        "diplotypes": " or ".join(diplotype.name for diplotype in report.diplotypes),
        "score": "-".join(scores),
        "cpic": report.phenotype.code.value if report.phenotype else "",
        "source": report.source.partition(":")[0],
    } == {name: row[name] for name in ("diplotypes", "score", "cpic", "source")}
    if row["copies"] == "no_call":
        assert report.status == "no_call"
    else:
        tests = row["diplotypes"].endswith(("positive", "negative"))
        assert report.status == ("ambiguous" if " or " in row["diplotypes"] and not tests else "called")
        assert row["copies"] == ("" if report.copy_number.value is None else str(report.copy_number.value))
    ours = {note.code for note in report.caveats if note.code.startswith(("outside", "lower_bound"))}
    assert ours == set(row["caveats"].split())


def test_several_tests_of_one_gene_are_one_result() -> None:
    row = {"gene": "HLA-B", "genotypes": "", "calls": "*15:02 negative; *15:11 negative"}
    assert report_of(row).status == "called"


def test_a_flag_and_a_lower_bound_name_what_they_are_about() -> None:
    flagged = report_of({"gene": "CYP2D6", "genotypes": "", "calls": "*1/*78+*2|quality_flag=LowQ_high_CN"})
    texts = {note.code: note.text for note in flagged.caveats}
    assert "LowQ_high_CN" in texts["outside_quality_flag"]
    assert "at least 2.0" in texts["outside_score_at_least"]
    assert "*78" in texts["outside_allele_unknown"]
