"""Lines over the panel, cut into the columns of ranges of samples and held compressed."""

from collections.abc import Iterator, Sequence
from itertools import chain

from backports import zstd

from trdpgx.intake.scan.scanner import SelectedLine

_LARGE = 2**10
"""Bytes from which on the columns of a range are compressed: genotypes shrink to a thirtieth and less."""
_LEVEL = 1
_GENOTYPE = 4
"""Bytes of a diploid genotype and its tab."""


class LineRanges:
    """Takes the selected lines of one file. ``order`` are the columns of its samples in the order of the input; ``None``: the same."""

    def __init__(self, ranges: Sequence[range], order: Sequence[int] | None = None) -> None:
        self._ranges = ranges
        self._order = order
        self._samples = ranges[-1].stop if ranges else 0
        self._heads: list[tuple[int | None, str, bytes]] = []
        self._columns: list[list[tuple[bool, bytes]]] = [[] for _ in ranges]

    def append(self, line: SelectedLine) -> None:
        """Take one more line."""
        *head, rest = line.text.split(b"\t", 9)
        self._heads.append((line.line, line.chrom, b"\t".join(head)))
        for held, piece in zip(self._columns, self._cut(rest), strict=True):
            large = len(piece) >= _LARGE
            held.append((large, zstd.compress(piece, _LEVEL) if large else piece))

    def __len__(self) -> int:
        return len(self._heads)

    def __iter__(self) -> Iterator[SelectedLine]:
        """Yield the lines of one range after the other."""
        return chain.from_iterable(map(self.of, range(len(self._ranges))))

    def of(self, number: int) -> Iterator[SelectedLine]:
        """Yield the lines with the columns of one range alone."""
        for (line, chrom, head), (large, piece) in zip(self._heads, self._columns[number], strict=True):
            columns = zstd.decompress(piece) if large else piece
            yield SelectedLine(line, chrom, b"%b\t%b" % (head, columns))

    def _cut(self, rest: bytes) -> list[bytes]:
        """Return the sample columns of each range."""
        if len(self._ranges) == 1 and self._order is None:
            return [rest]
        if self._order is None and len(rest) == _GENOTYPE * self._samples - 1 and rest[3::4] == b"\t" * (self._samples - 1):
            return [rest[_GENOTYPE * one.start : _GENOTYPE * one.stop - 1] for one in self._ranges]
        columns = rest.split(b"\t")
        if self._order is not None:
            columns = [columns[column] for column in self._order]
        return [b"\t".join(columns[one.start : one.stop]) for one in self._ranges]


def without_columns(line: SelectedLine, columns: frozenset[int]) -> SelectedLine:
    """Return a line in which some samples (by number) are missing."""
    fields = line.text.split(b"\t")
    return line._replace(text=b"\t".join([b"." if at - 9 in columns else field for at, field in enumerate(fields)]))
