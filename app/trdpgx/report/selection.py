"""A report cut to the drugs, genes and domains that a request asks for.

A filter leaves out what was not asked for and states what that is. What rules a drug out stays, headlines stay whole, and the caveats of a
gene that is left out move to the limitations.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from trdpgx.intake.problems import UNKNOWN_FILTER
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import Knowledge
from trdpgx.model.naming import known_names, ordinal
from trdpgx.model.note import Note
from trdpgx.model.options import Options
from trdpgx.model.problem import InputError
from trdpgx.model.report import LookedAt, Report
from trdpgx.model.summary import AttentionReport, DrugGroups, NotSeenReport, Summary, SummaryDrug
from trdpgx.model.variant_report import RareGeneReport, RareVariantReport, VariantReport
from trdpgx.texts import phrase

_Resting = TypeVar("_Resting", DrugReport, SummaryDrug, AttentionReport)
"""Models with the ids of the considerations that they rest on."""
_OfGene = TypeVar("_OfGene", GeneReport, VariantReport, RareVariantReport, RareGeneReport)
_NAMED = 8
"""So many names of what was left out are written."""


class Selection(Struct, frozen=True):
    """What a request asks for, by our own names; an empty set stands for everything."""

    drugs: frozenset[str]
    genes: frozenset[str]
    domains: frozenset[str]

    def keeps(self, one: Consideration) -> bool:
        """Return whether a consideration stays. What rules a drug out always does."""
        if one.action.against:
            return True
        return (
            (not self.drugs or bool(self.drugs.intersection(one.drugs)))
            and (not self.genes or bool(self.genes.intersection(one.genes)))
            and (not self.domains or one.domain in self.domains)
        )


def selection_of(options: Options, knowledge: Knowledge) -> Selection | None:
    """Return what the options ask for, ``None`` for everything. Raises ``InputError`` for a name that nothing has."""
    if not (options.drug or options.gene or options.domain):
        return None
    return Selection(
        frozenset(_drug(knowledge, name, at) for at, name in enumerate(options.drug, 1)),
        frozenset(_gene(knowledge, name, at) for at, name in enumerate(options.gene, 1)),
        frozenset(options.domain),
    )


def _drug(knowledge: Knowledge, name: str, at: int) -> str:
    index = knowledge.rulebook.patient_names.drugs
    drug = index.find(name)
    if drug is None:
        near = ", ".join(f"`{one}`" for one in index.nearest(name))
        raise InputError(UNKNOWN_FILTER, f"The {ordinal(at)} `drug` is not known.{f' Nearest: {near}.' if near else ''}")
    return drug


def _gene(knowledge: Knowledge, name: str, at: int) -> str:
    genes = {*knowledge.reference.genes, *(variant.gene for variant in knowledge.reference.variants)}
    genes.update(gene for rule in knowledge.rulebook.rules for gene in rule.genes)
    by_key = {gene.upper(): gene for gene in genes}
    if name.strip().upper() not in by_key:
        raise InputError(UNKNOWN_FILTER, f"The {ordinal(at)} `gene` is not known. {known_names(name, genes)}")
    return by_key[name.strip().upper()]


def select(report: Report, selection: Selection) -> Report:
    """Return the report with what the selection keeps, and with what it left out."""
    considerations = tuple(one for one in report.considerations if selection.keeps(one))
    ids = {one.id for one in considerations}
    ruling = {one.id for one in considerations if one.action.against}
    drugs = tuple(_pruned(drug, ids) for drug in report.drugs if _keeps_drug(selection, drug, ids, ruling))
    kept_genes = selection.genes | {gene for one in considerations for gene in one.genes}

    def of_kept(ones: Sequence[_OfGene]) -> tuple[_OfGene, ...]:
        return tuple(one for one in ones if not selection.genes or one.gene in kept_genes)

    genes = of_kept(report.genes)
    left_genes = [gene for gene in report.genes if selection.genes and gene.gene not in kept_genes]
    wanted = selection.drugs.union(drug.name for drug in drugs)
    text = _left_out(report, considerations, drugs, left_genes)
    looked_at = tuple(one for one in report.looked_at if _asked(selection, one))
    entries = {one.entry for one in looked_at}
    return report.copy_with(
        considerations=considerations,
        drugs=drugs,
        genes=genes,
        variants=of_kept(report.variants),
        rare_variants=of_kept(report.rare_variants),
        rare_variant_genes=of_kept(report.rare_variant_genes),
        looked_at=looked_at,
        looked_at_studies={identity: cited for identity, cited in report.looked_at_studies.items() if identity in entries},
        limitations=(Note(code="filtered", text=text), *_caveats(left_genes), *report.limitations),
        summary=report.summary and _summary(report.summary, ids, wanted=wanted, genes=genes, text=text),
    )


def shortened(report: Report, lists: Mapping[str, Sequence[object]], most: int = 2) -> Report:
    """Return an example of a report: these ``lists`` of it instead of its own, and two items in those of its summary.

    Ids of considerations that are left out go from drugs and summary as well.
    """
    short = report.copy_with(**lists)
    ids = {one.id for one in short.considerations}
    summary = report.summary and report.summary.copy_with(
        genes=report.summary.genes[:most],
        not_seen=report.summary.not_seen[:most],
        settle=report.summary.settle[:most],
        attention=tuple(_pruned(one, ids) for one in report.summary.attention[:most]),
        resistance=tuple(_pruned(one, ids) for one in report.summary.resistance[:most]),
        drugs=DrugGroups(**{name: tuple(_pruned(one, ids) for one in ones[:most]) for name, ones in report.summary.drugs}),
    )
    return short.copy_with(drugs=tuple(_pruned(drug, ids) for drug in short.drugs), summary=summary)


def _asked(selection: Selection, one: LookedAt) -> bool:
    of_drugs = not selection.drugs or bool(selection.drugs.intersection(one.drugs))
    return of_drugs and (not selection.genes or bool(selection.genes.intersection(one.genes)))


def _keeps_drug(selection: Selection, drug: DrugReport, ids: set[str], ruling: set[str]) -> bool:
    if ruling.intersection(drug.considerations):
        return True
    return drug.name in selection.drugs if selection.drugs else bool(ids.intersection(drug.considerations))


def _pruned(resting: _Resting, ids: set[str]) -> _Resting:
    kept = tuple(one for one in resting.considerations if one in ids)
    return resting.copy_with(considerations=kept)


def _summary(summary: Summary, ids: set[str], *, wanted: Collection[str], genes: Sequence[GeneReport], text: str) -> Summary:
    groups = {name: tuple(_pruned(one, ids) for one in ones if name == "ruled_out" or one.name in wanted) for name, ones in summary.drugs}
    names = {gene.gene for gene in genes}
    return summary.copy_with(
        attention=tuple(_pruned(one, ids) for one in summary.attention),
        drugs=DrugGroups(**groups),
        genes=tuple(gene for gene in summary.genes if gene.gene in names),
        resistance=tuple(one for one in summary.resistance if not one.considerations or ids.issuperset(one.considerations)),
        not_seen=(NotSeenReport(code="filtered", text=text), *summary.not_seen),
    )


def _left_out(report: Report, considerations: Sequence[Consideration], drugs: Sequence[DrugReport], genes: Sequence[GeneReport]) -> str:
    kept = {drug.name for drug in drugs}
    names = [drug.name for drug in report.drugs if drug.name not in kept]
    count = len(report.considerations) - len(considerations)
    parts = [phrase("filter.considerations", count=count)]
    parts += [phrase("filter.drugs", count=len(names), names=_some(names))] if names else []
    parts += [phrase("filter.genes", count=len(genes), names=_some([gene.gene for gene in genes]))] if genes else []
    return phrase("filter.left_out", parts=", ".join(parts))


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return phrase("filter.and_more", names=", ".join(names[:_NAMED]), count=more) if more > 0 else ", ".join(names)


def _caveats(genes: Sequence[GeneReport]) -> Iterator[Note]:
    """Yield the caveats of genes that were left out, each with its gene; a text that several genes have once."""
    by_text: dict[tuple[str, str], list[str]] = {}
    for gene in genes:
        for note in (*gene.caveats, *gene.unknown_alleles):
            by_text.setdefault((note.code, note.text), []).append(gene.gene)
    for (code, text), names in by_text.items():
        yield Note(code=code, text=phrase("filter.caveat_of_gene_left_out", genes=", ".join(names), text=text))
