"""Copy number of CYP2D6: structural records, read depth, and what is stated where neither is there."""

from typing import Any

import pytest

from tests.calling.tables import call, caveats, library
from tests.calling.test_conventions import sample
from trdpgx.calling.copy_number.depth import depth_evidence
from trdpgx.calling.copy_number.possibilities import possibilities
from trdpgx.calling.star_alleles.diplotypes import named_diplotype
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import Assembly, NoCallReason, SampleSites, SiteCall, SiteState, StructuralRecord

HOMOZYGOUS = ""
FOUR = "rs3892097=C/T"
TEN = "rs1065852=A/A;rs1135840=G/G;rs1058164=G/G"
ABSENT = None


def record(
    kind: str, copies: int | None = None, alts: int | None = None, start: int = 42_120_000, end: int = 42_135_000, **more: Any
) -> StructuralRecord:
    genotype = more.pop("genotype", {None: None, 0: "0/0", 1: "0/1", 2: "1/1"}[alts])
    return StructuralRecord("CYP2D6", kind, "22", start, end, copies, genotype, alts, more.pop("filter", None), **more)


def intervals(*copies: int, kind: str = "CNV") -> list[StructuralRecord]:
    """Return intervals side by side that together reach from before the gene to behind it, one for each number of copies."""
    first, step = 42_126_000, 5_200 // len(copies)
    return [record(kind, number, None, first + n * step, first + (n + 1) * step - 1) for n, number in enumerate(copies)]


def report(genotypes: str | None, *records: StructuralRecord) -> GeneReport:
    calls = sample("CYP2D6", genotypes).calls if genotypes is not None else {}
    return call("CYP2D6", SampleSites("sample", calls, records))


@pytest.mark.parametrize(
    ("genotypes", "records", "status", "copies", "diplotypes"),
    [
        (HOMOZYGOUS, [], "not_assessed", None, "*1/*1"),
        (HOMOZYGOUS, [record("CNV", 2)], "assessed", 2, "*1/*1"),
        (HOMOZYGOUS, [record("CNV", 1)], "assessed", 1, "*1/*5"),
        (HOMOZYGOUS, [record("DEL", 1, 1)], "assessed", 1, "*1/*5"),
        (HOMOZYGOUS, [record("DEL", None, 1)], "assessed", 1, "*1/*5"),
        (TEN, [record("DEL", None, 1)], "assessed", 1, "*5/*10"),
        (HOMOZYGOUS, [record("DEL", None, 0)], "not_assessed", None, "*1/*1"),
        (ABSENT, [record("DEL", None, 2)], "assessed", 0, "*5/*5"),
        (ABSENT, [record("CNV", 0)], "assessed", 0, "*5/*5"),
        (HOMOZYGOUS, [record("CNV", 0)], "suspected", None, ""),
        (FOUR, [record("CNV", 1)], "suspected", None, ""),
        (HOMOZYGOUS, [record("DUP", 3)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("DUP:TANDEM", None, 1)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("DUP", 4, 1)], "assessed", 4, "*1/*1x3;*1x2/*1x2"),
        (HOMOZYGOUS, [record("CN2", None, 1)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("CN0", None, 1)], "assessed", 1, "*1/*5"),
        (HOMOZYGOUS, [record("DEL", None, 1), record("DUP", None, 1)], "assessed", 2, "*1x2/*5"),
        (FOUR, [record("DUP", 3)], "assessed", 3, "*1/*4x2;*1x2/*4"),
        (FOUR, [record("DUP", 4)], "assessed", 4, "*1/*4x3;*1x2/*4x2;*1x3/*4"),
        (HOMOZYGOUS, [record("DUP", 3, filter="LowQual")], "suspected", None, "*1/*1"),
        (HOMOZYGOUS, [record("DUP", 3, end=42_128_000)], "suspected", None, ""),
        (HOMOZYGOUS, [record("CNV", 3), record("CNV", 1)], "suspected", None, ""),
        (HOMOZYGOUS, [record("CNV", 40)], "suspected", None, ""),
        (HOMOZYGOUS, [record("BND", None, 1)], "suspected", None, ""),
        # A filter that only describes.
        (HOMOZYGOUS, [record("CNV", 3, filter="MULTIALLELIC")], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("CNV", 1, filter="MULTIALLELIC")], "assessed", 1, "*1/*5"),
        (HOMOZYGOUS, [record("CNV", 3, filter="MULTIALLELIC;LowQual")], "suspected", None, "*1/*1"),
        # A caller gives CN to those who do not carry the allele, too.
        (HOMOZYGOUS, [record("DUP", 3, 1), record("DEL", 2, 0)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("DEL", 1, 1), record("DUP", 2, 0)], "assessed", 1, "*1/*5"),
        (HOMOZYGOUS, [record("DUP", None, 1), record("DEL", 2, 0)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("CNV", 4), record("DEL", 2, 0)], "assessed", 4, "*1/*1x3;*1x2/*1x2"),
        (HOMOZYGOUS, [record("DUP", 2, 0), record("DEL", 2, 0)], "assessed", 2, "*1/*1"),
        (HOMOZYGOUS, [record("DUP", 3, 1), record("DEL", 1, 1)], "suspected", None, ""),
        # Intervals that tile the gene.
        (HOMOZYGOUS, intervals(1, 1, 1), "assessed", 1, "*1/*5"),
        (HOMOZYGOUS, intervals(3, 3), "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, intervals(2, 2, 2, 2), "assessed", 2, "*1/*1"),
        (HOMOZYGOUS, intervals(2, 3), "suspected", None, ""),
        (HOMOZYGOUS, intervals(3, 4), "assessed", None, "*1/*1x2;*1/*1x3;*1x2/*1x2"),
        (HOMOZYGOUS, intervals(1, 1, 1)[:2], "suspected", None, ""),
        (FOUR, intervals(1, 1, 1), "suspected", None, ""),
        # CN as a real number, estimates from read depth, INFO/CN.
        (HOMOZYGOUS, [record("CNV", None, None, estimate=2.5)], "suspected", None, "*1/*1"),
        (HOMOZYGOUS, [record("CNV", None, None, estimate=3.5)], "assessed", None, "*1/*1x2;*1/*1x3;*1x2/*1x2"),
        (HOMOZYGOUS, [record("CNV", None, None, read_depth=3.0)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("DEL", None, 1, read_depth=1.1)], "assessed", 1, "*1/*5"),
        (HOMOZYGOUS, [record("DUP", None, 1, read_depth=3.0)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("DUP", None, 1, read_depth=4.0)], "assessed", None, "*1/*1x2;*1/*1x3;*1x2/*1x2"),
        (HOMOZYGOUS, [record("DEL", None, 1, read_depth=2.0)], "suspected", None, "*1/*1"),
        (HOMOZYGOUS, [record("DEL", None, 0, read_depth=2.0)], "not_assessed", None, "*1/*1"),
        (HOMOZYGOUS, [record("CNV", None, 1, stated=3.0)], "assessed", None, "*1/*1x2;*1/*1x3;*1x2/*1x2"),
        (HOMOZYGOUS, [record("CNV", None, 1, stated=3.0, genotype="1")], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("CNV", None, None, stated=3.0)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("CNV", None, 1, stated=0.0)], "assessed", 1, "*1/*5"),
        (HOMOZYGOUS, [record("DEL", None, 1, stated=1.0)], "assessed", 1, "*1/*5"),
        (HOMOZYGOUS, [record("DUP", None, 1, stated=2.0)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("CNV", 3, 1, stated=2.0)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("CNV", None, 0, stated=3.0)], "not_assessed", None, "*1/*1"),
        # An allele without a number, and a genotype that does not state how many.
        (HOMOZYGOUS, [record("CNV", None, 1)], "suspected", None, ""),
        (HOMOZYGOUS, [record("DUP", None, 1, genotype="./1")], "assessed", None, "*1/*1x2;*1/*1x3;*1x2/*1x2"),
        (HOMOZYGOUS, [record("DEL", None, 1, genotype="./1")], "suspected", None, ""),
        # One deletion that two callers found is one.
        (HOMOZYGOUS, [record("DEL", None, 1), record("DEL", None, 1, start=42_120_100)], "assessed", 1, "*1/*5"),
        (HOMOZYGOUS, [record("CN0", None, 1), record("CN2", None, 1)], "assessed", 2, "*1x2/*5"),
    ],
)
def test_structural_records_change_the_diplotype(
    genotypes: str | None, records: list[StructuralRecord], status: str, copies: int | None, diplotypes: str
) -> None:
    found = report(genotypes, *records)
    assert (found.copy_number.status, found.copy_number.value) == (status, copies)
    assert ";".join(diplotype.name for diplotype in found.diplotypes) == diplotypes
    assert found.status == (("called" if len(found.diplotypes) == 1 else "ambiguous") if diplotypes else "no_call")
    if not diplotypes:
        assert f"<{records[0].kind}>" in (found.no_call_reason or "") or "CN=" in (found.no_call_reason or "")
        assert found.phenotype is None
        assert [one.name for one in found.research_diplotypes] == ["*1/*4" if genotypes == FOUR else "*1/*1"]
        assert {one.reason for one in found.research_diplotypes} == {"without_record"}
        assert "research_without_record" in {note.code for note in found.caveats}


LOW = NoCallReason.LOW_QUALITY


@pytest.mark.parametrize(
    ("genotypes", "records", "phenotypes", "hidden"),
    [
        # Two copies are among the numbers that the records leave.
        (HOMOZYGOUS, [record("CNV", None, None, estimate=2.5)], "UM NM", "*1x2"),
        (HOMOZYGOUS, [record("CNV", None, None, estimate=1.5)], "NM IM", "*5"),
        (TEN, [record("CNV", None, None, estimate=1.5)], "IM", ""),
        (FOUR, [record("CNV", None, None, estimate=1.5)], "IM PM", "*5"),
        (HOMOZYGOUS, [record("CNV", None, 1, stated=1.0)], "NM IM", "*5"),
        (HOMOZYGOUS, [record("DEL", None, 1, read_depth=2.0)], "NM IM", "*5"),
        # No value of this sample.
        (HOMOZYGOUS, [record("CNV", None, None, genotype="./.")], "UM NM IM", "*5 *1x2"),
        (HOMOZYGOUS, [record("CNV", None, None, genotype=None)], "UM NM IM", "*5 *1x2"),
        (HOMOZYGOUS, [record("DEL", None, None, genotype="./.")], "NM IM", "*5"),
        (HOMOZYGOUS, [record("DUP", None, None, genotype="./.")], "UM NM", "*1x2"),
        # Refused by its filter or its quality.
        (HOMOZYGOUS, [record("DEL", None, 1, unsound=LOW)], "NM IM", "*5!"),
        (HOMOZYGOUS, [record("DEL", None, 1, unsound=NoCallReason.NO_READS)], "NM IM", "*5!"),
        (HOMOZYGOUS, [record("DEL", None, 2, unsound=LOW)], "NM PM", "*5!"),
        (HOMOZYGOUS, [record("DEL", None, 1, filter="LowQual")], "NM IM", "*5!"),
        (HOMOZYGOUS, [record("CNV", 1, filter="MULTIALLELIC;LowQual")], "NM IM", "*5!"),
        (HOMOZYGOUS, [record("DUP", None, 1, unsound=LOW)], "UM NM", "*1x2!"),
        (FOUR, [record("DEL", None, 1, unsound=LOW)], "IM PM", "*5!"),
        (HOMOZYGOUS, [record("DEL", None, 1, end=42_128_000, unsound=LOW)], "NM", "<DEL>!"),
        (HOMOZYGOUS, [record("DEL", None, 1, unsound=LOW), record("DUP", None, 0)], "NM IM", "*5!"),
        # Within an intron.
        (HOMOZYGOUS, [record("INS:ME:ALU", None, 1, start=42_127_360, end=42_127_360)], "NM", "<INS:ME:ALU>"),
        (HOMOZYGOUS, [record("CNV", 2), record("INS", None, 2, start=42_127_360, end=42_127_360)], "NM", "<INS>"),
    ],
)
def test_what_the_records_leave_open_is_not_stated(genotypes: str, records: list[StructuralRecord], phenotypes: str, hidden: str) -> None:
    found = report(genotypes, *records)
    shown = [f"{one.allele}{'!' if one.refused else ''}" for one in found.hidden]
    assert (" ".join(found.phenotype_range), " ".join(shown)) == (phenotypes, hidden)
    assert found.phenotype_open is bool(hidden)
    assert (found.phenotype is None) is bool(hidden)
    codes = {note.code for note in found.caveats}
    assert ("structural_low_quality" in codes) is any(one.unsound for one in records)
    assert ("copy_number_open" in codes) is (found.copy_number.status == "suspected")
    if any(one.unsound is LOW for one in records):
        assert "low_quality" in found.copy_number.evidence


@pytest.mark.parametrize(
    "records",
    [
        [record("DEL", None, 1, unsound=LOW), record("CNV", 2)],
        [record("DEL", None, 1, unsound=LOW), record("DEL", None, 0)],
        [record("DEL", None, 0, unsound=LOW)],
        [record("DEL", None, 1, start=42_135_000, end=42_160_000)],
        [record("DEL", None, 1, start=42_135_000, end=42_160_000, unsound=LOW)],
    ],
)
def test_a_record_that_states_nothing_of_the_gene_leaves_the_phenotype(records: list[StructuralRecord]) -> None:
    found = report(HOMOZYGOUS, *records)
    assert found.phenotype is not None
    assert ([diplotype.name for diplotype in found.diplotypes], found.hidden) == (["*1/*1"], ())


@pytest.mark.parametrize(
    "one",
    [
        record("CNV", None, None, genotype="1", stated=None),
        record("DEL", None, 1, genotype="1"),
        record("DEL", 2, 1),
        record("DUP", 2, 1),
        record("INV", None, 1),
        record("INV", None, 1, start=42_127_360),
        record("BND", None, 1, start=42_127_360, end=42_127_360),
        record("INS", None, 1, start=42_126_700, end=42_126_700),
        record("DEL", None, 1, start=42_126_560, end=42_126_570),
        record("DUP:TANDEM", None, 1, start=42_126_700, end=42_128_000),
    ],
)
def test_a_carried_change_that_no_diplotype_holds_is_a_no_call(one: StructuralRecord) -> None:
    found = report(HOMOZYGOUS, one)
    if one.alt_count is None:
        assert found.phenotype_open
        return
    assert (found.status, found.phenotype, found.phenotype_open) == ("no_call", None, False)
    assert f"<{one.kind}>" in (found.no_call_reason or "")
    assert [diplotype.name for diplotype in found.research_diplotypes] == ["*1/*1"]


@pytest.mark.parametrize(
    ("genotypes", "records", "code"),
    [
        (HOMOZYGOUS, [], "copy_number_not_assessed"),
        (HOMOZYGOUS, [record("CNV", 1)], "hemizygous"),
        (FOUR, [record("CNV", 1)], "copy_number_conflict"),
        (FOUR, [record("DUP", 3)], "copy_number_arrangement"),
        (HOMOZYGOUS, [record("CNV", None, None, estimate=2.5)], "copy_number_open"),
        (HOMOZYGOUS, [record("DUP", 3, filter="LowQual")], "structural_filtered"),
        (HOMOZYGOUS, [record("DUP", 3, end=42_128_000)], "structural_partial"),
        (FOUR, [], "cyp2d6_68_possible"),
        (TEN, [], "cyp2d6_36_possible"),
    ],
)
def test_the_reader_is_reported(genotypes: str, records: list[StructuralRecord], code: str) -> None:
    assert code in {note.code for note in report(genotypes, *records).caveats}


def test_the_range_that_unseen_structure_would_open() -> None:
    reference, four, ten = report(HOMOZYGOUS), report(FOUR), report(TEN)
    assert reference.copy_number.activity_score_range == (1.0, 3.0)
    assert four.copy_number.activity_score_range == (1.0, 2.0)
    assert ten.copy_number.activity_score_range == (0.25, 0.75)
    assert [note.code for note in ten.copy_number.structural_possibilities] == ["unseen_deletion", "unseen_duplication", "unseen_hybrid_36"]
    assert "activity score of 1.0 (Intermediate Metabolizer)" in reference.copy_number.structural_possibilities[0].text
    assert "3.0 (Ultrarapid Metabolizer)" in reference.copy_number.structural_possibilities[1].text
    assert "the score is 0.25" in ten.copy_number.structural_possibilities[2].text
    assert report(HOMOZYGOUS, record("CNV", 2)).copy_number.activity_score_range is None


def test_a_score_that_many_duplications_make_names_the_first_and_that_there_are_others() -> None:
    definition = library().genes["CYP2D6"]
    others = ["*2", "*27", "*33", "*34", "*35", "*39", "*45", "*46", "*4"]
    called = [named_diplotype(definition, "*1", other, phased=False) for other in others]
    text = next(one.note(caveats()).text for one in possibilities(definition, called, caveats()) if one.key == "unseen_duplication")
    assert "3.0 (Ultrarapid Metabolizer) with *1x2 or *2x2 or *27x2 or *33x2 or *34x2 or *35x2 or others;" in text
    assert "1.0 (Intermediate Metabolizer) with *4x2 or" in text


def test_a_deletion_of_one_haplotype_and_a_duplication_change_the_phenotype() -> None:
    assert [phenotype.code.value for phenotype in report(HOMOZYGOUS, record("CNV", 1)).phenotypes.values()] == ["IM", "IM"]
    assert [phenotype.code.value for phenotype in report(HOMOZYGOUS, record("CNV", 3)).phenotypes.values()] == ["UM", "UM"]
    assert report(FOUR, record("CNV", 3)).phenotype is None


def with_depths(genotypes: str, depths: list[tuple[int, int]]) -> SampleSites:
    """Return a sample in which the heterozygous sites have these reads (REF, ALT), in the order of the sites."""
    calls = dict(sample("CYP2D6", genotypes).calls)
    heterozygous = [site for site, one in calls.items() if len(set(one.alleles)) == 2]
    for site, reads in zip(heterozygous, depths, strict=True):
        one = calls[site]
        calls[site] = SiteCall(site, one.state, one.alleles, phased=one.phased, allele_depths=reads)
    return SampleSites("sample", calls)


TWO = "rs16947=G/A;rs1135840=C/G;rs1058164=C/G"


@pytest.mark.parametrize(
    ("depths", "suspected"),
    [
        ([(20, 40), (19, 41), (21, 42)], True),
        ([(40, 20), (41, 19), (42, 21)], True),
        ([(30, 30), (29, 32), (31, 28)], False),
        ([(27, 33), (26, 34), (28, 32)], False),
        ([(5, 10), (5, 10), (5, 10)], False),
        ([(20, 40), (30, 30), (21, 42)], False),
        ([(2, 60), (3, 61), (1, 60)], False),
    ],
)
def test_reads_near_one_to_two_raise_a_suspicion(depths: list[tuple[int, int]], suspected: bool) -> None:
    found = call("CYP2D6", with_depths(TWO, depths))
    assert found.copy_number.status == ("suspected" if suspected else "not_assessed")
    assert [diplotype.name for diplotype in found.diplotypes] == ["*1/*2"]
    if suspected:
        assert f"of {sum(map(sum, depths))} reads" in found.copy_number.evidence


def test_two_sites_are_not_enough_for_a_suspicion() -> None:
    assert not depth_evidence(with_depths("rs16947=G/A;rs1135840=C/G", [(20, 40), (20, 40)]), library().genes["CYP2D6"].sites).text


@pytest.mark.parametrize(
    ("depths", "diplotypes"),
    [
        ([(40, 20), (41, 19), (42, 21)], "*1x2/*2"),
        ([(20, 40), (19, 41), (21, 42)], "*1/*2x2"),
        ([(30, 30), (29, 32), (31, 28)], "*1/*2x2;*1x2/*2"),
    ],
)
def test_reads_tell_which_allele_is_duplicated(depths: list[tuple[int, int]], diplotypes: str) -> None:
    calls = with_depths(TWO, depths).calls
    found = call("CYP2D6", SampleSites("sample", calls, (record("DUP", 3),)))
    assert ";".join(diplotype.name for diplotype in found.diplotypes) == diplotypes


def test_other_genes_are_not_called_by_copies_but_a_record_is_reported() -> None:
    calls = sample("CYP2C19", "rs3758581=G/G").calls
    doubled = StructuralRecord("CYP2C19", "DUP", "10", 94_700_000, 94_900_000, 3, "0/1", 1, None)
    found = call("CYP2C19", SampleSites("sample", calls, (doubled,)))
    assert (found.copy_number.status, found.copy_number.value) == ("assessed", 3)
    assert (found.status, found.phenotype) == ("no_call", None)
    assert "<DUP>" in (found.no_call_reason or "")
    assert [diplotype.name for diplotype in found.research_diplotypes] == ["*1/*1"]
    assert "copy_number_unusual" in {note.code for note in found.caveats}


def test_a_deletion_that_has_a_name_is_called_in_other_genes_too() -> None:
    calls = sample("CYP2C19", "rs3758581=G/G").calls
    deleted = StructuralRecord("CYP2C19", "DEL", "10", 94_700_000, 94_900_000, 1, "0/1", 1, None)
    found = call("CYP2C19", SampleSites("sample", calls, (deleted,)))
    assert (found.copy_number.status, found.copy_number.value) == ("assessed", 1)
    assert [diplotype.name for diplotype in found.diplotypes] == ["*1/*36"]
    assert found.phenotype is not None
    assert found.phenotype.code == "IM"
    assert "opposite a deletion (*36)" in next(note.text for note in found.caveats if note.code == "hemizygous")


@pytest.mark.parametrize(
    ("gene", "status", "named"),
    [
        ("CYP2D6", "not_assessed", ""),
        ("CYP2C19", "not_assessed", "*36, *37"),
        ("CYP2B6", "not_assessed", "*29, *30"),
        ("UGT1A4", "not_assessed", "*S1, *S2, *S3"),
        ("CYP2C9", "not_applicable", ""),
        ("CYP3A4", "not_applicable", ""),
        ("CYP3A5", "not_applicable", ""),
    ],
)
def test_a_gene_with_structural_alleles_has_a_copy_number_that_was_not_assessed(gene: str, status: str, named: str) -> None:
    found = call(gene, SampleSites("sample", dict(sample(gene, "").calls)))
    assert found.copy_number.status == status
    assert named in found.copy_number.evidence


@pytest.mark.parametrize(
    "one",
    [
        record("DUP", 3, filter="LowQual"),
        record("DUP", 3, end=42_128_000),
        record("BND", None, 1),
        record("DEL", None, 0),
        record("INV", None, 1),
        record("CNV", None, 0, stated=3.0),
    ],
)
def test_no_copy_number_record_is_never_stated_where_there_is_one(one: StructuralRecord) -> None:
    found = report(HOMOZYGOUS, one)
    assert found.copy_number.status == ("not_assessed" if one.alt_count == 0 else "suspected")
    assert "no copy-number record" not in found.copy_number.evidence
    assert f"<{one.kind}>" in found.copy_number.evidence
    assert "no copy-number record" in report(HOMOZYGOUS).copy_number.evidence


def test_the_span_of_the_gene_is_that_of_the_files_assembly() -> None:
    calls = {
        site: SiteCall(site, SiteState.CALLED, (one.ref, one.ref), phased=True)
        for site, one in library().sites[Assembly.GRCH38].items()
        if one.gene == "CYP2D6"
    }
    on_37 = record("CNV", 1, start=42_520_000, end=42_530_000)
    assert call("CYP2D6", SampleSites("sample", calls, (on_37,)), None, Assembly.GRCH37).copy_number.value == 1
    assert call("CYP2D6", SampleSites("sample", calls, (on_37,))).copy_number.status == "not_assessed"


def test_what_is_hidden_beside_a_deletion_is_worked_out() -> None:
    found = report("rs3892097=.;rs5030655=.", record("CNV", 1))
    assert [diplotype.name for diplotype in found.diplotypes] == ["*1/*5"]
    assert found.phenotype is None
    assert "*4" in {hidden.allele for hidden in found.hidden}
    assert {diplotype for reading in found.hidden_readings for diplotype in reading.diplotypes} >= {"*4/*5"}


def test_every_arrangement_of_copies_has_its_chance_where_alleles_are_hidden() -> None:
    found = report("rs3892097=.;rs5030655=.;rs1065852=.", record("CNV", 4))
    assert [diplotype.name for diplotype in found.diplotypes] == ["*1/*1x3", "*1x2/*1x2"]
    chances = {diplotype: reading.chance for reading in found.hidden_readings for diplotype in reading.diplotypes}
    assert chances["*1/*4x3"]
    assert chances["*1x2/*4x2"]
