"""Tell a format by its first bytes; a name or a media type is never believed."""

from enum import Enum, auto

from app.intake.problems import BAD_FILEFORMAT, EMPTY_INPUT, UNSUPPORTED_FORMAT
from app.model.problem import InputError

ENOUGH = 64
"""Bytes that are enough for a verdict (fewer only where the input has no more)."""

BOM = b"\xef\xbb\xbf"

_FOREIGN_OUTER = (
    (b"CRAM", "CRAM"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"\x04\x22\x4d\x18", "LZ4"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"%PDF", "PDF"),
    (b"PAR1", "Parquet"),
    (b"\x89HDF", "HDF5"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x6c\x1b", "PLINK"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
)

_FOREIGN_INNER = (
    (b"BAM\x01", "BAM"),
    (b"CRAM", "CRAM"),
    (b"TBI\x01", "a tabix index"),
    (b"CSI\x01", "a CSI index"),
    (b"BCF\x04", "BCF version 1"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
    (b"#\x00", "UTF-16 text"),
    (b"\x00#", "UTF-16 text"),
    (b"\x1f\x8b", "a file that was compressed twice"),
    (b"\x28\xb5\x2f\xfd", "a file that was compressed twice"),
    (b"PK\x03\x04", "a zip archive"),
    (b"@HD\t", "SAM"),
    (b"@SQ\t", "SAM"),
    (b"##gff", "GFF"),
    (b"##gvf", "GVF"),
    (b">", "FASTA"),
    (b"@", "FASTQ"),
    (b"# rsid", "a table of genotyping-array results"),
    (b"rsid", "a table of genotyping-array results"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)


class Wrapping(Enum):
    """How the input is compressed."""

    PLAIN = auto()
    GZIP = auto()
    BGZF = auto()
    ZSTD = auto()


class Content(Enum):
    """What is inside."""

    VCF = auto()
    BCF = auto()


def sniff_wrapping(head: bytes) -> Wrapping:
    """Tell the compression from the first ``ENOUGH`` bytes. Raises ``InputError`` for an empty or a foreign file."""
    if not head:
        raise InputError(EMPTY_INPUT, "No byte was received.")
    if head.startswith(b"\x1f\x8b"):
        return Wrapping.BGZF if is_bgzf_block(head) else Wrapping.GZIP
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return Wrapping.ZSTD
    for magic, name in _FOREIGN_OUTER:
        if head.startswith(magic):
            raise InputError(UNSUPPORTED_FORMAT, f"The input looks like {name}.")
    return Wrapping.PLAIN


def is_bgzf_block(head: bytes) -> bool:
    """Whether a gzip member starts with BGZF's extra field ``BC`` (SAM specification, section 4.1)."""
    return len(head) >= 18 and head[2:4] == b"\x08\x04" and head[12:16] == b"BC\x02\x00"


def sniff_content(head: bytes) -> Content:
    """Tell what the decompressed bytes are. Raises ``InputError`` for anything but VCF and BCF."""
    if not head:
        raise InputError(EMPTY_INPUT, "The input is compressed and has nothing inside.")
    if head.startswith(b"BCF\x02"):
        return Content.BCF
    text = head.removeprefix(BOM)
    if text.startswith(b"##fileformat="):
        return Content.VCF
    for magic, name in _FOREIGN_INNER:
        if text.startswith(magic):
            raise InputError(UNSUPPORTED_FORMAT, f"The input looks like {name}.")
    if text.lstrip()[:9].lower() in {b"<!doctype", b"<html>"} or text.lstrip()[:5].lower() == b"<html":
        raise InputError(UNSUPPORTED_FORMAT, "The input looks like an HTML page; perhaps the download of the file failed.")
    if text.startswith(b"#"):
        raise InputError(BAD_FILEFORMAT, "The first line is another one.", line=1)
    raise InputError(UNSUPPORTED_FORMAT, "The input looks like none of the formats that are read.")
