"""Sites that were not seen: a reader is never led to take them for a negative result."""

import pytest

from tests.golden.cases import cases
from tests.report.pages import page_of
from trdpgx import Report, Service, annotate
from trdpgx.model.gene_report import GeneReport, UnseenSite
from trdpgx.model.genome import NoCallReason, SiteState
from trdpgx.model.options import DetailOption
from trdpgx.report.text.report import to_text
from trdpgx.report.wording import unseen_sites

CASES = {case.name: case for case in cases()}


def report_of(name: str, service: Service) -> Report:
    (report, *_) = CASES[name].reports(service)
    return report


def gene_of(report: Report, name: str) -> GeneReport:
    (gene,) = [gene for gene in report.genes if gene.gene == name]
    return gene


def test_each_reason_stands_once_before_its_sites(service: Service) -> None:
    gene = gene_of(report_of("poor", service), "CYP3A5")
    assert unseen_sites(gene) == "Not seen, with no record in the file: CYP3A5:99652773, CYP3A5:99676142."
    refused = UnseenSite(site="S", rsid=None, state=SiteState.NO_CALL, reason=NoCallReason.FILTERED)
    assert unseen_sites(gene.copy_with(unseen_sites=(refused, *gene.unseen_sites[:1]))) == (
        "Not seen, with no call (filtered): S. Not seen, with no record in the file: CYP3A5:99652773."
    )


@pytest.mark.parametrize("name", ["poor", "nothing", "met", "outside-agrees"])
def test_nothing_that_was_not_seen_is_called_absent(name: str, service: Service) -> None:
    report = report_of(name, service)
    page, text = page_of([report]), to_text(report, DetailOption.FULL)
    for shown in (page, text):
        assert "(absent)" not in shown
        assert "What is absent" not in shown
        assert "is stated beside it" not in shown
    assert "Of a site without a record in the file nothing is known: it does not count as the reference base" in page


def test_a_gene_that_another_tool_called_states_what_unseen_sites_leave_of_it(service: Service) -> None:
    agreed = gene_of(report_of("outside-agrees", service), "CYP2D6").unseen_note
    assert agreed is not None
    assert agreed.startswith("Of the genotypes of this file, which lead to the same result: 1 of 157 sites was not seen.")
    assert "No allele that would change the phenotype fits what was seen." in agreed
    other = gene_of(report_of("outside-conflicts", service), "CYP2D6").unseen_note
    assert other is not None
    assert "would change the phenotype of the call of Cyrius was not worked out" in other


def test_genes_in_words_name_the_tool_and_how_the_file_compares(service: Service) -> None:
    agrees, conflicts = (_words(report_of(name, service), "CYP2D6") for name in ("outside-agrees", "outside-conflicts"))
    assert agrees == (
        "*1/*4: Intermediate Metabolizer. Called by Cyrius, an outside tool, with which the genotypes of this file agree; "
        "the number of copies is the tool's and was not compared."
    )
    assert conflicts.endswith("Called by Cyrius, an outside tool, which the genotypes of this file contradict.")
    assert "called by an outside tool" in page_of([report_of("outside-agrees", service)])


def test_a_phenotype_that_schemes_read_differently_is_named_by_both(service: Service) -> None:
    report = report_of("outside-agrees", service)
    assert report.summary is not None
    both = "Rapid Metabolizer by CPIC, Normal Metabolizer by DPWG"
    assert _words(report, "CYP2C19").startswith(f"*1/*17: {both}; copy number not assessed")
    assert f"Called, 4 of 11 genes: CYP2C19 ({both}); Intermediate Metabolizer of CYP2D6 and CYP2B6." in report.summary.attention[0].text


def test_a_tool_without_a_name_is_called_so(service: Service) -> None:
    (report,) = annotate(CASES["met"].source, outside_calls=b"gene\tdiplotype\nCYP2D6\t*1/*1\n", service=service)
    assert "Called by an unnamed outside tool, with which" in _words(report, "CYP2D6")


def _words(report: Report, name: str) -> str:
    assert report.summary is not None
    (gene,) = [gene for gene in report.summary.genes if gene.gene == name]
    return gene.text
