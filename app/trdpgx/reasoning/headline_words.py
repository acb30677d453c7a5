"""What a source points to, in words: the headlines of its actions, held apart by what they are until a sentence is made of them."""

from collections.abc import Iterable, Mapping, Sequence
from operator import is_
from types import MappingProxyType
from typing import NamedTuple, Self

from trdpgx.model.consideration import Action, Consideration
from trdpgx.model.library import RuleLibrary
from trdpgx.model.rule import ActionHeadline, Direction, VocabularyEntry
from trdpgx.reasoning.directions import CHANGING
from trdpgx.reasoning.dose_figures import doses
from trdpgx.texts import both, either, listed, phrase, section

SILENT = frozenset({Direction.NONE})
_DIRECTIONS: Mapping[Direction, ActionHeadline] = MappingProxyType(
    {
        **{Direction(key): ActionHeadline(points_to=text) for key, text in section("pointing_to").items()},
        **{Direction(key): ActionHeadline(states=text) for key, text in section("pointing").items()},
    }
)
"""The words of each direction, the most far-reaching first."""
_FIELDS = section("dose_fields")
_NO_FIGURES: Mapping[Direction, str] = MappingProxyType({})


class DirectedConsideration(NamedTuple):
    """A consideration, which way its actions point, and the actions themselves, with the figure of a highest dose and without.

    ``figures`` has by direction the source's figures of the doses that it points to, in words.
    """

    consideration: Consideration
    directions: frozenset[Direction]
    actions: tuple[VocabularyEntry, ...]
    plain_actions: tuple[VocabularyEntry, ...]
    figures: Mapping[Direction, str] = _NO_FIGURES

    @property
    def without_figures(self) -> Self:
        """The same without figures of doses; itself where it has none."""
        if not self.figures and all(map(is_, self.actions, self.plain_actions)):
            return self
        return self._replace(actions=self.plain_actions, figures=_NO_FIGURES)

    @property
    def without_shares(self) -> Self:
        """The same without figures of doses that it points to; a highest dose keeps its figure. Itself where it has none."""
        return self._replace(figures=_NO_FIGURES) if self.figures else self


def directed(rulebook: RuleLibrary, consideration: Consideration) -> DirectedConsideration:
    """Return a consideration with its actions and which way they point."""
    plain = tuple(rulebook.actions[code] for code in consideration.action.codes)
    actions = tuple(_with_figure(entry, consideration.action) for entry in plain)
    directions = frozenset(action.direction or Direction.NONE for action in plain)
    return DirectedConsideration(consideration, directions, actions, plain, _figures(plain, consideration.action))


def _with_figure(entry: VocabularyEntry, action: Action) -> VocabularyEntry:
    """Return an action with the source's figure in its headline, where it is empty without one."""
    figure = getattr(action.dose_change, entry.figure, None) if entry.figure else None
    if not figure or not entry.headline or not entry.headline.states:
        return entry
    states = phrase("drugs.of_figure", stated=entry.headline.states, figure=figure.replace("_", " "))
    headline = ActionHeadline.unchecked({**entry.headline.__dict__, "states": states})
    return VocabularyEntry.unchecked({**entry.__dict__, "headline": headline})


def _figures(plain: Sequence[VocabularyEntry], action: Action) -> Mapping[Direction, str]:
    """Return by direction the figures of doses that a source states with its actions, each with its name; not "lower, no figure given".

    A highest dose is among them where the words of the direction stand for the action that names it.
    """
    if action.dose_change is None:
        return _NO_FIGURES
    stated: dict[Direction, dict[str, str]] = {}
    for entry in plain:
        figure = getattr(action.dose_change, entry.figure) if entry.figure and entry.direction else None
        if figure and entry.figure and entry.direction and doses(figure):
            stated.setdefault(entry.direction, {})[entry.figure] = figure.replace("_", " ")
    figures = {}
    for direction, by_field in stated.items():
        if _own_words(plain, direction) is not None:
            by_field.pop("maximum", None)
        if by_field:
            named = listed([f"{_FIELDS[field]} {figure}" for field, figure in by_field.items()])
            figures[direction] = phrase("drugs.its_figures", count=len(by_field), figures=named)
    return figures


def action_words(stance: DirectedConsideration) -> str:
    """Return what the actions of one source point to, the most far-reaching first, in the words of the vocabulary."""
    headlines = {direction: _headlines(stance, direction) for direction in _DIRECTIONS if direction in stance.directions & CHANGING}
    watching = list(map(_alone, headlines.pop(Direction.MONITOR, [])))
    against = headlines.pop(Direction.AVOID, []) if _is_against(headlines) else []
    changing = _joined([headline for direction in headlines for headline in headlines[direction]])
    if against:
        # another dose is no choice beside a drug that is advised against: it is for those who take it all the same
        return phrase("drugs.if_used").join(filter(None, (_joined(against), both(filter(None, (changing, *watching))))))
    if not changing or not watching:
        return changing or both(watching) or conditional_words(stance) or _alone(_DIRECTIONS[Direction.NONE])
    return f"{changing}{phrase('drugs.if_used') if Direction.AVOID in headlines else phrase('drugs.and')}{both(watching)}"


def all_words(stance: DirectedConsideration) -> str:
    """Return what one source points to, and of one that asks for no change that it does, with what hangs on the course of treatment."""
    if stance.directions & CHANGING or Direction.STANDARD not in stance.directions:
        return action_words(stance)
    return both(filter(None, (_alone(_DIRECTIONS[Direction.STANDARD]), conditional_words(stance))))


def conditional_words(stance: DirectedConsideration) -> str:
    """Return what one source points to in the course of treatment, and empty where it states no such thing."""
    by_condition: dict[str | None, list[ActionHeadline]] = {}
    for action in stance.actions:
        if action.headline and action.direction is Direction.NONE:
            by_condition.setdefault(action.headline.condition, []).append(action.headline)
    return both(_conditional(headlines, condition) for condition, headlines in by_condition.items())


def _conditional(headlines: Sequence[ActionHeadline], condition: str | None) -> str:
    to = [headline for headline in headlines if headline.points_to]
    stated = [_alone(headline) for headline in headlines if not headline.points_to]
    words = both([_joined(to), *stated] if to else stated)
    return words + (phrase("drugs.under_condition", condition=condition) if condition else "")


def _is_against(headlines: Mapping[Direction, Sequence[ActionHeadline]]) -> bool:
    """Return whether a source rules the drug out or advises against it, and does not only point to another."""
    return any(headline.states for headline in headlines.get(Direction.AVOID, ()))


def _headlines(stance: DirectedConsideration, direction: Direction) -> list[ActionHeadline]:
    """Return the headlines of the actions that point in one direction; else the words of the direction; the first with the figures."""
    headlines = _together(_own_words(stance.actions, direction) or [_DIRECTIONS[direction]])
    figures, first = stance.figures.get(direction), headlines[0]
    if figures:
        points_to, states = (f"{words}{figures}" if words else None for words in (first.points_to, first.states))
        headlines[0] = ActionHeadline.unchecked({**first.__dict__, "points_to": points_to, "states": states})
    return headlines


def _together(headlines: Sequence[ActionHeadline]) -> list[ActionHeadline]:
    """Return headlines with what a source points to in one direction at once as one of them: it asks for both."""
    at_once = [headline for headline in headlines if headline.points_to and not headline.condition]
    if len(at_once) < 2:
        return list(headlines)
    rest = [headline for headline in headlines if headline not in at_once]
    together = both(headline.points_to for headline in at_once if headline.points_to)
    return [ActionHeadline.unchecked({**at_once[0].__dict__, "points_to": together}), *rest]


def _own_words(actions: Sequence[VocabularyEntry], direction: Direction) -> list[ActionHeadline] | None:
    """Return the headlines of the actions that point in one direction; ``None`` where the words of the direction stand for them."""
    own = [action.headline for action in actions if action.direction is direction]
    headlines = list(dict.fromkeys(headline for headline in own if headline))
    # a drug that is ruled out is not called by the weaker "another drug" beside it
    return headlines if headlines and (all(own) or direction is Direction.AVOID) else None


def _joined(headlines: Sequence[ActionHeadline]) -> str:
    """Join headlines: what a source points to are alternatives after one "points"; what it states stands beside them."""
    to = [headline.points_to for headline in headlines if headline.points_to]
    words: list[str] = []
    for headline in headlines:
        if not headline.points_to:
            words.append(_alone(headline))
        elif to:
            words.append(_pointed(to))
            to = []
    return both(words)


def _alone(headline: ActionHeadline) -> str:
    return _pointed([headline.points_to]) if headline.points_to else headline.states or ""


def _pointed(to: Iterable[str]) -> str:
    return phrase("drugs.points", to=either(phrase("drugs.pointed_to", what=what) for what in to))
