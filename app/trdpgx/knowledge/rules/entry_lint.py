"""Whether each entry without a rule still holds beside the rules and the reference: findings of ``trdpgx rules check``.

An entry about a drug alone is shown where no rule on that drug applies. So a new rule can contradict it, or hide what it states.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from trdpgx.knowledge.finding import Finding
from trdpgx.knowledge.rules.sources import RuleSources
from trdpgx.model.authority import Verdict
from trdpgx.model.library import ReferenceLibrary, RuleLibrary
from trdpgx.model.rule import Entry, Reason, Rule

_RSID = re.compile(r"rs[1-9]\d*")


def entry_findings(layers: Sequence[RuleSources], library: RuleLibrary, reference: ReferenceLibrary) -> Iterator[Finding]:
    """Yield entries that the reference or a rule makes untrue or hides; ``layers`` ends with the folder that is checked."""
    yield from _of_names(library, reference)
    sources = layers[-1]
    own = {document.file for document in sources.documents.values()}
    listed = {entry.id: entry.rules_on for layer in layers for file in layer.files.values() for entry in file.entries}
    for entry in library.entries:
        on_drugs = {drug: [rule for rule in library.rules if drug in rule.drugs] for drug in entry.drugs}
        if not (entry.genes or entry.variants or entry.reason is Reason.ABOUT_TESTING):
            for drug, rules in on_drugs.items():
                yield from _of_drug(entry, drug, rules, listed[entry.id], own)
        for drug in listed[entry.id]:
            if not on_drugs.get(drug):
                fault = "no rule is on it" if drug in on_drugs else "the entry is not about it"
                yield Finding(entry.file, entry.line, f"{entry.id}: 'rules_on' lists {drug}, but {fault}")


def _of_names(library: RuleLibrary, reference: ReferenceLibrary) -> Iterator[Finding]:
    """Yield entries whose id a rule has, and variants that are unknown or have a position."""
    rules = {rule.id: rule for rule in library.rules}
    placed = {variant.id for variant in reference.variants if variant.site is not None}
    named = {variant.id for variant in reference.variants}
    for entry in library.entries:
        if entry.id in rules:
            rule = rules[entry.id]
            yield Finding(entry.file, entry.line, f"the id '{entry.id}' is taken by {rule.file}:{rule.line}")
        for variant in entry.variants:
            if variant not in named and not _RSID.fullmatch(variant):
                yield Finding(entry.file, entry.line, f"{entry.id}: '{variant}' is neither a variant of the reference nor an rsID")
            if entry.reason is Reason.NO_POSITION and variant in placed:
                yield Finding(entry.file, entry.line, f"{entry.id}: the reference has a position for {variant}")


def _of_drug(entry: Entry, drug: str, rules: Sequence[Rule], listed: Collection[str], own: Collection[str]) -> Iterator[Finding]:
    """Yield the rules that contradict an entry about a drug alone, and the first that hides it while ``listed`` lacks the drug."""
    contradicting = [rule for rule in rules if _contradicts(rule, entry.reason)]
    for rule in contradicting:
        position = rule if rule.file in own else entry
        remedy = f"take {drug} off that entry, or name the genes of which it still holds"
        if entry.file not in own:
            remedy += "; in a folder of your own, write an entry with its id that does"
        fault = f"{drug} has an entry of the reason '{entry.reason}', {entry.id} ({entry.file}:{entry.line}), which this rule contradicts"
        yield Finding(position.file, position.line, f"{rule.id}: {fault}: {remedy}")
    if rules and not contradicting and drug not in listed and entry.file in own:
        rule = next((rule for rule in rules if rule.file in own), rules[0])
        position = rule if rule.file in own else entry
        fault = f"where this rule applies, reports leave out the entry {entry.id} ({entry.file}:{entry.line}) on {drug}"
        remedy = f"repeat in the text of the rule what of the entry still holds, then write {drug} under 'rules_on' of the entry"
        yield Finding(position.file, position.line, f"{rule.id}: {fault}: {remedy}")


def _contradicts(rule: Rule, reason: Reason) -> bool:
    """Return whether the rule states what the reason denies: advice of a guideline or regulator, or that any gene matters."""
    if reason is Reason.NO_GUIDELINE:
        return rule.authority is not None and rule.verdict is not Verdict.NO_RECOMMENDATION
    return reason is Reason.NO_GENETIC_CLAIM
