"""A row for each gene of each report."""

from trdpgx.model.gene import Scheme
from trdpgx.model.gene_report import GeneReport
from trdpgx.report.tables.column import Column, ReportTable

_NOT_STATED = "not stated: not called, open, or without a phenotype table"


def _dpwg(gene: GeneReport) -> str | None:
    stated = gene.phenotypes.get(Scheme.DPWG)
    return stated.code.value if stated else None


def _bound(gene: GeneReport, end: int) -> float | None:
    return gene.activity_score_range[end] if gene.activity_score_range else None


GENES: ReportTable[GeneReport] = ReportTable(
    "genes",
    "One row a gene of a report.",
    (
        Column("gene", "text", "HGNC symbol", lambda gene: gene.gene),
        Column("status", "text", "`called`, `ambiguous` or `no_call`", lambda gene: gene.status),
        Column("no_call_reason", "text", "why nothing was called", lambda gene: gene.no_call_reason, null="something was called"),
        Column(
            "diplotypes",
            "texts",
            "every diplotype that is left, the likeliest first",
            lambda gene: tuple(one.name for one in gene.diplotypes),
        ),
        Column(
            "phased",
            "boolean",
            "whether the phase of the file alone makes the one diplotype",
            lambda gene: gene.diplotypes[0].phased if len(gene.diplotypes) == 1 else None,
            null="no diplotype, or several",
        ),
        Column(
            "phenotype",
            "text",
            "code of the phenotype by CPIC",
            lambda gene: gene.phenotype.code.value if gene.phenotype else None,
            null=_NOT_STATED,
        ),
        Column("phenotype_dpwg", "text", "code of the phenotype by DPWG", _dpwg, null=_NOT_STATED),
        Column(
            "phenotype_open", "boolean", "whether alleles that were not seen leave the phenotype open", lambda gene: gene.phenotype_open
        ),
        Column(
            "phenotype_range",
            "texts",
            "every phenotype (CPIC) that is possible",
            lambda gene: tuple(one.value for one in gene.phenotype_range),
        ),
        Column("activity_score_lowest", "number", "lowest activity score that is possible", lambda gene: _bound(gene, 0), null="no score"),
        Column(
            "activity_score_highest", "number", "highest activity score that is possible", lambda gene: _bound(gene, 1), null="no score"
        ),
        Column(
            "likely_diplotype",
            "text",
            "likeliest of several diplotypes, by allele frequencies: a prior, no evidence",
            lambda gene: gene.likely.diplotype if gene.likely else None,
            null="nothing is open, or it is not known",
        ),
        Column(
            "likely_phenotype",
            "text",
            "likeliest phenotype (CPIC) where it is open, by allele frequencies",
            lambda gene: gene.likely.phenotype.value if gene.likely and gene.likely.phenotype else None,
            null="not open, or not known",
        ),
        Column(
            "likely_chance",
            "number",
            "chance of that phenotype, 0 to 1",
            lambda gene: gene.likely.chance if gene.likely else None,
            null="not open, or not known",
        ),
        Column("hidden", "texts", "alleles that the sites seen cannot exclude", lambda gene: tuple(one.allele for one in gene.hidden)),
        Column(
            "hidden_chance",
            "number",
            "chance that one of them is carried, 0 to 1, by the reference cohort",
            lambda gene: gene.hidden_chance,
            null="not known, or not called",
        ),
        Column("settled_by", "texts", "sites not seen that would show every hidden allele", lambda gene: gene.settled_by),
        Column("assumed", "boolean", "whether absent sites were taken as the reference", lambda gene: gene.assumed),
        Column(
            "phenoconverted",
            "text",
            "code of the phenotype under current drugs and smoking (`phenoconverted.phenotype`)",
            lambda gene: gene.phenoconverted.phenotype.value if gene.phenoconverted and gene.phenoconverted.phenotype else None,
            null="no context, or not stated",
        ),
        Column("copy_number_status", "text", "`copy_number.status`", lambda gene: gene.copy_number.status),
        Column("copy_number", "integer", "gene copies", lambda gene: gene.copy_number.value, null="copies were not assessed"),
        Column("source", "text", "`vcf`, or the tool of an outside call", lambda gene: gene.source),
        Column("sites_total", "integer", "defining sites", lambda gene: gene.sites.total),
        Column("sites_called", "integer", "sites with a genotype", lambda gene: gene.sites.called),
        Column("sites_covered_reference", "integer", "sites in a good gVCF block", lambda gene: gene.sites.covered_reference),
        Column("sites_no_call", "integer", "sites with a record and no usable genotype", lambda gene: gene.sites.no_call),
        Column("sites_absent", "integer", "sites that the file does not mention", lambda gene: gene.sites.absent),
        Column(
            "sites_assumed_reference", "integer", "of the absent ones, those taken as reference", lambda gene: gene.sites.assumed_reference
        ),
        Column("caveats", "texts", "codes of the caveats", lambda gene: tuple(dict.fromkeys(one.code for one in gene.caveats))),
    ),
    lambda report: report.genes,
)
