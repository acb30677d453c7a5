"""How a message names a part of a request without repeating it: by its position, and by names of our own that are near to it."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_LONGEST = 40
"""A name of ours has at most so many characters, so that a longer one is near to none."""


def ordinal(number: int) -> str:
    """Return a 1-based position as a word: ``third``, and ``13th`` beyond ten."""
    if 1 <= number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    suffix = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def listed(names: Sequence[str], word: str = "and") -> str:
    """Return ``a``, ``a and b``, or ``a, b and c``; ``names`` are not empty."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def nearest_names(unknown: str, names: Iterable[str]) -> str:
    """Return our own names nearest to one that is not known, after a space, or nothing where none is near."""
    folded = {name.lower(): name for name in sorted(names)}
    near = get_close_matches(unknown.lower(), folded, n=3, cutoff=0.6) if len(unknown) <= _LONGEST else []
    return f" Nearest: {', '.join(f'`{folded[name]}`' for name in near)}." if near else ""


def known_names(unknown: str, names: Iterable[str]) -> str:
    """Return our own names nearest to one that is not known, or all of them where none is near."""
    own = {name.lower(): name for name in sorted(names)}.values()
    return nearest_names(unknown, own).lstrip() or f"Known: {', '.join(f'`{name}`' for name in own)}."


def json_path(location: Sequence[str | int]) -> str:
    """Return names and indices as they are written in JSON: ``trials[2].drug``."""
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def unknown_field(location: Sequence[str | int], document: object, names: Iterable[str]) -> str:
    """Return the message about an unknown field: its position among the fields of its object, and our own names near to it.

    ``location`` is the path of the field in ``document``, decoded JSON; ``names`` are those that it could have.
    """
    *path, name = location
    parent = document
    for step in path:
        if isinstance(parent, list) and isinstance(step, int):
            parent = parent[step]
        elif isinstance(parent, dict):
            parent = parent.get(step)
    position = list(parent).index(name) + 1 if isinstance(parent, dict) and name in parent else 1
    of = f" of `{json_path(path)}`" if path else ""
    return f"The {ordinal(position)} field{of} is not known. {known_names(str(name), names)}"
