"""Aldy: the decomposition file (``.aldy``), a line for each variant of each copy, with one or more solutions.

Followed: the documentation of 0xTCG/aldy, "Output". The ``Major`` column holds the diplotype of the solution; Aldy 4 adds a line
``#Solution 1: cpic=...; cpic_score=...``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.calling.document import Document

_COLUMNS = ("sample", "gene", "solutionid", "major", "minor", "copy", "allele")
_SOLUTION = re.compile(r"#Solution (\d+):")
_PHENOTYPE = re.compile(r"\bcpic=([^;]+)")
_SCORE = re.compile(r"\bcpic_score=([0-9.]+)")


def recognises(document: Document) -> bool:
    """Return whether the file is Aldy's decomposition file."""
    return document.json is None and document.header[: len(_COLUMNS)] == _COLUMNS


def read(document: Document) -> Iterator[Mapping[str, Any]]:
    """Yield one call for each solution."""
    stated: dict[str, dict[str, str]] = {}
    seen: set[tuple[str | None, ...]] = set()
    for row in document.rows[1:]:
        solution = _SOLUTION.match(row.cells[0])
        if solution:
            stated[solution[1]] = _stated(" ".join(row.cells))
            continue
        if row.cells[0].startswith("#"):
            continue
        sample, gene, number, major = (row.cell(index) for index in range(4))
        if (sample, gene, number) not in seen:
            seen.add((sample, gene, number))
            yield {"gene": gene, "sample": sample, "diplotype": major, "tool": "Aldy", "line": row.number} | stated.get(number or "", {})


def _stated(text: str) -> dict[str, str]:
    phenotype, score = _PHENOTYPE.search(text), _SCORE.search(text)
    found = {"phenotype": phenotype[1].strip()} if phenotype else {}
    return found | ({"activity_score": score[1]} if score else {})
