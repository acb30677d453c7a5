"""Where sources state other figures of doses of one drug by genotype, such as another highest dose."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from trdpgx.model.composed import PartKind, TextPart
from trdpgx.model.consideration import Consideration
from trdpgx.reasoning.disagreement import documents
from trdpgx.reasoning.dose_figures import MG_A_DAY, TIME, quantities
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.statements import document_named, proviso
from trdpgx.texts import phrase, section


class _Stated(NamedTuple):
    one: Consideration
    document: str
    figure: str


_Pair = tuple[_Stated, _Stated]


def lower_limit(considerations: Iterable[Consideration]) -> TextPart:
    """Return whose highest dose of one drug by genotype is the lower one, where sources differ; no text where they do not."""
    stated = _stated(considerations, "maximum")
    whose = _whose_lower(pair for pair, _ in _pairs_apart(stated)) if stated else ""
    return TextPart(PartKind.FIGURES, phrase("drugs.lower_limit", source=whose) if whose else "")


def figures_apart(
    drug: str, considerations: Iterable[Consideration], *, under_current_drugs: bool = False
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield where sources state other figures by genotype for the same thing, such as the highest dose; by the same quantity alone.

    ``considerations`` are those on the drug, of which those by genotype are compared, or all where they hold ``under_current_drugs``. A
    share of the usual dose is compared with a share, mg a day with mg a day, and of results that are possible the same with the same.
    Where only the times differ that stand beside one and the same dose, that is what is stated. Of highest doses the lower is named.
    """
    mine = list(considerations)
    for field, name in section("dose_fields").items():
        stated = _stated(mine, field, under_current_drugs=under_current_drugs)
        pairs = _pairs_apart(stated)
        if not pairs:
            continue
        differing = {id(one) for pair, _ in pairs for one in pair}
        apart = [one for one in stated if id(one) in differing]
        only_times = all(units == {TIME} for _, units in pairs)
        text = phrase("contradictions.times" if only_times else "contradictions.figures", field=name, figures="; ".join(map(_named, apart)))
        whose = _whose_lower(pair for pair, _ in pairs) if field == "maximum" else ""
        lower = phrase("contradictions.lower", source=whose) if whose else ""
        yield drug, f"{text}{lower}", tuple(stated.one.id for stated in apart)


def _stated(considerations: Iterable[Consideration], field: str, *, under_current_drugs: bool = False) -> list[_Stated]:
    """Return what guidance states of one field of a dose, by genotype unless all hold ``under_current_drugs``; nothing of one document."""
    asked = (one for one in considerations if under_current_drugs or one.conversion is None)
    changes = [(one, change) for one in asked if (change := one.action.dose_change)]
    mine = [(one, figure) for one, change in changes if (figure := getattr(change, field)) and one.source.name != RESEARCH]
    document = documents(one for one, _ in mine) if len(mine) > 1 else {}
    return [_Stated(one, document[id(one)], figure) for one, figure in mine] if len({*document.values()}) > 1 else []


def _pairs_apart(stated: Sequence[_Stated]) -> list[tuple[_Pair, frozenset[str]]]:
    return [(pair, units) for pair in combinations(stated, 2) if (units := _units_apart(*pair))]


def _whose_lower(pairs: Iterable[_Pair]) -> str:
    """Return whose highest dose is the lower one of each pair, by mg a day; empty where that is not one source, or not known by them."""
    lower = [one for pair in pairs if (one := _lower(*pair)) is not None]
    for named in ({document_named(stated.one) for stated in lower}, {stated.one.source.name for stated in lower}):
        if len(named) == 1:
            return named.pop()
    return ""


def _lower(first: _Stated, second: _Stated) -> _Stated | None:
    one, other = (max(quantities(stated.figure).get(MG_A_DAY, ()), default=None) for stated in (first, second))
    if one is None or other is None or one == other:
        return None
    return first if one < other else second


def _named(stated: _Stated) -> str:
    only = proviso(stated.one)
    source = f"{document_named(stated.one)}{f', {only}' if only else ''}"
    return phrase("contradictions.figure", source=source, figure=stated.figure.replace("_", " "))


def _units_apart(first: _Stated, second: _Stated) -> frozenset[str]:
    """Return the units in which figures of two documents differ: those that both name, with other numbers."""
    if first.document == second.document or not _of_one_result(first.one, second.one):
        return frozenset()
    one, other = quantities(first.figure), quantities(second.figure)
    return frozenset(unit for unit in one.keys() & other.keys() if one[unit] != other[unit])


def _of_one_result(one: Consideration, other: Consideration) -> bool:
    """Return whether two statements are about one result: of those that hold for a part of what is possible, by their facts."""
    some = all(stated.basis.holds_for == "some" for stated in (one, other))
    return not some or not {*one.basis.facts}.isdisjoint(other.basis.facts)
