"""A row for each variant that is reported as a genotype."""

from trdpgx.model.variant_report import VariantReport
from trdpgx.report.tables.column import Column, ReportTable

VARIANTS: ReportTable[VariantReport] = ReportTable(
    "variants",
    "One row a variant that is reported as a genotype.",
    (
        Column("id", "text", "rsID, or another name", lambda one: one.id),
        Column("gene", "text", "HGNC symbol", lambda one: one.gene),
        Column("hgvs_c", "text", "HGVS description on the transcript", lambda one: one.hgvs_c, null="none is known"),
        Column("hgvs_p", "text", "HGVS description on the protein", lambda one: one.hgvs_p, null="none"),
        Column("location", "text", "chromosome and 1-based position", lambda one: one.location, null="not assayable in a VCF"),
        Column("ref", "text", "REF of the panel", lambda one: one.ref, null="not assayable in a VCF"),
        Column("alts", "texts", "ALT of the panel", lambda one: one.alts),
        Column("genotype", "text", "alleles on the plus strand, `/` unphased or `|` phased", lambda one: one.genotype, null="not seen"),
        Column("effect_allele", "text", "on the plus strand", lambda one: one.effect_allele, null="none is known"),
        Column(
            "effect_allele_count",
            "integer",
            '0, 1 or 2; 0 is not "normal"',
            lambda one: one.effect_allele_count,
            null="not seen, or no effect allele is known: never 0",
        ),
        Column("state", "text", "state of the site", lambda one: str(one.state)),
        Column(
            "reason", "text", "why a record gives no genotype", lambda one: one.reason.value if one.reason else None, null="it gives one"
        ),
        Column("depth", "integer", "reads", lambda one: one.depth, null="not given"),
        Column("quality", "number", "Phred-scaled: GQ, or else QUAL", lambda one: one.quality, null="not given"),
        Column("filter", "text", "FILTER", lambda one: one.filter, null="not given"),
    ),
    lambda report: report.variants,
)
