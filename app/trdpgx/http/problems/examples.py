"""One real case of each kind of problem, for the description of the service: the words about it, and its line where there is one.

A test causes them and holds them to what the service answers. Names in braces are limits and settings.
"""

from collections.abc import Mapping

from trdpgx.http.problems.statuses import HttpProblem, http_problem
from trdpgx.model.limits import Limits
from trdpgx.model.problem import ProblemKind, problem_of
from trdpgx.model.settings import Settings

CASES: Mapping[str, tuple[str, int | None]] = {
    "empty_input": ("No byte was received.", None),
    "unsupported_format": ("The input looks like CRAM.", None),
    "consumer_genotypes": ("It begins like the files of 23andMe, AncestryDNA, MyHeritage and others.", None),
    "newlines_lost": ("The first line is joined to the next.", 1),
    "truncated": ("The BGZF end-of-file block is missing, so records may be missing, too.", None),
    "corrupt": ("The checksum or length of a BGZF block is wrong.", None),
    "too_many_bytes": ("The Content-Length is over the cap of {max_bytes} bytes.", None),
    "too_many_inflated_bytes": ("The cap is {max_inflated_bytes} bytes.", None),
    "compression_ratio": ("The cap is {max_ratio} bytes for each byte received.", None),
    "too_many_members": ("The cap is {max_members} members of less than 1024 bytes on average.", None),
    "header_too_long": ("The cap is {max_header_lines} lines.", 13),
    "header_too_large": ("The cap is {max_header_bytes} bytes.", 4),
    "line_too_long": ("The cap is {max_line_bytes} bytes.", 4),
    "too_many_contigs": ("The cap is {max_contigs} contigs.", 5),
    "too_many_samples": ("The cap is {max_samples} samples.", 3),
    "too_many_alts": ("The cap is {max_alts}.", 4),
    "too_many_reports": ("The cap is {max_reports} samples, and none was named.", None),
    "too_many_info_fields": ("The cap is {max_info_fields} fields.", 4),
    "too_many_filters": ("The cap is {max_filters} names in FILTER and FT.", 4),
    "too_many_records": ("The cap is {max_records} records.", None),
    "too_many_panel_records": ("The cap is {max_panel_records} records.", None),
    "too_many_records_at_position": ("The cap is {max_records_at_position} records.", None),
    "too_many_site_alleles": ("The cap is {max_site_alleles} alleles, each counted at every site.", None),
    "too_many_values": ("AD has one for REF and one for each ALT (Number=R).", 4),
    "panel_too_large": ("The cap is {max_panel_bytes} bytes.", None),
    "too_slow": ("The upload did not end within {max_seconds:g} seconds.", None),
    "bad_fileformat": ("The version does not look like VCFv4.x.", 1),
    "unsupported_version": ("The version is 4.9.", 1),
    "bad_header_line": ("The line starts with a single `#` and is not the `#CHROM` line.", 2),
    "missing_column_line": ("A line that is no header line comes before it.", 4),
    "bad_column_line": ("The first eight columns are not the ones that VCF names.", 3),
    "bad_sample_name": ("The name of sample 2 is not UTF-8.", 3),
    "duplicate_sample": ("There are 2 samples and 1 names.", 3),
    "no_samples": ("The `#CHROM` line ends after INFO.", 3),
    "unknown_filter": ("The first `drug` is not in our list. Nearest: `citalopram`, `escitalopram`.", None),
    "sample_unknown": ("The input has 1 samples.", None),
    "header_in_body": ("The line comes after the `#CHROM` line.", 5),
    "blank_line": ("The line is empty.", 5),
    "not_tab_separated": ("The line has spaces instead.", 4),
    "leading_tab": ("The line has no CHROM.", 4),
    "wrong_column_count": ("The line has 11 columns, the `#CHROM` line has 10.", 4),
    "nul_byte": ("The byte is inside a line.", 4),
    "stray_carriage_return": ("The carriage return is not followed by a newline.", 4),
    "bad_position": ("POS is not a whole number in the allowed range.", 4),
    "unknown_contigs": ("The records are on 1 contigs, and none of the names is known.", None),
    "bad_chromosome": ("CHROM is too long, or has white space.", 4),
    "bad_reference_allele": ("REF is empty, or has characters that are not bases.", 4),
    "bad_alternate_allele": ("An ALT allele is not bases, `*`, a symbolic allele or a breakend.", 4),
    "bad_quality": ("QUAL is neither a number nor `.`.", 4),
    "bad_filter": ("A name is empty, too long, or has white space.", 4),
    "bad_info": ("END is not a whole number.", 4),
    "bad_format": ("A key is malformed or occurs twice.", 4),
    "too_many_fields": ("At least one sample has too many fields.", 4),
    "bad_genotype": ("The genotype of at least one sample is malformed.", 4),
    "allele_out_of_range": ("The record has 1 alternate alleles.", 4),
    "bad_bcf": ("The fixed part of record 1 is impossible.", None),
    "assembly_conflict": (
        "The request says GRCh37. 3 of 3 chromosome lengths in the header are those of GRCh38. "
        "3 of 3 REF bases at panel sites of GRCh38 are its own.",
        None,
    ),
    "assembly_unknown": ("No contig length, header line or REF base at a panel site decides it.", None),
    "assembly_unsupported": ("1 of its contig lengths are those of T2T-CHM13.", None),
    "worker_died": ("The worker ended without an answer.", None),
    "worker_timeout": ("The cap is {max_worker_seconds:g} seconds.", None),
    "busy": ("No worker became free in time.", None),
    "targets_too_large": ("The cap is {max_targets_bytes} bytes.", None),
    "bad_targets": ("The line does not begin with a contig, a start and an end.", 2),
    "outside_calls_too_large": ("The outside calls have more than {max_outside_bytes} bytes.", None),
    "outside_calls_too_many": ("The cap is {max_outside_calls} calls.", None),
    "outside_calls_not_text": ("It holds bytes that are not UTF-8.", None),
    "outside_calls_unknown_format": ("It looks like the output of none of the supported tools.", None),
    "outside_calls_invalid": ("It begins like JSON and does not parse.", 1),
    "outside_calls_no_sample": ("The input has 2 samples.", None),
    "outside_calls_other_sample": ("They name 1 samples, and none of them is in the input.", None),
    "unauthorized": ("The request has no key.", None),
    "forbidden": ("The key has not the scope `report`.", None),
    "wrong_host": ("The Host header names another host.", None),
    "rate_limited": ("The quota `requests` is 120 requests of one key in 60 seconds.", None),
    "bad_request": ("The Content-Length is not a number.", None),
    "not_found": ("No resource exists at this URL.", None),
    "method_not_allowed": ("The URL exists and does not support the method of the request.", None),
    "not_acceptable": ("Reports come as {media_types}.", None),
    "stalled_upload": ("Nothing arrived for {upload_idle_seconds:g} seconds.", None),
    "content_encoding": ("The Content-Encoding header states that the body is encoded for transport.", None),
    "multipart_type": ("The Content-Type is multipart, and not multipart/form-data.", None),
    "bad_multipart": ("The parts do not follow the form's own boundary and headers.", None),
    "missing_part": ("The form ended without a part named `vcf`, `outside_calls` or `context`.", None),
    "duplicate_part": ("The part `vcf` came twice.", None),
    "unknown_part": ("The first part is not known. Known: `context`, `outside_calls`, `targets`, `vcf`.", None),
    "bad_context": ("`trials[0].drug` is not a drug of our list. Nearest: `sertraline`, `methylphenidate`.", None),
    "context_too_large": ("The cap is {max_context_bytes} bytes.", None),
    "context_needs_one_sample": ("The input has 2 samples.", None),
    "bad_query": ("`absent`: Input should be 'missing' or 'reference'.", None),
    "internal": ("Something went wrong while this request was handled.", None),
    "not_ready": ("No worker is ready, or the service is stopping.", None),
}


def example_problem(kind: ProblemKind, limits: Limits, settings: Settings, formats: str) -> HttpProblem:
    """Return the problem of this kind as the service sends it for the one case. ``formats``: the media types as a list in a sentence."""
    detail, line = CASES[kind.code]
    values = {**limits.model_dump(), **settings.model_dump(), "media_types": formats}
    return http_problem(problem_of(kind, detail.format(**values), line=line))
