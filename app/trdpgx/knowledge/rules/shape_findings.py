"""What is wrong with the shape of a file, in a curator's words: one finding for each cause, with its line.

The validation library reports a cause for each alternative that it tried, and again for each value around the faulty one; only the
innermost is reported here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trdpgx.knowledge.finding import Finding
from trdpgx.knowledge.yaml_document import Document

_QUOTED = re.compile(r"'([^']*)'")
_LONGEST = 40
_NUMBER, _WHOLE, _FLAG = "is no number", "is no whole number", "is neither true nor false"
_LIST = "has to be a list: put it in brackets, or each value on a line of its own after '- '"
_MAPPING = "has to be a mapping of names to values"
_SENTENCES: Mapping[str, str] = {
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "finite_number": _NUMBER,
    "bool_parsing": _FLAG,
    "bool_type": _FLAG,
    "string_type": "has to be text",
    "string_too_short": "is empty",
    "too_short": "is empty",
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "greater_than": "has to be more than {gt}",
    "greater_than_equal": "has to be {ge} or more",
    "less_than": "has to be less than {lt}",
    "less_than_equal": "has to be {le} or less",
}
"""What is wrong with a value, by pydantic's name of the error, with what it gives beside it in braces."""
_FORMS: Mapping[str, str] = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "lower case letters and digits, in words joined by hyphens",
    r"^[a-z0-9]+(_[a-z0-9]+)*$": "lower case letters and digits, in words joined by underscores",
    r"^\S+$": "one word without blanks",
    r"^\d{4}-\d{2}-\d{2}$": "a day as YYYY-MM-DD",
}


def shape_findings(document: Document, error: ValidationError, shape: type[BaseModel]) -> Iterator[Finding]:
    """Yield one finding for each cause, with the line of the value or of the nearest one around it. ``shape`` is that of the file."""
    details = error.errors(include_url=False)
    fields = _fields(shape) if any(detail["type"] == "extra_forbidden" for detail in details) else ()
    paths = [_path(document, detail) for detail in details]
    reported: set[tuple[int, str]] = set()
    meant = {
        (*path[:-1], near)
        for detail, path in zip(details, paths, strict=True)
        if detail["type"] == "extra_forbidden" and (near := _nearest(str(path[-1]), fields))
    }
    for detail, path in zip(details, paths, strict=True):
        if any(len(other) > len(path) and other[: len(path)] == path for other in paths):
            continue
        if detail["type"] == "missing" and path in meant:
            continue
        key = (document.line(path), str(path[-1]) if path else "")
        if key not in reported:
            reported.add(key)
            yield Finding(document.file, key[0], _message(detail, path, fields))


def _path(document: Document, detail: ErrorDetails) -> tuple[str | int, ...]:
    """Return the keys and indices of the file, without the names of alternatives that were tried."""
    value: object = document.value
    path: list[str | int] = []
    for step in detail["loc"]:
        if isinstance(value, dict) and str(step) in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        elif detail["type"] in {"missing", "extra_forbidden"} and step == detail["loc"][-1]:
            path.append(step)
            break
        else:
            continue
        path.append(step)
    return tuple(path)


def _fields(shape: type[BaseModel]) -> list[str]:
    """Return the names of all fields that a file of a shape can have, at whatever depth."""
    schema = shape.model_json_schema()
    models = (schema, *schema.get("$defs", {}).values())
    return sorted({name for model in models for name in model.get("properties", ())})


def _nearest(name: str, fields: Sequence[str]) -> str | None:
    """Return the field that an unknown one may be meant for."""
    return next((near for near in get_close_matches(name.casefold(), fields, n=1) if near != name), None)


def _message(detail: ErrorDetails, path: Sequence[str | int], fields: Sequence[str]) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "the file")
    if kind == "value_error":
        return detail["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        near = _nearest(name, fields)
        return f"unknown field '{name}'" + (f"; did you mean '{near}'?" if near else "")
    if kind == "missing":
        return f"'{name}' is missing"
    if detail["input"] is None or detail["input"] == []:
        return f"'{name}' has no value"
    return f"{name}: {_shown(detail['input'])} {_sentence(kind, context, detail['input'])}"


def _sentence(kind: str, context: Mapping[str, Any], value: object) -> str:
    if kind in {"enum", "literal_error"}:
        words = _QUOTED.findall(str(context.get("expected", "")))
        near = get_close_matches(str(value), words, n=1)
        return f"is none of: {', '.join(words)}" + (f"; did you mean '{near[0]}'?" if near else "")
    if kind == "string_pattern_mismatch":
        return f"is not written as {_FORMS.get(str(context.get('pattern')), 'the form that this field has')}"
    return _SENTENCES.get(kind, "cannot be read as this field").format(**context)


def _shown(value: object) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return "the list"
    if isinstance(value, dict):
        return "the mapping"
    text = f"'{value}'"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}...'"
