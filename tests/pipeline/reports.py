"""Parts of a report, for tests of one of them."""

from trdpgx.model.gene_report import GeneReport
from trdpgx.model.report import Report


def gene_of(report: Report, name: str) -> GeneReport:
    return next(gene for gene in report.genes if gene.gene == name)
