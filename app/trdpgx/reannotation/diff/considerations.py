"""Considerations that were added or removed or have changed, and sources that were superseded."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from trdpgx.model.report_diff import Aspect, CallChange, ConsiderationChange, ConsiderationReason, SourceChange
from trdpgx.reannotation.diff.calls import why_of
from trdpgx.reannotation.diff.context import Compared
from trdpgx.reannotation.diff.views import ConsiderationView
from trdpgx.texts import phrase, section

_Pair = tuple[ConsiderationView | None, ConsiderationView | None]
_WORDS = section("consideration_reasons")
_ASPECTS: Mapping[Aspect, Callable[[ConsiderationView], object]] = {
    "reworded": lambda one: (one.text, one.implication, one.action, one.trigger, one.conversion),
    "strength": lambda one: one.evidence.strength,
    "source": lambda one: one.source,
    "evidence": lambda one: (one.evidence.items, one.evidence.source_grade, one.evidence.conflict),
    "scope": lambda one: (one.basis, one.drugs, one.genes),
}
"""The part of a consideration that each aspect is about."""


def consideration_changes(compared: Compared, calls: Sequence[CallChange]) -> Iterator[ConsiderationChange]:
    """Yield the considerations that are not the same in both reports, in the order of the newer one, then those that were removed."""
    changed = {name for call in calls for name in (call.name, call.name.partition(" ")[0])}
    changed |= {one.gene for side in compared.variants for one in side.values() if one.id in changed}
    pairs = list(_pairs(*compared.considerations))
    added = [new for old, new in pairs if old is None and new is not None]
    for old, new in pairs:
        if old is None and new is not None:
            yield _change(compared, "added", new, None, new, changed=changed)
        elif old is not None and new is None:
            later = next((one for one in added if _supersedes(one, old)), None)
            yield _change(compared, "removed", old, old, None, changed=changed, superseded_by=later.rule_id if later else None)
        elif old is not None and new is not None and old != new:
            yield _change(compared, "changed", new, old, new, changed=changed)


def source_changes(compared: Compared) -> Iterator[SourceChange]:
    """Yield the sources that were superseded: of the same rule, or of a removed rule by that of an added rule with a later year."""
    rules: dict[tuple[str, str], list[str]] = {}
    pairs = list(_pairs(*compared.considerations))
    added = [new for old, new in pairs if old is None and new is not None]
    for old, new in pairs:
        if old is None:
            continue
        later = next((one for one in added if _supersedes(one, old)), None) if new is None else new
        if later is not None and old.source != later.source:
            rules.setdefault((old.source.words, later.source.words), []).append(later.rule_id)
    for (was, now), names in rules.items():
        yield SourceChange(old=was, new=now, rules=tuple(dict.fromkeys(names)))


def _pairs(old: Sequence[ConsiderationView], new: Sequence[ConsiderationView]) -> Iterator[_Pair]:
    """Yield each consideration of the newer report with its match in the older one, then those of the older one without a match."""
    left = dict(enumerate(old))
    partners: list[ConsiderationView | None] = [None] * len(new)
    # Equal ones match first; then those of a rule on the same drugs and genes; then those of the same rule.
    for key_of in (_whole, _scope, _rule):
        unmatched: dict[object, deque[int]] = {}
        for number, other in left.items():
            unmatched.setdefault(key_of(other), deque()).append(number)
        for number, one in enumerate(new):
            if partners[number] is None and (same := unmatched.get(key_of(one))):
                partners[number] = left.pop(same.popleft())
    yield from zip(partners, new, strict=True)
    yield from ((one, None) for one in left.values())


def _whole(one: ConsiderationView) -> object:
    return one.model_dump_json()


def _scope(one: ConsiderationView) -> object:
    return one.rule_id, one.drugs, one.genes, one.conversion is None


def _rule(one: ConsiderationView) -> object:
    return one.rule_id, one.conversion is None


def _supersedes(one: ConsiderationView, old: ConsiderationView) -> bool:
    """Return whether an added consideration is of a later source with the same name, on one of the drugs and the same genes."""
    return (
        one.source.name == old.source.name
        and (one.source.year or 0) > (old.source.year or 0)
        and bool({*one.drugs} & {*old.drugs})
        and {*one.genes} == {*old.genes}
    )


def _change(
    compared: Compared,
    change: Literal["added", "removed", "changed"],
    shown: ConsiderationView,
    old: ConsiderationView | None,
    new: ConsiderationView | None,
    *,
    changed: set[str],
    superseded_by: str | None = None,
) -> ConsiderationChange:
    reasons = tuple(_reasons(compared, shown, changed))
    why = why_of([_WORDS[reason] for reason in reasons], phrase("diff_considerations.not_known_why"), several=len(reasons) > 1)
    return ConsiderationChange(
        change=change,
        rule_id=shown.rule_id,
        drugs=shown.drugs,
        genes=shown.genes,
        source=shown.source.words,
        aspects=tuple(_aspects(old, new)) if old and new else (),
        old_text=old.text if old else None,
        new_text=new.text if new else None,
        old_strength=old.evidence.strength if old else None,
        new_strength=new.evidence.strength if new else None,
        superseded_by=superseded_by,
        reasons=reasons,
        certain=len(reasons) == 1,
        why=why,
    )


def _aspects(old: ConsiderationView, new: ConsiderationView) -> Iterator[Aspect]:
    for aspect, part_of in _ASPECTS.items():
        if part_of(old) != part_of(new):
            yield aspect


def _reasons(compared: Compared, one: ConsiderationView, changed: set[str]) -> Iterator[ConsiderationReason]:
    """Yield all that can have made the difference."""
    if changed.intersection(one.genes):
        yield "call"
    if compared.context_changed:
        yield "context"
    if compared.rules_changed:
        yield "rule"
    elif compared.reference_changed and not changed.intersection(one.genes):
        yield "reference"
    if compared.options_changed:
        yield "options"
    if compared.software_changed:
        yield "software"
