"""How much of a gene's coding sequence a file could have shown a variant in."""

from collections.abc import Iterable

from app.model.region import Callability, Stretch
from app.model.transcript import Span, Transcript


def callability(transcript: Transcript, covered: Iterable[Stretch]) -> Callability:
    """Count the coding bases and splice-site bases that lie in covered stretches.

    ``covered`` are stretches of any chromosome (they may overlap): gVCF blocks and records with a genotype, or the targets of a BED
    file. A file of variant rows alone has none, and then nothing is known of what was not seen.
    """
    wanted = [Span(start - 2, end + 2) for start, end in sorted(transcript.coding_exons)]
    stretches = merged(Span(stretch.start, stretch.end) for stretch in covered if stretch.chrom == transcript.chrom)
    seen = sum(max(0, min(end, last) - max(start, first) + 1) for start, end in wanted for first, last in stretches)
    return Callability(transcript.gene, seen, sum(end - start + 1 for start, end in wanted))


def merged(stretches: Iterable[Span]) -> list[Span]:
    """Return stretches in order, those that overlap or touch as one."""
    found: list[Span] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1].end + 1:
            found[-1] = Span(found[-1].start, max(found[-1].end, end))
        else:
            found.append(Span(start, end))
    return found
