"""Which comparison a file asks for, by its content: every file that ``trdpgx rules compare`` reads."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from trdpgx.knowledge.compared.changes import compare_changes
from trdpgx.knowledge.compared.differences import ComparedFileError, Difference
from trdpgx.knowledge.compared.fda import compare_fda
from trdpgx.knowledge.compared.guidance import compare_guidance
from trdpgx.knowledge.compared.levels import compare_levels
from trdpgx.knowledge.compared.phenotypes import compare_phenotypes
from trdpgx.knowledge.definitions.pharmcat import MOST_BYTES, read_json
from trdpgx.model.library import ReferenceLibrary, RuleLibrary

Publisher = Literal["cpic", "clinpgx", "fda"]
EXPECTED = {
    "cpic": "PharmCAT's prescribing_guidance.json, its phenotype file of a gene, or CPIC's change log data.tsv",
    "clinpgx": "PharmCAT's prescribing_guidance.json, or ClinPGx's clinical_annotations.tsv",
    "fda": "the FDA's table as fda_pgx_associations_table.json, or as a CSV of its columns",
}
"""What each option of the command reads."""


def compare_file(
    publisher: Publisher, path: Path, library: RuleLibrary, reference: ReferenceLibrary, *, since: str
) -> tuple[Difference, ...]:
    """Return every difference between our rules and tables and a file of a publisher, sorted and each once.

    ``since`` is the day (YYYY-MM-DD) from which on entries of a change log count. Raises ``ComparedFileError`` and ``OSError``.
    """
    unexpected = ComparedFileError(f"{path.name}: not a file that --{publisher} reads: {EXPECTED[publisher]}")
    if path.stat().st_size > MOST_BYTES:
        raise unexpected
    try:
        differences = _differences(publisher, path, library, reference, since)
        if differences is not None:
            return tuple(sorted(set(differences)))
    except ComparedFileError as error:
        raise ComparedFileError(f"{path.name}: {error}") from None
    except (AttributeError, IndexError, KeyError, TypeError):  # a value of another type than the publisher writes there
        pass
    raise unexpected


def _differences(
    publisher: Publisher, path: Path, library: RuleLibrary, reference: ReferenceLibrary, since: str
) -> Iterator[Difference] | None:
    """Return the comparison that the content asks for, ``None`` where it is nothing that the publisher writes."""
    differences = None
    if path.suffix.casefold() == ".json":
        content = read_json(path)
        if publisher == "fda" and isinstance(content["table"], list):
            differences = compare_fda([row for row in content["table"] if isinstance(row, dict)], library)
        elif publisher != "fda" and "guidelines" in content:
            differences = compare_guidance(content, library, reference)
        elif publisher == "cpic" and isinstance(content["gene"], str) and ("diplotypes" in content or "haplotypes" in content):
            differences = compare_phenotypes(path, content, reference)
        return differences
    rows = _rows(path)
    columns = rows[0].keys() if rows else set()
    if publisher == "fda" and "Drug" in columns:
        differences = compare_fda(rows, library)
    elif publisher == "clinpgx" and "Level of Evidence" in columns:
        differences = compare_levels(rows, library)
    elif publisher == "cpic" and "Date of Change" in columns:
        differences = compare_changes(rows, library, reference, since)
    return differences


def _rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table whose fields are apart by tabs (.tsv) or commas."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t" if path.suffix.casefold() == ".tsv" else ",", restval="")
            return [{key: value for key, value in row.items() if key is not None} for row in reader]
    except (UnicodeDecodeError, csv.Error):
        raise ComparedFileError("not a table in UTF-8; download it again") from None
