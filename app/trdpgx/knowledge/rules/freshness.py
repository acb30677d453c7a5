"""Which sources are due to be looked at again."""

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct

from trdpgx.knowledge.rules.schema.freshness import FreshnessEntry

_MONTHS = 12
_LAST_DAYS = 28


class DueSource(Struct, frozen=True):
    """A source and the day from which on it is due."""

    key: str
    entry: FreshnessEntry
    due_on: date


def by_due_day(sources: Mapping[str, FreshnessEntry]) -> Iterator[DueSource]:
    """Yield every source, the one that is due first at the front."""
    made = (DueSource(key, entry, _after(date.fromisoformat(entry.checked_on), entry.every_months)) for key, entry in sources.items())
    yield from sorted(made, key=lambda one: (one.due_on, one.key))


def _after(day: date, months: int) -> date:
    """Return the day some months later; the 29th to 31st become the 28th, which every month has."""
    year, month = divmod(day.month - 1 + months, _MONTHS)
    return date(day.year + year, month + 1, min(day.day, _LAST_DAYS))
