"""The alleles that are compared: every SNV of coding bases and splice sites, and random indels and multi-base changes near exons."""

from random import Random

from trdpgx.knowledge.reference.codon import UNKNOWN_BASE
from trdpgx.knowledge.reference.transcript_sequence import bases
from trdpgx.model.transcript import Transcript
from validation.consequence.oracle import Allele

_SIZES = (1, 1, 1, 2, 2, 3, 3, 3, 4, 5, 6, 7, 9, 12, 20)
_AROUND = 12
_MARGIN = 40


def snvs(transcript: Transcript) -> list[Allele]:
    """Return every possible SNV of the exons and of ten bases on either side of each, where the reference base is known."""
    positions = sorted({pos for start, end in transcript.exons for pos in range(start - 10, end + 11)})
    found = []
    for pos in positions:
        ref = bases(transcript, pos, pos)
        found += [Allele(pos, ref, alt) for alt in "ACGT" if ref not in (alt, UNKNOWN_BASE)]
    return found


def random_alleles(transcript: Transcript, number: int, seed: int) -> list[Allele]:
    """Return so many different deletions, insertions, duplications, multi-base changes and delins in and near the exons."""
    random = Random(seed)
    known = transcript.known[0]
    low, high = known.start + _MARGIN, known.start + len(known.bases) - _MARGIN
    found: set[Allele] = set()
    while len(found) < number:
        exon = random.choice(transcript.exons)
        pos = random.randint(exon.start - _AROUND, exon.end + _AROUND)
        if low <= pos <= high:
            allele = _allele(transcript, pos, random)
            if UNKNOWN_BASE not in allele.ref + allele.alt and allele.ref != allele.alt:
                found.add(allele)
    return sorted(found)


def _allele(transcript: Transcript, pos: int, random: Random) -> Allele:
    """Make one allele at a position."""
    size, kind = random.choice(_SIZES), random.random()
    anchor = bases(transcript, pos, pos)
    if kind < 0.4:
        return Allele(pos, bases(transcript, pos, pos + size), anchor)
    if kind < 0.6:
        return Allele(pos, anchor, anchor + _letters(random, size))
    if kind < 0.75:
        return Allele(pos, anchor, anchor + bases(transcript, pos - size + 1, pos))
    if kind < 0.9:
        size = random.choice((2, 2, 3, 3, 4, 5))
        return Allele(pos, bases(transcript, pos, pos + size - 1), _letters(random, size))
    return Allele(pos, bases(transcript, pos, pos + random.choice((1, 2, 3, 4))), _letters(random, random.choice((1, 2, 3, 4, 6))))


def _letters(random: Random, size: int) -> str:
    return "".join(random.choice("ACGT") for _ in range(size))
