"""Small files with big bills, and files made to keep the service busy: a problem at once, bounded memory, and nobody else notices."""

import random
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from backports import zstd
from isal import isal_zlib

from tests.http.servers import Server
from tests.yardstick import unit
from trdpgx.service.example import GENOME

from .conftest import cpu_seconds, lasting, living, memory

WORK = 80
"""How many times the fixed work a bomb may cost the service and its workers together, about 2 s of CPU on a machine of 2025."""
MARGIN_BYTES = 512 * 2**20

HEADER = b'##fileformat=VCFv4.2\n##FORMAT=<ID=GT,Number=1,Type=String,Description="g">\n##contig=<ID=chr10,length=133797422>\n'
COLUMNS = b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT"
ONE = HEADER + COLUMNS + b"\tS\n"
LONG = {"line_too_long", "compression_ratio"}
BCF = b"BCF\x02\x02" + struct.pack("<I", len(ONE) + 1) + ONE + b"\0"
LONGEST = 15 * 10**6
FILLER = (random.Random(1).randbytes(500) * (LONGEST // 500))[12:]
"""Compressible, but no more than the cap on the ratio lets through."""
LOCUS = b"chr10\t94781859\t.\t"


def gzipped(*parts: tuple[bytes, int]) -> bytes:
    """Return a gzip file of parts, each repeated so many times, made without holding what is inside."""
    packer = isal_zlib.compressobj(1, isal_zlib.DEFLATED, 31)
    out = [packer.compress(part) for part, times in parts for _ in range(times)]
    return b"".join([*out, packer.flush()])


def bgzf_block(data: bytes, *, size: int | None = None) -> bytes:
    """Return one BGZF block; ``size`` is the length that it claims."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(data) + packer.flush()
    head = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0" + struct.pack("<H", len(body) + 25)
    return head + body + struct.pack("<II", zlib.crc32(data), len(data) if size is None else size)


LONG_ALLELES = (
    b"chr22\t42126400\t.\t"
    + b"N" * 4_600
    + b"\t"
    + b",".join(b"C" * 4_590 + b"ACGT"[number % 4 : number % 4 + 1] * (number % 9 + 1) for number in range(900))
    + b"\t.\t.\t.\tGT\t0/1\n"
)
"""Over 150 sites of CYP2D6."""

BOMBS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "50,000 samples": (lambda: gzipped((HEADER + COLUMNS, 1), (b"\tS", 50_000), (b"\n", 1)), {"too_many_samples", "bad_sample_name"}),
    "5,000 samples and a long FORMAT": (
        lambda: gzipped(
            (HEADER + COLUMNS, 1),
            (b"".join(b"\tS%d" % number for number in range(5_000)) + b"\n", 1),
            (LOCUS + b"G\tA\t.\t.\t.\tGT" + b"".join(b":K%d" % number for number in range(40_000)), 1),
            (b"\t0/0", 5_000),
            (b"\n", 1),
        ),
        {"200"},
    ),
    "a header line of a gigabyte": (
        lambda: gzipped((HEADER + b"##x=", 1), (b"a" * 2**20, 1024)),
        {"header_too_large", "line_too_long", "compression_ratio"},
    ),
    "a REF of a gigabyte": (lambda: gzipped((ONE + LOCUS, 1), (b"A" * 2**20, 1024)), LONG),
    "an endless line of nothing but digits": (
        lambda: gzipped((ONE + b"chr10\t", 1), (b"9" * 2**20, 64)),
        LONG,
    ),
    "a million header lines": (lambda: gzipped((b"##fileformat=VCFv4.2\n", 1), (b"##x=y\n", 1_000_000)), {"header_too_long"}),
    "100,000 contigs in the header": (
        lambda: gzipped((HEADER + b"".join(b"##contig=<ID=c%d>\n" % number for number in range(30_000)), 1), (COLUMNS + b"\tS\n", 1)),
        {"too_many_contigs"},
    ),
    "100,000 contigs that no header names": (
        lambda: gzipped((ONE + b"".join(b"c%d\t1\t.\tA\tC\t.\t.\t.\tGT\t0/1\n" % number for number in range(100_000)), 1)),
        {"unknown_contigs"},
    ),
    "a version of a million digits": (lambda: b"##fileformat=VCFv4." + b"9" * 1_000_000 + b"\n" + ONE, {"bad_fileformat"}),
    "100,000 alternate alleles": (lambda: ONE + LOCUS + b"G\t" + b",".join([b"A"] * 100_000) + b"\t.\t.\t.\tGT\t0/1\n", {"too_many_alts"}),
    "a genotype of a million alleles": (
        lambda: ONE + LOCUS + b"G\tA\t.\t.\t.\tGT\t" + b"/".join([b"0"] * 1_000_000) + b"\n",
        {"bad_genotype"},
    ),
    "a filter name of a megabyte": (lambda: ONE + LOCUS + b"G\tA\t.\t" + b"f" * 2**20 + b"\t.\tGT\t0/1\n", {"bad_filter"}),
    "500 records at one locus": (lambda: gzipped((ONE, 1), (LOCUS + b"G\tA\t.\t.\t.\tGT\t0/1\n", 500)), {"200"}),
    "60,000 records at one locus": (
        lambda: gzipped((ONE, 1), (LOCUS + b"G\tA\t.\t.\t.\tGT\t0/1\n", 60_000)),
        {"too_many_records_at_position"},
    ),
    "a long REF with 900 long ALTs": (lambda: gzipped((ONE + LONG_ALLELES, 1)), {"200"}),
    "a million depths in one sample of 50": (
        lambda: gzipped(
            (HEADER + COLUMNS + b"".join(b"\tS%d" % number for number in range(50)) + b"\n" + LOCUS, 1),
            (b"G\tA\t.\t.\t.\tGT:AD\t0/1:1" + b",1" * 1_000_000 + b"\t0/0:." * 49 + b"\n", 1),
        ),
        {"too_many_values"},
    ),
    "blocks that all reach one site": (
        lambda: gzipped(
            (ONE + b"".join(b"chr10\t%d\t.\tN\t<*>\t.\t.\tEND=94781859\tGT\t0/0\n" % (94_700_000 + pos) for pos in range(20_000)), 1)
        ),
        {"too_many_records_at_position"},
    ),
    "a FORMAT of 100,000 keys and as many ENDs": (
        lambda: gzipped(
            (ONE + LOCUS + b"G\t.\t.\t.\t" + b";".join([b"END=94781900"] * 100_000), 1),
            (b"\tGT" + b"".join(b":K%d" % number for number in range(100_000)) + b":CN\t0/0\n", 1),
        ),
        {"too_many_info_fields"},
    ),
    "a million lengths in SVLEN": (
        lambda: gzipped((ONE + LOCUS + b"G\t<DEL>\t.\t.\tSVLEN=-1" + b",-1" * 1_000_000 + b"\tGT\t0/1\n", 1)),
        {"bad_info"},
    ),
    "a million empty gzip members": (lambda: gzipped((b"", 1)) * 100_000, {"too_many_members"}),
    "empty and skippable frames of zstd": (
        lambda: zstd.compress(ONE) + (zstd.compress(b"") + b"\x50\x2a\x4d\x18\0\0\0\0") * 200_000,
        {"too_many_members"},
    ),
    "a million empty BGZF blocks": (lambda: bgzf_block(ONE) + bgzf_block(b"") * 100_000, {"200"}),
    "blocks that hold more than they declare": (lambda: bgzf_block(ONE) + bgzf_block(b"\0" * 60_000_000, size=100), {"corrupt"}),
    "nothing but zeros": (lambda: gzipped((b"\0" * 2**20, 512)), {"compression_ratio", "unsupported_format"}),
    "compressed five times": (lambda: gzipped((gzipped((gzipped((gzipped((gzipped((ONE, 1)), 1)), 1)), 1)), 1)), {"unsupported_format"}),
    "a million newlines": (lambda: gzipped((ONE, 1), (b"\n" * 1_000_000, 1)), {"blank_line"}),
    "a million columns": (lambda: ONE + LOCUS + b"G" + b"\t." * 1_000_000 + b"\n", {"wrong_column_count"}),
    "a BCF with a header of four gigabytes": (lambda: gzipped((b"BCF\x02\x02" + b"\xff" * 4 + b"x" * 100, 1)), {"header_too_large"}),
    "a BCF with a record of four gigabytes": (
        lambda: gzipped((BCF + b"\xff" * 64, 1)),
        {"line_too_long", "bad_bcf"},
    ),
    "a BCF with records as long as may be": (
        lambda: gzipped((BCF, 1), *[(struct.pack("<IIiii", LONGEST, 0, 0, 5, 1), 1), (FILLER, 1)] * 4),
        {"200"},
    ),
}


@pytest.fixture(scope="module")
def usual(server: Server, right: bytes) -> float:
    """CPU seconds that the example genome costs."""
    before = spent(server)
    for _ in range(10):
        server.post(GENOME)
    return (spent(server) - before) / 10


def spent(server: Server) -> float:
    """CPU seconds of the service and the workers that it has."""
    return sum(map(cpu_seconds, (server.process.pid, *living(server))))


@pytest.mark.parametrize("name", BOMBS)
def test_bomb(name: str, server: Server, right: bytes, usual: float) -> None:
    """Another sender's genome is answered right when half of the bomb is there, while the rest is worked on, and afterwards."""
    make, expected = BOMBS[name]
    data = make()
    go = threading.Event()

    def halves() -> Iterator[bytes]:
        yield data[: len(data) // 2]
        go.wait()
        yield data[len(data) // 2 :]

    fixed, before, bystanders = unit(), spent(server), []
    address = server.base + ("/v1/reports?sample=S1" if name.startswith("5,000") else "/v1/reports")
    with ThreadPoolExecutor(1) as sender, httpx.Client(trust_env=False, timeout=60) as other:

        def stand_by() -> None:
            answer = other.post(server.base + "/v1/reports", content=GENOME)
            bystanders.append((answer.status_code, lasting(answer.content) == right))

        headers = {"Content-Length": str(len(data))}
        bomb = sender.submit(httpx.post, address, content=halves(), headers=headers, timeout=60, trust_env=False)
        stand_by()
        go.set()
        stand_by()
        while not bomb.done():
            stand_by()
        stand_by()
        answer = bomb.result()
    cost = spent(server) - before - usual * len(bystanders)
    code = "200" if answer.status_code == 200 else answer.json()["type"].removeprefix("/problems/")
    assert code in expected, answer.text[:500]
    assert set(bystanders) == {(200, True)}
    assert cost < WORK * fixed
    assert memory(server.process.pid, "VmHWM") < MARGIN_BYTES + 200 * 2**20
    assert all(memory(pid, "VmHWM") < MARGIN_BYTES for pid in living(server))
