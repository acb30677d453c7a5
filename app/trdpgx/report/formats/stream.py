"""Several reports one after the other, a piece at a time, so that a cohort never stands in memory as a whole."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal

from trdpgx.model.report import Report
from trdpgx.report.formats.json import to_json
from trdpgx.report.formats.text import to_text


def stream_json(reports: Iterable[Report], *, indent: Literal[2] | None = None) -> Iterator[bytes]:
    """Yield the bytes of one JSON object for one report, of an array of them for several, and nothing for none."""
    waiting = iter(reports)
    first = next(waiting, None)
    if first is None:
        return
    second = next(waiting, None)
    if second is None:
        yield to_json(first, indent=indent) + b"\n"
        return
    yield b"[\n" + to_json(first, indent=indent)
    for report in chain((second,), waiting):
        yield b",\n" + to_json(report, indent=indent)
    yield b"\n]\n"


def stream_ndjson(reports: Iterable[Report]) -> Iterator[bytes]:
    """Yield each report as one line of JSON."""
    for report in reports:
        yield to_json(report) + b"\n"


def stream_text(reports: Iterable[Report]) -> Iterator[bytes]:
    """Yield each report as text for a person, with two blank lines between them."""
    for index, report in enumerate(reports):
        yield (b"\n\n" if index else b"") + to_text(report).encode()
