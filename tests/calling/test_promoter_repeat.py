"""5-HTTLPR as other tools call it: how it is written, what rs25531 adds, and what follows."""

import csv
from pathlib import Path

import pytest

from trdpgx import Report, annotate
from trdpgx.calling.promoter_repeat import repeat_forms, with_promoter_repeat
from trdpgx.model.genome import SiteState
from trdpgx.model.outside import OutsideCall
from trdpgx.model.variant_report import VariantReport

CASES = Path(__file__).parents[1] / "cases"
with (CASES / "accept" / "promoter_repeat.tsv").open(encoding="utf-8") as _file:
    WRITTEN = [(row["written"], row["read as"] or None) for row in csv.DictReader(_file, delimiter="\t")]


def variant(name: str, **more: object) -> VariantReport:
    unseen = {"hgvs_c": None, "hgvs_p": None, "location": None, "ref": None, "alts": (), "genotype": None, "effect_allele": None}
    state = {"effect_allele_count": None, "state": "not_assayable"}
    return VariantReport.model_validate({"id": name, "gene": "SLC6A4", **unseen, **state, **more})


def call(diplotype: str, tool: str = "PacBio") -> OutsideCall:
    return OutsideCall(gene="SLC6A4", diplotype=diplotype, tool=tool)


def repeat(*calls: OutsideCall, inside: VariantReport | None = None) -> VariantReport:
    variants = (variant("5-HTTLPR"), *([inside] if inside else []))
    return with_promoter_repeat(variants, calls)[0]


@pytest.mark.parametrize(("written", "expected"), WRITTEN)
def test_each_way_of_writing_is_read_or_left(written: str, expected: str | None) -> None:
    forms = repeat_forms(written)
    assert (None if forms is None else "/".join(forms)) == expected


@pytest.mark.parametrize(
    ("pair", "count", "quality", "genotype"),
    [
        ("L/L", 0, 50.0, "La/La"),
        ("L/L", 1, 50.0, "La/Lg"),
        ("L/L", 2, 50.0, "Lg/Lg"),
        ("L/S", 0, 50.0, "La/S"),
        ("L/S", 1, 50.0, "L/S"),
        ("L/L", 0, 5.0, "L/L"),
        ("L/L", 0, None, "L/L"),
        ("S/S", 1, 50.0, "S/S"),
        ("La/S", 2, 50.0, "La/S"),
    ],
)
def test_rs25531_of_the_file_counts_only_with_a_quality(pair: str, count: int, quality: float | None, genotype: str) -> None:
    inside = variant("rs25531", state=SiteState.CALLED, effect_allele_count=count, quality=quality)
    assert repeat(call(pair), inside=inside).genotype == genotype


def test_a_covered_reference_at_rs25531_proves_nothing() -> None:
    inside = variant("rs25531", state=SiteState.COVERED_REFERENCE, effect_allele_count=0, quality=99.0)
    assert repeat(call("L/L"), inside=inside).genotype == "L/L"


def test_calls_that_contradict_each_other_leave_it_open() -> None:
    report = repeat(call("L/S"), call("S/S", "another"))
    assert report.genotype is None
    assert report.state == "not_assayable"
    assert "stays open" in (report.note or "")


def test_without_a_call_it_is_as_before() -> None:
    assert repeat() == variant("5-HTTLPR")


def fired(report: Report) -> set[str]:
    return {one.rule_id for one in report.considerations if "5-httlpr-" in one.rule_id}


@pytest.mark.parametrize(
    ("diplotype", "rules"),
    [
        ("L/L", {"research-slc6a4-5-httlpr-l-l", "research-slc6a4-5-httlpr-rtms-l-l"}),
        ("S/L", {"research-slc6a4-5-httlpr-s", "research-slc6a4-5-httlpr-rtms-s"}),
        ("16/19", set()),
    ],
)
def test_findings_follow_from_the_call(diplotype: str, rules: set[str]) -> None:
    vcf = CASES / "golden" / "poor" / "input.vcf"
    (report,) = annotate(vcf, outside_calls=f"SLC6A4\t{diplotype}\n".encode())
    assert fired(report) == rules
    (plain,) = annotate(vcf)
    assert fired(plain) == set()


with (CASES / "accept" / "promoter_repeat_records.tsv").open(encoding="utf-8") as _file:
    RECORDS = [tuple(row.values()) for row in csv.DictReader(_file, delimiter="\t")]


@pytest.mark.parametrize(("alt", "info", "genotype", "filters", "expected", "why"), RECORDS, ids=[row[-1] for row in RECORDS])
def test_each_representation_in_a_file_is_read_or_left(  # noqa: PLR0917 (the columns of the table)
    tmp_path: Path, alt: str, info: str, genotype: str, filters: str, expected: str, why: str
) -> None:
    path = tmp_path / "structural.vcf"
    path.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
        f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\nchr17\t30237300\t.\tG\t{alt}\t60\t{filters}\t{info}\tGT\t{genotype}\n",
        "ascii",
    )
    (report,) = annotate(path)
    seen = next(one for one in report.variants if one.id == "5-HTTLPR")
    assert seen.genotype == (expected or None), why


def test_an_outside_call_goes_before_the_records_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "structural.vcf"
    path.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n"
        "chr17\t30237300\t.\tG\t<DEL>\t60\tPASS\tSVTYPE=DEL;END=30237343\tGT\t0/1\n",
        "ascii",
    )
    (report,) = annotate(path, outside_calls=b"SLC6A4\tS/S\n")
    assert next(one for one in report.variants if one.id == "5-HTTLPR").genotype == "S/S"
