"""Earlier reports read from the formats ``json`` and ``ndjson``: their facts, apart from what followed from these."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, Any

from msgspec import Struct
from pydantic import ConfigDict, Field, ValidationError
from pydantic_core import from_json

from trdpgx.model.base import Model
from trdpgx.model.basis import ReportBasis, SiteGenotype
from trdpgx.model.naming import json_path
from trdpgx.model.options import Options
from trdpgx.model.printable import is_printable
from trdpgx.model.problem import InputError
from trdpgx.model.report import InputReport, KnowledgeRelease, Report, Software
from trdpgx.model.variant_report import VariantReport
from trdpgx.reannotation.problems import BAD_REPORT, EARLIER_REPORTS_TOO_LARGE, NOT_A_REPORT, UNKNOWN_REPORT_SCHEMA
from trdpgx.report.formats.json import to_json

SCHEMAS = ("1.0", "1.1")
"""Schemas that are read."""
_LARGEST = 2**53
_KEYED = frozenset({"info", "covered"})
"""Fields with keys that the sender chose."""
_BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"


class ReportFacts(Model):
    """The fields of a report from which a new report is made. What followed from them is compared, and never used."""

    model_config = ConfigDict(extra="ignore")

    schema_version: str
    report_id: str = Field(max_length=100)
    created_at: datetime
    software: Software
    knowledge: KnowledgeRelease
    input: InputReport
    options: Options
    genotypes: tuple[SiteGenotype, ...] = ()
    basis: ReportBasis | None = None
    variants: tuple[VariantReport, ...]


class OldReport(Struct, frozen=True):
    """An earlier report: its facts, and all of it as decoded JSON."""

    facts: ReportFacts
    document: Mapping[str, Any]


def read_reports(stream: IO[bytes], max_bytes: int) -> Iterator[OldReport]:
    """Yield the reports of a JSON object, of an array, or of lines of one object each; an object may be an answer to a re-annotation.

    ``max_bytes`` bounds a line, and all of an object or array with several lines. Raises ``InputError``, which names the line or the path
    of a fault and never repeats the sender's text.
    """
    first = _line(stream, max_bytes)
    while first and not first.strip(_BEFORE_JSON):
        first = _line(stream, max_bytes)
    if first.lstrip(_BEFORE_JSON).startswith(b"{") and (document := _decoded(first)) is not None:
        yield _report(document, "the input" if not (second := _line(stream, max_bytes)) else "line 1")
        number = 1
        while second:
            number += 1
            if second.strip(_BEFORE_JSON):
                yield _report(_decoded(second), f"line {number}")
            second = _line(stream, max_bytes)
        return
    data = first + stream.read(max_bytes + 1 - len(first))
    _check_size(len(data), max_bytes)
    whole = _decoded(data)
    if isinstance(whole, list) and whole:
        for number, document in enumerate(whole, 1):
            yield _report(document, f"report {number}")
    else:
        yield _report(whole, "the input")


def _line(stream: IO[bytes], max_bytes: int) -> bytes:
    line = stream.readline(max_bytes + 1)
    _check_size(len(line), max_bytes)
    return line


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise InputError(EARLIER_REPORTS_TOO_LARGE, f"The cap is {max_bytes} bytes.")


def _decoded(data: bytes) -> Any:
    """Return decoded JSON, or ``None`` where the bytes are not JSON."""
    try:
        return from_json(data.strip(_BEFORE_JSON), allow_inf_nan=False, cache_strings="none")
    except ValueError:
        return None


def _report(document: Any, where: str) -> OldReport:
    if isinstance(document, dict) and document.keys() == {"report", "diff"}:
        document = document["report"]
    if not isinstance(document, dict) or not isinstance(document.get("schema_version"), str) or "report_id" not in document:
        raise InputError(NOT_A_REPORT, f"No JSON report was found at {where}.")
    if document["schema_version"] not in SCHEMAS:
        raise InputError(UNKNOWN_REPORT_SCHEMA, f"The schemas {' and '.join(SCHEMAS)} are read; the report at {where} has another.")
    if not _is_plain(document):
        raise InputError(BAD_REPORT, f"The report at {where} has control characters, or numbers that are too large.")
    try:
        facts = ReportFacts.model_validate(document)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        paths = dict.fromkeys(json_path(_own_names(detail["loc"], unknown=detail["type"] == "extra_forbidden")) for detail in details)
        listed = ", ".join(f"`{path}`" for path in list(paths)[:5])
        fit = "does not fit" if len(paths) == 1 else "do not fit"
        raise InputError(
            BAD_REPORT, f"In the report at {where}, {len(paths)} {'field' if len(paths) == 1 else 'fields'} {fit} the schema: {listed}."
        ) from None
    if facts.software.name != "trdpgx":
        raise InputError(NOT_A_REPORT, f"The report at {where} names other software than trdpgx.")
    return OldReport(facts, document)


def _own_names(location: tuple[str | int, ...], *, unknown: bool) -> tuple[str | int, ...]:
    """Return the part of a path with names of ours alone: an unknown field, or a key of the sender, is left out."""
    steps = location[:-1] if unknown else location
    ends = [number for number, step in enumerate(steps, 1) if step in _KEYED]
    return steps[: ends[0]] if ends else steps


def _is_plain(value: Any) -> bool:
    """Return whether decoded JSON has no character that acts on a terminal and no number on which JSON readers disagree (RFC 8259)."""
    if isinstance(value, str):
        return is_printable(value)
    if isinstance(value, dict):
        return all(is_printable(key) and _is_plain(one) for key, one in value.items())
    if isinstance(value, int | float):
        return -_LARGEST < value < _LARGEST
    return all(map(_is_plain, value)) if isinstance(value, list) else True


def as_old(report: Report) -> OldReport:
    """Return a new report as it would be read as an earlier one."""
    document = from_json(to_json(report), cache_strings="none")
    return OldReport(ReportFacts.model_validate(document), document)
