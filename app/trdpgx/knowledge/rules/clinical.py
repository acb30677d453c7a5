"""The files of clinical facts read into a rulebook: layers merged row by row, and every name looked up."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from trdpgx.knowledge.finding import Finding
from trdpgx.knowledge.rules.names import unknown_name
from trdpgx.knowledge.rules.schema.clinical import ClinicalFile, ClinicalRow
from trdpgx.knowledge.rules.schema.conditions import ConditionFile
from trdpgx.knowledge.rules.verification import verification
from trdpgx.knowledge.yaml_document import Document
from trdpgx.model.clinical_facts import ClinicalFacts
from trdpgx.model.evidence import Citation
from trdpgx.model.library import RuleLibrary

Layer = tuple[Mapping[str, Document], Mapping[str, ClinicalFile]]
"""The documents of one folder of rules, and its files of clinical facts, both by the path within it."""


def clinical_facts(
    layers: Sequence[Layer], drugs: Iterable[str], citations: Mapping[str, Citation], findings: list[Finding]
) -> ClinicalFacts:
    """Return the clinical facts of all layers. A row whose names are not known, or that does not state how it is known, is a finding."""
    files: dict[str, ClinicalFile] = {}
    positions: dict[str, tuple[str, int]] = {}
    for documents, own in layers:
        own_positions: dict[str, tuple[str, int]] = {}
        for path, file in own.items():
            document = documents[path]
            files[path] = _merged(files[path], file) if path in files else file
            for section, rows in file.sections():
                for key in rows:
                    line = document.line((section, key))
                    if key in own_positions:
                        findings.append(Finding(document.file, line, "the id '{}' is taken by {}:{}".format(key, *own_positions[key])))
                    own_positions[key] = (document.file, line)
        positions.update(own_positions)
    conditions = files.get("clinical/conditions.yaml", ConditionFile()).rows
    known_drugs, known_conditions = frozenset(drugs), frozenset(conditions)
    for file in files.values():
        for key, row in file.every_row():
            where = positions[key]
            findings.extend(Finding(*where, f"'{key}': {fault}") for fault in _faults(row, known_drugs, known_conditions, citations))
    return ClinicalFacts({type(file): file for file in files.values()}, positions)


def clinical_files(library: RuleLibrary) -> Iterator[ClinicalFile]:
    """Yield each file of clinical facts of a rulebook."""
    yield from (file for file in library.clinical if isinstance(file, ClinicalFile))


def _merged(below: ClinicalFile, above: ClinicalFile) -> ClinicalFile:
    """Return a file with the layer above it: its rows are added and replace those of the same id, and other fields that it sets replace."""
    values: dict[str, Any] = {}
    for name in above.model_fields_set:
        lower, upper = getattr(below, name), getattr(above, name)
        values[name] = {**lower, **upper} if isinstance(lower, Mapping) and isinstance(upper, Mapping) else upper
    return below.copy_with(**values)


def _faults(row: ClinicalRow, drugs: frozenset[str], conditions: frozenset[str], citations: Mapping[str, Citation]) -> Iterator[str]:
    if verification(row) is None:
        yield "states neither 'verified' nor 'unverified'"
    if row.citation is not None and row.citation not in citations:
        yield unknown_name("citation", row.citation, citations)
    for name in row.drugs():
        if name not in drugs:
            yield unknown_name("drug", name, drugs)
    for name in row.conditions():
        if name not in conditions:
            yield unknown_name("condition", name, conditions)
