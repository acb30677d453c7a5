"""``reference build``: from FASTA files made here, for genes small enough to see."""

import csv
from collections.abc import Callable
from pathlib import Path

import pysam
import pytest

from trdpgx.knowledge.reference.build import BuildError, build
from trdpgx.knowledge.reference.transcript_sequence import bases, coding_sequence
from trdpgx.knowledge.reference.transcripts import load_transcripts
from trdpgx.model.genome import Assembly
from trdpgx.model.nucleotides import reverse_complement

CODING = {"FWD": "ATGGCTTGGAAACTGTGA", "REV": "ATGTCCGAATACCGTTAA"}
PROTEIN = {"FWD": "MAWKL", "REV": "MSEYR"}
FILLER = "CATTGACCAATTCGAGGTCA"


def gene_text(coding: str) -> str:
    """Leader, two coding exons with an intron between them, trailer: 10 + 7 | intron | 11 + 12."""
    return f"CCTTCCTTAC{coding[:7]}GTAAGTCCATCCATTCCTTCAG{coding[7:]}GGATTGGATTCC"


def genome(shift: int = 0, changes: dict[tuple[str, int], str] | None = None) -> dict[str, str]:
    """Two chromosomes with one gene each; the genes start at 501, or ``shift`` further on."""
    found = {}
    for chrom, gene in (("5", "FWD"), ("11", "REV")):
        text = gene_text(CODING[gene])
        text = text if gene == "FWD" else reverse_complement(text)
        found[chrom] = list((FILLER * 40)[: 500 + shift] + text + (FILLER * 40)[:500])
    for (chrom, pos), base in (changes or {}).items():
        found[chrom][pos - 1] = base
    return {chrom: "".join(letters) for chrom, letters in found.items()}


def exons(gene: str, shift: int) -> list[tuple[int, int]]:
    first, second = (501 + shift, 517 + shift), (540 + shift, 562 + shift)
    if gene == "FWD":
        return [first, second]
    return [(562 + 501 + 2 * shift - end, 562 + 501 + 2 * shift - start) for start, end in (first, second)]


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """A reference folder of two genes: GRCh37 stands 30 bases further on; only FWD has a coding sequence."""
    folder = tmp_path / "reference"
    folder.mkdir()
    columns = (
        "gene,symbol,hgnc,refseq,refseq_protein,ensembl,ensembl_protein,chrom,strand,grch38_contig,grch38_coding_start,"
        "grch38_coding_end,grch37_contig,grch37_coding_start,grch37_coding_end,protein_length,grch37_segments_confirmed"
    )
    rows = [
        f"FWD,FWD,HGNC:1,NM_1.1,NP_1.1,ENST1.1,ENSP1.1,5,+,NC_5.10,511,{511 + 39},NC_5.9,541,580,5,2/2",
        f"REV,REV,HGNC:2,NM_2.1,NP_2.1,ENST2.1,ENSP2.1,11,-,NC_11.10,{562 + 501 - 550},{562 + 501 - 511},NC_11.9,543,582,5,2/2",
    ]
    (folder / "transcripts.csv").write_text("\n".join([columns, *rows]) + "\n", "utf-8")
    lines = ["gene,exon,grch38_start,grch38_end,grch37_start,grch37_end"]
    for gene in PROTEIN:
        for number, (newer, older) in enumerate(zip(exons(gene, 0), exons(gene, 30), strict=True), start=1):
            lines.append(f"{gene},{number},{newer[0]},{newer[1]},{older[0]},{older[1]}")
    (folder / "exons.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "proteins.fa").write_text("".join(f">{gene} NP | made up\n{protein}\n" for gene, protein in PROTEIN.items()), "utf-8")
    (folder / "coding.fa").write_text(f">FWD NM_1.1 18 nt | made up\n{CODING['FWD']}\n", "utf-8")
    (folder / "genomic.fa").write_text("", "utf-8")
    (folder / "differences.csv").write_text("gene,assembly,pos,assembly_base,transcript_base,rsid,source\n", "utf-8")
    return folder


def fasta(folder: Path, name: str, sequences: dict[str, str], prefix: str = "", *, index: bool = False) -> Path:
    path = folder / name
    path.write_text("".join(f">{prefix}{chrom}\n{text[:700]}\n{text[700:]}\n" for chrom, text in sequences.items()), "ascii")
    if index:
        pysam.faidx(str(path))
    return path


def plain(folder: Path, name: str, sequences: dict[str, str]) -> Path:
    return fasta(folder, name, sequences)


def with_chr_and_index(folder: Path, name: str, sequences: dict[str, str]) -> Path:
    return fasta(folder, name, sequences, "chr", index=True)


def lower_case(folder: Path, name: str, sequences: dict[str, str]) -> Path:
    return fasta(folder, name, {chrom: text.lower() for chrom, text in sequences.items()})


def refseq_names(folder: Path, name: str, sequences: dict[str, str]) -> Path:
    version = {"5": "NC_5.10", "11": "NC_11.10"} if name.startswith("38") else {"5": "NC_5.9", "11": "NC_11.9"}
    return fasta(folder, name, {version[chrom]: text for chrom, text in sequences.items()})


def bgzip(folder: Path, name: str, sequences: dict[str, str]) -> Path:
    path = fasta(folder, f"{name}.plain", sequences, "chr")
    pysam.tabix_compress(str(path), str(folder / f"{name}.gz"))
    return folder / f"{name}.gz"


@pytest.mark.parametrize("make", [plain, with_chr_and_index, lower_case, refseq_names, bgzip])
def test_what_is_built_is_loaded_and_known_in_full(make: Callable[..., Path], reference: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = build(make(tmp_path, "38.fa", genome()), make(tmp_path, "37.fa", genome(30)), out, reference)
    assert made.genes == ("FWD", "REV")
    assert made.assemblies == tuple(Assembly)
    assert made.differences == {}
    found = load_transcripts(reference, out)
    for by_gene in found.values():
        for gene, transcript in by_gene.items():
            assert coding_sequence(transcript) == CODING[gene]
            assert "38.fa" in transcript.known[0].source or "37.fa" in transcript.known[0].source
            assert bases(transcript, transcript.span.start - 100, transcript.span.end + 100).isalpha()


def test_grch38_alone_gives_grch37_its_coding_sequences(reference: Path, tmp_path: Path) -> None:
    made = build(plain(tmp_path, "38.fa", genome()), None, tmp_path / "out", reference)
    assert made.assemblies == (Assembly.GRCH38,)
    older = load_transcripts(reference, tmp_path / "out")[Assembly.GRCH37]["REV"]
    assert coding_sequence(older) == CODING["REV"]
    assert bases(older, older.span.start - 1, older.span.start - 1) == "N"


def test_bases_in_which_grch37_differs_are_written_down(reference: Path, tmp_path: Path) -> None:
    older = genome(30, {("5", 544): "T", ("11", 550): "C"})
    made = build(plain(tmp_path, "38.fa", genome()), plain(tmp_path, "37.fa", older), tmp_path / "out", reference)
    assert made.differences == {"FWD": 1, "REV": 1}
    with (tmp_path / "out" / "differences.csv").open(encoding="utf-8") as lines:
        rows = [(row["gene"], row["pos"], row["assembly_base"], row["transcript_base"]) for row in csv.DictReader(lines)]
    assert rows == [("FWD", "544", "T", "G"), ("REV", "550", "C", genome(30)["11"][549])]
    found = load_transcripts(reference, tmp_path / "out")[Assembly.GRCH37]["FWD"]
    assert found.differences == {544: "T"}
    assert coding_sequence(found) == CODING["FWD"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({("5", 511): "C"}, r"38\.fa: FWD: the translation differs from the protein at residue 1\. Is this GRCh38\?"),
        ({("5", 518): "C"}, r"38\.fa: FWD: intron 1 does not begin and end as introns do\. Is this GRCh38\?"),
        ({("5", 516): "C"}, r"38\.fa: FWD: the coding sequence is not the one of NM_1\.1"),
        ({("5", 549): "C"}, "FWD: the translation differs from the protein at residue 6"),
        ({("11", 551): "C"}, "REV: the translation differs from the protein at residue 1"),
        ({("11", 545): "T"}, "REV: intron 1"),
        ({("5", 512): "N"}, "FWD: the coding sequence has bases that are not A, C, G or T"),
        ({("5", 512): "R"}, "FWD: the coding sequence has bases that are not A, C, G or T"),
    ],
)
def test_a_genome_that_does_not_agree_is_refused(changes: dict[tuple[str, int], str], words: str, reference: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=words):
        build(plain(tmp_path, "38.fa", genome(0, changes)), None, tmp_path / "out", reference)
    assert not (tmp_path / "out").exists()


def test_the_other_assembly_is_noticed(reference: Path, tmp_path: Path) -> None:
    newer, older = plain(tmp_path, "38.fa", genome()), plain(tmp_path, "37.fa", genome(30))
    with pytest.raises(BuildError, match="GRCh38"):
        build(older, None, tmp_path / "out", reference)
    with pytest.raises(BuildError, match="GRCh37"):
        build(newer, newer, tmp_path / "out", reference)


def test_a_genome_without_the_chromosome_is_refused(reference: Path, tmp_path: Path) -> None:
    sequences = genome()
    del sequences["11"]
    with pytest.raises(BuildError, match="no contig '11' or 'chr11'"):
        build(plain(tmp_path, "38.fa", sequences), None, tmp_path / "out", reference)


def test_a_folder_with_other_files_is_not_written_to(reference: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="holds other files"):
        build(plain(tmp_path, "38.fa", genome()), None, tmp_path, reference)


def test_building_again_replaces_the_files(reference: Path, tmp_path: Path) -> None:
    source = plain(tmp_path, "38.fa", genome())
    build(source, None, tmp_path / "out", reference)
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    build(source, None, tmp_path / "out", reference)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first
