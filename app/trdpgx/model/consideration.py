"""A rule that holds for a person: what could be considered, with its evidence and what it rests on."""

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import PrivateAttr

from trdpgx.model.authority import Authority, Verdict
from trdpgx.model.base import Model
from trdpgx.model.composed import Composed
from trdpgx.model.evidence import EvidenceItem, Reviewer, Strength, Verification
from trdpgx.model.rule import Against, Direction, Domain, Source


class Implication(Model):
    """What the genotype may mean for the drug."""

    code: str
    codes: tuple[str, ...]
    """All codes, the first of which is `code`."""
    text: str


class DoseChange(Model):
    """The statement of the source about dose; never computed for a person."""

    start: str | None = None
    maintenance: str | None = None
    maximum: str | None = None
    monitoring: str | None = None


class Action(Model):
    """What could be considered, by the source. Never an instruction."""

    code: str
    codes: tuple[str, ...]
    """All codes, the first of which is `code`."""
    directions: tuple[Direction, ...] = ()
    """Direction of each action (such as avoid, reduce), each once."""
    text: str
    dose_change: DoseChange | None = None
    _against: tuple[Against, ...] | None = PrivateAttr(default=None)

    def __eq__(self, other: object) -> bool:
        """Whether all fields are the same."""
        return self.__dict__ == other.__dict__ if isinstance(other, Action) else NotImplemented

    def __hash__(self) -> int:
        """Return the hash of all fields."""
        return hash(tuple(self.__dict__.values()))

    @property
    def against(self) -> Against | None:
        """How the source speaks against the drug, by the gravest of the codes; `None`: it does not.

        It is no field: in a report that was read from a file, every advice for another drug counts as advice against this one.
        """
        private = self.__pydantic_private__  # pydantic's own way to it takes many times as long
        against: tuple[Against, ...] | None = private["_against"] if private else None
        if against is None:
            return Against.ADVISED_AGAINST if Direction.AVOID in self.directions else None
        return against[0] if against else None

    def with_against(self, against: Iterable[Against]) -> Self:
        """Return the action itself, which now knows how the source speaks against the drug by each of the codes that do."""
        self._against = tuple(sorted(against, key=lambda one: one.rank))
        return self


class EvidenceReport(Model):
    """The evidence behind a consideration, both sides of it."""

    strength: Strength
    policy: str
    """Name and version of the function that computed `strength`."""
    source_grade: str | None
    """The source's own grade, in its own word (`authority` has its meaning)."""
    items: tuple[EvidenceItem, ...]
    conflict: str | None
    """Which studies contradict each other, in plain words; `null` where none do."""
    verification: Verification
    """Whether the rule itself was read in its source."""
    reviewed: Reviewer | None = None
    """Who besides the author checked the rule against its source, and when; `null` where nobody is named."""
    population_note: str | None = None
    """Which of the studies were in people of the ancestry that the request names; `null` where it names none or no study is listed."""


class Basis(Composed):
    """For which of the person's possible diplotypes or genotypes the consideration holds."""

    holds_for: Literal["all", "some"]
    facts: tuple[str, ...]
    """The facts that made the rule fire."""
    text: str
    open_genes: tuple[str, ...] = ()
    """Genes in the rule's conditions whose phenotype is open because of alleles that were not seen."""
    only_if_hidden: bool = False
    """Whether it holds only if an allele is carried that was not seen and is not excluded."""


class ConversionBasis(Model):
    """The basis of a consideration that applies under current drugs or smoking, and not by genotype alone."""

    genes: tuple[str, ...]
    """Genes whose converted phenotype makes the consideration apply."""
    causes: tuple[str, ...]
    """Drugs, or `smoking`."""
    methods: tuple[str, ...]
    """Methods of conversion, each with its version. All are conventions."""
    guideline: bool = False
    """Whether the source itself asks for a change under such inhibitors; if not, this is not guideline advice."""
    text: str


class Consideration(Model):
    """A statement of one source that applies to this genome, about one or more drugs, with its evidence."""

    id: str
    rule_id: str
    domain: Domain
    drugs: tuple[str, ...]
    genes: tuple[str, ...]
    trigger: str
    implication: Implication
    action: Action
    text: str
    """The statement in one or two sentences."""
    source: Source
    verdict: Verdict
    """Kind of statement. "no action" and "no interaction" are kinds of statement, not degrees of evidence."""
    authority: Authority | None = None
    """The grade that the source itself gives; `null` for research and where the source gives none."""
    evidence: EvidenceReport
    population: str | None
    basis: Basis
    conversion: ConversionBasis | None = None
    """Set where the consideration applies to the phenotype under current drugs or smoking, which is not guideline advice; `null`: it
    applies by genotype."""
