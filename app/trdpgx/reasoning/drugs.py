"""Considerations gathered by drug: one headline, and where the sources differ."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from trdpgx.model.composed import PartKind, TextPart, joined
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import Certainty, DrugReport, HeadlineLimit, UnderCurrentDrugs
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.rule import Against, Drug
from trdpgx.reasoning.asked_genes import UnseenGenes
from trdpgx.reasoning.certainty import limits_of, weakest
from trdpgx.reasoning.conditional_differences import differing_on_conditions
from trdpgx.reasoning.directions import CHANGING, decisive
from trdpgx.reasoning.disagreement import (
    disagreements,
    documents,
    held_under_current_drugs,
    without_recommendation,
)
from trdpgx.reasoning.figures_apart import lower_limit
from trdpgx.reasoning.headline_words import (
    SILENT,
    DirectedConsideration,
    action_words,
    conditional_words,
    directed,
)
from trdpgx.reasoning.highest_dose import highest_dose, limits_named
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.short_findings import findings_stated, levels_expected, levels_reported
from trdpgx.reasoning.single_gene_figures import single_gene_figures
from trdpgx.reasoning.statements import SourceStatement, sources_limited, sources_named, stated, statements
from trdpgx.reasoning.untested import untested_alleles
from trdpgx.texts import both, listed, phrase, section

_NO_CHANGE = section("no_change")
"""The headline where no source asks for a change, by the weakest of the inputs."""
_NOTHING_BY_GENOTYPE = TextPart(PartKind.NOTHING, phrase("drugs.nothing_by_genotype"))
_NOTHING_UNSEEN: Mapping[str, UnseenGenes] = MappingProxyType({})
_NO_RULES: Mapping[str, frozenset[str]] = MappingProxyType({})
_NEITHER: frozenset[str] = frozenset()
FINDINGS = "findings"
"""What a part on unseen genes is about where advice rests on none of them."""
_FIRST = (Certainty.UNTESTED, Certainty.OPEN, Certainty.DISPUTED, Certainty.ASSUMED)
"""Limits that a headline names before it states what sources point to."""


def summarise_drugs(
    rulebook: RuleLibrary,
    considerations: Sequence[Consideration],
    genes: Sequence[GeneReport] = (),
    unseen: Mapping[str, UnseenGenes] = _NOTHING_UNSEEN,
    *,
    both_ways: Mapping[str, frozenset[str]] = _NO_RULES,
) -> tuple[DrugReport, ...]:
    """Return one entry for each drug that a consideration names, in the order of ``rules/drugs.yaml``.

    ``genes`` are the person's gene reports: what was not seen of them limits how certain a headline may be. ``unseen`` has by drug the
    genes of its rules of which nothing was seen (``UntreatedSubjects.unseen``), ``both_ways`` the rules that hold by genotype and under
    current drugs (``PatientSide``).
    """
    by_drug: dict[str, list[DirectedConsideration]] = {}
    for consideration in considerations:
        stance = directed(rulebook, consideration)
        for drug in consideration.drugs:
            by_drug.setdefault(drug, []).append(stance)
    by_gene = {gene.gene: gene for gene in genes}
    return tuple(
        _drug(rulebook, by_drug[name], by_gene, drug=drug, unseen=unseen.get(name, UnseenGenes()), both_ways=both_ways.get(name, _NEITHER))
        for name, drug in rulebook.drugs.items()
        if name in by_drug
    )


def summarise_drug(
    rulebook: RuleLibrary, drug: str, considerations: Sequence[Consideration], genes: Mapping[str, GeneReport]
) -> DrugReport:
    """Return the entry of one drug, of the considerations that name it and the person's gene reports by name."""
    stances = [directed(rulebook, one) for one in considerations]
    return _drug(rulebook, stances, genes, drug=rulebook.drugs[drug], unseen=UnseenGenes(), both_ways=_NEITHER)


def _drug(
    rulebook: RuleLibrary,
    stances: Sequence[DirectedConsideration],
    genes: Mapping[str, GeneReport],
    *,
    drug: Drug,
    unseen: UnseenGenes,
    both_ways: frozenset[str],
) -> DrugReport:
    own = [stance for stance in stances if stance.consideration.conversion is None]
    converted = [stance for stance in stances if stance.consideration.conversion is not None]
    asked = [stance for stance in converted if _is_asked_for(stance)]
    carried_over = [stance for stance in converted if stance not in asked]
    untested = _untested(rulebook, drug.name, genes)
    not_seen = (*unseen.of_advice, *unseen.of_findings)
    # beside what holds under current drugs a share of the dose by genotype would be taken for what holds now
    mine = [stance.without_shares for stance in own] if converted else own
    parts, certainty, limits = _headline(rulebook, mine, genes, untested, not_seen) if own else ([_NOTHING_BY_GENOTYPE], Certainty.NONE, ())
    if of_all := [*highest_dose(drug, own)]:
        parts = [*parts, *of_all]
    for ones in filter(None, (asked, carried_over)):
        limit = HeadlineLimit(certainty=Certainty.CONVERTED, text=_converted_limit(ones))
        parts, limits = [*parts, _converted_part(ones, limit.text)], (*limits, limit)
    parts += [] if of_all else highest_dose(drug, converted)
    if converted:
        certainty = max(certainty, Certainty.CONVERTED, key=list(Certainty).index) if own else Certainty.CONVERTED
    parts += _not_seen(unseen)
    held = held_under_current_drugs(stances, genes, both_ways)
    differing = disagreements(own, held, genes)
    under = differing.under_current_drugs
    ids = frozenset(stance.consideration.id for stance in held)
    current = UnderCurrentDrugs(ids, differing.differ_under_current_drugs) if held else None
    report = DrugReport(
        name=drug.name,
        rxnorm=drug.rxnorm,
        atc=drug.atc,
        drug_class=drug.drug_class,
        role=drug.role,
        headline=joined(parts),
        certainty=certainty,
        headline_limits=limits,
        not_seen=not_seen,
        considerations=tuple(stance.consideration.id for stance in stances),
        disagreement=differing.by_genotype,
        disagreement_under_current_drugs=under.text if under else None,
    )
    on_conditions = None if report.disagreement else differing_on_conditions(own, rulebook.actions)
    return report.with_parts([*parts, *filter(None, [under, on_conditions])]).with_current(current)


def _not_seen(unseen: UnseenGenes) -> Iterator[TextPart]:
    """Yield of which genes nothing was seen: those that advice rests on, and apart from them those that only findings use."""
    if genes := unseen.of_advice:
        yield TextPart(PartKind.NOT_SEEN, phrase("drugs.not_seen", genes=listed(genes)), genes)
    if genes := unseen.of_findings:
        yield TextPart(PartKind.NOT_SEEN, phrase("drugs.not_seen_findings", genes=listed(genes)), genes, FINDINGS)


def _untested(rulebook: RuleLibrary, drug: str, genes: Mapping[str, GeneReport]) -> tuple[str, ...]:
    """Return the genes that no file shows, whose alleles a rule on this drug asks for, and that no test of these alleles was sent of."""
    asked = rulebook.outside_alleles.get(drug, ())
    unknown = untested_alleles(asked, tuple(genes.values()))
    tested = {gene for gene, allele in asked if (gene, allele) not in unknown}
    return tuple(dict.fromkeys(gene for gene, _ in asked if gene not in tested))


def _headline(
    rulebook: RuleLibrary,
    stances: Sequence[DirectedConsideration],
    genes: Mapping[str, GeneReport],
    untested: Sequence[str],
    unseen: Collection[str],
) -> tuple[list[TextPart], Certainty, tuple[HeadlineLimit, ...]]:
    """Return the statements by source: guidance that changes something; failing that, that nothing is changed; failing that, research.

    A source that asks for no change stands behind those that ask for one, and behind what hangs on the course of treatment.
    """
    guidance = [stance for stance in stances if stance.consideration.source.name != RESEARCH]
    research = [stance.consideration for stance in stances if stance.consideration.source.name == RESEARCH]
    telling = [stance for stance in guidance if decisive(stance.directions) != SILENT]
    changing = [stance for stance in telling if stance.directions & CHANGING]
    later = [stance for stance in guidance if conditional_words(stance)]
    shown = sorted(changing or telling or later, key=_ruling_out_and_lower_limits_first)
    limits = limits_of([stance.consideration for stance in shown], genes, untested)
    certainty = weakest(limits)
    if changing or (later and not telling):
        document = documents(stance.consideration for stance in telling)
        changed = {document[id(stance.consideration)] for stance in changing}
        unchanged = [stance.consideration for stance in telling if document[id(stance.consideration)] not in changed]
        sources = sources_limited((one for one in unchanged if not one.basis.only_if_hidden), unseen)
        others = [phrase("drugs.no_change_by", sources=", ".join(sources))] if sources else []
        if silent := sources_named(without_recommendation(guidance, shown)):
            others.append(phrase("drugs.no_recommendation_by", sources=", ".join(silent)))
        parts = [*_statements(statements(shown, action_words)), *_plainly(others)]
        figures = single_gene_figures(stance.consideration for stance in guidance)
        lower = lower_limit(stance.consideration for stance in guidance)
        return [*_limits_first(limits), *parts, lower, figures, *_presumed(limits)], certainty, limits
    if telling:
        named = "; ".join(limit.text for limit in limits if limit.certainty is certainty)
        of_sources = sources_named if certainty is Certainty.OPEN else sources_limited
        text = _NO_CHANGE[certainty].format(limits=named, sources=", ".join(of_sources((one.consideration for one in telling), unseen)))
        opened = [TextPart(PartKind.OPEN, f"{named}.")] if certainty is Certainty.OPEN else []
        conditional = _statements(statements(later, conditional_words))
        unchanged_text = phrase("drugs.otherwise", text=text) if conditional else text
        levels = levels_expected((stance.consideration for stance in telling), levels_reported(rulebook, research, genes))
        return [*opened, *conditional, TextPart(PartKind.STATED, unchanged_text), levels, *_presumed(limits)], certainty, limits
    lead = _untested_text(limits)
    if not research:
        text = phrase("drugs.no_recommendation", lead=lead, guidance=", ".join(sources_named(stance.consideration for stance in guidance)))
        levels = levels_expected(stance.consideration for stance in guidance)
        return [TextPart(PartKind.STATED, text), levels], Certainty.NONE, limits
    return [findings_stated(research, lead)], Certainty.RESEARCH, limits


def _limits_first(limits: Iterable[HeadlineLimit]) -> list[TextPart]:
    """Return what stands before the statements of sources."""
    kinds = {Certainty.OPEN: PartKind.OPEN}
    return [TextPart(kinds.get(one.certainty, PartKind.LIMIT), f"{one.text}.") for one in limits if one.certainty in _FIRST]


def _presumed(limits: Iterable[HeadlineLimit]) -> list[TextPart]:
    counted = [limit.text for limit in limits if limit.certainty is Certainty.COPY_NUMBER]
    return [TextPart(PartKind.PRESUMED, phrase("drugs.presumes", text=text), (text,)) for text in counted]


def _statements(ones: Iterable[SourceStatement]) -> list[TextPart]:
    """Return the parts of what sources state, each with and without its figures."""
    return [TextPart(PartKind.STATED, f"{one.text}.", (one.plain,), one.brief if one.brief != one.text else "", one.source) for one in ones]


def _plainly(sentences: Iterable[str]) -> list[TextPart]:
    return _statements(SourceStatement(sentence, sentence, sentence, "") for sentence in sentences)


def _ruling_out_and_lower_limits_first(stance: DirectedConsideration) -> tuple[int, float]:
    """Return the key by which statements are sorted: of highest doses the lower stands first, behind what names none."""
    against = stance.consideration.action.against
    return len(Against) if against is None else against.rank, max(limits_named(stance), default=0)


def _converted_limit(converted: Sequence[DirectedConsideration]) -> str:
    bases = [stance.consideration.conversion for stance in converted]
    genes = both(dict.fromkeys(gene for basis in bases if basis for gene in basis.genes))
    if all(map(_is_asked_for, converted)):
        return phrase("drugs.under_own_request", genes=genes, causes=both(_causes(converted)), sources=both(_names(converted)))
    return phrase("drugs.under_convention", genes=genes, causes=both(_causes(converted)))


def _is_asked_for(stance: DirectedConsideration) -> bool:
    """Return whether the source itself asks for a change under such inhibitors, and nothing was carried over to them."""
    return stance.consideration.conversion is not None and stance.consideration.conversion.guideline


def _causes(converted: Iterable[DirectedConsideration]) -> tuple[str, ...]:
    bases = (stance.consideration.conversion for stance in converted)
    return tuple(dict.fromkeys(cause for basis in bases if basis for cause in basis.causes))


def _names(converted: Iterable[DirectedConsideration]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stance.consideration.source.name for stance in converted))


def _converted_part(converted: Sequence[DirectedConsideration], limit: str) -> TextPart:
    """Return what sources state of the phenotype after conversion: apart from their advice, which by itself knows no co-medication.

    Where a source itself asks for a change under such inhibitors, what it asks for stands behind that.
    """
    telling = [stance for stance in converted if decisive(stance.directions) != SILENT] or converted
    changing = sorted((stance for stance in telling if stance.directions & CHANGING), key=_ruling_out_and_lower_limits_first)
    later = [stance for stance in converted if conditional_words(stance)]
    words = tuple(stated(changing, action_words) or stated(later, conditional_words)) or (phrase("drugs.no_change_asked"),)
    if all(map(_is_asked_for, converted)):
        parts = (part for stance in converted for part in stance.consideration.basis.parts if part.kind is PartKind.CONVERTED)
        notes = " ".join(dict.fromkeys(note for part in parts for note in part.statements))
        causes, sources = both(_causes(converted)), both(_names(converted))
        text = phrase("drugs.as_asked_for", causes=causes, sources=sources, stated="; ".join(words), notes=notes)
    else:
        text = phrase("drugs.by_conversion", converted_limit=limit, stated="; ".join(words))
    return TextPart(PartKind.CONVERTED, text, words, limit)


def _untested_text(limits: Sequence[HeadlineLimit]) -> str:
    return "".join(phrase("drugs.not_cleared", text=limit.text) for limit in limits if limit.certainty is Certainty.UNTESTED)
