"""The links within a report's part of the page: phrases that refer to a section lead to it, and names of drugs to their rows."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from trdpgx.model.consideration import Consideration
from trdpgx.model.report import Report
from trdpgx.texts import section

if TYPE_CHECKING:
    from markupsafe import Markup


class SectionPhrases(NamedTuple):
    """The phrases that refer to a section."""

    pattern: re.Pattern[str]
    beginnings: tuple[str, ...]
    """Their first words in lower case, each with the space after it; most sentences have none of these."""
    ids: Mapping[str, str]
    """The id of each, which is its key in ``links`` of the texts."""


@cache
def phrases() -> SectionPhrases:
    """Return the phrases that refer to a section."""
    ids = {text: key for key, text in section("links").items()}
    pattern = re.compile("|".join(rf"\b{re.escape(text)}\b" for text in ids), re.IGNORECASE)
    return SectionPhrases(pattern, tuple(dict.fromkeys(f"{text.lower().split()[0]} " for text in ids)), ids)


class PageLinks:
    """Makes the links of one report. A section or a drug that its part of the page does not have stays text."""

    def __init__(self, report: Report, prefix: str) -> None:
        """Gather what can be linked; ``prefix`` stands before every id of the report."""
        from markupsafe import Markup, escape  # noqa: PLC0415 (only this format needs it)

        self._escape = escape
        self._safe = Markup
        self._phrases = phrases()
        there = {
            "history": report.treatment_history is not None,
            "interactions": bool(report.interactions),
            "exposure": bool(report.exposure),
        }
        self._openings = {text: f'<a href="#{prefix}{key}">' for text, key in self._phrases.ids.items() if there.get(key, True)}
        names = {name: str(escape(name)) for name in _drugs(report)}
        ids = {name: f"{prefix}drug-{number}" for number, name in enumerate(names, 1)}
        self._rows = {name: f'<span id="{row}">{names[name]}</span>' for name, row in ids.items()}
        self._to_rows = {name: f'<a href="#{row}">{names[name]}</a>' for name, row in ids.items()}
        identities = {one.id: str(escape(one.id)) for one in report.considerations}
        self._considerations = {identity: f'<a href="#{prefix}{text}">{text}</a>' for identity, text in identities.items()}
        self._lists: dict[tuple[str, ...], Markup] = {}

    def sentence(self, text: str) -> "Markup":
        """Return a sentence with its phrases as links; everything else of it is escaped."""
        escaped = self._escape(text)
        lowered = text.lower()
        for beginning in self._phrases.beginnings:
            if beginning in lowered:
                return self._safe(self._phrases.pattern.sub(self._linked, str(escaped)))
        return escaped

    def rows(self, names: Iterable[str]) -> "Markup":
        """Return names of drugs that links lead to. Each name has one such row."""
        return self._safe(", ".join([self._rows[name] for name in names]))

    def drugs(self, names: Iterable[str]) -> "Markup":
        """Return names of drugs as links to their rows."""
        key = tuple(names)
        made = self._lists.get(key)
        if made is None:
            made = self._lists[key] = self._safe(", ".join([self._to_rows.get(name) or str(self._escape(name)) for name in key]))
        return made

    def considerations(self, ones: Iterable[Consideration]) -> "Markup":
        """Return ids of considerations as links to them."""
        return self._safe(", ".join([self._considerations[one.id] for one in ones]))

    def _linked(self, match: re.Match[str]) -> str:
        opening = self._openings.get(match[0].lower())
        return f"{opening}{match[0]}</a>" if opening else match[0]


def _drugs(report: Report) -> Iterator[str]:
    """Yield the drugs of the summary, each of which stands in one group."""
    if report.summary is not None:
        for group in type(report.summary.drugs).model_fields:
            for drug in getattr(report.summary.drugs, group):
                yield drug.name
