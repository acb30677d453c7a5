"""The description is the committed one, and what would break a client is noticed."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.http.application import Client
from tests.http.openapi_snapshot import SNAPSHOT, breaks, text_of

COMMITTED = json.loads(SNAPSHOT.read_text("utf-8"))


def test_the_description_is_the_committed_one(client: Client) -> None:
    made = text_of(client.get("/openapi.json").json())
    assert made == SNAPSHOT.read_text("utf-8"), "write it again with: python -m tests.http.openapi_snapshot"


def schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


def reports(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"]["/v1/reports"]["post"]
    return found


def parameter(document: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (one for one in reports(document)["parameters"] if one["name"] == name)
    return dict[str, Any](found)


BREAKING: dict[str, Callable[[dict[str, Any]], object]] = {
    "a path goes": lambda new: new["paths"].pop("/v1/genes"),
    "a method goes": lambda new: new["paths"]["/v1/reports"].pop("post"),
    "a field goes": lambda new: schema(new, "Report")["properties"].pop("genes"),
    "a field may be missing": lambda new: schema(new, "Report")["required"].remove("genes"),
    "a type is another": lambda new: schema(new, "Report")["properties"]["report_id"].update(type="integer"),
    "a model goes": lambda new: new["components"]["schemas"].pop("GeneReport"),
    "a parameter goes": lambda new: reports(new)["parameters"].pop(0),
    "a format goes": lambda new: reports(new)["responses"]["200"]["content"].pop("text/plain"),
    "a value goes": lambda new: parameter(new, "format")["schema"]["enum"].remove("text"),
}
HARMLESS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a field comes": lambda new: schema(new, "Report")["properties"].update(more={"type": "string"}),
    "a path comes": lambda new: new["paths"].update({"/v1/more": {}}),
    "a text changes": lambda new: schema(new, "Report").update(description="another"),
    "a value comes": lambda new: parameter(new, "format")["schema"]["enum"].append("more"),
}


@pytest.mark.parametrize("change", [*BREAKING, *HARMLESS])
def test_what_breaks_a_client(change: str) -> None:
    new = copy.deepcopy(COMMITTED)
    (BREAKING | HARMLESS)[change](new)
    assert bool(list(breaks(COMMITTED, new))) is (change in BREAKING)
