"""StellarPGx: the report of one sample and gene (``.alleles``), and the summary table (``summary.txt``) of many samples.

Followed: README of SBIMB/StellarPGx ("Expected output") and the summary table as PharmCAT's "Calling CYP2D6" page shows it. The summary
does not name the gene: it is read only if its alleles (deletion, copies, tandems) can be CYP2D6's alone. A result in brackets, or with
"interpret with caution" beside it, is one that StellarPGx itself marks as uncertain.
"""

import re
from collections.abc import Iterator, Sequence

from trdpgx.calling.outside_calls.adapter import CallFields
from trdpgx.calling.outside_calls.document import ResultFile, ResultRow
from trdpgx.calling.outside_calls.no_calls import called_in_part, called_nothing, flag_of
from trdpgx.calling.outside_calls.problems import OUTSIDE_CALLS_INVALID
from trdpgx.model.problem import InputError

_TOOL = "StellarPGx"
_TITLE = re.compile(r"\b(\w{1,20}) Star Allele Calling with StellarPGx", re.IGNORECASE)
_HEAD = 2_000
_DIPLOTYPE = re.compile(r"\[?\*[\w.+*]+/\*[\w.+*]+\]?")
_CAUTION = re.compile(r"^(?:Possible (?:novel|rare)|.*interpret with caution)", re.IGNORECASE)
_GENE = re.compile(r"(CYP|UGT|HLA-|NAT\d|SLCO|DPYD|TPMT|NUDT|VKORC|ABC|GST|POR$|F5$|G6PD|RYR|CFTR|MT-|IFNL|CACNA)")
_STRUCTURAL = re.compile(r"\+|x\d|\*5(?![\d.])|\*(?:36|68|13)(?!\d)")


def recognises(document: ResultFile) -> bool:
    """Return whether the file is a StellarPGx report or summary."""
    if document.json is not None:
        return False
    return bool(_TITLE.search(document.text[:_HEAD])) or (bool(document.rows) and _is_summary_table(document.rows))


def read(document: ResultFile) -> Iterator[CallFields]:
    """Yield one call for each sample."""
    title = _TITLE.search(document.text[:_HEAD])
    if title:
        yield _report(title[1].upper(), [line.strip() for line in document.text.splitlines()])
        return
    if not any(_STRUCTURAL.search(row.values[1]) for row in document.rows):
        raise InputError(
            OUTSIDE_CALLS_INVALID,
            "A StellarPGx summary does not name its gene, and these alleles do not identify it.",
            remedy="Send the .alleles report.",
        )
    for row in document.rows:
        yield {
            "gene": "CYP2D6",
            "sample": row.values[0],
            "diplotype": row.values[1].strip("[]"),
            "quality_flag": flag_of(row.value(2)) or _bracketed(row.values[1]),
            "tool": _TOOL,
            "line": row.number,
        }


def _is_summary_table(rows: Sequence[ResultRow]) -> bool:
    return any(_DIPLOTYPE.fullmatch(row.value(1) or "") for row in rows) and all(map(_is_summary, rows))


def _is_summary(row: ResultRow) -> bool:
    if not 2 <= len(row.values) <= 3 or _GENE.match(row.values[0].upper()) or row.values[0].startswith("#"):
        return False
    return bool(_DIPLOTYPE.fullmatch(row.values[1])) or called_nothing(row.values[1]) or called_in_part(row.values[1])


def _report(gene: str, lines: list[str]) -> CallFields:
    result = _after(lines, "Result:") or ""
    diplotype = result.strip("[]")
    copies = next(
        (match[1] for line in lines if (match := re.match(r"(?:Initially computed CN|Computed_copy_number)\D{0,40}(\d{1,3})", line))), None
    )
    sample = next((line.partition(":")[2].strip() for line in lines if line.startswith("Sample ID:")), None)
    score = _after(lines, "Activity score:")
    call: CallFields = {"gene": gene, "sample": sample, "tool": _TOOL, "copy_number": copies}
    cautious = next((line for line in lines if _CAUTION.search(line)), None)
    call["quality_flag"] = flag_of(cautious) or _bracketed(result)
    if not _DIPLOTYPE.fullmatch(diplotype) and (called_nothing(diplotype) or _CAUTION.search(result)):
        return {**call, "no_call": True}
    phenotype = re.sub(r"\(.*\)", "", _after(lines, "Metaboliser status:") or "").strip()
    if score and re.fullmatch(r"[0-9.]+", score):
        call["activity_score"] = score
    return {**call, "diplotype": diplotype, "phenotype": phenotype or None}


def _bracketed(result: str) -> str | None:
    return "in brackets: likely background alleles" if result.startswith("[") else None


def _after(lines: list[str], title: str) -> str | None:
    """Return the first line with text after a title line."""
    if title not in lines:
        return None
    return next((line for line in lines[lines.index(title) + 1 :] if line), None)
