"""The summary of a report: what stands out, by drug and by gene, and what was not seen. Schema 1.1."""

from typing import Literal

from pydantic import Field

from trdpgx.model.base import Model
from trdpgx.model.gene import Phenotype


class AttentionReport(Model):
    """One sentence on something that stands out."""

    text: str
    considerations: tuple[str, ...] = ()
    """Ids of the considerations that it rests on."""


class SummaryDrug(Model):
    """A drug in one of the groups of the summary, with one line about it."""

    name: str
    text: str
    considerations: tuple[str, ...] = ()
    """Ids of the considerations that it rests on."""


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
    """The sources that looked ask for no change."""
    not_covered: tuple[SummaryDrug, ...] = ()
    """Nothing follows, and why (see `looked_at`)."""


class SummaryGene(Model):
    """A gene in words: the call, what it means, how sure that is, and what is known of its copies."""

    gene: str
    text: str
    phenotype: Phenotype | None = None
    """As in `genes[]`; `null` where it is open or was not called."""
    certainty: Literal["stated", "assumed", "open", "not_called"]
    copy_number: str | None = None
    """As in `genes[].copy_number.status`."""


class SettleReport(Model):
    """A question that is open, and the test or site that would close it."""

    question: str
    test: str
    """What would settle it: a site by rsID, a copy-number method, an HLA test, a blood level."""
    gene: str | None = None
    drugs: tuple[str, ...] = ()
    """Drugs whose considerations wait for it."""


class NotSeenReport(Model):
    """Something that was not seen or not given, and what is therefore not cleared."""

    code: str
    """Stable identifier in lower_snake_case."""
    text: str
    drugs: tuple[str, ...] = ()


class Summary(Model):
    """What a reader should see first. It repeats parts of the report, and adds nothing."""

    attention: tuple[AttentionReport, ...] = Field(default=(), max_length=6)
    """What stands out, the most important first: at most six sentences."""
    drugs: DrugGroups
    genes: tuple[SummaryGene, ...] = ()
    resistance: tuple[AttentionReport, ...] = ()
    """What bears on resistance itself (candidate findings, rare variants of the exome-study genes), with its evidence, without a score."""
    not_seen: tuple[NotSeenReport, ...] = ()
    settle: tuple[SettleReport, ...] = ()
