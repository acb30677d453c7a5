"""A row for each rare variant, and for each variant of a pharmacogene that no named allele is defined by."""

from collections.abc import Iterator
from typing import NamedTuple

from trdpgx.model.report import Report
from trdpgx.model.variant_report import RareVariantReport
from trdpgx.report.tables.column import Column, ReportTable


class RareVariant(NamedTuple):
    """A variant, and whether it is one of ``genes[].undefined_variants``."""

    report: RareVariantReport
    undefined: bool


def rare_variants(report: Report) -> Iterator[RareVariant]:
    """Yield the rare variants, and then the undefined ones of pharmacogenes."""
    yield from (RareVariant(one, undefined=False) for one in report.rare_variants)
    yield from (RareVariant(one, undefined=True) for gene in report.genes for one in gene.undefined_variants)


RARE_VARIANTS: ReportTable[RareVariant] = ReportTable(
    "rare_variants",
    "One row a rare variant.",
    (
        Column("gene", "text", "HGNC symbol", lambda one: one.report.gene),
        Column("location", "text", "chromosome and 1-based position", lambda one: one.report.location),
        Column("ref", "text", "REF", lambda one: one.report.ref),
        Column("alt", "text", "ALT", lambda one: one.report.alt),
        Column("undefined", "boolean", "whether it is of a pharmacogene and defines no named allele", lambda one: one.undefined),
        Column("zygosity", "text", "`heterozygous`, `homozygous`, `hemizygous` or `unknown`", lambda one: one.report.zygosity),
        Column("transcript", "text", "MANE Select transcript", lambda one: one.report.transcript, null="none is known"),
        Column("hgvs_c", "text", "HGVS description on the transcript", lambda one: one.report.hgvs_c, null="outside it"),
        Column(
            "hgvs_p",
            "text",
            "HGVS description on the protein, a prediction",
            lambda one: one.report.hgvs_p,
            null="no coding base is touched",
        ),
        Column(
            "consequence", "text", "most severe Sequence Ontology term", lambda one: one.report.consequence, null="nothing was concluded"
        ),
        Column("impact", "text", "VEP's impact class", lambda one: one.report.impact, null="open"),
        Column(
            "nonsense_mediated_decay",
            "text",
            "`predicted`, `escapes` or `unknown`",
            lambda one: one.report.nonsense_mediated_decay,
            null="no stop is gained and no frame shifted",
        ),
        Column("frequency_state", "text", "`known`, `absent` or `unknown`", lambda one: one.report.frequency_state),
        Column(
            "allele_frequency",
            "number",
            "frequency that cut-offs are held against, 0 to 1",
            lambda one: one.report.allele_frequency,
            null="not known: never 0, and never counted as rare",
        ),
        Column(
            "qualifies", "boolean", "whether a rule counts it", lambda one: one.report.qualifies, null="what is known does not settle it"
        ),
        Column("reasons", "texts", "why it counts or does not", lambda one: one.report.reasons),
        Column("unphased_with", "texts", "variants to be read with it if on one haplotype", lambda one: one.report.unphased_with),
        Column("limits", "texts", "codes of what limits the consequence", lambda one: tuple(note.code for note in one.report.limits)),
        Column("depth", "integer", "reads", lambda one: one.report.depth, null="not given"),
        Column("quality", "number", "Phred-scaled: GQ, or else QUAL", lambda one: one.report.quality, null="not given"),
        Column("filter", "text", "FILTER", lambda one: one.report.filter, null="not given"),
    ),
    rare_variants,
)
