"""Whether statements that hold for parts of what is possible hold together for all of it.

Each statement that holds for a part knows for which (``parts_held``, in the first part of its basis).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import prod

from trdpgx.model.consideration import Consideration
from trdpgx.reasoning.diplotype_combinations import DiplotypeCombination

_MOST = 64
"""The most combinations that are compared. Of more, statements are not put together."""


def parts_held(holding: Sequence[DiplotypeCombination], possible: Sequence[DiplotypeCombination]) -> tuple[tuple[str, ...], str]:
    """Return the diplotypes for which a statement holds, and how many are possible, as text; of several genes, their combinations.

    Of several genes only those of which more than one diplotype is possible are named. Both are empty where it is not known: where a rule
    asks about a part of a range of activity scores, where an allele is not excluded, or where more than 64 are possible.
    """
    choices = [choice for one in possible for choice in one.choices]
    count = sum(prod(max(1, len(choice.names)) for choice in one.choices) for one in possible)
    if any(choice.part or choice.hidden for choice in choices) or count > _MOST:
        return (), ""
    genes = {choice.gene for choice in choices}
    settled = {gene for gene in genes if len({name for choice in choices if choice.gene == gene for name in choice.names}) < 2}
    return tuple(name for one in holding for name in _named(one, settled, alone=len(genes) == 1)), str(count)


def put_together(considerations: Iterable[Consideration]) -> list[list[Consideration]]:
    """Return considerations in groups: of one source, that state the same of the same genes."""
    alike: dict[object, list[Consideration]] = {}
    for one in considerations:
        alike.setdefault((one.source, one.genes, one.action.codes), []).append(one)
    return list(alike.values())


def diplotypes_held(considerations: Iterable[Consideration]) -> tuple[str, ...]:
    """Return the diplotypes for which statements on the same genes hold, each for a part; empty where that is not known of each."""
    held = [one.basis.parts[0].statements if one.basis.parts and one.basis.holds_for == "some" else () for one in considerations]
    return tuple(dict.fromkeys(name for names in held for name in names)) if all(held) else ()


def hold_for_all(considerations: Sequence[Consideration]) -> bool:
    """Return whether statements on the same genes hold for everything that is possible, one for itself or all together."""
    if any(one.basis.holds_for == "all" for one in considerations):
        return True
    held = diplotypes_held(considerations)
    return bool(held) and {one.basis.parts[0].about for one in considerations} == {str(len(held))}


def _named(combination: DiplotypeCombination, settled: set[str], *, alone: bool) -> Iterator[str]:
    chosen = [choice for choice in combination.choices if choice.gene not in settled]
    for names in product(*([name if alone else f"{choice.gene} {name}" for name in choice.names] for choice in chosen)):
        yield "; ".join(names)
