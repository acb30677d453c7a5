"""The report as a FHIR Bundle, for hospitals' systems."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import orjson

from trdpgx.model.report import Report
from trdpgx.report.format_registry import ReportFormat

_BEGIN = b'{"resourceType":"Bundle","type":"collection","entry":['


def to_fhir(report: Report) -> bytes:
    """Return the Bundle of one report as UTF-8 JSON, without a final newline."""
    return orjson.dumps(_bundle(report), option=orjson.OPT_UTC_Z)


def write(reports: Iterable[Report]) -> Iterator[bytes]:
    """Yield the Bundle of one report, a Bundle of a Bundle for each of several, and nothing for none."""
    waiting = iter(reports)
    first, second = next(waiting, None), next(waiting, None)
    if first is not None and second is None:
        yield to_fhir(first) + b"\n"
    elif first is not None and second is not None:
        separator = _BEGIN
        for report in chain((first, second), waiting):
            made = _bundle(report)
            yield separator + orjson.dumps({"fullUrl": f"urn:uuid:{made['id']}", "resource": made}, option=orjson.OPT_UTC_Z)
            separator = b",\n"
        yield b"]}\n"


def _bundle(report: Report) -> dict[str, Any]:
    from trdpgx.report.fhir.bundle import bundle  # noqa: PLC0415 (a command that writes another format starts without it)

    return bundle(report)


FORMAT = ReportFormat(
    name="fhir",
    media_type="application/fhir+json",
    ending=".fhir.json",
    about="a FHIR R4 Bundle of HL7's genomics reporting guide",
    many=True,
    write=write,
    schema={"type": "object", "description": "A FHIR Bundle; for several samples a Bundle of Bundles.", "required": ["resourceType"]},
)
