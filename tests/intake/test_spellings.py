"""Values that the specification allows in several spellings, as text and as BCF: QUAL, FT, phase sets, names of assemblies, samples."""

import pytest

from tests.bcftools import bcftools, needs_bcftools
from trdpgx.model.options import AssemblyOption, Options

from .conftest import Read
from .panel import HEADER, call, vcf

EXTRA = (
    '##FILTER=<ID=LowGQ,Description="q">',
    '##FORMAT=<ID=PSL,Number=.,Type=String,Description="Phase sets">',
    '##FORMAT=<ID=PID,Number=1,Type=String,Description="Phase set">',
)


def bcf(text: bytes) -> bytes:
    return bcftools(text, "view", "-Ob")


@pytest.mark.parametrize("sign", ["", "+", "-"])
@pytest.mark.parametrize("word", ["inf", "INF", "Inf", "infinity", "Infinity", "INFINITY", "nan", "NaN", "NAN"])
def test_quality_without_an_end_or_a_value(sign: str, word: str, read: Read) -> None:
    found = call(read(vcf("10 110 G A PASS . GT 0/1").replace(b"\t50\t", f"\t{sign}{word}\t".encode())))
    endless = word.lower().startswith("inf")
    assert found.alleles == (("G", "A") if endless and sign != "-" else ()), "minus infinity and what is no number are not sound"
    assert found.quality == (0.0 if sign == "-" and endless else None)


@needs_bcftools
@pytest.mark.parametrize(("word", "quality"), [("inf", None), ("nan", None), ("-inf", 0.0)])
def test_the_same_in_bcf(word: str, quality: float | None, read: Read) -> None:
    found = call(read(bcf(vcf("10 110 G A PASS . GT 0/1").replace(b"\t50\t", f"\t{word}\t".encode()))))
    assert (found.alleles, found.quality) == (("G", "A") if word != "-inf" else (), quality), (
        "BCF has no other way to leave QUAL out than nan"
    )


@needs_bcftools
@pytest.mark.parametrize(
    ("rows", "sets"),
    [
        (("10 100 C T PASS . GT:PSL 0|1:a,a", "10 110 G A PASS . GT:PSL 1|0:b,b"), [-1, -2]),
        (("10 100 C T PASS . GT:PSL 0|1:a,a", "10 110 G A PASS . GT:PSL 1|0:a,a"), [-1, -1]),
        (("10 100 C T PASS . GT:PID 0|1:p", "10 110 G A PASS . GT:PID 1|0:q"), [-1, -2]),
        (("10 100 C T PASS . GT:PID:PS 0|1:p:5", "10 110 G A PASS . GT:PID:PS 1|0:p:6"), [5, 6]),
        (("10 100 C T PASS . GT 0|1", "10 110 G A PASS . GT 1|0"), [None, None]),
    ],
)
def test_phase_sets(rows: tuple[str, ...], sets: list[int | None], read: Read) -> None:
    text = vcf(*rows, header=(*HEADER, *EXTRA))
    for data in (text, bcf(text)):
        result = read(data)
        assert [call(result, site).phase_set for site in ("SNV", "TRI")] == sets


@needs_bcftools
def test_filters_of_a_sample_and_unreadable_alleles(read: Read) -> None:
    text = vcf("10 100 C T PASS . GT:FT 0/1:LowGQ;LowDP", "10 110 G A PASS . GT 0/1", "10 200 I D PASS . GT 0/1", header=(*HEADER, *EXTRA))
    for data in (text, text.replace(b"\tI\tD\t", b"\tC\tD\t"), bcf(text.replace(b"\tI\tD\t", b"\tC\tD\t"))):
        result = read(data)
        assert (call(result, "SNV").reason, call(result, "SNV").filter) == ("filtered", "LowGQ;LowDP")
        assert call(result, "DEL").reason == "symbolic"
        assert call(result).alleles == ("G", "A")
        assert [warning.code for warning in result.facts.warnings] == ["unreadable_alleles"]


@pytest.mark.parametrize("name", ["GRCh38", "grch38", "hg38", "HG38", "b38"])
def test_names_of_an_assembly(name: str) -> None:
    assert Options(assembly=name).assembly is AssemblyOption.GRCH38  # type: ignore[arg-type]


def test_several_samples(read: Read) -> None:
    data = vcf("10 110 G A PASS . GT 0/1 1/1 ./.", samples="Ann Bob Cy")
    assert [one.sample for one in read(data, sample=["Cy", "Ann", "Cy"]).samples] == ["Ann", "Cy"]


@needs_bcftools
@pytest.mark.parametrize(
    ("row", "blocks"),
    [
        ("22 4100 N . PASS END=5900 GT:CN ./.:2", False),
        ("22 4100 N . PASS END=5900;SVTYPE=CNV GT 0/0", False),
        ("22 4100 N . PASS END=5900;REFLEN=1801 GT:DP:CN ./.:5:2", False),
        ("22 4100 N . PASS END=5900 GT:DP 0/0:20", True),
        ("22 4100 N <NON_REF> PASS END=5900 GT:DP 0/0:20", True),
    ],
)
def test_a_interval_of_a_copy_number_caller_is_no_gvcf(row: str, blocks: bool, read: Read) -> None:
    text = vcf(row, header=(*HEADER, '##INFO=<ID=REFLEN,Number=1,Type=Integer,Description="r">'))
    for data in (text, bcf(text)):
        assert read(data, assembly="GRCh38").facts.gvcf is blocks
