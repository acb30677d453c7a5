"""A rule, an entry, an explanation and a difference as text for a terminal."""

from collections.abc import Iterator, Sequence

from trdpgx.knowledge.rules.difference import RulebookDifference
from trdpgx.knowledge.rules.evidence_policy import policy_named
from trdpgx.knowledge.rules.phrases import condition_text, example_text
from trdpgx.model.evidence import Citation, EvidenceItem
from trdpgx.model.library import RuleLibrary
from trdpgx.model.rule import Entry, Rule
from trdpgx.reasoning.explanation import Explanation
from trdpgx.report.text.wrapped import wrapped


def show_rule(rule: Rule, library: RuleLibrary) -> str:
    """Return all of a rule, with its evidence, file and line."""
    strength, conflict = policy_named(library.policy).grade(rule.evidence, rule.verification, rule.grade)
    source = " ".join(str(part) for part in (rule.source.name, rule.source.year or "") if part)
    lines = [
        f"{rule.id}   ({rule.file}:{rule.line})",
        *field("source", f"{source}{f', {rule.grade}' if rule.grade else ''}{_cited(rule.source.citation)}"),
        *field("about", f"{', '.join(rule.drugs)}; {rule.domain}"),
        *field("when", "; and ".join(condition_text(condition) for condition in rule.when)),
        *field("finding", rule.text or " ".join(library.implications[code].text for code in rule.implications)),
        *field("considers", " ".join(library.actions[code].text for code in rule.actions)),
        *(line for name, value in rule.dose_words.items() for line in field(f"dose, {name}", value)),
        *field("note", rule.note),
        *field("in whom", rule.population),
        *field("verdict", rule.verdict.replace("_", " ")),
        *field("authority", f"{rule.authority.grade}: {rule.authority.key}" if rule.authority else None),
        *field("evidence", f"{strength.replace('_', ' ')} by {library.policy}{f'; {conflict}' if conflict else ''}"),
        *(line for item in rule.evidence for line in field("", _item(item))),
        *field("known", f"{rule.verification.state}: {rule.verification.where}"),
        *field("reviewed", f"{rule.reviewed.by}, {rule.reviewed.day}" if rule.reviewed else None),
        *field("fires for", "; ".join(map(example_text, rule.examples))),
        *field("not for", "; ".join(map(example_text, rule.counter_examples))),
    ]
    return "\n".join(lines)


def show_entry(entry: Entry) -> str:
    """Return all of an entry: what was examined, and why it has no rule."""
    lines = [
        f"{entry.id}   ({entry.file}:{entry.line})",
        *field("about", ", ".join((*entry.genes, *entry.variants, *entry.drugs))),
        *field("no rule", entry.reason.replace("_", " ")),
        *field("why", entry.text),
        *(line for item in entry.evidence for line in field("read", _item(item))),
        *field("known", f"{entry.verification.state}: {entry.verification.where}"),
    ]
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
        lines += [line for text in report.gone for line in wrapped(text, "  - ")]
        lines += [line for text in report.new for line in wrapped(text, "  + ")]
    return "\n".join(lines) if lines else "no difference that a report would show"


def _listed(what: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"{what}: {len(names)}"
        yield from (f"  {name}" for name in names)


def _item(item: EvidenceItem) -> str:
    people = f", N={item.n}" if item.n else ""
    about = "".join(f", {part}" for part in (item.population, f"outcome: {item.outcome}" if item.outcome else None) if part)
    note = f": {item.note}" if item.note else ""
    return f"{item.stance}  {item.citation.label} ({item.design.replace('_', ' ')}{people}{about}){note} [{item.verification.state}]"


def _cited(citation: Citation | None) -> str:
    if citation is None:
        return ""
    identifier = f"PMID {citation.pmid}" if citation.pmid else citation.doi or citation.pmcid or citation.url
    return f"; {citation.text} ({identifier})"


def field(name: str, value: str | None, width: int = 12) -> Iterator[str]:
    """Yield a value in lines, the first after its name in ``width`` characters; nothing where there is no value."""
    if value:
        yield from wrapped(value, f"  {name:<{width}} ")
