"""A text with its parts: a format may mark or leave out a part by its kind, and never has to search the text."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple, Self

from pydantic import PrivateAttr

from trdpgx.model.base import Model


class PartKind(StrEnum):
    """What a part of a text states."""

    STATED = "stated"
    """What the text is there for."""
    LIMIT = "limit"
    """What weakens a statement."""
    OPEN = "open"
    """That the phenotype of a gene is open."""
    PRESUMED = "presumed"
    """That two ordinary copies of genes are presumed."""
    NOTHING = "nothing"
    """That nothing follows by genotype."""
    LEVELS = "levels"
    """Levels that a source expects, or studies report, although no source asks for a change."""
    FIGURES = "figures"
    """That figures of doses are for one gene each, and none is for both."""
    CONVERTED = "converted"
    """What holds of the phenotype under current drugs."""
    NOT_SEEN = "not_seen"
    """Genes of which nothing was seen."""
    DIFFER = "differ"
    """That sources point in different directions."""
    DIFFER_CONVERTED = "differ_converted"
    """How sources differ on the phenotype under current drugs; its statements are what each states."""
    DIFFER_ON_CONDITIONS = "differ_on_conditions"
    """How sources differ in what only the course of treatment would ask for; its statements are ids of considerations."""
    BESIDE = "beside"
    """An interaction with what is taken."""
    COPIES = "copies"
    """That a source would speak against the drug with another number of copies of a gene."""
    OTHER_RESULT = "other_result"
    """What a result of a gene would mean for the drug that is not the reported one."""
    INHIBITS = "inhibits"
    """That the drug itself makes the phenotype of a gene slower while it is taken."""
    LEAD = "lead"
    """That what follows holds by genotype."""
    CAUSE = "cause"
    """The cause of a changed exposure; its statements are the classes of effects on enzymes."""


class TextPart(NamedTuple):
    """A part of a text, with its statements where a format needs them.

    ``statements`` are sentences without their full stop, genes where the part is about genes, or the combinations of diplotypes for which
    it holds; ``about`` is the conversion that the part is about, the key of a text, what the part states in brief (without figures of
    doses), or how many combinations are possible. ``source`` is who states it, with the genes.
    """

    kind: PartKind
    text: str
    statements: tuple[str, ...] = ()
    about: str = ""
    source: str = ""


class Composed(Model):
    """A model with a text of parts. The parts are no field: a report that was read from a file has the text alone."""

    _parts: tuple[TextPart, ...] = PrivateAttr(default=())

    def __eq__(self, other: object) -> bool:
        """Whether all fields are the same, whether or not the parts are known."""
        return self.__dict__ == other.__dict__ if isinstance(other, type(self)) else NotImplemented

    __hash__ = Model.__hash__

    @property
    def parts(self) -> tuple[TextPart, ...]:
        """The parts of the text in their order; empty where the text alone is known."""
        private = self.__pydantic_private__  # pydantic's own way to it takes seven times as long
        parts: tuple[TextPart, ...] = private["_parts"] if private else ()
        return parts

    def copy_with(self, **values: Any) -> Self:
        """Return a copy with other values and the same parts: of another text they are what it was before."""
        return super().copy_with(**values).with_parts(self.parts)

    def with_parts(self, parts: Iterable[TextPart]) -> Self:
        """Return the model itself, which now knows the parts of its text."""
        self._parts = tuple(parts)
        return self


def brief(parts: Iterable[TextPart]) -> list[TextPart]:
    """Return parts without figures of doses."""
    kept = (part for part in parts if part.kind is not PartKind.FIGURES)
    return [part._replace(text=f"{part.about}.") if part.kind is PartKind.STATED and part.about else part for part in kept]


def joined(parts: Iterable[TextPart]) -> str:
    """Return the text of parts."""
    return " ".join(part.text for part in parts if part.text)
