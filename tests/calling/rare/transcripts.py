"""The transcripts of the checkout, read once; and random alleles for them."""

from functools import cache

from msgspec.structs import replace

from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.reference.codon import known_bases
from trdpgx.knowledge.reference.fasta import FastaRecord
from trdpgx.knowledge.reference.transcripts import Transcripts, coding_intervals, load_transcripts
from trdpgx.model.genome import Assembly
from trdpgx.model.transcript import Transcript


@cache
def all_transcripts() -> Transcripts:
    return load_transcripts(reference_directory() / "transcripts")


def transcript(gene: str, assembly: Assembly = Assembly.GRCH38) -> Transcript:
    return all_transcripts()[assembly][gene]


@cache
def without_sequence(gene: str) -> Transcript:
    """The same transcript, as if no nucleotide sequence of it were known: its protein only."""
    full = transcript(gene)
    reported = FastaRecord(gene, "| protein", known_bases(full.protein + "*"))
    return replace(full, known=coding_intervals(full, reported))
