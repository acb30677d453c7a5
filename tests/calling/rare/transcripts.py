"""The transcripts of the checkout, read once; and random alleles for them."""

from dataclasses import replace
from functools import cache

from app.knowledge.codon import known_bases
from app.knowledge.fasta import FastaRecord
from app.knowledge.location import reference_directory
from app.knowledge.transcripts import Transcripts, coding_stretches, load_transcripts
from app.model.genome import Assembly
from app.model.transcript import Transcript


@cache
def all_transcripts() -> Transcripts:
    return load_transcripts(reference_directory() / "transcripts")


def transcript(gene: str, assembly: Assembly = Assembly.GRCH38) -> Transcript:
    return all_transcripts()[assembly][gene]


@cache
def without_sequence(gene: str) -> Transcript:
    """The same transcript, as if no nucleotide sequence of it were known: its protein only."""
    full = transcript(gene)
    told = FastaRecord(gene, "| protein", known_bases(full.protein + "*"))
    return replace(full, known=coding_stretches(full, told))
