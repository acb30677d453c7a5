"""A preview without an index: the few BGZF blocks of a sorted file in which the panel should be, found by interpolation.

This trusts that the file is sorted. A record out of its place is lost in silence, as is a gVCF block that starts more than one compressed
block before the region that it reaches into; nothing but the blocks that are read is verified. It is for a look at a file, never
for a report. Intake, which looks at every line, is the way to those.
"""

import mmap
import struct
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from isal import isal_zlib

from trdpgx.intake.decompress.sniff import is_bgzf_block
from trdpgx.intake.problems import CORRUPT, UNSUPPORTED_FORMAT
from trdpgx.intake.read import PanelIndex
from trdpgx.intake.scan.panel_index import ChromosomeIntervals, PanelIntervals
from trdpgx.intake.scan.scanner import open_engine
from trdpgx.intake.vcf.contigs import chromosome
from trdpgx.intake.vcf.header import list_contigs
from trdpgx.model.genome import Assembly
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

_START = b"\x1f\x8b\x08\x04"
_BLOCK_MAX = 2**16
_NEAR = 20_000
"""Compressed bytes within which the search stops: about a block."""
_LOOK = 4_096
"""Decompressed bytes of a block in which its first whole record is usually found."""
_APART = 100_000
"""Windows closer than this (bases) are read in one go."""
_DAMAGED: type[Exception] = vars(isal_zlib)["error"]

Key = tuple[int, int]
"""Number of the contig in the header, and POS."""


def peek(path: Path, panel_index: PanelIndex, limits: Limits) -> tuple[bytes, int]:
    """Return a small VCF of the records over the panel that were found, and how many blocks were opened.

    Raises ``InputError`` for a file that is no BGZF or whose header names no contigs, and ``OSError``.
    """
    with path.open("rb") as file:
        head = file.read(18)
        if not is_bgzf_block(head):
            raise InputError(UNSUPPORTED_FORMAT, "A preview needs a BGZF file (bgzip).")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _Search(data, panel_index, limits).run()


class _Search:
    """The search in one file. What blocks start with is remembered: ``keys`` in ascending order, and where those blocks start."""

    def __init__(self, data: mmap.mmap, panel_index: PanelIndex, limits: Limits) -> None:
        self.opened = 0
        self._data = data
        self._header, self._body = self._read_header(limits)
        contigs = list_contigs(self._header)
        if not contigs:
            raise InputError(UNSUPPORTED_FORMAT, "A preview needs the contigs in the header, in the order of the file.")
        self._order = {name: number for number, name in enumerate(contigs)}
        self._offsets = [0, *accumulate(length or 1 for length in contigs.values()), 0]
        self._targets = _targets(panel_index, contigs)
        self._engine = open_engine(self._targets, self._header.rsplit(b"\n", 2)[-2].count(b"\t") + 1, limits)
        self._keys: list[Key] = [(-1, 0)]
        self._starts: list[int] = [self._body]

    def run(self) -> tuple[bytes, int]:
        lines: dict[bytes, None] = {}
        for name, number in self._order.items():
            target = self._targets.get(chromosome(name) or "")
            for first, last in _regions(target) if target is not None else ():
                text = self._text((number, first), (number, last))
                look = self._engine.look(text) if text else None
                if look is None:
                    lines.update(dict.fromkeys(text.splitlines()))
                else:
                    lines.update(dict.fromkeys(text[hit.start : hit.end] for hit in look.hits))
        return b"".join((self._header, *(line + b"\n" for line in lines))), self.opened

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

    def _text(self, first: Key, last: Key) -> bytes:
        """Return whole lines from the block before ``first`` to that in which ``last`` is passed."""
        start = at = self._before(first)
        text = b""
        while at < len(self._data):
            block, at = self._open(at)
            text += block
            cut = text.rfind(b"\n")
            if self._place(text[text.rfind(b"\n", 0, max(cut, 0)) + 1 : cut]) > last:
                break
        begin = text.find(b"\n#CHROM") + 1 if start == self._body else 0
        return text[text.find(b"\n", begin) + 1 : text.rfind(b"\n") + 1]

    def _before(self, wanted: Key) -> int:
        """Return where the last block starts whose first record is before ``wanted``, by interpolation and halving in turn."""
        number = bisect_left(self._keys, wanted)
        low, low_key = self._starts[number - 1], self._keys[number - 1]
        known = number < len(self._keys)
        high, high_key = (self._starts[number], self._keys[number]) if known else (len(self._data), (len(self._order), 0))
        halve = False
        while high - low > _NEAR:
            middle = low + (high - low) // 2
            if not halve:
                share = (self._coordinate(wanted) - self._coordinate(low_key)) / max(
                    1, self._coordinate(high_key) - self._coordinate(low_key)
                )
                middle = min(max(low + int((high - low) * share) - _NEAR // 2, low + 1), high - _NEAR // 2)
            halve = not halve
            found = self._first_after(middle, high)
            if found is None or found[0] >= wanted:
                high, high_key = (middle, high_key) if found is None else (middle, found[0])
            else:
                low_key, low = found
        return low

    def _coordinate(self, key: Key) -> int:
        """Return how many bases stand before a place, over all contigs in their order."""
        return self._offsets[max(key[0], 0)] + key[1]

    def _first_after(self, at: int, stop: int) -> tuple[Key, int] | None:
        """Return the key of the first record that starts in a block at or after ``at``, and where that block starts."""
        start = self._data.find(_START, at, stop)
        while start >= 0:
            if is_bgzf_block(self._data[start : start + 18]):
                key = self._first_key(start)
                if key[0] >= 0:
                    self._remember(key, start)
                    return key, start
            start = self._data.find(_START, start + 1, stop)
        return None

    def _first_key(self, start: int) -> Key:
        """Return the place of the first record that starts in a block, or one before all others where none does."""
        for size in (_LOOK, _BLOCK_MAX):
            try:
                block, _ = self._open(start, size)
            except InputError:
                break
            key = self._place(block[block.find(b"\n") + 1 :]) if b"\n" in block else (-1, 0)
            if key[0] >= 0:
                return key
        return -1, 0

    def _remember(self, key: Key, start: int) -> None:
        number = bisect_left(self._keys, key)
        if self._starts[number - 1] < start and (number == len(self._starts) or start < self._starts[number]):
            self._keys.insert(number, key)
            self._starts.insert(number, start)

    def _place(self, line: bytes) -> Key:
        """Return the place of a record, or one before all others for what is none."""
        name, pos, rest = (*line[:400].split(b"\t", 2), b"", b"")[:3]
        number = self._order.get(name)
        return (-1, 0) if number is None or not pos.isdigit() or not rest else (number, int(pos[:10]))

    def _open(self, at: int, size: int = 0) -> tuple[bytes, int]:
        """Return what a block holds, and where the next one starts; with ``size``, up to so many bytes that are not verified."""
        self.opened += 1
        head = self._data[at : at + 18]
        if not is_bgzf_block(head):
            raise InputError(CORRUPT, "A BGZF block does not start as one.")
        end = at + struct.unpack_from("<H", head, 16)[0] + 1
        block = self._data[at + 12 + struct.unpack_from("<H", head, 10)[0] : end]
        try:
            text: bytes = isal_zlib.decompressobj(-15).decompress(block[:-8], size or _BLOCK_MAX)
        except (_DAMAGED, ValueError):
            raise InputError(CORRUPT, "A BGZF block cannot be inflated.") from None
        if not size and isal_zlib.crc32(text) != struct.unpack("<I", block[-8:-4])[0]:
            raise InputError(CORRUPT, "The checksum of a BGZF block is wrong.")
        return text, end


def _targets(panel_index: PanelIndex, contigs: dict[bytes, int | None]) -> PanelIntervals:
    """Return the targets of the assembly whose lengths the contigs have, or those of all where it is not one."""
    lengths = {chromosome(name): length for name, length in contigs.items()}
    found: list[Assembly] = [
        assembly
        for assembly, panel in panel_index.panels.items()
        if any(lengths.get(chrom) == length for chrom, length in panel.contig_lengths.items())
    ]
    return panel_index.own[found[0]] if len(found) == 1 else panel_index.targets


def _regions(target: ChromosomeIntervals) -> Iterator[tuple[int, int]]:
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
