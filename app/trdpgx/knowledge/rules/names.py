"""Everything that a rule may name, and the message about an unknown name."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from msgspec import Struct, field

from trdpgx.knowledge.reference.phenotype import UnknownAlleleError, haplotype, has_activity_scores
from trdpgx.knowledge.rules.outside_genes import OUTSIDE_GENES, OUTSIDE_VARIANTS
from trdpgx.model.authority import Authority
from trdpgx.model.evidence import Citation
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.rule import (
    ActivityCondition,
    AlleleCondition,
    Condition,
    Drug,
    EffectAlleleCondition,
    GeneSeenCondition,
    PhenotypeCondition,
    RareVariantCondition,
    VocabularyEntry,
)


class Names(Struct, frozen=True):
    """The names of both libraries. ``variant_genes`` gives the gene of each variant, ``genes`` every gene that can be seen."""

    reference: ReferenceLibrary
    variant_genes: Mapping[str, str]
    genes: frozenset[str]
    drugs: Mapping[str, Drug]
    citations: Mapping[str, Citation]
    implications: Mapping[str, VocabularyEntry]
    actions: Mapping[str, VocabularyEntry]
    criteria: Mapping[str, frozenset[str]]
    """For each criterion of rare variants its genes."""
    grades: Mapping[str, Mapping[str, Authority]] = field(default_factory=dict)
    """For each source its own grades, by the word in lower case."""

    def unknown(
        self, drugs: Sequence[str], when: Sequence[Condition], implications: Sequence[str], actions: Sequence[str]
    ) -> Iterator[tuple[str, str]]:
        """Yield the field and the message of each name of a rule that nothing defines."""
        named: tuple[tuple[str, str, Sequence[str], Mapping[str, object]], ...] = (
            ("drugs", "drug", drugs, self.drugs),
            ("implications", "implication code", implications, self.implications),
            ("actions", "action code", actions, self.actions),
        )
        for field_name, what, names, defined in named:
            yield from ((field_name, unknown_name(what, name, defined)) for name in names if name not in defined)
        for condition in when:
            message = self._unknown_in(condition)
            if message is not None:
                yield "when", message

    def _unknown_in(self, condition: Condition) -> str | None:
        match condition:
            case RareVariantCondition():
                return None if condition.criterion in self.criteria else unknown_name("criterion", condition.criterion, self.criteria)
            case EffectAlleleCondition():
                return self._unknown_variant(condition.variant)
            case GeneSeenCondition():
                return None if condition.gene in self.genes else unknown_name("gene", condition.gene, self.genes)
            case PhenotypeCondition():
                return self._unknown_phenotype(condition)
            case ActivityCondition():
                return self._unknown_activity(condition)
            case AlleleCondition():
                return self._unknown_allele(condition)

    def _unknown_phenotype(self, condition: PhenotypeCondition) -> str | None:
        definition = self.reference.genes.get(condition.gene)
        if definition is None:
            return unknown_name("gene with phenotypes", condition.gene, self.reference.genes)
        return None if condition.scheme in definition.phenotypes else f"{condition.gene} has no phenotypes by {condition.scheme}"

    def _unknown_activity(self, condition: ActivityCondition) -> str | None:
        scored = [name for name, definition in self.reference.genes.items() if has_activity_scores(definition)]
        return None if condition.gene in scored else unknown_name("gene with activity scores", condition.gene, scored)

    def _unknown_variant(self, variant: str) -> str | None:
        definition = next((one for one in self.reference.variants if one.id == variant), None)
        if definition is None:
            return unknown_name("variant", variant, self.variant_genes)
        if definition.effect_allele is None:
            return f"{variant} has no effect allele in the reference, so its copies cannot be counted"
        if definition.site is None and not (variant.startswith("rs") or variant in OUTSIDE_VARIANTS):
            return f"{variant} cannot be read from a small-variant file, so the rule could never fire"
        return None

    def _unknown_allele(self, condition: AlleleCondition) -> str | None:
        definition = self.reference.genes.get(condition.gene)
        form = OUTSIDE_GENES.get(condition.gene)
        if form is not None:
            other = next((name for name in condition.any_of if not form.fullmatch(name)), None)
            return None if other is None else f"'{other}' is not the name of a {condition.gene} allele in two fields, such as '*15:02'"
        if definition is None:
            return unknown_name("gene with named alleles", condition.gene, [*self.reference.genes, *OUTSIDE_GENES])
        for name in condition.any_of:
            try:
                haplotype(definition, name)
            except UnknownAlleleError:
                return unknown_name(f"{condition.gene} allele", name, [allele.name for allele in definition.alleles])
        return None


def unknown_name(what: str, name: str, names: Mapping[str, object] | frozenset[str] | Sequence[str]) -> str:
    """Return what is wrong with a name that nothing defines, with the nearest one that something does."""
    folded = {defined.casefold(): defined for defined in names}
    near = get_close_matches(name.casefold(), list(folded), n=1)
    return f"unknown {what} {name!r}" + (f"; did you mean '{folded[near[0]]}'?" if near else "")
