"""A row for each site of the panel: what the input shows there, as the annotated VCF has it."""

from collections.abc import Iterator
from typing import NamedTuple

from trdpgx.model.basis import SiteDetails, SiteGenotype
from trdpgx.model.report import Report
from trdpgx.report.tables.column import Column, ReportTable


class PanelGenotype(NamedTuple):
    """A site's genotype, and what its record states beside it."""

    genotype: SiteGenotype
    details: SiteDetails


def _items(report: Report) -> Iterator[PanelGenotype]:
    details = {one.site: one for one in report.basis.details} if report.basis else {}
    for genotype in report.genotypes:
        yield PanelGenotype(genotype, details.get(genotype.site) or SiteDetails(site=genotype.site))


GENOTYPES: ReportTable[PanelGenotype] = ReportTable(
    "genotypes",
    "One row a site of the panel, with the genotype of the input. Nothing is assumed.",
    (
        Column("site", "text", "site id, as in `genes[].unseen_sites`, or the rsID of a variant", lambda one: one.genotype.site),
        Column("state", "text", "`called`, `no_call`, `covered_reference` or `absent`", lambda one: one.genotype.state.value),
        Column(
            "reason",
            "text",
            "why a record gives no genotype",
            lambda one: one.details.reason.value if one.details.reason else None,
            null="it gives one, or there is none",
        ),
        Column("alleles", "texts", "in the site's own spelling; one where half of it was called", lambda one: one.genotype.alleles),
        Column("phased", "boolean", "whether the order of the alleles is known", lambda one: one.genotype.phased),
        Column("phase_set", "integer", "phase set", lambda one: one.genotype.phase_set, null="none is named"),
        Column("depth", "integer", "reads, where a call or the report rests on them", lambda one: one.details.depth, null="not kept"),
        Column("quality", "number", "Phred-scaled, as `depth`", lambda one: one.details.quality, null="not kept"),
    ),
    _items,
)
