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
    """Possible reasons: `definition` (of an allele), `function` (or activity value of an allele), `phenotype_table`, `unseen_alleles`
    (which alleles are counted as possibly hidden), `copy_number` (how records of it are read), `criteria` (for rare variants), `reference`
    or `rules` (where no more is known), `genotype` and `options` (where the two reports are not of one input or one request), `software`,
    `not_kept` (the genotypes, in a report of schema 1.0)."""
    certain: bool
    """Whether the two reports show that these are the only reasons."""
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
    """What has changed in a consideration that both reports have: its text, the strength or the items of its evidence, its source, or the
    diplotypes that it applies to."""
    old_text: str | None = None
    new_text: str | None = None
    old_strength: str | None = None
    new_strength: str | None = None
    superseded_by: str | None = None
    """For a removed consideration: the rule that replaced it, of a later source with the same name, drugs and genes."""
    reasons: tuple[ConsiderationReason, ...]
    certain: bool
    """Whether the two reports show that these are the only reasons."""
    why: str


class SourceChange(Model):
    """A source that another one has superseded."""

    old: str
    new: str
    rules: tuple[str, ...]
    """Rules of the considerations from this source."""


class ReleaseChange(Model):
    """A part of the knowledge or program that differs between the two reports."""

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
    """Whether the statements of the reports differ; ids, dates and releases do not count."""
    calls: tuple[CallChange, ...] = ()
    considerations: tuple[ConsiderationChange, ...] = ()
    sources: tuple[SourceChange, ...] = ()
    software: SoftwareChange
    releases: tuple[ReleaseChange, ...] = ()
    others: tuple[str, ...] = ()
    """Other parts of the report that differ, by their name in the schema."""
    not_redone: tuple[str, ...] = ()
    """Parts of the older report that could not be computed again, in words."""


class Reannotation(Model):
    """Today's report, made from an earlier one, and the differences."""

    report: Report
    diff: ReportDiff
