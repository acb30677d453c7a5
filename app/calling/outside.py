"""Files of outside calls: told apart by their content, and read into one strict model.

Our own JSON and TSV and PharmCAT's TSV are read here. Every other tool has an adapter, found through the entry points of the group
``trdpgx.outside_calls``: an object with ``recognises(document)`` and ``read(document)`` (docs/calling.md tells how to add one).
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any, Protocol

from pydantic import ValidationError

from app.calling.document import Document, read_document
from app.calling.problems import (
    OUTSIDE_CALLS_INVALID,
    OUTSIDE_CALLS_NO_SAMPLE,
    OUTSIDE_CALLS_OTHER_SAMPLE,
    OUTSIDE_CALLS_UNKNOWN_FORMAT,
)
from app.model.outside import OutsideCall
from app.model.problem import InputError

ENTRY_POINTS = "trdpgx.outside_calls"
_UNNAMED = "unnamed tool"
_COLUMNS = frozenset(OutsideCall.model_fields)
_NO_CALL_WORDS = frozenset(
    {"no_call", "nocall", "no call", "none", "not called", "n/a", "na", ".", "no_match", "multiple", "indeterminate", "unknown"}
)


class Adapter(Protocol):
    """What reads the output of one tool."""

    def recognises(self, document: Document) -> bool:
        """Return whether the file is this tool's, by its content alone."""
        ...

    def read(self, document: Document) -> Iterable[Mapping[str, Any]]:
        """Yield each call as the fields of ``OutsideCall``, with ``line`` besides where the file has lines."""
        ...


def read_outside_calls(data: bytes) -> tuple[OutsideCall, ...]:
    """Return the calls in a file, in its order.

    Raises ``InputError`` if the format is not known or a call is not valid. A call whose diplotype is a word for "no call" is one.
    """
    document = read_document(data)
    for recognises, read in _readers():
        if recognises(document):
            calls = tuple(_call(fields) for fields in read(document))
            if not calls:
                raise InputError(OUTSIDE_CALLS_INVALID, "It holds no call.")
            return calls
    raise InputError(OUTSIDE_CALLS_UNKNOWN_FORMAT, "It looks like the output of none of the supported tools.")


def check_samples(calls: Iterable[OutsideCall], samples: Iterable[str]) -> None:
    """Raise ``InputError`` if all calls are for samples that the input does not have, or if one could be anybody's of several samples.

    A file of calls may well be for a whole cohort; but calls that reach nobody would be lost without a word, and a call without a
    sample would be taken for everybody's.
    """
    named = {call.sample for call in calls}
    samples = tuple(samples) if named else ()
    if None in named and len(samples) > 1:
        raise InputError(OUTSIDE_CALLS_NO_SAMPLE, f"The input has {len(samples)} samples.")
    if named and None not in named and named.isdisjoint(samples):
        raise InputError(OUTSIDE_CALLS_OTHER_SAMPLE, f"They name {len(named)} samples, and none of them is in the input.")


@cache
def adapters() -> dict[str, Adapter]:
    """Return the adapters that are installed, by the name of their entry point and in the order of the names."""
    found = sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name)
    return {point.name: point.load() for point in found}


def _readers() -> Iterator[tuple[Any, Any]]:
    """Yield what recognises and what reads each format, the loosest format last."""
    yield _is_own_json, _read_own_json
    yield _is_own_tsv, _read_own_tsv
    for adapter in adapters().values():
        yield adapter.recognises, adapter.read
    yield _is_pharmcat, _read_pharmcat


def _call(fields: Mapping[str, Any]) -> OutsideCall:
    values = {name: value for name, value in fields.items() if name != "line" and value is not None}
    line = fields.get("line")
    diplotype = values.get("diplotype")
    if isinstance(diplotype, str) and _is_no_call(diplotype.strip().lower()):
        del values["diplotype"]
        values["no_call"] = not values.keys() & {"phenotype", "activity_score"}
    if isinstance(values.get("gene"), str):
        values["gene"] = values["gene"].strip().upper()
    score = values.get("activity_score")
    if isinstance(score, str):
        values["activity_score"] = score.lstrip("≥>= ")
    values.setdefault("tool", _UNNAMED)
    try:
        return OutsideCall.model_validate(values)
    except ValidationError as error:
        raise InputError(OUTSIDE_CALLS_INVALID, _what_is_wrong(error), line=line if isinstance(line, int) else None) from None


def _is_no_call(diplotype: str) -> bool:
    return diplotype in _NO_CALL_WORDS or set(diplotype.split("/")) <= _NO_CALL_WORDS


def _what_is_wrong(error: ValidationError) -> str:
    """Return which fields are wrong and never what they hold."""
    fields = sorted({str(detail["loc"][0]) for detail in error.errors(include_input=False) if detail["loc"]} & _COLUMNS)
    if fields:
        return f"Not as documented: {', '.join(fields)}."
    return "A call has a field that is not known, or says nothing: give a diplotype, a phenotype, an activity score or no_call."


def _is_own_json(document: Document) -> bool:
    found = document.json
    return (isinstance(found, dict) and "outside_calls" in found) or (
        isinstance(found, list) and bool(found) and all(isinstance(item, dict) and {"gene"} <= item.keys() <= _COLUMNS for item in found)
    )


def _read_own_json(document: Document) -> Iterator[Mapping[str, Any]]:
    found = document.json
    items = found["outside_calls"] if isinstance(found, dict) else found
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InputError(OUTSIDE_CALLS_INVALID, "outside_calls must be a list of objects.")
    shared = {name: found[name] for name in ("tool", "sample") if name in found} if isinstance(found, dict) else {}
    for item in items:
        yield shared | item


def _is_own_tsv(document: Document) -> bool:
    return document.json is None and {"gene", "diplotype"} <= set(document.header)


def _read_own_tsv(document: Document) -> Iterator[Mapping[str, Any]]:
    for line, record in document.records():
        yield {**record, "no_call": _truth(record["no_call"]), "line": line} if "no_call" in record else {**record, "line": line}


def _truth(word: str) -> bool | str:
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(word.lower(), word)


def _is_pharmcat(document: Document) -> bool:
    """Return whether every line has a gene symbol and one to three more cells (PharmCAT's outside call format has no header)."""
    rows = [row for row in document.rows if not row.cells[0].startswith("#")]
    return document.json is None and bool(rows) and all(2 <= len(row.cells) <= 4 and _is_symbol(row.cells[0]) for row in rows)


def _read_pharmcat(document: Document) -> Iterator[Mapping[str, Any]]:
    for row in document.rows:
        if not row.cells[0].startswith("#"):
            yield {
                "gene": row.cells[0],
                "diplotype": row.cell(1),
                "phenotype": row.cell(2),
                "activity_score": row.cell(3),
                "tool": "PharmCAT outside call file",
                "line": row.number,
            }


def _is_symbol(text: str) -> bool:
    return text.upper() == text and text[:1].isalpha() and text.replace("-", "").isalnum() and len(text) <= 20
