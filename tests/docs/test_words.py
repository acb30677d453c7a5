"""Plain English: words that were a private language here do not come back."""

import re
from collections import Counter
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]
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
PHRASES = re.compile(
    r"\b(?:let(?:ting)? go|lets go|anew|(?:leads?|led) nowhere|of nobody|gave up|giv(?:e|en|ing) up|in silence|heard out|makes? space"
    r"|speaks? (?:for|of)|told apart|tells? (?:\w+ )?apart|at the most|what is asked for)\b"
)
"""Idioms in which a reader has to guess the verb: discard, again, close, reject, distinguish, cover, at most."""
RECORDS = ("attacks.md", "clinpgx-levels.md", "evidence-2.md", "freshness.md", "rule-sample.md", "rule-sample-2.md")
"""Pages that record what was tried or read."""
_WORD = re.compile(rf"(?<![a-z])({'|'.join(BANNED)})(?:s|es)?(?![a-z])")

PERMITTED = {
    "strand": (
        # A strand of DNA: a value of a transcript, a column of a table, or named as one of two.
        r"(?:plus|minus|both|other|which|gene|track's)[ -]strands?",
        r"(?:for strand\.|identifiers, strand,)",
        r"\bstrand(?:_unclear| (?:a gene|error|cannot|is ambiguous))",
        r"(?:\.|\b)strand(?= \*|:| =|=|\]| ==)",
        r"""["'\[]strand["'\]]""",
        r"\* min\(strand|times the strand|, strands,|track's strand",
        r"(?:= track_of\(transcript\), )?transcript\.strand|(?:strand)?=strand|strand: Literal|strand, \(pos|\{strand\}",
        r"(?:plus|other|their)_strand|model\.strand|strand -1|strand ==|\bSTRAND\|",
        r"biotype\|strand\||chrom,strand,|by strand|changes the strands",
        r"r\"strand at",  # of a message
    ),
    "cell": (r"J Cell Sci", r"in animals or cells", r"`TRDPGX_CELLS`"),  # a journal, cells of a body, a setting that is gone
    "linger": (r"`TRDPGX_UPLOAD_LINGER_SECONDS`", r"SO_LINGER"),  # what a setting was called, and an option of a socket
    "place": (r"\bin[ _]place\b", r"expect: \{place"),  # changed where it stands, and a key that is wrong
    "said": (r"Said otherwise here",),
    "world": (r"hello, world",),
    "says?": (
        r'never says "normal"',
        r"CANNOT SAY",
        r"its own entry says",
        r"`assembly` says",
        r'"section", "says"|section: b, says: c',  # a field of coverage.yaml
    ),  # texts of reports
}
"""Where a banned word is the right one, by patterns of the text around it."""


def texts() -> list[Path]:
    """Return the files that are read: the program, tests, tools and every page, but the logs of changes, which quote what was."""
    pages = [path for folder in ("docs", "rules", "reference", "performance", "validation") for path in (ROOT / folder).rglob("*.md")]
    code = [
        path
        for folder in ("app", "tests", "validation", "performance", "integrations", "examples")
        for path in (ROOT / folder).rglob("*.py")
    ]
    tables = [path for path in (ROOT / "tests" / "cases").rglob("*.yaml") if "golden" not in path.parts]
    files = [*code, *tables, *(ROOT / "app" / "trdpgx" / "texts").rglob("*.json"), *pages, *ROOT.glob("*.md")]
    return sorted(path for path in files if path.name not in {"CHANGELOG.md", "test_words.py"})


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
    assert counted() == {}, "write it with a word of the field or of the standard library"


def test_pages_for_users_have_no_idioms_to_guess() -> None:
    pages = [path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")) if path.name not in {"CHANGELOG.md", *RECORDS}]
    idioms = {path.name: PHRASES.findall(path.read_text("utf-8")) for path in pages}
    assert {name: matches for name, matches in idioms.items() if matches} == {}
