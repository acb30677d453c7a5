"""Selected lines, cut by ranges of samples and kept compressed: in memory, and beyond 16 MiB in an unnamed temporary file."""

from array import array
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from tempfile import SpooledTemporaryFile
from weakref import finalize

from backports import zstd

from trdpgx.intake.scan.scanner import SelectedLine
from trdpgx.intake.vcf.lines import cut_columns

_LARGE = 2**10
"""Columns of a range of at least so many bytes are compressed: genotypes shrink to a thirtieth or less."""
_LEVEL = 1
_IN_MEMORY = 2**24
"""Beyond so many bytes the compressed columns go to a file, so that memory does not grow with the number of samples."""


class LineRanges:
    """Takes the selected lines of one file, and yields them with the columns of a range of samples alone.

    ``order`` are the columns of the samples in the order of the input (``None``: that of the file). ``folder`` is for the temporary file
    (``None``: the system's folder), which is deleted with the object.
    """

    def __init__(self, ranges: Sequence[range], order: Sequence[int] | None = None, folder: Path | None = None) -> None:
        self._ranges = ranges
        self._order = order
        self._heads: list[tuple[int | None, str, bytes]] = []
        self._starts = array("q", [0])
        """The offset of each piece in the file, line by line and range by range, and the end of the last one."""
        self._compressed = bytearray()
        self._held = SpooledTemporaryFile(max_size=_IN_MEMORY, dir=None if folder is None else str(folder))  # noqa: SIM115
        finalize(self, self._held.close)

    def append(self, line: SelectedLine) -> None:
        """Take one more line. Raises ``OSError`` where the disk is full."""
        *head, rest = line.text.split(b"\t", 9)
        self._heads.append((line.line, line.chrom, b"\t".join(head)))
        self._held.seek(self._starts[-1])
        for piece in cut_columns(rest, self._ranges, self._order):
            large = len(piece) >= _LARGE
            kept = zstd.compress(piece, _LEVEL) if large else piece
            self._compressed.append(large)
            self._starts.append(self._starts[-1] + self._held.write(kept))

    def __len__(self) -> int:
        return len(self._heads)

    def __iter__(self) -> Iterator[SelectedLine]:
        """Yield the lines of one range after the other."""
        return chain.from_iterable(map(self.of, range(len(self._ranges))))

    def of(self, number: int) -> Iterator[SelectedLine]:
        """Yield the lines with the columns of one range alone."""
        for at, (line, chrom, head) in zip(range(number, len(self._compressed), len(self._ranges)), self._heads, strict=True):
            self._held.seek(self._starts[at])
            piece = self._held.read(self._starts[at + 1] - self._starts[at])
            columns = zstd.decompress(piece) if self._compressed[at] else piece
            yield SelectedLine(line, chrom, b"%b\t%b" % (head, columns))


def without_columns(line: SelectedLine, columns: frozenset[int]) -> SelectedLine:
    """Return a line in which the columns of some samples (by number from 0) are missing values."""
    fields = line.text.split(b"\t")
    return line._replace(text=b"\t".join([b"." if at - 9 in columns else field for at, field in enumerate(fields)]))
