"""Apply rules to calls, which gives considerations. Sources are never merged: each rule that holds gives a separate consideration."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from trdpgx.knowledge.rules.conditions import holds
from trdpgx.model.composed import PartKind, TextPart, joined
from trdpgx.model.consideration import Basis, Consideration
from trdpgx.model.evidence import Ancestry
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.rule import EffectAlleleCondition, GeneSeenCondition, RareVariantCondition
from trdpgx.model.variant_report import RareVariantReport, VariantReport
from trdpgx.reasoning.certainty import copies_change, copies_open, disputes_of_reported
from trdpgx.reasoning.coverage import parts_held
from trdpgx.reasoning.diplotype_combinations import DiplotypeCombination, DiplotypeCombinations, GeneChoice, choices_of
from trdpgx.reasoning.populations import population_note
from trdpgx.reasoning.prepared import Case, PreparedRules
from trdpgx.texts import both, percent, phrase

_SEVERAL_DIPLOTYPES = phrase("considerations.several_diplotypes_agree_file")
EVERYTHING = "considerations.holds_everything_file_allows"
"""Key of the text that a consideration holds for all that the calls leave possible."""


class Raised(Struct, frozen=True):
    """A consideration that is raised: as the rules have it, and what the person adds. ``order`` sorts those of one report."""

    order: tuple[bool, int]
    prepared: Consideration
    added: Mapping[str, object]

    def made(self, **more: object) -> Consideration:
        """Return the consideration with what the person adds, and with what else is given: the id that its report gives it."""
        return Consideration.unchecked({**self.prepared.__dict__, **self.added, **more})


def consider(
    rules: PreparedRules,
    genes: Sequence[GeneReport],
    variants: Sequence[VariantReport],
    rare_variants: Sequence[RareVariantReport] = (),
    *,
    ancestry: Ancestry | None = None,
    several: str = _SEVERAL_DIPLOTYPES,
) -> tuple[Consideration, ...]:
    """Return every consideration that the calls raise, in the order of the rules.

    A rule that holds for only some of the combinations that the calls allow is reported with the diplotypes of these. Of a gene whose
    phenotype is open no rule holds for all; rules that hold only if an allele is carried that was not seen come last and state it
    (docs/decisions/0060-open-phenotypes.md). With an ``ancestry`` that the request names, each consideration names those of its studies
    that were in people of it; nothing else changes. ``several`` states why a gene may have several results.
    """
    found = sorted(raised(rules, rules.cases, genes, variants, rare_variants, several=several), key=lambda one: one.order)
    numbered = (one.made(id=consideration_id(number)) for number, one in enumerate(found, 1))
    return tuple(_marked(made, ancestry) for made in numbered) if ancestry else tuple(numbered)


def consideration_id(number: int) -> str:
    """Return the id of a consideration by its number in the report, from 1."""
    return f"C{number:03d}"


def raised(
    rules: PreparedRules,
    cases: Sequence[Case],
    genes: Sequence[GeneReport],
    variants: Sequence[VariantReport],
    rare_variants: Sequence[RareVariantReport] = (),
    *,
    choices: Mapping[str, tuple[GeneChoice, ...]] | None = None,
    several: str = _SEVERAL_DIPLOTYPES,
) -> Iterator[Raised]:
    """Yield what some cases of the rules raise. The calls that they do not ask about (``asked_by``) may be left out.

    ``choices`` are as in ``DiplotypeCombinations``, and ``several`` as in ``consider``.
    """
    combinations = DiplotypeCombinations(genes, variants, rare_variants, rules.activity, choices)
    person = _Person(genes, variants, rare_variants, several)
    for case in cases:
        possible = combinations.of(case.question)
        holding = tuple(combination for combination in possible if all(holds(condition, combination.facts) for condition in case.when))
        if holding:
            counting = person.counting(case) if rare_variants else []
            basis = person.basis(case, holding, counting, possible)
            concerned = tuple(dict.fromkeys(rare.gene for rare in counting)) or case.genes
            added = {"genes": concerned, "trigger": "; ".join(basis.facts), "basis": basis}
            for number, consideration in case.considerations:
                yield Raised((basis.only_if_hidden, number), consideration, added)


class AskedCalls(NamedTuple):
    """The calls that a case depends on: genes by their call, variants by their genotype, ``seen`` genes by either, and rare variants."""

    genes: frozenset[str]
    variants: frozenset[str]
    seen: frozenset[str]
    rare_variants: bool


def asked_by(case: Case) -> AskedCalls:
    """Return the calls that a case depends on: people with equal ones get the same considerations."""
    seen = frozenset(condition.gene for condition in case.when if isinstance(condition, GeneSeenCondition))
    return AskedCalls(
        frozenset(gene for gene, _ in case.question) | seen,
        frozenset(condition.variant for condition in case.when if isinstance(condition, EffectAlleleCondition)),
        seen,
        any(isinstance(condition, RareVariantCondition) for condition in case.when),
    )


class GeneReading(NamedTuple):
    """All that a case reads of the call of a gene: equal readings give equal results."""

    gene: str
    choices: tuple[GeneChoice, ...]
    activity_score_range: tuple[float, float] | None
    opened: str
    copies: str
    disputes: tuple[str, ...]
    called: bool


def reading_of(gene: GeneReport) -> GeneReading:
    """Return what the cases read of the call of a gene."""
    opened = _open_text(gene) if gene.phenotype_open else ""
    return GeneReading(
        gene.gene,
        choices_of(gene),
        gene.activity_score_range,
        opened,
        _copies_text(gene),
        disputes_of_reported(gene),
        gene.status != "no_call",
    )


class _Person:
    """What one person's calls give as the reason of a consideration."""

    def __init__(
        self, genes: Sequence[GeneReport], variants: Sequence[VariantReport], rare_variants: Sequence[RareVariantReport], several: str
    ) -> None:
        self._several = several
        self._genotypes = {variant.id: variant for variant in variants}
        self._rare_variants = rare_variants
        self._open = {gene.gene: _open_text(gene) for gene in genes if gene.phenotype_open}
        self._copies = {gene.gene: _copies_text(gene) for gene in genes}
        self._disputes = {gene.gene: disputes for gene in genes if (disputes := disputes_of_reported(gene))}
        self._called = frozenset(gene.gene for gene in genes if gene.status != "no_call")

    def counting(self, case: Case) -> list[RareVariantReport]:
        """Return the rare variants that count by a criterion of the rules."""
        criteria = {condition.criterion for condition in case.when if isinstance(condition, RareVariantCondition)}
        return [
            rare for rare in self._rare_variants if any(judged.qualifies and judged.rule_id in criteria for judged in rare.qualifications)
        ]

    def basis(
        self,
        case: Case,
        holding: Sequence[DiplotypeCombination],
        counting: Sequence[RareVariantReport],
        possible: Sequence[DiplotypeCombination],
    ) -> Basis:
        """Return what makes the rules fire, and for which of the person's possible diplotypes."""
        everywhere = len(holding) == len(possible)
        called = [combination for combination in holding if not combination.hidden]
        facts = [*self._labels(case, called or holding), *(_named(rare) for rare in counting)]
        held: tuple[str, ...] = ()
        about = ""
        open_genes = tuple(gene for gene, _ in case.question if gene in self._open)
        if not facts:
            facts.append(phrase("considerations.any_result", genes=both(case.genes)))
        if open_genes:
            lead = (
                phrase("considerations.holds", facts="; ".join(facts))
                if called
                else phrase("considerations.holds_only_if_allele", facts="; ".join(facts))
            )
            text = " ".join([lead, *(self._open[gene] for gene in open_genes)])
        elif everywhere:
            text, about = phrase(EVERYTHING), EVERYTHING
        else:
            open_score = any(choice.part for combination in holding for choice in combination.choices)
            lead = phrase("considerations.call_leaves_activity_score") if open_score else self._several
            text = phrase("considerations.holds_only", lead=lead, facts="; ".join(facts))
            held, about = parts_held(holding, possible)
        by_text: dict[str, list[str]] = {}
        for gene in sorted({choice.gene for choice in holding[0].choices}):
            by_text.setdefault(self._copies.get(gene, ""), []).append(gene)
        parts = [TextPart(PartKind.STATED, text, held, about), *self._by_some_alone(case), *self._if_disputed(case)]
        for copies, named in by_text.items():
            if copies:
                parts.append(TextPart(PartKind.PRESUMED, phrase(copies, genes=both(named)), tuple(named), copies))
        made = Basis.unchecked(
            {
                "holds_for": "all" if everywhere and not open_genes else "some",
                "facts": tuple(facts),
                "text": joined(parts),
                "open_genes": open_genes,
                "only_if_hidden": not called,
            }
        )
        return made.with_parts(parts)

    def _by_some_alone(self, case: Case) -> Iterator[TextPart]:
        """Yield that a statement rests on some of the genes that its rule asks about, and that the others could change it."""
        asked = [gene for gene, _ in case.question]
        called = [gene for gene in asked if gene in self._called]
        if called and len(called) < len(asked):
            missing = [gene for gene in asked if gene not in self._called]
            yield TextPart(PartKind.LIMIT, phrase("considerations.by_some_alone", called=both(called), missing=both(missing)))

    def _if_disputed(self, case: Case) -> Iterator[TextPart]:
        """Yield that a statement rests on a call that something contradicts."""
        for gene, _ in case.question:
            if disputes := self._disputes.get(gene):
                yield TextPart(PartKind.LIMIT, phrase("considerations.if_disputed", disputes="; ".join(disputes)))

    def _labels(self, case: Case, holding: Sequence[DiplotypeCombination]) -> list[str]:
        """Return the text that names which diplotypes and genotypes made the rules fire."""
        labels = list(dict.fromkeys(choice.label for combination in holding for choice in combination.choices))
        for condition in case.when:
            if isinstance(condition, EffectAlleleCondition):
                variant = self._genotypes[condition.variant]
                labels.append(f"{variant.gene} {variant.id} {variant.genotype} ({_copies(variant)})")
        return labels


def _copies_text(gene: GeneReport) -> str:
    """Return the key of what a statement presumes of the copies of a gene; empty where they were counted, or would change nothing."""
    if not gene.diplotypes or not gene.copy_number.is_uncounted or not copies_change(gene):
        return ""
    if copies_open(gene):
        return "considerations.how_many_ordinary_copies"
    if gene.copy_number.status == "suspected":
        return "considerations.presumes_two_despite_signs"
    return "considerations.presumes_two_unassessed"


def _open_text(gene: GeneReport) -> str:
    """Yield that a phenotype is open, which one is likely and how likely it is, and how likely a hidden allele is carried."""
    likely = gene.likely
    text = phrase("considerations.phenotype_open", gene=gene.gene)
    if likely is not None and likely.phenotype is not None:
        how = phrase("considerations.how_likely_not_known") if likely.chance is None else percent(likely.chance)
        text += phrase("considerations.likely", term=likely.phenotype.term, how=how)
    carried = (
        phrase("considerations.chance_not_known")
        if gene.hidden_chance is None
        else phrase("considerations.is_carried_by_chance", chance=percent(gene.hidden_chance))
    )
    return phrase("considerations.chance_of_hidden", text=text, carried=carried)


def _marked(consideration: Consideration, ancestry: Ancestry) -> Consideration:
    note = population_note(consideration.evidence.items, ancestry)
    return consideration.copy_with(evidence=consideration.evidence.copy_with(population_note=note))


def _named(rare: RareVariantReport) -> str:
    named = " ".join(part for part in (rare.gene, rare.hgvs_c or rare.location, rare.hgvs_p) if part)
    return f"{named} ({rare.zygosity}, {rare.consequence})"


def _copies(variant: VariantReport) -> str:
    count = variant.effect_allele_count
    return phrase("considerations.counted_allele", count=count, effect_allele=variant.effect_allele_named)
