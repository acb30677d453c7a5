"""An operator's frequency file: VCF with an index, or Parquet."""

from pathlib import Path

import polars as pl
import pysam
import pytest

from trdpgx.knowledge.frequencies.population_file import FrequencyFileError, load_frequency_file
from trdpgx.model.frequency import Frequency, FrequencyState
from trdpgx.model.region import GeneRegion

REGIONS = [GeneRegion("ONE", "1", 100, 200), GeneRegion("TWO", "2", 50, 60), GeneRegion("THREE", "7", 1, 9)]
ROWS = [
    ("1", 110, "G", "T", 0.01, 0.02),
    ("1", 120, "CA", "C", 0.001, None),
    ("1", 300, "A", "C", 0.5, 0.5),
    ("2", 55, "A", "C", None, 0.25),
]


def vcf(folder: Path, prefix: str = "", *, index: bool = True) -> Path:
    lines = [
        "##fileformat=VCFv4.2",
        f"##contig=<ID={prefix}1>",
        f"##contig=<ID={prefix}2>",
        '##INFO=<ID=AF,Number=A,Type=Float,Description="x">',
        '##INFO=<ID=AF_grpmax,Number=A,Type=Float,Description="x">',
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
        f"{prefix}1\t110\t.\tG\tA,T\t.\t.\tAF=0.3,0.01;AF_grpmax=0.4,0.02",
        f"{prefix}1\t120\t.\tCA\tC\t.\t.\tAF=0.001",
        f"{prefix}1\t300\t.\tA\tC\t.\t.\tAF=0.5;AF_grpmax=0.5",
        f"{prefix}2\t55\t.\tA\tC\t.\t.\tAF_grpmax=0.25",
    ]
    path = folder / "sites.vcf"
    path.write_text("\n".join(lines) + "\n", "ascii")
    pysam.tabix_compress(str(path), f"{path}.gz")
    if index:
        pysam.tabix_index(f"{path}.gz", preset="vcf")
    return folder / "sites.vcf.gz"


def vcf_with_chr(folder: Path) -> Path:
    return vcf(folder, "chr")


def parquet(folder: Path) -> Path:
    path = folder / "sites.parquet"
    pl.DataFrame(ROWS, schema=["chrom", "pos", "ref", "alt", "af", "af_highest"], orient="row").write_parquet(path)
    return path


def parquet_with_chr(folder: Path) -> Path:
    path = folder / "sites.parquet"
    rows = [(f"chr{chrom}", *rest) for chrom, *rest in ROWS]
    pl.DataFrame(rows, schema=["chrom", "pos", "ref", "alt", "af", "af_highest"], orient="row").write_parquet(path)
    return path


@pytest.mark.parametrize("make", [vcf, vcf_with_chr, parquet, parquet_with_chr])
def test_lookup(make, tmp_path: Path) -> None:
    path = make(tmp_path)
    found = load_frequency_file(path, REGIONS)

    def numbers(chrom: str, pos: int, ref: str, alt: str) -> tuple[FrequencyState, float | None, float | None]:
        frequency = found.lookup(chrom, pos, ref, alt)
        overall, highest = (None if number is None else round(number, 6) for number in (frequency.overall, frequency.highest))
        return frequency.state, overall, highest

    assert numbers("1", 110, "G", "T") == (FrequencyState.KNOWN, 0.01, 0.02)
    assert numbers("1", 109, "AG", "AT") == (FrequencyState.KNOWN, 0.01, 0.02)
    assert numbers("1", 120, "CA", "C") == (FrequencyState.KNOWN, 0.001, None)
    assert numbers("1", 120, "CAG", "CG") == (FrequencyState.KNOWN, 0.001, None)
    assert numbers("2", 55, "A", "C") == (FrequencyState.KNOWN, None, 0.25)
    assert found.lookup("1", 150, "A", "C") == Frequency(FrequencyState.ABSENT, source=path.name)
    assert found.lookup("1", 300, "A", "C").state is FrequencyState.UNKNOWN
    assert found.lookup("9", 5, "A", "C").state is FrequencyState.UNKNOWN


def test_what_cannot_be_used_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FrequencyFileError, match="no such file"):
        load_frequency_file(tmp_path / "none.vcf.gz", REGIONS)
    with pytest.raises(FrequencyFileError, match="no index"):
        load_frequency_file(vcf(tmp_path, index=False), REGIONS)
    pl.DataFrame({"chrom": ["1"], "pos": [1]}).write_parquet(tmp_path / "bad.parquet")
    with pytest.raises(FrequencyFileError, match="no column ref, alt, af"):
        load_frequency_file(tmp_path / "bad.parquet", REGIONS)


def test_a_vcf_without_frequencies_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sites.vcf"
    path.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=1>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\t110\t.\tG\tA\t.\t.\t.\n", "ascii"
    )
    pysam.tabix_index(str(path), preset="vcf")
    with pytest.raises(FrequencyFileError, match="no frequency field"):
        load_frequency_file(tmp_path / "sites.vcf.gz", REGIONS)


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.parquet").write_text("chrom\tpos\n")
    with pytest.raises(FrequencyFileError, match=r"text\.parquet: "):
        load_frequency_file(tmp_path / "text.parquet", REGIONS)
