"""The road from bytes to panel lines against ``bcftools view -T`` on files that were damaged in every way: same records, or an error.

Real genomes are used where they are (``TRDPGX_REAL``, as in tests/road), else a synthetic one.
"""

import gzip
import io
import os
import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.intake.meter import Meter
from app.intake.targets import Target, find_targets
from app.intake.text import TextBody
from app.intake.unwrap import Unwrapper
from app.knowledge.reference import load_reference
from app.model.limits import Limits
from app.model.problem import InputError
from performance.generate import genome, gvcf

from .effort import effort

REAL = Path(os.environ.get("TRDPGX_REAL", Path(__file__).parents[3] / "shared" / "real"))
ROUNDS = effort(1, 40)
RECORDS = 4_000

pytestmark = pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed here (CI installs it)")

Record = tuple[bytes, ...]


@pytest.fixture(scope="module")
def targets() -> dict[str, Target]:
    return find_targets(load_reference().panels)


@pytest.fixture(scope="module")
def windows(targets: dict[str, Target], tmp_path_factory: pytest.TempPathFactory) -> Path:
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


def sources() -> Iterator[bytes]:
    yield b"".join(genome(RECORDS))
    yield b"".join(gvcf(RECORDS))
    for name in ("wgs30x_grch38_2samples.vcf.gz", "1kgp_phased_GRCh37.vcf.gz"):
        if (REAL / name).exists():
            with gzip.open(REAL / name) as file:
                head = [line for line in file if line.startswith(b"#")]
            with gzip.open(REAL / name) as file:
                body = [line for line in file if not line.startswith(b"#")]
            yield b"".join(head + random.Random(3).sample(body, min(RECORDS, len(body))))


@pytest.fixture(scope="module", params=range(4), ids=["genome", "gVCF", "real, GRCh38", "real, GRCh37"])
def source(request: pytest.FixtureRequest) -> bytes:
    found = list(sources())
    if request.param >= len(found):
        pytest.skip("no real genomes here; set TRDPGX_REAL to their folder")
    return found[request.param]


def ours(data: bytes, targets: dict[str, Target], chunks: Iterator[int]) -> Counter[Record]:
    """Return the records that intake picks over windows by POS, REF and END, which is what bcftools looks at. Raises ``InputError``."""
    limits = Limits()
    unwrapper, body = Unwrapper(Meter(limits)), TextBody(targets, limits)
    stream = io.BytesIO(data)
    try:
        while chunk := stream.read(next(chunks)):
            for piece in unwrapper.feed(chunk):
                body.feed(piece)
        for piece in unwrapper.finish():
            body.feed(piece)
        body.finish()
    finally:
        unwrapper.close()
    rows = [(line.chrom, line.text.split(b"\t")) for line in body.selected]
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
    """Return what both print in the same way: CHROM, POS, REF, ALT, and the genotypes."""
    place = row[8].split(b":").index(b"GT") if b"GT" in row[8].split(b":") else None
    genotypes = () if place is None else tuple(sample.split(b":")[place] for sample in row[9:])
    return row[0], row[1], row[3], row[4], *genotypes


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


def test_whole_and_in_any_chunks(source: bytes, targets: dict[str, Target], windows: Path) -> None:
    expected = theirs(source, windows)
    assert expected
    for data in (source, packed(source), gzip.compress(source, 1), source.replace(b"\n", b"\r\n"), source[:-1]):
        assert ours(data, targets, whole()) == expected
        for seed in range(ROUNDS):
            assert ours(data, targets, odd(random.Random(seed))) == expected


def test_displaced_records_are_never_lost(source: bytes, targets: dict[str, Target], windows: Path) -> None:
    expected = theirs(source, windows)
    head, body = split(source)
    chance = random.Random(11)
    hits = [number for number, line in enumerate(body) if is_hit(line, targets)]
    for _ in range(100 * ROUNDS):
        moved = list(body)
        line = moved.pop(chance.choice(hits))
        moved.insert(chance.randrange(len(moved) + 1), line)
        assert ours(b"".join((*head, *moved)), targets, whole()) == expected


def is_hit(line: bytes, targets: dict[str, Target]) -> bool:
    row = line.split(b"\t")
    target = targets.get(row[0].decode().removeprefix("chr"))
    return target is not None and target.windows.touches(int(row[1]), last(row))


def last(row: list[bytes]) -> int:
    """Return the last position of a record as bcftools sees it: that of REF, or END."""
    end = re.search(rb"(?:^|;)END=([0-9]{1,10})(?:;|$)", row[7])
    return max(int(row[1]) + len(row[3]) - 1, int(end[1]) if end else 0)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return the data with something wrong: cut, bits flipped, a stretch lost, doubled or overwritten."""
    at = chance.randrange(len(data))
    size = chance.choice((1, 2, 30, 300))
    return (
        data[:at],
        data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :],
        data[:at] + data[at + size :],
        data[: at + size] + data[at:],
        data[:at] + chance.randbytes(size) + data[at + size :],
    )[chance.randrange(5)]


@pytest.mark.parametrize("form", ["plain", "BGZF"])
def test_damage_gives_the_same_or_an_error(form: str, source: bytes, targets: dict[str, Target], windows: Path) -> None:
    """Where bcftools reads a damaged file, intake reads the same or refuses; compressed ones it never reads otherwise than undamaged."""
    head, body = split(source)
    if form == "plain":
        data = b"".join(head + [line for number, line in enumerate(body) if number % 20 == 0 or is_hit(line, targets)])
    else:
        data = packed(source)
    expected = theirs(data, windows)
    chance = random.Random(12)
    refused = 0
    for _ in range(25 * ROUNDS):
        mutant = damaged(data, chance)
        try:
            found = ours(mutant, targets, whole())
        except InputError:
            refused += 1
            continue
        if form == "BGZF":
            assert found == expected
        else:
            other = theirs(mutant, windows)
            assert other is None or found == other
    assert refused > (15 * ROUNDS if form == "BGZF" else 0)


def test_cut_at_each_kind_of_point(source: bytes, targets: dict[str, Target]) -> None:
    """Between blocks, inside one, before the end marker, inside it: always an error; plain text inside a line: an error, too."""
    data = packed(source)
    edges = [at for at in range(len(data)) if data.startswith(b"\x1f\x8b\x08\x04", at) and data[at + 12 : at + 14] == b"BC"]
    for edge in edges[1:]:
        for at in (edge, edge + 1, edge + 17, edge + 18):
            with pytest.raises(InputError) as raised:
                ours(data[:at], targets, whole())
            assert raised.value.problem.type == "/problems/truncated"
    _, body = split(source)
    for keep in (5, 12):
        with pytest.raises(InputError) as raised:
            ours(source[: -len(body[-1])] + body[-1][:keep], targets, whole())
        assert raised.value.problem.type == "/problems/truncated"
