"""What is known of a transcript's sequence, read out along the genome or along the transcript."""

from itertools import pairwise

from trdpgx.model.nucleotides import UNKNOWN_BASE, reverse_complement
from trdpgx.model.transcript import Transcript


def bases(transcript: Transcript, start: int, end: int) -> str:
    """Return the plus-strand bases of an interval, ``N`` where they are not known."""
    parts = []
    for interval in transcript.known:
        last = interval.start + len(interval.bases) - 1
        if interval.start <= end and last >= start:
            parts.append((max(start, interval.start), interval.bases[max(0, start - interval.start) : end - interval.start + 1]))
    text, at = "", start
    for first, letters in parts:
        text += UNKNOWN_BASE * (first - at) + letters
        at = first + len(letters)
    return text + UNKNOWN_BASE * (end - at + 1)


def coding_sequence(transcript: Transcript) -> str:
    """Return the coding sequence, start to stop in the direction of transcription, ``N`` where it is not known."""
    parts = (bases(transcript, start, end) for start, end in transcript.coding_exons)
    return "".join(part if transcript.strand == 1 else reverse_complement(part) for part in parts)


def splice_sites(transcript: Transcript) -> list[tuple[str, str]]:
    """Return donor and acceptor dinucleotides of each intron in the order of transcription, ``N`` where they are not known."""
    sites = []
    for left, right in pairwise(transcript.exons[:: transcript.strand]):
        first, last = bases(transcript, left.end + 1, left.end + 2), bases(transcript, right.start - 2, right.start - 1)
        sites.append((first, last) if transcript.strand == 1 else (reverse_complement(last), reverse_complement(first)))
    return sites[:: transcript.strand]
