"""What the validator keeps of sample columns: genotypes as htslib reads them, numbers, and FT."""

import random
from pathlib import Path

import pytest
from cyvcf2 import VCF

from trdpgx.intake.genotypes.panel_genotypes import PanelGenotypes
from trdpgx.intake.scan.scanner import SelectedLine
from trdpgx.intake.validate.format_column import read_format
from trdpgx.intake.validate.genotype import ABSENT, make_genotype, read_genotype
from trdpgx.intake.validate.validator import RecordValidator
from trdpgx.intake.validate.values import MISSING, PADDING
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

QUALITIES = (".", "0", "50", "33.25", "1e3", "123.4567891", "-3", ".5", "1e39", "99999999")


def random_genotype(draw: random.Random) -> str:
    alleles = [draw.choice(("0", "0", "1", "2", ".")) for _ in range(draw.choice((1, 2, 2, 2, 2, 3, 4)))]
    separators = [draw.choice("/|") for _ in alleles[1:]]
    return "".join(map("".join, zip(alleles, [*separators, ""], strict=True)))


@pytest.mark.parametrize("samples", [1, 2, 3, 20])
def test_genotypes_and_quality_are_those_of_htslib(samples: int, tmp_path: Path) -> None:
    """Mixed separators are not among them, which the validator calls unphased; and what cyvcf2 makes of a haploid one's phase is chance."""
    draw = random.Random(samples)
    rows = [[random_genotype(draw).replace("|", draw.choice("/|")) for _ in range(samples)] for _ in range(300)]
    rows = [[text if "/" not in text else text.replace("|", "/") for text in row] for row in rows]
    lines = [
        "\t".join(("10", str(number), ".", "C", "T,G", draw.choice(QUALITIES), "PASS", ".", "GT", *row))
        for number, row in enumerate(rows, start=1)
    ]
    validator = RecordValidator(Limits(), range(samples), samples)
    records = validator.records(SelectedLine(None, "10", line.encode()) for line in lines)
    genotypes = PanelGenotypes(records, validator.columns)
    path = tmp_path / "panel.vcf"
    header = ["##fileformat=VCFv4.3", "##contig=<ID=10>", '##FORMAT=<ID=GT,Number=1,Type=String,Description="g">']
    names = "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *(f"s{n}" for n in range(samples))))
    path.write_text("\n".join((*header, names, *lines)) + "\n")
    for number, variant in enumerate(VCF(str(path))):
        for sample, (*alleles, phased) in enumerate(variant.genotype.array().tolist()):
            read = tuple(allele for allele in alleles if allele != ABSENT)
            expected = read, bool(phased) or len(read) == 1
            assert genotypes.alleles(number, sample) == expected, rows[number][sample]
        quality = None if variant.QUAL is None or variant.QUAL > 1e38 else round(variant.QUAL, 4)
        assert records[number].quality == quality, lines[number]


@pytest.mark.parametrize(
    ("text", "alleles", "phased"),
    [
        (b"0|1/0", (0, 1, 0), False),
        (b"/0|1", (0, 1), False),
        (b"|0|1", (0, 1), True),
        (b"|0/1", (0, 1), False),
        (b"/1", (1,), True),
        (b".", (-1,), True),
        (b"./1", (-1, 1), False),
        (b"00|01", (0, 1), True),
    ],
)
def test_a_genotype_is_phased_if_every_allele_is(text: bytes, alleles: tuple[int, ...], phased: bool) -> None:
    genotype = read_genotype(text)
    assert (genotype.alleles, genotype.phased, genotype.highest) == (alleles, phased, max(*alleles, 0))


def test_a_packed_genotype_holds_more_alleles() -> None:
    genotype = make_genotype((0, 2), phased=True)
    assert genotype.padded(2) == genotype.packed
    assert genotype.padded(3) == make_genotype((0, 2, ABSENT), phased=True).packed
    assert genotype.without_reference().alleles == (-1, 2)


def test_format() -> None:
    form = read_format(b"GT:AD:DP:GQ:PL:PID:PS:RDCN:CNF")
    positions = {key: form.positions[index] for key, index in form.indexes.items()}
    assert positions == {"GT": 0, "PS": 6, "PID": 5, "RD_CN": 8, "DP": 2, "AD": 1, "GQ": 3, "PL": 4}
    assert [(key, form.positions[form.indexes[key]]) for key in form.phase_keys] == [("PS", 6), ("PID", 5)]
    assert form.numbers == {"DP", "GQ", "RD_CN", "PS"}
    assert not form.genotypes_alone
    assert read_format(b"GT").genotypes_alone


def test_only_kept_fields_of_samples_are_held() -> None:
    form = read_format(b"X:GT:" + b":".join(b"K%d" % number for number in range(1_000)) + b":DP")
    full = b"x:0/1:" + b":".join([b"1"] * 1_000) + b":7"
    assert form.indexes == {"GT": 0, "DP": 1}
    assert form.rows([b"x:0/1:1", full, b"x"]) == [(b"0/1", b"."), (b"0/1", b"7"), (b".", b".")]
    assert read_format(b"X").rows([b"x", b""]) == [(), ()]


def test_numbers_of_samples() -> None:
    """What is no number is missing; rows of one record are as long as its longest."""
    validator = RecordValidator(Limits(), [0, 2], 3)
    line = "10\t100\t.\tC\tT,G\t.\t.\t.\tGT:AD:DP:GQ:PS:FT\t0/1:9,8,0:17:33.5:set:PASS\t0/0\t1/1:7:x:.:5"
    other = b"10\t101\t.\tC\tT\t.\t.\t.\tDP\t1\t2\t."
    validator.records([SelectedLine(1, "10", line.encode()), SelectedLine(2, "10", other)])
    columns = validator.columns.columns()
    assert [columns["AD"].row(0, sample) for sample in (0, 1)] == [[9, 8, 0], [7, PADDING, PADDING]]
    assert [columns["DP"].row(record, sample) for record in (0, 1) for sample in (0, 1)] == [[17], [MISSING], [1], [MISSING]]
    assert columns["GQ"].row(0, 0) == [33.5]
    assert [columns["PS"].row(0, sample) for sample in (0, 1)] == [[-1], [5]]
    assert columns["GQ"].row(1, 0) == columns["AD"].row(1, 0) == []
    assert validator.columns.filters == [["PASS", "."], None]


WRONG = {
    "genotype": ("GT:AD", "x:1,2", "bad_genotype"),
    "allele": ("GT:AD", "0/2:1,2", "allele_out_of_range"),
    "fields": ("GT:AD", "0/1:1,2:3", "too_many_fields"),
    "filter": ("GT:FT", "0/1:a b", "bad_filter"),
    "depths": ("GT:AD", "0/1:" + ",".join(["1"] * 5_000), "too_many_values"),
    "keys": ("GT:GT", "0/1:0/1", "bad_format"),
}


@pytest.mark.parametrize("samples", [1, 3, 300])
@pytest.mark.parametrize("name", WRONG)
def test_the_first_wrong_line_is_named_however_lines_are_taken_together(name: str, samples: int) -> None:
    """Sample columns are checked for many lines at once, the other columns line by line."""
    keys, text, code = WRONG[name]
    sound = "\t".join(("10", "100", ".", "C", "T", ".", "PASS", ".", keys if keys != "GT:GT" else "GT", *["0/1"] * samples))
    wrong = "\t".join(("10", "100", ".", "C", "T", ".", "PASS", ".", keys, *["0/1"] * (samples - 1), text))
    later = "10\t100\t.\t\tT\t.\tPASS\t.\tGT" + "\t0/1" * samples
    lines = [
        SelectedLine(number, "10", line.encode()) for number, line in enumerate([*[sound] * 700, wrong, wrong, *[sound] * 5, later], 1)
    ]
    with pytest.raises(InputError) as raised:
        RecordValidator(Limits(), range(samples), samples).records(lines)
    assert (raised.value.problem.type, raised.value.problem.line) == (f"/problems/{code}", 701)


@pytest.mark.parametrize("wanted", [[0, 1, 2], [2, 0], [1]])
def test_many_lines_at_once_are_read_as_one_by_one(wanted: list[int]) -> None:
    draw = random.Random(len(wanted))
    lines = [random_line(draw) for _ in range(400)]
    together = RecordValidator(Limits(), wanted, 3)
    records = together.records(lines)
    alone = RecordValidator(Limits(), wanted, 3)
    assert [record for line in lines for record in alone.records([line])] == records
    assert alone.columns.filters == together.columns.filters
    first, second = alone.columns.columns(), together.columns.columns()
    for key in first:
        rows = [
            [column.row(record, sample) for record in range(400) for sample in range(len(wanted))] for column in (first[key], second[key])
        ]
        assert str(rows[0]) == str(rows[1]), key


def random_line(draw: random.Random) -> SelectedLine:
    """Return a line of three samples whose FORMAT stays the same for some lines or not, with short rows and missing values."""
    keys = draw.choice(("GT:AD:DP:GQ", "GT:AD:DP:GQ", "GT", "DP:PS:FT:GT", "GT:RO:AO", "X"))
    ref = draw.choice(("C", "C", "D", "CA"))
    values = {
        "GT": "0/1 1|0 ./. 1 0|0 1/1/0",
        "AD": "3,4 5 . 1,x",
        "DP": "30 . x",
        "GQ": "99 3.5 .",
        "PS": "7 name .",
        "FT": "PASS low . a;b",
    }
    columns = []
    for _ in range(3):
        fields = [draw.choice(values.get(key, "1 .").split()) for key in keys.split(":")]
        columns.append(":".join(fields[: draw.randint(1, len(fields))]))
    return SelectedLine(1, "10", "\t".join(("10", "100", ".", ref, "T", "50", "PASS", ".", keys, *columns)).encode())
