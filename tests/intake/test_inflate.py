"""Compressed input in every state that a network or a disk can leave it in."""

import gzip
import random
import zlib

import pytest
from backports import zstd

from tests.yardstick import at_most
from trdpgx.intake.decompress import inflate
from trdpgx.intake.vcf import lines
from trdpgx.model.input import InputFormat
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

from .conftest import Read
from .panel import vcf

TEXT = vcf(
    "10 100 C T PASS . GT 0/1", *[f"3 {number} C T PASS PAD={'x' * 40} GT 0/1" for number in range(1, 2_000)], "22 5000 T C PASS . GT 1|0"
)


SHORT = TEXT[: TEXT.index(b"\n", 6_000) + 1]


def bgzf(data: bytes, block: int = 20_000, *, eof: bool = True) -> bytes:
    """Return ``data`` as BGZF, in blocks of ``block`` bytes (SAM specification, section 4.1)."""
    out = b""
    for start in range(0, len(data), block):
        piece = data[start : start + block]
        deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
        body = deflater.compress(piece) + deflater.flush()
        head = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0" + (len(body) + 25).to_bytes(2, "little")
        out += head + body + zlib.crc32(piece).to_bytes(4, "little") + len(piece).to_bytes(4, "little")
    return out + (bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000") if eof else b"")


def zst(data: bytes, *, checksum: bool = True, window: int | None = None) -> bytes:
    """Return ``data`` as one frame of zstd."""
    options = {zstd.CompressionParameter.compression_level: 3, zstd.CompressionParameter.checksum_flag: int(checksum)}
    if window is not None:
        options |= {zstd.CompressionParameter.window_log: window}
    packer = zstd.ZstdCompressor(options=options)
    return packer.compress(data) + packer.flush()


SKIPPED = b"\x50\x2a\x4d\x18\x05\0\0\0hello"


def code(read: Read, data: bytes, **options: object) -> str:
    with pytest.raises(InputError) as raised:
        read(data, **options)
    return raised.value.problem.type.removeprefix("/problems/")


def sites(read: Read, data: bytes) -> object:
    (sample,) = read(data).samples
    return sample


def sites_or_problem(read: Read, data: bytes) -> object:
    try:
        return sites(read, data)
    except InputError as error:
        return error.problem.type.removeprefix("/problems/")


@pytest.mark.parametrize(
    ("data", "kind", "verified", "eof"),
    [
        (TEXT, InputFormat.VCF, None, None),
        (gzip.compress(TEXT), InputFormat.VCF_GZIP, True, None),
        (gzip.compress(TEXT[:777]) + gzip.compress(b"") + gzip.compress(TEXT[777:]), InputFormat.VCF_GZIP, True, None),
        (bgzf(TEXT), InputFormat.VCF_BGZF, True, True),
        (bgzf(TEXT[:777]) + bgzf(TEXT[777:]), InputFormat.VCF_BGZF, True, True),
        (zst(TEXT), InputFormat.VCF_ZSTD, True, None),
        (zst(TEXT[:777]) + zst(b"") + SKIPPED + zst(TEXT[777:]), InputFormat.VCF_ZSTD, True, None),
        (zst(TEXT[:777]) + zst(TEXT[777:], checksum=False), InputFormat.VCF_ZSTD, False, None),
    ],
    ids=[
        *("plain", "gzip", "gzip of three members", "BGZF", "two BGZF files after each other"),
        *("zstd", "zstd of three frames and one to skip", "zstd with a frame that has no checksum"),
    ],
)
def test_wrappings(data: bytes, kind: InputFormat, verified: bool | None, eof: bool | None, read: Read) -> None:
    result = read(data)
    assert result.facts.format is kind
    assert result.facts.bytes == len(data)
    assert (result.facts.integrity.compression_verified, result.facts.integrity.eof_marker) == (verified, eof)
    assert result.facts.records == result.facts.integrity.records == 2_001
    assert result.facts.integrity.lines == TEXT.count(b"\n")
    assert list(result.samples) == [sites(read, TEXT)]


def test_gzip_headers_with_everything_in_any_pieces(read: Read, feed: Read) -> None:
    """Extra field, name, comment and header checksum, each there or not, as RFC 1952 allows; reserved bits it does not."""
    body = gzip.compress(SHORT, mtime=0)[10:]
    parts = {0x04: b"\x05\0extra", 0x08: b"genome.vcf\0", 0x10: b"a comment\0", 0x02: b""}
    whole = sites(read, SHORT)
    for flags in range(32):
        head = b"\x1f\x8b\x08" + bytes([flags & 0x1E]) + b"\0\0\0\0\0\xff" + b"".join(part for bit, part in parts.items() if flags & bit)
        head += (zlib.crc32(head) & 0xFFFF).to_bytes(2, "little") if flags & 0x02 else b""
        for size in (1, 13, 100_000):
            assert list(feed(head + body, size).samples) == [whole], (flags, size)
    for flag in (0x20, 0x40, 0x80):
        assert code(read, b"\x1f\x8b\x08" + bytes([flag]) + b"\0\0\0\0\0\xff" + body) == "corrupt"
    assert code(read, b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + b"n" * 600_000 + b"\0" + body) == "corrupt"


def test_block_with_another_extra_field_first(read: Read) -> None:
    data = bgzf(TEXT)
    length = int.from_bytes(data[16:18], "little")
    extra = b"XX\x03\0abc" + b"BC\x02\0" + (length + 7).to_bytes(2, "little")
    odd = data[:10] + len(extra).to_bytes(2, "little") + extra + data[18:]
    assert list(read(bgzf(TEXT[:0], eof=False) + odd).samples) == [sites(read, TEXT)]


def test_missing_end_of_file_block(read: Read) -> None:
    assert code(read, bgzf(TEXT, eof=False)) == "truncated"


def test_every_cut_of_bgzf_is_noticed(read: Read) -> None:
    data = bgzf(TEXT, 3_000)
    cuts = [*range(1, 400), *random.Random(1).sample(range(400, len(data) - 1), 200), *range(len(data) - 40, len(data))]
    for cut in cuts:
        assert code(read, data[:cut]) in {"truncated", "unsupported_format", "corrupt"}, cut


def test_cuts_of_plain_text_are_noticed_inside_a_line(read: Read) -> None:
    assert code(read, SHORT[:-30]) == "truncated"
    assert [warning.code for warning in read(SHORT[:-1]).facts.warnings] == ["no_final_newline"]


@pytest.mark.parametrize("data", [gzip.compress(TEXT, mtime=0), zst(TEXT), zst(TEXT, checksum=False)], ids=["gzip", "zstd", "no checksum"])
def test_every_cut_of_a_stream_is_noticed(data: bytes, read: Read) -> None:
    for cut in [*range(1, 60), *random.Random(2).sample(range(60, len(data)), 100), len(data) - 1]:
        assert code(read, data[:cut]) in {"truncated", "unsupported_format", "corrupt"}, cut


@pytest.mark.parametrize("data", [bgzf(TEXT, 3_000), gzip.compress(TEXT, mtime=0), zst(TEXT)], ids=["BGZF", "gzip", "zstd"])
def test_flipped_bits_are_never_read_in_silence(data: bytes, read: Read) -> None:
    whole = sites(read, data)
    chance = random.Random(3)
    refused = 0
    for _ in range(300):
        damaged = bytearray(data)
        damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        found = sites_or_problem(read, bytes(damaged))
        refused += found != whole
        assert found == whole or found in {"corrupt", "truncated", "unsupported_format"}
    assert refused > 250


@pytest.mark.parametrize("tail", [b"x", b"\0\0\0\0", b"##fileformat", bytes(40)])
@pytest.mark.parametrize("data", [bgzf(TEXT), gzip.compress(TEXT), zst(TEXT)], ids=["BGZF", "gzip", "zstd"])
def test_something_after_the_end(data: bytes, tail: bytes, read: Read) -> None:
    assert code(read, data + tail) in {"corrupt", "truncated"}


@pytest.mark.parametrize(
    "bomb",
    [
        gzip.compress(TEXT + b"\0" * 80_000_000, 1),
        gzip.compress(vcf() + b"10\t100\t.\t" + b"A" * 80_000_000, 1),
        bgzf(b"##fileformat=VCFv4.2\n##x=" + b"y" * 80_000_000, 65_280),
        zst(TEXT + b"\0" * 80_000_000),
    ],
    ids=["NUL bytes", "a long REF", "a long header line", "NUL bytes in zstd"],
)
def test_bombs_are_refused_fast(bomb: bytes, read: Read) -> None:
    with at_most(80):
        assert code(read, bomb, limits=Limits(max_ratio=100)) in {"compression_ratio", "line_too_long", "nul_byte"}


def test_zstd_that_wants_much_memory_is_refused(read: Read) -> None:
    assert code(read, zst(TEXT, window=27)) == "corrupt"


def test_many_samples_with_a_long_format(read: Read) -> None:
    """The bomb that costs htslib gigabytes: a FORMAT string a sample, for many samples."""
    keys = ":".join(f"K{number}" for number in range(3_000))
    data = vcf(f"10 100 C T PASS . GT:{keys} {' '.join(['0/1'] * 2_000)}", samples=" ".join(f"S{number}" for number in range(2_000)))
    with at_most(80):
        result = read(gzip.compress(data))
        assert result.samples[1_999].calls["SNV"].alleles == ("C", "T")


def test_many_undeclared_contigs(read: Read) -> None:
    """The bomb that costs htslib minutes: each record on a contig of its own."""
    rows = "".join(f"contig{number}\t1\t.\tC\tT\t.\t.\t.\tGT\t0/1\n" for number in range(100_000)).encode()
    with at_most(200):
        result = read(vcf("10 100 C T PASS . GT 0/1") + rows)
        assert result.facts.records == 100_001


@pytest.mark.parametrize("size", [1, 2, 7, 64, 1_000, 65_536])
@pytest.mark.parametrize("data", [SHORT, gzip.compress(TEXT), bgzf(TEXT, 3_000), zst(TEXT)], ids=["plain", "gzip", "BGZF", "zstd"])
def test_chunk_size_does_not_matter(size: int, data: bytes, read: Read, feed: Read) -> None:
    whole = read(data)
    cut = feed(data, size)
    assert list(cut.samples) == list(whole.samples)
    assert cut.facts == whole.facts


@pytest.mark.parametrize("large", [1, 3_000, 10**9], ids=["lines read where they are", "some of them", "copied"])
@pytest.mark.parametrize("data", [TEXT, bgzf(TEXT, 777), bgzf(TEXT, 60_000), gzip.compress(TEXT)], ids=["plain", "777", "60,000", "gzip"])
def test_where_blocks_and_buffers_end_does_not_matter(
    data: bytes, large: int, read: Read, feed: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read(data)
    monkeypatch.setattr(lines, "BUFFER", 2_000)
    monkeypatch.setattr(lines, "LARGE", large)
    monkeypatch.setattr(inflate, "_FIRST_GROUP", 1_000)
    monkeypatch.setattr(inflate, "_GROUP", 5_000)
    for size in (501, 4_096, 10**6):
        cut = feed(data, size)
        assert list(cut.samples) == list(whole.samples)
        assert cut.facts == whole.facts


def test_a_block_that_states_another_length_is_refused(read: Read) -> None:
    """Also where two blocks that are wrong state as many bytes as they hold together."""
    data = bytearray(bgzf(TEXT, 20_000))
    first = int.from_bytes(data[16:18], "little") + 1
    second = first + int.from_bytes(data[first + 16 : first + 18], "little") + 1
    for end, length in ((first, 19_999), (second, 20_001)):
        data[end - 4 : end] = length.to_bytes(4, "little")
        assert code(read, bytes(data)) == "corrupt"


def test_a_block_that_holds_more_than_it_states_is_refused_fast(read: Read) -> None:
    """Blocks that state nothing and hold 64 KiB each, or a gigabyte."""
    with at_most(200):
        for block, count in ((65_280, 200), (60_000_000, 3)):
            bomb = bytearray(bgzf(b"#" * block, block, eof=False))
            bomb[-4:] = bytes(4)
            assert code(read, bgzf(TEXT, eof=False) + bytes(bomb) * count) == "corrupt"
