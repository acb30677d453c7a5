"""Facts about an input, as a report states them."""

from datetime import datetime
from enum import StrEnum

from trdpgx.model.base import Model
from trdpgx.model.genome import Assembly


class InputFormat(StrEnum):
    """The format of the input, recognised by its bytes and never by its name."""

    VCF = "vcf"
    VCF_BGZF = "vcf.bgzf"
    VCF_GZIP = "vcf.gzip"
    VCF_ZSTD = "vcf.zstd"
    BCF = "bcf"
    NONE = "none"
    """No genome was sent."""


class InputWarning(Model):
    """Something about the input that the reader should know and that did not prevent the report."""

    code: str
    """Stable identifier in lower_snake_case."""
    text: str
    """What was seen and what was done about it. Never a genotype, a position or a sample name."""
    line: int | None = None
    """1-based line of the decompressed input, where there is one."""


class AssemblyEvidence(Model):
    """One piece of evidence about the assembly of the input."""

    kind: str
    """`contig_length`, `contig_name`, `header_line`, `reference_bases` or `option`."""
    assembly: Assembly
    """The assembly that this evidence supports."""
    text: str
    """What was seen, with its count."""


class Integrity(Model):
    """What was checked about the input as a whole."""

    records: int
    """Number of data records, all of them counted."""
    lines: int | None
    """Number of lines, header included (text formats)."""
    sorted: bool
    """Whether the records of each contig are in ascending order of position."""
    compression_verified: bool | None
    """Whether every block's checksum and length was verified (`null`: the input is not compressed)."""
    eof_marker: bool | None
    """Whether the BGZF end-of-file block was there (`null`: not BGZF)."""


class EarlierReport(Model):
    """The earlier report that was used as input instead of a genome's file."""

    report_id: str
    created_at: datetime
    schema_version: str
    software_version: str
    rules_release: str
    rules_digest: str
    reference_release: str
    reference_digest: str


class InputFacts(Model):
    """What is known about the input as a whole, the same for each of its samples."""

    name: str | None = None
    """What the caller calls it; a file's own name is never taken."""
    sha256: str
    """SHA-256 of the bytes as they were received, in hexadecimal."""
    bytes: int
    """Number of bytes as received."""
    format: InputFormat
    records: int
    """Number of data records."""
    assembly: Assembly
    assembly_evidence: tuple[AssemblyEvidence, ...]
    gvcf: bool
    """Whether the input has gVCF reference blocks."""
    samples: int
    """Number of samples in the input."""
    integrity: Integrity
    warnings: tuple[InputWarning, ...]
    reannotated_from: EarlierReport | None = None
    """The earlier report that these facts and genotypes come from."""
