"""The difference between two reports, as it is answered."""

from datetime import datetime
from typing import Literal

from trdpgx.model.base import Model
from trdpgx.model.report import Report

CallReason = Literal[
    "genotype",
    "definition",
    "function",
    "phenotype_table",
    "unseen_alleles",
    "copy_number",
    "criteria",
    "reference",
    "rules",
    "options",
    "software",
    "not_kept",
]
Aspect = Literal["reworded", "strength", "source", "evidence", "scope"]
ConsiderationReason = Literal["call", "context", "rule", "reference", "options", "software"]


class ComparedReport(Model):
    """One of the two reports."""

    report_id: str
    created_at: datetime
    schema_version: str
    software_version: str
    rules_release: str
    reference_release: str


class CallChange(Model):
    """A call that has changed, and why."""

    kind: Literal["gene", "variant", "rare_variant"]
    name: str
    """Gene, id of the variant, or gene and position of the rare variant."""
    old: str | None
    """The call in words; `null` where there was none."""
    new: str | None
    reasons: tuple[CallReason, ...]
    """What can have made it: `definition` (of an allele), `function` (or activity value of an allele), `phenotype_table`, `unseen_alleles`
    (what is reckoned with of those that the sites seen do not exclude), `copy_number` (how records of it are read), `criteria` (for rare
    variants), `reference` or `rules` (where no more is known), `genotype` and `options` (where the two reports are not of one input or
    one request), `software`, `not_kept` (the genotypes, in a report of schema 1.0)."""
    certain: bool
    """Whether the two reports tell that it is these reasons and no other."""
    why: str


class ConsiderationChange(Model):
    """A consideration that was added or removed, or has changed."""

    change: Literal["added", "removed", "changed"]
    rule_id: str
    drugs: tuple[str, ...]
    genes: tuple[str, ...]
    source: str
    """Name and year of the source, as the newer report has it."""
    aspects: tuple[Aspect, ...] = ()
    """What is different of one that was there: its words, the strength or the items of its evidence, its source, or for which of the
    possible diplotypes it holds."""
    old_text: str | None = None
    new_text: str | None = None
    old_strength: str | None = None
    new_strength: str | None = None
    superseded_by: str | None = None
    """For one that was removed: the rule of a later source with the same name, on the same drugs and genes, that came instead."""
    reasons: tuple[ConsiderationReason, ...]
    certain: bool
    """Whether the two reports tell that it is these reasons and no other."""
    why: str


class SourceChange(Model):
    """A source that another one has superseded."""

    old: str
    new: str
    rules: tuple[str, ...]
    """Rules of the considerations that rest on it."""


class ReleaseChange(Model):
    """One part of what made the reports, where it is not the same."""

    part: Literal["rules", "rules_layers", "reference", "evidence_policy", "schema", "open_from_chance"]
    old: str
    new: str


class SoftwareChange(Model):
    """The program that made the reports."""

    old: str
    new: str
    changed: bool
    only: bool
    """Whether only the program has changed: knowledge, options and input are the same."""


class ReportDiff(Model):
    """What is different between two reports of one sample."""

    old: ComparedReport
    new: ComparedReport
    sample: str
    same_input: bool
    """Whether both reports are of the same file and sample."""
    changed: bool
    """Whether anything is different of what the reports state: neither their ids and days nor the releases count."""
    calls: tuple[CallChange, ...] = ()
    considerations: tuple[ConsiderationChange, ...] = ()
    sources: tuple[SourceChange, ...] = ()
    software: SoftwareChange
    releases: tuple[ReleaseChange, ...] = ()
    others: tuple[str, ...] = ()
    """Other parts of the report that are not the same, by their name in the schema."""
    not_redone: tuple[str, ...] = ()
    """What of the older report could not be worked out anew, in words."""


class Reannotation(Model):
    """Today's report of an earlier one, and what is different in it."""

    report: Report
    diff: ReportDiff
