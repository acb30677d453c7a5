"""The highest dose of a drug that holds for anybody, beside a source that points to a higher dose or names a higher limit by genotype."""

from collections.abc import Iterator, Sequence

from trdpgx.model.composed import PartKind, TextPart
from trdpgx.model.rule import Direction, Drug
from trdpgx.reasoning.dose_figures import MG_A_DAY, quantities
from trdpgx.reasoning.headline_words import DirectedConsideration
from trdpgx.texts import phrase


def highest_dose(drug: Drug, stances: Sequence[DirectedConsideration]) -> Iterator[TextPart]:
    """Yield the limit where a source points to a higher dose, at once or in the course of treatment, or names a limit above it.

    Limits are compared by their figures in mg a day. Where none was read, and a source points to a higher dose and names none itself, that
    is stated.
    """
    limit = drug.highest_dose
    raising = [stance for stance in stances if any(Direction.HIGHER in (one.direction, one.toward) for one in stance.plain_actions)]
    if limit is None:
        changes = [stance.consideration.action.dose_change for stance in raising]
        if any(change is None or not change.maximum for change in changes):
            yield TextPart(PartKind.STATED, phrase("highest_dose.not_read"))
        return
    if raising or any(mg > limit.mg_a_day for stance in stances for mg in limits_named(stance)):
        yield TextPart(PartKind.STATED, phrase("highest_dose.limit", source=limit.source, text=limit.text))


def limits_named(stance: DirectedConsideration) -> Iterator[float]:
    """Yield the figures in mg a day of a highest dose that a source names by genotype; nothing where it names none."""
    change = stance.consideration.action.dose_change
    if change and change.maximum and any(action.figure == "maximum" for action in stance.plain_actions):
        yield from quantities(change.maximum).get(MG_A_DAY, ())
