"""Read intervals of a reference genome from FASTA: plain or bgzip, by its index where it has one, else by scanning it once.

An index (``.fai``, and ``.gzi`` for bgzip) is used as ``samtools faidx`` writes it. Without one the file is read from end to end,
which takes seconds to a minute for a human genome. Contigs may be named with or without ``chr``.
"""

import gzip
import zlib
from bisect import bisect_right
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

from trdpgx.model.errors import TrdpgxError

_GZIP_MAGIC = b"\x1f\x8b"
_BGZF_EXTRA = b"BC\x02\x00"
_BGZF_HEADER = 18


class GenomeFastaError(TrdpgxError, ValueError):
    """The FASTA cannot be used. The message gives the reason and the remedy."""


class Contig(NamedTuple):
    """One line of an index: length in bases, offset of the first base in the uncompressed file, bases and bytes of a line."""

    length: int
    offset: int
    line_bases: int
    line_bytes: int


class GenomeFasta:
    """A reference genome on disk: a context manager, open inside ``with``. ``contigs`` is the index."""

    def __init__(self, path: Path) -> None:
        """Keep the path."""
        self.path = path
        self.contigs: Mapping[str, Contig] = {}
        self._blocks: list[tuple[int, int]] = []

    def __enter__(self) -> Self:
        """Open the file and its index. Raises ``GenomeFastaError`` where it is missing, gzip but not bgzip, or not FASTA."""
        try:
            self._file: BinaryIO = self.path.open("rb")
        except OSError:
            raise GenomeFastaError(f"{self.path}: cannot be read") from None
        try:
            self._open()
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the file."""
        self._file.close()

    def _open(self) -> None:
        """Recognise the form by the first bytes, and read the index."""
        magic = self._file.read(_BGZF_HEADER)
        compressed = magic.startswith(_GZIP_MAGIC)
        if compressed and magic[12:16] != _BGZF_EXTRA:
            raise GenomeFastaError(f"{self.path}: compressed with gzip; decompress it, or compress it with bgzip")
        if not compressed and not magic.startswith(b">"):
            raise GenomeFastaError(f"{self.path}: not a FASTA file")
        if compressed:
            self._blocks = _blocks(self.path, self._file)
        self.contigs = self._index(compressed=compressed)

    def fetch(self, chrom: str, start: int, end: int) -> str:
        """Return bases ``start`` to ``end`` (1-based, inclusive) of a chromosome named without ``chr``, in upper case.

        Raises ``GenomeFastaError`` where the contig is not there or is too short.
        """
        contig = self.contigs.get(chrom) or self.contigs.get(f"chr{chrom}")
        if contig is None:
            raise GenomeFastaError(f"{self.path}: no contig '{chrom}' or 'chr{chrom}'")
        if not 1 <= start <= end <= contig.length:
            raise GenomeFastaError(f"{self.path}: contig '{chrom}' has {contig.length} bases; is this the whole chromosome?")
        first, last = _file_offset(contig, start - 1), _file_offset(contig, end - 1)
        return self._read(first, last - first + 1).translate(None, b"\r\n").decode("ascii").upper()

    def _read(self, offset: int, size: int) -> bytes:
        """Return bytes of the uncompressed file."""
        if not self._blocks:
            self._file.seek(offset)
            return self._file.read(size)
        number = bisect_right(self._blocks, offset, key=lambda block: block[1]) - 1
        skipped = offset - self._blocks[number][1]
        data = bytearray()
        while len(data) < skipped + size and number < len(self._blocks):
            data += _inflate(self._file, self._blocks[number][0])
            number += 1
        return bytes(data[skipped : skipped + size])

    def _index(self, *, compressed: bool) -> Mapping[str, Contig]:
        """Read ``.fai``, or else scan the file."""
        beside = self.path.with_name(self.path.name + ".fai")
        if not beside.is_file():
            return _scan(self.path, compressed=compressed)
        contigs = {}
        for line in beside.read_text(encoding="utf-8").splitlines():
            name, *numbers = line.split("\t")
            if len(numbers) < 4 or not all(number.isdigit() for number in numbers[:4]):
                raise GenomeFastaError(f"{beside}: not an index as samtools faidx writes it")
            contigs[name] = Contig(*(int(number) for number in numbers[:4]))
        return contigs


def _file_offset(contig: Contig, base: int) -> int:
    """Return the offset of a base (0-based) in the uncompressed file."""
    return contig.offset + base // contig.line_bases * contig.line_bytes + base % contig.line_bases


def _blocks(path: Path, file: BinaryIO) -> list[tuple[int, int]]:
    """Return the offset of each BGZF block in the file and in the uncompressed file, from ``.gzi`` or the header of each block."""
    beside = path.with_name(path.name + ".gzi")
    if beside.is_file():
        data = beside.read_bytes()
        numbers = [int.from_bytes(data[at : at + 8], "little") for at in range(8, len(data), 8)]
        return [(0, 0), *zip(numbers[::2], numbers[1::2], strict=True)]
    blocks, offset, start = [], 0, 0
    size = path.stat().st_size
    while offset < size:
        length, inflated = _block_sizes(file, offset)
        if offset + length > size:
            raise GenomeFastaError(f"{path}: the compressed FASTA is cut or damaged")
        blocks.append((offset, start))
        offset, start = offset + length, start + inflated
    return blocks


def _block_sizes(file: BinaryIO, offset: int) -> tuple[int, int]:
    """Return the size of a BGZF block, compressed and uncompressed."""
    file.seek(offset)
    header = file.read(_BGZF_HEADER)
    if header[:2] != _GZIP_MAGIC or header[12:16] != _BGZF_EXTRA:
        raise GenomeFastaError("the compressed FASTA is cut or damaged")
    length = int.from_bytes(header[16:18], "little") + 1
    file.seek(offset + length - 4)
    return length, int.from_bytes(file.read(4), "little")


def _inflate(file: BinaryIO, offset: int) -> bytes:
    """Return the content of one BGZF block."""
    length, _ = _block_sizes(file, offset)
    file.seek(offset)
    try:
        return gzip.decompress(file.read(length))
    except (OSError, EOFError, zlib.error):
        raise GenomeFastaError("the compressed FASTA is cut or damaged") from None


def _scan(path: Path, *, compressed: bool) -> Mapping[str, Contig]:
    """Find the contigs by reading every line. Raises where the lines of a contig are not equally long."""
    contigs: dict[str, Contig] = {}
    with gzip.open(path, "rb") if compressed else path.open("rb") as file:
        name, offset, length, bases, width, short = "", 0, 0, 0, 0, False
        at = 0
        for line in file:
            at += len(line)
            if line.startswith(b">"):
                if name:
                    contigs[name] = Contig(length, offset, bases, width)
                name, offset, length, bases, width, short = line[1:].split()[0].decode(), at, 0, 0, 0, False
                continue
            letters = len(line.rstrip(b"\r\n"))
            bases, width = bases or letters, width or len(line)
            if short and letters:
                raise GenomeFastaError(f"{path}: the lines of contig '{name}' are not equally long; make an index with samtools faidx")
            short, length = letters < bases, length + letters
        contigs[name] = Contig(length, offset, bases, width)
    return contigs
