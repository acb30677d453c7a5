"""Seeds of the fuzzers: the examples in every form, the tables of cases, and a dictionary of VCF."""

import gzip
import struct
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import yaml

from tests.intake.panel import vcf
from trdpgx.service.example import GENOME, ODD_GENOME

CASES = Path(__file__).parents[1] / "cases"
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tA"
HEADER = ["##fileformat=VCFv4.2", "##contig=<ID=10,length=133797422>", "##source=test"]

WORDS = (
    *(b"*1", b"*4x2", b"+*10", b"xN", b"NO_READS", b"HLA-B*15:02", b"positive", b"CYP2D6"),
    *(b"\t", b"\n", b"\r\n", b"\0", b"\r", b"#", b"##", b"#CHROM\t", b"\tFORMAT\t", b"##fileformat=VCFv4.5\n", b"\xef\xbb\xbf"),
    *(b"##contig=<ID=10,length=133797422>\n", b"##FORMAT=<ID=LEN,", b"##FILTER=<ID=", b"##INFO=<ID=", b",IDX=1>", b"##reference=GRCh38\n"),
    *(b"10\t100\t", b"chr10\t", b"NC_000010.11\t", b"22\t5000\t", b"10\t200\t", b"10\t300\t", b"10\t400\t", b"2147483646", b"99999999999"),
    *(b"<NON_REF>", b"<*>", b"<DEL>", b"<DUP:TANDEM>", b"<CNV>", b"<CN0>", b"*", b"]22:77]C", b"C[22:77[", b".C", b"C.", b"CCTT", b"CATAT"),
    *(b"END=", b";END=5000", b"SVTYPE=DEL", b"SVLEN=-300", b"SVLEN=", b"CSQ=", b"PASS", b"q10;s50", b"nan", b"1e-9", b"-.5", b"inf"),
    *(b"GT", b"GT:PS", b":DP", b":MIN_DP", b":AD", b":GQ", b":FT", b":CN", b":LEN", b"0/1", b"1|0", b"./.", b"0/.", b"|0|1", b"/0/1", b"1"),
    *(b"0/0/1", b"0|1:7", b"0/1:.:1,2", b"BCF\x02\x02", b"\x17", b"\x11\x00", b"\x12", b"\x13", b"\x15", b"\xf7\x11", b"\x80", b"\x81"),
    *(
        b"\x1f\x8b\x08\x00",
        b"\x1f\x8b\x08\x04",
        b"\x06\0BC\x02\0",
        b"\x1b\0\x03\0",
        b"\0\0\xff\xff",
        b"\xff\xff\xff\xff",
        b"CRAM",
        b"BAM\x01",
    ),
    *(
        b"--limit\r\n",
        b"\r\n--limit--\r\n",
        b"Content-Disposition: form-data; name=",
        b'"vcf"',
        b'; filename="a"',
        b'"context"',
        b"\r\n\r\n",
    ),
    *(b'"outside_calls"', b'"targets"', b"Content-Type: text/plain\r\n", b"Content-Transfer-Encoding: base64\r\n", b"filename*=UTF-8''a"),
)


def texts() -> Iterator[bytes]:
    """Yield VCFs over the small panel: the examples, every accepted case and every refused case."""
    yield from (GENOME, ODD_GENOME)
    for case in yaml.safe_load((CASES / "accept" / "intake_sites.yaml").read_text()):
        yield vcf(*case["rows"], samples=" ".join(f"S{number}" for number in range(len(case["rows"][0].split(" ")) - 7)))
    for case in yaml.safe_load((CASES / "reject" / "intake.yaml").read_text()):
        rows = [row for line in case["lines"] for row in ({"header": [*HEADER, COLUMNS], "columns": [COLUMNS]}.get(line, [line]))]
        yield "".join(f"{row}\n" for row in rows).encode()


def binaries(kind: str) -> Iterator[bytes]:
    """Yield the accepted cases as BCF, ``u`` (plain) or ``b`` (BGZF), each by itself, where bcftools is installed and accepts it."""
    for text in islice(texts(), 40):
        made = _output_of(["bcftools", "view", "--no-version", f"-O{kind}", "-"], text)
        if made is not None:
            yield made


def _output_of(command: list[str], data: bytes) -> bytes | None:
    try:
        done = subprocess.run(command, input=data, capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return None if done.returncode else done.stdout


def records() -> Iterator[bytes]:
    """Yield BCF records for the header of the small panel and two samples, each after the length of its shared part."""
    rows = ("10 100 C T PASS . GT:PS:DP:AD 0|1:7:30:10,20 ./.:.:.:.", "10 200 CCTT C LowQual END=203 GT:GQ:FT 0/1:9:PASS 1:.:LowQual")
    more = ("10 300 C <DEL>,* . SVTYPE=DEL;SVLEN=-300;END=600 GT:CN 0/2:1 1/1:0", "10 400 CAT C,<*> . . GT:MIN_DP:LEN 0/0:3:7 1/2:4:8")
    made = _output_of(["bcftools", "view", "--no-version", "-Ou", "-"], vcf(*rows, *more, samples="A B"))
    at = 0 if made is None else 9 + struct.unpack_from("<I", made, 5)[0]
    while made is not None and at < len(made):
        shared, individual = struct.unpack_from("<II", made, at)
        yield struct.pack("<I", shared) + made[at + 8 : at + 8 + shared + individual]
        at += 8 + shared + individual


def packed() -> Iterator[bytes]:
    """Yield the examples compressed in every way."""
    for text in (GENOME, ODD_GENOME):
        yield from (gzip.compress(text), gzip.compress(text[:100]) + gzip.compress(text[100:], 0), gzip.compress(b""))
        yield from filter(None, [_output_of(["bgzip", "-c"], text)])


def bodies() -> Iterator[bytes]:
    """Yield forms with one part and with several."""
    part = b'--limit\r\nContent-Disposition: form-data; name="%s"; filename="a"\r\nContent-Type: text/plain\r\n\r\n%s\r\n'
    yield part % (b"vcf", GENOME) + b"--limit--\r\n"
    yield part % (b"context", b"{}") + part % (b"vcf", gzip.compress(GENOME)) + part % (b"targets", b"1\t2\t3\n") + b"--limit--"
    yield b'preamble\r\n--limit\r\nContent-Disposition: form-data; name="vcf"\r\n\r\n\r\n--limit--\r\nepilogue'


def seeds(target: str) -> list[bytes]:
    """Return the seeds of a fuzzing target, each once."""
    made = {
        "sniff": lambda: [*packed(), *(text[:200] for text in islice(texts(), 3)), b"PK\x03\x04", b"CRAM", b"<!DOCTYPE html>"],
        "inflate": lambda: [*packed(), GENOME, *islice(binaries("b"), 2)],
        "scan": lambda: list(texts()),
        "validator": lambda: [line for text in texts() for line in text.split(b"\n")[:-1] if not line.startswith(b"#")],
        "bcf": lambda: list(binaries("u")),
        "bcf_record": lambda: list(records()),
        "form": lambda: list(bodies()),
        "outside": lambda: [
            path.read_bytes() for folder in ("accept", "reject") for path in sorted((CASES / folder / "outside_calls").iterdir())
        ],
        "pipeline": lambda: [*texts(), *packed(), *binaries("u")],
    }[target]()
    return list(dict.fromkeys(made))
