"""The summary of a report: what stands out, by drug and by gene, and what was not seen. Schema 1.1."""

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import Field

from trdpgx.model.base import Model
from trdpgx.model.composed import Composed, PartKind, TextPart, joined
from trdpgx.model.gene import Phenotype


class AttentionReport(Composed):
    """One sentence of the summary, or several on one subject; its parts are these, one line each."""

    text: str
    considerations: tuple[str, ...] = ()
    """Ids of the considerations behind it."""

    @classmethod
    def of_lines(cls, lines: Iterable[str], considerations: tuple[str, ...] = ()) -> Self:
        """Return what several lines state together; a format may print each by itself."""
        parts = [TextPart(PartKind.STATED, line) for line in lines]
        return cls(text=joined(parts), considerations=considerations).with_parts(parts)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the text; the text alone where they are not known, as in a report that was read from a file."""
        return tuple(part.text for part in self.parts) or (self.text,)


class SummaryDrug(Composed):
    """A drug in one of the groups of the summary, with one line about it."""

    name: str
    text: str
    considerations: tuple[str, ...] = ()
    """Ids of the considerations behind it."""


class DrugGroups(Model):
    """Every drug in exactly one group, in order of importance."""

    ruled_out: tuple[SummaryDrug, ...] = ()
    """A source rules the drug out, or advises against it, for this result."""
    change_considered: tuple[SummaryDrug, ...] = ()
    """A source considers another dose, another drug, or closer watching."""
    sources_differ: tuple[SummaryDrug, ...] = ()
    """The sources point in different directions."""
    research_only: tuple[SummaryDrug, ...] = ()
    """Research findings only; no guideline gives advice for what was seen."""
    no_change: tuple[SummaryDrug, ...] = ()
    """The sources that assessed this result recommend no change."""
    not_covered: tuple[SummaryDrug, ...] = ()
    """No consideration applies; `looked_at` has the reason."""


class SummaryGene(Model):
    """A gene in words: the call, its meaning, its certainty, and its copy number."""

    gene: str
    text: str
    phenotype: Phenotype | None = None
    """As in `genes[]`; `null` where it is open or was not called."""
    certainty: Literal["stated", "assumed", "open", "not_called"]
    copy_number: str | None = None
    """As in `genes[].copy_number.status`."""


class SettleReport(Model):
    """An open question, and the test or site that would answer it."""

    question: str
    test: str
    """What would settle it: a site by rsID, a copy-number method, an HLA test, a blood level."""
    gene: str | None = None
    drugs: tuple[str, ...] = ()
    """Drugs whose considerations depend on it."""


class NotSeenReport(Model):
    """Something that was not seen or not stated, and the drugs that are therefore not cleared."""

    code: str
    """Stable identifier in lower_snake_case."""
    text: str
    drugs: tuple[str, ...] = ()


class Summary(Model):
    """What a reader should see first. It repeats parts of the report, and adds nothing."""

    attention: tuple[AttentionReport, ...] = Field(default=(), max_length=6)
    """At most six sentences, the most important first."""
    drugs: DrugGroups
    genes: tuple[SummaryGene, ...] = ()
    resistance: tuple[AttentionReport, ...] = ()
    """Findings about resistance itself (candidate findings, rare variants of the exome-study genes), with their evidence, without a
    score."""
    not_seen: tuple[NotSeenReport, ...] = ()
    settle: tuple[SettleReport, ...] = ()
