"""The drugs for which a source considers a change: at once, in the course of treatment, under current drugs, or by what is not settled."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from trdpgx.knowledge.rules.schema.phenoconversion import PhenoconversionFile
from trdpgx.model.composed import PartKind
from trdpgx.model.consideration import Consideration
from trdpgx.model.evidence import VerificationState
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.summary import AttentionReport, DrugGroups, SummaryDrug
from trdpgx.reasoning.directions import CHANGING
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.reservations import Reservation, reservation
from trdpgx.reasoning.statements import risks_named
from trdpgx.reasoning.summary.drug_groups import changes_course, drugs_by_conversion
from trdpgx.texts import listed, phrase

_NAMED = 12
"""So many names stand in one sentence."""
_NOT_SETTLED = frozenset({"waiting", "assumed"})
"""Groups of ``ConsideredDrugs`` of which no sentence states that a change is considered."""


class ConsideredDrugs(NamedTuple):
    """Drugs of the group "change considered", each in one of these."""

    at_once: tuple[SummaryDrug, ...] = ()
    some: tuple[SummaryDrug, ...] = ()
    """For some of the possible diplotypes only."""
    later: tuple[SummaryDrug, ...] = ()
    """Only if the course of treatment asks for it."""
    disputed: tuple[SummaryDrug, ...] = ()
    """Only by a call that something contradicts."""
    waiting: tuple[SummaryDrug, ...] = ()
    """What sources consider depends on a gene whose phenotype is open."""
    assumed: tuple[SummaryDrug, ...] = ()
    """It rests on sites that were assumed."""
    asked: tuple[SummaryDrug, ...] = ()
    """A source itself asks for a change beside what is taken."""
    asked_excepting: tuple[SummaryDrug, ...] = ()
    """The same, but for a use of the drug; under its name stands what is asked for."""
    asked_unverified: tuple[SummaryDrug, ...] = ()
    """The same as other references state it, which was not read in the source."""
    carried: tuple[SummaryDrug, ...] = ()
    """Sources consider one of the phenotype under current drugs."""
    carried_by_some: tuple[SummaryDrug, ...] = ()
    """The same by some methods, lists or diplotypes only."""
    contraindicated: tuple[SummaryDrug, ...] = ()
    """A source considers a change, and another calls the drug contraindicated beside what is taken or for what was stated."""


def considered_drugs(
    rulebook: RuleLibrary,
    groups: DrugGroups,
    considerations: Mapping[str, Consideration],
    genes: Mapping[str, GeneReport],
    *,
    named: Collection[str] = (),
    contraindicated: Collection[str] = (),
) -> ConsideredDrugs:
    """Return the drugs for which a change is considered, without those that are ``named`` elsewhere.

    ``considerations`` are those of the report by id, ``genes`` the person's by name; ``contraindicated`` has the drugs that a source calls
    so beside what is taken or for what was stated.
    """
    asked, carried = drugs_by_conversion(considerations.values())
    by_some = held_by_some({*carried}, considerations.values())
    found: dict[str, list[SummaryDrug]] = {name: [] for name in ConsideredDrugs._fields}
    for drug in groups.change_considered:
        if drug.name in named:
            continue
        key: str | None
        entry = drug
        if drug.name in asked:
            key, entry = _asked(rulebook, drug, considerations.values())
        elif drug.name in carried:
            key = "carried_by_some" if drug.name in by_some else "carried"
        else:
            key = _by_genotype(rulebook, [considerations[identity] for identity in drug.considerations], genes)
        if key and drug.name in contraindicated and key not in _NOT_SETTLED:
            key, entry = "contraindicated", drug
        if key:
            found[key].append(entry)
    risky = {drug for one in considerations.values() if one.conversion is None and risks_named(one) for drug in one.drugs}
    # a long list is cut, and what a source ties to a risk must not be among "more"
    return ConsideredDrugs(**{name: tuple(sorted(ones, key=lambda drug: drug.name not in risky)) for name, ones in found.items()})


def _asked(rulebook: RuleLibrary, drug: SummaryDrug, considerations: Iterable[Consideration]) -> tuple[str, SummaryDrug]:
    """Return the group of a drug for which a source itself asks for a change, and the drug under the name that stands there."""
    mine = [one for one in considerations if one.conversion and one.conversion.guideline and drug.name in one.drugs]
    sources = {one.source.name for one in mine}
    rows = rulebook.clinical.of(PhenoconversionFile).asked_for.values()
    states = {row.verification.state for row in rows if row.drug == drug.name and row.source in sources}
    if states == {VerificationState.UNVERIFIED}:
        return "asked_unverified", drug
    actions = [rulebook.actions[code] for one in mine for code in one.action.codes]
    excepting = dict.fromkeys(action.short for action in actions if action.with_exception and action.short)
    if not excepting:
        return "asked", drug
    name = phrase("attention.with_exception", name=drug.name, stated="; ".join(excepting))
    return "asked_excepting", drug.copy_with(name=name)


def held_by_some(drugs: Collection[str], considerations: Iterable[Consideration], *, against: bool = False) -> frozenset[str]:
    """Return the drugs of which everything under current drugs is by some methods, lists or diplotypes only.

    ``against`` asks for what speaks against the drug, otherwise for what asks for a change.
    """
    counted = [
        one
        for one in considerations
        if one.source.name != RESEARCH
        and one.conversion is not None
        and (one.action.against if against else CHANGING.intersection(one.action.directions))
    ]
    sure = {drug for one in counted if one.basis.holds_for == "all" for drug in one.drugs}
    return frozenset(drug for one in counted for drug in one.drugs if drug in drugs and drug not in sure)


def considered_sentences(considered: ConsideredDrugs) -> Iterator[AttentionReport]:
    """Yield what is considered, what is sure first, then which of it a source rules out or advises against beside what is taken."""
    first = considered.at_once or considered.some
    yield from _of_drugs(considered.at_once, "attention.source_considers_another_dose")
    yield from _of_drugs(considered.some, "attention.others_by_some" if considered.at_once else "attention.source_considers_by_some")
    yield from _of_drugs(considered.later, "attention.others_later" if first else "attention.source_considers_later")
    yield from _of_drugs(considered.disputed, "attention.source_considers_if_right")
    yield from _of_drugs((*considered.asked, *considered.asked_excepting), "attention.asked_beside")
    yield from _of_drugs(considered.asked_unverified, "attention.asked_beside_unverified")
    yield from _of_drugs(considered.carried, "attention.by_conversion")
    by_some = "attention.others_by_some_methods" if considered.carried else "attention.by_some_methods"
    yield from _of_drugs(considered.carried_by_some, by_some)
    settled = (*considered.at_once, *considered.some, *considered.later, *considered.disputed)
    asked = (*considered.asked, *considered.asked_excepting, *considered.asked_unverified)
    yield from beside((*settled, *asked, *considered.carried, *considered.carried_by_some))
    yield from _of_drugs(considered.contraindicated, "attention.considered_though_contraindicated")


def beside(drugs: Sequence[SummaryDrug]) -> Iterator[AttentionReport]:
    """Yield which of the drugs a source rules out or advises against beside what is taken; none of them is "more"."""
    names = [drug.name for drug in drugs if any(part.kind is PartKind.BESIDE for part in drug.parts)]
    if names:
        yield AttentionReport(text=phrase("attention.restricted_beside", names=listed(names)))


def _by_genotype(rulebook: RuleLibrary, considerations: Sequence[Consideration], genes: Mapping[str, GeneReport]) -> str | None:
    """Return the group of a drug by what is stated by genotype; none where a disputed result alone keeps it from "no change"."""
    guidance = [one for one in considerations if one.source.name != RESEARCH and one.conversion is None]
    changing = [one for one in guidance if changes_course(rulebook, one)]
    at_once = [one for one in changing if CHANGING.intersection(one.action.directions)]
    found = reservation(at_once or changing or guidance, genes)
    if found is Reservation.OPEN:
        return "waiting"
    if found is Reservation.ASSUMED:
        return "assumed"
    if not changing:
        return None
    if found is Reservation.DISPUTED:
        return "disputed"
    if not at_once:
        return "later"
    return "some" if found is Reservation.SOME else "at_once"


def _of_drugs(drugs: Sequence[SummaryDrug], sentence: str) -> Iterator[AttentionReport]:
    if drugs:
        considerations = tuple(dict.fromkeys(identity for drug in drugs for identity in drug.considerations))
        yield AttentionReport(
            text=phrase(sentence, count=len(drugs), names=some_listed([drug.name for drug in drugs])), considerations=considerations
        )


def some_listed(names: Sequence[str]) -> str:
    """Return "a, b and c", or the first names and how many more there are."""
    if len(names) > _NAMED:
        return phrase("attention.and_more", names=", ".join(names[: _NAMED - 1]), count=len(names) - _NAMED + 1)
    return listed(names)
