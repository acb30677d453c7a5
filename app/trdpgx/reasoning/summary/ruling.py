"""What sources rule out or advise against, by how they do, with the sources: every drug is named, none of them is among "more"."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.rule import Against
from trdpgx.model.summary import AttentionReport, DrugGroups, SummaryDrug
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.reservations import Reservation, of_ruling_out
from trdpgx.reasoning.statements import drugs_by_sources, source_in_short
from trdpgx.reasoning.summary.considered import held_by_some
from trdpgx.texts import at_beginning, phrase

_DEPENDING: Mapping[Reservation, str] = MappingProxyType(
    {
        Reservation.NONE: "ruling.seen",
        Reservation.ASSUMED: "ruling.if_assumption_is_right",
        Reservation.DISPUTED: "ruling.if_disputed_is_right",
    }
)


def ruling(
    groups: DrugGroups,
    considerations: Mapping[str, Consideration],
    genes: Mapping[str, GeneReport],
    unsettled: Sequence[SummaryDrug],
    converted: Sequence[SummaryDrug],
) -> Iterator[AttentionReport]:
    """Yield one sentence on what sources rule out or advise against.

    ``unsettled`` has drugs that a source speaks against for a result that is not settled, ``converted`` those that it does under current
    drugs alone; ``considerations`` are those of the report by id, ``genes`` the person's by name.
    """
    guidance = [one for one in considerations.values() if one.source.name != RESEARCH and one.action.against]
    by_genotype = _by_drug(one for one in guidance if one.conversion is None)
    parts = list(_for_what_was_seen(groups.ruled_out, considerations, genes))
    if unsettled:
        key = "ruling.not_settled_by_genotype" if converted else "ruling.not_settled"
        parts += _stated([drug.name for drug in unsettled], by_genotype, key)
    parts += _by_conversion([drug.name for drug in converted], [one for one in guidance if one.conversion is not None])
    if not parts and any(one.source.name != RESEARCH for one in considerations.values()):
        yield AttentionReport(text=phrase("ruling.nothing"))
    if parts:
        concerned = (identity for drug in (*groups.ruled_out, *unsettled, *converted) for identity in drug.considerations)
        yield AttentionReport.of_lines(parts, tuple(dict.fromkeys(concerned)))


def _for_what_was_seen(
    ruled_out: Sequence[SummaryDrug], considerations: Mapping[str, Consideration], genes: Mapping[str, GeneReport]
) -> Iterator[str]:
    """Yield what sources rule out or advise against by genotype, by what that depends on."""
    by_reservation: dict[Reservation, dict[str, list[Consideration]]] = {}
    for drug in ruled_out:
        behind = [considerations[identity] for identity in drug.considerations]
        found = of_ruling_out(behind, genes)
        telling = [one for one in behind if one.basis.holds_for == "all" and one.action.against]
        by_reservation.setdefault(found if found in _DEPENDING else Reservation.NONE, {})[drug.name] = telling
    for found, key in _DEPENDING.items():
        of_drug = by_reservation.get(found, {})
        yield from _stated(of_drug, of_drug, key)


def _by_conversion(drugs: Collection[str], converted: Collection[Consideration]) -> Iterator[str]:
    """Yield what sources rule out or advise against under current drugs, first by every method, then by some only."""
    by_some = held_by_some(drugs, converted, against=True)
    of_drug = _by_drug(converted)
    yield from _stated([drug for drug in drugs if drug not in by_some], of_drug, "ruling.by_conversion")
    yield from _stated([drug for drug in drugs if drug in by_some], of_drug, "ruling.by_some_methods")


def _stated(drugs: Iterable[str], of_drug: Mapping[str, Sequence[Consideration]], key: str) -> Iterator[str]:
    """Yield a sentence for each way in which sources speak against drugs, the gravest first; a drug stands in that of its gravest."""
    by_way: dict[Against, list[tuple[str, str]]] = {}
    for drug in drugs:
        gravest = min((one.action.against for one in of_drug[drug] if one.action.against), key=lambda way: way.rank)
        by_way.setdefault(gravest, []).extend((drug, source_in_short(one)) for one in of_drug[drug] if one.action.against is gravest)
    for way in Against:
        if named := by_way.get(way, []):
            yield at_beginning(phrase(key, way=phrase(f"ruling.{way}"), named=drugs_by_sources(named)))


def _by_drug(considerations: Iterable[Consideration]) -> Mapping[str, list[Consideration]]:
    by_drug: dict[str, list[Consideration]] = {}
    for one in considerations:
        for drug in one.drugs:
            by_drug.setdefault(drug, []).append(one)
    return by_drug
