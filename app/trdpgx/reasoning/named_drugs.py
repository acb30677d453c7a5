"""Drugs that a source names, as alternatives or otherwise, and on which the same report has something to state.

A source names alternatives for one gene. What the person's other genes and current drugs mean for them it cannot know, and the report does.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from trdpgx.model.consideration import Consideration
from trdpgx.model.library import RuleLibrary
from trdpgx.model.naming import listed
from trdpgx.model.summary import DrugGroups
from trdpgx.reasoning.patient_side import PatientSide
from trdpgx.reasoning.summary.current import beside_current
from trdpgx.texts import phrase

_RESEARCH = "research"
_WORD = re.compile(r"\w[\w-]*")
_GROUPS = ("ruled_out", "change_considered", "sources_differ")


def with_named_drugs(rulebook: RuleLibrary, side: PatientSide, groups: DrugGroups) -> PatientSide:
    """Return what is stated of a person; guidance that names a drug which the report restricts states so behind its text.

    ``groups`` are those of the summary. A drug is restricted too where a source rules it out or advises against it beside what is taken.
    """
    restricted = {group: frozenset(drug.name for drug in getattr(groups, group)) for group in _GROUPS}
    restricted["beside"] = frozenset(beside_current(side.history, side.interactions))
    return replace(side, considerations=tuple(_with_note(rulebook, one, restricted) for one in side.considerations))


def _with_note(rulebook: RuleLibrary, one: Consideration, restricted: Mapping[str, frozenset[str]]) -> Consideration:
    named = () if one.source.name == _RESEARCH else named_drugs(rulebook, one)
    by_group = {group: [drug for drug in named if drug in drugs] for group, drugs in restricted.items()}
    parts = [phrase(f"named_drugs.{group}", drugs=listed(drugs)) for group, drugs in by_group.items() if drugs]
    return one.copy_with(text=f"{one.text} {phrase('named_drugs.note', parts='; '.join(parts))}") if parts else one


def named_drugs(rulebook: RuleLibrary, one: Consideration) -> tuple[str, ...]:
    """Return the drugs of the rules that a consideration names in its text besides those that it is about, in the order of the text."""
    own = {*one.drugs, *(part for drug in one.drugs if drug in rulebook.drugs for part in rulebook.drugs[drug].components)}
    words = dict.fromkeys(_WORD.findall(one.text.lower()))
    return tuple(word for word in words if word in rulebook.drugs and word not in own)
