"""A preview without an index: the few BGZF blocks of a sorted file in which the panel should be, found by interpolation.

This trusts that the file is sorted. A record out of its place is lost in silence, as is a gVCF block that starts more than one compressed
block before the region that it reaches into; nothing but the blocks that are opened is verified. It is for a look at a file, never
for a report. Intake, which looks at every line, is the way to those.
"""

import mmap
import struct
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from pathlib import Path

from isal import isal_zlib

from app.intake.contigs import chromosome
from app.intake.header import HeaderReader
from app.intake.problems import CORRUPT, UNSUPPORTED_FORMAT
from app.intake.sniff import is_bgzf_block
from app.intake.targets import Target
from app.model.limits import Limits
from app.model.problem import InputError

_START = b"\x1f\x8b\x08\x04"
_BLOCK_MAX = 2**16
_APART = 10_000
"""Windows closer than this are read in one go."""
_DAMAGED: type[Exception] = vars(isal_zlib)["error"]

Key = tuple[int, int]
"""Number of the contig in the header, and POS."""


def peek(path: Path, targets: Mapping[str, Target], limits: Limits) -> tuple[bytes, int]:
    """Return a small VCF of the records where the panel should be, and how many blocks were opened.

    Raises ``InputError`` for a file that is no BGZF or whose header names no contigs, and ``OSError``.
    """
    with path.open("rb") as file:
        head = file.read(18)
        if not is_bgzf_block(head):
            raise InputError(UNSUPPORTED_FORMAT, "A preview needs a BGZF file (bgzip).")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _Search(data, limits).run(targets)


class _Search:
    """The search in one file. Blocks are known by where they start; what they start with is remembered."""

    def __init__(self, data: mmap.mmap, limits: Limits) -> None:
        self.opened = 0
        self._data = data
        self._first: dict[int, tuple[Key, int] | None] = {}
        self._header, self._body = self._read_header(limits)
        self._order = {name: number for number, name in enumerate(self._names(limits))}

    def run(self, targets: Mapping[str, Target]) -> tuple[bytes, int]:
        lines: dict[bytes, None] = {}
        for name, number in self._order.items():
            target = targets.get(chromosome(name) or "")
            for first, last in _regions(target) if target is not None else ():
                lines.update(dict.fromkeys(self._lines(name + b"\t", (number, first), (number, last))))
        return b"".join((self._header, *lines)), self.opened

    def _read_header(self, limits: Limits) -> tuple[bytes, int]:
        """Return the header, and where the block starts that holds its end."""
        text, at = b"", 0
        while (at < len(self._data)) and len(text) <= limits.max_header_bytes:
            block, end = self._open(at)
            text += block
            found = text.find(b"\n#CHROM")
            stop = text.find(b"\n", found + 1) if found >= 0 else -1
            if stop >= 0:
                return text[: stop + 1], at
            at = end
        raise InputError(UNSUPPORTED_FORMAT, "No end of a VCF header was found.")

    def _names(self, limits: Limits) -> list[bytes]:
        reader = HeaderReader(limits)
        reader.feed(self._header)
        names = list(reader.finish().contigs)
        if not names:
            raise InputError(UNSUPPORTED_FORMAT, "A preview needs the contigs in the header, in the order of the file.")
        return names

    def _lines(self, name: bytes, first: Key, last: Key) -> Iterator[bytes]:
        """Yield the lines from the block before ``first`` up to ``last``."""
        at = self._before(first)
        rest, cut = b"", at != self._body
        while at < len(self._data):
            block, at = self._open(at)
            *lines, rest = (rest + block).split(b"\n")
            lines, cut = lines[cut:], cut and not lines
            count = bisect_right(lines, last, key=self._place)
            yield from (line + b"\n" for line in lines[:count] if line.startswith(name))
            if count < len(lines):
                return

    def _before(self, wanted: Key) -> int:
        """Return where the last block starts whose first record is before ``wanted``, by interpolation and halving in turn."""
        low, high = self._body, len(self._data)
        low_key, high_key = (0, 0), (len(self._order), 0)
        halve = False
        while high - low > _BLOCK_MAX:
            middle = low + (high - low) // 2
            if not halve and low_key[0] == high_key[0] == wanted[0]:
                share = (wanted[1] - low_key[1]) / max(1, high_key[1] - low_key[1])
                middle = min(max(low + int((high - low) * share) - _BLOCK_MAX, low + 1), high - _BLOCK_MAX // 2)
            halve = not halve
            found = self._first_after(middle, high)
            if found is None or found[0] >= wanted:
                high, high_key = (middle, high_key) if found is None else (middle, found[0])
            else:
                low_key, low = found
        return low

    def _first_after(self, at: int, stop: int) -> tuple[Key, int] | None:
        """Return the key of the first record that starts in a block at or after ``at``, and where that block starts."""
        start = self._data.find(_START, at, stop)
        while start >= 0:
            if start in self._first:
                return self._first[start]
            if is_bgzf_block(self._data[start : start + 18]):
                try:
                    block, _ = self._open(start)
                except InputError:
                    block = b""
                line = block.partition(b"\n")[2].partition(b"\n")[0]
                key = self._place(line)
                if key[0] >= 0:
                    self._first[start] = (key, start)
                    return key, start
            start = self._data.find(_START, start + 1, stop)
        return None

    def _place(self, line: bytes) -> Key:
        """Return the place of a record, or one before all others for what is none."""
        name, pos, _ = (*line.split(b"\t", 2), b"", b"")[:3]
        number = self._order.get(name)
        return (-1, 0) if number is None or not pos.isdigit() else (number, int(pos[:10]))

    def _open(self, at: int) -> tuple[bytes, int]:
        """Return what a block holds, and where the next one starts."""
        self.opened += 1
        head = self._data[at : at + 18]
        if not is_bgzf_block(head):
            raise InputError(CORRUPT, "A BGZF block does not start as one.")
        end = at + struct.unpack_from("<H", head, 16)[0] + 1
        block = self._data[at + 12 + struct.unpack_from("<H", head, 10)[0] : end]
        try:
            text: bytes = isal_zlib.decompressobj(-15).decompress(block[:-8], _BLOCK_MAX)
        except (_DAMAGED, ValueError):
            raise InputError(CORRUPT, "A BGZF block cannot be inflated.") from None
        if isal_zlib.crc32(text) != struct.unpack("<I", block[-8:-4])[0]:
            raise InputError(CORRUPT, "The checksum of a BGZF block is wrong.")
        return text, end


def _regions(target: Target) -> Iterator[tuple[int, int]]:
    """Yield the windows of a chromosome, near ones joined."""
    held: tuple[int, int] | None = None
    for start, end in zip(target.windows.start_list[:-1], target.windows.end_list[:-1], strict=True):
        if held is not None and start - held[1] < _APART:
            held = held[0], end
        else:
            if held is not None:
                yield held
            held = start, end
    if held is not None:
        yield held
