"""``trdpgx reference build``: cut the panel genes out of a reference genome and check each of them before it is written.

``load_transcripts(..., sequences=...)`` reads what is written, and prefers it to the bundled sequences. GRCh38 has to agree with
the models in every splice site, start, stop and residue, and with the bundled coding sequences in every base: MANE transcripts are
made to match it. GRCh37 may have other bases in an exon; they are found by comparison and written down.
"""

import csv
import json
import re
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.knowledge.reference.fasta import FastaRecord, by_name, write_fasta
from trdpgx.knowledge.reference.genome_fasta import GenomeFasta, GenomeFastaError
from trdpgx.knowledge.reference.transcript_checks import TranscriptError, check_sequence
from trdpgx.knowledge.reference.transcript_sequence import bases, coding_sequence
from trdpgx.knowledge.reference.transcripts import read_models
from trdpgx.model.errors import TrdpgxError
from trdpgx.model.genome import Assembly
from trdpgx.model.transcript import KnownSequence, Transcript

_FLANK = 200
_MOST_DIFFERENCES = 20
_FILES = ("build.json", "differences.csv", "genomic.fa")
_NOT_A_BASE = re.compile("[^ACGT]")


class BuildError(TrdpgxError, ValueError):
    """The reference cannot be built from these files. The message names the file, the gene and what does not agree."""


class Build(Struct, frozen=True):
    """What was written: the genes, and how many exonic bases of GRCh37 differ from the transcript, by gene."""

    directory: Path
    genes: tuple[str, ...]
    assemblies: tuple[Assembly, ...]
    differences: Mapping[str, int]


class _Mismatch(Struct, frozen=True):
    """An exonic position of an assembly whose base is not the transcript's (plus strand)."""

    gene: str
    assembly: Assembly
    pos: int
    assembly_base: str
    transcript_base: str


def build(fasta38: Path, fasta37: Path | None, out_dir: Path, reference: Path) -> Build:
    """Write the sequences of all panel genes to ``out_dir``; ``reference`` is the bundled ``reference/transcripts``.

    Raises ``BuildError``: a file is missing or no FASTA, of the wrong assembly, or does not agree with the models; ``out_dir`` holds
    something else. Nothing is written then.
    """
    if out_dir.exists() and any(entry.name not in _FILES for entry in out_dir.iterdir()):
        raise BuildError(f"{out_dir}: holds other files; name an empty folder")
    models = read_models(reference)
    newer = _cut(fasta38, models[Assembly.GRCH38], reference)
    transcripts = list(newer.values())
    differences: list[_Mismatch] = []
    if fasta37 is not None:
        for gene, older in _slices(fasta37, models[Assembly.GRCH37]).items():
            differences += _compared(fasta37, older, newer[gene])
            transcripts.append(older)
    _write(out_dir, transcripts, differences, [path for path in (fasta38, fasta37) if path is not None])
    counted = {gene: sum(difference.gene == gene for difference in differences) for gene in newer}
    assemblies = tuple(Assembly) if fasta37 is not None else (Assembly.GRCH38,)
    return Build(out_dir, tuple(newer), assemblies, {gene: number for gene, number in counted.items() if number})


def _slices(fasta: Path, models: Mapping[str, Transcript]) -> dict[str, Transcript]:
    """Return each model with its slice of the genome."""
    sliced = {}
    try:
        with GenomeFasta(fasta) as genome:
            for gene, model in models.items():
                start, end = model.span.start - _FLANK, model.span.end + _FLANK
                name = model.contig if model.contig in genome.contigs else model.chrom
                letters = _NOT_A_BASE.sub("N", genome.fetch(name, start, end))
                sequence = KnownSequence(start, letters, f"trdpgx reference build from {fasta.name}")
                sliced[gene] = replace(model, known=(sequence,))
    except GenomeFastaError as error:
        raise BuildError(str(error)) from None
    return sliced


def _cut(fasta: Path, models: Mapping[str, Transcript], reference: Path) -> dict[str, Transcript]:
    """Return the genes of a GRCh38 FASTA, all of them checked."""
    sliced = _slices(fasta, models)
    bundled = by_name(reference / "coding.fa")
    for gene, transcript in sliced.items():
        _checked(fasta, transcript)
        if gene in bundled and coding_sequence(transcript) != bundled[gene].sequence:
            raise BuildError(f"{fasta}: {gene}: the coding sequence is not the one of {transcript.refseq}")
    return sliced


def _checked(fasta: Path, transcript: Transcript) -> None:
    """Check one gene against its model. Raises ``BuildError``."""
    subject = f"{fasta}: {transcript.gene}"
    if "N" in coding_sequence(transcript):
        raise BuildError(f"{subject}: the coding sequence has bases that are not A, C, G or T")
    try:
        check_sequence(transcript)
    except TranscriptError as error:
        raise BuildError(f"{subject}: {error.text}. Is this {transcript.assembly}?") from None


def _compared(fasta: Path, older: Transcript, newer: Transcript) -> list[_Mismatch]:
    """Return where the exons of GRCh37 differ from the transcript, which GRCh38 matches; check what is left."""
    subject = f"{fasta}: {older.gene}"
    differences = []
    for old, new in zip(older.exons, newer.exons, strict=True):
        here, there = bases(older, *old), bases(newer, *new)
        differences += [
            _Mismatch(older.gene, older.assembly, pos, one, other)
            for pos, one, other in zip(count(old.start), here, there, strict=False)
            if one != other
        ]
    if len(differences) > _MOST_DIFFERENCES:
        raise BuildError(f"{subject}: {len(differences)} exonic bases differ from {newer.refseq}. Is this {older.assembly}?")
    (sequence,) = older.known
    letters = list(sequence.bases)
    for difference in differences:
        letters[difference.pos - sequence.start] = difference.transcript_base
    _checked(fasta, replace(older, known=(replace(sequence, bases="".join(letters)),)))
    return differences


def _write(out_dir: Path, transcripts: list[Transcript], differences: list[_Mismatch], sources: list[Path]) -> None:
    """Write the folder, the sequences last, so that a folder without them is never taken for a whole one."""
    out_dir.mkdir(parents=True, exist_ok=True)
    (out_dir / "genomic.fa").unlink(missing_ok=True)
    with (out_dir / "differences.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("gene", "assembly", "pos", "assembly_base", "transcript_base", "rsid", "source"))
        for entry in differences:
            source = "trdpgx reference build"
            rows.writerow((entry.gene, entry.assembly, entry.pos, entry.assembly_base, entry.transcript_base, "", source))
    made = {
        "from": [{"name": path.name, "bytes": path.stat().st_size} for path in sources],
        "genes": len({item.gene for item in transcripts}),
    }
    (out_dir / "build.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    write_fasta(out_dir / "genomic.fa", (_record(transcript) for transcript in transcripts))


def _record(transcript: Transcript) -> FastaRecord:
    """Return a slice as the loader reads it."""
    (sequence,) = transcript.known
    end = sequence.start + len(sequence.bases) - 1
    return FastaRecord(
        transcript.gene, f"{transcript.assembly} {transcript.chrom}:{sequence.start}-{end} | {sequence.source}", sequence.bases
    )
