"""What a reader of a report sees and no rule states: sentences and words by key, read from ``en/*.json``, so that a translation is data.

A file holds sections, and a section its texts. A text has named placeholders, ``{gene}``, or two forms by ``count``, ``one`` and ``other``.
Files are read when this module is imported, and a fault in one is an error there; ``tests/texts`` holds what Python asks for against them.
Texts of rules stand in ``rules/``, headings of the page in its templates, problems and ``--help`` beside what raises and parses them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import TypeAlias

Text: TypeAlias = "str | Mapping[str, str]"
LANGUAGE = "en"
_FORMS = frozenset({"one", "other"})
_SINGLE = frozenset({1, "1"})


def read_texts(folder: Path) -> Mapping[str, Text]:
    """Return the texts of a folder by ``section.key``.

    Raises ValueError, with the file and the key, for what is written twice, is no text, or has a placeholder that is no plain name.
    """
    texts: dict[str, Text] = {}
    for file in sorted(folder.glob("*.json")):
        for section, entries in json.loads(file.read_text("utf-8"), object_pairs_hook=_once).items():
            for name, text in entries.items():
                key = f"{section}.{name}"
                if key in texts:
                    raise ValueError(f"{file.name}: {key} stands in two files")
                placeholders(text, f"{file.name}: {key}")
                texts[key] = text
    return MappingProxyType(texts)


def placeholders(text: Text, key: str = "a text") -> frozenset[str]:
    """Return the names that a text wants, with ``count`` for one of two forms. Raises ValueError where it cannot be filled."""
    if isinstance(text, str):
        fields = [(name, form, conversion) for _, name, form, conversion in Formatter().parse(text) if name is not None]
        if any(not name.isidentifier() or form or conversion for name, form, conversion in fields):
            raise ValueError(f"{key} has a placeholder that is not a plain name in braces")
        return frozenset(name for name, _, _ in fields)
    if not isinstance(text, Mapping) or text.keys() != _FORMS or not all(isinstance(form, str) for form in text.values()):
        raise ValueError(f"{key} is neither a text nor one with the forms `one` and `other`")
    return frozenset({"count"}).union(*(placeholders(form, key) for form in text.values()))


def phrase(key: str, /, **values: object) -> str:
    """Return the text of a key with its placeholders filled; ``count`` chooses the form where there are two. Raises KeyError."""
    text = _TEXTS[key]
    if not isinstance(text, str):
        text = text["one" if values["count"] in _SINGLE else "other"]
    return text.format_map(values)


@cache
def section(name: str) -> Mapping[str, str]:
    """Return the texts of a section by their keys, as they are written; for words that are chosen by a value of the report."""
    start = f"{name}."
    return MappingProxyType({key.removeprefix(start): str(text) for key, text in _TEXTS.items() if key.startswith(start)})


def both(names: Iterable[str]) -> str:
    """Return ``a and b and c``."""
    return phrase("lists.and").join(names)


def listed(names: Sequence[str]) -> str:
    """Return ``a``, ``a and b``, or ``a, b and c``; ``names`` are not empty."""
    return names[0] if len(names) == 1 else phrase("lists.and").join((", ".join(names[:-1]), names[-1]))


def listed_either(names: Sequence[str]) -> str:
    """Return ``a``, ``a or b``, or ``a, b or c``; ``names`` are not empty."""
    return names[0] if len(names) == 1 else phrase("lists.or").join((", ".join(names[:-1]), names[-1]))


def at_beginning(words: str) -> str:
    """Return words as they begin a sentence."""
    return words[:1].upper() + words[1:]


def in_words(code: str) -> str:
    """Return a code in lower_snake_case in words: its text, and for one of an ontology (a consequence) its own words."""
    return section("codes").get(code) or code.replace("_", " ")


def percent(share: float) -> str:
    """Return a chance or frequency as a reader takes it in: two decimals below 1 %, one below 10 %, and never a whole 100 %."""
    if share >= 0.995:
        return phrase("lists.over_99")
    digits = 0 if share >= 0.0995 else 1 if share >= 0.00995 else 2
    return f"{100 * share:.{digits}f} %"


def either(names: Iterable[str], most: int | None = None) -> str:
    """Return ``a or b or c``; of more than ``most`` names the first ones, and that there are others: ``a or b or others``."""
    first = list(names)
    return phrase("lists.or").join(first[:most]) + (phrase("lists.or_others") if len(first[:most]) < len(first) else "")


def either_number(numbers: Iterable[int]) -> str:
    """Return ``2 or 3``, the lowest first."""
    return either(str(number) for number in sorted(numbers))


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        raise ValueError(f"a key is written twice among {', '.join(sorted(entries))}")
    return entries


_TEXTS = read_texts(Path(__file__).parent / LANGUAGE)
