"""Every kind of problem that intake can find, with what to do about it. Each cap and each check has a kind of its own."""

from trdpgx.model.problem import kinds_of, problem_kind

# What kind of file it is
CONSUMER_GENOTYPES = problem_kind(
    "consumer_genotypes",
    "The input is the raw data of a consumer genotyping test, not a VCF.",
    "Convert the file to VCF with `bcftools convert --tsv2vcf` and the reference genome of its assembly. "
    "Such a test reads few of the panel's positions.",
)
NEWLINES_LOST = problem_kind(
    "newlines_lost",
    "The lines of the input have been joined into one.",
    "Send the file unchanged; with curl use `--data-binary @FILE`, since `-d` drops newlines.",
)
EMPTY_INPUT = problem_kind("empty_input", "The input is empty.", "Send a VCF or BCF file.")
UNSUPPORTED_FORMAT = problem_kind(
    "unsupported_format",
    "The input is not a VCF or BCF file.",
    "Send VCF or BCF, plain, gzip, BGZF or zstd; convert other formats first.",
)
TRUNCATED = problem_kind(
    "truncated",
    "The input ends too early.",
    "Send the complete file; if its source is incomplete as well (`bgzip -t`, `gzip -t` or `zstd -t` shows it), make it again.",
)
CORRUPT = problem_kind(
    "corrupt",
    "The input is damaged.",
    "Fetch the file again from its source and compare checksums (`bgzip -t`, `gzip -t` or `zstd -t` shows it).",
)

# Caps (each is published at /v1/limits)
TOO_MANY_BYTES = problem_kind("too_many_bytes", "The input is larger than this service accepts.", "Send the panel regions only.")
TOO_MANY_INFLATED_BYTES = problem_kind(
    "too_many_inflated_bytes", "The decompressed input is larger than this service accepts.", "Send the panel regions only."
)
COMPRESSION_RATIO = problem_kind(
    "compression_ratio",
    "The input inflates far more than a VCF does.",
    "Send the file plain, or compressed with bgzip, gzip or zstd at its default.",
)
TOO_MANY_MEMBERS = problem_kind(
    "too_many_members",
    "The compressed input is in too many small pieces.",
    "Compress the whole file in one go, with bgzip, gzip or zstd.",
)
HEADER_TOO_LONG = problem_kind("header_too_long", "The header has too many lines.", "Drop header lines that no record needs.")
HEADER_TOO_LARGE = problem_kind("header_too_large", "The header has too many bytes.", "Drop header lines that no record needs.")
LINE_TOO_LONG = problem_kind(
    "line_too_long", "A line is too long.", "Split the samples over several files, or drop INFO and FORMAT fields."
)
TOO_MANY_CONTIGS = problem_kind("too_many_contigs", "The header declares too many contigs.", "Drop `##contig` lines that no record needs.")
TOO_MANY_SAMPLES = problem_kind("too_many_samples", "The input has too many samples.", "Split the samples over several files.")
TOO_MANY_REPORTS = problem_kind(
    "too_many_reports",
    "The request asks for the reports of too many samples.",
    "Name some of the samples with `sample=NAME`, once for each, or use the command line (`trdpgx annotate`), which has no such cap.",
)
TOO_MANY_ALTS = problem_kind(
    "too_many_alts",
    "A record has too many alternate alleles.",
    "Split multi-allelic records (`bcftools norm -m-`) or drop unused alleles.",
)
TOO_MANY_INFO_FIELDS = problem_kind(
    "too_many_info_fields", "A record over the panel has too many fields in INFO.", "Drop INFO fields (`bcftools annotate -x INFO`)."
)
TOO_MANY_FILTERS = problem_kind(
    "too_many_filters", "The input has too many different filter names.", "Clear FILTER and FT, or use fewer filter names."
)
TOO_MANY_RECORDS = problem_kind("too_many_records", "The input has too many records.", "Send the panel regions only.")
TOO_MANY_PANEL_RECORDS = problem_kind(
    "too_many_panel_records", "The input has too many records over the panel.", "Remove duplicate records from the file."
)
TOO_MANY_RECORDS_AT_POSITION = problem_kind(
    "too_many_records_at_position",
    "The input has too many records at one position of the panel.",
    "Remove duplicate records from the file (`bcftools norm -d exact`).",
)
TOO_MANY_SITE_ALLELES = problem_kind(
    "too_many_site_alleles",
    "The records over the panel have too many alleles to compare them with the panel's positions.",
    "Remove long records with many alternate alleles, or split the input over several files.",
)
TOO_MANY_VALUES = problem_kind(
    "too_many_values",
    "A sample has far more values than its record has alleles.",
    "Give AD one value for REF and one for each ALT, or drop that FORMAT field.",
)
PANEL_TOO_LARGE = problem_kind(
    "panel_too_large",
    "The records over the panel have too many bytes.",
    "Split the samples over several files, or drop INFO and FORMAT fields.",
)
TOO_SLOW = problem_kind("too_slow", "The input took too long to arrive.", "Send the panel regions only, or use a faster connection.")

# The header
BAD_FILEFORMAT = problem_kind(
    "bad_fileformat", "The first line is not a `##fileformat=VCFv4.x` line.", "Make the first line `##fileformat=VCFv4.2` or the like."
)
UNSUPPORTED_VERSION = problem_kind("unsupported_version", "This version of VCF is not supported.", "Convert the file to VCF 4.0 to 4.5.")
BAD_HEADER_LINE = problem_kind(
    "bad_header_line", "A header line is malformed.", "Header lines start with `##`; the line of column names starts with `#CHROM`."
)
MISSING_COLUMN_LINE = problem_kind(
    "missing_column_line", "The `#CHROM` line of column names is missing.", "Put the `#CHROM` line between the header and the records."
)
BAD_COLUMN_LINE = problem_kind(
    "bad_column_line",
    "The `#CHROM` line does not have the columns of a VCF.",
    "Use #CHROM POS ID REF ALT QUAL FILTER INFO FORMAT and then the samples, with one tab between each two.",
)
BAD_SAMPLE_NAME = problem_kind(
    "bad_sample_name",
    "A sample name cannot be read.",
    "Name each sample in UTF-8, without control characters and marks of text direction.",
)
DUPLICATE_SAMPLE = problem_kind("duplicate_sample", "Two samples have the same name.", "Give each sample a name of its own.")
NO_SAMPLES = problem_kind("no_samples", "The input has no samples.", "Send a VCF with genotypes: a FORMAT column and at least one sample.")
UNKNOWN_FILTER = problem_kind(
    "unknown_filter",
    "A filter names a drug or a gene that is not known.",
    "`/v1/drugs`, `/v1/genes` and `trdpgx genes` list the names; brand names, synonyms, RxNorm and ATC codes are understood.",
)
SAMPLE_UNKNOWN = problem_kind(
    "sample_unknown", "The input does not have a sample that the request names.", "Name samples of the `#CHROM` line."
)

# The records
HEADER_IN_BODY = problem_kind(
    "header_in_body", "A line among the records starts with `#`.", "Put all header lines before the first record."
)
BLANK_LINE = problem_kind("blank_line", "A line is blank.", "Remove blank lines.")
NOT_TAB_SEPARATED = problem_kind("not_tab_separated", "A line has no tabs.", "Separate columns with one tab, not with spaces.")
LEADING_TAB = problem_kind("leading_tab", "A line starts with a tab.", "Start each record with its CHROM.")
WRONG_COLUMN_COUNT = problem_kind(
    "wrong_column_count", "A line has more or fewer columns than the `#CHROM` line.", "Give each record a column for each sample."
)
NUL_BYTE = problem_kind(
    "nul_byte", "The text has a NUL byte.", "Send text in UTF-8; this may be a binary file or one that a crash cut short."
)
STRAY_CARRIAGE_RETURN = problem_kind(
    "stray_carriage_return", "A carriage return is inside a line.", "End lines with a newline (or carriage return and newline)."
)
BAD_POSITION = problem_kind("bad_position", "POS is not a whole number.", "Write POS as a whole number up to 2147483646.")
UNKNOWN_CONTIGS = problem_kind(
    "unknown_contigs",
    "No record is on a chromosome with a known name.",
    "Name the chromosomes 1 or chr1 and so on, or by their RefSeq or GenBank accessions (`bcftools annotate --rename-chrs`).",
)
BAD_CHROMOSOME = problem_kind("bad_chromosome", "CHROM is not a usable name.", "Write CHROM without white space and in at most 255 bytes.")
BAD_REFERENCE_ALLELE = problem_kind(
    "bad_reference_allele", "REF is not a base sequence.", "Write REF with the letters A, C, G, T and N (IUPAC codes are read)."
)
BAD_ALTERNATE_ALLELE = problem_kind(
    "bad_alternate_allele",
    "ALT is not an allele.",
    "Write ALT as bases, `*`, `.`, a symbolic allele in angle brackets or a breakend; none may be empty.",
)
BAD_QUALITY = problem_kind("bad_quality", "QUAL is not a number.", "Write QUAL as a number, `inf`, `nan` or `.`.")
BAD_FILTER = problem_kind(
    "bad_filter", "FILTER is malformed.", "Write FILTER as PASS, `.` or names separated by semicolons, without white space."
)
BAD_INFO = problem_kind(
    "bad_info", "END or SVLEN in INFO is malformed.", "Write END as one whole number that is not before POS, SVLEN as whole numbers."
)
BAD_FORMAT = problem_kind("bad_format", "FORMAT is malformed.", "Write FORMAT as distinct keys separated by colons, GT first.")
TOO_MANY_FIELDS = problem_kind(
    "too_many_fields", "A sample has more fields than FORMAT has keys.", "Give each sample at most one field for each key."
)
BAD_GENOTYPE = problem_kind("bad_genotype", "A genotype is malformed.", "Write GT as allele numbers or `.` separated by `/` or `|`.")
ALLELE_OUT_OF_RANGE = problem_kind(
    "allele_out_of_range",
    "A genotype names an allele that the record does not have.",
    "Number alleles from 0 (REF) to the number of ALTs.",
)
BAD_BCF = problem_kind("bad_bcf", "The BCF is malformed.", "Make the file again with a current bcftools (`bcftools view -Ob`).")

# The assembly
ASSEMBLY_CONFLICT = problem_kind(
    "assembly_conflict",
    "The evidence about the assembly contradicts itself.",
    "Check which assembly the variants were called on; if the option `assembly` names another one, leave the option out.",
)
ASSEMBLY_UNKNOWN = problem_kind(
    "assembly_unknown", "The assembly of the input cannot be determined.", "Pass assembly=GRCh38 or assembly=GRCh37."
)
ASSEMBLY_UNSUPPORTED = problem_kind(
    "assembly_unsupported", "The input is on an assembly that is not supported.", "Call or lift the variants to GRCh38 or GRCh37."
)

# The targets
TARGETS_TOO_LARGE = problem_kind(
    "targets_too_large", "The BED file of targets is too large.", "Send the regions of the panel's genes only."
)
BAD_TARGETS = problem_kind(
    "bad_targets", "The BED file of targets cannot be read.", "Send lines of contig, start (0-based) and end, separated by tabs."
)

PROBLEMS = kinds_of(globals())
"""Every kind of this module, by code."""
