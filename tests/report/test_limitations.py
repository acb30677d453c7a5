"""A gap that the report does not name would read as a finding."""

import pytest

from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.model.gene_report import CopyNumber, DiplotypeReport, GeneReport, SiteCounts
from trdpgx.model.genome import NoCallReason, SiteState
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.variant_report import RareGeneReport, VariantReport
from trdpgx.report.limitations import limitations


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
        ([], [variant("5-HTTLPR", "not_assayable", None)], MISSING, "not_assayable", "1 variant"),
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
        ("coding", 0, {"rare_variants_not_covered"}),
        ("genomic", 90, set()),
    ],
)
def test_what_of_a_rare_gene_was_not_seen_is_stated(sequence: str, covered: int | None, codes: set[str]) -> None:
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


def test_a_rare_gene_of_which_no_base_is_shown_is_not_called_partly_shown() -> None:
    made = {"transcript": "NM_004197.2", "sequence": "genomic", "covered_by": "file", "total": 90, "criteria": ("made",)}
    genes = [RareGeneReport.model_validate({**made, "gene": name, "covered": bases}) for name, bases in (("STK19", 0), ("PRKRA", 10))]
    notes = {note.code: note.text for note in limitations([], [], genes, MISSING)}
    nothing = "The file shows nothing of STK19: no base of the coding sequence. So nothing is known of rare variants there."
    assert notes["rare_variants_not_covered"] == nothing
    assert notes["rare_variants_partly_covered"] == "The file does not show the whole coding sequence of PRKRA (10 of 90 bases)."


ASKED = load_rulebook(None, load_reference()).outside_alleles


def hla(name: str, *results: str) -> GeneReport:
    """A gene as an outside call gives it: typed in full (``*07:02/*15:02``), or tests of single alleles; without results, not called."""
    diplotypes = [
        DiplotypeReport(name=result, alleles=tuple(result.split("/")) if "/" in result else (), functions=(), phenotype=None, phased=True)
        for result in results
    ]
    called = gene("called" if results else "no_call")
    return called.model_copy(update={"gene": name, "diplotypes": tuple(diplotypes), "source": "outside"})


def hla_note(*genes: GeneReport) -> str | None:
    return {note.code: note.text for note in limitations(genes, [], [], MISSING, ASKED)}.get("hla_not_tested")


def test_the_rules_ask_for_hla_alleles_with_three_drugs() -> None:
    assert ASKED == {
        "carbamazepine": (("HLA-A", "*31:01"), ("HLA-B", "*15:02"), ("HLA-B", "*15:11")),
        "lamotrigine": (("HLA-B", "*15:02"),),
        "oxcarbazepine": (("HLA-B", "*15:02"),),
    }


@pytest.mark.parametrize("genes", [(), (hla("HLA-B"),), (hla("HLA-A"), hla("HLA-B"))])
def test_without_a_test_of_hla_no_drug_is_cleared(genes: tuple[GeneReport, ...]) -> None:
    stated = hla_note(*genes)
    assert stated is not None
    assert stated.startswith("HLA-A and HLA-B were not tested")
    assert "clears carbamazepine, lamotrigine or oxcarbazepine" in stated
    assert "carbamazepine with HLA-A*31:01, HLA-B*15:02 and HLA-B*15:11; lamotrigine and oxcarbazepine with HLA-B*15:02" in stated


@pytest.mark.parametrize(
    ("genes", "untested", "drugs"),
    [
        (
            (hla("HLA-B", "*57:01 negative"),),
            "HLA-A*31:01, HLA-B*15:02 and HLA-B*15:11",
            "carbamazepine, lamotrigine or oxcarbazepine",
        ),
        ((hla("HLA-B", "*15:02 negative"),), "HLA-A*31:01 and HLA-B*15:11", "carbamazepine"),
        ((hla("HLA-B", "*15:02 positive"),), "HLA-A*31:01 and HLA-B*15:11", "carbamazepine"),
        ((hla("HLA-B", "*07:02/*08:01"),), "HLA-A*31:01", "carbamazepine"),
        ((hla("HLA-A", "*31:01 negative"),), "HLA-B*15:02 and HLA-B*15:11", "carbamazepine, lamotrigine or oxcarbazepine"),
        ((hla("HLA-A", "*01:01/*03:01"), hla("HLA-B")), "HLA-B*15:02 and HLA-B*15:11", "carbamazepine, lamotrigine or oxcarbazepine"),
        ((hla("HLA-A", "*31:01 negative"), hla("HLA-B", "*15:02 negative")), "HLA-B*15:11", "carbamazepine"),
        (
            (hla("HLA-A", "*31:01 negative"), hla("HLA-B", "*15:11 negative")),
            "HLA-B*15:02",
            "carbamazepine, lamotrigine or oxcarbazepine",
        ),
    ],
)
def test_what_a_test_of_part_of_hla_leaves_open_is_named(genes: tuple[GeneReport, ...], untested: str, drugs: str) -> None:
    stated = hla_note(*genes)
    assert stated is not None
    assert f"Not tested: {untested}." in stated
    assert f"nothing in this report clears {drugs};" in stated


@pytest.mark.parametrize(
    "genes",
    [
        (hla("HLA-A", "*01:01/*31:01"), hla("HLA-B", "*07:02/*08:01")),
        (hla("HLA-A", "*31:01 negative"), hla("HLA-B", "*15:02 negative", "*15:11 negative")),
    ],
)
def test_nothing_is_stated_of_hla_where_every_allele_was_tested(genes: tuple[GeneReport, ...]) -> None:
    assert hla_note(*genes) is None


def test_what_no_genome_shows_is_named() -> None:
    stated = {note.code: note.text for note in limitations([], [], [], MISSING)}["genes_are_one_factor"]
    assert all(word in stated for word in ("diagnosis", "psychosocial burden", "adherence", "other drugs", "kidney"))
