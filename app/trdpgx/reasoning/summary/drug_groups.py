"""Every drug of ``rules/drugs.yaml`` in exactly one group of the summary, the most important first."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from trdpgx.model.composed import PartKind, TextPart, joined
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import Certainty, DrugReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.report import LookedAt
from trdpgx.model.rule import Against, Direction
from trdpgx.model.summary import DrugGroups, SummaryDrug
from trdpgx.reasoning.directions import CHANGING
from trdpgx.reasoning.disagreement import opposed
from trdpgx.reasoning.importance import ADVISED_AGAINST, RESEARCH, importance
from trdpgx.texts import phrase

UNSURE = frozenset({Certainty.OPEN, Certainty.ASSUMED, Certainty.DISPUTED, Certainty.UNTESTED})
"""With these limits a "no change" cannot stand as such."""
_THEY_DIFFER = phrase("drugs.they_differ")
"""Behind a headline, which has what each source states."""
_APART = frozenset({PartKind.DIFFER_CONVERTED, PartKind.DIFFER_ON_CONDITIONS})
"""Parts of a drug that stand among what contradicts each other, and not in its row."""
_NOTHING_BESIDE: Mapping[str, str] = MappingProxyType({})
_NOTHING_BEHIND: Mapping[str, Sequence[TextPart]] = MappingProxyType({})


class DrugGroup(StrEnum):
    """The groups, in order: a drug is in the first that fits.

    It is in ``SOURCES_DIFFER`` wherever sources oppose each other and none rules it out.
    """

    RULED_OUT = "ruled_out"
    CHANGE_CONSIDERED = "change_considered"
    SOURCES_DIFFER = "sources_differ"
    RESEARCH_ONLY = "research_only"
    NO_CHANGE = "no_change"
    NOT_COVERED = "not_covered"


def group_drugs(
    rulebook: RuleLibrary,
    silent: Sequence[LookedAt],
    drugs: Sequence[DrugReport],
    considerations: Mapping[str, Consideration],
    *,
    beside: Mapping[str, str] = _NOTHING_BESIDE,
    behind: Mapping[str, Sequence[TextPart]] = _NOTHING_BEHIND,
) -> DrugGroups:
    """Return every drug of the rules in its group.

    ``silent`` has the drugs of which nothing follows, ``considerations`` are those of the report by id. ``beside`` has by drug what holds
    of it beside the drugs that are taken, ``behind`` what else stands behind everything else. Within a group drugs that nothing unseen
    limits come first, then those with the most far-reaching action, then the order of ``rules/drugs.yaml``.
    """
    groups: dict[DrugGroup, list[tuple[bool, int, SummaryDrug]]] = {group: [] for group in DrugGroup}
    reported = {drug.name for drug in drugs}
    graver = graver_by_conversion(considerations.values())
    for drug in drugs:
        mine = [considerations[identity] for identity in drug.considerations]
        group, basis = group_of(rulebook, drug, mine)
        parts = [part for part in drug.parts if part.kind not in _APART]
        if drug.disagreement and opposed(mine):
            if group is DrugGroup.SOURCES_DIFFER:
                parts = _with_difference(parts, TextPart(PartKind.DIFFER, drug.disagreement))
            else:
                parts.append(TextPart(PartKind.DIFFER, _THEY_DIFFER))
        rank = importance((code for one in basis for code in one.action.codes), rulebook.actions)
        if drug.name in graver:
            parts, rank = _converted_first(parts), min(rank, graver[drug.name].rank)
        parts = [TextPart(PartKind.BESIDE, beside[drug.name]), *parts] if drug.name in beside else parts
        parts += behind.get(drug.name, ())
        entry = SummaryDrug(name=drug.name, text=joined(parts), considerations=tuple(one.id for one in basis)).with_parts(parts)
        groups[group].append((drug.certainty in UNSURE, rank, entry))
    for one in silent:
        if one.name not in reported:
            parts = [TextPart(PartKind.BESIDE, beside.get(one.name, "")), TextPart(PartKind.STATED, one.text)]
            parts += behind.get(one.name, ())
            groups[DrugGroup.NOT_COVERED].append((False, 0, SummaryDrug(name=one.name, text=joined(parts)).with_parts(parts)))
    ordered = {group.value: tuple(entry for *_, entry in sorted(entries, key=lambda one: one[:2])) for group, entries in groups.items()}
    return DrugGroups(**ordered)


def _with_difference(parts: Sequence[TextPart], differ: TextPart) -> list[TextPart]:
    """Return the parts of a headline with how the sources differ instead of what they state; what limits it stays."""
    first = [part for part in parts if part.kind in {PartKind.LIMIT, PartKind.OPEN}]
    behind = [part for part in parts if part.kind not in {PartKind.LIMIT, PartKind.OPEN, PartKind.STATED}]
    return [*first, differ, *behind]


def _converted_first(parts: Sequence[TextPart]) -> list[TextPart]:
    """Return the parts with what is stated under current drugs first: the gravest statement on a drug is not hidden behind weaker ones."""
    converted = [part for part in parts if part.kind is PartKind.CONVERTED]
    others = [part for part in parts if part.kind is not PartKind.CONVERTED]
    lead = [] if others[0].kind is PartKind.NOTHING else [TextPart(PartKind.LEAD, phrase("drugs.by_genotype"))]
    return [*converted, *lead, *others]


def unsettled_drugs(groups: DrugGroups, considerations: Sequence[Consideration], *, converted: bool) -> tuple[SummaryDrug, ...]:
    """Return drugs that a source rules out or advises against for what is possible, or by one reading of the source.

    ``converted`` asks for those of which something graver is stated of the phenotype under current drugs than by genotype.
    """
    if converted:
        graver = graver_by_conversion(considerations)
        return tuple(drug for drug in (*groups.ruled_out, *groups.change_considered, *groups.sources_differ) if drug.name in graver)
    ruling = [one for one in considerations if one.source.name != RESEARCH and one.action.against]
    wanted = {drug for one in ruling if one.conversion is None for drug in one.drugs}
    return tuple(drug for drug in (*groups.change_considered, *groups.sources_differ) if drug.name in wanted)


def graver_by_conversion(considerations: Iterable[Consideration]) -> Mapping[str, Against]:
    """Return how a source speaks against drugs under current drugs, by drug, where none does as gravely by genotype."""
    ones = list(considerations)
    by_genotype: dict[str, int] = {}
    for one in ones:
        if (against := one.action.against) and one.conversion is None and one.source.name != RESEARCH:
            by_genotype.update({drug: min(against.rank, by_genotype.get(drug, against.rank)) for drug in one.drugs})
    converted = ruling_by_conversion(ones)
    return {drug: against for drug, against in converted.items() if against.rank < by_genotype.get(drug, len(Against))}


def ruling_by_conversion(considerations: Iterable[Consideration]) -> Mapping[str, Against]:
    """Return how a source speaks against drugs under current drugs, by drug and at the gravest."""
    ruling: dict[str, Against] = {}
    for one in considerations:
        against = one.action.against
        if against and one.conversion is not None and one.source.name != RESEARCH:
            ruling.update({drug: min(against, ruling.get(drug, against), key=lambda one: one.rank) for drug in one.drugs})
    return ruling


def drugs_by_conversion(considerations: Iterable[Consideration]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of drugs for which a source considers a change at once under current drugs, and none does by genotype.

    First those for which a source itself asks for it, then those for which it is carried over from a phenotype.
    """
    changing = [one for one in considerations if one.source.name != RESEARCH and CHANGING.intersection(one.action.directions)]
    at_once = {drug for one in changing if one.conversion is None for drug in one.drugs}
    asked = {drug for one in changing if one.conversion and one.conversion.guideline for drug in one.drugs} - at_once
    carried = {drug for one in changing if one.conversion for drug in one.drugs} - at_once
    return frozenset(asked), frozenset(carried - asked)


def group_of(rulebook: RuleLibrary, drug: DrugReport, mine: Sequence[Consideration]) -> tuple[DrugGroup, Sequence[Consideration]]:
    """Return the group of a drug and the considerations that put it there.

    A consideration by conversion is not advice: it rules nothing out, but a drug with one is not in the group "no change".
    """
    group, basis = _group_by_genotype(rulebook, drug, [one for one in mine if one.conversion is None])
    converted = [one for one in mine if one.conversion is not None and one.source.name != RESEARCH]
    changing = [one for one in converted if changes_course(rulebook, one)]
    quiet = group in {DrugGroup.NO_CHANGE, DrugGroup.RESEARCH_ONLY, DrugGroup.NOT_COVERED}
    return (DrugGroup.CHANGE_CONSIDERED, changing) if quiet and changing else (group, basis)


def _group_by_genotype(rulebook: RuleLibrary, drug: DrugReport, mine: Sequence[Consideration]) -> tuple[DrugGroup, Sequence[Consideration]]:
    guidance = [one for one in mine if one.source.name != RESEARCH]
    ruling = [one for one in guidance if one.action.against in ADVISED_AGAINST]
    if any(one.basis.holds_for == "all" for one in ruling):
        return DrugGroup.RULED_OUT, ruling
    if drug.disagreement and opposed(mine):
        return DrugGroup.SOURCES_DIFFER, guidance
    changing = [one for one in guidance if changes_course(rulebook, one)]
    if changing:
        return DrugGroup.CHANGE_CONSIDERED, changing
    usual = [one for one in guidance if any(_direction(rulebook, code) is Direction.STANDARD for code in one.action.codes)]
    if usual:
        # nothing that was not seen may stand under "no change"
        return (DrugGroup.NO_CHANGE if drug.certainty not in UNSURE else DrugGroup.CHANGE_CONSIDERED), usual
    research = [one for one in mine if one.source.name == RESEARCH]
    return (DrugGroup.RESEARCH_ONLY, research) if research else (DrugGroup.NOT_COVERED, guidance)


def _direction(rulebook: RuleLibrary, code: str) -> Direction:
    return rulebook.actions[code].direction or Direction.NONE


def changes_course(rulebook: RuleLibrary, one: Consideration) -> bool:
    """Whether an action departs from the usual course, at once or if the course of treatment asks for it."""
    return any(_direction(rulebook, code) in CHANGING or rulebook.actions[code].conditional for code in one.action.codes)
