"""The quantities that a figure of a dose names, each with its unit: only the same quantity of two figures is compared."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

MG_A_DAY = "mg a day"
TIME = "days"
_MG = re.compile(r"(\d+(?:\.\d+)?) (mg(?:/kg)?) a day")
_SHARE = re.compile(r"(?:(\d+(?:\.\d+)?)%?(?: to |-))?(\d+(?:\.\d+)?)% of ([^,;()\d]*?\b(?:dose|one)\b)")
_TIME = re.compile(r"(\d+) (day|week)")
_DAYS = MappingProxyType({"day": 1, "week": 7})


@lru_cache(maxsize=1024)
def quantities(figure: str) -> Mapping[str, frozenset[float]]:
    """Return the numbers that a figure names by their unit: mg (or mg/kg) a day, the dose of which they are a share, or days."""
    figure = figure.replace("_", " ")  # a hospital's rules may write words of a figure so
    found: dict[str, set[float]] = {}
    for mg, unit in _MG.findall(figure):
        found.setdefault(f"{unit} a day", set()).add(float(mg))
    for low, high, whole in _SHARE.findall(figure):
        found.setdefault(whole, set()).update(float(share) for share in (low, high) if share)
    for number, unit in _TIME.findall(figure):
        found.setdefault(TIME, set()).add(float(number) * _DAYS[unit])
    return MappingProxyType({unit: frozenset(numbers) for unit, numbers in found.items()})


def doses(figure: str) -> Mapping[str, frozenset[float]]:
    """Return the ``quantities`` of a figure without its times; empty where it names no dose in numbers."""
    return {unit: numbers for unit, numbers in quantities(figure).items() if unit != TIME}
