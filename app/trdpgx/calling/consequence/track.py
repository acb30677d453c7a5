"""A transcript laid out in its own direction.

Every position here is a *track position*: the genomic position, times the strand. Track positions grow in the direction of transcription,
so no user of this module needs to know which strand a gene is on. An interval is half-open: ``[start, end)``.
"""

from bisect import bisect_right
from functools import cache
from itertools import pairwise

from trdpgx.model.nucleotides import UNKNOWN_BASE, reverse_complement
from trdpgx.model.transcript import Transcript


class Track:
    """One transcript in its own direction: exons, introns, coding interval and known bases, all in track positions.

    ``exons`` and ``introns`` are half-open. ``coding`` is the first coding position and the one after the last. ``protein`` ends with
    its stop (``*``). ``coding_bases`` is the whole coding sequence and ``trailer_bases`` the spliced 3' UTR, ``N`` where not known.
    """

    def __init__(self, transcript: Transcript) -> None:
        """Lay the transcript out."""
        self.transcript = transcript
        strand = transcript.strand
        self.exons = tuple(
            sorted((min(strand * start, strand * end), max(strand * start, strand * end) + 1) for start, end in transcript.exons)
        )
        self.introns = tuple((left[1], right[0]) for left, right in pairwise(self.exons))
        ends = sorted(strand * end for end in transcript.coding)
        self.start, self.end = self.exons[0][0], self.exons[-1][1]
        self.coding = ends[0], ends[1] + 1
        self.protein = transcript.protein + "*"
        self._exon_starts = [start for start, _ in self.exons]
        self._spliced_before = [0]
        for start, end in self.exons:
            self._spliced_before.append(self._spliced_before[-1] + end - start)
        self._intervals = sorted(
            (interval.start, interval.bases)
            if strand == 1
            else (-(interval.start + len(interval.bases) - 1), reverse_complement(interval.bases))
            for interval in transcript.known
        )
        self._interval_starts = [start for start, _ in self._intervals]
        self.leader_length = self.spliced(self.coding[0])
        self.coding_length = 3 * len(self.protein)
        self.last_junction = self._spliced_before[-2] if self.introns else None
        spliced = "".join(self.bases(start, end) for start, end in self.exons)
        self.coding_bases = spliced[self.leader_length : self.leader_length + self.coding_length]
        self.trailer_bases = spliced[self.leader_length + self.coding_length :]

    def base(self, position: int) -> str:
        """Return the base at a position, ``N`` where it is not known."""
        number = bisect_right(self._interval_starts, position) - 1
        if number < 0:
            return UNKNOWN_BASE
        start, bases = self._intervals[number]
        return bases[position - start] if position - start < len(bases) else UNKNOWN_BASE

    def bases(self, start: int, end: int) -> str:
        """Return the bases of an interval, ``N`` where they are not known."""
        pieces: list[str] = []
        number = max(bisect_right(self._interval_starts, start) - 1, 0)
        while start < end:
            first, bases = self._intervals[number] if number < len(self._intervals) else (end, "")
            pieces.append(UNKNOWN_BASE * (min(first, end) - start))
            pieces.append(bases[max(start - first, 0) : max(end - first, 0)])
            start = max(start, min(first + len(bases), end))
            number += 1
        return "".join(pieces)

    def exon(self, position: int) -> int | None:
        """Return the index of the exon that holds a position."""
        number = bisect_right(self._exon_starts, position) - 1
        return number if number >= 0 and position < self.exons[number][1] else None

    def exons_near(self, start: int, end: int) -> range:
        """Return the indices of the exons that ``[start, end)`` touches, and of one more on either side."""
        first, last = bisect_right(self._exon_starts, start) - 1, bisect_right(self._exon_starts, end)
        return range(max(first - 1, 0), min(last + 1, len(self.exons)))

    def spliced(self, position: int) -> int:
        """Return the 0-based index of an exonic position in the spliced transcript."""
        number = bisect_right(self._exon_starts, position) - 1
        return self._spliced_before[number] + position - self.exons[number][0]

    def coding_index(self, position: int) -> int:
        """Return the 0-based index of an exonic position in the coding sequence: negative in the 5' UTR, past its end in the 3' UTR."""
        return self.spliced(position) - self.leader_length

    def name(self, position: int) -> str | None:
        """Return the position's number in a ``c.`` description (``76``, ``-12``, ``*5``, ``87+3``); ``None`` outside the transcript."""
        if not self.start <= position < self.end:
            return None
        if self.exon(position) is not None:
            return self._exonic_name(position)
        number = bisect_right(self._exon_starts, position) - 1
        first, behind = self.introns[number]
        from_left, from_right = position - first + 1, behind - position
        if from_left <= from_right:
            return f"{self._exonic_name(first - 1)}+{from_left}"
        return f"{self._exonic_name(behind)}-{from_right}"

    def _exonic_name(self, position: int) -> str:
        """Return the number of an exonic position: there is no 0, and the 3' UTR starts anew with ``*1``."""
        index = self.coding_index(position)
        if index < 0:
            return str(index)
        return str(index + 1) if index < self.coding_length else f"*{index - self.coding_length + 1}"


@cache
def track_of(transcript: Transcript) -> Track:
    """Return the transcript's track, made once."""
    return Track(transcript)
