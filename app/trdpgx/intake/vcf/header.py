"""The header, read by our own code: its shape is checked, and only what is needed is kept."""

import re

from msgspec import Struct, field

from trdpgx.intake.decompress.sniff import BOM
from trdpgx.intake.problems import (
    BAD_COLUMN_LINE,
    BAD_FILEFORMAT,
    BAD_HEADER_LINE,
    BAD_SAMPLE_NAME,
    BLANK_LINE,
    DUPLICATE_SAMPLE,
    HEADER_TOO_LARGE,
    HEADER_TOO_LONG,
    MISSING_COLUMN_LINE,
    NO_SAMPLES,
    TOO_MANY_CONTIGS,
    TOO_MANY_SAMPLES,
    UNSUPPORTED_VERSION,
)
from trdpgx.model.limits import Limits
from trdpgx.model.printable import is_printable
from trdpgx.model.problem import InputError

_FIXED = [b"#CHROM", b"POS", b"ID", b"REF", b"ALT", b"QUAL", b"FILTER", b"INFO"]
_VERSION = re.compile(rb"##fileformat=VCFv([0-9]{1,3})\.([0-9]{1,3})")
_PLAIN_CONTIG = re.compile(rb"##contig=<ID=([^,>\s]+)(?:,length=([0-9]{1,12}))?(?:,assembly=([^\",>=\s]{1,200}))?>")
"""How nearly all contigs are written. A header of GRCh38 has three thousand of them, and each has to be read."""
_CONTIG = re.compile(rb"##contig=<(?:.*?,)?ID=([^,>\s]+)")
_LENGTH = re.compile(rb"[<,]length=\"?([0-9]{1,12})\"?[,>]")
_IDX = re.compile(rb"[<,]IDX=([0-9]{1,9})[,>]")
_ASSEMBLY = re.compile(rb"[<,]assembly=\"?([^\",>]{1,200})")
_SOURCE = re.compile(rb"##(?:reference|assembly|genome|genome[_-]?build|reference[_-]?genome)=", re.IGNORECASE)
_IMPUTED = re.compile(rb"##source=[^\n]*(?:minimac|beagle|impute|glimpse|quilt|stitch)", re.IGNORECASE)
_NAME_MAX = 1024


class Header(Struct):
    """What is kept of a header. ``contigs`` maps contig names to lengths (``None`` where the header has none)."""

    samples: tuple[str, ...] = ()
    contigs: dict[bytes, int | None] = field(default_factory=dict)
    assemblies: set[bytes] = field(default_factory=set)
    references: list[bytes] = field(default_factory=list)
    imputed: bool = False
    """Whether ``##source`` names a program that imputes."""
    definitions: list[bytes] = field(default_factory=list)
    """The FILTER, INFO and FORMAT lines, of which BCF needs the order."""
    contig_numbers: dict[bytes, int] = field(default_factory=dict)
    """The numbers that a BCF's header gives to contigs, where it does (IDX)."""

    @property
    def columns(self) -> int:
        """Number of columns of each record."""
        return len(_FIXED) + 1 + len(self.samples)


class HeaderReader:
    """Reads a header that comes in buffers of complete lines. ``line`` counts the lines read so far."""

    def __init__(self, limits: Limits) -> None:
        self.header = Header()
        self.line = 0
        self.done = False
        self.byte_order_mark = False
        self._bytes = 0
        self._limits = limits

    def feed(self, buffer: bytes) -> int:
        """Read lines up to ``#CHROM`` and return how many bytes of ``buffer`` they took. Raises ``InputError``."""
        at = 0
        while not self.done and at < len(buffer):
            end = buffer.index(b"\n", at)
            self._read(buffer[at:end])
            at = end + 1
        return at

    def finish(self) -> Header:
        """Return the header. Raises ``InputError`` if the ``#CHROM`` line never came."""
        if not self.done:
            raise InputError(MISSING_COLUMN_LINE, "The input ends inside the header.")
        return self.header

    def _read(self, line: bytes) -> None:
        self.line += 1
        self._bytes += len(line) + 1
        if self.line > self._limits.max_header_lines:
            raise InputError(HEADER_TOO_LONG, f"The cap is {self._limits.max_header_lines} lines.", line=self.line)
        if self._bytes > self._limits.max_header_bytes:
            raise InputError(HEADER_TOO_LARGE, f"The cap is {self._limits.max_header_bytes} bytes.", line=self.line)
        if self.line == 1:
            self._read_version(line)
        elif line.startswith(b"##"):
            self._read_meta(line)
        elif line.lower().startswith(b"#chrom"):
            self._read_columns(line)
            self.done = True
        elif not line:
            raise InputError(BLANK_LINE, "The line is in the header.", line=self.line)
        elif line.startswith(b"#"):
            raise InputError(BAD_HEADER_LINE, "The line starts with a single `#` and is not the `#CHROM` line.", line=self.line)
        else:
            raise InputError(MISSING_COLUMN_LINE, "A line that is not a header line comes before the `#CHROM` line.", line=self.line)

    def _read_version(self, line: bytes) -> None:
        if line.startswith(BOM):
            self.byte_order_mark = True
            line = line.removeprefix(BOM)
        if not line.startswith(b"##fileformat="):
            raise InputError(BAD_FILEFORMAT, "The first line does not start with `##fileformat=VCFv`.", line=1)
        found = _VERSION.fullmatch(line.rstrip(b" "))
        if found is None:
            raise InputError(BAD_FILEFORMAT, "The version does not look like VCFv4.x.", line=1)
        major, minor = int(found[1]), int(found[2])
        if major != 4 or minor > 5:
            raise InputError(UNSUPPORTED_VERSION, f"The version is {major}.{minor}.", line=1)

    def _read_meta(self, line: bytes) -> None:
        header = self.header
        if line.startswith(b"##contig="):
            self._read_contig(line)
        elif line.startswith((b"##FILTER=", b"##INFO=", b"##FORMAT=")):
            header.definitions.append(line)
        elif _IMPUTED.match(line):
            header.imputed = True
        elif len(header.references) < 100 and _SOURCE.match(line):
            header.references.append(line[:10_000])

    def _read_contig(self, line: bytes) -> None:
        header, plain = self.header, _PLAIN_CONTIG.fullmatch(line)
        if plain is not None:
            name, length, assembly = plain.groups()
        else:
            found = _CONTIG.match(line)
            if found is None:
                raise InputError(BAD_HEADER_LINE, "A `##contig` line has no ID.", line=self.line)
            name = found[1]
            length, assembly, number = (match and match[1] for match in (_LENGTH.search(line), _ASSEMBLY.search(line), _IDX.search(line)))
            if number is not None:
                header.contig_numbers[name] = int(number)
        header.contigs[name] = None if length is None else int(length)
        if len(header.contigs) > self._limits.max_contigs:
            raise InputError(TOO_MANY_CONTIGS, f"The cap is {self._limits.max_contigs} contigs.", line=self.line)
        if assembly is not None and len(header.assemblies) < 100:
            header.assemblies.add(assembly)

    def _read_columns(self, line: bytes) -> None:
        names = line.split(b"\t")
        if len(names) == 1:
            raise InputError(BAD_COLUMN_LINE, "The line has no tabs.", line=self.line)
        if names[:8] != _FIXED:
            raise InputError(BAD_COLUMN_LINE, "The first eight columns are not the ones that VCF names.", line=self.line)
        if len(names) == 8:
            raise InputError(NO_SAMPLES, "The `#CHROM` line ends after INFO.", line=self.line)
        if names[8] != b"FORMAT":
            raise InputError(BAD_COLUMN_LINE, "The ninth column is not FORMAT.", line=self.line)
        if len(names) == 9:
            raise InputError(NO_SAMPLES, "The `#CHROM` line ends after FORMAT.", line=self.line)
        if len(names) - 9 > self._limits.max_samples:
            raise InputError(TOO_MANY_SAMPLES, f"The cap is {self._limits.max_samples} samples.", line=self.line)
        self.header.samples = self._sample_names(names[9:])

    def _sample_names(self, names: list[bytes]) -> tuple[str, ...]:
        texts = []
        for number, name in enumerate(names, start=1):
            try:
                text = name.decode("utf-8")
            except UnicodeDecodeError:
                raise InputError(BAD_SAMPLE_NAME, f"The name of sample {number} is not UTF-8.", line=self.line) from None
            if not text.strip() or len(name) > _NAME_MAX or not is_printable(text):
                raise InputError(
                    BAD_SAMPLE_NAME, f"The name of sample {number} is empty, too long, or has control characters.", line=self.line
                )
            texts.append(text)
        if len(set(texts)) < len(texts):
            raise InputError(DUPLICATE_SAMPLE, f"There are {len(texts)} samples and {len(set(texts))} names.", line=self.line)
        return tuple(texts)
