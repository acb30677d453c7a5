"""Every page of Markdown has one sentence a line and at most 100 columns; tables, code, headings and links are left out."""

from pathlib import Path

import pytest

from tests.docs.sentences import faults, mended

ROOT = Path(__file__).parents[2]


def pages() -> list[str]:
    folders = ("docs", "rules", "reference", "performance", "validation", "tests", "examples")
    files = [*ROOT.glob("*.md"), *(path for folder in folders for path in (ROOT / folder).rglob("*.md"))]
    return sorted(path.relative_to(ROOT).as_posix() for path in files)


@pytest.mark.parametrize("page", pages())
def test_a_page_has_one_sentence_a_line(page: str) -> None:
    wrong = [f"{page}:{number}: {fault}" for number, fault in faults((ROOT / page).read_text("utf-8"))]
    assert wrong == [], "python -m tests.docs.sentences FILE mends it"


@pytest.mark.parametrize("page", pages())
def test_mending_a_page_changes_line_breaks_only_and_once(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    once = mended(text)
    assert once.split() == text.split()
    assert mended(once) == once
    assert list(faults(once)) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("- One. Two.\n- Three.", ["- One.", "  Two.", "- Three."]),
        ("1. One\n   goes on. `two` is code.", ["1. One goes on.", "   `two` is code."]),
        ("> One. Two.", ["> One.", "> Two."]),
        ("A call, e.g. CYP2D6 (Smith et al. 2020. No page.) is one. **Label.** Two.", None),
        ("| One. Two. |", ["| One. Two. |"]),
        ("```\nOne. Two.\n```", ["```", "One. Two.", "```"]),
        ("Text:\n\n    code. Code\n    more", ["Text:", "", "    code. Code", "    more"]),
        ("## One. Two", ["## One. Two"]),
        (" ".join(["word"] * 30), [" ".join(["word"] * 20), " ".join(["word"] * 10)]),
    ],
)
def test_how_a_page_is_mended(text: str, lines: list[str] | None) -> None:
    expected = lines or ["A call, e.g. CYP2D6 (Smith et al. 2020. No page.) is one.", "**Label.** Two."]
    assert mended(text).split("\n") == expected
