"""Pharmacogenes as Observations: the haplotypes, the genotype of each gene that was called, and its phenotype.

A gene that was not called has no Observation: the regions of the study list it as uncalled.
"""

from collections.abc import Iterator, Sequence

from trdpgx.calling.outside_calls.hla import is_hla
from trdpgx.model.clinical_report import Phenoconversion
from trdpgx.model.gene import Scheme
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.report import Report
from trdpgx.report.fhir.coding import METABOLIZERS, TBD, Json, component, conclusion, gene_concept, loinc
from trdpgx.report.fhir.ids import ResourceIds
from trdpgx.report.fhir.resources import GeneFinding, NamedResource, note, observation
from trdpgx.texts import either, phrase

_NAMED = 20
"""So many possible diplotypes are named."""


def called_genes(report: Report) -> list[GeneReport]:
    """Return the genes that were called: a diplotype, several, or the phenotype alone as another tool states it."""
    return [gene for gene in report.genes if gene.status != "no_call"]


def genotype_name(gene: str) -> str:
    """Return the name of the genotype of a gene among the resources."""
    return f"genotype {gene}"


def haplotypes(report: Report, ids: ResourceIds) -> Iterator[GeneFinding]:
    """Yield the haplotypes that every possible diplotype of a gene has, each once."""
    for gene in called_genes(report):
        for allele in _certain(gene):
            named = observation(
                report,
                ids,
                f"haplotype {gene.gene} {allele}",
                "haplotype",
                "84414-2",
                valueCodeableConcept={"text": f"{gene.gene} {allele}{_reserve(gene)}"},
                components=[component("48018-6", gene_concept(gene.gene))],
            )
            yield GeneFinding(gene.gene, None, named)


def genotypes(report: Report, ids: ResourceIds, below: Sequence[GeneFinding]) -> Iterator[GeneFinding]:
    """Yield one genotype for each called gene; ``below`` are the haplotypes and variants that it is derived from."""
    for gene in called_genes(report):
        derived = [ids.reference(one.named.name) for one in below if one.gene == gene.gene]
        yield GeneFinding(gene.gene, None, _genotype(report, ids, gene, derived))


def phenotypes(report: Report, ids: ResourceIds) -> Iterator[NamedResource]:
    """Yield what the genotype of each gene makes, and beside it what current drugs or smoking make of that, as implications for no drug."""
    for gene in called_genes(report):
        if gene.phenotypes or gene.phenotype or gene.phenotype_range:
            yield _implication(report, ids, f"phenotype {gene.gene}", gene, [*_phenotype_components(gene)])
        if gene.phenoconverted is not None and gene.phenoconverted.status != "not_converted":
            yield _implication(report, ids, f"conversion {gene.gene}", gene, [*_converted(gene, gene.phenoconverted)])


def phenotype_value(gene: GeneReport, scheme: Scheme) -> Json | None:
    """Return the phenotype by a scheme; ``None`` where the scheme states none.

    It has a code only where it was stated of what was seen, and where CPIC, whose terms the codes are (PMID 27441996), states the same.
    """
    by_cpic = gene.phenotypes.get(Scheme.CPIC, gene.phenotype)
    stated = gene.phenotypes.get(scheme, by_cpic if scheme is Scheme.CPIC else None)
    if stated is None:
        return None
    text = f"{gene.gene} {stated.term} ({scheme})"
    if gene.assumed:
        return {"text": phrase("fhir_genotypes.if_sites_assumed_be", text=text)}
    answer = METABOLIZERS.get(stated.code) if by_cpic is not None and by_cpic.code is stated.code else None
    return loinc(answer, text=text) if answer else {"text": text}


def _certain(gene: GeneReport) -> list[str]:
    if is_hla(gene.gene) or not gene.diplotypes:
        return []
    first, *others = gene.diplotypes
    return [allele for allele in dict.fromkeys(first.alleles) if all(allele in other.alleles for other in others)]


def _genotype(report: Report, ids: ResourceIds, gene: GeneReport, derived: Sequence[Json]) -> NamedResource:
    caveats = [one.text for one in (*gene.caveats, *gene.unknown_alleles, *gene.copy_number.structural_possibilities)]
    if_wrong = gene.if_assumption_wrong.text if gene.if_assumption_wrong else None
    return observation(
        report,
        ids,
        genotype_name(gene.gene),
        "genotype",
        "84413-4",
        valueCodeableConcept={"text": f"{gene.gene} {_names(gene)}{_reserve(gene)}"},
        derivedFrom=derived,
        method={"text": phrase("fhir_genotypes.source", source=gene.source)},
        note=[note(text) for text in dict.fromkeys((*caveats, gene.unseen_note, if_wrong)) if text],
        components=[
            component("48018-6", gene_concept(gene.gene)),
            conclusion(
                phrase("fhir_genotypes.sites_not_seen", unseen=gene.sites.total - _used(gene), total=gene.sites.total)
                if gene.sites.total
                else None,
                phrase("fhir_genotypes.copies", evidence=gene.copy_number.evidence)
                if gene.copy_number.status != "not_applicable"
                else None,
            ),
        ],
    )


def _reserve(gene: GeneReport) -> str:
    """Return what the name of an allele must not be read without."""
    if gene.assumed:
        return phrase("fhir_genotypes.assumed")
    return phrase("fhir_genotypes.open") if gene.phenotype_open else ""


def _used(gene: GeneReport) -> int:
    return gene.sites.called + gene.sites.covered_reference


def _names(gene: GeneReport) -> str:
    if not gene.diplotypes:
        return phrase("fhir_genotypes.phenotype_alone")
    names = [diplotype.name for diplotype in gene.diplotypes]
    more = len(names) - _NAMED
    shown = [*names[:_NAMED], *([phrase("fhir_genotypes.and_more", count=more)] if more > 0 else [])]
    if is_hla(gene.gene):
        return "; ".join(shown)
    return shown[0] if len(shown) == 1 else phrase("fhir_genotypes.not_settled", shown=either(shown))


def _phenotype_components(gene: GeneReport) -> Iterator[Json]:
    values = [value for value in (phenotype_value(gene, scheme) for scheme in Scheme) if value is not None]
    open_range = ", ".join(code.term for code in gene.phenotype_range)
    for value in values or [{"text": phrase("fhir_genotypes.not_settled_possible", gene=gene.gene, open_range=open_range)}]:
        yield component("therapeutic-implication", value, system=TBD)
    basis = gene.phenotype.basis if gene.phenotype else None
    yield conclusion(phrase("fhir_genotypes.genotype", basis=basis) if basis else phrase("fhir_genotypes.genotype_alone"), gene.unseen_note)


def _converted(gene: GeneReport, conversion: Phenoconversion) -> Iterator[Json]:
    """Yield the converted phenotype in words alone: a code would pass for the genotype's, and every method is a convention."""
    range_text = ", ".join(code.term for code in conversion.phenotype_range)
    term = (
        conversion.phenotype.term
        if conversion.phenotype
        else phrase(
            "fhir_genotypes.phenotype_not_settled", possible=phrase("fhir_genotypes.possible", range_text=range_text) if range_text else ""
        )
    )
    by = phrase("fhir_genotypes.convention", method=conversion.method) if conversion.method else ""
    yield component(
        "therapeutic-implication",
        {"text": phrase("fhir_genotypes.under_current_drugs_smoking", gene=gene.gene, term=term, by=by)},
        system=TBD,
    )
    for cause in dict.fromkeys(cause.text for cause in conversion.cause):
        yield component("81259-4", {"text": cause})
    yield conclusion(conversion.text)


def _implication(report: Report, ids: ResourceIds, name: str, gene: GeneReport, components: Sequence[Json]) -> NamedResource:
    return observation(
        report,
        ids,
        name,
        "therapeutic-implication",
        "therapeutic-implication",
        derivedFrom=[ids.reference(genotype_name(gene.gene))],
        components=components,
    )
