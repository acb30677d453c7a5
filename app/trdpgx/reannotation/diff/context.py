"""Two reports, and whether their inputs, options, contexts, knowledge and programs are the same."""

from functools import cached_property

from trdpgx.model.basis import SiteGenotype
from trdpgx.reannotation.diff.views import ConsiderationView, GeneView, RareVariantView, VariantView, viewed
from trdpgx.reannotation.document import OldReport
from trdpgx.reannotation.without_genotypes import GENOTYPES_NOT_KEPT

_TEXT_ONLY = frozenset({"detail", "recommendations", "sample"})
"""Options that change no statement of a report."""


class Compared:
    """Two reports, and the views of their lists."""

    def __init__(self, old: OldReport, new: OldReport) -> None:
        """Read the lists of both. Raises ``InputError`` where they do not fit."""
        self.old = old
        self.new = new
        self.genes = tuple({one.gene: one for one in viewed(side.document, "genes", GeneView)} for side in (old, new))
        self.variants = tuple({one.id: one for one in viewed(side.document, "variants", VariantView)} for side in (old, new))
        self.rare = tuple({one.name: one for one in viewed(side.document, "rare_variants", RareVariantView)} for side in (old, new))
        self.considerations = tuple(viewed(side.document, "considerations", ConsiderationView) for side in (old, new))

    @cached_property
    def same_input(self) -> bool:
        """Whether both are of one file and sample."""
        one, other = self.old.facts.input, self.new.facts.input
        return (one.sha256, one.sample, one.assembly) == (other.sha256, other.sample, other.assembly)

    @cached_property
    def options_changed(self) -> bool:
        """Whether an option is another, or the operator's setting of the chance for open phenotypes is."""
        one, other = self.old.facts.options, self.new.facts.options
        chances = {side.facts.basis.open_from for side in (self.old, self.new) if side.facts.basis}
        return len(chances) > 1 or any(
            getattr(one, name) != getattr(other, name) for name in type(one).model_fields if name not in _TEXT_ONLY
        )

    @cached_property
    def context_changed(self) -> bool:
        """Whether the clinical context, or the day at which it is read, has changed."""
        one, other = self.old.facts.basis, self.new.facts.basis
        return one is not None and other is not None and (one.context, one.as_of) != (other.context, other.as_of)

    @cached_property
    def rules_changed(self) -> bool:
        """Whether the rules, a layer of them or the policy of evidence have changed."""
        one, other = self.old.facts.knowledge, self.new.facts.knowledge
        same_layers = [layer.digest for layer in one.rules_layers[1:]] == [layer.digest for layer in other.rules_layers[1:]]
        return one.rules_digest != other.rules_digest or one.evidence_policy != other.evidence_policy or not same_layers

    @cached_property
    def reference_changed(self) -> bool:
        """Whether the reference has changed."""
        return self.old.facts.knowledge.reference_digest != self.new.facts.knowledge.reference_digest

    @cached_property
    def software_changed(self) -> bool:
        """Whether another version of the program made it."""
        return self.old.facts.software.version != self.new.facts.software.version

    @cached_property
    def not_kept(self) -> bool:
        """Whether the newer report was made from one without genotypes."""
        return any(one.code == GENOTYPES_NOT_KEPT for one in self.new.facts.input.warnings)

    @cached_property
    def rows(self) -> tuple[dict[str, SiteGenotype], dict[str, SiteGenotype]]:
        """The genotypes of both, by site."""
        return {row.site: row for row in self.old.facts.genotypes}, {row.site: row for row in self.new.facts.genotypes}

    def other_genotypes(self, gene: str) -> bool:
        """Whether the genotypes of a gene, or a variant, are not the same at the sites that both reports have."""
        one, other = self.rows
        return any(one[site] != other[site] for site in one.keys() & other.keys() if site == gene or site.partition(":")[0] == gene)
