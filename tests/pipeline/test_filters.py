"""Filters leave out what was not asked for, state it, and never hide what rules a drug out or what makes a call doubtful."""

from pathlib import Path

import pytest

from tests.golden.cases import cases
from tests.report.pages import page_of
from trdpgx import InputError, Options, Report, Service, annotate
from trdpgx.report.formats.json import to_json
from trdpgx.report.text.report import to_text

EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"
CASES = {case.name: case for case in cases()}
FILTERS: list[dict[str, object]] = [
    {"drug": ["sertraline"]},
    {"drug": ["Celexa,Zoloft"]},
    {"drug": ["bupropion"]},
    {"gene": ["cyp2b6"]},
    {"gene": ["BDNF"], "domain": ["pharmacodynamic"]},
    {"domain": ["pharmacokinetic"]},
    {"drug": ["ketamine"], "domain": ["rare_variant"]},
]


def of(name: str, service: Service, **filters: object) -> Report:
    case = CASES[name]
    outside = case.outside_calls.read_bytes() if case.outside_calls else None
    (report, *_) = annotate(case.source, options=Options.model_validate(case.options | filters), outside_calls=outside, service=service)
    return report


@pytest.mark.parametrize("name", ["poor", "outside-conflicts", "open", "nothing", "met"])
@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_nothing_that_matters_is_hidden(name: str, filters: dict[str, object], service: Service) -> None:
    whole, cut = of(name, service), of(name, service, **filters)
    ruling = {one.id: one for one in whole.considerations if one.action.against}
    assert ruling.keys() <= {one.id for one in cut.considerations}
    assert {drug for one in ruling.values() for drug in one.drugs} <= {drug.name for drug in cut.drugs}
    assert whole.summary is not None
    assert cut.summary is not None
    assert [one.name for one in cut.summary.drugs.ruled_out] == [one.name for one in whole.summary.drugs.ruled_out]
    texts = " ".join(note.text for note in (*cut.limitations, *(note for gene in cut.genes for note in gene.caveats)))
    assert [note.text for gene in whole.genes for note in gene.caveats if note.text not in texts] == []
    headlines = {drug.name: (drug.headline, drug.disagreement) for drug in whole.drugs}
    assert {drug.name: (drug.headline, drug.disagreement) for drug in cut.drugs}.items() <= headlines.items()
    assert cut.limitations[0].code == "filtered"
    assert cut.summary.not_seen[0].code == "filtered"
    assert cut.summary.not_seen[0].text in " ".join(to_text(cut).split())
    assert "A filter was asked for" in page_of([cut])
    assert to_json(cut)


def test_a_drug_is_named_by_brand_and_code(service: Service) -> None:
    by_name, by_brand, by_code = (
        annotate(EXAMPLE, options=Options(drug=(name,)), service=service)[0] for name in ("citalopram", "CELEXA", "N06AB04")
    )
    assert by_name.considerations == by_brand.considerations == by_code.considerations
    shown = {drug.name for drug in by_name.drugs}
    assert "citalopram" in shown
    assert "sertraline" not in shown
    assert by_name.summary is not None
    assert not by_name.summary.drugs.no_change


def test_a_drug_of_which_nothing_follows_keeps_its_reason(service: Service) -> None:
    (report,) = annotate(EXAMPLE, options=Options(drug=("trazodone",)), service=service)
    assert report.summary is not None
    assert [one.name for one in report.summary.drugs.not_covered] == ["trazodone"]


def test_a_gene_filter_keeps_the_caveats_of_others_among_the_limitations(service: Service) -> None:
    (report,) = annotate(EXAMPLE, options=Options(gene=("BDNF",)), service=service)
    moved = [note for note in report.limitations if "left out by the filter" in note.text]
    assert "CYP2D6" in {gene.gene for gene in report.genes} or any(note.text.startswith("CYP2D6") for note in moved)
    assert any(note.text.startswith("CYP1A2, UGT1A4") for note in moved)


@pytest.mark.parametrize(("filters", "near"), [({"drug": ("zitalopram",)}, "citalopram"), ({"gene": ("CYP2D7",)}, "CYP2D6")])
def test_an_unknown_name_is_refused_without_being_repeated(filters: dict[str, tuple[str]], near: str, service: Service) -> None:
    with pytest.raises(InputError) as caught:
        annotate(EXAMPLE, options=Options.model_validate(filters), service=service)
    assert caught.value.problem.type == "/problems/unknown_filter"
    assert near in caught.value.problem.detail
    assert not [name for names in filters.values() for name in names if name in caught.value.problem.detail]
