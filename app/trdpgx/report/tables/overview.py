"""All statements of a report in one table, one row each: for standard output, `grep` and spreadsheets."""

from collections.abc import Iterator
from typing import NamedTuple

from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.note import Note
from trdpgx.model.report import Report
from trdpgx.model.variant_report import VariantReport
from trdpgx.report.tables.column import Column, ReportTable
from trdpgx.report.tables.rare_variants import RareVariant, rare_variants


class StatementRow(NamedTuple):
    """One row. ``status`` and ``result`` are what the table of its kind has of it; docs/tables.md has both for each kind."""

    kind: str
    name: str
    genes: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    status: str | None = None
    result: tuple[str, ...] = ()
    phenotype: str | None = None
    codes: tuple[str, ...] = ()
    source: str | None = None
    strength: str | None = None
    text: str | None = None


def _statements(report: Report) -> Iterator[StatementRow]:
    yield from (_note("warning", Note(code=one.code, text=one.text)) for one in report.input.warnings)
    yield from map(_gene, report.genes)
    yield from (_note("caveat", note, gene.gene) for gene in report.genes for note in gene.caveats)
    yield from map(_variant, report.variants)
    yield from map(_rare_variant, rare_variants(report))
    yield from map(_consideration, report.considerations)
    yield from (_note("limitation", note) for note in report.limitations)
    yield StatementRow("limitation", "disclaimer", text=report.disclaimer)


def _note(kind: str, note: Note, *genes: str) -> StatementRow:
    return StatementRow(kind, note.code, genes, text=note.text)


def _gene(gene: GeneReport) -> StatementRow:
    return StatementRow(
        "gene",
        gene.gene,
        (gene.gene,),
        status=gene.status,
        result=tuple(one.name for one in gene.diplotypes),
        phenotype=gene.phenotype.code.value if gene.phenotype else None,
        codes=tuple(one.value for one in gene.phenotype_range),
        source=gene.source,
        text=gene.no_call_reason or gene.unseen_note,
    )


def _variant(variant: VariantReport) -> StatementRow:
    return StatementRow(
        "variant",
        variant.id,
        (variant.gene,),
        status=str(variant.state),
        result=(variant.genotype,) if variant.genotype else (),
        codes=(variant.reason.value,) if variant.reason else (),
        text=variant.note,
    )


def _rare_variant(variant: RareVariant) -> StatementRow:
    one = variant.report
    return StatementRow(
        "rare_variant",
        f"{one.location}:{one.ref}>{one.alt}",
        (one.gene,),
        status={True: "qualifies", False: "does_not_qualify", None: "not_settled"}[one.qualifies],
        result=tuple(name for name in (one.hgvs_c, one.hgvs_p) if name),
        codes=one.consequences or one.possible_consequences,
        text=" ".join((f"{one.zygosity}.", *one.reasons)),
    )


def _consideration(one: Consideration) -> StatementRow:
    return StatementRow(
        "consideration",
        one.rule_id,
        one.genes,
        one.drugs,
        status="hidden_only" if one.basis.only_if_hidden else one.basis.holds_for,
        result=one.action.codes,
        codes=one.implication.codes,
        source=one.source.name,
        strength=one.evidence.strength.value,
        text=one.text,
    )


OVERVIEW: ReportTable[StatementRow] = ReportTable(
    "overview",
    "One row a statement of a report, of every kind.",
    (
        Column(
            "kind",
            "text",
            "`warning`, `gene`, `caveat`, `variant`, `rare_variant`, `consideration` or `limitation`",
            lambda one: one.kind,
        ),
        Column("name", "text", "gene, variant, location, rule, or code of the note", lambda one: one.name),
        Column("genes", "texts", "genes that it is about", lambda one: one.genes),
        Column("drugs", "texts", "drugs that it is about", lambda one: one.drugs),
        Column("status", "text", "how it stands, by its kind", lambda one: one.status, null="this kind has none"),
        Column("result", "texts", "the result, by its kind; empty where nothing was called or seen", lambda one: one.result),
        Column("phenotype", "text", "of a gene: code by CPIC", lambda one: one.phenotype, null="not stated, or no gene"),
        Column("codes", "texts", "further codes, by its kind", lambda one: one.codes),
        Column("source", "text", "who states it, or where a call comes from", lambda one: one.source, null="this kind has none"),
        Column("strength", "text", "of a consideration: strength of its evidence", lambda one: one.strength, null="no consideration"),
        Column("text", "text", "in words", lambda one: one.text, null="nothing to add"),
    ),
    _statements,
)
