"""Drugs, genes, variants and tests of which nothing follows for a person, each with the reason: silence would read as a finding."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.report import LookedAt
from trdpgx.model.rule import EffectAlleleCondition, Entry, Reason
from trdpgx.model.variant_report import VariantReport
from trdpgx.reasoning.asked_genes import (
    UnseenGenes,
    advised_by_drug,
    genes_by_drug,
    seen_genes,
    split_by_advice,
    unchanged_by_drug,
)
from trdpgx.reasoning.untested import untested_alleles
from trdpgx.texts import listed, listed_either, phrase, section

RESISTANCE = frozenset({"resistance_reported", "resistance_reported_less", "resistance_reported_with_htr1a_gg", "group_excess_reported"})
"""Codes of implications that are about treatment resistance itself."""
NO_RULE = phrase("nothing_follows.no_rule")
_NO_DRUGS = frozenset({"device or procedure", "group"})
"""Categories of ``rules/drugs.yaml`` whose members are no single drug."""
_NOT_SEEN = phrase("nothing_follows.gene_not_shown")
_REACTIONS = section("reactions")
"""Reactions to a drug by the code of an implication."""
_NOTHING = phrase("nothing_follows.nothing_about_gene_applies")


class UntreatedSubjects(Struct, frozen=True):
    """What rules and entries leave open, the same for everybody; worked out once for the rules.

    ``entries`` has the genes and variants that have an entry. ``drugs`` has every drug of ``rules/drugs.yaml``, with the text of its entry
    or ``NO_RULE``. ``asked`` has the genes that the rules on a drug ask about, ``by_result`` those whose result decides about a rule,
    ``unchanged`` those of which every rule on the drug asks for no change, and ``advised`` those on which advice rests. ``outside`` has
    the alleles (HLA) that no file shows, and ``of_carriers`` by drug which sources speak against it for people who carry one, and why.
    ``of_resistance`` are the variants by which rules are about resistance itself.
    """

    entries: tuple[LookedAt, ...]
    drugs: tuple[LookedAt, ...]
    asked: Mapping[str, tuple[str, ...]]
    by_result: Mapping[str, tuple[str, ...]]
    unchanged: Mapping[str, frozenset[str]]
    advised: Mapping[str, frozenset[str]]
    outside: Mapping[str, tuple[tuple[str, str], ...]]
    of_carriers: Mapping[str, str]
    of_resistance: frozenset[str]

    def of(
        self, genes: Sequence[GeneReport], variants: Sequence[VariantReport], considerations: Sequence[Consideration]
    ) -> tuple[LookedAt, ...]:
        """Return what nothing follows of for one person: drugs first, then genes and variants, then what was not tested."""
        concerned = {drug for one in considerations for drug in one.drugs}
        about = {gene for one in considerations for gene in one.genes}
        seen, placed = seen_genes(genes, variants), _placed(variants)
        return (
            *(self._drug(drug, genes, seen) for drug in self.drugs if drug.name not in concerned),
            *_of_genes(genes, variants, seen, about),
            *(entry for entry in self.entries if entry.reason != Reason.NO_POSITION or entry.name not in placed),
            *self._tests(genes),
        )

    def unseen(self, genes: Sequence[GeneReport], variants: Sequence[VariantReport]) -> Mapping[str, UnseenGenes]:
        """Return for each drug the genes whose result its rules use and of which nothing was seen of one person."""
        seen = seen_genes(genes, variants)
        return {drug: self._split(drug, (gene for gene in asked if gene not in seen)) for drug, asked in self.by_result.items()}

    def _split(self, drug: str, unseen: Iterable[str]) -> UnseenGenes:
        return split_by_advice(unseen, self.advised.get(drug, frozenset()))

    def _unseen_text(self, drug: str, unseen: Collection[str]) -> str:
        """Return that nothing was seen of genes, at least one, by whether advice on the drug rests on them."""
        genes = self._split(drug, unseen)
        advice = phrase("nothing_follows.advice_unseen", drug=drug, unseen=listed(genes.of_advice)) if genes.of_advice else ""
        if not genes.of_findings:
            return advice
        named = listed(genes.of_findings)
        return f"{advice} {phrase('nothing_follows.findings_unseen', count=len(genes.of_findings), drug=drug, unseen=named)}".strip()

    def _drug(self, drug: LookedAt, genes: Sequence[GeneReport], seen: Collection[str]) -> LookedAt:
        """Return a drug with the reason that holds for this person: a test that is missing comes before the entry."""
        untested = untested_alleles(self.outside.get(drug.name, ()), genes)
        if untested:
            alleles = listed(sorted(f"{gene}{allele}" for gene, allele in untested))
            text = phrase("nothing_follows.not_cleared_nothing_known", alleles=alleles)
            return _with(drug, "not_tested", f"{text}{self.of_carriers.get(drug.name, '')}")
        asked = self.asked.get(drug.name)
        if not asked:
            return drug
        unseen = [gene for gene in asked if gene not in seen]
        if len(unseen) == len(asked):
            reason, text = "not_seen", self._unseen_text(drug.name, unseen)
        else:
            reason = "no_rule_applies"
            sure = [gene for gene in genes if not (gene.assumed or gene.is_disputed or gene.phenotype_open)]
            terms = {gene.gene: gene.phenotype.term for gene in sure if gene.phenotype}
            called = [phrase("nothing_follows.called", gene=gene, term=terms[gene]) for gene in asked if gene in terms]
            others = [gene for gene in asked if gene in seen and gene not in terms]
            text = " ".join(
                phrase(f"nothing_follows.{key}", seen=listed(ones))
                for key, ones in (("no_advice_for", called), ("no_rule_applies", others))
                if ones
            )
            if deciding := [gene for gene in unseen if gene not in self.unchanged.get(drug.name, ())]:
                text = f"{text} {self._unseen_text(drug.name, deciding)}"
        return _with(drug, reason, text) if drug.entry is None else _with(drug, drug.reason, f"{drug.text} {text}", drug.entry)

    def _tests(self, genes: Sequence[GeneReport]) -> Iterator[LookedAt]:
        waiting: dict[tuple[str, str], list[str]] = {}
        for drug, asked in self.outside.items():
            for untested in untested_alleles(asked, genes):
                waiting.setdefault(untested, []).append(drug)
        for (gene, allele), names in waiting.items():
            text = phrase("nothing_follows.not_tested", names=listed_either(names))
            yield LookedAt(kind="test", name=f"{gene}{allele}", reason="not_tested", text=text, drugs=tuple(names), genes=(gene,))
        for one in genes:
            if one.status != "no_call" and one.copy_number.status == "not_assessed":
                text = phrase("nothing_follows.copies_not_assessed", gene=one.gene)
                yield LookedAt(
                    kind="test",
                    name=phrase("nothing_follows.copy_number", gene=one.gene),
                    reason="not_assessed",
                    text=text,
                    genes=(one.gene,),
                )


def _of_genes(
    genes: Sequence[GeneReport], variants: Sequence[VariantReport], seen: Collection[str], concerned: Collection[str]
) -> Iterator[LookedAt]:
    """Yield the genes that this service reads and of which nothing was seen, or nothing follows."""
    reasons = {gene.gene: gene.no_call_reason for gene in genes}
    for name in dict.fromkeys((*(gene.gene for gene in genes), *(variant.gene for variant in variants))):
        if name not in seen:
            text = phrase("nothing_follows.not_called", reasons=reasons[name]) if reasons.get(name) else _NOT_SEEN
            yield LookedAt(kind="gene", name=name, reason="not_seen", text=text, genes=(name,))
        elif name not in concerned:
            yield LookedAt(kind="gene", name=name, reason="no_rule_applies", text=_NOTHING, genes=(name,))


def untreated_subjects(rulebook: RuleLibrary) -> UntreatedSubjects:
    """Return what the rules and entries leave open."""
    asked: dict[str, dict[str, None]] = {}
    for rule in rulebook.rules:
        for name in rule.drugs:
            asked.setdefault(name, {}).update(dict.fromkeys(rule.genes))
    return UntreatedSubjects(
        entries=tuple(item for entry in rulebook.entries for item in _subjects(entry)),
        drugs=tuple(_drugs(rulebook, asked)),
        asked={name: tuple(genes) for name, genes in asked.items()},
        by_result=genes_by_drug(rulebook),
        unchanged=unchanged_by_drug(rulebook),
        advised=advised_by_drug(rulebook),
        outside=rulebook.outside_alleles,
        of_carriers={drug: _of_carriers(rulebook, drug, alleles) for drug, alleles in rulebook.outside_alleles.items()},
        of_resistance=frozenset(
            condition.variant
            for rule in rulebook.rules
            if RESISTANCE.intersection(rule.implications)
            for condition in rule.when
            if isinstance(condition, EffectAlleleCondition)
        ),
    )


def _of_carriers(rulebook: RuleLibrary, drug: str, alleles: Iterable[tuple[str, str]]) -> str:
    """Return which sources rule a drug out or advise against it for people who carry one of the alleles, and the reactions they name."""
    genes = dict.fromkeys(gene for gene, _ in alleles)
    concerned = [rule for rule in rulebook.rules if drug in rule.drugs and not genes.keys().isdisjoint(rule.genes)]
    against = [rule for rule in concerned if any(rulebook.actions[code].against for code in rule.actions)]
    telling = against or [rule for rule in concerned if not _REACTIONS.keys().isdisjoint(rule.implications)]
    if not telling:
        return ""
    sources = dict.fromkeys(rule.source.name for rule in telling)
    reactions = dict.fromkeys(_REACTIONS[code] for rule in telling for code in rule.implications if code in _REACTIONS)
    if not against:
        return phrase("nothing_follows.warning_of_carriers", count=len(sources), sources=listed([*sources]), reactions=listed([*reactions]))
    because = phrase("nothing_follows.because_of_reactions", reactions=listed([*reactions])) if reactions else ""
    return phrase("nothing_follows.against_carriers", sources=listed([*sources]), reactions=because)


def _subjects(entry: Entry) -> Iterator[LookedAt]:
    """Yield the variants of an entry, or its genes where it names no variant."""
    names = entry.variants or entry.genes
    for name in names:
        yield LookedAt(
            kind="variant" if entry.variants else "gene",
            name=name,
            reason=entry.reason.value,
            text=entry.text,
            entry=entry.id,
            drugs=entry.drugs,
            genes=entry.genes if entry.variants else (name,),
        )


def _drugs(rulebook: RuleLibrary, asked: Collection[str]) -> Iterator[LookedAt]:
    """Yield every drug with its entry: one about the drug alone, or else, where no rule is about the drug, one about a gene too."""
    entries: dict[str, Entry] = {}
    of_drugs = [entry for entry in rulebook.entries if entry.reason is not Reason.ABOUT_TESTING]
    for entry in sorted(of_drugs, key=lambda entry: bool(entry.genes or entry.variants)):
        for name in entry.drugs:
            if name not in asked or not (entry.genes or entry.variants):
                entries.setdefault(name, entry)
    for name, drug in rulebook.drugs.items():
        its = entries.get(name)
        yield LookedAt(
            kind="therapy" if drug.category in _NO_DRUGS else "drug",
            name=drug.name,
            reason=its.reason.value if its else "no_rule",
            text=its.text if its else NO_RULE,
            entry=its.id if its else None,
            drugs=(drug.name,),
            genes=its.genes if its else (),
        )


def _with(drug: LookedAt, reason: str, text: str, entry: str | None = None) -> LookedAt:
    return drug.copy_with(reason=reason, text=text, entry=entry)


def _placed(variants: Sequence[VariantReport]) -> set[str]:
    """Return the variants that have a position: one that the operator has added too, of which an entry does not know."""
    return {variant.id for variant in variants if variant.location is not None}
