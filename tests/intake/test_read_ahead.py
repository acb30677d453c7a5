"""Records that are checked while the rest comes: the result is that of checking them at the end, and so is what is wrong."""

import pytest

from trdpgx.intake.read import Intake
from trdpgx.intake.read_ahead import ENOUGH_NEW
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.genome import Assembly
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.limits import Limits
from trdpgx.model.options import Options
from trdpgx.model.problem import InputError

PANELS = load_reference().panels
SITES = sorted(PANELS[Assembly.GRCH38].sites, key=lambda site: (site.chrom, site.pos))
SAMPLES = ("ONE", "TWO")
LONG_NAME = "x" * 12_000
"""An ID that makes a VCF of all sites several times as long as the buffers that are looked at."""


def lines(changed: dict[int, str] | None = None) -> list[str]:
    """Return a VCF of all sites of the panel; ``changed`` has other lines for some of them, by their number."""
    header = [
        "##fileformat=VCFv4.2",
        *(f"##contig=<ID=chr{chrom},length={length}>" for chrom, length in PANELS[Assembly.GRCH38].contig_lengths.items()),
        "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *SAMPLES)),
    ]
    records = [
        f"chr{site.chrom}\t{site.pos}\t{LONG_NAME}\t{site.ref}\t{site.alts[0]}\t50\tPASS\t.\tGT:DP:GQ\t0/0:{number % 40 + 10}:60\t0|1:33:50"
        for number, site in enumerate(SITES)
    ]
    for number, line in (changed or {}).items():
        records[number] = line
    return [*header, *records]


def read(text: list[str], size: int, samples: tuple[str, ...] = ()) -> IntakeResult:
    """Take in a VCF in pieces of so many bytes."""
    intake = Intake(Options(sample=samples[0] if samples else None), PANELS, Limits())
    data = ("\n".join(text) + "\n").encode()
    for start in range(0, len(data), size):
        intake.feed(data[start : start + size])
    return intake.finish()


@pytest.mark.parametrize("samples", [(), ("TWO",)])
def test_an_input_in_pieces_gives_what_it_gives_in_one(samples: tuple[str, ...]) -> None:
    whole, pieces = read(lines(), 10**8, samples), read(lines(), 50_000, samples)
    assert len(SITES) > 3 * ENOUGH_NEW
    for one, other in zip(pieces.samples, whole.samples, strict=True):
        assert (one.sample, one.calls, one.structural) == (other.sample, other.calls, other.structural)
        assert list(map(repr, one.carried)) == list(map(repr, other.carried))
    assert pieces.facts == whole.facts


WRONG_GENOTYPE = "chr{chrom}\t{pos}\t.\t{ref}\t{alt}\t50\tPASS\t.\tGT\t0/7\t0/0"
WRONG_POSITION = "chr1\tx\t.\tA\tG\t50\tPASS\t.\tGT\t0/0\t0/0"


@pytest.mark.parametrize(
    "numbers",
    [{5: WRONG_GENOTYPE}, {200: WRONG_GENOTYPE, 300: WRONG_GENOTYPE}, {5: WRONG_GENOTYPE, 300: WRONG_POSITION}],
    ids=["genotype", "two genotypes", "genotype, then position"],
)
def test_what_is_wrong_is_what_would_be_found_at_the_end(numbers: dict[int, str]) -> None:
    changed = {}
    for number, line in numbers.items():
        site = SITES[number]
        changed[number] = line.format(chrom=site.chrom, pos=site.pos, ref=site.ref, alt=site.alts[0])
    problems = []
    for size in (10**8, 50_000):
        with pytest.raises(InputError) as caught:
            read(lines(changed), size)
        problems.append(caught.value.problem)
    assert problems[0] == problems[1]


def test_records_are_checked_before_the_input_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[int] = []
    from trdpgx.intake.validate import validator  # noqa: PLC0415

    original = validator.RecordValidator.records

    def counted(self: validator.RecordValidator, selected):  # type: ignore[no-untyped-def]
        listed = list(selected)
        left.append(len(listed))
        return original(self, listed)

    monkeypatch.setattr(validator.RecordValidator, "records", counted)
    read(lines(), 50_000)
    assert sum(left) == len(SITES)
    assert left[-1] < ENOUGH_NEW
