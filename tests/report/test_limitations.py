"""A gap that the report does not name would read as a finding."""

import pytest

from app.model.genome import NoCallReason, SiteState
from app.model.options import AbsentOption, Options
from app.model.report import CopyNumber, GeneReport, RareGeneReport, SiteCounts, VariantReport
from app.report.limitations import limitations


def gene(status: str, copy_number: str = "not_applicable", assumed: int = 0) -> GeneReport:
    return GeneReport.model_validate(
        {
            "gene": "CYP2D6",
            "status": status,
            "diplotypes": (),
            "phenotype": None,
            "copy_number": CopyNumber.model_validate({"status": copy_number, "evidence": "made"}),
            "source": "vcf",
            "sites": SiteCounts(total=9, called=1, covered_reference=0, no_call=0, absent=8, assumed_reference=assumed),
        }
    )


def variant(name: str, state: SiteState | str, genotype: str | None, reason: NoCallReason | None = None) -> VariantReport:
    return VariantReport.model_validate(
        {
            "id": name,
            "gene": "BDNF",
            "hgvs_c": None,
            "hgvs_p": None,
            "location": None,
            "ref": "C",
            "alts": ("T",),
            "genotype": genotype,
            "effect_allele": "T",
            "effect_allele_count": None,
            "state": state,
            "reason": reason,
        }
    )


MISSING, REFERENCE = Options(), Options(absent=AbsentOption.REFERENCE)


@pytest.mark.parametrize(
    ("genes", "variants", "options", "code", "words"),
    [
        ([gene("no_call")], [], MISSING, "genes_not_called", "CYP2D6"),
        ([gene("ambiguous")], [], MISSING, "genes_ambiguous", "CYP2D6"),
        ([gene("called", "not_assessed")], [], MISSING, "copy_number_not_assessed", "duplications or hybrids"),
        ([gene("called", assumed=8)], [], REFERENCE, "absent_as_reference", "8 positions"),
        ([], [variant("rs6265", SiteState.ABSENT, None)], MISSING, "genes_not_covered", "BDNF"),
        ([], [variant("rs6265", SiteState.NO_CALL, None, NoCallReason.HALF_CALL)], MISSING, "variants_no_call", "BDNF"),
        ([], [variant("5-HTTLPR", "not_assayable", None)], MISSING, "not_assayable", "5-HTTLPR"),
        ([], [], MISSING, "untested_variants", "not looked for"),
    ],
)
def test_each_gap_is_named(genes: list[GeneReport], variants: list[VariantReport], options: Options, code: str, words: str) -> None:
    notes = {note.code: note.text for note in limitations(genes, variants, [], options)}
    assert words in notes[code]


def test_what_was_seen_is_not_called_a_gap() -> None:
    codes = {note.code for note in limitations([gene("called", "assessed")], [variant("rs6265", SiteState.CALLED, "C/T")], [], MISSING)}
    assert codes.isdisjoint(
        {"genes_not_called", "genes_ambiguous", "copy_number_not_assessed", "genes_not_covered", "absent_as_reference", "variants_no_call"}
    )


@pytest.mark.parametrize(
    ("sequence", "covered", "codes"),
    [
        ("protein", None, {"rare_variants_cover_unknown", "rare_variants_without_sequence"}),
        ("coding", 10, {"rare_variants_partly_covered"}),
        ("genomic", 90, set()),
    ],
)
def test_what_of_a_rare_gene_was_not_seen_is_said(sequence: str, covered: int | None, codes: set[str]) -> None:
    gene = RareGeneReport.model_validate(
        {
            "gene": "STK19",
            "transcript": "NM_004197.2",
            "sequence": sequence,
            "covered": covered,
            "covered_by": "file",
            "total": 90,
            "criteria": ("made",),
        }
    )
    found = {note.code for note in limitations([], [], [gene], MISSING)}
    assert {code for code in found if code.startswith("rare")} == {"rare_variants_are_group_findings", *codes}
