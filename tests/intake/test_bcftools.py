"""The same genotypes in other representation, made by the real bcftools: the same sites."""

import random

import pytest

from tests.bcftools import bcftools, needs_bcftools
from trdpgx.model.genome import SampleSites
from trdpgx.model.input import InputFormat
from trdpgx.model.problem import InputError

from .conftest import Read
from .panel import vcf

pytestmark = needs_bcftools


def genomes(seed: int, count: int = 6) -> bytes:
    """Return a file of some people with all kinds of records and values."""
    chance = random.Random(seed)
    alleles = {
        "10 100": [("C", "T"), ("C", "T,A"), ("CCA", "TCG"), ("C", "T,<NON_REF>"), ("C", ".")],
        "10 110": [("G", "A,C"), ("G", "C,A"), ("G", "A"), ("G", "T,A,C")],
        "10 200": [("CCTT", "C"), ("CCTT", "C,CCTTT"), ("CCT", "C")],
        "10 202": [("T", "A,*"), ("T", "A")],
        "10 300": [("C", "CA"), ("C", "T,CA"), ("C", "CAA,CA")],
        "10 400": [("CAT", "CATAT,C"), ("C", "CAT,CATAT"), ("CATAT", "C,CAT")],
        "22 4500": [("N", "<DEL>")],
        "22 5000": [("T", "C"), ("T", "C,A,G")],
    }
    rows = []
    for position, choices in alleles.items():
        ref, alt = chance.choice(choices)
        highest = 0 if alt == "." else alt.count(",") + 1
        people = []
        for _ in range(count):
            pair = [str(chance.randint(0, highest)), str(chance.randint(0, highest))]
            genotype = chance.choice(["/".join(pair), "|".join(pair), "/".join(pair), "./."])
            depths = ",".join(str(chance.randint(0, 40)) for _ in range(highest + 1))
            depth, phase_set = chance.choice([".", str(chance.randint(1, 60))]), chance.choice([".", "77", "99"])
            people.append(f"{genotype}:{depths}:{depth}:{chance.randint(0, 99)}:{phase_set}")
        info = "END=5500;SVTYPE=DEL" if "<DEL>" in alt else "."
        kind = chance.choice(["PASS", ".", "LowQual", "PASS"])
        rows.append(f"{position} {ref} {alt} {kind} {info} GT:AD:DP:GQ:PS {' '.join(people)}")
    return vcf(*rows, samples=" ".join(f"P{number}" for number in range(count)))


def sites(read: Read, data: bytes) -> list[SampleSites]:
    return list(read(data, assembly="GRCh38").samples)


@pytest.mark.parametrize("seed", range(25))
def test_containers(seed: int, read: Read) -> None:
    data = genomes(seed)
    expected = sites(read, data)
    for mode, kind in (("z", InputFormat.VCF_BGZF), ("b", InputFormat.BCF), ("u", InputFormat.BCF), ("v", InputFormat.VCF)):
        other = bcftools(data, "view", f"-O{mode}")
        assert read(other, assembly="GRCh38").facts.format is kind
        assert sites(read, other) == expected


def test_one_sample_of_several(read: Read) -> None:
    data = genomes(99)
    (alone,) = sites(read, bcftools(data, "view", "-s", "P3", "--no-update"))
    assert alone == sites(read, data)[3]


def alleles(found: list[SampleSites]) -> list[dict[str, tuple[object, ...]]]:
    """Return what a call rests on, without the values that splitting a record cannot keep."""
    return [{site: (call.state, call.alleles, call.phased, call.reason) for site, call in sample.calls.items()} for sample in found]


MULTI = [
    "10 110 G A,C PASS . GT {}",
    "10 300 C T,CA PASS . GT {}",
    "10 400 CAT CATAT,C,CATATAT PASS . GT {}",
    "22 5000 T A,C,G PASS . GT {}",
]


def split_with_dots(data: bytes) -> bytes:
    """Split records as bcftools 1.18 and later does with ``--multi-overlaps .``: an allele of another row is a dot."""
    out = []
    for line in data.decode().splitlines():
        fields = line.split("\t")
        if line.startswith("#"):
            out.append(line)
            continue
        for number, alt in enumerate(fields[4].split(","), start=1):
            own = {"0": "0", ".": ".", str(number): "1"}
            samples = ["".join(own.get(sign, "." if sign.isdigit() else sign) for sign in genotype) for genotype in fields[9:]]
            out.append("\t".join([*fields[:4], alt, *fields[5:9], *samples]))
    return ("\n".join(out) + "\n").encode()


@pytest.mark.parametrize("overlaps", ["0", "."])
@pytest.mark.parametrize("separator", ["/", "|"])
def test_split_multiallelic_records(overlaps: str, separator: str, read: Read) -> None:
    pairs = [(first, second) for first in range(4) for second in range(4)]
    rows = []
    for row in MULTI:
        highest = row.split(" ")[3].count(",") + 1
        rows.append(row.format(" ".join(f"{min(a, highest)}{separator}{min(b, highest)}" for a, b in pairs)))
    data = vcf(*rows, samples=" ".join(f"P{number}" for number in range(len(pairs))))
    split = bcftools(data, "norm", "-m-") if overlaps == "0" else split_with_dots(data)
    assert split.count(b"\n") > data.count(b"\n")
    assert alleles(sites(read, split)) == alleles(sites(read, data))


def test_joined_again(read: Read) -> None:
    """Unphased only: bcftools drops the phase when it joins."""
    rows = [row.format("1/2 0/2 0/0 2/2") for row in MULTI]
    data = vcf(*rows, samples="A B C D")
    split = bcftools(data, "norm", "-m-")
    assert alleles(sites(read, bcftools(split, "norm", "-m+"))) == alleles(sites(read, data))


def test_shuffled_records(read: Read) -> None:
    for seed in range(5):
        data = genomes(seed)
        lines = data.splitlines(keepends=True)
        header, body = [line for line in lines if line[:1] == b"#"], [line for line in lines if line[:1] != b"#"]
        random.Random(seed).shuffle(body)
        assert sites(read, b"".join(header + body)) == sites(read, data)


@pytest.mark.parametrize("mode", ["u", "b"])
def test_damaged_bcf_is_refused_or_harmless(mode: str, read: Read) -> None:
    data = bcftools(genomes(7), "view", f"-O{mode}")
    whole = sites(read, data)
    chance = random.Random(8)
    refused = 0
    for number in range(250):
        damaged = bytearray(data)
        if number % 5 == 0:
            del damaged[chance.randrange(len(data)) :]
        else:
            damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            found = sites(read, bytes(damaged))
        except InputError:
            refused += 1
        else:
            assert mode == "u" or found == whole
    assert refused > (20 if mode == "u" else 200)


def test_a_count_that_never_ends_is_refused(read: Read) -> None:
    """A count of 15 or more is an integer of its own, whose count would again be one of its own, and so on."""
    data = bytearray(bcftools(vcf(f"10 110 G {'T' * 5_000} PASS . GT 0/1"), "view", "-Ou"))
    start = data.index(b"TTT")
    data[start - 4 : start + 4_900] = b"\xf1" * 4_904
    with pytest.raises(InputError) as refusal:
        read(bytes(data), assembly="GRCh38")
    assert refusal.value.problem.code == "bad_bcf"


def test_numbers_of_contigs_and_keys_are_those_of_the_header(read: Read) -> None:
    """A BCF whose header numbers things otherwise than in their order, as one that was cut out of a larger one does."""
    data = bcftools(vcf("10 110 G A PASS . GT:DP 0/1:9", "22 5000 T C PASS . GT:DP 1|0:8"), "view", "-Ou")
    size = int.from_bytes(data[5:9], "little")
    text, records = data[9 : 9 + size], bytearray(data[9 + size :])
    lines = text.rstrip(b"\0").split(b"\n")
    contigs = [line for line in lines if line.startswith(b"##contig")]
    rest = [line for line in lines if not line.startswith(b"##contig")]
    text = b"\n".join([rest[0], *reversed(contigs), *rest[1:]]) + b"\0"
    odd = data[:5] + len(text).to_bytes(4, "little") + text + bytes(records)
    assert sites(read, odd) == sites(read, data)


def test_a_header_that_names_blocks_makes_no_gvcf(read: Read) -> None:
    """bcftools writes its own command into the header, symbols and all."""
    row, command = "10 100 C T PASS . GT 0/1", b"##bcftools_viewCommand=view -e 'ALT=\"<NON_REF>\"'\n"
    for text in (vcf(row), vcf(row).replace(b"##contig", command + b"##contig", 1)):
        assert not read(bcftools(text, "view", "-Ou"), assembly="GRCh38").facts.gvcf
    assert read(bcftools(vcf(row, "10 150 C <NON_REF> . END=170 GT 0/0"), "view", "-Ou"), assembly="GRCh38").facts.gvcf
