"""Work grows with the bytes of an input and not faster: operations and sizes are counted, not seconds."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from trdpgx.calling.rare_variants.callability import covered_bases
from trdpgx.intake.evidence.assay_targets import read_targets
from trdpgx.intake.genotypes.site_index import SiteIndex
from trdpgx.intake.genotypes.site_records import sort_out
from trdpgx.intake.scan.scanner import SelectedLine
from trdpgx.intake.validate.record import Record
from trdpgx.intake.validate.validator import RecordValidator
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.genome import Assembly
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError
from trdpgx.model.region import Interval
from trdpgx.model.settings import Settings

LIMITS = Limits()


@pytest.fixture(scope="module")
def reference() -> Any:
    return load_reference(Settings().reference)


@pytest.fixture(scope="module")
def index(reference: Any) -> SiteIndex:
    return SiteIndex(reference.panels[Assembly.GRCH38])


def record(pos: int, ref: str, alts: Sequence[str]) -> Record:
    return Record("22", pos, ref, tuple(alts), ("PASS",), pos + len(ref) - 1, None, (), False, spelled=True)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that gets an entry each time that an allele is read as edits."""
    calls: list[str] = []
    read = SiteIndex.edits

    def edits(self: SiteIndex, *locus: Any) -> Any:
        calls.append(locus[3])
        return read(self, *locus)

    monkeypatch.setattr(SiteIndex, "edits", edits)
    return calls


@pytest.mark.parametrize("length", [100, 4_590])
def test_an_allele_is_read_once_for_its_record(length: int, index: SiteIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch)
    alts = ["C" * length + "ACGT"[number % 4] * (number % 9 + 1) for number in range(500)]
    sites = sort_out(index, [record(42_126_400, "N" * 4_600, alts)], LIMITS)
    assert len(sites) > 100
    assert sorted(calls) == sorted({alt for alt in alts if len(alt) != 4_600})
    effects = {id(effect): len(effect) for rows in sites for row in (*rows.rows, *rows.beside) for effect in row.effects}
    assert sum(effects.values()) < 10 * sum(map(len, alts)), "an effect is kept once, however many sites have it"


def test_an_allele_as_long_as_ref_is_looked_at_where_sites_are(index: SiteIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch)
    sites = sort_out(index, [record(42_126_400, "N" * 4_600, ["C" * 4_600])], LIMITS)
    assert calls == []
    assert {row.effects[1] for rows in sites for row in rows.rows if len(rows.site.ref) == 1} == {"C"}


@pytest.mark.parametrize(
    "records",
    [
        [(42_126_400 + number, "N" * 4_600, ["A"] * 20) for number in range(400)],
        [(42_126_400 + number % 4_000, "N" * 300, ["ACGT" * 70 + "A" * (number % 7)]) for number in range(20_000)],
    ],
    ids=["many ALTs", "many records"],
)
def test_the_work_on_alleles_has_an_end(records: list[tuple[int, str, list[str]]], index: SiteIndex) -> None:
    with pytest.raises(InputError, match="too_many_"):
        sort_out(index, [record(*one) for one in records], LIMITS)


def test_padding_is_paid_for_by_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 1,000 samples one has a value for each of 900 ALTs: what is kept stays within the cap."""
    limits = Limits(max_padded_values=100_000)
    validator = RecordValidator(limits, range(1_000), 1_000)
    alts = ",".join("A" * number for number in range(1, 901))
    line = f"10\t100\t.\tC\t{alts}\t.\t.\t.\tGT:AD\t0/1:{','.join(['1'] * 901)}" + "\t0/0:." * 999
    with pytest.raises(InputError, match="too_many_values"):
        validator.records([SelectedLine(1, "10", line.encode())])


@pytest.mark.parametrize(("values", "kept"), [("5,6", [5, 6]), ("5", [5]), ("5,6,7", None), (",".join(["1"] * 900), None)])
def test_a_surplus_of_depths_is_not_used(values: str, kept: list[int] | None) -> None:
    validator = RecordValidator(LIMITS, [0], 1)
    validator.records([SelectedLine(1, "10", f"10\t100\t.\tC\tT\t.\t.\t.\tGT:AD\t0/1:{values}".encode())])
    row = validator.columns.columns()["AD"].row(0, 0)
    assert row == kept if kept is not None else row[0] < 0


def test_regions_of_a_bed_file_are_merged_and_counted() -> None:
    lines = b"".join(b"chr22\t%d\t%d\n" % (start, start + 50) for start in range(1_000, 0, -10))
    assert read_targets(lines + b"chr22\t5000\t6000\n", LIMITS) == (Interval("22", 11, 1_050), Interval("22", 5_001, 6_000))
    with pytest.raises(InputError, match="targets_too_large"):
        read_targets(b"22 1 2\n" * 11, Limits(max_targets=10))


@pytest.mark.parametrize("apart", [3, 1_000_000])
def test_coverage_by_many_intervals(apart: int, reference: Any) -> None:
    """The same answer as base by base."""
    transcript = next(iter(reference.transcripts[Assembly.GRCH38].values()))
    start = min(first for first, _ in transcript.coding_exons) - 20
    intervals = [Interval(transcript.chrom, start + step, start + step) for step in range(0, 60_000, apart)]
    wanted = {pos for first, last in transcript.coding_exons for pos in range(first - 2, last + 3)}
    expected = sum(
        1
        for first, last in transcript.coding_exons
        for pos in range(first - 2, last + 3)
        if (pos - start) % apart == 0 and 0 <= pos - start < 60_000
    )
    assert wanted
    assert covered_bases(transcript, intervals) == expected


def test_each_cap_is_published() -> None:
    published: Callable[[], dict[str, Any]] = LIMITS.model_dump
    names = {"max_records_at_position", "max_site_alleles", "max_complex_bases", "max_padded_values", "max_members", "max_targets"}
    assert names <= published().keys()
