"""Aldy: the decomposition file (``.aldy``), a line for each variant of each copy, with one or more solutions.

Followed: the documentation of 0xTCG/aldy, "Output". The ``Major`` column holds the diplotype of the solution, ``Minor`` the sub-allele of
each gene copy; Aldy 4 adds a line ``#Solution 1: ...; cpic=...; cpic_score=...``. The ``Status`` of a variant tells where it does not fit
the alleles of the solution (``NOVEL``, ``EXTRA``, ``MISSING``): Aldy has no other mark of a call's quality.

A ``#Solution`` line without rows is no call, and its text is named as what was not read. Only rows name gene and sample: it is taken for
those of the file's rows where they have but one, and else for CYP2D6, which Aldy is mostly run for.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from trdpgx.calling.outside_calls.adapter import CallFields
from trdpgx.calling.outside_calls.document import ResultFile, ResultRow

_Key: TypeAlias = tuple[str | None, str | None, str | None]
"""Sample, gene and number of the solution."""

_COLUMNS = ("sample", "gene", "solutionid", "major", "minor", "copy", "allele")
_STATUS = 13
_SOLUTION = re.compile(r"#Solution (\d{1,4}):")
_PHENOTYPE = re.compile(r"\bcpic=([^;]{1,200})")
_SCORE = re.compile(r"\bcpic_score=([0-9.]{1,20})")
_DEFAULT_GENE = "CYP2D6"
_LONGEST = 200
_FITTING = frozenset({"", "NORMAL", "KNOWN", "."})


def recognises(document: ResultFile) -> bool:
    """Return whether the file is Aldy's decomposition file."""
    return document.json is None and document.header[: len(_COLUMNS)] == _COLUMNS


def read(document: ResultFile) -> Iterator[CallFields]:
    """Yield one call for each solution of each gene and sample, in the order of the file."""
    phenotype: str | None = None
    score: str | None = None
    solutions: dict[_Key, CallFields] = {}
    statuses: dict[_Key, dict[str, None]] = {}
    announced: ResultRow | None = None
    rowless: list[ResultRow] = []
    for row in document.rows[1:]:
        if row.values[0].startswith("#"):
            text = " ".join(row.values)
            if _SOLUTION.match(text):
                phenotype, score = _found(_PHENOTYPE, text), _found(_SCORE, text)
                announced = row
                rowless.append(row)
            continue
        if announced is not None:
            rowless.pop()
            announced = None
        sample, gene, number, major = row.value(0), row.value(1), row.value(2), row.value(3)
        key = (sample, gene, number)
        if key not in solutions:
            statuses[key] = {}
            solutions[key] = {
                "gene": gene,
                "sample": sample,
                "diplotype": major,
                "phenotype": phenotype,
                "activity_score": score,
                "copy_number": _copies(row),
                "tool": "Aldy",
                "line": row.number,
            }
        status = (row.value(_STATUS) or "").upper()
        if status not in _FITTING:
            statuses[key][status] = None
    yield from _without_rows(rowless, solutions)
    for key, call in solutions.items():
        yield {**call, "quality_flag": f"variants {', '.join(sorted(statuses[key]))[:150]}"} if statuses[key] else call


def _without_rows(rowless: Iterable[ResultRow], solutions: Iterable[_Key]) -> Iterator[CallFields]:
    """Yield a no call for each solution that has no rows."""
    samples, genes = ({key[part] for key in solutions if key[part]} for part in (0, 1))
    for row in rowless:
        text = " ".join(row.values).partition(":")[2].strip()[:_LONGEST]
        yield {
            "gene": genes.copy().pop() if len(genes) == 1 else _DEFAULT_GENE,
            "sample": samples.copy().pop() if len(samples) == 1 else None,
            "diplotype": text or None,
            "no_call": True,
            "tool": "Aldy",
            "line": row.number,
        }


def _copies(row: ResultRow) -> int | None:
    """Return the number of gene copies of a solution: ``Minor`` names the sub-allele of each."""
    minor = row.value(4)
    return len([allele for allele in minor.split(";") if allele.strip()]) if minor and len(minor) <= 300 else None


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1].strip() if match else None
