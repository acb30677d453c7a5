"""The fields of calls and considerations that are compared, in any schema that is read."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ConfigDict, Field, ValidationError

from trdpgx.model.base import Model
from trdpgx.model.problem import InputError
from trdpgx.reannotation.problems import BAD_REPORT
from trdpgx.texts import either, phrase


class View(Model):
    """Some fields of an object; others are ignored."""

    model_config = ConfigDict(extra="ignore")


class DiplotypeView(View):
    """A diplotype and what its alleles do."""

    name: str
    alleles: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    activity_score: float | None = None
    phenotypes: dict[str, str] = Field(default_factory=dict)


class CodeView(View):
    """A phenotype by its code."""

    code: str


class CopiesView(View):
    """The copies of a gene."""

    status: str
    value: int | None = None


class GeneView(View):
    """The call of a gene."""

    gene: str
    status: str
    source: str = "vcf"
    diplotypes: tuple[DiplotypeView, ...] = ()
    phenotypes: dict[str, CodeView] = Field(default_factory=dict)
    phenotype_open: bool = False
    phenotype_range: tuple[str, ...] = ()
    activity_score_range: tuple[float | None, ...] | None = None
    copy_number: CopiesView | None = None

    @property
    def codes(self) -> dict[str, str]:
        """The phenotype that each scheme states."""
        return {scheme: one.code for scheme, one in self.phenotypes.items()}

    @property
    def words(self) -> str:
        """The call in a few words."""
        names = either(one.name for one in self.diplotypes) or phrase("diff_views.not_called")
        stated = ", ".join(f"{scheme} {code}" for scheme, code in self.codes.items())
        if self.phenotype_open:
            stated = (
                phrase("diff_views.phenotype_open", phenotypes=", ".join(self.phenotype_range))
                if self.phenotype_range
                else phrase("text_genes.phenotype_open")
            )
        elif not stated and len(self.diplotypes) > 1 and self.phenotype_range:
            stated = phrase("diff_views.phenotypes_differ", phenotypes=", ".join(self.phenotype_range))
        return f"{names}: {stated}" if stated else names


class VariantView(View):
    """The genotype of a variant."""

    id: str
    gene: str
    state: str
    genotype: str | None = None
    effect_allele: str | None = None
    effect_allele_count: int | None = None

    @property
    def words(self) -> str:
        """The genotype in a few words."""
        counted = (
            ""
            if self.effect_allele_count is None
            else phrase("diff_views.effect_allele", number=self.effect_allele_count, allele=self.effect_allele)
        )
        return f"{self.genotype or self.state.replace('_', ' ')}{counted}"


class RareVariantView(View):
    """A rare variant, and whether any criterion counts it."""

    gene: str
    location: str
    ref: str
    alt: str
    consequence: str | None = None
    qualifies: bool | None = None

    @property
    def name(self) -> str:
        """Position and alleles, in short."""
        alleles = f"{_short(self.ref)}>{_short(self.alt)}"
        return f"{self.gene} {self.location} {alleles}"

    @property
    def words(self) -> str:
        """Consequence, and whether it counts."""
        counts = {True: phrase("counting.counts"), False: phrase("counting.does_not"), None: phrase("counting.not_known")}[self.qualifies]
        return f"{(self.consequence or phrase('diff_views.consequence_not_known')).replace('_', ' ')}, {counts}"


class SourceView(View):
    """Who states something, and when."""

    name: str
    id: str | None = None
    year: int | None = None
    url: str | None = None
    citation: dict[str, Any] | None = None

    @property
    def words(self) -> str:
        """Name and year."""
        return f"{self.name} {self.year}" if self.year else self.name


class TextView(View):
    """A text with its codes."""

    text: str = ""
    codes: tuple[str, ...] = ()


class EvidenceView(View):
    """The strength of the evidence, and its items."""

    strength: str
    items: tuple[Any, ...] = ()
    source_grade: str | None = None
    conflict: str | None = None


class HoldsView(View):
    """For which of the possible diplotypes something holds."""

    holds_for: str = "all"
    facts: tuple[str, ...] = ()
    only_if_hidden: bool = False


class ConsiderationView(View):
    """A consideration."""

    rule_id: str
    drugs: tuple[str, ...]
    genes: tuple[str, ...]
    trigger: str = ""
    text: str = ""
    implication: TextView = TextView()
    action: TextView = TextView()
    source: SourceView
    evidence: EvidenceView
    basis: HoldsView = HoldsView()
    conversion: dict[str, Any] | None = None


_View = TypeVar("_View", bound=View)


def viewed(document: Mapping[str, Any], name: str, kind: type[_View]) -> tuple[_View, ...]:
    """Return the items of a list of a report. Raises ``InputError`` where they do not fit."""
    items = document.get(name) or ()
    try:
        return tuple(kind.model_validate(item) for item in items)
    except (ValidationError, TypeError):
        raise InputError(BAD_REPORT, f"Its `{name}` do not fit the schema.") from None


def _short(bases: str) -> str:
    return bases if len(bases) <= 12 else f"{bases[:6]}...({len(bases)} bases)"
