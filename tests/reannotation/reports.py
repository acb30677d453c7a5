"""Reports of the golden inputs, as text and as they are read back."""

import json
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.golden.cases import cases
from trdpgx import Service
from trdpgx.reannotation.document import OldReport, read_reports
from trdpgx.report.formats.json import to_json

OLD_SCHEMA = Path(__file__).parents[1] / "cases" / "reannotation" / "schema-1.0.json"
"""A report of schema 1.0, as the last release with that schema wrote it, shortened."""
NAMED = {"report_id", "created_at", "software", "knowledge"}
CAP = 2**25


@cache
def bundled() -> Service:
    """Return a service with the bundled knowledge."""
    return Service()


@cache
def golden(name: str) -> tuple[bytes, ...]:
    """Return the reports of a golden input as JSON."""
    (case,) = (case for case in cases() if case.name == name)
    return tuple(to_json(report) for report in case.reports(bundled()))


def all_golden() -> Iterator[bytes]:
    """Yield the reports of all golden inputs."""
    for case in cases():
        yield from golden(case.name)


def old(content: bytes) -> OldReport:
    """Return one report as it is read back."""
    (report,) = read_reports(BytesIO(content), CAP)
    return report


def changed(content: bytes, **fields: Any) -> bytes:
    """Return a report with other values of some of its fields."""
    return json.dumps({**json.loads(content), **fields}).encode()
