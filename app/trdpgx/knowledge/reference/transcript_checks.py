"""What must agree before a transcript is used: exons with one another, sequence with exons, translation with protein."""

from itertools import pairwise

from trdpgx.knowledge.reference.codon import STOP, UNKNOWN_RESIDUE, translate
from trdpgx.knowledge.reference.transcript_sequence import coding_sequence, splice_sites
from trdpgx.model.errors import TrdpgxError
from trdpgx.model.nucleotides import UNKNOWN_BASE
from trdpgx.model.transcript import Transcript

SPLICE_SITES = frozenset({("GT", "AG"), ("GC", "AG"), ("AT", "AC")})
"""Donor and acceptor dinucleotides of introns that are known to be spliced (the last pair: U12-type)."""


class TranscriptError(TrdpgxError, ValueError):
    """Something about a transcript does not agree."""

    def __init__(self, file: str, gene: str, text: str) -> None:
        """Set the message: file, gene and fault."""
        super().__init__(f"{file}: {gene}: {text}")
        self.gene = gene
        self.text = text


def check_coding(transcript: Transcript) -> None:
    """Check that the exons are in order and that the coding interval is as long as the protein and its stop."""
    ascending = transcript.exons[:: transcript.strand]
    if any(exon.start > exon.end for exon in ascending) or any(left.end >= right.start for left, right in pairwise(ascending)):
        raise TranscriptError("exons.csv", transcript.gene, "the exons overlap or are not in the order of transcription")
    length, residues = sum(end - start + 1 for start, end in transcript.coding_exons), len(transcript.protein)
    if length != 3 * residues + 3:
        raise TranscriptError("transcripts.csv", transcript.gene, f"{length} coding bases for {residues} residues and a stop")
    if not transcript.protein.startswith("M"):
        raise TranscriptError("proteins.fa", transcript.gene, "the protein does not start with methionine")
    ends = {transcript.coding.start, transcript.coding.end}
    if any(not any(exon.start <= end <= exon.end for exon in transcript.exons) for end in ends):
        raise TranscriptError("transcripts.csv", transcript.gene, "the coding interval does not start and end in exons")


def check_sequence(transcript: Transcript) -> None:
    """Check that what is known is spliced as introns are, and encodes the protein and one stop at its end."""
    sequence = coding_sequence(transcript)
    expected = transcript.protein + STOP
    for number, (translated, residue) in enumerate(zip(translate(sequence), expected, strict=True), start=1):
        if translated not in (residue, UNKNOWN_RESIDUE):
            raise TranscriptError("sequence", transcript.gene, f"the translation differs from the protein at residue {number}")
    for number, site in enumerate(splice_sites(transcript), start=1):
        if UNKNOWN_BASE not in "".join(site) and site not in SPLICE_SITES:
            raise TranscriptError("sequence", transcript.gene, f"intron {number} does not begin and end as introns do")
