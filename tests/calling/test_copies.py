"""Copy number of CYP2D6: structural records, read depth, and what is said where neither is there."""

from typing import Any

import pytest

from tests.calling.tables import call, library
from tests.calling.test_conventions import sample
from trdpgx.calling.copy_number.depth import depth_evidence
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import Assembly, SampleSites, SiteCall, SiteState, StructuralRecord

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
        (HOMOZYGOUS, [record("CNV", 0)], "suspected", None, "*1/*1"),
        (FOUR, [record("CNV", 1)], "suspected", None, "*1/*4"),
        (HOMOZYGOUS, [record("DUP", 3)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("DUP:TANDEM", None, 1)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("DUP", 4, 1)], "assessed", 4, "*1/*1x3;*1x2/*1x2"),
        (HOMOZYGOUS, [record("CN2", None, 1)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("CN0", None, 1)], "assessed", 1, "*1/*5"),
        (HOMOZYGOUS, [record("DEL", None, 1), record("DUP", None, 1)], "assessed", 2, "*1x2/*5"),
        (FOUR, [record("DUP", 3)], "assessed", 3, "*1/*4x2;*1x2/*4"),
        (FOUR, [record("DUP", 4)], "assessed", 4, "*1/*4x3;*1x2/*4x2;*1x3/*4"),
        (HOMOZYGOUS, [record("DUP", 3, filter="LowQual")], "not_assessed", None, "*1/*1"),
        (HOMOZYGOUS, [record("DUP", 3, end=42_128_000)], "not_assessed", None, "*1/*1"),
        (HOMOZYGOUS, [record("CNV", 3), record("CNV", 1)], "suspected", None, "*1/*1"),
        (HOMOZYGOUS, [record("CNV", 40)], "suspected", None, "*1/*1"),
        (HOMOZYGOUS, [record("BND", None, 1)], "not_assessed", None, "*1/*1"),
        # A filter that only describes.
        (HOMOZYGOUS, [record("CNV", 3, filter="MULTIALLELIC")], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("CNV", 1, filter="MULTIALLELIC")], "assessed", 1, "*1/*5"),
        (HOMOZYGOUS, [record("CNV", 3, filter="MULTIALLELIC;LowQual")], "not_assessed", None, "*1/*1"),
        # A caller gives CN to those who do not carry the allele, too.
        (HOMOZYGOUS, [record("DUP", 3, 1), record("DEL", 2, 0)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("DEL", 1, 1), record("DUP", 2, 0)], "assessed", 1, "*1/*5"),
        (HOMOZYGOUS, [record("DUP", None, 1), record("DEL", 2, 0)], "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, [record("CNV", 4), record("DEL", 2, 0)], "assessed", 4, "*1/*1x3;*1x2/*1x2"),
        (HOMOZYGOUS, [record("DUP", 2, 0), record("DEL", 2, 0)], "assessed", 2, "*1/*1"),
        (HOMOZYGOUS, [record("DUP", 3, 1), record("DEL", 1, 1)], "suspected", None, "*1/*1"),
        # Intervals that tile the gene.
        (HOMOZYGOUS, intervals(1, 1, 1), "assessed", 1, "*1/*5"),
        (HOMOZYGOUS, intervals(3, 3), "assessed", 3, "*1/*1x2"),
        (HOMOZYGOUS, intervals(2, 2, 2, 2), "assessed", 2, "*1/*1"),
        (HOMOZYGOUS, intervals(2, 3), "suspected", None, "*1/*1"),
        (HOMOZYGOUS, intervals(3, 4), "assessed", None, "*1/*1x2;*1/*1x3;*1x2/*1x2"),
        (HOMOZYGOUS, intervals(1, 1, 1)[:2], "not_assessed", None, "*1/*1"),
        (FOUR, intervals(1, 1, 1), "suspected", None, "*1/*4"),
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
        # An allele without a number, and a genotype that does not say how many.
        (HOMOZYGOUS, [record("CNV", None, 1)], "suspected", None, "*1/*1"),
        (HOMOZYGOUS, [record("DUP", None, 1, genotype="./1")], "assessed", None, "*1/*1x2;*1/*1x3;*1x2/*1x2"),
        (HOMOZYGOUS, [record("DEL", None, 1, genotype="./1")], "suspected", None, "*1/*1"),
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
    assert found.status == ("called" if len(found.diplotypes) == 1 else "ambiguous")


@pytest.mark.parametrize(
    ("genotypes", "records", "code"),
    [
        (HOMOZYGOUS, [], "copy_number_not_assessed"),
        (HOMOZYGOUS, [record("CNV", 1)], "hemizygous"),
        (FOUR, [record("CNV", 1)], "copy_number_conflict"),
        (FOUR, [record("DUP", 3)], "copy_number_arrangement"),
        (HOMOZYGOUS, [record("CNV", 3), record("CNV", 1)], "copy_number_suspected"),
        (HOMOZYGOUS, [record("DUP", 3, filter="LowQual")], "structural_filtered"),
        (HOMOZYGOUS, [record("DUP", 3, end=42_128_000)], "structural_partial"),
        (FOUR, [], "cyp2d6_68_possible"),
        (TEN, [], "cyp2d6_36_possible"),
    ],
)
def test_the_reader_is_told(genotypes: str, records: list[StructuralRecord], code: str) -> None:
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
    assert [diplotype.name for diplotype in found.diplotypes] == ["*1/*1"]
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
def test_no_copy_number_record_is_never_said_where_there_is_one(one: StructuralRecord) -> None:
    found = report(HOMOZYGOUS, one)
    assert found.copy_number.status == "not_assessed"
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
