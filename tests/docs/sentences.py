"""One sentence a line, at most 100 columns: find what is otherwise in a page of Markdown, and mend it.

`python -m tests.docs.sentences FILE...` rewrites pages. A sentence of more than 100 columns goes on in the next line.
Tables, code blocks, headings and HTML stay as they are; inline code and links are never cut.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

WIDTH = 100
_LABEL = 3
_ITEM = re.compile(r"(\s*(?:>\s*)*(?:[-*+] |\d{1,3}\. )?\s*)")
_BEGINS = re.compile(r"\s*(?:>\s*)*(?:[-*+] |\d{1,3}\. )")
_FIXED = re.compile(r"\s*(?:\||#|<|!?\[[^\]]+\]:|---|===|\[!)")
_PIECE = re.compile(r"(?:`[^`]*`|!?\[[^\]]*\]\([^)]*\)|<https?:[^>]*>|\S)+")
_END = re.compile(r"[.!?:]?[.!?][)\"'*_`\]]*$")
_NOT_AN_END = re.compile(r"(?:\b(?:e\.g|i\.e|al|vs|cf|[Nn]o|Fig|approx|St|Dr)\.|\.\.\.|^[A-Z]\.)[)\"'*_]*$")
_START = re.compile(r"[\"'(*_\[<]*[A-Z0-9`*]")
_MARK = re.compile(r"(?:[-+*#>|]|\d+\.)$")


def pieces(text: str) -> list[str]:
    """Return the words of a paragraph; inline code and links are one word each."""
    return _PIECE.findall(text)


def sentences(text: str) -> list[list[str]]:
    """Return the sentences of a paragraph as lists of words. What stands in brackets, or is a label in bold, belongs to its sentence."""
    result: list[list[str]] = [[]]
    words = pieces(text)
    depth = _unopened(words)
    for number, word in enumerate(words):
        result[-1].append(word)
        depth = max(0, depth + _bare(word).count("(") - _bare(word).count(")"))
        follows = words[number + 1] if number + 1 < len(words) else ""
        is_label = result[-1][0].startswith("**") and word.endswith(".**") and len(result[-1]) <= _LABEL
        if depth == 0 and not is_label and _END.search(word) and not _NOT_AN_END.search(word) and _START.match(follows):
            result.append([])
    return result


def _bare(word: str) -> str:
    return re.sub(r"`[^`]*`|\]\([^)]*\)", "", word)


def _unopened(words: list[str]) -> int:
    """Return how many brackets are open before the first word, by those that are closed and were not opened."""
    depth = lowest = 0
    for word in words:
        for letter in _bare(word):
            depth += (letter == "(") - (letter == ")")
            lowest = min(lowest, depth)
    return -lowest


def _lines(words: list[str], width: int) -> Iterator[str]:
    """Break one sentence into lines, behind a comma or semicolon where one is near the end of the line."""
    while words:
        fitting, length = 0, -1
        while fitting < len(words) and (fitting == 0 or length + 1 + len(words[fitting]) <= width):
            length += 1 + len(words[fitting])
            fitting += 1
        if fitting < len(words):
            clause = next((n for n in range(fitting, 0, -1) if words[n - 1].endswith((",", ";", ":"))), 0)
            if clause and len(" ".join(words[:clause])) >= width * 0.7:
                fitting = clause
            while fitting > 1 and _MARK.match(words[fitting]):
                fitting -= 1
        yield " ".join(words[:fitting])
        words = words[fitting:]


def mended(page: str) -> str:
    """Return a page with one sentence a line; its words stay as they are."""
    result: list[str] = []
    paragraph: list[str] = []

    def flush() -> None:
        if not paragraph:
            return
        first = _begin(paragraph[0])
        quote = "> " if ">" in first else ""
        rest = quote or " " * len(first)
        text = " ".join(
            [paragraph[0][len(first) :], *(line.strip().removeprefix(">").strip() if quote else line.strip() for line in paragraph[1:])]
        )
        before = first
        for sentence in sentences(text):
            for line in _lines(sentence, WIDTH - len(first)):
                result.append(before + line)
                before = rest
        paragraph.clear()

    fenced = False
    for line in page.split("\n"):
        if line.lstrip().startswith("```"):
            flush()
            fenced = not fenced
            result.append(line)
        elif fenced or not line.strip() or _FIXED.match(line) or line.startswith("#") or (not paragraph and _is_code(line)):
            flush()
            result.append(line)
        else:
            if _BEGINS.match(line):
                flush()
            paragraph.append(line)
    flush()
    return "\n".join(result)


def faults(page: str) -> Iterator[tuple[int, str]]:
    """Yield lines that are too long, or hold more than one sentence: their numbers from 1, and what is wrong."""
    fenced, starts = False, True
    for number, line in enumerate(page.split("\n"), 1):
        fenced ^= line.lstrip().startswith("```")
        is_code = fenced or (starts and _is_code(line))
        starts = not line.strip() or is_code
        if is_code or not line.strip() or _FIXED.match(line) or line.startswith("#"):
            continue
        text = line[len(_begin(line)) :]
        if len(line) > WIDTH and len(pieces(text)) > 1:
            yield number, f"{len(line)} columns"
        if len(sentences(text)) > 1:
            yield number, "two sentences"


def _is_code(line: str) -> bool:
    """Whether a line at the start of a paragraph is an indented block of code."""
    return line.startswith("    ") and not _BEGINS.match(line)


def _begin(line: str) -> str:
    match = _ITEM.match(line)
    return match[0] if match else ""


def main(files: list[str]) -> None:
    """Rewrite the pages that are named."""
    for file in files:
        path = Path(file)
        page = path.read_text("utf-8")
        path.write_text(mended(page), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
