"""Which comparison a file asks for, by its content: every file that ``trdpgx rules compare`` reads."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from trdpgx.knowledge.compared.changes import compare_changes
from trdpgx.knowledge.compared.differences import ComparedFileError, Difference
from trdpgx.knowledge.compared.fda import compare_fda
from trdpgx.knowledge.compared.guidance import compare_guidance
from trdpgx.knowledge.compared.levels import compare_levels
from trdpgx.knowledge.compared.phenotypes import compare_phenotypes
from trdpgx.knowledge.definitions.pharmcat import read_json
from trdpgx.model.library import ReferenceLibrary, RuleLibrary

Publisher = Literal["cpic", "clinpgx", "fda"]
EXPECTED = {
    "cpic": "PharmCAT's prescribing_guidance.json, its phenotype file of a gene, or CPIC's change log data.tsv",
    "clinpgx": "PharmCAT's prescribing_guidance.json, or ClinPGx's clinical_annotations.tsv",
    "fda": "the FDA's table as fda_pgx_associations_table.json, or as a CSV of its columns",
}
"""What each option of the command reads."""
_MOST_BYTES = 64 << 20


def compare_file(
    publisher: Publisher, path: Path, library: RuleLibrary, reference: ReferenceLibrary, *, since: str
) -> tuple[Difference, ...]:
    """Return every difference between our rules and tables and a file of a publisher, sorted and each once.

    ``since`` is the day (YYYY-MM-DD) from which on entries of a change log count. Raises ``ComparedFileError`` and ``OSError``.
    """
    return tuple(sorted(set(_differences(publisher, path, library, reference, since))))


def _differences(publisher: Publisher, path: Path, library: RuleLibrary, reference: ReferenceLibrary, since: str) -> Iterable[Difference]:
    unexpected = ComparedFileError(f"{path.name}: not a file that --{publisher} reads: {EXPECTED[publisher]}")
    if path.stat().st_size > _MOST_BYTES:
        raise unexpected
    try:
        if path.suffix.casefold() == ".json":
            return _of_json(publisher, path, read_json(path), library, reference, unexpected=unexpected)
        return _of_table(publisher, _rows(path), library, reference, since, unexpected=unexpected)
    except ComparedFileError as error:
        raise error if error is unexpected else ComparedFileError(f"{path.name}: {error}") from None
    except (AttributeError, IndexError, KeyError, TypeError):  # a value of another type than the publisher writes there
        raise unexpected from None


def _of_json(
    publisher: Publisher,
    path: Path,
    content: Any,
    library: RuleLibrary,
    reference: ReferenceLibrary,
    *,
    unexpected: ComparedFileError,
) -> list[Difference]:
    if not isinstance(content, dict):
        raise unexpected
    if publisher == "fda" and isinstance(content.get("table"), list):
        return list(compare_fda([row for row in content["table"] if isinstance(row, dict)], library))
    if publisher in {"cpic", "clinpgx"} and "guidelines" in content:
        return list(compare_guidance(content, library, reference))
    if publisher == "cpic" and isinstance(content.get("gene"), str) and ("diplotypes" in content or "haplotypes" in content):
        return list(compare_phenotypes(path, content, reference))
    raise unexpected


def _of_table(
    publisher: Publisher,
    rows: list[dict[str, str]],
    library: RuleLibrary,
    reference: ReferenceLibrary,
    since: str,
    *,
    unexpected: ComparedFileError,
) -> list[Difference]:
    columns = set(rows[0]) if rows else set()
    if publisher == "fda" and "Drug" in columns:
        return list(compare_fda(rows, library))
    if publisher == "clinpgx" and "Level of Evidence" in columns:
        return list(compare_levels(rows, library))
    if publisher == "cpic" and "Date of Change" in columns:
        return list(compare_changes(rows, library, reference, since))
    raise unexpected


def _rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table whose fields are apart by tabs (.tsv) or commas."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t" if path.suffix.casefold() == ".tsv" else ",", restval="")
            return [{key: value for key, value in row.items() if key is not None} for row in reader]
    except (UnicodeDecodeError, csv.Error):
        raise ComparedFileError("not a table in UTF-8; download it again") from None
