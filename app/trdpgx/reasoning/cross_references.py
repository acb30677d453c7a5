"""What one part of a report has on a drug that another part names: stated behind the text, so that a reader of one finds the other.

A source names alternatives for one gene; what the person's other genes and current drugs mean for them it cannot know, and the report does.
A highest dose by genotype and one by age, organs or other drugs come from sources that do not know of each other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec.structs import replace

from trdpgx.model.clinical_report import InteractionReport
from trdpgx.model.consideration import Consideration
from trdpgx.model.library import RuleLibrary
from trdpgx.model.summary import DrugGroups
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.patient_side import PatientSide
from trdpgx.reasoning.prepared import PreparedRules, named_drugs
from trdpgx.reasoning.statements import source_named
from trdpgx.reasoning.summary.current import CAP, beside_current
from trdpgx.reasoning.summary.drug_groups import changes_course
from trdpgx.texts import listed, phrase

CONSIDERED = ("ruled_out", "change_considered", "sources_differ", "research_only", "no_change")
"""Groups of the summary of whose drugs the report has considerations, those that it restricts first."""
NOT_SETTLED = "not_settled"
"""Drugs of the group "change considered" of which no source considers one, and only the result is not settled."""


def with_cross_references(rules: PreparedRules, side: PatientSide, groups: DrugGroups) -> PatientSide:
    """Return what is stated of a person; what names a drug on which the report has more elsewhere states so behind its text.

    That is guidance that names a drug of which the report has considerations, with what they come to by ``groups``, those of the
    summary, or an interaction with what is taken; and highest doses of one drug by genotype, and by age, organs or other drugs.
    """
    others = {group: frozenset(drug.name for drug in getattr(groups, group)) for group in CONSIDERED}
    changed = drugs_changed(rules.rulebook, side.considerations)
    others[NOT_SETTLED] = others["change_considered"] - changed
    others["change_considered"] &= changed
    others["beside"] = frozenset(beside_current(side.history, side.interactions))
    capped = frozenset(drug for one in side.interactions if one.severity.startswith(CAP) for drug in one.drugs)
    capping = [one for one in side.considerations if one.source.name != RESEARCH and _caps_dose(rules.rulebook, one)]
    return replace(
        side,
        considerations=tuple(_with_note(rules, one, others, capped) for one in side.considerations),
        interactions=tuple(_with_caps(one, capping) for one in side.interactions),
    )


def drugs_changed(rulebook: RuleLibrary, considerations: Iterable[Consideration]) -> frozenset[str]:
    """Return the drugs for which a source of guidance considers a change, at once or in the course of treatment."""
    changing = (one for one in considerations if one.source.name != RESEARCH and changes_course(rulebook, one))
    return frozenset(drug for one in changing for drug in one.drugs)


def _with_note(rules: PreparedRules, one: Consideration, others: Mapping[str, frozenset[str]], capped: frozenset[str]) -> Consideration:
    if one.source.name == RESEARCH:
        return one
    note = note_on_named(named_drugs(rules.rulebook, one) if one.conversion else rules.named_by(one.rule_id), others)
    notes = [note] if note else []
    if _caps_dose(rules.rulebook, one) and (both_ways := [drug for drug in one.drugs if drug in capped]):
        notes.append(phrase("cross_references.capped_by_person", drugs=listed(both_ways)))
    return one.copy_with(text=" ".join([one.text, *notes])) if notes else one


def note_on_named(named: Sequence[str], others: Mapping[str, Collection[str]]) -> str | None:
    """Return the note behind a text that names these drugs, by what the report has on them (the groups of ``CONSIDERED`` and "beside")."""
    by_group = {group: [drug for drug in named if drug in drugs] for group, drugs in others.items()}
    parts = [phrase(f"named_drugs.{group}", drugs=listed(drugs)) for group, drugs in by_group.items() if drugs]
    return phrase("named_drugs.note", parts="; ".join(parts)) if parts else None


def _caps_dose(rulebook: RuleLibrary, one: Consideration) -> bool:
    """Return whether a source names a highest dose by genotype."""
    return any(rulebook.actions[code].figure == "maximum" for code in one.action.codes)


def _with_caps(one: InteractionReport, capping: Sequence[Consideration]) -> InteractionReport:
    if not one.severity.startswith(CAP):
        return one
    notes = []
    for drug in one.drugs:
        named = [f"{source_named(made)} ({made.id})" for made in capping if drug in made.drugs]
        if named:
            notes.append(phrase("cross_references.capped_by_genotype", drug=drug, named=listed(named)))
    return one.copy_with(text=" ".join([one.text, *notes])) if notes else one
