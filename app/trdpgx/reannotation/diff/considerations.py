"""Considerations that were added or removed or have changed, and sources that were superseded."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Literal

from trdpgx.model.report_diff import Aspect, CallChange, ConsiderationChange, ConsiderationReason, SourceChange
from trdpgx.reannotation.diff.context import Compared
from trdpgx.reannotation.diff.views import ConsiderationView
from trdpgx.texts import phrase, section

_Pair = tuple[ConsiderationView | None, ConsiderationView | None]
_WORDS = section("consideration_reasons")


def consideration_changes(compared: Compared, calls: Sequence[CallChange]) -> Iterator[ConsiderationChange]:
    """Yield the considerations that are not the same in both reports, in the order of the newer one, those that went last."""
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
    """Yield the sources that were superseded: of the same rule, or of a rule that went for one of a later year."""
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
    """Yield each consideration of the newer report with that of the older one which it is, and then those that have none."""
    left = dict(enumerate(old))
    partners: list[ConsiderationView | None] = [None] * len(new)
    # One that is the very same first; then one on the same drugs by the same way; then one of the same rule.
    for alike in (_whole, _way, _rule):
        waiting: dict[object, deque[int]] = {}
        for number, other in left.items():
            waiting.setdefault(alike(other), deque()).append(number)
        for number, one in enumerate(new):
            if partners[number] is None and (same := waiting.get(alike(one))):
                partners[number] = left.pop(same.popleft())
    yield from zip(partners, new, strict=True)
    yield from ((one, None) for one in left.values())


def _whole(one: ConsiderationView) -> object:
    return one.model_dump_json()


def _way(one: ConsiderationView) -> object:
    return one.rule_id, one.drugs, one.genes, one.conversion is None


def _rule(one: ConsiderationView) -> object:
    return one.rule_id, one.conversion is None


def _supersedes(one: ConsiderationView, old: ConsiderationView) -> bool:
    """Whether a consideration that came is that of a later source by the same people, on the same drugs and genes."""
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
    texts = "; ".join(_WORDS[reason] for reason in reasons)
    why = f"{texts[:1].upper()}{texts[1:]}." if texts else phrase("diff_considerations.not_known_why")
    if len(reasons) > 1:
        why = phrase("diff_calls.one_of_these", why=why)
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
    if (old.text, old.implication, old.action, old.trigger, old.conversion) != (
        new.text,
        new.implication,
        new.action,
        new.trigger,
        new.conversion,
    ):
        yield "reworded"
    if old.evidence.strength != new.evidence.strength:
        yield "strength"
    if old.source != new.source:
        yield "source"
    if (old.evidence.items, old.evidence.source_grade, old.evidence.conflict) != (
        new.evidence.items,
        new.evidence.source_grade,
        new.evidence.conflict,
    ):
        yield "evidence"
    if (old.basis, old.drugs, old.genes) != (new.basis, new.drugs, new.genes):
        yield "scope"


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
