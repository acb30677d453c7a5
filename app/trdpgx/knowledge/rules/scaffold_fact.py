"""The beginning of a row of clinical facts: every field of its kind, `???` where something is to be written."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from trdpgx.knowledge.rules.scaffold import ScaffoldError
from trdpgx.knowledge.rules.schema.clinical import ClinicalFile, ClinicalRow
from trdpgx.knowledge.rules.schema.clinical_kinds import CLINICAL_KINDS
from trdpgx.knowledge.yaml_document import PLACEHOLDER
from trdpgx.model.base import field_texts

_SENTENCE = re.compile(r"\.\s")
_LAST = ("source", "year", "citation", "url", "note", "verified", "unverified", "examples")


def fact_kinds() -> dict[str, tuple[str, str, type[ClinicalRow]]]:
    """Return what can be begun: the kind's name, with the path of its file, the section and the shape of a row."""
    return {
        _kind(stem, section, row if len(rows) > 1 else None): (path, section, row)
        for path, shape in CLINICAL_KINDS.items()
        for stem in (path.removesuffix(".yaml").rpartition("/")[2],)
        for section, rows in _sections(shape).items()
        for row in rows
    }


def _kind(stem: str, section: str, row: type[ClinicalRow] | None) -> str:
    """Return what a kind of row is called: by its file, its section where that has another name, and its shape where there are several."""
    parts = (stem, "" if section == "rows" else section, row.__name__.removesuffix("Row").lower() if row else "")
    return ".".join(part for part in parts if part)


def fact(kind: str, key: str) -> str:
    """Return a row with this id, indented to stand below its section. Raises ``ScaffoldError`` where there is no such kind."""
    kinds = fact_kinds()
    if kind not in kinds:
        raise ScaffoldError(f"no kind of fact is called {kind}; there are {', '.join(kinds)}")
    row = kinds[kind][2]
    texts = field_texts(row)
    own = [name for name, field in row.model_fields.items() if name not in _LAST or (name == "note" and field.is_required())]
    lines = [f"  {key}:"]
    for name in own:
        lines.append(_line(name, row.model_fields[name], texts.get(name, "")))
    lines += [
        f"    source: {PLACEHOLDER}   # who states it, such as FDA or Jukic 2018",
        f"    year: {PLACEHOLDER}",
        f"    citation: {PLACEHOLDER}   # a key of citations.yaml; or url",
        f"    verified: {PLACEHOLDER}   # where the value was read; or unverified, and why it was not",
        f"    examples: {PLACEHOLDER}   # [{{given: {{...}}, expect: {{...}}}}], in the words of the bundled rows of this kind",
    ]
    return "\n".join(lines) + "\n"


def _line(name: str, field: FieldInfo, text: str) -> str:
    first = _SENTENCE.split(text.replace("`", "").replace("\n", " "))[0].rstrip(".")
    about = f"   # {first}" if text else ""
    alias = field.alias or name
    return f"    {alias}: {PLACEHOLDER}{about}" if field.is_required() else f"    # {alias}:{about}"


def _sections(shape: type[ClinicalFile]) -> Mapping[str, tuple[type[ClinicalRow], ...]]:
    sections = {name: tuple(dict.fromkeys(_rows_in(field.annotation))) for name, field in shape.model_fields.items()}
    return {name: rows for name, rows in sections.items() if rows}


def _rows_in(annotation: Any) -> Iterator[type[ClinicalRow]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if issubclass(annotation, ClinicalRow) and annotation is not ClinicalRow:
            yield annotation
        return
    for part in get_args(annotation):
        yield from _rows_in(part)
