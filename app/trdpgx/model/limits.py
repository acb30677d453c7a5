"""The caps of the service and the least quality of a genotype, each a setting (``TRDPGX_...``), each published at ``/v1/limits``."""

from pydantic import Field

from trdpgx.model.environment import Environment


class Limits(Environment):
    """Caps on one input, which gets a problem that names the cap it is over; and what a genotype must have to be used (``min_...``)."""

    max_bytes: int = Field(default=64 * 2**30, gt=0)
    """Bytes as received."""
    max_inflated_bytes: int = Field(default=512 * 2**30, gt=0)
    """Bytes after decompression."""
    max_ratio: int = Field(default=400, gt=0)
    """Decompressed bytes for each byte received, once 16 MiB have been decompressed."""
    max_members: int = Field(default=10_000, gt=0)
    """Members of a gzip input or frames of a zstd input, if these have less than 1 KiB on average."""
    max_header_lines: int = Field(default=50_000, gt=0)
    """Lines of the header."""
    max_header_bytes: int = Field(default=32 * 2**20, gt=0)
    """Bytes of the header."""
    max_line_bytes: int = Field(default=16 * 2**20, gt=0)
    """Bytes of one line."""
    max_contigs: int = Field(default=20_000, gt=0)
    """Contigs that the header declares."""
    max_samples: int = Field(default=5_000, gt=0)
    """Samples."""
    max_reports: int = Field(default=50, gt=0)
    """Samples that one HTTP request gets reports of. The command line and Python have no such cap."""
    max_alts: int = Field(default=1_000, gt=0)
    """Alternate alleles of one record."""
    max_info_fields: int = Field(default=5_000, gt=0)
    """Fields in INFO of one data record over the panel."""
    max_filters: int = Field(default=1_000, gt=0)
    """Different names in FILTER and FT of the data records over the panel."""
    max_records: int = Field(default=500_000_000, gt=0)
    """Data records."""
    max_panel_records: int = Field(default=150_000, gt=0)
    """Data records over the panel, in an HTTP request counted once for each sample. A gVCF with a record a base has some 130,000."""
    max_records_at_position: int = Field(default=500, gt=0)
    """Data records over the panel that start at one position, or that overlap one panel site."""
    max_site_alleles: int = Field(default=200_000, gt=0)
    """REF and ALTs of data records, each counted at every panel site that the record overlaps, unless it is written as the site is."""
    max_complex_bases: int = Field(default=1_000, gt=0)
    """Longest REF and ALT of an allele that replaces bases and is split into single changes; sites in longer ones are not read."""
    max_allele_bases: int = Field(default=10_000, gt=0)
    """Characters of REF and all ALTs of a record over the panel; beyond them, alleles over an equal share count as `<DEL>` and the like."""
    max_padded_values: int = Field(default=4_000_000, gt=0)
    """Padding of short rows of AD, beyond four values for each value of the input."""
    max_panel_bytes: int = Field(default=512 * 2**20, gt=0)
    """Bytes of the data records over the panel, which are kept in memory until the input ends."""
    max_targets_bytes: int = Field(default=32 * 2**20, gt=0)
    """Bytes of a BED file of targets."""
    max_targets: int = Field(default=300_000, gt=0)
    """Lines of a BED file of targets."""
    max_outside_bytes: int = Field(default=16 * 2**20, gt=0)
    """Bytes of the outside calls of one request."""
    max_outside_calls: int = Field(default=10_000, gt=0)
    """Outside calls of one file; it may have ten lines for each."""
    max_outside_calls_per_gene: int = Field(default=200, gt=0)
    """Outside calls for one gene of one sample."""
    max_context_bytes: int = Field(default=256 * 2**10, gt=0)
    """Bytes of a clinical context."""
    max_earlier_bytes: int = Field(default=32 * 2**20, gt=0)
    """Bytes of the earlier reports of one request; on the command line of one line, or of an object or array of several lines."""
    max_seconds: float = Field(default=3_600.0, gt=0)
    """Seconds from the first byte of an input to its last."""
    max_worker_seconds: float = Field(default=300.0, gt=0)
    """Seconds that a worker may work on one request; waiting for the sender or the reader does not count."""
    max_worker_cpu_seconds: int = Field(default=600, gt=0)
    """Seconds of CPU that a worker may use for one request."""
    max_worker_memory_bytes: int = Field(default=3 * 2**30, gt=0)
    """Address space of a worker."""
    min_genotype_quality: float = Field(default=10.0, ge=0)
    """Quality of a genotype (GQ; else RGQ, GQX, PL or GL) below which its site is unseen."""
    min_depth: int = Field(default=3, ge=0)
    """Reads of a genotype below which its site is unseen."""
    min_imputation_accuracy: float = Field(default=0.3, ge=0, le=1)
    """Accuracy of an imputed marker (R2, DR2, INFO) below which its site is unseen."""
    min_genotype_probability: float = Field(default=0.9, ge=0, le=1)
    """Probability of an imputed genotype (GP) below which its site is unseen."""
