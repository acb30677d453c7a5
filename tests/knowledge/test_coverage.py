"""docs/coverage.md is what `trdpgx rules coverage` makes of the rules; editors get the schemas that the loader holds to."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.editor_schemas import FOLDER, SHAPES, editor_schema, file_name, header_of
from trdpgx.knowledge.rules.review import coverage
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.knowledge.rules.sources import read_sources

pytestmark = pytest.mark.slow

RULES = rules_directory()
FILES = sorted(path.relative_to(RULES).as_posix() for path in RULES.rglob("*.yaml") if path.name != "release.yaml")


def test_the_document_is_up_to_date() -> None:
    """After a change of the rules: trdpgx rules coverage --write."""
    review = read_sources(RULES).review
    assert review is not None
    written = (Path(__file__).parents[2] / "docs" / "coverage.md").read_text("utf-8")
    assert written == coverage(review, load_rulebook(None, load_reference()))


def test_every_statement_is_carried_and_every_line_leads_somewhere() -> None:
    review = read_sources(RULES).review
    assert review is not None
    assert len(review.statements) >= 35
    assert len({statement.section for statement in review.statements}) >= 5


@pytest.mark.parametrize("name", SHAPES)
def test_the_schemas_are_up_to_date(name: str) -> None:
    """After a change of app/trdpgx/knowledge/rules/schema.py: trdpgx rules schema --write rules/schema."""
    assert json.loads((RULES / FOLDER / file_name(name)).read_text("utf-8")) == editor_schema(name)


@pytest.mark.parametrize("name", FILES)
def test_every_file_names_its_schema_and_keeps_it(name: str) -> None:
    text = (RULES / name).read_text("utf-8")
    first = text.splitlines()[0]
    assert first == header_of(name)
    path = (RULES / name).parent / first.rpartition("=")[2]
    schema = json.loads(path.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(yaml.load(text, Loader=yaml.CSafeLoader))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rules", "domain: kinetics\nsource: {name: x}\n"),
        ("rules", "domain: clinical\nsource: {name: x}\nrulez: []\n"),
        ("citations", "citations: {Laje: {text: x}}\n"),
        ("vocabulary", "actions: {wait: {text: x, direction: sideways}}\n"),
        ("drugs", "drugs: {aspirin: {class: x}}\n"),
        ("review", "citation: x\nstatements: [{id: a, section: b, says: c, carried_by: []}]\n"),
    ],
)
def test_an_editor_underlines_what_the_loader_refuses(name: str, text: str) -> None:
    validator = jsonschema.Draft202012Validator(editor_schema(name))
    assert not validator.is_valid(yaml.load(text, Loader=yaml.CSafeLoader))
