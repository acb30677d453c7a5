"""How much of a gene's coding sequence a file could have shown a variant in."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache

from trdpgx.model.region import Interval
from trdpgx.model.span import Span, merged
from trdpgx.model.transcript import Transcript


def covered_bases(transcript: Transcript, covered: Iterable[Interval]) -> int:
    """Return how many of ``bases_to_read`` lie in covered intervals.

    ``covered`` are intervals of any chromosome (they may overlap): gVCF blocks and records with a genotype, or the targets of a BED
    file. A file of variant rows alone has none, and then nothing is known of what was not seen.
    """
    wanted = _wanted(transcript)
    first, last = wanted[0].start, max(end for _, end in wanted)
    near = (interval for interval in covered if interval.chrom == transcript.chrom and interval.start <= last and interval.end >= first)
    intervals = merged((interval.start, interval.end) for interval in near)
    return sum(_shared(span, intervals) for span in wanted)


def _shared(span: Span, intervals: Sequence[Span]) -> int:
    """Return how many bases of a span lie in intervals, which are in order and apart from each other."""
    at = bisect_left(intervals, span.start, key=lambda interval: interval.end)
    shared = 0
    while at < len(intervals) and intervals[at].start <= span.end:
        shared += min(span.end, intervals[at].end) - max(span.start, intervals[at].start) + 1
        at += 1
    return shared


def bases_to_read(transcript: Transcript) -> int:
    """Return the number of coding bases and splice-site bases of a transcript."""
    return sum(end - start + 1 for start, end in _wanted(transcript))


@cache
def _wanted(transcript: Transcript) -> tuple[Span, ...]:
    """Return the coding part of each exon with its splice sites, in genomic order; worked out once for each transcript."""
    return tuple(Span(start - 2, end + 2) for start, end in sorted(transcript.coding_exons))
