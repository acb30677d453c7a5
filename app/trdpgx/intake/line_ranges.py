"""Lines over the panel, cut into the columns of ranges of samples and held compressed, beyond some size in a file without a name."""

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
"""Bytes from which on the columns of a range are compressed: genotypes shrink to a thirtieth and less."""
_LEVEL = 1
_IN_MEMORY = 2**24
"""Bytes of compressed columns from which on they go to a file, so that memory does not grow with the number of samples."""


class LineRanges:
    """Takes the selected lines of one file. ``order`` are the columns of its samples in the order of the input; ``None``: the same.

    ``folder`` is where the file without a name is made (the system's for temporary files, where it is ``None``); it ends with the object.
    """

    def __init__(self, ranges: Sequence[range], order: Sequence[int] | None = None, folder: Path | None = None) -> None:
        self._ranges = ranges
        self._order = order
        self._heads: list[tuple[int | None, str, bytes]] = []
        self._starts = array("q", [0])
        """Where each piece begins in the file, line by line and range by range, and where the last one ends."""
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
    """Return a line in which some samples (by number) are missing."""
    fields = line.text.split(b"\t")
    return line._replace(text=b"\t".join([b"." if at - 9 in columns else field for at, field in enumerate(fields)]))
