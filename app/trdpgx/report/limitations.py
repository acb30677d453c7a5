"""The limitations of the report, in plain words. A gap that is not named here would read as a finding."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import SiteState
from trdpgx.model.note import Note
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.variant_report import RareGeneReport, VariantReport
from trdpgx.reasoning.certainty import copies_change_nothing, copies_not_assessed
from trdpgx.reasoning.untested import untested_alleles
from trdpgx.texts import listed, listed_either, phrase

GROUP_FINDINGS = "rare_variants_are_group_findings"
_NONE: Mapping[str, Sequence[tuple[str, str]]] = MappingProxyType({})


def limitations(
    genes: Sequence[GeneReport],
    variants: Sequence[VariantReport],
    rare_variant_genes: Sequence[RareGeneReport],
    options: Options,
    outside_alleles: Mapping[str, Sequence[tuple[str, str]]] = _NONE,
) -> Iterator[Note]:
    """Yield every limitation that holds for these calls, the most far-reaching first.

    ``outside_alleles`` holds, for each drug, the gene and name of every allele that its rules ask for and that no file shows (HLA).
    """
    if options.absent is AbsentOption.REFERENCE:
        count = sum(gene.sites.assumed_reference for gene in genes) + sum(v.state == "assumed_reference" for v in variants)
        yield Note(code="absent_as_reference", text=phrase("limitations.absent_as_reference", count=count))
    uncalled = [gene.gene for gene in genes if gene.status == "no_call"]
    if uncalled:
        yield Note(code="genes_not_called", text=phrase("limitations.genes_not_called", genes=listed(uncalled)))
    ambiguous = [gene.gene for gene in genes if gene.status == "ambiguous"]
    if ambiguous:
        yield Note(code="genes_ambiguous", text=phrase("limitations.genes_ambiguous", genes=listed(ambiguous)))
    copies = copies_not_assessed(genes)
    if copies:
        text = phrase("limitations.copy_number_not_assessed", genes=listed(copies))
        unchanged = copies_change_nothing(genes, copies)
        rest = f" {phrase('limitations.copies_change_nothing', genes=listed(unchanged))}" if unchanged else ""
        yield Note(code="copy_number_not_assessed", text=f"{text}{rest}")
    yield from _outside(genes, outside_alleles)
    unseen = sorted({v.gene for v in variants} - {v.gene for v in variants if v.genotype is not None})
    if unseen:
        yield Note(code="genes_not_covered", text=phrase("limitations.genes_not_covered", genes=listed(unseen)))
    unreadable = sum(v.state == "not_assayable" for v in variants)
    if unreadable:
        yield Note(code="not_assayable", text=phrase("limitations.not_assayable", count=unreadable))
    no_call = sorted({v.gene for v in variants if v.state == SiteState.NO_CALL})
    if no_call:
        yield Note(code="variants_no_call", text=phrase("limitations.variants_no_call", genes=listed(no_call)))
    yield from _rare(rare_variant_genes)
    yield Note(code="untested_variants", text=phrase("limitations.untested_variants"))
    yield Note(code="genes_are_one_factor", text=phrase("limitations.genes_are_one_factor"))


def _outside(genes: Sequence[GeneReport], asked: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[Note]:
    """Return which alleles that rules ask about were not tested, and which drugs are not cleared for that reason."""
    unknown = {drug: untested_alleles(alleles, genes) for drug, alleles in asked.items()}
    missing = sorted({allele for alleles in unknown.values() for allele in alleles})
    if not missing:
        return
    concerned = dict.fromkeys(gene for gene, _ in missing)
    if not any(gene.diplotypes for gene in genes if gene.gene in concerned) and len(concerned) == len(_genes(asked)):
        lead = phrase("limitations.hla_not_tested_at_all", count=len(concerned), genes=listed(list(concerned)))
    else:
        named = [f"{gene}{allele}" for gene, allele in missing]
        lead = phrase("limitations.hla_partly_tested", alleles=listed(named))
    drugs: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for drug, alleles in unknown.items():
        if alleles:
            drugs.setdefault(alleles, []).append(drug)
    tied = [
        phrase("limitations.drugs_with_alleles", drugs=listed(names), alleles=listed([f"{gene}{allele}" for gene, allele in alleles]))
        for alleles, names in drugs.items()
    ]
    open_drugs = listed_either(sorted(drug for names in drugs.values() for drug in names))
    yield Note(code="hla_not_tested", text=phrase("limitations.hla_not_tested", lead=lead, tied="; ".join(tied), open_drugs=open_drugs))


def _genes(asked: Mapping[str, Sequence[tuple[str, str]]]) -> set[str]:
    return {gene for alleles in asked.values() for gene, _ in alleles}


def _rare(genes: Sequence[RareGeneReport]) -> Iterator[Note]:
    """Return what was not seen of the genes whose rare variants are looked for, and what such a variant means for one person."""
    silent = [gene.gene for gene in genes if gene.covered is None]
    if silent:
        yield Note(code="rare_variants_cover_unknown", text=phrase("limitations.rare_variants_cover_unknown", genes=listed(silent)))
    nothing = [gene.gene for gene in genes if gene.covered == 0 < gene.total]
    if nothing:
        yield Note(code="rare_variants_not_covered", text=phrase("limitations.rare_variants_not_covered", genes=listed(nothing)))
    partial = [
        phrase("limitations.covered_bases", gene=gene.gene, covered=gene.covered, total=gene.total)
        for gene in genes
        if gene.covered and gene.covered < gene.total
    ]
    if partial:
        yield Note(code="rare_variants_partly_covered", text=phrase("limitations.rare_variants_partly_covered", genes=listed(partial)))
    protein = [gene.gene for gene in genes if gene.sequence == "protein"]
    if protein:
        yield Note(code="rare_variants_without_sequence", text=phrase("limitations.rare_variants_without_sequence", genes=listed(protein)))
    if genes:
        yield Note(code=GROUP_FINDINGS, text=phrase("limitations.rare_variants_are_group_findings"))
