"""``reference/transcripts/`` read into transcripts, every one of them checked before it is used.

The tables have what is published (MANE Select exons and coding interval on both assemblies), the FASTA files what is known of the
sequence. Sequences of a folder that ``build`` made from a reference FASTA replace the bundled ones.
What must agree is in ``trdpgx.knowledge.reference.transcript_checks``. The format is described in ``reference/transcripts/README.md``.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from trdpgx.knowledge.reference.codon import STOP, known_bases
from trdpgx.knowledge.reference.fasta import FastaRecord, by_name, read_fasta
from trdpgx.knowledge.reference.table import plain_rows
from trdpgx.knowledge.reference.transcript_checks import TranscriptError, check_coding, check_sequence
from trdpgx.knowledge.reference.transcript_sequence import coding_sequence
from trdpgx.model.genome import Assembly
from trdpgx.model.nucleotides import reverse_complement
from trdpgx.model.region import GeneRegion
from trdpgx.model.span import Span
from trdpgx.model.transcript import KnownSequence, Transcript

SEQUENCES = "genomic.fa"
"""The file that ``reference build`` writes."""
Transcripts = Mapping[Assembly, Mapping[str, Transcript]]

_SLICE = re.compile(r"(?P<assembly>GRCh3[78]) (?P<chrom>\w+):(?P<start>\d+)-(?P<end>\d+) \| (?P<source>.+)")


class MismatchedBases(NamedTuple):
    """The plus-strand bases of an assembly and of the transcript at a position where they are not the same."""

    assembly_base: str
    transcript_base: str


class _Sequences(Struct):
    """What the folders know, by gene; slices and differences by assembly too."""

    coding: dict[str, FastaRecord]
    proteins: dict[str, FastaRecord]
    slices: dict[tuple[Assembly, str], tuple[str, KnownSequence]] = field(default_factory=dict)
    differences: dict[tuple[Assembly, str], dict[int, MismatchedBases]] = field(default_factory=dict)


def load_transcripts(directory: Path, sequences: Path | None = None) -> Transcripts:
    """Read ``reference/transcripts`` and, where given, a folder that ``reference build`` wrote. Keyed by assembly, then by gene.

    Raises ``TranscriptError``, which names the file and the gene, where anything does not agree.
    """
    read = _Sequences(by_name(directory / "coding.fa"), by_name(directory / "proteins.fa"))
    for folder in (directory,) if sequences is None else (directory, sequences):
        _read_slices(folder, read)
    return _all(directory, read)


def reading_regions(transcripts: Iterable[Transcript]) -> tuple[GeneRegion, ...]:
    """Return the intervals over which every record is read: each coding exon and 20 bases on either side of it.

    That is the coding sequence and the splice regions, wide enough for an indel that can be shifted.
    """
    margin = 20
    return tuple(
        GeneRegion(transcript.gene, transcript.chrom, start - margin, end + margin)
        for transcript in transcripts
        for start, end in transcript.coding_exons
    )


def read_models(directory: Path) -> Transcripts:
    """Read the models without any nucleotide sequence: what a reference FASTA is checked against."""
    return _all(directory, _Sequences({}, by_name(directory / "proteins.fa")))


def _all(directory: Path, sequences: _Sequences) -> Transcripts:
    """Put the transcripts of both assemblies together. A slice of GRCh38 gives GRCh37 its coding sequence, where that has none."""
    exons = _exons(directory / "exons.csv")
    rows = plain_rows(directory / "transcripts.csv")
    newer = {row["gene"]: _transcript(row, exons, Assembly.GRCH38, sequences) for row in rows}
    for gene, transcript in newer.items():
        if (Assembly.GRCH38, gene) in sequences.slices and gene not in sequences.coding:
            sequences.coding[gene] = FastaRecord(gene, f"| {transcript.known[0].source}", coding_sequence(transcript))
    older = {row["gene"]: _transcript(row, exons, Assembly.GRCH37, sequences) for row in rows}
    return {Assembly.GRCH37: older, Assembly.GRCH38: newer}


def _exons(path: Path) -> dict[tuple[Assembly, str], list[Span]]:
    """Return the exons of each gene and assembly, in the order of transcription."""
    exons: dict[tuple[Assembly, str], list[Span]] = {}
    for row in plain_rows(path):
        for assembly in Assembly:
            key = assembly.value.lower()
            spans = exons.setdefault((assembly, row["gene"]), [])
            spans.append(Span(int(row[f"{key}_start"]), int(row[f"{key}_end"])))
            if int(row["exon"]) != len(spans):
                raise TranscriptError(path.name, row["gene"], "the exons are not numbered in order")
    return exons


def _read_slices(folder: Path, sequences: _Sequences) -> None:
    """Read a folder's slices of the genome, and where they are known to differ from the transcript."""
    for name, description, sequence in read_fasta(folder / SEQUENCES):
        match = _SLICE.fullmatch(description)
        if match is None or int(match["end"]) - int(match["start"]) + 1 != len(sequence):
            raise TranscriptError("genomic.fa", name, "the header does not give the interval of the slice, or its length differs")
        genomic = KnownSequence(int(match["start"]), sequence, match["source"])
        sequences.slices[Assembly(match["assembly"]), name] = match["chrom"], genomic
    for row in plain_rows(folder / "differences.csv"):
        sequences.differences.setdefault((Assembly(row["assembly"]), row["gene"]), {})[int(row["pos"])] = MismatchedBases(
            row["assembly_base"], row["transcript_base"]
        )


def _transcript(
    row: Mapping[str, str], exons: Mapping[tuple[Assembly, str], list[Span]], assembly: Assembly, sequences: _Sequences
) -> Transcript:
    """Put one transcript together and check it."""
    gene, key = row["gene"], assembly.value.lower()
    strand: Literal[1, -1] = 1 if row["strand"] == "+" else -1
    seen, _, total = row["grch37_segments_confirmed"].partition("/")
    protein = sequences.proteins[gene]
    bare = Transcript(
        gene=gene,
        symbol=row["symbol"],
        hgnc=row["hgnc"],
        refseq=row["refseq"],
        refseq_protein=row["refseq_protein"],
        ensembl=row["ensembl"],
        ensembl_protein=row["ensembl_protein"],
        assembly=assembly,
        chrom=row["chrom"],
        contig=row[f"{key}_contig"],
        strand=strand,
        exons=tuple(exons[assembly, gene]),
        coding=Span(int(row[f"{key}_coding_start"]), int(row[f"{key}_coding_end"])),
        protein=protein.sequence,
        protein_source=protein.description.partition(" | ")[2],
        confirmed=assembly is Assembly.GRCH38 or seen == total,
    )
    check_coding(bare)
    intervals = _known(bare, sequences)
    differences = {position: difference.assembly_base for position, difference in sequences.differences.get((assembly, gene), {}).items()}
    transcript = replace(bare, known=intervals, differences=differences)
    check_sequence(transcript)
    return transcript


def _known(transcript: Transcript, sequences: _Sequences) -> tuple[KnownSequence, ...]:
    """Return the slice of the genome, or else the coding exons, or else what follows from the protein."""
    key = transcript.assembly, transcript.gene
    differences = sequences.differences.get(key, {})
    if key in sequences.slices:
        chrom, genomic = sequences.slices[key]
        if chrom != transcript.chrom:
            raise TranscriptError("genomic.fa", transcript.gene, "the slice is of another chromosome")
        return (_as_transcribed(genomic, differences),)
    if transcript.gene in sequences.coding:
        return coding_intervals(transcript, sequences.coding[transcript.gene])
    from_protein = FastaRecord(transcript.gene, f"| {transcript.protein_source}", known_bases(transcript.protein + STOP))
    return tuple(_as_transcribed(interval, differences) for interval in coding_intervals(transcript, from_protein))


def _as_transcribed(genomic: KnownSequence, differences: Mapping[int, MismatchedBases]) -> KnownSequence:
    """Put the transcript's own bases into a slice of an assembly that has others."""
    letters = list(genomic.bases)
    for position, difference in differences.items():
        if 0 <= position - genomic.start < len(letters):
            letters[position - genomic.start] = difference.transcript_base
    return replace(genomic, bases="".join(letters))


def coding_intervals(transcript: Transcript, record: FastaRecord) -> tuple[KnownSequence, ...]:
    """Cut a coding sequence into the coding exons."""
    sequence = record.sequence
    length = sum(end - start + 1 for start, end in transcript.coding_exons)
    if len(sequence) != length:
        raise TranscriptError("coding.fa", transcript.gene, f"{len(sequence)} bases, and the exons hold {length}")
    source = record.description.partition("| ")[2]
    intervals, taken = [], 0
    for start, end in transcript.coding_exons:
        bases = sequence[taken : taken + end - start + 1]
        intervals.append(KnownSequence(start, bases if transcript.strand == 1 else reverse_complement(bases), source))
        taken += end - start + 1
    return tuple(sorted(intervals, key=lambda interval: interval.start))
