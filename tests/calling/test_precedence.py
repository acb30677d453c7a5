"""Outside calls instead of the file's own: what they mean, and where the two disagree."""

import pytest

from tests.calling.tables import call, caveats, library
from tests.calling.test_conventions import sample
from tests.calling.test_copies import record
from trdpgx.calling.outside_calls.phenotypes import phenotype_code
from trdpgx.calling.outside_calls.precedence import prefer_outside_calls
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import Assembly, SampleSites
from trdpgx.model.options import Options
from trdpgx.model.outside import OutsideCall
from trdpgx.reasoning.certainty import disputes_of_reported


def outside(*calls: dict[str, object], gene: str = "CYP2D6", genotypes: str = "") -> GeneReport:
    own = sample(gene, genotypes) if gene in library().genes else SampleSites("sample", {})
    given = [OutsideCall.model_validate({"gene": gene, "tool": "T"} | one) for one in calls]
    return call(gene, own, Options(), Assembly.GRCH38, given)


@pytest.mark.parametrize(
    ("given", "name", "score", "phenotypes", "copies"),
    [
        ("*1/*4", "*1/*4", 1.0, ("IM", "IM"), 2),
        ("*4/*1", "*1/*4", 1.0, ("IM", "IM"), 2),
        ("*1x2/*4", "*1x2/*4", 2.0, ("NM", "NM"), 3),
        ("*1x2/*9", "*1x2/*9", 2.25, ("NM", "NM"), 3),
        ("*2x2/*17", "*2x2/*17", 2.5, ("UM", "NM"), 3),
        ("*1/*5", "*1/*5", 1.0, ("IM", "IM"), 1),
        ("*5/*5", "*5/*5", 0.0, ("PM", "PM"), 0),
        ("*3/(*68)+*4", "*3/*68+*4", 0.0, ("PM", "PM"), 3),
        ("*1/*4+*68", "*1/*68+*4", 1.0, ("IM", "IM"), 3),
        ("*1 / *36 + *10", "*1/*36+*10", 1.25, ("NM", "NM"), 3),
        ("*10+*36x2/*1", "*1/*36x2+*10", 1.25, ("NM", "NM"), 4),
        ("*1/*10+*36+*36", "*1/*36x2+*10", 1.25, ("NM", "NM"), 4),
        ("*10/*36", "*10/*36", 0.25, ("IM", "IM"), 2),
        ("*13/*41", "*13/*41", 0.25, ("IM", "IM"), 2),
        ("*4.013/*4+*4", "*4/*4x2", 0.0, ("PM", "PM"), 3),
        ("*2.001x2/*71.003", "*2x2/*71", None, ("Indeterminate", "Indeterminate"), 3),
        ("*1/*1x3", "*1/*1x3", 4.0, ("UM", "UM"), 4),
    ],
)
def test_structural_diplotypes_are_understood(given: str, name: str, score: float | None, phenotypes: tuple[str, str], copies: int) -> None:
    report = outside({"diplotype": given})
    assert report.source == "outside:T"
    assert [(diplotype.name, diplotype.activity_score) for diplotype in report.diplotypes] == [(name, score)]
    assert {scheme.value: phenotype.code.value for scheme, phenotype in report.phenotypes.items()} == dict(
        zip(("CPIC", "DPWG"), phenotypes, strict=True)
    )
    assert (report.copy_number.status, report.copy_number.value) == ("assessed", copies)


@pytest.mark.parametrize("given", ["*1/*1x≥3", "*1/*1x>=3", "*1/*1≥3", "*1/*1xN"])
def test_open_ended_copies_are_a_lower_bound(given: str) -> None:
    report = outside({"diplotype": given})
    assert report.diplotypes[0].activity_score_is_lower_bound
    assert report.phenotype is not None
    assert report.phenotype.code == "UM"
    assert report.copy_number.status == "assessed"
    assert report.copy_number.value is None
    assert "at least" in report.copy_number.evidence
    assert "lower_bound" in {note.code for note in report.caveats}


@pytest.mark.parametrize(
    ("genotypes", "given", "code"),
    [
        ("", "*1/*1", "outside_call_agrees_but_for_copies"),
        ("", "*1/*4", "outside_call_conflict"),
        ("", "*1/*999", "outside_call_conflict"),
        ("rs3892097=T/T", "*4/*5", "outside_call_adds_structure"),
        ("rs3892097=C/T", "*1/*68+*4", "outside_call_adds_structure"),
        ("rs3892097=C/T", "*1x2/*4", "outside_call_adds_structure"),
        ("rs1065852=A/A;rs1135840=G/G;rs1058164=G/G", "*10/*36x2", "outside_call_adds_structure"),
        ("rs3892097=C/T", "*4/*5", "outside_call_conflict"),
    ],
)
def test_a_conflict_is_reported_and_names_both(genotypes: str, given: str, code: str) -> None:
    report = outside({"diplotype": given}, genotypes=genotypes)
    notes = {note.code: note.text for note in report.caveats if note.code.startswith("outside_call")}
    assert set(notes) == {code}
    own = call("CYP2D6", sample("CYP2D6", genotypes)).diplotypes[0].name
    assert report.diplotypes[0].name in notes[code]
    assert own in notes[code]


@pytest.mark.parametrize(
    ("copies", "given", "code"),
    [
        (1, "*1/*1", "outside_call_conflict"),
        (1, "*1/*5", "outside_call_agrees"),
        (3, "*1/*1", "outside_call_conflict"),
        (3, "*1/*1x2", "outside_call_agrees"),
        (3, "*1/*1xN", "outside_call_adds_structure"),
        (4, "*1/*1x2", "outside_call_conflict"),
        (2, "*1/*13+*1", "outside_call_adds_structure"),
        (3, "*1/*13+*1", "outside_call_adds_structure"),
        (3, "*1x2/*13+*1", "outside_call_adds_structure"),
        (2, "*1/*5", "outside_call_conflict"),
    ],
)
def test_copies_that_the_file_counts_are_no_structure_that_it_cannot_show(copies: int, given: str, code: str) -> None:
    own = SampleSites("sample", sample("CYP2D6", "").calls, (record("CNV", copies),))
    report = call("CYP2D6", own, outside=[OutsideCall(gene="CYP2D6", diplotype=given, tool="T")])
    assert {note.code for note in report.caveats if note.code.startswith("outside_call")} == {code}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Poor Metabolizer", "PM"),
        ("poor metaboliser", "PM"),
        ("CYP2D6 Ultrarapid Metabolizers (UM)", "UM"),
        ("intermediate_metabolizer", "IM"),
        ("EM", "NM"),
        ("Extensive metaboliser (EM)", "NM"),
        ("likely cyp2c19 poor metaboliser", "Likely PM"),
        ("Possible Intermediate Metabolizer", "Possible IM"),
        ("Rapid Metabolizer", "RM"),
        ("Indeterminate", "Indeterminate"),
        ("No Result", "No result"),
        ("Favorable Response", None),
        ("", None),
    ],
)
def test_phenotype_words(text: str, code: str | None) -> None:
    assert phenotype_code(text) == code


@pytest.mark.parametrize("code", [code for code in Phenotype if code not in {Phenotype.INDETERMINATE, Phenotype.NO_RESULT}])
@pytest.mark.parametrize("gene", [name for name, one in library().genes.items() if Scheme.CPIC in one.phenotypes])
def test_a_phenotype_that_cpic_does_not_have_for_the_gene_is_not_read(gene: str, code: Phenotype) -> None:
    own, report = outside({"no_call": True}, gene=gene), outside({"phenotype": code.term}, gene=gene)
    texts = [note.text for note in report.caveats if note.code == "outside_result_unreadable"]
    if code in library().genes[gene].phenotypes[Scheme.CPIC].phenotypes:
        assert (texts, report.source, report.phenotype and report.phenotype.code) == ([], "outside:T", code)
    else:
        (text,) = texts
        assert text.startswith(f"T gives {code.term} (no phenotype that CPIC has for {gene})")
        assert (report.source, report.phenotype, report.phenotypes) == ("vcf", own.phenotype, own.phenotypes)
        assert disputes_of_reported(report) == (f"a result of another tool on {gene} could not be read",)


def test_a_phenotype_of_a_gene_of_which_cpic_has_no_table_is_read() -> None:
    report = outside({"phenotype": "Rapid Metabolizer"}, gene="CYP1A2")
    assert (report.source, report.phenotype and report.phenotype.code) == ("outside:T", Phenotype.RM)


def test_a_phenotype_alone_is_legal_and_reaches_another_scheme_only_where_it_must() -> None:
    poor, ultrarapid = outside({"phenotype": "PM"}), outside({"phenotype": "UM"})
    assert (poor.status, poor.diplotypes) == ("called", ())
    assert {scheme: phenotype.code.value for scheme, phenotype in poor.phenotypes.items()} == {Scheme.CPIC: "PM", Scheme.DPWG: "PM"}
    assert {scheme: phenotype.code.value for scheme, phenotype in ultrarapid.phenotypes.items()} == {Scheme.CPIC: "UM"}


def test_an_activity_score_alone_is_read_by_both_schemes() -> None:
    report = outside({"activity_score": 2.5})
    assert {scheme.value: phenotype.code.value for scheme, phenotype in report.phenotypes.items()} == {"CPIC": "UM", "DPWG": "NM"}
    assert report.activity_score_range == (2.5, 2.5)


def test_a_no_call_leaves_the_files_own_call() -> None:
    report = outside({"no_call": True})
    assert report.source == "vcf"
    assert [diplotype.name for diplotype in report.diplotypes] == ["*1/*1"]
    assert "outside_no_call" in {note.code for note in report.caveats}


def test_several_genotypes_are_all_listed() -> None:
    report = outside({"diplotype": "*1/*46"}, {"diplotype": "*43/*45"})
    assert report.status == "ambiguous"
    assert [diplotype.name for diplotype in report.diplotypes] == ["*1/*46", "*43/*45"]
    assert report.phenotype is None
    assert "outside_calls_differ" in {note.code for note in report.caveats}


def test_an_unknown_allele_takes_the_phenotype_that_its_tool_states() -> None:
    alone, stated = outside({"diplotype": "*1/*999"}), outside({"diplotype": "*1/*999", "phenotype": "IM"})
    assert [report.phenotype.code.value for report in (alone, stated) if report.phenotype] == ["Indeterminate", "IM"]
    assert stated.diplotypes[0].phenotype == "IM"
    assert "outside_allele_unknown" in {note.code for note in stated.caveats}


def test_what_a_tool_states_beside_a_diplotype_is_compared() -> None:
    report = outside({"diplotype": "*1/*4", "phenotype": "Poor Metabolizer", "activity_score": 0.5})
    assert report.phenotype is not None
    assert report.phenotype.code == "IM"
    assert {"outside_phenotype_differs", "outside_score_differs"} <= {note.code for note in report.caveats}
    agreeing = outside({"diplotype": "*1/*4", "phenotype": "Intermediate Metabolizer", "activity_score": 1.0})
    assert not {"outside_phenotype_differs", "outside_score_differs"} & {note.code for note in agreeing.caveats}


@pytest.mark.parametrize(
    ("gene", "given", "alleles"),
    [
        ("HLA-B", {"diplotype": "HLA-B*15:02:01/B*40:01"}, ("*15:02", "*40:01")),
        ("HLA-A", {"diplotype": "*31:01/*02:01"}, ("*02:01", "*31:01")),
        ("HLA-A", {"diplotype": "01:01:01:01/31:01:02:01"}, ("*01:01", "*31:01")),
        ("HLA-B", {"phenotype": "*15:02 positive"}, ("*15:02",)),
        ("HLA-A", {"phenotype": "*31:01 negative"}, ()),
    ],
)
def test_hla_passes_through(gene: str, given: dict[str, object], alleles: tuple[str, ...]) -> None:
    report = outside(given, gene=gene)
    assert report.status == "called"
    assert report.diplotypes[0].alleles == alleles
    assert report.phenotype is None


def test_calls_for_another_sample_are_not_taken() -> None:
    report = outside({"diplotype": "*4/*4", "sample": "someone else"})
    assert report.source == "vcf"


def test_an_unreadable_result_leaves_the_files_own_call() -> None:
    report = outside({"phenotype": "Favorable Response"})
    assert (report.status, report.source) == ("called", "vcf")
    assert "outside_result_unreadable" in {note.code for note in report.caveats}


SEEN = {"gene", "sites", "unseen_sites", "unknown_alleles"}
"""What a report of an outside call keeps of the file's own: what was seen."""
CALLED = {"status", "diplotypes", "candidates", "phenotype", "phenotypes", "phenotype_range", "copy_number", "source", "caveats"}
"""What the outside call states itself."""


def test_nothing_of_the_files_own_call_stays_beside_an_outside_call() -> None:
    """A field of ``GeneReport`` that nobody has thought of here starts at its default and never holds what belongs to the file's call."""
    own = call("CYP2D6", sample("CYP2D6", "rs3892097=C/T;rs1065852=A/G"), Options(all_candidates=True, combinations=True))
    marked = GeneReport.model_construct(
        **{name: getattr(own, name) if name in SEEN else object() for name in GeneReport.model_fields if name not in CALLED},
        **{name: getattr(own, name) for name in CALLED},
    )
    definition = library().genes["CYP2D6"]
    report = prefer_outside_calls(definition, marked, [OutsideCall(gene="CYP2D6", diplotype="*1/*1", tool="T")], caveats())
    plain = prefer_outside_calls(definition, None, [OutsideCall(gene="CYP2D6", diplotype="*1/*1", tool="T")], caveats())
    for name in GeneReport.model_fields:
        if name in SEEN:
            assert getattr(report, name) == getattr(own, name)
        elif name not in {"caveats", "candidates"}:
            assert getattr(report, name) == getattr(plain, name), name
