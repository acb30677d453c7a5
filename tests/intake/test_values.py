"""Depth, quality, filter, structural records, samples: what stands beside the alleles."""

import pytest

from trdpgx.model.genome import StructuralRecord

from .conftest import Read
from .panel import call, vcf


def test_values_of_a_call(read: Read) -> None:
    found = call(read(vcf("10 110 G A,C PASS . GT:AD:DP:GQ 1/2:1,12,9:22:87")), "TRI")
    assert (found.alleles, found.allele_depths, found.depth, found.quality, found.filter) == (("A", "C"), (12, 9), 22, 87.0, "PASS")


def test_depths_follow_the_order_of_the_alleles(read: Read) -> None:
    assert call(read(vcf("10 110 G A PASS . GT:AD 1|0:20,7")), "TRI").allele_depths == (7, 20)
    assert call(read(vcf("10 110 G A PASS . GT:AD 1/0:20,7")), "TRI").allele_depths == (20, 7)
    assert call(read(vcf("10 110 G A PASS . GT:AD 1/1:2,30")), "TRI").allele_depths == (30, 30)
    split = read(vcf("10 110 G A PASS . GT:AD 1/0:1,12", "10 110 G C PASS . GT:AD 0/1:1,9"))
    assert call(split, "TRI").allele_depths == (12, 9)


@pytest.mark.parametrize("fields", ["GT:AD:DP:GQ 0/1:.:.:.", "GT:AD:DP:GQ 0/1", "GT:AD:DP:GQ 0/1:x,y:many:good", "GT 0/1"])
def test_missing_values_stay_missing_and_quality_falls_back(fields: str, read: Read) -> None:
    found = call(read(vcf(f"10 110 G A . . {fields}")), "TRI")
    assert (found.allele_depths, found.depth, found.quality, found.filter) == ((), None, 50.0, None)


def test_a_no_call_keeps_its_values(read: Read) -> None:
    found = call(read(vcf("10 110 G A LowQual;weird . GT:DP 0/1:4")), "TRI")
    assert (found.alleles, found.depth, found.filter) == ((), 4, "LowQual;weird")
    found = call(read(vcf("10 110 G A PASS . GT:FT 0/1:LowGQ")), "TRI")
    assert found.filter == "LowGQ"


@pytest.mark.parametrize("text", ["PASS;PASS", "PASS", "PASS;."])
def test_ways_to_state_pass(text: str, read: Read) -> None:
    found = call(read(vcf(f"10 110 G A {text} . GT 0/1")), "TRI")
    assert found.alleles == (("G", "A") if "." not in text else ())


def test_filter_names_are_listed_once(read: Read) -> None:
    assert call(read(vcf("10 110 G A PASS;q10;s50;q10 . GT 0/1")), "TRI").filter == "q10;s50"


@pytest.mark.parametrize("text", ["PASS;", "q10;", "LowGQ;LowDP;", ";"])
def test_a_list_of_filters_may_end_with_its_separator(text: str, read: Read) -> None:
    for row in (f"10 110 G A {text} . GT 0/1", f"10 110 G A PASS . GT:FT 0/1:{text}"):
        found = call(read(vcf(row)), "TRI")
        passes = text in {"PASS;", ";"}
        assert found.alleles == (("G", "A") if passes else ())
        assert (found.refused == ()) is passes
        assert found.filter in ({"PASS", None} if passes else {text[:-1]})


@pytest.mark.parametrize("text", [b"-inf", b"-Infinity", b"nan", b"NaN", b"-nan", b"+nan", b"-INF"])
def test_a_quality_that_is_none_is_not_sound(text: bytes, read: Read) -> None:
    found = call(read(vcf("10 110 G A PASS . GT 0/1").replace(b"\t50\t", b"\t" + text + b"\t")), "TRI")
    assert (found.reason, found.refused) == ("low_quality", ("A",))
    found = call(read(vcf("10 110 G A PASS . GT:GQ 0/1:40").replace(b"\t50\t", b"\t" + text + b"\t")), "TRI")
    assert found.alleles == ("G", "A"), "the genotype has a quality of its own"
    found = call(read(vcf("10 110 G A PASS . GT 0/0").replace(b"\t50\t", b"\t" + text + b"\t")), "TRI")
    assert found.alleles == ("G", "G"), "QUAL is about the ALT"


@pytest.mark.parametrize("text", [b"inf", b"Inf", b"+Infinity"])
def test_a_quality_without_an_end_is_sound(text: bytes, read: Read) -> None:
    assert call(read(vcf("10 110 G A PASS . GT 0/1").replace(b"\t50\t", b"\t" + text + b"\t")), "TRI").alleles == ("G", "A")


def test_infinite_quality_is_none(read: Read) -> None:
    data = vcf("10 110 G A PASS . GT:GQ 0/1:1e99").replace(b"\t50\t", b"\t1e99\t")
    assert call(read(data), "TRI").quality is None


def test_a_block_gives_its_least_depth_and_quality(read: Read) -> None:
    rows = ("10 190 A <NON_REF> . END=201 GT:DP:MIN_DP:GQ 0/0:30:21:90", "10 202 T <NON_REF> . END=230 GT:DP:GQ 0/0:9:20")
    found = call(read(vcf(*rows)), "DEL")
    assert (found.depth, found.quality) == (9, 20.0)


def test_samples_are_apart_and_in_order(read: Read) -> None:
    data = vcf("10 110 G A PASS . GT 0/1 1/1 ./.", samples="Ann Bob Cy")
    result = read(data)
    assert [sample.sample for sample in result.samples] == ["Ann", "Bob", "Cy"]
    assert [sample.calls["TRI"].alleles for sample in result.samples] == [("G", "A"), ("A", "A"), ()]
    (bob,) = read(data, sample="Bob").samples
    assert bob == result.samples[1]
    assert read(data, sample="Bob").facts.samples == 3


def test_cohorts_state_the_same_as_single_samples(read: Read) -> None:
    genotypes = ["0/0:9", "0/1:8", "1|0:7", "./.:.", "1/2:30", "0/.:3", "1:2", "2|2:11"] * 10
    names = " ".join(f"S{number}" for number in range(len(genotypes)))
    rows = (
        "10 90 A <NON_REF> . END=105 GT:DP " + " ".join(["0/0:30"] * len(genotypes)),
        f"10 110 G A,C PASS . GT:DP {' '.join(genotypes)}",
    )
    together = list(read(vcf(*rows, samples=names)).samples)
    for number, genotype in enumerate(genotypes):
        (alone,) = read(vcf("10 90 A <NON_REF> . END=105 GT:DP 0/0:30", f"10 110 G A,C PASS . GT:DP {genotype}")).samples
        assert together[number].calls == alone.calls
    assert together[5:7] == list(read(vcf(*rows, samples=names)).samples[5:7])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("22 4500 N <DEL> PASS END=5500;SVTYPE=DEL GT:CN 0/1:1", ("DEL", 4501, 5500, 1, "0/1", 1, None)),
        ("22 4500 N <DEL> PASS SVLEN=-1000;SVTYPE=DEL GT 1/1", ("DEL", 4501, 5500, None, "1/1", 2, None)),
        ("22 3000 N <DUP:TANDEM> PASS END=9000 GT 0|1", ("DUP:TANDEM", 3001, 9000, None, "0|1", 1, None)),
        ("22 4500 N <CNV> . END=5500 CN 3", ("CNV", 4501, 5500, 3, None, None, None)),
        ("22 4500 N . PASS END=5500;SVTYPE=CNV GT:CN 0/0:2", ("CNV", 4501, 5500, 2, "0/0", None, None)),
        ("22 4500 T T]10:77] PASS SVTYPE=BND GT 0/1", ("BND", 4500, 4500, None, "0/1", 1, None)),
        ("22 4500 N <INV> PASS END=5500 GT ./.", ("INV", 4501, 5500, None, "./.", None, None)),
        ("22 4500 N <DEL> q10 END=5500 GT 0/1", ("DEL", 4501, 5500, None, "0/1", 1, "q10")),
        (f"22 4500 {'A' * 80} A PASS . GT 0/1", ("DEL", 4500, 4578, None, "0/1", 1, None)),
    ],
)
def test_structural_records(row: str, expected: tuple[object, ...], read: Read) -> None:
    (sample,) = read(vcf(row)).samples
    kind, start, end, copies, genotype, count, kept = expected
    assert sample.structural == (StructuralRecord("CYP2D6", kind, "22", start, end, copies, genotype, count, kept),)


@pytest.mark.parametrize(
    ("row", "numbers"),
    [
        ("22 4500 N <CNV> PASS END=5500 GT:CN ./.:3.0", (3, None, None, None)),
        ("22 4500 N <CNV> PASS END=5500 GT:CN ./.:1.12", (1, None, None, None)),
        ("22 4500 N <CNV> PASS END=5500 GT:CN ./.:2.5", (None, 2.5, None, None)),
        ("22 4500 N <CNV> PASS END=5500 GT:CN ./.:.", (None, None, None, None)),
        ("22 4500 N <CNV> PASS END=5500;CN=3 GT 0/1", (None, None, 3.0, None)),
        ("22 4500 N <CNV> PASS CN=3;SVLEN=1000 GT 0/1", (None, None, 3.0, None)),
        ("22 4500 N <CNV> PASS END=5500;MCN=3 GT 0/1", (None, None, None, None)),
        ("22 4500 N <CNV> PASS END=5500;CN=x GT 0/1", (None, None, None, None)),
        ("22 4500 N <DEL> PASS END=5500 GT:RD_CN 0/1:1", (None, None, None, 1.0)),
        ("22 4500 N <DEL> PASS END=5500 GT:RDCN 0/1:1", (None, None, None, 1.0)),
        ("22 4500 N <DEL> PASS END=5500 GT:CNF:CN 0/1:0.75:1", (1, None, None, 0.75)),
        ("22 4500 N . PASS END=5500;SVTYPE=CNV GT:RD_CN 0/0:2", (None, None, None, 2.0)),
    ],
)
def test_numbers_of_copies_in_every_spelling(row: str, numbers: tuple[float | None, ...], read: Read) -> None:
    ((one,),) = (sample.structural for sample in read(vcf(row)).samples)
    assert (one.copy_number, one.estimate, one.stated, one.read_depth) == numbers


def test_info_cn_is_of_each_alt_and_of_nobody_without_a_genotype(read: Read) -> None:
    (alone,) = read(vcf("22 4500 N <CNV>,<CNV> PASS END=5500;CN=0,3 GT 0/2")).samples
    assert [(one.alt_count, one.stated) for one in alone.structural] == [(0, 0.0), (1, 3.0)]
    both = read(vcf("22 4500 N <CNV> PASS END=5500;CN=3 GT 0/1 ./.", samples="Ann Bob")).samples
    assert [[one.stated for one in sample.structural] for sample in both] == [[3.0], [None]]


@pytest.mark.parametrize(
    "row",
    [
        "22 7000 N <DEL> PASS END=9000 GT 0/1",
        "22 4500 A <NON_REF> . END=5500 GT:DP 0/0:30",
        "22 4500 A <*> . END=5500 GT:DP 0/0:30",
        "22 4500 A T PASS . GT 0/1",
        "22 4500 AT A PASS . GT 0/1",
        "21 4500 N <DEL> PASS END=5500 GT 0/1",
    ],
)
def test_what_is_no_structural_record_of_the_gene(row: str, read: Read) -> None:
    (sample,) = read(vcf(row)).samples
    assert sample.structural == ()
