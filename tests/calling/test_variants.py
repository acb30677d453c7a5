"""Variants as plus-strand genotypes, with the effect allele counted and nothing invented for what was not seen."""

import pytest

from tests.calling.tables import EVERYWHERE, library
from trdpgx.calling import call_variants
from trdpgx.model.genome import Assembly, NoCallReason, SampleSites, SiteCall, SiteState
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.variant_report import VariantReport

MISSING, REFERENCE = Options(), Options(absent=AbsentOption.REFERENCE)


def variant(name: str, call: SiteCall | None = None, options: Options = MISSING, assembly: Assembly = Assembly.GRCH38) -> VariantReport:
    sample = SampleSites("sample", {call.site: call} if call else {})
    return next(report for report in call_variants(library(), assembly, sample, options, looked=EVERYWHERE) if report.id == name)


def seen(name: str, *alleles: str, phased: bool = False) -> SiteCall:
    return SiteCall(name, SiteState.CALLED, alleles, phased=phased or len(set(alleles)) == 1, depth=31, quality=99.0, filter="PASS")


@pytest.mark.parametrize(
    ("alleles", "phased", "genotype", "count"),
    [
        (("C", "C"), False, "C/C", 0),
        (("C", "T"), False, "C/T", 1),
        (("T", "C"), True, "T|C", 1),
        (("T", "T"), True, "T/T", 2),
    ],
)
def test_the_effect_allele_of_rs6265_is_t_on_the_plus_strand(alleles: tuple[str, str], phased: bool, genotype: str, count: int) -> None:
    report = variant("rs6265", seen("rs6265", *alleles, phased=phased))
    assert (report.genotype, report.effect_allele, report.effect_allele_count) == (genotype, "T", count)
    assert (report.state, report.depth, report.quality, report.filter) == ("called", 31, 99.0, "PASS")
    assert report.location == "chr11:27658369"


def test_absent_stays_absent_unless_the_caller_asks() -> None:
    for options, state, genotype, count in ((MISSING, "absent", None, None), (REFERENCE, "assumed_reference", "C/C", 0)):
        report = variant("rs6265", None, options)
        assert (report.state, report.genotype, report.effect_allele_count) == (state, genotype, count)


def test_a_no_call_is_never_filled_in() -> None:
    report = variant("rs6265", SiteCall("rs6265", SiteState.NO_CALL, reason=NoCallReason.HALF_CALL), REFERENCE)
    assert (report.state, report.reason, report.genotype, report.effect_allele_count) == ("no_call", "half_call", None, None)


def test_a_reference_block_shows_the_reference_base_of_its_assembly() -> None:
    for assembly in Assembly:
        report = variant("rs1360780", SiteCall("rs1360780", SiteState.COVERED_REFERENCE, phased=True), MISSING, assembly)
        reference = library().sites[assembly]["rs1360780"].ref
        assert report.genotype == f"{reference}/{reference}"
        assert report.effect_allele_count == (2 if reference == "T" else 0)


@pytest.mark.parametrize("name", ["rs1360780", "rs3800373", "rs7997012", "rs2242446", "rs28386840"])
def test_the_reader_is_reported_where_the_reference_base_is_the_effect_allele(name: str) -> None:
    report = variant(name, None, REFERENCE)
    assert report.effect_allele_count == 2
    assert "reference base of GRCh38" in str(report.note)


def test_palindromic_variants_state_that_their_strand_cannot_be_checked() -> None:
    palindromic = [definition.id for definition in library().variants if definition.palindromic]
    assert "rs6295" in palindromic
    for name in palindromic:
        assert "strand" in str(variant(name).note)


def test_what_small_variants_cannot_show_is_not_assayable() -> None:
    report = variant("5-HTTLPR", None, REFERENCE)
    assert (report.state, report.genotype, report.effect_allele_count, report.location) == ("not_assayable", None, None, None)
    assert report.note


def test_an_unknown_allele_is_shown_and_named() -> None:
    report = variant("rs6265", SiteCall("rs6265", SiteState.CALLED, ("C", "G"), unknown=("G",)))
    assert (report.genotype, report.effect_allele_count) == ("C/G", 0)
    assert "does not know" in str(report.note)


def test_every_variant_is_reported_once_on_both_assemblies() -> None:
    for assembly in Assembly:
        reports = call_variants(library(), assembly, SampleSites("sample", {}), MISSING)
        assert [report.id for report in reports] == [definition.id for definition in library().variants]
        assert all(report.genotype is None and report.effect_allele_count is None for report in reports)
