"""What stands out in a report, in at most six sentences, the most important first."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from trdpgx.calling.star_alleles.diplotypes import phenotype_words
from trdpgx.model.clinical_report import TreatmentHistory, TrialReport
from trdpgx.model.composed import PartKind
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.input import InputWarning
from trdpgx.model.summary import AttentionReport, DrugGroups, NotSeenReport, SummaryDrug
from trdpgx.reasoning.certainty import DIFFERING, copies_change, open_text
from trdpgx.reasoning.other_results import ByOtherResult
from trdpgx.reasoning.summary.considered import (
    ConsideredDrugs,
    beside,
    considered_sentences,
    some_listed,
)
from trdpgx.reasoning.summary.other_result_words import is_contradicting, sentence
from trdpgx.texts import in_words, listed, phrase

MOST = 6
"""Sentences in the summary."""
_UNKNOWN = frozenset({Phenotype.INDETERMINATE, Phenotype.NO_RESULT})
_LOUD = frozenset({"nothing_over_panel", "no_genome"})
"""Warnings of the input that come before everything else."""


def attention(
    warnings: Sequence[InputWarning],
    genes: Sequence[GeneReport],
    drugs: Sequence[DrugReport],
    groups: DrugGroups,
    considered: ConsideredDrugs,
    *,
    not_seen: Sequence[NotSeenReport],
    by_others: Sequence[ByOtherResult] = (),
    history: TreatmentHistory | None,
    current: Sequence[AttentionReport] = (),
    ruling: Sequence[AttentionReport] = (),
    concerned: Collection[str] = (),
    figured: Sequence[str] = (),
) -> tuple[AttentionReport, ...]:
    """Return what stands out: what makes the report doubtful, what is taken (``current``), drugs, what is open, what was not seen.

    ``by_others`` has what results that contradict the reported ones would mean,
    ``considered`` the drugs for which a change is considered, ``ruling`` what sources rule out or advise against;
    ``concerned`` are the genes that guidance on a drug is about, ``figured`` drugs of which sources state different figures.
    """
    sentences = _sentences(
        warnings,
        genes,
        groups,
        considered,
        by_others=by_others,
        history=history,
        current=current,
        ruling=ruling,
        differing=tuple(drug.name for drug in drugs if drug.disagreement),
        concerned=concerned,
        figured=figured,
    )
    found = list(sentences)
    if len(found) > MOST:
        # what exceeds six stands with the last one: only what was not seen, which has a list of its own, may be left out
        found = [*found[: MOST - 1], *_joined(found[MOST - 1 :])]
    return (*found, *(AttentionReport(text=one.text) for one in not_seen[: MOST - len(found)]))


def _sentences(
    warnings: Sequence[InputWarning],
    genes: Sequence[GeneReport],
    drugs: DrugGroups,
    considered: ConsideredDrugs,
    *,
    by_others: Sequence[ByOtherResult],
    history: TreatmentHistory | None,
    current: Sequence[AttentionReport],
    ruling: Sequence[AttentionReport],
    differing: Sequence[str],
    concerned: Collection[str],
    figured: Sequence[str],
) -> Iterator[AttentionReport]:
    """Yield the sentences; what sources rule out, and on what they differ, is at most the sixth: no input has both loud warnings."""
    for warning in warnings:
        if warning.code in _LOUD:
            yield AttentionReport(text=warning.text)
    disputed = [gene for gene in genes if gene.is_disputed or any(is_contradicting(one) for one in by_others if one.gene == gene.gene)]
    if disputed:
        names = some_listed([gene.gene for gene in disputed])
        text = phrase("attention.results_contradict_each_other", count=len(disputed), disputed=names)
        yield AttentionReport.of_lines([text, *(line for gene in disputed for line in _of_dispute(gene, by_others))])
    yield from current
    changing = (*drugs.ruled_out, *drugs.change_considered)
    apart = [drug for drug in changing if any(part.kind is PartKind.DIFFER for part in drug.parts)] + [*drugs.sources_differ]
    opposed = {drug.name for drug in apart}
    in_degree = [name for name in differing if name not in opposed]
    in_figures = [name for name in figured if name not in differing]
    yield from _joined([*_phenotypes(genes, disputed, concerned), *ruling, *_differing(apart, in_degree, in_figures)])
    if history is not None:
        yield from _joined(list(_of_trials(history)))
    converted = [gene for gene in genes if gene.phenoconverted is not None and gene.phenoconverted.status == "converted"]
    yield from _joined([AttentionReport(text=gene.phenoconverted.text) for gene in converted if gene.phenoconverted is not None])
    yield from _joined(list(considered_sentences(considered)))
    opened = [gene for gene in genes if gene.phenotype_open]
    if opened:
        text = f"{'; '.join(open_text(gene) for gene in opened)}."
        yield from _joined([AttentionReport(text=f"{text}{_depending(considered.waiting, len(opened))}"), *beside(considered.waiting)])
    assumed = [gene.gene for gene in genes if gene.assumed]
    if assumed:
        text = phrase("attention.sites_assumed", count=len(assumed), assumed=some_listed(assumed))
        yield from _joined([AttentionReport(text=f"{text}{_depending(considered.assumed, len(assumed))}"), *beside(considered.assumed)])


def _of_dispute(gene: GeneReport, by_others: Sequence[ByOtherResult]) -> Iterator[str]:
    """Yield what the results of a gene are that contradict each other, and what those that are not reported would mean."""
    for note in gene.caveats:
        if "conflict" in note.code or note.code in DIFFERING:
            yield phrase("attention.of_gene", gene=gene.gene, text=note.text)
    for one in by_others:
        if one.gene == gene.gene:
            yield phrase("attention.of_gene", gene=gene.gene, text=sentence(one, every=False))


def _depending(drugs: Sequence[SummaryDrug], genes: int) -> str:
    """Return the sentence on the drugs that depend on so many genes, after a space; empty without drugs."""
    return phrase("attention.drugs_depend", count=genes, waiting=some_listed([drug.name for drug in drugs])) if drugs else ""


def _of_trials(history: TreatmentHistory) -> Iterator[AttentionReport]:
    """Yield which trials have a reason other than resistance, and which no list that decides counts as adequate."""
    doubted = dict.fromkeys(reason.trial for reason in history.pseudo_resistance)
    if doubted:
        drugs = {trial.id: trial.drug for trial in history.trials}
        reasons = {trial: [in_words(one.reason) for one in history.pseudo_resistance if one.trial == trial] for trial in doubted}
        named = {trial: ", ".join(dict.fromkeys(words)) for trial, words in reasons.items()}
        trials = [phrase("attention.may_not_show_resistance", drug=drugs[trial], trial=trial, reasons=named[trial]) for trial in doubted]
        yield AttentionReport(text=" ".join((*trials, phrase("attention.see_history"))))
    inadequate = [trial for trial in history.trials if {one.adequate for one in trial.adequacy} == {False}]
    if inadequate:
        names = listed([_not_adequate(trial) for trial in inadequate])
        yield AttentionReport(text=phrase("attention.not_adequate", count=len(inadequate), named=names, trials=len(history.trials)))


def _not_adequate(trial: TrialReport) -> str:
    """Return a trial that no list counts as adequate, with the drug and what it lacks by any of them."""
    lacking = dict.fromkeys(phrase(f"lacking.{name}") for of in trial.adequacy for name in of.not_met)
    reasons = phrase("attention.lacking", reasons=", ".join(lacking)) if lacking else ""
    return phrase("attention.trial_of_drug", trial=trial.id, drug=trial.drug, reasons=reasons)


def _phenotypes(genes: Sequence[GeneReport], disputed: Collection[GeneReport], concerned: Collection[str]) -> Iterator[AttentionReport]:
    """Yield the phenotypes of genes of guidance where nothing disputes or assumes them: what is not settled first, a normal one last."""
    by_term: dict[str, list[str]] = {}
    presuming: list[str] = []
    outside: list[str] = []
    several: list[str] = []
    apart: list[str] = []  # genes of which the schemes read the result differently
    for gene in genes:
        settled = gene.gene in concerned and not (gene in disputed or gene.assumed or gene.phenotype_open)
        if settled and gene.phenotype and gene.phenotype.code not in _UNKNOWN:
            read = {scheme: one.code for scheme, one in gene.phenotypes.items()}
            if len(set(read.values())) > 1:
                apart.append(phrase("attention.gene_read_differently", gene=gene.gene, terms=phenotype_words(read)))
            else:
                by_term.setdefault(gene.phenotype.term, []).append(gene.gene)
            if gene.source != "vcf":
                outside.append(gene.gene)
            if gene.copy_number.is_uncounted and copies_change(gene):
                presuming.append(gene.gene)
        elif settled and not gene.phenotype and len(gene.phenotype_range) > 1:
            terms = phrase("summary.one_of_phenotypes", phenotype_range=some_listed([one.term for one in gene.phenotype_range]))
            several.append(phrase("attention.gene_of_several", gene=gene.gene, several=terms))
    if several:
        yield AttentionReport(text=phrase("attention.not_settled", genes=listed(several)))
    if by_term or apart:
        alike = (phrase("attention.phenotype_of", term=term, genes=listed(names)) for term, names in _normal_last(by_term))
        named = "; ".join((*apart, *alike))
        presumed = phrase("attention.presumed_copies", genes=listed(presuming)) if presuming else ""
        called = len([gene for gene in genes if gene.status != "no_call"])
        key = "attention.phenotypes" if called == len(genes) else "attention.phenotypes_of_some"
        tools = phrase("attention.by_outside_tools", genes=listed(outside)) if outside else ""
        yield AttentionReport(text=f"{phrase(key, phenotypes=named, count=called, total=len(genes))}{tools}{presumed}")


def _normal_last(by_term: Mapping[str, Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    return sorted(by_term.items(), key=lambda one: one[0] == Phenotype.NM.term)


def _differing(opposed: Sequence[SummaryDrug], in_degree: Sequence[str], in_figures: Sequence[str]) -> Iterator[AttentionReport]:
    """Yield the drugs on which sources point apart, then those where they do in degree, and in figures alone; none of them is "more"."""
    considerations = tuple(dict.fromkeys(identity for drug in opposed for identity in drug.considerations))
    by_key = {"differ_on": [drug.name for drug in opposed], "differ_in_degree": in_degree, "differ_in_figures": in_figures}
    if parts := [phrase(f"attention.{key}", names=listed(names)) for key, names in by_key.items() if names]:
        yield AttentionReport(text=phrase("attention.sources_differ", parts="; ".join(parts)), considerations=considerations)


def _joined(sentences: Sequence[AttentionReport]) -> Iterator[AttentionReport]:
    if sentences:
        considerations = tuple(dict.fromkeys(identity for one in sentences for identity in one.considerations))
        yield AttentionReport.of_lines((line for one in sentences for line in one.lines), considerations)
