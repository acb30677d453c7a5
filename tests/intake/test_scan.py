"""The scanner against a slow, plain reading of the same lines: nothing missed, nothing kept that does not touch the panel."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trdpgx.intake.scan.panel_index import panel_intervals
from trdpgx.intake.scan.scanner import Scanner, SelectedLine
from trdpgx.intake.vcf.lines import line_buffer
from trdpgx.model.genome import Assembly, SiteState
from trdpgx.model.limits import Limits

from .conftest import Read
from .engines import ENGINES
from .panel import PANELS, vcf

TARGETS = panel_intervals(PANELS)
WINDOWS = [
    (site.chrom, site.pos, site.pos + max(len(site.ref), len(site.context)) - 1) for panel in PANELS.values() for site in panel.sites
]


def touches(line: bytes) -> bool:
    """Whether a line touches a window, read the slow way. SVLEN states how far a symbolic allele reaches."""
    chrom, pos, _, ref, alt, _, _, info = line.decode().split("\t")[:8]
    first, last = int(pos), int(pos) + len(ref) - 1
    for entry in info.split(";"):
        key, _, value = entry.partition("=")
        if key == "END" and value.isdigit():
            last = max(last, int(value))
        if key == "SVLEN" and "<" in alt and value.lstrip("-").isdigit():
            last = max(last, first + abs(int(value)))
    return any(chrom.removeprefix("chr") == name and first <= end and start <= last for name, start, end in WINDOWS)


lines = st.builds(
    lambda *fields: "\t".join(fields).encode(),
    st.sampled_from(["10", "chr10", "22", "chr22", "1", "chr1_KI270706v1_random", "chr1_KI270707v1_random", "chr100", "HLA-A*01:01:01:01"]),
    st.one_of(st.integers(80, 430), st.integers(1_080, 1_430), st.integers(0, 2**31 - 2)).map(str),
    st.sampled_from([".", "rs1", "END=5"]),
    st.sampled_from(["A", "AC", "A" * 30]),
    st.sampled_from(["T", "G,T", ".", "<NON_REF>"]),
    st.sampled_from([".", "50"]),
    st.sampled_from([".", "PASS", "END=999"]),
    st.sampled_from(
        [".", "END=105", "DP=3;END=410", "CIEND=0,105", "END=.", "X=END=400", "END=99999999999", "SVLEN=-40", "AC=1;SVLEN=300;Y"]
    ),
    st.just("GT"),
    st.sampled_from(["0/1", "END=405"]),
)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=150, deadline=None)
@given(rows=st.lists(lines, min_size=1, max_size=40), size=st.integers(1, 40))
def test_same_lines_as_the_slow_way(engine: str, rows: list[bytes], size: int) -> None:
    kept: list[SelectedLine] = []
    scanner = Scanner(ENGINES[engine](TARGETS, 10), 10, 7, Limits(), selected=kept)
    for start in range(0, len(rows), size):
        scanner.scan(line_buffer(b"".join(row + b"\n" for row in rows[start : start + size])))
    expected = [(number, row) for number, row in enumerate(rows, start=8) if touches(row)]
    found = [(selected.line, selected.text) for selected in kept]
    assert [pair for pair in found if touches(pair[1])] == expected
    assert all(b"<" in text or len(text.split(b"\t")[3]) >= 30 for _, text in found if not touches(text))
    assert (scanner.records, scanner.line) == (len(rows), 7 + len(rows))
    order = [(row.split(b"\t")[0], int(row.split(b"\t")[1])) for row in rows]
    contigs = [name for number, (name, _) in enumerate(order) if number == 0 or order[number - 1][0] != name]
    ascending = all(before[0] != after[0] or before[1] <= after[1] for before, after in pairwise(order))
    assert scanner.sorted == (ascending and len(set(contigs)) == len(contigs))


def test_displaced_records_are_found(read: Read) -> None:
    """One record of the panel, anywhere among others that are in order: found in each of 100 positions."""
    chance = random.Random(5)
    rows = [f"{chrom} {pos} C T PASS . GT 0/1" for chrom in ("1", "3", "10", "15", "22") for pos in range(10_000, 40_000, 100)]
    for _ in range(100):
        position = chance.randrange(len(rows) + 1)
        result = read(vcf(*rows[:position], "10 110 G A PASS . GT 0/1", *rows[position:]), assembly="GRCh38")
        assert result.samples[0].calls["TRI"].state is SiteState.CALLED
        assert not result.facts.integrity.sorted or position in {600, 601}


@pytest.mark.parametrize("length", [100, 1_048_570, 1_048_576, 1_048_600, 3_000_000])
def test_lines_longer_than_a_buffer(length: int, read: Read) -> None:
    result = read(vcf("3 5 C T PASS . GT 0/1", f"10 110 G A PASS X={'y' * length} GT 0/1", "22 5000 T C PASS . GT 0/1"))
    assert [result.samples[0].calls[site].state for site in ("TRI", "LAST")] == [SiteState.CALLED] * 2
    assert result.facts.records == 3


def test_odd_but_clear_text_is_accepted_with_a_warning(read: Read) -> None:
    plain = vcf("10 100 C T PASS . GT 0/1", "22 5000 T C PASS . GT 0/1")
    whole = list(read(plain).samples)
    variants = {
        "carriage_returns": plain.replace(b"\n", b"\r\n"),
        "byte_order_mark": b"\xef\xbb\xbf" + plain,
        "no_final_newline": plain[:-1],
        "blank_line_at_end": plain + b"\n",
    }
    for warning, data in variants.items():
        result = read(data)
        assert list(result.samples) == whole, warning
        assert [found.code for found in result.facts.warnings] == [warning]
    assert read(b"\xef\xbb\xbf" + plain[:-1].replace(b"\n", b"\r\n")).facts.records == 2
    assert read(plain).facts.warnings == ()


def test_a_header_without_records(read: Read) -> None:
    result = read(vcf())
    assert result.facts.records == 0
    assert {call.state for call in result.samples[0].calls.values()} == {SiteState.ABSENT}
    assert result.facts.assembly is Assembly.GRCH38


def test_records_that_reach_into_the_panel(read: Read) -> None:
    """A block, an explicit deletion and a symbolic one that start far away."""
    result = read(
        vcf(
            "10 5 A <NON_REF> . END=99 GT:DP 0/0:30",
            "22 2000 A <NON_REF> . END=9000 GT:DP 0/0:30",
            f"10 40 {'A' * 60}{'C'}{'A' * 5} A PASS . GT 0/1",
        )
    )
    calls = result.samples[0].calls
    assert calls["LAST"].state is SiteState.COVERED_REFERENCE
    assert calls["SNV"].state is SiteState.NO_CALL
    assert result.facts.gvcf
