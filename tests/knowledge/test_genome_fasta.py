"""Reading intervals of a FASTA: plain and bgzip, with an index and without, ``chr`` or not."""

import gzip
import shutil
from pathlib import Path
from random import Random

import pysam
import pytest

from trdpgx.knowledge.reference.genome_fasta import GenomeFasta, GenomeFastaError

RANDOM = Random(3)
GENOME = {
    "chr1": "".join(RANDOM.choice("ACGTacgtN") for _ in range(200_123)),
    "2": "".join(RANDOM.choice("ACGT") for _ in range(61)),
    "MT": "ACGT",
}


def write(path: Path, width: int = 60, end: str = "\n") -> Path:
    with path.open("w", encoding="ascii", newline="") as file:
        for name, sequence in GENOME.items():
            file.write(f">{name} some words{end}")
            for start in range(0, len(sequence), width):
                file.write(sequence[start : start + width] + end)
    return path


def plain(folder: Path) -> Path:
    return write(folder / "genome.fa")


def indexed(folder: Path) -> Path:
    path = plain(folder)
    pysam.faidx(str(path))
    return path


def windows_lines(folder: Path) -> Path:
    return write(folder / "genome.fa", width=70, end="\r\n")


def bgzip(folder: Path) -> Path:
    path = plain(folder)
    pysam.tabix_compress(str(path), str(folder / "genome.fa.gz"))
    return folder / "genome.fa.gz"


def bgzip_indexed(folder: Path) -> Path:
    path = bgzip(folder)
    pysam.faidx(str(path))
    return path


def bgzip_without_gzi(folder: Path) -> Path:
    path = bgzip_indexed(folder)
    (folder / "genome.fa.gz.gzi").unlink()
    return path


@pytest.mark.parametrize("make", [plain, indexed, windows_lines, bgzip, bgzip_indexed, bgzip_without_gzi])
def test_every_form_gives_the_same_bases(make, tmp_path: Path) -> None:
    with GenomeFasta(make(tmp_path)) as genome:
        for chrom, sequence in (("1", GENOME["chr1"]), ("2", GENOME["2"]), ("MT", GENOME["MT"])):
            ends = [
                (1, 1),
                (1, len(sequence)),
                (len(sequence), len(sequence)),
                *((at, min(at + 130, len(sequence))) for at in range(1, len(sequence), 9_973)),
            ]
            for start, end in ends:
                assert genome.fetch(chrom, start, end) == sequence[start - 1 : end].upper()


def test_an_unknown_contig_and_a_short_one_are_named(tmp_path: Path) -> None:
    with GenomeFasta(plain(tmp_path)) as genome:
        with pytest.raises(GenomeFastaError, match="no contig '3' or 'chr3'"):
            genome.fetch("3", 1, 2)
        with pytest.raises(GenomeFastaError, match="has 61 bases"):
            genome.fetch("2", 60, 62)


def test_gzip_that_is_not_bgzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "genome.fa.gz"
    with plain(tmp_path).open("rb") as source, gzip.open(path, "wb") as target:
        shutil.copyfileobj(source, target)
    with pytest.raises(GenomeFastaError, match="bgzip"), GenomeFasta(path):
        pass


@pytest.mark.parametrize(("content", "words"), [(b"ACGT\n", "not a FASTA"), (b"", "not a FASTA")])
def test_other_files_are_refused(content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "genome.fa").write_bytes(content)
    with pytest.raises(GenomeFastaError, match=words), GenomeFasta(tmp_path / "genome.fa"):
        pass


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GenomeFastaError, match="cannot be read"), GenomeFasta(tmp_path / "none.fa"):
        pass


def test_a_cut_bgzip_is_refused(tmp_path: Path) -> None:
    path = bgzip(tmp_path)
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(GenomeFastaError, match="cut or damaged"), GenomeFasta(path):
        pass


def test_lines_of_unequal_length_need_an_index(tmp_path: Path) -> None:
    (tmp_path / "genome.fa").write_text(">1\nACGT\nAC\nACGT\n", encoding="ascii")
    with pytest.raises(GenomeFastaError, match="not equally long"), GenomeFasta(tmp_path / "genome.fa"):
        pass


def test_a_damaged_index_is_named(tmp_path: Path) -> None:
    path = indexed(tmp_path)
    (tmp_path / "genome.fa.fai").write_text("chr1\tmany\n", encoding="ascii")
    with pytest.raises(GenomeFastaError, match="not an index"), GenomeFasta(path):
        pass
