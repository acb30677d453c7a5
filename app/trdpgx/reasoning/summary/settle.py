"""The open questions of a report, each with the test, the site or the statement that would answer it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from trdpgx.calling.outside_calls.hla import is_hla
from trdpgx.clinical.levels import RangeReading, read_level
from trdpgx.knowledge.rules.schema.therapeutic_ranges import RangeFile
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import Certainty
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import PatientLevel, PatientTrial
from trdpgx.model.rule import Against, Entry, Reason
from trdpgx.model.summary import SettleReport
from trdpgx.model.variant_report import VariantReport
from trdpgx.reasoning.asked_genes import waiting_drugs
from trdpgx.reasoning.certainty import DIFFERING, copies_change, limits_of
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.other_results import ByOtherResult, Extent
from trdpgx.reasoning.summary.considered import some_listed
from trdpgx.reasoning.untested import untested_alleles
from trdpgx.texts import both, either, listed, listed_either, phrase

_LEVEL_ASKED = "tdm"
"""The action of a source that recommends measuring the blood level."""
_ANOTHER_RESULT = frozenset({Certainty.OPEN, Certainty.ASSUMED, Certainty.DISPUTED, Certainty.SOME})
"""Limits of a statement with which a result of its genes is not settled."""


class Unstated(NamedTuple):
    """What the sender did not state of the person."""

    current_drugs: bool
    age: bool


def settle_genes(
    rulebook: RuleLibrary,
    genes: Sequence[GeneReport],
    asked: Mapping[str, Sequence[str]],
    considerations: Sequence[Consideration] = (),
    by_others: Sequence[ByOtherResult] = (),
) -> Iterator[SettleReport]:
    """Yield the open questions on results, each with the test or site that would answer it.

    The drugs of each are in the order of ``_gravest_first``, which reads the ``considerations`` of the report, and what results that
    contradict the reported ones would mean (``by_others``).
    """
    for one in _settle_results(rulebook, genes, asked):
        yield one.copy_with(drugs=_gravest_first(rulebook, one, considerations, by_others)) if one.gene else one
    for entry in ruled_out_by_diagnosis(rulebook):
        question = phrase("summary.is_there_a_diagnosis", genes=listed_either(entry.genes))
        yield SettleReport(question=question, test=phrase("summary.history_and_clinical_test"), drugs=entry.drugs)


def _settle_results(rulebook: RuleLibrary, genes: Sequence[GeneReport], asked: Mapping[str, Sequence[str]]) -> Iterator[SettleReport]:
    for gene in genes:
        drugs = waiting_drugs(asked, (gene.gene,), rulebook.drugs)
        if _results_disagree(gene):
            concerned = _of_alleles(rulebook, gene) if is_hla(gene.gene) else drugs
            question = phrase("summary.which_result", gene=gene.gene) + ("" if concerned else phrase("summary.no_advice_by_it", count=1))
            yield SettleReport(question=question, test=_validated_test(gene), gene=gene.gene, drugs=concerned)
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
    yield from _settle_assumed(rulebook, [gene.gene for gene in genes if gene.assumed], asked)
    uncalled = [gene for gene in genes if gene.status == "no_call" and not gene.is_disputed]
    yield from _settle_uncalled(rulebook, uncalled, asked)
    yield from _settle_outside(rulebook, genes)


def _results_disagree(gene: GeneReport) -> bool:
    """Return whether results of a gene contradict each other, also what one call has of it, and those that only other tools have."""
    differ = gene.status != "no_call" and any(caveat.code in DIFFERING for caveat in gene.caveats)
    return gene.is_disputed or differ or (gene.status == "ambiguous" and not gene.sites.total)


def _validated_test(gene: GeneReport) -> str:
    """Return the test that tells which of several results is right. A gene without sites that define alleles has no star-allele test."""
    if is_hla(gene.gene):
        return phrase("summary.typing_beside_results")
    return phrase("summary.validated_test_star_alleles" if gene.sites.total else "summary.validated_test", gene=gene.gene)


def _of_alleles(rulebook: RuleLibrary, gene: GeneReport) -> tuple[str, ...]:
    """Return the drugs of which rules ask for an allele that results disagree on: one that any result shows is listed as carried."""
    carried = [frozenset(diplotype.alleles) for diplotype in gene.diplotypes]
    found = frozenset[str]().union(*carried)
    agreed = found.intersection(*carried) if gene.status == "ambiguous" else frozenset()
    alleles = {(gene.gene, allele) for allele in found - agreed}
    return tuple(drug for drug, wanted in rulebook.outside_alleles.items() if not alleles.isdisjoint(wanted))


def _gravest_first(
    rulebook: RuleLibrary, one: SettleReport, considerations: Sequence[Consideration], by_others: Sequence[ByOtherResult]
) -> tuple[str, ...]:
    """Return the drugs of a question: first those that a source speaks against here by the gene, then those for another result of it.

    A result that contradicts the reported one counts as the reported one does, and puts what it changes before what it leaves.
    """
    here: dict[str, int] = {}
    for other in considerations:
        if (against := other.action.against) and other.conversion is None and other.source.name != RESEARCH and one.gene in other.genes:
            here.update({drug: min(against.rank, here.get(drug, against.rank)) for drug in other.drugs})
    for difference in (found for other in by_others if other.gene == one.gene for found in other.differences or ()):
        gravest = min(difference.reported, difference.other)
        here[difference.drug] = min(gravest, here.get(difference.drug, gravest))
    elsewhere = frozenset(rulebook.advised_against_by_gene.get(one.gene or "", ()))
    return tuple(sorted(one.drugs, key=lambda drug: (here.get(drug, Extent.NOTHING), drug not in elsewhere)))


def _settle_assumed(rulebook: RuleLibrary, assumed: Sequence[str], asked: Mapping[str, Sequence[str]]) -> Iterator[SettleReport]:
    """Yield a question for each gene whose call rests on assumed sites and that drugs wait for, and one for all others."""
    waiting = {gene: waiting_drugs(asked, (gene,), rulebook.drugs) for gene in assumed}
    test = phrase("summary.file_with_these_sites")
    for gene, drugs in waiting.items():
        if drugs:
            question = phrase("summary.are_sites_as_assumed", count=1, genes=gene)
            yield SettleReport(question=question, test=test, gene=gene, drugs=drugs)
    others = [gene for gene, drugs in waiting.items() if not drugs]
    if others:
        question = phrase("summary.are_sites_as_assumed", count=len(others), genes=some_listed(others))
        yield SettleReport(question=question + phrase("summary.no_advice_by_it", count=len(others)), test=test)


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
    """Yield the question of the variants that were studied with resistance itself, and that were not seen or were assumed."""
    unseen = dict.fromkeys(one.id for one in variants if one.genotype is None or one.state == "assumed_reference")
    if unseen:
        sites = listed(list(unseen))
        yield SettleReport(question=phrase("summary.resistance_variants"), test=phrase("summary.genotype_at", settled_by=sites))


def settle_readings(considerations: Sequence[Consideration], genes: Sequence[GeneReport]) -> Iterator[SettleReport]:
    """Yield a question for each statement of a source that can be read in two ways, which no test of the genome answers.

    The statement may hold for one result of several that are possible: a test of the gene may show that the question does not arise.
    """
    reports = {gene.gene: gene for gene in genes}
    alike: dict[tuple[str, tuple[str, ...]], list[Consideration]] = {}
    for one in considerations:
        if one.action.against is Against.MAY_BE_RULED_OUT and one.conversion is None:
            alike.setdefault((one.source.name, one.drugs), []).append(one)
    for (source, drugs), ones in alike.items():
        test = phrase("summary.no_test_of_the_genome")
        if any(limit.certainty in _ANOTHER_RESULT for limit in limits_of(ones, reports)):
            facts = either(dict.fromkeys(fact for one in ones for fact in one.basis.facts))
            concerned = listed(list(dict.fromkeys(gene for one in ones for gene in one.genes)))
            test += f" {phrase('summary.readings_of_one_result', facts=facts, genes=concerned)}"
        yield SettleReport(question=phrase("summary.is_it_ruled_out", source=source, drugs=listed(drugs)), test=test, drugs=drugs)


def settle_context(
    rulebook: RuleLibrary,
    considerations: Sequence[Consideration],
    unstated: Unstated,
    current_drugs: Sequence[str],
    trials: Sequence[PatientTrial],
) -> Iterator[SettleReport]:
    """Yield a question for each thing that the sender can state: drugs that are taken, an age and levels that sources ask for."""
    by_age = [one for one in considerations if unstated.age and one.rule_id in rulebook.dosed_by_age]
    at_age = dict.fromkeys(drug for one in by_age for drug in one.drugs)
    asked = {drug for one in considerations if _LEVEL_ASKED in one.action.codes for drug in one.drugs}
    stated = {drug: _levels_stated(drug, trials) for drug in current_drugs if drug in asked}
    levels = [drug for drug, of_drug in stated.items() if not of_drug]
    test = phrase("summary.context_sent_along")
    if unstated.current_drugs:
        yield SettleReport(question=phrase("summary.which_drugs_are_taken"), test=test)
    if at_age:
        yield SettleReport(question=phrase("summary.how_old"), test=test, drugs=tuple(at_age))
    if levels:
        yield SettleReport(question=phrase("summary.which_levels", drugs=listed(levels)), test=test, drugs=tuple(levels))
    for drug, of_drug in stated.items():
        if reasons := _why_not_judged(drug, of_drug, rulebook.clinical.of(RangeFile)):
            yield SettleReport(question=phrase("summary.which_level_again", drug=drug, why=both(reasons)), test=test, drugs=(drug,))


def _levels_stated(drug: str, trials: Sequence[PatientTrial]) -> list[PatientLevel]:
    return [trial.plasma_level for trial in trials if trial.drug == drug and trial.plasma_level is not None]


def _why_not_judged(drug: str, levels: Sequence[PatientLevel], ranges: RangeFile) -> list[str]:
    """Return why no level of a drug could be judged by any range; nothing where one was, or where no level of the drug can be."""
    readings = [reading for level in levels for reading in read_level(drug, level, ranges)]
    if any(one.reading is not None for one in readings):
        return []
    return list(dict.fromkeys(one.why for one in readings if one.why and _can_be_judged(drug, one, levels[0], ranges)))


def _can_be_judged(drug: str, reading: RangeReading, level: PatientLevel, ranges: RangeFile) -> bool:
    """Return whether a level in the unit of a range, at trough and steady state, has a verdict by that range."""
    right = replace(level, unit=reading.row.unit, trough=True, steady_state=True)
    return any(one.row is reading.row and one.reading is not None for one in read_level(drug, right, ranges))


def ruled_out_by_diagnosis(rulebook: RuleLibrary) -> Iterator[Entry]:
    """Yield the entries on drugs that a label rules out by a diagnosis, which nothing that is read from a file shows."""
    return (entry for entry in rulebook.entries if entry.reason is Reason.BY_DIAGNOSIS and entry.drugs)


def _copies_uncounted(gene: GeneReport, asked: Mapping[str, Sequence[str]]) -> bool:
    """Return whether copies were not counted that matter: where they change what was called, or a rule needs the gene's result."""
    if not gene.copy_number.is_uncounted or (gene.status != "no_call" and not gene.diplotypes):
        return False
    return bool(gene.copy_number.structural_possibilities) or any(gene.gene in genes for genes in asked.values())
