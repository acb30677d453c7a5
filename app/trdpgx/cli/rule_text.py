"""A rule, an entry, an explanation and a difference as a person reads them at a terminal."""

from collections.abc import Iterator, Sequence
from textwrap import fill

from trdpgx.knowledge.rules.difference import RulebookDifference
from trdpgx.knowledge.rules.evidence_policy import policy_named
from trdpgx.knowledge.rules.phrases import condition_text, example_text
from trdpgx.model.evidence import Citation, EvidenceItem
from trdpgx.model.library import RuleLibrary
from trdpgx.model.rule import Entry, Rule
from trdpgx.reasoning.explanation import Explanation

_WIDTH = 100


def show_rule(rule: Rule, library: RuleLibrary) -> str:
    """Return a rule in full, with its evidence and where it stands."""
    strength, conflict = policy_named(library.policy).grade(rule.evidence, rule.verification, rule.grade)
    source = " ".join(str(part) for part in (rule.source.name, rule.source.year or "") if part)
    lines = [
        f"{rule.id}   ({rule.file}:{rule.line})",
        *_field("source", f"{source}{f', {rule.grade}' if rule.grade else ''}{_cited(rule.source.citation)}"),
        *_field("about", f"{', '.join(rule.drugs)}; {rule.domain}"),
        *_field("when", "; and ".join(condition_text(condition) for condition in rule.when)),
        *_field("finding", rule.text or " ".join(library.implications[code].text for code in rule.implications)),
        *_field("considers", " ".join(library.actions[code].text for code in rule.actions)),
    ]
    for name, value in rule.dose_words.items():
        lines += _field(f"dose, {name}", value)
    if rule.note:
        lines += _field("note", rule.note)
    if rule.population:
        lines += _field("in whom", rule.population)
    lines += _field("verdict", rule.verdict.replace("_", " "))
    if rule.authority:
        lines += _field("authority", f"{rule.authority.grade}: {rule.authority.key}")
    lines += _field("evidence", f"{strength.replace('_', ' ')} by {library.policy}{f'; {conflict}' if conflict else ''}")
    for item in rule.evidence:
        lines += _field("", _item(item))
    lines += _field("known", f"{rule.verification.state}: {rule.verification.where}")
    if rule.reviewed:
        lines += _field("reviewed", f"{rule.reviewed.by}, {rule.reviewed.day}")
    lines += _field("fires for", "; ".join(example_text(example) for example in rule.examples))
    if rule.counter_examples:
        lines += _field("not for", "; ".join(example_text(example) for example in rule.counter_examples))
    return "\n".join(lines)


def show_entry(entry: Entry) -> str:
    """Return an entry in full: what was looked at, and why it has no rule."""
    about = ", ".join((*entry.genes, *entry.variants, *entry.drugs))
    lines = [f"{entry.id}   ({entry.file}:{entry.line})", *_field("about", about), *_field("no rule", entry.reason.replace("_", " "))]
    lines += _field("why", entry.text)
    for item in entry.evidence:
        lines += _field("read", _item(item))
    lines += _field("known", f"{entry.verification.state}: {entry.verification.where}")
    return "\n".join(lines)


def show_explanation(explanation: Explanation) -> str:
    """Return whether a rule fires for one person, with each condition and what was found."""
    lines = [f"{explanation.rule.id}: {explanation.verdict}"]
    for combination in explanation.combinations:
        if combination.label:
            lines.append(f"  {'+' if combination.fires else '-'} {combination.label}")
        for answer in combination.conditions:
            lines.append(f"      {'yes' if answer.holds else 'no '}  {answer.asks}: {answer.found}")
    return "\n".join(lines)


def show_difference(difference: RulebookDifference) -> str:
    """Return what has changed between two rulebooks, and what reports would change."""
    lines = [*_listed("added", difference.added), *_listed("removed", difference.removed)]
    lines += _listed("changed", [f"{name} ({', '.join(fields)})" for name, fields in difference.changed.items()])
    for report in difference.reports:
        lines += ["", f"a report for {report.genotype}"]
        lines += [line for text in report.gone for line in _wrapped(text, "  - ")]
        lines += [line for text in report.new for line in _wrapped(text, "  + ")]
    return "\n".join(lines) if lines else "no difference that a report would show"


def _listed(what: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"{what}: {len(names)}"
        yield from (f"  {name}" for name in names)


def _item(item: EvidenceItem) -> str:
    people = f", N={item.n}" if item.n else ""
    where = f", {item.population}" if item.population else ""
    note = f": {item.note}" if item.note else ""
    return f"{item.stance}  {item.citation.label} ({item.design.replace('_', ' ')}{people}{where}){note} [{item.verification.state}]"


def _cited(citation: Citation | None) -> str:
    if citation is None:
        return ""
    identifier = f"PMID {citation.pmid}" if citation.pmid else citation.doi or citation.pmcid or citation.url
    return f"; {citation.text} ({identifier})"


def _field(name: str, value: str) -> list[str]:
    return _wrapped(value, f"  {name:<12} ")


def _wrapped(text: str, lead: str) -> list[str]:
    return fill(text, _WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead)).splitlines()
