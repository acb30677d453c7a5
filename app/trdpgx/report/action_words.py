"""What the actions of a source come to in a few words, by the codes of ``rules/vocabulary.yaml``."""

from collections.abc import Iterable, Mapping
from itertools import chain
from types import MappingProxyType

from trdpgx.model.consideration import Consideration
from trdpgx.model.rule import Direction
from trdpgx.reasoning.directions import decisive
from trdpgx.report.wording import DIRECTION_WORDS
from trdpgx.texts import section

RULING_OUT: Mapping[str, str] = MappingProxyType(
    {"contraindicated": "ruled_out", "avoid": "advised_against", "may_be_contraindicated": "perhaps_ruled_out"}
)
"""Beside these "another drug" is left out: it is the weaker word for the same."""
OTHER_DRUG: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("consider_alternative", "select_alternative", "or_consider_alternative", "or_select_alternative"), "another_drug"),
        "avoid_if_alternative": "another_drug_if_any",
    }
)
OTHER_COURSE: Mapping[str, str] = MappingProxyType(
    {
        "reduce_dose": "lower_dose",
        "reduce_start_dose": "lower_start",
        "reduce_maintenance_dose": "lower_maintenance",
        "reduce_dose_but_not_as_adjunct": "lower_not_added",
        "slow_titration": "slower",
        "cap_max_dose": "highest",
        "increase_probably_not_needed": "little_need_to_raise",
        "increase_dose": "higher_dose",
        "increase_target_dose": "higher_target",
        "weigh_risk": "weigh_risk",
        "exception_if_no_alternative": "checks",
        "tdm": "blood_level",
        "monitor_effect_or_level": "watched",
        "report_rash_at_once": "rash",
        "monitor_efficacy": "efficacy",
        "caution": "caution",
    }
)
"""What else departs from the usual course."""
LATER: Mapping[str, str] = MappingProxyType(
    {
        "reduce_dose_if_side_effects": "lower_later",
        "increase_dose_if_inadequate_response": "higher_later",
        "tdm_if_inadequate_response": "level_later",
        "increase_maintenance_if_inadequate_response": "maintenance_later",
        "switch_if_inadequate_response": "another_later",
    }
)
"""What hangs on the course of treatment, and has no direction of its own."""
BESIDE: Mapping[str, str] = MappingProxyType({"standard_start": "usual_start"})
"""What goes with other advice and points nowhere."""
QUIET = frozenset({"standard_dosing", "no_action", "informational", "no_recommendation", "no_advice"})
"""Actions that their direction names: "no change" and "no advice"."""
_WORDS = section("short_actions")


def directions_of(considerations: Iterable[Consideration]) -> frozenset[Direction]:
    """Return the directions that count of what one source states."""
    return decisive({direction for one in considerations for direction in one.action.directions})


def hangs_on_course(considerations: Iterable[Consideration]) -> bool:
    """Return whether a source states something for the case that the response or side effects ask for it."""
    return any(code in LATER for one in considerations for code in one.action.codes)


def words_of(considerations: Iterable[Consideration]) -> tuple[str, ...]:
    """Return what one source comes to, the most far-reaching first: every change that it considers, else "no change" or "no advice".

    A code that is not known here, of a folder of rules that was added, stands by its direction.
    """
    stated = tuple(considerations)
    codes = dict.fromkeys(code for one in stated for code in one.action.codes)
    ruling = [RULING_OUT[code] for code in codes if code in RULING_OUT]
    others = [] if ruling else [OTHER_DRUG[code] for code in codes if code in OTHER_DRUG]
    rest = (table[code] for table in (OTHER_COURSE, LATER, BESIDE) for code in codes if code in table)
    words = [_WORDS[key] for key in dict.fromkeys(chain(ruling, others, rest))]
    directions = directions_of(stated)
    if words and Direction.STANDARD not in directions and _KNOWN.issuperset(codes):
        return tuple(words)
    named = [DIRECTION_WORDS[one] for one in DIRECTION_WORDS if one in directions]
    return (*named, *words) if Direction.STANDARD in directions else (*words, *named)


_KNOWN = frozenset({*RULING_OUT, *OTHER_DRUG, *OTHER_COURSE, *LATER, *BESIDE, *QUIET})
