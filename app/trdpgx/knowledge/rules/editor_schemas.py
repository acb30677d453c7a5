"""JSON Schemas of the files in ``rules/``, for editors: they complete and underline while a curator types.

Each YAML file names its schema in its first line (``# yaml-language-server: $schema=...``). The schemas describe what ``schema`` accepts;
what needs the whole rulebook (names, examples, gaps) is reported by ``trdpgx rules check``.
"""

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from trdpgx.knowledge.rules.schema.clinical_kinds import CLINICAL_KINDS
from trdpgx.knowledge.rules.schema.fields import CuratedModel
from trdpgx.knowledge.rules.schema.rule_file import RuleFile
from trdpgx.knowledge.rules.schema.top_files import CaveatFile, CitationFile, DrugFile, FreshnessFile, ReviewFile, VocabularyFile

FOLDER = "schema"
"""Folder of ``rules/`` with the schemas."""
SHAPES: Mapping[str, type[CuratedModel]] = {
    "rules": RuleFile,
    "citations": CitationFile,
    "vocabulary": VocabularyFile,
    "drugs": DrugFile,
    "review": ReviewFile,
    "caveats": CaveatFile,
    "freshness": FreshnessFile,
    **{path.removesuffix(".yaml").rpartition("/")[2]: shape for path, shape in CLINICAL_KINDS.items()},
}
"""What each schema describes, by its name."""


class _NumbersAsText(GenerateJsonSchema):
    """Accepts numbers where text is expected, as the loader does (``pmid: 37032427``)."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """Return the schema of a text, open to numbers."""
        return {**super().str_schema(schema), "type": ["string", "number"]}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Return the schema of a mapping, closed to keys of another form."""
        made = super().dict_schema(schema)
        return {**made, "additionalProperties": False} if "patternProperties" in made else made


def editor_schema(name: str) -> dict[str, Any]:
    """Return one of ``SHAPES`` as JSON Schema (draft 2020-12)."""
    made = SHAPES[name].model_json_schema(schema_generator=_NumbersAsText, mode="validation")
    return {"$schema": GenerateJsonSchema.schema_dialect, "title": f"trdpgx {name}", **{k: v for k, v in made.items() if k != "title"}}


def file_name(name: str) -> str:
    """Return the name of a schema's file."""
    return f"{name}.schema.json"


def header_of(path: str) -> str:
    """Return the first line of a YAML file of the rules, given its path within them."""
    stem = path.removesuffix(".yaml").rpartition("/")[2]
    name = stem if path in CLINICAL_KINDS or ("/" not in path and stem in SHAPES) else "rules"
    return f"# yaml-language-server: $schema={'../' * path.count('/')}{FOLDER}/{file_name(name)}"
