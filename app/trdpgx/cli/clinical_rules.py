"""Rows of clinical facts as text for a terminal, and their examples."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trdpgx.cli.rule_text import field
from trdpgx.clinical.examples import example_fault
from trdpgx.knowledge.rules.clinical import clinical_files
from trdpgx.knowledge.rules.schema.clinical import ClinicalExample, ClinicalFile, ClinicalRow
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import Patient

_WIDTH = 22
_APART = frozenset({"source", "year", "citation", "url", "note", "examples", "verified", "unverified"})


def rows_of(library: RuleLibrary) -> dict[str, tuple[ClinicalFile, ClinicalRow]]:
    """Return every row of clinical facts with its file, by its id."""
    return {key: (file, row) for file in clinical_files(library) for key, row in file.every_row()}


def rows_about(library: RuleLibrary, name: str) -> list[str]:
    """Return the ids of the rows with this id, or about this drug, condition or gene."""
    wanted = name.casefold()
    return [
        key
        for key, (_, row) in rows_of(library).items()
        if wanted in {key.casefold(), *(word.casefold() for word in (*row.drugs(), *row.conditions(), *row.genes()))}
    ]


def example_lines(library: RuleLibrary, key: str) -> Iterator[tuple[bool, str]]:
    """Run the examples of a row, and yield for each whether it gives what it expects, and a line that shows it."""
    file, row = rows_of(library)[key]
    for example in row.examples:
        fault = example_fault(library, type(file), key, example)
        yield fault is None, f"{'FAILED' if fault else 'ok    '} {key} {_example(example)}{f': {fault}' if fault else ''}"


def show_row(library: RuleLibrary, key: str) -> str:
    """Return all of a row: its file and line, its values, its source and how that was verified."""
    file, row = rows_of(library)[key]
    path, line = library.clinical.positions[key]
    fields = [("list", f"{file.title}, {file.version}")]
    for name, value in row.model_dump(mode="json", exclude_defaults=True, exclude=set(_APART)).items():
        fields.append((name.replace("_", " "), _words(value)))
    source = row.source_with(library.citations)
    cited = f"; {source.citation.text}" if source.citation else f"; {source.url}" if source.url else ""
    fields += [
        ("source", f"{source.name}{f' {source.year}' if source.year else ''}{cited}"),
        ("note", row.note or ""),
        ("known", f"{row.verification.state}: {row.verification.where}"),
        *(("example", _example(example)) for example in row.examples),
    ]
    return "\n".join((f"{key}   ({path}:{line})", *(text for name, value in fields for text in field(name, value, _WIDTH))))


def explain_row(library: RuleLibrary, key: str, patient: Patient | None) -> str:
    """Return the drugs and conditions that a row names, each with where a context states it."""
    _, row = rows_of(library)[key]
    lines = [f"{key}: {row.source}{f' {row.year}' if row.year else ''}"]
    for drug in dict.fromkeys(row.drugs()):
        lines.append(_answer(drug, _taken(drug, patient)))
    for condition in dict.fromkeys(row.conditions()):
        stated = patient is not None and condition in (patient.comorbidities or ())
        lines.append(_answer(condition, ["a comorbidity"] if stated else []))
    if len(lines) == 1:
        lines.append("      the row names no drug and no condition; `trdpgx rules show` has its values")
    return "\n".join(lines)


def _taken(drug: str, patient: Patient | None) -> list[str]:
    if patient is None:
        return []
    current = [
        f"current_drugs[{one.position}]{f', stopped on {one.stopped_on}' if one.stopped_on else ''}"
        for one in patient.current or ()
        if one.drug == drug
    ]
    return current + [f"trials[{trial.position}]" for trial in patient.trials or () if trial.drug == drug]


def _answer(name: str, stated: Sequence[str]) -> str:
    return f"      {'yes' if stated else 'no '}  {name}: {'; '.join(stated) or 'not stated of this person'}"


def _example(example: ClinicalExample) -> str:
    return f"with {_pairs(example.given)} gives {_pairs(example.expect)}"


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_words(value)}" for name, value in values.items())


def _words(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_words, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_words(one)}" for name, one in value.items())
    return {True: "yes", False: "no", None: "not stated"}[value] if value is None or isinstance(value, bool) else str(value)
