"""The links within a report's part of the page: phrases that refer to a section lead to it, and names of drugs to their rows."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from trdpgx.model.consideration import Consideration
from trdpgx.model.report import Report
from trdpgx.texts import section

if TYPE_CHECKING:
    from markupsafe import Markup


@cache
def phrases() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Return a pattern of the phrases that refer to a section, and the id of each, which is its key in ``links`` of the texts."""
    ids = {text: key for key, text in section("links").items()}
    return re.compile("|".join(rf"\b{re.escape(text)}\b" for text in ids), re.IGNORECASE), ids


class PageLinks:
    """Makes the links of one report. A section or a drug that its part of the page does not have stays text."""

    def __init__(self, report: Report, prefix: str) -> None:
        """Gather what can be linked; ``prefix`` stands before every id of the report."""
        from markupsafe import Markup, escape  # noqa: PLC0415 (only this format needs it)

        self._escape = escape
        self._safe = Markup
        self._pattern, keys = phrases()
        there = {
            "history": report.treatment_history is not None,
            "interactions": bool(report.interactions),
            "exposure": bool(report.exposure),
        }
        self._openings = {text: f'<a href="#{prefix}{key}">' for text, key in keys.items() if there.get(key, True)}
        ids = {name: f"{prefix}drug-{number}" for number, name in enumerate(_drugs(report), 1)}
        self._rows = {name: Markup(f'<span id="{row}">{escape(name)}</span>') for name, row in ids.items()}  # noqa: S704 (escaped)
        self._to_rows = {name: Markup(f'<a href="#{row}">{escape(name)}</a>') for name, row in ids.items()}  # noqa: S704 (escaped)
        self._considerations = {
            one.id: Markup(f'<a href="#{prefix}{escape(one.id)}">{escape(one.id)}</a>')  # noqa: S704 (escaped)
            for one in report.considerations
        }
        self._lists: dict[tuple[str, ...], Markup] = {}

    def sentence(self, text: str) -> "Markup":
        """Return a sentence with its phrases as links; everything else of it is escaped."""
        return self._safe(self._pattern.sub(self._linked, str(self._escape(text))))

    def rows(self, names: Iterable[str]) -> "Markup":
        """Return names of drugs that links lead to. Each name has one such row."""
        return self._safe(", ").join(self._rows[name] for name in names)

    def drugs(self, names: Iterable[str]) -> "Markup":
        """Return names of drugs as links to their rows."""
        key = tuple(names)
        made = self._lists.get(key)
        if made is None:
            made = self._lists[key] = self._safe(", ").join(self._to_rows.get(name, name) for name in key)
        return made

    def considerations(self, ones: Iterable[Consideration]) -> "Markup":
        """Return ids of considerations as links to them."""
        return self._safe(", ").join(self._considerations[one.id] for one in ones)

    def _linked(self, match: re.Match[str]) -> str:
        opening = self._openings.get(match[0].lower())
        return f"{opening}{match[0]}</a>" if opening else match[0]


def _drugs(report: Report) -> Iterator[str]:
    """Yield the drugs of the summary, each of which stands in one group."""
    if report.summary is not None:
        for group in type(report.summary.drugs).model_fields:
            for drug in getattr(report.summary.drugs, group):
                yield drug.name
