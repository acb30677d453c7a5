"""Two rulebooks compared by their effect on reports: for which genotypes, about which drugs, and how.

The genotypes are the examples of every rule that was added, removed or changed. A move to another file or line is no change.
"""

from collections.abc import Mapping

from msgspec import Struct

from trdpgx.knowledge.rules.evidence_policy import policy_named
from trdpgx.knowledge.rules.examples import ExampleError, fires
from trdpgx.knowledge.rules.phrases import example_text
from trdpgx.model.library import ReferenceLibrary, RuleLibrary
from trdpgx.model.rule import Example, Rule

_POSITION = {"file", "line"}


class ReportChange(Struct, frozen=True):
    """The lines that a report for this genotype would lose, and those it would gain. Each line is one consideration in short."""

    genotype: str
    gone: tuple[str, ...]
    new: tuple[str, ...]


class RulebookDifference(Struct, frozen=True):
    """The ids of rules that were added, removed and changed (with the fields that did), and what that does to reports."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    reports: tuple[ReportChange, ...]


def compare(old: RuleLibrary, new: RuleLibrary, reference: ReferenceLibrary) -> RulebookDifference:
    """Return what has changed from the old rulebook to the new one."""
    before, after = _as_reported(old), _as_reported(new)
    added = tuple(name for name in after if name not in before)
    removed = tuple(name for name in before if name not in after)
    changed = {
        name: tuple(field for field in after[name] if before[name].get(field) != after[name][field])
        for name in after
        if name in before and before[name] != after[name]
    }
    touched = {*added, *removed, *changed}
    was, now = ([rule for rule in library.rules if rule.id in touched] for library in (old, new))
    examples = {example_text(example): example for rule in (*was, *now) for example in rule.examples}
    reports = []
    for genotype, example in examples.items():
        lost = [line for rule in was if _fires(rule, example, reference) for line in _lines(rule, old)]
        gained = [line for rule in now if _fires(rule, example, reference) for line in _lines(rule, new)]
        gone, come = tuple(line for line in lost if line not in gained), tuple(line for line in gained if line not in lost)
        if gone or come:
            reports.append(ReportChange(genotype, gone, come))
    return RulebookDifference(added, removed, changed, tuple(reports))


def _as_reported(library: RuleLibrary) -> dict[str, dict[str, object]]:
    """Return what reports have of every rule: its fields, the words of its codes, its strength."""
    policy = policy_named(library.policy)
    return {
        rule.id: {
            **rule.model_dump(exclude=_POSITION),
            "words": _words(rule, library),
            "directions": [library.actions[code].direction for code in rule.actions],
            "strength": policy.grade(rule.evidence, rule.verification, rule.grade),
        }
        for rule in library.rules
    }


def _fires(rule: Rule, example: Example, reference: ReferenceLibrary) -> bool:
    try:
        return fires(rule, example, reference)
    except ExampleError:
        return False


def _words(rule: Rule, library: RuleLibrary) -> tuple[str, str]:
    implication = " ".join(library.implications[code].text for code in rule.implications)
    return implication, " ".join(library.actions[code].text for code in rule.actions)


def _lines(rule: Rule, library: RuleLibrary) -> list[str]:
    strength = policy_named(library.policy).grade(rule.evidence, rule.verification, rule.grade)[0]
    source = f"{rule.source.name}, {rule.grade}" if rule.grade else rule.source.name
    implication, action = _words(rule, library)
    dose = ", ".join(f"{name} {value}" for name, value in rule.dose_words.items())
    parts = (rule.text or implication, action, f"[{dose}]" if dose else "", rule.note or "")
    statement = f"{source} (evidence {strength.replace('_', ' ')}): {' '.join(part for part in parts if part)}"
    return [f"{drug}: {statement}" for drug in rule.drugs]
