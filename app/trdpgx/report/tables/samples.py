"""A row for each report: the input, what it rests on, and what limits it."""

from trdpgx.model.report import Report
from trdpgx.report.tables.column import Column, ReportTable


def _seen(report: Report) -> int:
    return sum(gene.sites.called + gene.sites.covered_reference for gene in report.genes)


SAMPLES: ReportTable[Report] = ReportTable(
    "samples",
    "One row a report.",
    (
        Column("input_name", "text", "`input.name`", lambda report: report.input.name, null="the caller gave no name"),
        Column("input_sha256", "text", "SHA-256 of the input's bytes as received", lambda report: report.input.sha256),
        Column("input_format", "text", "`input.format`", lambda report: report.input.format.value),
        Column("assembly", "text", "`GRCh37` or `GRCh38`", lambda report: report.input.assembly),
        Column("gvcf", "boolean", "whether the input has gVCF reference blocks", lambda report: report.input.gvcf),
        Column("records", "integer", "data records of the input", lambda report: report.input.records),
        Column("absent", "text", "`options.absent`: what an absent site counted as", lambda report: report.options.absent.value),
        Column(
            "genes_called", "integer", "genes with `status` `called`", lambda report: sum(gene.status == "called" for gene in report.genes)
        ),
        Column("genes_total", "integer", "genes of the report", lambda report: len(report.genes)),
        Column("sites_seen", "integer", "defining sites of the genes with a genotype or a good gVCF block", _seen),
        Column("sites_total", "integer", "defining sites of the genes", lambda report: sum(gene.sites.total for gene in report.genes)),
        Column("warnings", "texts", "codes of `input.warnings`", lambda report: tuple(one.code for one in report.input.warnings)),
        Column("limitations", "texts", "codes of `limitations`", lambda report: tuple(one.code for one in report.limitations)),
        Column("schema_version", "text", "schema of the report", lambda report: report.schema_version),
        Column("report_id", "text", "UUID of the report", lambda report: report.report_id),
        Column("created_at", "text", "when the report was made, UTC, ISO 8601", lambda report: report.created_at.isoformat()),
        Column("software_version", "text", "`software.version`", lambda report: report.software.version),
        Column("rules_release", "text", "release of the rules", lambda report: report.knowledge.rules_release),
        Column("rules_digest", "text", "SHA-256 over the rules", lambda report: report.knowledge.rules_digest),
        Column("reference_release", "text", "release of the reference data", lambda report: report.knowledge.reference_release),
        Column("reference_digest", "text", "SHA-256 over the reference data", lambda report: report.knowledge.reference_digest),
        Column("evidence_policy", "text", "what computed `strength`", lambda report: report.knowledge.evidence_policy),
    ),
    lambda report: (report,),
)
