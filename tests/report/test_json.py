"""JSON is written without pydantic's own writer, for speed: it has to be what that writer would write, byte for byte."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trdpgx.calling.outside_calls.files import read_outside_calls
from trdpgx.model.base import Model
from trdpgx.model.composed import Composed
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.note import Note
from trdpgx.model.options import Options
from trdpgx.model.report import Report
from trdpgx.pipeline import Service
from trdpgx.report.formats.json import to_json

EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"
CALLS = b"gene\tdiplotype\tphenotype\ttool\nCYP2D6\t*1/*2x2\t\tCyrius\nHLA-B\t\t*15:02 negative\ttyping\nCYP2C9\t*1/*2\t\ttool\n"


def reports(service: Service, chosen: Options, outside: bytes | None = None) -> list[Report]:
    result = service.read(io.BytesIO(EXAMPLE.read_bytes()), chosen)
    return list(service.reports(result, chosen, read_outside_calls(outside) if outside else ()))


def by_pydantic(made: Report, indent: int | None) -> bytes:
    return made.model_dump_json(by_alias=True, indent=indent).encode()


@pytest.mark.parametrize(
    "chosen",
    [
        Options(),
        Options.model_validate({"absent": "reference", "all_candidates": True, "combinations": True, "ancestry": "east_asian"}),
    ],
    ids=["plain", "every option"],
)
@pytest.mark.parametrize("outside", [None, CALLS], ids=["alone", "with outside calls"])
def test_the_bytes_are_those_of_pydantic(service: Service, chosen: Options, outside: bytes | None) -> None:
    for made in reports(service, chosen, outside):
        assert to_json(made) == by_pydantic(made, None)
        assert to_json(made, indent=2) == by_pydantic(made, 2)


@pytest.mark.parametrize("text", ['quote " and \\ and /', "line\nfeed\ttab\r\b\f\x00\x1f\x7f", "\u2028 ≥ é 猫 🧬"])
def test_every_character_is_written_as_pydantic_does(service: Service, text: str) -> None:
    (made,) = reports(service, Options())
    changed = made.model_copy(update={"limitations": (Note(code="code", text=text),)})
    assert to_json(changed) == by_pydantic(changed, None)


@pytest.mark.parametrize("number", [0.0, -0.0, 1.0, 0.1 + 0.2, 1e-7, 1e16, 1.5e300, 5e-324, 123456789.125, float("inf"), float("nan")])
def test_every_number_is_written_as_pydantic_does(service: Service, number: float) -> None:
    (made,) = reports(service, Options())
    changed = made.model_copy(update={"variants": (made.variants[0].model_copy(update={"quality": number}),)})
    assert to_json(changed) == by_pydantic(changed, None)


@pytest.mark.parametrize("microsecond", [0, 1, 120_000, 999_999])
def test_the_time_is_written_as_pydantic_does(service: Service, microsecond: int) -> None:
    (made,) = reports(service, Options())
    changed = made.model_copy(update={"created_at": datetime(2026, 1, 2, 3, 4, 5, microsecond, UTC)})
    assert to_json(changed) == by_pydantic(changed, None)


def test_a_drug_alone_has_a_name_in_json_that_differs() -> None:
    models = {kind for kind in (*Model.__subclasses__(), *Composed.__subclasses__()) if kind.__module__.startswith("trdpgx.model.")}
    renamed = {kind for kind in models if any(field.serialization_alias or field.exclude for field in kind.model_fields.values())}
    assert renamed == {DrugReport}
