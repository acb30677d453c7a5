"""The compiled engine against that in Python: the same answer to every buffer, sound or not, and no byte read or written out of bounds."""

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from performance.generate import gvcf, panel
from tests.security.effort import effort
from trdpgx.intake.scan import native
from trdpgx.intake.scan.engine import ScanResult
from trdpgx.intake.scan.line_engine import LineEngine
from trdpgx.intake.scan.panel_index import panel_intervals
from trdpgx.intake.scan.scanner import Engine, open_engine
from trdpgx.intake.vcf.alleles import record_end
from trdpgx.model.limits import Limits

from .engines import COMPILED, ENGINES
from .panel import PANELS

TARGETS = panel_intervals(PANELS)
PARTS = (
    *(b"10", b"chr10", b"22", b"NC_000010.11", b"1", b"chr1", b"#1", b"", b"x" * 300),
    *(b"0", b"99", b"105", b"1105", b"5000", b"2147483646", b"2147483647", b"00000000105", b"+5", b"1e5", b"4294967296"),
    *(b"A", b"A" * 60, b"T,<NON_REF>", b"<NON_REF>", b"<*>", b"<DEL>", b"x<*>", b".", b"A[10:5[", b"<"),
    *(b"END=105", b"DP=3;END=410", b"XEND=410", b"END=", b"END=99999999999", b"END=-5;END=300", b"SVLEN=-80", b"SVLEN=1,-90,--99,4-5,x"),
    *(b"D=;END=120;;SVLEN=1234567890", b"QD=12;MQD=1;" * 6 + b"END=105", b"GT", b"SVTYPE=CNV", b"0/1", b"\x01\x0b", b"\xff\xfe"),
)
KEYS = (b"GT:LEN", b"LEN:GT", b"XLEN:LEN", b"GT", b"GT:CN", b"CN", b"GT:XCN:CNX", b"RD_CN:GT", b"GT:CNF", b"RDCN")
columns = st.lists(st.sampled_from(PARTS), min_size=8, max_size=11)
sound = st.tuples(
    *(
        st.sampled_from(PARTS[:6]),
        st.sampled_from(PARTS[9:14]),
        st.just(b"."),
        st.sampled_from(PARTS[20:22]),
        st.sampled_from(PARTS[20:30]),
    ),
    *(
        st.just(b"."),
        st.just(b"."),
        st.lists(st.sampled_from(PARTS[30:42]), max_size=4).map(b";".join),
        st.sampled_from(KEYS),
        st.sampled_from((b"0/1", b"0/0:7", b"0/0:1000", b"900:0/0", b"0/0:9999999999", b"0/0:", b"0/0:1x", b"0/0:-7:5")),
    ),
)
row = st.one_of(sound, sound, sound, columns).map(b"\t".join)
ends = st.sampled_from([b"\n"] * 20 + [b"\r\n", b"\n\n", b"\0\n", b""])

needs_compiler = pytest.mark.skipif(COMPILED is None, reason="there was no compiler when this was installed")


def looked(buffer: bytes) -> list[ScanResult | None]:
    return [make(TARGETS, 10).look(buffer, 0, len(buffer)) for make in ENGINES.values()]


@needs_compiler
@settings(max_examples=effort(600, 50_000), deadline=None)
@given(st.lists(st.tuples(row, ends), min_size=1, max_size=30).map(lambda rows: b"".join(part for pair in rows for part in pair) + b"\n"))
@example(b"10\t105\t.\tA\t.\t.\t.\tEND=300\tGT\t0/1\n")
@example(b"1\t5\t.\tA\t.\t.\t.\tEND=9\tGT\t0/1\n10\t5\t.\tA\t<DEL>\t.\t.\tSVLEN=200\tGT\t0/1\n")
@example(b"1\t5\t.\tA\t.\t.\t.\tEND=9\tGT:CN\t0/1\n")
@example(b"1\t5\t.\tA\t.\t.\t.\tEND=9;SVTYPE=CNV\tGT\t0/1\n1\t6\t.\tA\t.\t.\t.\tEND=9\tGT:CNX\t0/1\n")
def test_both_find_the_same(buffer: bytes) -> None:
    first, second = looked(buffer)
    assert first == second


@pytest.mark.parametrize("make", ENGINES.values(), ids=ENGINES)
@settings(max_examples=effort(300, 20_000), deadline=None)
@given(
    pos=st.integers(1, 1_500),
    ref=st.integers(1, 90),
    ends=st.lists(st.integers(0, 1_500), max_size=2),
    lengths=st.lists(st.integers(-900, 900), max_size=3),
)
def test_engines_reach_as_far_as_the_records_do(
    make: Callable[..., Engine], pos: int, ref: int, ends: list[int], lengths: list[int]
) -> None:
    fields = [f"END={end}" for end in ends] + ([f"SVLEN={','.join(map(str, lengths))}"] if lengths else [])
    line = f"10\t{pos}\t.\t{'A' * ref}\t<DEL>\t.\t.\t{';'.join(fields) or '.'}\tGT\t0/1\n"
    result = make(TARGETS, 10).look(line.encode(), 0, len(line))
    assert result is not None
    assert bool(result.hits) == TARGETS["10"].near(pos, record_end(pos, ref, ends, lengths))


@pytest.mark.parametrize("make", ENGINES.values(), ids=ENGINES)
def test_an_end_is_read_wherever_it_stands(make: Callable[..., Engine]) -> None:
    """Keys are looked for sixteen bytes at a time: with all that may be before and after, and with what only looks like one."""
    row = b"10\t5\t.\tA\tT\t.\t.\t%s\tGT\t0/1\n"
    for before in range(40):
        for after in range(40):
            for middle, reaches in ((b"END=105", True), (b"XEND=105", False), (b"END=7;END=105", True), (b"D=;END=105;D=", True)):
                info = b"x" * before + b";" * (before > 0) + middle + b";" * (after > 0) + b"D=" * (after // 2)
                line = row % info
                look = make(TARGETS, 10).look(line, 0, len(line))
                assert look is not None
                assert bool(look.hits) == reaches, info


@needs_compiler
def test_both_find_the_same_where_tables_fill_up() -> None:
    """Thousands of hits and of contigs, in one buffer."""
    line = b"%s\t%d\t.\tA\tT\t.\t.\t.\tGT\t0/1\n"
    hits = b"".join(line % (b"chr10", 100 + number % 5) for number in range(5_000))
    contigs = b"".join(line % (b"c%d" % number, 7) for number in range(5_000))
    for buffer in (hits, contigs, contigs + hits, hits + b"x\n"):
        first, second = looked(buffer)
        assert first == second
        assert (first is None) == buffer.endswith(b"x\n")


@needs_compiler
def test_both_find_the_same_in_a_damaged_gvcf() -> None:
    data = b"".join(line for line in gvcf(4_000) if not line.startswith(b"#"))
    targets, chance = panel_intervals({panel().assembly: panel()}), random.Random(3)
    assert sum(len(look.hits) for look in [LineEngine(targets, 10, 2**20).look(data, 0, len(data))] if look) > 20
    for _ in range(effort(60, 5_000)):
        damaged = bytearray(data)
        for _ in range(chance.choice((0, 1, 1, 3))):
            damaged[chance.randrange(len(damaged) - 1)] = chance.choice(b"\t\n\r\0;=<>.,E0129-\x80#")
        first, second = (make(targets, 10).look(bytes(damaged), 0, len(damaged)) for make in ENGINES.values())
        assert first == second


@pytest.mark.skipif(not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="no compiler here")
def test_the_compiled_one_is_used_where_there_is_a_compiler() -> None:
    assert COMPILED is not None
    assert isinstance(open_engine(TARGETS, 10, Limits()), native.NativeEngine)


def test_python_does_it_where_nothing_was_compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(native, "LIBRARY", tmp_path / "none.so")
    native.library.cache_clear()
    try:
        assert isinstance(open_engine(TARGETS, 10, Limits()), LineEngine)
    finally:
        native.library.cache_clear()


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc here (CI has it)")
def test_no_byte_out_of_bounds(tmp_path: Path) -> None:
    """The same code under AddressSanitizer and UBSan, on mutants of sound lines, each in an allocation of exactly its size."""
    program = tmp_path / "driver"
    flags = ("-O1", "-g", "-std=c11", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
    subprocess.run(["gcc", *flags, "-I", native.LIBRARY.parent, "-o", program, Path(__file__).with_name("scan_driver.c")], check=True)
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0"}
    done = subprocess.run([program, str(effort(60_000, 20_000_000))], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    sound_buffers, all_buffers = map(int, done.stdout.split())
    assert 0 < sound_buffers < all_buffers
