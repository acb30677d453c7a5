"""CPIC's change log (``data.tsv`` of its data releases): what it names of ours after the day on which we last looked."""

import re
from collections.abc import Iterator, Mapping, Sequence

from trdpgx.knowledge.compared.differences import ComparedFileError, Difference
from trdpgx.model.library import ReferenceLibrary, RuleLibrary

_COLUMNS = ("Date of Change", "Type of Data", "Subject", "Note of Change")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PAIR = re.compile(r"\[([^\]]+?)-([A-Z][A-Z0-9-]*\d*)\]")
_LEFT_OUT = frozenset({"FREQUENCY"})


def compare_changes(
    rows: Sequence[Mapping[str, str]], library: RuleLibrary, reference: ReferenceLibrary, since: str
) -> Iterator[Difference]:
    """Yield the entries after ``since`` (YYYY-MM-DD) on a drug or gene of ours. Raises ``ComparedFileError`` where a column is missing."""
    genes = {*reference.genes, *(gene for rule in library.rules for gene in rule.genes)}
    for number, row in enumerate(rows, 2):
        if any(row.get(column) is None for column in _COLUMNS) or not _DAY.fullmatch(row["Date of Change"]):
            raise ComparedFileError(f"line {number} has not the columns {', '.join(_COLUMNS)}; CPIC ships it as data.tsv")
        pair = _PAIR.search(row["Note of Change"])
        named = {row["Subject"], *(pair.groups() if pair else ())}
        about = row["Subject"] or (f"{pair[1]}-{pair[2]}" if pair else "")
        concerned = bool(named & genes and not pair) or bool(named & set(library.drugs))
        if row["Date of Change"] > since and row["Type of Data"] not in _LEFT_OUT and concerned:
            subject = f"{row['Date of Change']}, {row['Type of Data'].casefold().replace('_', ' ')}, {about}"
            yield Difference("change", subject, f"last looked at on {since}", row["Note of Change"])
