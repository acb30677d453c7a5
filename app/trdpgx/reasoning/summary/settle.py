"""The open questions of a report, each with the test, the site or the statement that would answer it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from trdpgx.model.clinical_report import ExposureReport, TreatmentHistory
from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.rule import Against, Entry, Reason
from trdpgx.model.summary import SettleReport
from trdpgx.model.variant_report import VariantReport
from trdpgx.reasoning.asked_genes import waiting_drugs
from trdpgx.reasoning.certainty import copies_change
from trdpgx.reasoning.summary.considered import some_listed
from trdpgx.reasoning.untested import untested_alleles
from trdpgx.texts import listed, listed_either, phrase

_LEVEL_ASKED = "tdm"
"""The action of a source that recommends measuring the blood level."""


class Unstated(NamedTuple):
    """What the sender did not state of the person."""

    current_drugs: bool
    age: bool


def settle_genes(rulebook: RuleLibrary, genes: Sequence[GeneReport], asked: Mapping[str, Sequence[str]]) -> Iterator[SettleReport]:
    """Yield the open questions on results, each with the test or site that would answer it."""
    for gene in genes:
        drugs = waiting_drugs(asked, (gene.gene,), rulebook.drugs)
        if gene.is_disputed:
            yield SettleReport(
                question=phrase("summary.which_result", gene=gene.gene),
                test=phrase("summary.validated_test_star_alleles"),
                gene=gene.gene,
                drugs=drugs,
            )
        if gene.phenotype_open and gene.settled_by:
            yield SettleReport(
                question=phrase("summary.which_phenotype", gene=gene.gene),
                test=phrase("summary.genotype_at", settled_by=some_listed(gene.settled_by)),
                gene=gene.gene,
                drugs=drugs,
            )
        if gene.status == "ambiguous" and not gene.phenotype and not gene.phenotype_open and len(gene.phenotype_range) > 1:
            yield SettleReport(
                question=phrase("summary.which_diplotype", gene=gene.gene),
                test=phrase("summary.phased_genotypes_long_reads"),
                gene=gene.gene,
                drugs=drugs,
            )
        if gene.status != "no_call" and _copies_uncounted(gene, asked) and copies_change(gene):
            yield SettleReport(
                question=phrase("summary.how_many_copies", gene=gene.gene),
                test=phrase("summary.method_that_counts_copies"),
                gene=gene.gene,
                drugs=drugs,
            )
    uncalled = [gene for gene in genes if gene.status == "no_call" and not gene.is_disputed]
    yield from _settle_uncalled(rulebook, uncalled, asked)
    yield from _settle_outside(rulebook, genes)
    for entry in ruled_out_by_diagnosis(rulebook):
        question = phrase("summary.is_there_a_diagnosis", genes=listed_either(entry.genes))
        yield SettleReport(question=question, test=phrase("summary.history_and_clinical_test"), drugs=entry.drugs)


def _settle_uncalled(rulebook: RuleLibrary, uncalled: Sequence[GeneReport], asked: Mapping[str, Sequence[str]]) -> Iterator[SettleReport]:
    """Yield a question for each gene that was not called and that drugs wait for, and one for all others."""
    waiting = {gene.gene: waiting_drugs(asked, (gene.gene,), rulebook.drugs) for gene in uncalled}
    for gene in uncalled:
        if waiting[gene.gene]:
            test = phrase("summary.sites_or_star_allele_test")
            copies = f" {phrase('summary.copies_besides')}" if _copies_uncounted(gene, asked) else ""
            question = phrase("summary.which_diplotypes", count=1, genes=gene.gene)
            yield SettleReport(question=question, test=f"{test}{copies}", gene=gene.gene, drugs=waiting[gene.gene])
    others = [gene for gene, drugs in waiting.items() if not drugs]
    if others:
        question = phrase("summary.which_diplotypes", count=len(others), genes=some_listed(others))
        question += phrase("summary.no_advice_by_it", count=len(others))
        yield SettleReport(question=question, test=phrase("summary.sites_or_star_allele_test"))


def _settle_outside(rulebook: RuleLibrary, genes: Sequence[GeneReport]) -> Iterator[SettleReport]:
    missing: dict[tuple[str, str], list[str]] = {}
    for drug, asked in rulebook.outside_alleles.items():
        for untested in untested_alleles(asked, genes):
            missing.setdefault(untested, []).append(drug)
    for (gene, allele), drugs in missing.items():
        yield SettleReport(
            question=phrase("summary.is_allele_carried", gene=gene, allele=allele),
            test=phrase("summary.hla_typing_or_test", gene=gene, allele=allele),
            gene=gene,
            drugs=tuple(drugs),
        )


def settle_resistance(variants: Sequence[VariantReport]) -> Iterator[SettleReport]:
    """Yield the question of the variants that were studied with resistance itself, and that were not seen."""
    unseen = dict.fromkeys(variant.id for variant in variants if variant.genotype is None)
    if unseen:
        sites = listed(list(unseen))
        yield SettleReport(question=phrase("summary.resistance_variants"), test=phrase("summary.genotype_at", settled_by=sites))


def settle_readings(considerations: Sequence[Consideration]) -> Iterator[SettleReport]:
    """Yield a question for each statement of a source that can be read in two ways, which no test of the genome answers."""
    for one in considerations:
        if one.action.against is Against.MAY_BE_RULED_OUT and one.conversion is None:
            question = phrase("summary.is_it_ruled_out", source=one.source.name, drugs=listed(one.drugs))
            yield SettleReport(question=question, test=phrase("summary.no_test_of_the_genome"), drugs=one.drugs)


def settle_context(
    rulebook: RuleLibrary,
    considerations: Sequence[Consideration],
    unstated: Unstated,
    history: TreatmentHistory | None,
    exposure: Sequence[ExposureReport],
) -> Iterator[SettleReport]:
    """Yield a question for each thing that the sender can state: drugs that are taken, an age and levels that sources ask for."""
    by_age = [one for one in considerations if unstated.age and one.rule_id in rulebook.dosed_by_age]
    at_age = dict.fromkeys(drug for one in by_age for drug in one.drugs)
    taken = history.current_drugs if history else ()
    known = {one.drug for one in exposure if one.kind == "measured"}
    asked = {drug for one in considerations if _LEVEL_ASKED in one.action.codes for drug in one.drugs}
    levels = [drug for drug in taken if drug in asked and drug not in known]
    test = phrase("summary.context_sent_along")
    if unstated.current_drugs:
        yield SettleReport(question=phrase("summary.which_drugs_are_taken"), test=test)
    if at_age:
        yield SettleReport(question=phrase("summary.how_old"), test=test, drugs=tuple(at_age))
    if levels:
        yield SettleReport(question=phrase("summary.which_levels", drugs=listed(levels)), test=test, drugs=tuple(levels))


def ruled_out_by_diagnosis(rulebook: RuleLibrary) -> Iterator[Entry]:
    """Yield the entries on drugs that a label rules out by a diagnosis, which nothing that is read from a file shows."""
    return (entry for entry in rulebook.entries if entry.reason is Reason.BY_DIAGNOSIS and entry.drugs)


def _copies_uncounted(gene: GeneReport, asked: Mapping[str, Sequence[str]]) -> bool:
    """Return whether copies were not counted that matter: where they change what was called, or a rule needs the gene's result."""
    if not gene.copy_number.is_uncounted or (gene.status != "no_call" and not gene.diplotypes):
        return False
    return bool(gene.copy_number.structural_possibilities) or any(gene.gene in genes for genes in asked.values())
