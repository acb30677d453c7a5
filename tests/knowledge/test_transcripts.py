"""Transcripts: what is bundled passes its checks, and a folder that does not agree with itself is refused with the gene's name."""

import shutil
from pathlib import Path

import pytest

from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.reference.codon import STOP, codons, known_bases, translate
from trdpgx.knowledge.reference.transcript_checks import TranscriptError
from trdpgx.knowledge.reference.transcript_sequence import bases, coding_sequence, splice_sites
from trdpgx.knowledge.reference.transcripts import load_transcripts, read_models, reading_regions
from trdpgx.model.genome import Assembly
from trdpgx.model.nucleotides import reverse_complement

BUNDLED = reference_directory() / "transcripts"
EXOME_STUDY = {"ZNF248", "PRKRA", "PYHIN1", "SLC7A8", "STK19", "ZDHHC3"}


def test_both_assemblies_hold_all_genes() -> None:
    found = load_transcripts(BUNDLED)
    assert set(found) == set(Assembly)
    assert found[Assembly.GRCH37].keys() == found[Assembly.GRCH38].keys() >= EXOME_STUDY
    assert len(found[Assembly.GRCH38]) == 29


def test_coding_sequence_encodes_the_protein_wherever_it_is_known() -> None:
    for by_gene in load_transcripts(BUNDLED).values():
        known = [transcript for transcript in by_gene.values() if "N" not in coding_sequence(transcript)]
        assert len(known) == 16
        for transcript in known:
            assert translate(coding_sequence(transcript)) == transcript.protein + STOP
            assert all(part.source for part in transcript.known)


def test_slices_are_spliced_as_introns_are() -> None:
    for transcript in (load_transcripts(BUNDLED)[Assembly.GRCH38][gene] for gene in ("STK19", "CYP2D6")):
        sites = splice_sites(transcript)
        assert len(sites) == len(transcript.exons) - 1
        assert {acceptor for _, acceptor in sites} == {"AG"}
        assert {donor for donor, _ in sites} <= {"GT", "GC"}


def test_exons_are_equally_long_on_both_assemblies() -> None:
    found = load_transcripts(BUNDLED)
    for gene, newer in found[Assembly.GRCH38].items():
        older = found[Assembly.GRCH37][gene]
        assert [end - start for start, end in older.exons] == [end - start for start, end in newer.exons]


def test_where_grch37_is_known_to_differ_the_transcript_keeps_its_base() -> None:
    transcript = load_transcripts(BUNDLED)[Assembly.GRCH37]["CYP2D6"]
    assert transcript.differences == {42522613: "G", 42523943: "A", 42525132: "G"}
    assert [bases(transcript, pos, pos) for pos in transcript.differences] == ["C", "G", "C"]


def test_reading_regions_hold_the_coding_exons_and_their_splice_regions() -> None:
    transcript = load_transcripts(BUNDLED)[Assembly.GRCH38]["ZNF248"]
    regions = reading_regions([transcript])
    assert [(region.gene, region.chrom) for region in regions] == [("ZNF248", "10")] * 4
    assert [(region.start, region.end) for region in regions] == [(start - 20, end + 20) for start, end in transcript.coding_exons]


def test_models_alone_know_only_what_the_protein_tells() -> None:
    transcript = read_models(BUNDLED)[Assembly.GRCH38]["ZNF248"]
    assert coding_sequence(transcript) == known_bases(transcript.protein + STOP)
    assert coding_sequence(transcript).startswith("ATGAANAAN")


def test_known_bases_are_those_that_all_codons_share() -> None:
    assert known_bases("MWLS*") == "ATGTGGNTNNNNTNN"
    assert codons("L", "CNN") == ("CTT", "CTC", "CTA", "CTG")
    assert reverse_complement("ACGTN") == "NACGT"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLED, tmp_path / "transcripts"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("coding.fa", "ATGAACAAATCC", "ATGAACAAATAC", "ZNF248: the translation differs from the protein at residue 4"),
        ("coding.fa", "ATGAACAAATCC", "ATGAACAATCC", "ZNF248: 1739 bases, and the exons hold 1740"),
        ("coding.fa", ">ZNF248", "ACGT\n>ZNF248", "coding.fa:1: sequence before the first header"),
        ("proteins.fa", "MNKSQEQVSF", "MNKSQEQVSFF", "ZNF248: 1740 coding bases for 580 residues and a stop"),
        ("proteins.fa", "MNKSQEQVSF", "INKSQEQVSF", "ZNF248: the protein does not start with methionine"),
        ("exons.csv", "ZNF248,2,37856435,37856532", "ZNF248,2,37856337,37856532", "ZNF248: the exons overlap"),
        ("exons.csv", "ZNF248,2,", "ZNF248,3,", "ZNF248: the exons are not numbered in order"),
        ("exons.csv", "ZNF248,3,37856296,37856337", "ZNF248,3,37856297,37856337", "ZNF248"),
        ("transcripts.csv", "37831615,37856310", "37831615,37856309", "ZNF248: 1739 coding bases"),
        ("genomic.fa", "GRCh38 6:31972047", "GRCh38 6:31972048", "STK19: the header does not give the interval of the slice"),
        ("genomic.fa", "GRCh38 6:31972047-31982500", "GRCh38 7:31972047-31982500", "STK19: the slice is of another chromosome"),
        ("genomic.fa", "GRCh38 6:31972047-31982500", "GRCh38 6:31972057-31982510", "STK19"),
    ],
)
def test_a_folder_that_does_not_agree_is_refused(folder: Path, file: str, old: str, new: str, words: str) -> None:
    edit(folder, file, old, new)
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        load_transcripts(folder)


def test_a_splice_site_that_is_none_is_refused(folder: Path) -> None:
    transcript = load_transcripts(BUNDLED)[Assembly.GRCH38]["STK19"]
    known = transcript.known[0]
    at = transcript.exons[0].end + 1 - known.start
    wrapped = "".join(f"{known.bases[start : start + 60]}\n" for start in range(0, len(known.bases), 60))
    changed = known.bases[:at] + "CC" + known.bases[at + 2 :]
    edit(folder, "genomic.fa", wrapped, changed + "\n")
    with pytest.raises(TranscriptError, match="STK19: intron 1 does not begin and end as introns do"):
        load_transcripts(folder)
