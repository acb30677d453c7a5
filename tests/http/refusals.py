"""One request for each kind of problem that an upload can cause, small enough to read."""

import gzip
import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from trdpgx.service.example import GENOME

COLUMNS = b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS"
RECORD = b"chr10\t94781859\t.\tG\tA\t.\tPASS\t.\tGT\t0/1"
CONTIG = b"##contig=<ID=chr10,length=133797422>"
PART = b'--x\r\nContent-Disposition: form-data; name="vcf"\r\n\r\n\r\n'
EOF_BLOCK = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")

TIGHT = {
    "max_bytes": 40_000,
    "max_inflated_bytes": 60_000,
    "max_header_lines": 12,
    "max_header_bytes": 2_000,
    "max_line_bytes": 1_000,
    "max_contigs": 3,
    "max_samples": 3,
    "max_reports": 2,
    "max_alts": 3,
    "max_records": 12,
    "max_panel_records": 6,
    "max_panel_bytes": 1_500,
    "max_members": 2,
    "max_records_at_position": 7,
    "max_site_alleles": 20,
    "max_filters": 4,
    "max_info_fields": 4,
    "max_outside_bytes": 200,
    "max_outside_calls": 3,
    "max_targets_bytes": 200,
    "max_context_bytes": 200,
    "max_earlier_bytes": 200,
}
"""Caps that the example genome just fits."""


@dataclass(frozen=True)
class Refusal:
    """A request that gets the problem ``code``. ``parts`` makes it a form, ``tight`` sends it to the service with small caps."""

    code: str
    body: bytes = GENOME
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, bytes] | None = None
    tight: bool = False
    address: str = "/v1/reports"


def vcf(*records: bytes, header: tuple[bytes, ...] = (CONTIG,), columns: bytes = COLUMNS, first: bytes = b"##fileformat=VCFv4.2") -> bytes:
    """Return a VCF of these lines."""
    return b"\n".join((first, *header, columns, *records)) + b"\n"


def record(**columns: bytes) -> bytes:
    """Return a record with some columns changed."""
    names = ("chrom", "pos", "id", "ref", "alt", "qual", "filter", "info", "keys", "sample")
    return b"\t".join(columns.get(name, value) for name, value in zip(names, RECORD.split(b"\t"), strict=True))


def bgzf(content: bytes) -> bytes:
    """Return one BGZF block, without the end-of-file block."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    head = struct.pack("<4BI2BH2BHH", 31, 139, 8, 4, 0, 0, 255, 6, 66, 67, 2, len(packed) + 25)
    return head + packed + struct.pack("<2I", zlib.crc32(content), len(content))


def bcf(length: int) -> bytes:
    """Return a BCF whose one record states an impossible size."""
    text = vcf(header=(CONTIG, b'##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">'))[:-1] + b"\n\0"
    return b"BCF\x02\x02" + struct.pack("<I", len(text)) + text + struct.pack("<II", length, 0) + bytes(24)


AGAIN = "/v1/reannotations"
ROW = {"site": "CYP2C19:94781859", "state": "called", "alleles": ["G", "A"]}


def report(**fields: object) -> bytes:
    """Return the least that is read as a report, with other values of some fields."""
    whole = {
        "schema_version": "1.1",
        "report_id": "x",
        "created_at": "2026-01-01T00:00:00Z",
        "software": {"name": "trdpgx", "version": "0.0.1"},
        "knowledge": {
            "rules_release": "1",
            "rules_digest": "0",
            "reference_release": "1",
            "reference_digest": "0",
            "evidence_policy": "trdpgx-evidence-2",
        },
        "input": {
            "sha256": "0",
            "bytes": 1,
            "format": "vcf",
            "records": 1,
            "assembly": "GRCh38",
            "assembly_evidence": [],
            "gvcf": False,
            "sample": "S",
            "samples": 1,
            "integrity": {"records": 1, "lines": 2, "sorted": True, "compression_verified": None, "eof_marker": None},
            "warnings": [],
        },
        "options": {},
        "variants": [],
        "genotypes": [ROW],
        "basis": {},
    }
    return json.dumps({**whole, **fields}).encode()


REFUSALS = (
    # what kind of file it is
    Refusal("empty_input", b""),
    Refusal("unsupported_format", b"CRAM\x03\x00" + bytes(300)),
    Refusal("consumer_genotypes", b"rsid\tchromosome\tposition\tgenotype\nrs12248560\t10\t94761900\tCC\n"),
    Refusal("newlines_lost", GENOME.replace(b"\n", b"")),
    Refusal("truncated", bgzf(GENOME)),
    Refusal("corrupt", bgzf(GENOME)[:-8] + bytes(8) + EOF_BLOCK),
    # caps
    Refusal("too_many_bytes", vcf(*[RECORD] * 2_000), tight=True),
    Refusal("too_many_inflated_bytes", gzip.compress(vcf(*[record(chrom=b"chr1")] * 5_000)), tight=True),
    Refusal("compression_ratio", gzip.compress(vcf(*[record(chrom=b"chr1", info=b"A" * 1_000_000)] * 20), 9)),
    Refusal("too_many_members", gzip.compress(GENOME) + gzip.compress(b"") * 20, tight=True),
    Refusal("header_too_long", vcf(header=(b"##x=1",) * 20), tight=True),
    Refusal("header_too_large", vcf(header=(b"##x=" + b"1" * 900,) * 3), tight=True),
    Refusal("line_too_long", vcf(record(info=b"A" * 2_000)), tight=True),
    Refusal("too_many_contigs", vcf(header=tuple(b"##contig=<ID=%d>" % number for number in range(4))), tight=True),
    Refusal("too_many_samples", vcf(columns=COLUMNS + b"\tT\tU\tV"), tight=True),
    Refusal("too_many_alts", vcf(record(alt=b"A,C,T,GG")), tight=True),
    Refusal("too_many_reports", vcf(columns=COLUMNS + b"\tT\tU"), tight=True),
    Refusal("too_many_info_fields", vcf(record(info=b"DP;DP;DP;DP;DP")), tight=True),
    Refusal("too_many_filters", vcf(record(filter=b"a;b;c;d;e")), tight=True),
    Refusal("too_many_records", vcf(*[record(chrom=b"chr1")] * 13), tight=True),
    Refusal("too_many_panel_records", vcf(*[RECORD] * 7), tight=True),
    Refusal("too_many_records_at_position", vcf(*[RECORD] * 501)),
    Refusal("too_many_site_alleles", vcf(*[record(pos=b"94781850", ref=b"N" * 150, alt=b"A,C,G")] * 2), tight=True),
    Refusal("too_many_values", vcf(record(keys=b"GT:AD", sample=b"0/1:1,2,3,4,5,6")), tight=True),
    Refusal("panel_too_large", vcf(*[record(info=b"A" * 600)] * 3), tight=True),
    # the header
    Refusal("bad_fileformat", vcf(first=b"##fileformat=VCF4.2")),
    Refusal("unsupported_version", vcf(first=b"##fileformat=VCFv4.9")),
    Refusal("bad_header_line", vcf(header=(b"#contig",))),
    Refusal("missing_column_line", vcf(RECORD, columns=CONTIG)),
    Refusal("bad_column_line", vcf(columns=COLUMNS.replace(b"QUAL", b"QUALITY"))),
    Refusal("bad_sample_name", vcf(columns=COLUMNS + b"\t\xff")),
    Refusal("duplicate_sample", vcf(columns=COLUMNS + b"\tS")),
    Refusal("no_samples", vcf(columns=COLUMNS.removesuffix(b"\tFORMAT\tS"))),
    Refusal("sample_unknown", query="sample=T"),
    # the records
    Refusal("header_in_body", vcf(RECORD, CONTIG, RECORD)),
    Refusal("blank_line", vcf(RECORD, b"", RECORD)),
    Refusal("not_tab_separated", vcf(RECORD.replace(b"\t", b" "))),
    Refusal("leading_tab", vcf(b"\t" + RECORD)),
    Refusal("wrong_column_count", vcf(RECORD + b"\t0/1")),
    Refusal("nul_byte", vcf(record(info=b"A=\0"))),
    Refusal("stray_carriage_return", vcf(record(info=b"A=\r1"))),
    Refusal("bad_position", vcf(record(pos=b"-5"))),
    Refusal("unknown_contigs", vcf(record(chrom=b"ten"))),
    Refusal("bad_chromosome", vcf(record(chrom=b"chr 10"))),
    Refusal("bad_reference_allele", vcf(record(ref=b""))),
    Refusal("bad_alternate_allele", vcf(record(alt=b"A,,C"))),
    Refusal("bad_quality", vcf(record(qual=b"good"))),
    Refusal("bad_filter", vcf(record(filter=b"q 10"))),
    Refusal("bad_info", vcf(record(info=b"END=five"))),
    Refusal("bad_format", vcf(record(keys=b"GT:GT", sample=b"0/1:0/1"))),
    Refusal("too_many_fields", vcf(record(keys=b"GT:DP", sample=b"0/1:9:9"))),
    Refusal("bad_genotype", vcf(record(sample=b"0-1"))),
    Refusal("allele_out_of_range", vcf(record(sample=b"0/5"))),
    Refusal("bad_bcf", bcf(2)),
    # the assembly
    Refusal("assembly_conflict", query="assembly=GRCh37"),
    Refusal("assembly_unknown", vcf(header=())),
    Refusal("assembly_unsupported", vcf(header=(b"##contig=<ID=chr1,length=248387328>", b"##reference=chm13v2.0.fa"))),
    # what comes beside the genome
    Refusal("targets_too_large", parts={"targets": b"x" * 300, "vcf": GENOME}, tight=True),
    Refusal("bad_targets", parts={"vcf": GENOME, "targets": b"chr6\t10\t20\nchr6\n"}),
    Refusal("outside_calls_too_large", parts={"outside_calls": b"x" * 300, "vcf": GENOME}, tight=True),
    Refusal("outside_calls_too_many", parts={"vcf": GENOME, "outside_calls": b"CYP2D6\t*1/*4\n" * 4}, tight=True),
    Refusal("outside_calls_not_text", parts={"vcf": GENOME, "outside_calls": b"\xff\xfe\x00"}),
    Refusal("outside_calls_unknown_format", parts={"vcf": GENOME, "outside_calls": b"nothing that we know"}),
    Refusal("outside_calls_invalid", parts={"vcf": GENOME, "outside_calls": b"{"}),
    Refusal(
        "outside_calls_no_sample",
        parts={
            "vcf": vcf(RECORD + b"\t0/0", columns=COLUMNS + b"\tT"),
            "outside_calls": b"gene\tdiplotype\ttool\nCYP2D6\t*1/*2x2\tx\n",
        },
    ),
    Refusal(
        "outside_calls_other_sample", parts={"vcf": GENOME, "outside_calls": b"gene\tdiplotype\tsample\ttool\nCYP2D6\t*1/*2x2\tT\tx\n"}
    ),
    # HTTP
    Refusal("not_acceptable", headers={"Accept": "image/png"}),
    Refusal("content_encoding", headers={"Content-Encoding": "gzip"}),
    Refusal("multipart_type", headers={"Content-Type": "multipart/mixed; boundary=x"}),
    Refusal("bad_multipart", headers={"Content-Type": "multipart/form-data; boundary=x"}),
    Refusal("missing_part", parts={"targets": b"chr6\t10\t20\n"}),
    Refusal("duplicate_part", PART * 2, headers={"Content-Type": "multipart/form-data; boundary=x"}),
    Refusal("bad_input_name", parts={"vcf": GENOME, "input_name": b"two\nlines"}),
    Refusal("unknown_part", parts={"genome": GENOME}),
    Refusal("bad_context", parts={"vcf": GENOME, "context": b'{"trials": [{"drug": "sertralin"}]}'}),
    Refusal("context_too_large", parts={"vcf": GENOME, "context": b" " * 300}, tight=True),
    Refusal(
        "context_needs_one_sample",
        parts={"vcf": vcf(RECORD + b"\t0/0", columns=COLUMNS + b"\tT"), "context": b'{"current_drugs": []}'},
    ),
    Refusal("not_a_report", b'{"resourceType": "Bundle"}', address=AGAIN),
    Refusal("unknown_report_schema", report(schema_version="9.0"), address=AGAIN),
    Refusal("bad_report", report(genotypes=[{**ROW, "state": "seen"}]), address=AGAIN),
    Refusal("contradictory_report", report(genotypes=[ROW, ROW]), address=AGAIN),
    Refusal("earlier_reports_too_large", report(), address=AGAIN, tight=True),
    Refusal("bad_query", query="absent=normal"),
    Refusal("unknown_filter", GENOME, query="drug=zitalopram"),
)
