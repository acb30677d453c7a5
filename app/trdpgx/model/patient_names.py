"""The names of drugs and conditions that a request may use: ours, synonyms, brands and codes."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from msgspec import Struct, field

_APART = re.compile(r"[\s\-_/,.'’()+&]+")
_ICD10 = re.compile(r"([a-z]\d\d) \w{1,4}")
"""A subcategory of ICD-10 as ``name_key`` writes it: `f32 2`."""
_LONGEST = 60
"""Our names are shorter, so that a longer one is near to none."""


def name_key(text: str) -> str:
    """Return a name as it is looked up: lower case, and one space where anything but letters and digits stands."""
    return _APART.sub(" ", text.casefold()).strip()


class NameIndex(Struct, frozen=True):
    """Our names by everything that they may be called. ``by_key`` is keyed by ``name_key``; ``ignored`` are words that change nothing."""

    by_key: Mapping[str, str]
    ignored: frozenset[str] = frozenset()
    """Such as salts and release forms (`hydrochloride`, `xr`), in lower case."""

    def find(self, text: str) -> str | None:
        """Return our name, or ``None`` where the text names nothing that we know."""
        key = name_key(text)
        if key in self.by_key:
            return self.by_key[key]
        subcategory = _ICD10.fullmatch(key)
        if subcategory:
            return self.by_key.get(subcategory[1])
        return self.by_key.get(" ".join(word for word in key.split() if word not in self.ignored))

    def nearest(self, text: str, count: int = 3) -> tuple[str, ...]:
        """Return our own names that are written most like the text, the nearest first; none where nothing is near."""
        key = name_key(text)
        if len(key) > _LONGEST:
            return ()
        near = get_close_matches(key, list(self.by_key), n=count * 2, cutoff=0.7)
        return tuple(dict.fromkeys(self.by_key[found] for found in near))[:count]


def name_index(names: Mapping[str, Iterable[str]], ignored: Iterable[str] = ()) -> NameIndex:
    """Return the index of our names, each with its synonyms, brands and codes. Our own names go before the synonyms of others."""
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(name_key(name), name)
    for name, others in names.items():
        for other in others:
            by_key.setdefault(name_key(other), name)
    return NameIndex(by_key, frozenset(word.casefold() for word in ignored))


class PatientNames(Struct, frozen=True):
    """The names of one rulebook."""

    drugs: NameIndex = field(default_factory=lambda: NameIndex({}))
    classes: Mapping[str, str] = field(default_factory=dict)
    """Class of each drug, by our name."""
    components: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Drugs that a combination holds, by our name."""
    conditions: NameIndex = field(default_factory=lambda: NameIndex({}))
