"""Plain English: words that were a private language here do not come back. `words_left.tsv` lists what is left of them and only shrinks.

A line of that file is a path, a word and how often it stands there. A text may have fewer, and never more.
`python -m tests.docs.test_words` writes the list anew; do that only where the numbers go down.
"""

import re
from collections import Counter
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEFT = Path(__file__).with_name("words_left.tsv")
BANNED = (
    "bench",
    "cell",
    "dress",
    "door",
    "gate",
    "guard",
    "house",
    "linger",
    "place",
    "pump",
    "road",
    "room",
    "said",
    "says?",
    "strand",
    "stretch",
    "told",
    "voice",
    "world",
)
"""What stands for something that the field or the standard library has a word for."""
_WORD = re.compile(rf"(?<![a-z])({'|'.join(BANNED)})(?:s|es)?(?![a-z])")

PERMITTED = {
    "strand": (
        # A strand of DNA: a value of a transcript, a column of a table, or named as one of two.
        r"(?:plus|minus|both|other|which|gene|track's)[ -]strands?",
        r"(?:for strand\.|identifiers, strand,)",
        r"\bstrand (?:a gene|error|cannot|is ambiguous)",
        r"(?:\.|\b)strand(?= \*|:| =|=|\]| ==)",
        r"""["'\[]strand["'\]]""",
        r"\* min\(strand|times the strand|, strands,|track's strand",
        r"(?:= track_of\(transcript\), )?transcript\.strand|(?:strand)?=strand|strand: Literal",
    ),
    "cell": (r"J Cell Sci", r"in animals or cells"),  # a journal, and cells of a body
    "says?": (r'never says "normal"', r"CANNOT SAY", r"its own entry says", r"`assembly` says"),  # texts of reports
}
"""Where a banned word is the right one, by patterns of the text around it."""


def texts() -> list[Path]:
    """Return the files that are read: the program and every page beside it, but the logs of changes, which quote what was."""
    pages = [path for folder in ("docs", "rules", "reference", "performance", "validation") for path in (ROOT / folder).rglob("*.md")]
    files = [*(ROOT / "app").rglob("*.py"), *pages, *ROOT.glob("*.md")]
    return sorted(path for path in files if path.name != "CHANGELOG.md")


def words_of(text: str) -> Counter[str]:
    """Count the banned words of a text, singular and plural as one, names such as `_place` included."""
    for pattern in chain.from_iterable(PERMITTED.values()):
        text = re.sub(pattern, "", text)
    words = re.sub(r"([a-z])([A-Z])", r"\1_\2", text).lower()
    return Counter("says" if match[1] == "say" else match[1] for match in _WORD.finditer(words))


def counted() -> dict[tuple[str, str], int]:
    return {
        (path.relative_to(ROOT).as_posix(), word): count
        for path in texts()
        for word, count in sorted(words_of(path.read_text("utf-8")).items())
    }


def test_the_words_are_found() -> None:
    assert words_of("CellPool, `place_of` and what it says; a replaced gateway") == Counter(cell=1, place=1, says=1)


def test_no_private_word_comes_back() -> None:
    lines = (line.split("\t") for line in LEFT.read_text("utf-8").splitlines())
    left = {(path, word): int(count) for path, word, count in lines}
    now = counted()
    more = [f"{path}: '{word}' stands {now[path, word]} times" for path, word in now if now[path, word] > left.get((path, word), 0)]
    assert more == [], "say it with a word of the field or of the standard library"


def test_the_list_of_what_is_left_shrinks_with_the_text() -> None:
    total = sum(int(line.split("\t")[2]) for line in LEFT.read_text("utf-8").splitlines())
    assert total <= MOST, "the list has grown"


MOST = 140
"""The sum of the list when it was last written. It only goes down."""

if __name__ == "__main__":
    LEFT.write_text("".join(f"{path}\t{word}\t{count}\n" for (path, word), count in counted().items()), "utf-8")
    print(sum(counted().values()))  # noqa: T201
