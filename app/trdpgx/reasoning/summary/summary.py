"""The summary of one report, made from its other parts; it adds nothing to them."""

from collections.abc import Iterator, Mapping, Sequence

from trdpgx.calling.star_alleles.diplotypes import phenotype_words
from trdpgx.model.activity import ActivityRange
from trdpgx.model.clinical_report import GRAVE, ExposureReport, InteractionReport, TreatmentHistory
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.input import InputWarning
from trdpgx.model.library import RuleLibrary
from trdpgx.model.outside import UNNAMED_TOOL
from trdpgx.model.patient import PatientTrial
from trdpgx.model.report import LookedAt
from trdpgx.model.summary import AttentionReport, NotSeenReport, Summary, SummaryGene
from trdpgx.model.variant_report import RareVariantReport, VariantReport
from trdpgx.reasoning.by_copies import ByCopies, one_copy_more_or_less
from trdpgx.reasoning.certainty import copies_change, copies_change_nothing, copies_not_assessed, nothing_seen, open_text
from trdpgx.reasoning.figures_apart import figures_apart
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.nothing_follows import RESISTANCE
from trdpgx.reasoning.other_results import ByOtherResult
from trdpgx.reasoning.statements import drugs_by_sources
from trdpgx.reasoning.summary.attention import attention
from trdpgx.reasoning.summary.considered import considered_drugs, some_listed
from trdpgx.reasoning.summary.current import beside_current, beside_text, of_current_drugs
from trdpgx.reasoning.summary.drug_groups import group_drugs, unsettled_drugs
from trdpgx.reasoning.summary.not_cleared import NOTHING_MISSING, NotCleared
from trdpgx.reasoning.summary.ruling import ruling
from trdpgx.reasoning.summary.settle import (
    Unstated,
    ruled_out_by_diagnosis,
    settle_context,
    settle_genes,
    settle_readings,
    settle_resistance,
)
from trdpgx.reasoning.summary.stated_behind import copies_words, stated_behind
from trdpgx.reasoning.untested import untested_alleles
from trdpgx.texts import at_beginning, listed, listed_either, phrase, section

_STRENGTHS = section("strengths")
_COMPARED = section("compared_with_file")
"""How the genotypes of the file compare with the result of another tool, by the caveat that states it."""


def summarise(
    rulebook: RuleLibrary,
    genes: Sequence[GeneReport],
    rare_variants: Sequence[RareVariantReport],
    considerations: Sequence[Consideration],
    drugs: Sequence[DrugReport],
    *,
    asked: Mapping[str, Sequence[str]],
    silent: Sequence[LookedAt],
    by_copies: Sequence[ByCopies] = (),
    by_others: Sequence[ByOtherResult] = (),
    of_resistance: Sequence[VariantReport] = (),
    warnings: Sequence[InputWarning] = (),
    history: TreatmentHistory | None = None,
    exposure: Sequence[ExposureReport] = (),
    interactions: Sequence[InteractionReport] = (),
    trials: Sequence[PatientTrial] = (),
    context_given: bool = False,
    age_given: bool = False,
    qtc_ms: float | None = None,
    missing: NotCleared = NOTHING_MISSING,
) -> Summary:
    """Return the summary.

    ``asked`` has by drug the genes whose result its rules need (``genes_by_drug``): these drugs wait for what is open of them.
    ``by_copies`` and ``by_others`` have what other numbers of copies, and results that contradict the reported ones, would mean.
    ``silent`` has the drugs and therapies of which nothing follows for this person, ``of_resistance`` the variants that studies tie to
    resistance itself;
    ``context_given`` states whether current drugs were named, even if none is taken, and ``age_given`` whether an age was;
    ``qtc_ms`` is the QTc that was stated, ``trials`` are the trials as they were; ``missing`` has why drugs are not cleared.
    """
    by_id = {one.id: one for one in considerations}
    grave = beside_current(history, interactions)
    beside = {drug: beside_text(drug, one, history, interactions) for drug, one in grave.items()} if history else {}
    behind = stated_behind(rulebook, genes, by_copies, by_others, history)
    groups = group_drugs(rulebook, silent, drugs, by_id, beside=beside, behind=behind)
    not_seen = tuple(_not_seen(rulebook, genes, of_resistance, by_copies, context_given=context_given))
    unstated = Unstated(current_drugs=not context_given, age=not age_given)
    by_gene = {gene.gene: gene for gene in genes}
    unsettled = unsettled_drugs(groups, considerations, converted=False)
    converted = unsettled_drugs(groups, considerations, converted=True)
    return Summary(
        attention=attention(
            warnings,
            genes,
            drugs,
            groups,
            considered_drugs(
                rulebook,
                groups,
                by_id,
                by_gene,
                named={drug.name for drug in (*unsettled, *converted)},
                contraindicated=[drug for drug, one in grave.items() if one.severity == GRAVE[0]],
            ),
            not_seen=not_seen,
            by_others=by_others,
            history=history,
            current=tuple(
                of_current_drugs(history, exposure, interactions, groups, considerations, drugs=drugs, missing=missing, qtc_ms=qtc_ms)
            ),
            ruling=tuple(ruling(groups, by_id, by_gene, unsettled, converted)),
            figured=tuple(
                drug.name for drug in drugs if any(figures_apart(drug.name, [by_id[identity] for identity in drug.considerations]))
            ),
            concerned={gene for one in considerations if one.source.name != RESEARCH for gene in one.genes},
        ),
        drugs=groups,
        genes=tuple(_gene(rulebook, gene, asked) for gene in genes),
        resistance=tuple(_resistance(considerations, rare_variants)),
        not_seen=not_seen,
        settle=(
            *settle_genes(rulebook, genes, asked, considerations, by_others),
            *settle_resistance(of_resistance),
            *settle_readings(considerations, genes),
            *settle_context(rulebook, considerations, unstated, history.current_drugs if history else (), trials),
        ),
    )


def _gene(rulebook: RuleLibrary, gene: GeneReport, asked: Mapping[str, Sequence[str]]) -> SummaryGene:
    """Return a gene in words: the call, what it means, how sure that is; and that no drug waits for it, where none does (``asked``)."""
    phenotype = gene.phenotype.code if gene.phenotype else None
    copies = gene.copy_number.status
    if gene.status == "no_call":
        return SummaryGene(
            gene=gene.gene,
            text=phrase("summary.not_called", no_call_reason=gene.no_call_reason),
            certainty="not_called",
            copy_number=copies,
        )
    names = some_listed([diplotype.name for diplotype in gene.diplotypes]) if gene.diplotypes else phrase("summary.phenotype_alone")
    if gene.phenotype_open:
        return SummaryGene(gene=gene.gene, text=f"{names}. {open_text(gene)}.", certainty="open", copy_number=copies)
    if gene.phenotype:
        meaning = phenotype_words({scheme: one.code for scheme, one in gene.phenotypes.items()}) or gene.phenotype.term
    elif gene.phenotype_range:
        meaning = phrase("summary.one_of_phenotypes", phenotype_range=some_listed([one.term for one in gene.phenotype_range]))
    else:
        meaning = phrase("summary.no_phenotype_defined")
    certainty = "assumed" if gene.assumed else "stated"
    rests = phrase("summary.rests_on_sites_assumed") if gene.assumed else ""
    presumes = {"not_assessed": phrase("summary.copy_number_not_assessed"), "suspected": phrase("summary.copy_number_doubt")}.get(
        copies, ""
    )
    if presumes:
        presumes += _by_copies(gene, rulebook.activity.get(gene.gene, {}))
    unused = "" if any(gene.gene in names for names in asked.values()) else phrase("summary.no_advice_by_it", count=1)
    disputed = phrase("summary.disputed_results_contradict_each") if gene.is_disputed else ""
    return SummaryGene.model_validate(
        {
            "gene": gene.gene,
            "text": f"{names}: {meaning}{rests}{presumes}{disputed}.{_of_tool(gene)}{unused}",
            "phenotype": phenotype,
            "certainty": certainty,
            "copy_number": copies,
        }
    )


def _of_tool(gene: GeneReport) -> str:
    """Return that a result is that of another tool, and whether what the file shows agrees with it; empty where it is the file's own."""
    if gene.source == "vcf":
        return ""
    raised = {caveat.code for caveat in gene.caveats}
    seen = gene.sites.called + gene.sites.covered_reference
    compared = next((text for code, text in _COMPARED.items() if code in raised), "" if seen else phrase("summary.nothing_to_compare"))
    tool = gene.source.removeprefix("outside:")
    if tool == UNNAMED_TOOL:
        return phrase("summary.of_unnamed_tool", compared=compared)
    return phrase("summary.of_tool", tool=tool, compared=compared)


def _by_copies(gene: GeneReport, scores: Mapping[Phenotype, ActivityRange]) -> str:
    """Return what another number of copies could make of a stated phenotype: by its ``scores`` where the gene has them.

    It is what the range of scores of one unseen deletion or one unseen extra copy holds, which a figure draws; hybrids are not in it.
    """
    if not copies_change(gene):
        return phrase("summary.copies_change_nothing")
    if gene.phenotype is None or gene.copy_number.activity_score_range is None or not gene.diplotypes:
        return phrase("summary.copies_could_change")
    parts = [
        phrase("summary.one_copy_more" if more else "summary.one_copy_less", term=code.term)
        for more, score in one_copy_more_or_less(gene)
        if (code := _phenotype_at(scores, score)) is not None and code is not gene.phenotype.code
    ]
    if all(len(set(one.alleles)) == 2 for one in gene.diplotypes):
        parts.append(phrase("summary.no_copy_less"))
    return phrase("summary.by_copies", parts="; ".join(parts or [phrase("summary.one_copy_leaves_it")]))


def _against(by_copies: Sequence[ByCopies]) -> str:
    """Return the drugs that a source would speak against with another number of copies, or nothing where there is none."""
    parts = [phrase("summary.drugs_with_copies", copies=copies_words(one), drugs=drugs_by_sources(one.named)) for one in by_copies]
    return phrase("summary.against_by_copies", parts=" ".join(map(at_beginning, parts))) if parts else ""


def _phenotype_at(scores: Mapping[Phenotype, ActivityRange], score: float) -> Phenotype | None:
    return next((code for code, covered in scores.items() if covered.has(score)), None)


def _resistance(considerations: Sequence[Consideration], rare_variants: Sequence[RareVariantReport]) -> Iterator[AttentionReport]:
    """Yield findings on resistance itself, and rare variants that count, each with its evidence."""
    for one in considerations:
        if one.source.name == RESEARCH and RESISTANCE.intersection(one.implication.codes):
            yield AttentionReport(
                text=phrase("summary.evidence", trigger=one.trigger, text=one.text, strength=_STRENGTHS[one.evidence.strength]),
                considerations=(one.id,),
            )
    for variant in rare_variants:
        if variant.qualifies:
            named = variant.hgvs_p or variant.hgvs_c or variant.location
            yield AttentionReport(text=phrase("summary.rare_variant_counts_studys", gene=variant.gene, named=named))


def _not_seen(
    rulebook: RuleLibrary,
    genes: Sequence[GeneReport],
    of_resistance: Sequence[VariantReport],
    by_copies: Sequence[ByCopies],
    *,
    context_given: bool,
) -> Iterator[NotSeenReport]:
    uncalled = [gene for gene in genes if gene.status == "no_call"]
    if uncalled:
        key = "summary.nothing_seen_of" if all(map(nothing_seen, uncalled)) else "summary.nothing_known_about_no"
        text = phrase(key, uncalled=listed([gene.gene for gene in uncalled]))
        against = {gene.gene: named for gene in uncalled if (named := rulebook.advised_against_by_gene.get(gene.gene))}
        drugs = tuple(dict.fromkeys(drug for names in against.values() for drug in names))
        if drugs:
            stated = drugs_by_sources((drug, source) for named in against.values() for drug, ones in named.items() for source in ones)
            text += phrase("summary.nothing_clears", drugs=stated, genes=listed(list(against)))
        yield NotSeenReport(code="genes_not_called", text=text, drugs=drugs)
    if of_resistance and all(variant.genotype is None for variant in of_resistance):
        text = phrase("summary.resistance_not_examined", count=len(of_resistance))
        yield NotSeenReport(code="resistance_not_examined", text=text)
    elif unseen := [variant.id for variant in of_resistance if variant.genotype is None]:
        text = phrase("summary.resistance_in_part", count=len(unseen), total=len(of_resistance), sites=listed(unseen))
        yield NotSeenReport(code="resistance_in_part", text=text)
    untested: dict[str, list[str]] = {}
    for drug, alleles in rulebook.outside_alleles.items():
        for gene, _ in untested_alleles(alleles, genes):
            if drug not in untested.setdefault(gene, []):
                untested[gene].append(drug)
    if untested:
        drugs = tuple(dict.fromkeys(drug for names in untested.values() for drug in names))
        partly = any(untested_alleles(alleles, genes) != tuple(alleles) for alleles in rulebook.outside_alleles.values())
        key = "summary.not_tested_full_so" if partly else "summary.not_tested_so"
        text = phrase(key, count=len(untested), genes=some_listed(sorted(untested)), drugs=some_listed(drugs))
        yield NotSeenReport(code="hla_not_tested", text=text, drugs=drugs)
    for entry in ruled_out_by_diagnosis(rulebook):
        text = phrase("summary.diagnosis_not_looked_for", genes=listed_either(entry.genes), drugs=listed(entry.drugs))
        yield NotSeenReport(code="diagnosis_not_looked_for", text=text, drugs=entry.drugs)
    copies = copies_not_assessed(genes)
    if copies:
        unchanged = copies_change_nothing(genes, copies)
        nothing = phrase("summary.they_change_nothing", genes=listed(unchanged)) if unchanged else ""
        text = phrase("summary.deletions_duplications_hybrids_not", copies=listed(copies), nothing=nothing)
        drugs = tuple(dict.fromkeys(drug for one in by_copies for drug in one.drugs))
        yield NotSeenReport(code="copy_number_not_assessed", text=text + _against(by_copies), drugs=drugs)
    if not context_given:
        yield NotSeenReport(code="no_current_drugs", text=phrase("summary.current_drugs_not_given"))
