"""The pipeline from bytes to panel lines against ``bcftools view -T`` on files that were damaged in every way: same records, or an error.

Real genomes are used where they are (``TRDPGX_REAL``, as in tests/pipeline), else a synthetic one.
"""

import gzip
import io
import logging
import os
import random
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product, repeat
from pathlib import Path

import pytest

from performance.generate import genome, gvcf
from tests.bcftools import needs_bcftools
from trdpgx.intake.body.text_body import TextBody
from trdpgx.intake.decompress.budget import InputBudget
from trdpgx.intake.decompress.decompress import Decompressor
from trdpgx.intake.scan.panel_index import ChromosomeIntervals, panel_intervals
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

from .effort import SOAK, effort

REAL = Path(os.environ.get("TRDPGX_REAL", Path(__file__).parents[3] / "shared" / "real"))
LOG = logging.getLogger(__name__)
ROUNDS = effort(1, 40)
DISPLACED = effort(30, 1_000)
"""Mutants of each source."""
DAMAGED = effort(2, 80)
"""Mutants of each source, form and kind of damage: 10,000 in all under ``make soak``."""
RECORDS = 4_000

pytestmark = needs_bcftools

Record = tuple[bytes, ...]


@pytest.fixture(scope="module")
def targets() -> dict[str, ChromosomeIntervals]:
    return panel_intervals(load_reference().panels)


@pytest.fixture(scope="module")
def windows(targets: dict[str, ChromosomeIntervals], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The panel's windows as a table for bcftools, with and without ``chr``."""
    path = tmp_path_factory.mktemp("windows") / "windows.tsv"
    rows = [
        f"{prefix}{chrom}\t{start}\t{end}\n"
        for prefix in ("", "chr")
        for chrom, target in targets.items()
        for start, end in zip(target.windows.start_list[:-1], target.windows.end_list[:-1], strict=True)
    ]
    path.write_text("".join(rows))
    return path


def real(name: str) -> bytes:
    """Return the header and some records of a real file, in an order of their own."""
    if not (REAL / name).exists():
        pytest.skip("no real genomes here; set TRDPGX_REAL to their folder")
    with gzip.open(REAL / name) as file:
        lines = file.readlines()
    body = [line for line in lines if not line.startswith(b"#")]
    return b"".join(line for line in lines if line.startswith(b"#")) + b"".join(random.Random(3).sample(body, min(RECORDS, len(body))))


SOURCES: dict[str, Callable[[], bytes]] = {
    "genome": lambda: b"".join(genome(RECORDS)),
    "gVCF": lambda: b"".join(gvcf(RECORDS)),
    "two people, GRCh38": lambda: real("wgs30x_grch38_2samples.vcf.gz"),
    "nine people, GRCh37": lambda: real("1kgp_phased_GRCh37.vcf.gz"),
}
if SOAK:
    SOURCES["ten people, GRCh38"] = lambda: real("1kgp_phased_GRCh38.vcf.gz")


@pytest.fixture(scope="module", params=SOURCES)
def source(request: pytest.FixtureRequest) -> bytes:
    return SOURCES[request.param]()


@pytest.fixture(scope="module")
def small(source: bytes, targets: dict[str, ChromosomeIntervals]) -> bytes:
    """The source with one record in twenty, and all those over the panel."""
    head, body = split(source)
    return b"".join(head + [line for number, line in enumerate(body) if number % 20 == 0 or is_hit(line, targets)])


def ours(data: bytes, targets: dict[str, ChromosomeIntervals], chunks: Iterator[int]) -> Counter[Record]:
    """Return the records that intake picks over windows by POS, REF and END, which is what bcftools looks at. Raises ``InputError``."""
    limits = Limits()
    decompressor, body = Decompressor(InputBudget(limits)), TextBody(targets, limits)
    stream = io.BytesIO(data)
    try:
        while chunk := stream.read(next(chunks)):
            for piece in decompressor.feed(chunk):
                body.feed(piece)
        for piece in decompressor.finish():
            body.feed(piece)
        finished = body.finish()
    finally:
        decompressor.close()
    rows = [(line.chrom, line.text.split(b"\t")) for line in finished.selected]
    return Counter(key(row) for chrom, row in rows if targets[chrom].windows.touches(int(row[1]), last(row)))


def theirs(data: bytes, windows: Path) -> Counter[Record] | None:
    """Return the records that bcftools picks, or ``None`` where it fails."""
    command = ["bcftools", "view", "--no-version", "-H", "-T", str(windows), "--targets-overlap", "1", "-"]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    if done.returncode or b"rror" in done.stderr or b"truncated" in done.stderr:
        return None
    rows = (line.split(b"\t") for line in done.stdout.splitlines())
    return Counter(key(row) for row in rows)


def key(row: list[bytes]) -> Record:
    """Return what both read in the same way: CHROM, POS, REF, ALT, and the genotypes, with numbers as bcftools writes them."""
    locus = row[8].split(b":").index(b"GT") if b"GT" in row[8].split(b":") else None
    genotypes = () if locus is None else tuple(sample.split(b":")[locus] for sample in row[9:])
    return row[0], b"%d" % int(row[1]), row[3], row[4], *(re.sub(rb"(?<![0-9])0+(?=[0-9])", b"", text) for text in genotypes)


def whole() -> Iterator[int]:
    while True:
        yield 2**20


def odd(chance: random.Random) -> Iterator[int]:
    while True:
        yield chance.choice((1, 2, 3, 17, 100, 4_095, 65_537))


def packed(data: bytes) -> bytes:
    return subprocess.run(["bgzip", "-c"], input=data, capture_output=True, check=True).stdout


def split(data: bytes) -> tuple[list[bytes], list[bytes]]:
    lines = data.splitlines(keepends=True)
    count = next(number for number, line in enumerate(lines) if not line.startswith(b"#"))
    return lines[:count], lines[count:]


DAMAGE: dict[str, Callable[[bytes, int, int, random.Random], bytes]] = {
    "cut": lambda data, at, size, chance: data[:at],
    "a bit flipped": lambda data, at, size, chance: data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :],
    "a region lost": lambda data, at, size, chance: data[:at] + data[at + size :],
    "a region doubled": lambda data, at, size, chance: data[: at + size] + data[at:],
    "a region overwritten": lambda data, at, size, chance: data[:at] + chance.randbytes(size) + data[at + size :],
}
"""Ways to damage some bytes at a locus, over a length."""
FORMS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "no last newline": lambda data: data[:-1],
    "BGZF": packed,
    "gzip": lambda data: gzip.compress(data, 1),
}


@pytest.mark.parametrize("form", FORMS)
def test_whole_and_in_any_chunks(form: str, source: bytes, targets: dict[str, ChromosomeIntervals], windows: Path) -> None:
    expected = theirs(source, windows)
    assert expected
    data = FORMS[form](source)
    assert ours(data, targets, whole()) == expected
    for seed in range(ROUNDS):
        assert ours(data, targets, odd(random.Random(seed))) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 63, 64, 65])
def test_in_chunks_of_one_size(size: int, small: bytes, targets: dict[str, ChromosomeIntervals], windows: Path) -> None:
    expected = theirs(small, windows)
    assert expected
    for data in (packed(small), small) if SOAK else (packed(small),):
        assert ours(data, targets, repeat(size)) == expected


def test_displaced_records_are_never_lost(source: bytes, targets: dict[str, ChromosomeIntervals], windows: Path) -> None:
    expected = theirs(source, windows)
    head, body = split(source)
    chance = random.Random(11)
    hits = [number for number, line in enumerate(body) if is_hit(line, targets)]
    for _ in range(DISPLACED):
        moved = list(body)
        line = moved.pop(chance.choice(hits))
        moved.insert(chance.randrange(len(moved) + 1), line)
        assert ours(b"".join((*head, *moved)), targets, whole()) == expected
    LOG.info("%d displaced", DISPLACED)


def is_hit(line: bytes, targets: dict[str, ChromosomeIntervals]) -> bool:
    row = line.split(b"\t")
    target = targets.get(row[0].decode().removeprefix("chr"))
    return target is not None and target.windows.touches(int(row[1]), last(row))


def last(row: list[bytes]) -> int:
    """Return the last position of a record as bcftools sees it: that of REF, or END where it has no more than 31 bits."""
    end = re.search(rb"(?:^|;)END=([0-9]{1,10})(?:;|$)", row[7])
    return max(int(row[1]) + len(row[3]) - 1, int(end[1]) if end and int(end[1]) < 2**31 else 0)


@pytest.mark.parametrize("way", list(product(FORMS, DAMAGE)), ids=", ".join)
def test_damage_gives_the_same_or_an_error(
    way: tuple[str, str], source: bytes, small: bytes, targets: dict[str, ChromosomeIntervals], windows: Path
) -> None:
    """Where bcftools reads a damaged file, intake reads the same or refuses; compressed ones it never reads otherwise than undamaged."""
    form, kind = way
    compressed = form in {"BGZF", "gzip"}
    data = FORMS[form](source if compressed else small)
    expected = theirs(source, windows)
    chance = random.Random(f"{form} {kind}")
    refused = 0
    for number in range(DAMAGED):
        mutant = DAMAGE[kind](data, chance.randrange(len(data)), chance.choice((1, 2, 30, 300)), chance)
        try:
            found = ours(mutant, targets, odd(chance) if number % 2 else whole())
        except InputError:
            refused += 1
            continue
        if not compressed:
            expected = theirs(mutant.replace(b"\r\n", b"\n"), windows)
        assert expected is None or found == expected
    assert refused >= DAMAGED // 2 or not compressed
    LOG.info("%s, %s: %d damaged, %d refused", form, kind, DAMAGED, refused)


def test_cut_at_each_kind_of_point(source: bytes, targets: dict[str, ChromosomeIntervals]) -> None:
    """Between BGZF blocks, inside one, in the end marker; in each part of gzip; at each column of a line; in the header: an error.

    Text that stops between two lines is as sound as any.
    """
    data = packed(source)
    edges = [at for at in range(len(data)) if data.startswith(b"\x1f\x8b\x08\x04", at) and data[at + 12 : at + 14] == b"BC"]
    for edge in edges[1:]:
        for at in (edge, edge + 1, edge + 17, edge + 18):
            assert refusal(data[:at], targets) == "truncated"
    data = gzip.compress(source, 1)
    for at in (5, 10, 11, len(data) // 3, len(data) // 2, len(data) - 9, len(data) - 8, len(data) - 4, len(data) - 1):
        assert refusal(data[:at], targets) == "truncated"
    head, body = split(source)
    begun = source[: -len(body[-1])]
    for found in re.finditer(rb"\t", body[-1]):
        assert refusal(begun + body[-1][: found.start()], targets) == "truncated"
    assert refusal(b"".join(head[:-1]), targets) == "missing_column_line"
    assert refusal(b"".join(head)[:30], targets) in {"missing_column_line", "bad_fileformat"}
    assert refusal(begun, targets) is None


def refusal(data: bytes, targets: dict[str, ChromosomeIntervals]) -> str | None:
    """Return the problem of some bytes, or nothing where they are read."""
    try:
        ours(data, targets, whole())
    except InputError as error:
        return error.problem.type.removeprefix("/problems/")
    return None
